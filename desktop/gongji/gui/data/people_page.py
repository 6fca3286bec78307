"""人员: finding people, what the book knows of them and how old it is."""

from html import escape

from gongji.core.ledger.draft import Draft
from gongji.core.ledger.ledger import LedgerBalance
from gongji.core.money import grouped
from gongji.desk.imports.by_hand import person_cells
from gongji.desk.imports.import_table import known_counts
from gongji.desk.imports.unlisted_registrations import unlisted_registrations
from gongji.desk.roles import reveal
from gongji.desk.visits.patients import Patient, look_up
from gongji.desk.visits.search import PersonFound, find_people
from gongji.errors import GongjiError
from gongji.gui.counter import words
from gongji.gui.data.by_hand_pages import SearchedPage
from gongji.gui.data.forget_sheet import ForgetSheet
from gongji.gui.data.registrations_sheet import RegistrationsSheet
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import HTML_STYLE, browser
from gongji.gui.kit.layout import put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of
from gongji.gui.shell.workspace import Workspace

_MOST = 200
_COLUMNS = (
    Column(title="姓名", text=lambda one: one.name),
    Column(title="性别", text=lambda one: one.sex or "", width=50, muted=True),
    Column(title="出生日期", text=lambda one: one.birth_date or "", width=104, muted=True),
    Column(title="证件号码", text=lambda one: one.number, width=176),
    Column(title="", text=lambda one: "虚构" if one.fictitious else "", width=50, muted=True),
)
_BORN, _ROOMY = 2, 500
"""The day of birth is hidden below this width in pixels, so that names are whole; the card beside shows it."""


class PeoplePage(SearchedPage):
    """A search field, the list, and the chosen person."""

    kind = "people"
    not_found = "没有找到。换个字或身份证号试试。"

    def __init__(self, station: Workspace) -> None:
        super().__init__(station, _COLUMNS, "姓名 / 拼音首字母 / 身份证号或末四位 / 电话")
        self.table.leave_out(_ROOMY, _BORN)
        self.details = browser()
        self.unlisted = button("", lambda: RegistrationsSheet(station), "link")
        acts = (("新增  F7", self.add), ("修改  F8", self.change), ("按规定删除…", self.forget, "link"))
        left = self.listed((self.field, 1), self.count, self.unlisted, *(button(*act) for act in acts))
        put(row(self), (left, 5), (card_of(self.details, margin=tokens.EDGE), 4))
        self.table.chosen.connect(lambda _: self._show_chosen())

    def refresh(self) -> None:
        """Count the people, and search again."""
        known = known_counts(self.station.counter)
        self.count.setText(f"共 {known.people:,} 人")
        names = len(unlisted_registrations(self.station.counter))
        self.unlisted.setText(f"登记病种核对（{names}）")
        self.unlisted.setVisible(bool(names))
        self.table.say_empty(
            "打几个字就能找到：姓名、拼音首字母、身份证号（开头或末四位）或电话。"
            if known.people
            else "还没有人员资料。到“导入”里选人员表；没有表也可以先收费，登记的病人会记在这里。"
        )
        self.search()

    def new_cells(self) -> dict[str, str]:
        """Return what is filled in of a new person, by heading."""
        return {"状态起始": self.station.today.isoformat(), "参保地": self.station.counter.clinic.area}

    def cells(self, one: PersonFound) -> dict[str, str]:
        """Return what is known of a person today, by heading; what was found where the book knows no more."""
        today = self.station.today
        known = {"身份证号": one.id, "姓名": one.name, "状态起始": today.isoformat()}
        return person_cells(self.station.counter, one.id, today) or known

    def change(self) -> None:
        """Change the chosen person by hand, from today on; the whole number is shown, which is logged."""
        one, counter = self.table.current, self.station.counter
        if one is not None:
            self.station.jobs.write(
                lambda: reveal(counter, one.id, "人员资料"),
                lambda _: self.fill_in(self.cells(one), is_new=False),
                owner=self,
            )

    def forget(self) -> None:
        """Show what forgetting the chosen person would destroy and leave, and ask for a reason and a second person."""
        one: PersonFound | None = self.table.current
        if one is None:
            return
        try:
            ForgetSheet(self.station, one.id, self.read_again)
        except GongjiError as error:  # the row was read before somebody else forgot the person
            self.station.fail(error)

    def found(self, typed: str) -> list[PersonFound]:
        """Return the people who are found by a text."""
        return find_people(self.station.counter.store, typed, _MOST)

    def search(self) -> None:
        """Search for what is typed, and show who is chosen then."""
        super().search()
        self._show_chosen()

    def _show_chosen(self) -> None:
        one = self.table.current
        patient = None
        if one is not None:
            patient = look_up(self.station.counter, Draft(visit_no="查看", person={"id": one.id}), self.station.now)
        self.details.setHtml(HTML_STYLE + ("" if patient is None else _page(patient)))


def _page(one: Patient) -> str:
    facts = [
        ("证件号码", one.number),
        ("参保", f"{words.STATUS.get(one.status, '未知')} · {words.insurance(one)}（{one.area}）"),
        ("待遇享受", "在享受期" if one.entitled else "不在享受期"),
        ("慢特病登记", "、".join(one.diseases) or "无"),
        ("选定机构", one.selected_institution or "未选定"),
    ]
    rows = "".join(f"<tr><td class='muted'>{word}</td><td>{escape(said)}</td></tr>" for word, said in facts)
    return (
        f"<h2>{escape(one.name)} <span class='muted'>{words.who(one)}</span></h2><table>{rows}</table>"
        f"{_limits(one)}{_accounts(one)}"
    )


def _limits(one: Patient) -> str:
    rows = "".join(
        f"<tr><td>{escape(each.limit.title)}</td><td align='right'>{words.limit_figures(each)}</td>"
        f"<td class='muted'>{words.as_of(each.as_of, each.settlements_since)}</td></tr>"
        for each in one.limits
    )
    return f"<h3>本年度</h3><table>{rows}</table>" if rows else "<h3>本年度</h3><p class='muted'>没有限额可列</p>"


def _accounts(one: Patient) -> str:
    rows = "" if one.own is None else _balance("个人账户", one.own)
    for member in one.family:
        name = f"共济 {member.holder} {member.name}" + ("" if member.authorised else "（未授权）")
        rows += _balance(name, member.balance)
    return f"<h3>账户</h3><table>{rows}</table>" if rows else "<h3>账户</h3><p class='muted'>余额未获知</p>"


def _balance(name: str, one: LedgerBalance) -> str:
    amount, note = grouped(one.amount_fen), words.balance_note(one)
    return f"<tr><td>{escape(name)}</td><td align='right'>{amount}</td><td class='muted'>{note}</td></tr>"
