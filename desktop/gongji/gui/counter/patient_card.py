"""病人: finding one, and what is known of them and how old it is."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from gongji.core.engine.limits import Limit
from gongji.core.engine.without_benefit import is_without_benefit
from gongji.core.money import grouped
from gongji.desk.roles import reveal
from gongji.desk.visits.patients import Patient, YearLimit
from gongji.desk.visits.search import PersonFound, find_people
from gongji.gui.counter import words
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.layout import REST, Elided, ProportionBar, column, label, put, row, tip
from gongji.gui.kit.models import Column
from gongji.gui.kit.search_box import SearchField, Suggestions
from gongji.gui.kit.style import set_role
from gongji.gui.shell.workspace import Workspace

_HINT = "拼音首字母 / 姓名 / 身份证或末四位 / 电话 / 扫码"
_FIELD_WIDTH, _LEAST_FIELD = 330, 130
_NARROW = 500
_LIST_WIDTH = 560
_MOST_FOUND = 9
_MOST_GAUGES = 3
_GAUGE, _NARROW_GAUGE = 52, 200

PERSON_COLUMNS = (
    Column(title="姓名", text=lambda one: one.name, width=130),
    Column(title="性别 出生", text=words.person_born, width=150, muted=True),
    Column(title="身份证", text=lambda one: one.number, muted=True),
)


class Gauge(QWidget):
    """A figure of the year, how far it is used up, and how old it is."""

    def __init__(self) -> None:
        super().__init__()
        self._title = Elided("", "label")
        self._figure = label("", "strong", right=True)
        self._said = ("", "")
        self._bar = ProportionBar()
        keep = self._bar.sizePolicy()
        keep.setRetainSizeWhenHidden(True)  # Qt's own
        self._bar.setSizePolicy(keep)
        self._note = Elided("", "small")
        put(column(self, margin=0, spacing=2), put(row(), (self._title, 1), self._figure), self._bar, self._note)

    def show_figure(self, title: str, figure: str, note: str, part: int = 0, whole: int = 0) -> None:
        """Show a figure; without a whole there is no bar."""
        self._said = (title, note)
        self._say()
        self._figure.setText(figure)
        self._bar.show_parts(whole, (part, tokens.ATTENTION if whole and part >= whole else tokens.ACCENT))
        self._bar.setVisible(whole > 0)
        self._title.setToolTip(tip(title))

    def _say(self) -> None:
        """Put the text above the bar, or below it where there is no room beside the figure."""
        title, note = self._said
        is_narrow = self.width() < _NARROW_GAUGE
        self._title.setText("" if is_narrow else title)
        self._note.setText(f"{title} {note}".strip() if is_narrow else note)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Say it where there is room."""
        super().resizeEvent(event)
        self._say()


