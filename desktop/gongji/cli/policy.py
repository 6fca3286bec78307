"""What people ask of policy packs: which there are, what they say, whether a file is right, what changed."""

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gongji.cli.batch import DONE, REFUSED, complain
from gongji.core.packs.articles import chinese_number
from gongji.core.packs.changes import changes
from gongji.core.packs.figures import Figure, figures
from gongji.core.packs.language import Pack
from gongji.core.reckoning.policy import Policy
from gongji.desk.packs import failed_cases
from gongji.documents import attach, attached, decode_text, missing_articles, own_words, source_of, unmentioned_articles
from gongji.errors import GongjiError
from gongji.policies import BadPackError, Library, read_pack, spans


def _console() -> Console:
    return Console(highlight=False)


def list_policies(library: Library, on: str | None, today: datetime.date) -> int:
    """Print every edition at hand, and whether it is in force on a date."""
    day = _date(on) if on is not None else today
    print(f"政策包在 {day}：")
    for area in library.areas:
        for policy in library.editions(area):
            source = policy.pack.source["main"]
            state = "有效" if policy.in_force(day) else "未开始" if day < policy.pack.starts else "已失效"
            print(
                f"{policy.id}  {state}  {policy.pack.area_name}  {spans([policy])}  （{policy.pack.verified_on} 核对）"
            )
            print(f"    《{source.title}》{source.number}")
    return DONE


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise GongjiError(f"{text} 不是日期", "请写作 2023-05-04") from None


def _editions(library: Library, name: str) -> Sequence[Policy]:
    """Return the editions of an area, or the one edition, that a name means."""
    area = name.partition("@")[0]
    editions = [one for one in library.editions(area) if name in {area, one.id}]
    if not editions:
        raise GongjiError(f"没有政策包 {name}", f"现有统筹区：{'、'.join(library.areas)}")
    return editions


def show_policy(library: Library, name: str, article: str | None, data: Path) -> int:
    """Print what an area's packs say: every rule and figure with its article and gist, or those of one article."""
    console = _console()
    for policy in _editions(library, name):
        pack = policy.pack
        wanted = _articles_named(pack, article)
        source = pack.source["main"]
        console.rule(Text(f"{pack.area_name} {policy.id} · {spans([policy])}"), align="left")
        console.print(Text(f"《{source.title}》{source.number}"))
        console.print(_articles_table(pack, wanted, attached(pack, data)))
        if article is None:
            _print_rest(console, pack)
    return DONE


def _articles_named(pack: Pack, article: str | None) -> list[str]:
    """Return the cited articles that a user means by "9", "第九条" or "二(二)"; all of them where none was named."""
    if article is None:
        return list(pack.gist)
    name = article.replace("（", "(").replace("）", ")")
    head, bracket, item = name.partition("(")
    if head.isascii() and head.isdigit() and int(head) in range(1, 200):
        name = f"第{chinese_number(int(head))}条{bracket}{item}"
    found = [one for one in pack.gist if one == name or one.startswith(f"{name}(") or one.endswith(name)]
    reasons = [one.why for one in pack.not_modelled if name in one.articles]
    if reasons:
        raise GongjiError(f"{name}没有写成规则", reasons[0].rstrip("。"))
    if not found:
        raise GongjiError(f"{pack.area_name}的政策包没有引用{name}", f"引用的条文有：{'、'.join(pack.gist)}")
    return found


def _articles_table(pack: Pack, articles: Iterable[str], words: dict[str, str]) -> Table:
    by_rule: dict[str, list[Figure]] = {}
    for figure in figures(pack):
        for rule in figure.rule.split("、"):
            by_rule.setdefault(rule, []).append(figure)
    table = Table(box=box.SIMPLE_HEAD, expand=True, show_lines=True)
    table.add_column("条文", max_width=18, overflow="fold")
    table.add_column("要旨、规则与数额", ratio=1, overflow="fold")
    for article in articles:
        text = Text(pack.gist[article], style="bold")
        for name, entry in pack.rule.items():
            if article in entry.article.split("、"):
                text.append(f"\n{name} {entry.title}", style="not bold")
                if entry.reading:
                    text.append(f"（我们的理解：{entry.reading}）", style="not bold dim")
                if entry.aside:
                    text.append(f"（不在结算里计算：{entry.aside}）", style="not bold dim")
                for figure in by_rule.get(name, ()):
                    text.append(f"\n    {figure.what}  {figure.says}", style="not bold")
        if article in words:
            text.append(f"\n原文：{words[article]}", style="not bold dim")
        table.add_row(article, text)
    return table


