"""条文与数额: every article with its gist, the rules and figures under it, and the document's own text beside it."""

from html import escape

from gongji.core.engine.policy import Policy
from gongji.core.packs.describe import DescribedArticle, DescribedRule, described
from gongji.core.packs.figures import source_in_words
from gongji.core.packs.language import Pack
from gongji.desk.policies.documents import words_of
from gongji.gui.kit import tokens
from gongji.gui.kit.form import HTML_STYLE, browser, text
from gongji.gui.kit.layout import label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of
from gongji.gui.kit.table import TableView
from gongji.gui.policies.policy_page import PolicyPage
from gongji.gui.shell.workspace import Workspace
from gongji.pack_files.library import spans

_COLUMNS = (
    Column(title="条文", text=lambda one: one.article, width=150, colour=lambda _: tokens.ACCENT),
    Column(title="要旨", text=lambda one: one.gist),
    Column(title="数额", text=lambda one: str(one.figures or ""), width=52, right=True, muted=True),
)
_HEAD = DescribedArticle(article="本版概况", gist="依据文件、有效期、机构级别、未写入计算的条文", rules=())


class ArticlesPage(PolicyPage):
    """The list at the left, the article at the right; typing narrows the list."""

    def __init__(self, station: Workspace, policy: Policy) -> None:
        super().__init__(station, policy)
        self._all: list[DescribedArticle] = []
        self._words: dict[str, str] = {}
        self.field = self.first_field = text("", "查条文、要旨或数额，例如：起付、第九条、慢性病")
        self.table = TableView(_COLUMNS, "没有符合的条文")
        self.details = browser()
        self.attached = label("", "small", wrap=True)
        left = card_of(put(row(margin=2 * tokens.STEP), (self.field, 1)), (self.table, 1))
        right = card_of((self.details, 1), self.attached, margin=tokens.EDGE, spacing=tokens.GAP)
        put(row(self), (left, 5), (right, 6))
        self.table.chosen.connect(lambda _: self._show_chosen())
        self.field.textChanged.connect(lambda _: self._narrow())
        self.field.returnPressed.connect(self.table.setFocus)

    def refresh(self) -> None:
        """Read the edition and what is attached to it."""
        self._all = [_HEAD, *described(self.policy.pack)]
        self._words = words_of(self.policy, self.station.counter.folder.path)
        self.attached.setText(
            f"已附原文：{len(self._words)} 条，显示在要旨下面。"
            if self._words
            else "还没有附上文件原文。按 F11 选择从官方网站下载的文本文件（.txt），条文就会显示在要旨旁边。"
        )
        self._narrow()

    def _narrow(self) -> None:
        wanted = self.field.text().strip()
        self.table.set_rows([one for one in self._all if wanted in _everything(one)])
        self._show_chosen()

    def _show_chosen(self) -> None:
        one = self.table.current
        if one is None:
            self.details.setHtml("")
        elif one is _HEAD:
            self.details.setHtml(HTML_STYLE + _overview(self.policy.pack, spans([self.policy])))
        else:
            self.details.setHtml(HTML_STYLE + _article(one, self._words.get(one.article)))


def _everything(one: DescribedArticle) -> str:
    rules = "".join(rule.name + rule.title + "".join(rule.says) for rule in one.rules)
    return one.article + one.gist + rules


def _article(one: DescribedArticle, words: str | None) -> str:
    rules = "".join(_rule(rule) for rule in one.rules)
    own = "" if words is None else f"<h3>原文</h3><p>{escape(words).replace(chr(10), '<br>')}</p>"
    return f"<h2 class='accent'>{escape(one.article)}</h2><p><b>{escape(one.gist)}</b></p>{own}{rules}"


def _rule(one: DescribedRule) -> str:
    says = "".join(f"<p>{escape(line)}</p>" for line in one.says)
    reading = "" if one.reading is None else f"<p class='second'>我们的理解：{escape(one.reading)}</p>"
    aside = "" if one.aside is None else f"<p class='muted'>不在结算里计算：{escape(one.aside)}</p>"
    return f"<h3>{escape(one.title)} <span class='muted'>{escape(one.name)}</span></h3>{says}{reading}{aside}"


def _overview(pack: Pack, when: str) -> str:
    sources = "".join(f"<p>{escape(source_in_words(one))}</p>" for one in pack.source.values())
    names = {level.id: level.name for level in pack.level}
    levels = "".join(
        f"<p>{escape(level.name)}"
        + ("" if level.same_as is None else f"：按“{escape(names[level.same_as])}”的规定")
        + (f" <span class='second'>（我们的理解：{escape(level.reading)}）</span>" if level.reading else "")
        + "</p>"
        for level in pack.level
    )
    undefined = "".join(
        f"<p>{escape(one.name)}：{escape(one.text)}（{escape(pack.rule[one.rule].article)}）</p>"
        for one in pack.undefined.values()
    )
    left_out = "".join(
        f"<tr><td class='accent' width='30%'>{escape('、'.join(one.articles))}</td><td>{escape(one.why)}"
        f"{'' if one.duty is None else '<br/>机构要做的：' + escape(one.duty)}</td></tr>"
        for one in pack.not_modelled
    )
    parts = [f"<h2>{escape(pack.area_name)} {pack.area}</h2><p>{escape(when)} · 核对于 {pack.verified_on}</p>{sources}"]
    parts.append(f"<h3>机构级别</h3>{levels}")
    if undefined:
        parts.append(f"<h3>未规定的待遇</h3>{undefined}")
    if left_out:
        parts.append(f"<h3>未写入计算的条文</h3><table>{left_out}</table>")
    return "".join(parts)