class PatientCard(QFrame):
    """The patient's field, and who it is."""

    card_wanted = Signal()

    def __init__(self, station: Workspace) -> None:
        super().__init__()
        set_role(self, "card")
        self._station = station
        self._shown: Patient | None = None
        self.list = Suggestions(PERSON_COLUMNS, "没有找到；输入完整身份证号后按 Enter 可登记新病人", _MOST_FOUND)
        self.field = SearchField(_HINT, self._find, self.list)
        self.field.setMinimumWidth(_LEAST_FIELD)
        self.field.setMaximumWidth(_FIELD_WIDTH)
        self._build()
        self.show_patient(None)

    def attach_list(self, over: QWidget) -> None:
        """Let the list cover the whole screen."""
        self.list.float_under(self.field, over, _LIST_WIDTH)

    def _build(self) -> None:
        self.card = button("读卡", self.card_wanted.emit, "link")
        self.card.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.card.setToolTip("读社保卡 Shift+F3")
        self._status = label("", "accent")
        self._insurance = Elided("", "muted")
        self._insurance.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        top = ((self.field, _FIELD_WIDTH), self.card, (self._insurance, 1), self._status)
        self._name = label("", "name")
        self._who = label("")
        self._number = label("", "muted")
        self._diseases = Elided("", "second")
        self._diseases.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.whole = button("显示", self._reveal, "link")
        self.whole.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.whole.setToolTip("显示完整证件号，会记入日志")
        self.certificate = label("", "accent")
        who = (self._name, self._who, self._number, self.whole, self.certificate, (self._diseases, 1))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(2 * tokens.GAP)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._gauges = [Gauge() for _ in range(_MOST_GAUGES)]
        self._across = 0
        self._place_gauges(_MOST_GAUGES)
        down = column(self, spacing=tokens.STEP + 2)
        down.setContentsMargins(tokens.EDGE, tokens.GAP, tokens.EDGE, tokens.GAP)
        put(down, put(row(), label("病人 F2", "label"), *top), put(row(), *who), self._grid, REST)

    def _place_gauges(self, across: int) -> None:
        """Place so many figures of the year beside each other."""
        if across == self._across:
            return
        self._across = across
        for place, gauge in enumerate(self._gauges):
            self._grid.addWidget(gauge, *divmod(place, across))
            self._grid.setColumnStretch(place, int(place < across))
        more = 0 if across == _MOST_GAUGES else _GAUGE
        self.setFixedHeight(tokens.FIELD + 124 + more)
        if self._shown is not None and self.whole.isVisible():
            self._show_number(self._shown.number)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Place figures under each other where there is little room."""
        super().resizeEvent(event)
        self._place_gauges(_MOST_GAUGES if self.width() >= _NARROW else _MOST_GAUGES - 1)

    def _find(self, text: str) -> Sequence[PersonFound]:
        return find_people(self._station.counter.store, text)

    def show_patient(self, one: Patient | None, certificate: str = "") -> None:
        """Show the patient, their certificate and what is known of them; a number shown whole is masked again."""
        self._shown = one
        self.whole.setVisible(one is not None and bool(one.id))
        self.certificate.setText(certificate)
        self._name.setText("还没有选病人" if one is None else one.name)
        set_role(self._name, "name" if one is not None else "muted")
        self._who.setText("" if one is None else words.who(one))
        self._show_number("" if one is None else one.number)
        self._status.setText("" if one is None else words.STATUS.get(one.status, "未知人员状态"))
        self._insurance.setText("" if one is None else words.insurance(one))
        registered = "" if one is None or not one.diseases else f"登记病种：{'、'.join(one.diseases)}"
        self._diseases.setText("不在待遇享受期" if one is not None and not one.entitled else registered)
        set_role(self._diseases, "attention" if one is not None and not one.entitled else "second")
        gauges = [] if one is None else _gauges(one)
        for gauge, shown in zip(self._gauges, [*gauges, *[None] * _MOST_GAUGES], strict=False):
            gauge.setVisible(shown is not None)
            if shown is not None:
                gauge.show_figure(*shown)

    def _show_number(self, number: str) -> None:
        """Show a number, or its last four digits where there is too little room: never cut."""
        is_masked = self._across < _MOST_GAUGES and "*" in number
        self._number.setText(f"…{number[-4:]}" if is_masked else number)

    def _reveal(self) -> None:
        """Show the whole number of the patient, which is logged."""
        one, counter = self._shown, self._station.counter
        if one is None:
            return

        def show(number: str) -> None:
            if self._shown is not None and self._shown.id == one.id:
                self._show_number(number)
                self.whole.hide()

        self._station.jobs.write(lambda: reveal(counter, one.id, "收费台"), show, self._station.fail, owner=self)


_Shown = tuple[str, str, str, int, int]


def _gauges(one: Patient) -> list[_Shown]:
    """Return the figures of the year that matter most, the account last."""
    if is_without_benefit(one.status):
        return []
    bounding = [found for found in one.limits if found.limit.used_fen or not _is_far(found.limit)]
    shown = [_limit(found) for found in sorted(bounding, key=lambda found: _weight(found.limit))]
    if one.own is None:
        own: _Shown = ("个人账户余额", "未获知", _family(one) or "可在资料中导入", 0, 0)
    else:
        note = " · ".join(part for part in (words.balance_note(one.own), _family(one)) if part)
        own = ("个人账户余额", grouped(one.own.amount_fen), note, 0, 0)
    return [*shown[: _MOST_GAUGES - 1], own]


def _is_far(limit: Limit) -> bool:
    """Return whether a limit is one of the inpatient pool, which few outpatients come near."""
    return limit.name.startswith("inpatient")


def _weight(limit: Limit) -> tuple[bool, bool]:
    return _is_far(limit), limit.kind == "deductible"


def _limit(found: YearLimit) -> _Shown:
    one = found.limit
    note = words.as_of(found.as_of, found.settlements_since)
    return one.title, words.limit_figures(found), note, one.used_fen, one.limit_fen


def _family(one: Patient) -> str:
    if not one.family:
        return ""
    first, *more = one.family
    also = f" 等 {len(one.family)} 人" if more else ""
    return f"共济：{first.name}（{first.holder}）{grouped(first.balance.amount_fen)}{also}"