def _print_rest(console: Console, pack: Pack) -> None:
    """Print what the pack leaves open and what it does not model."""
    for parameter in pack.parameter.values():
        article = pack.rule[parameter.rule].article
        console.print(
            Text(f"开放参数 {parameter.name}（{parameter.unit}）：{article}提到而未给出，须按经办机构的通知填写")
        )
    for undefined in pack.undefined.values():
        console.print(Text(f"未规定的待遇 {undefined.name}：{undefined.text}（{pack.rule[undefined.rule].article}）"))
    for one in pack.not_modelled:
        console.print(Text(f"未建模 {'、'.join(one.articles)}：{one.why}"))


def check_packs(paths: Sequence[Path]) -> int:
    """Check pack files and the worked cases they carry; print every problem with its file and place."""
    status = DONE
    for path in paths:
        try:
            pack = read_pack(path)
        except BadPackError as bad:
            status = REFUSED
            for problem in bad.problems:
                print(f"{path}：{problem.field or '（整个文件）'}：{problem.message}")
            continue
        failures = failed_cases(pack)
        status = REFUSED if failures else status
        for failure in failures:
            print(f"{path}：例子“{failure.name}”：{failure.difference}")
        if not failures:
            print(
                f"{path}：没有问题，{len(pack.rule)} 条规则，{len(figures(pack))} 个数额，{len(pack.case)} 个例子都算对"
            )
    return status


def diff_policies(library: Library, old: str, new: str) -> int:
    """Print what changed between two packs, each a file or the number of an edition at hand."""
    told = changes(_pack(library, old), _pack(library, new))
    for sentence in told:
        print(sentence)
    if not told:
        print("两版没有区别")
    return DONE


def _pack(library: Library, name: str) -> Pack:
    if Path(name).is_file():
        return read_pack(Path(name))
    editions = _editions(library, name)
    if len(editions) > 1:
        numbers = "、".join(one.id for one in editions)
        raise GongjiError(f"{name} 有不止一版", f"请写明是哪一版：{numbers}")
    return editions[0].pack


def attach_document(library: Library, area: str, file: Path, data: Path) -> int:
    """Keep a document's text for the editions of an area that rest on it, once every cited article is found in it."""
    try:
        text = decode_text(file.read_bytes(), file.name)
    except OSError as error:
        raise GongjiError(f"读不到文件 {file}（{error.strerror}）", "请检查文件名和权限") from error
    editions = _editions(library, area)
    titles = [source.title for policy in editions for source in policy.pack.source.values()]
    found: list[tuple[Policy, str, dict[str, str]]] = []
    for policy in editions:
        source = source_of(policy.pack, text, titles)
        if source is None:
            continue
        words = own_words(policy.pack, source, text)
        missing = missing_articles(policy.pack, source, words)
        if missing:
            raise GongjiError(f"{file.name} 里没有找到 {policy.id} 引用的{'、'.join(missing)}", "请检查文本是否完整")
        found.append((policy, source, words))
    for policy, source, words in found:
        path = attach(policy.pack, source, text, data)
        print(f"{policy.id}：已附上《{policy.pack.source[source].title}》，切分出 {len(words)} 处条文，存于 {path}")
        if source == "main":
            for article in unmentioned_articles(policy.pack, words):
                complain(f"{policy.id} 既没有引用{article}，也没有说明为何不建模")
    if not found:
        named = "、".join(f"《{title}》" for title in titles)
        raise GongjiError(f"{file.name} 开头没有找到 {area} 所依据文件的标题", f"所依据的文件是：{named}")
    return DONE
