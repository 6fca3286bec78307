"""Which notes are shown beside the settlement: refusals with what to do, better benefits, the age of figures."""

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from gongji.core.engine.later_claim import claim_text
from gongji.core.engine.without_benefit import WORDS as WITHOUT_BENEFIT_WORDS
from gongji.core.engine.without_benefit import pays_nothing
from gongji.core.ledger.draft import Draft
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import grouped, yuan
from gongji.core.problems import MISSING_PARAMETER, NO_POLICY_IN_FORCE, UNKNOWN_AREA, Problem
from gongji.desk.clinic.first_day import FirstDayStep, first_day
from gongji.desk.policies.time_left import policy_reminders
from gongji.desk.visits.care import CareGap
from gongji.desk.visits.patients import Entitlement, Patient
from gongji.desk.visits.search import to_try
from gongji.errors import GongjiError
from gongji.gui.counter.notes import ALERT, DONE, HINT, PLAIN, Note
from gongji.gui.counter.words import cannot_be_printed
from gongji.packs_on_disk import Library

if TYPE_CHECKING:
    from gongji.gui.counter.screen import CounterScreen

_WHO = {
    NO_POLICY_IN_FORCE: "由管理员在“政策 → 安装新版”装上新的政策包",
    UNKNOWN_AREA: "由管理员在“政策 → 安装新版”装上该统筹区的政策包，或核对参保地",
    MISSING_PARAMETER: "由管理员按经办机构的通知在“政策”页填写",
}
"""Who can do something about a refusal that the clerk cannot."""
_NO_POLICY = {NO_POLICY_IN_FORCE, UNKNOWN_AREA}
_IN_SETTINGS = "由管理员在“设置 → 机构”改正"
_Act = Callable[[], None]
_NO_CLAIM = (
    "窗口照常收费：不用医保的，在“病人情况”（Shift+F2）里改为自费；要事后报销的，按 F11 全额垫付，"
    "出单不写任何报销数额，请病人向参保地医保经办机构问明怎样报销。"
)
_MOST_PROPOSED = 1
_SOON_MS = 100  # the window is shown first
_MOST_PROBLEMS = 3


class Hints(QObject):
    """Composes the notes from the visit's state."""

    def __init__(self, screen: "CounterScreen") -> None:
        """Advise on a counter's screen."""
        super().__init__(screen)
        self._screen = screen
        self.last: StoredSettlement | None = None
        self._samples: list[tuple[str, str]] | None = None
        self._steps: tuple[FirstDayStep, ...] | None = None
        self._done: Note | None = None
        self._put_off: dict[str, Note] = {}
        self._unprinted: dict[str, Note] = {}
        self._not_taken: list[Note] = []
        self._passing: Note | None = None
        self._of_tender: Note | None = None
        self._refusals: tuple[Problem, ...] = ()
        self._said_of: Draft | None = None
        self._reading: Library | None = None
        self._unreadable: Library | None = None

    def note(self, text: str, wrong: bool = False, acts: tuple[tuple[str, _Act], ...] = ()) -> None:  # noqa: FBT001, FBT002
        """Show a note until the next edit, with possible actions; also called by a signal."""
        self._passing = Note(kind=ALERT if wrong else PLAIN, text=text, acts=acts)
        self._said_of = self._screen.state.draft
        self._put()

    def refuse_tender(self, fault: str) -> None:
        """Note what is wrong with the amount received, until it is changed."""
        self.note(fault, wrong=True)
        self._of_tender = self._passing

    def tender_changed(self) -> None:
        """Remove that note."""
        if self._passing is not None and self._passing is self._of_tender:
            self._passing = None
            self._put()

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Show why the book refused the visit."""
        self._refusals = tuple(problems)
        self._said_of = self._screen.state.draft
        self._put()

    def remember(self, stored: StoredSettlement, name: str, change_fen: int, warnings: Sequence[str]) -> None:
        """Keep the last settlement in sight, above all the change."""
        settling = self._screen.settling
        self.last = stored
        change = f"找零 {grouped(change_fen)}" if change_fen else f"收 {grouped(stored.totals.cash_fen)}"
        text = "；".join([f"已结算 {name} {change} · {stored.no}", *warnings])
        acts = (
            ("补打", lambda: settling.reprint(stored)),
            ("打印依据", lambda: settling.explain(stored)),
        )
        self._done = Note(kind=DONE, text=text, acts=acts)

    def put_off(self, visit_no: str, text: str) -> None:
        """Note that a visit was not settled and was put aside, until somebody looks for it."""
        self._put_off[visit_no] = Note(kind=ALERT, text=text)
        self._put()

    def clear_put_off(self) -> None:
        """Remove the notes on visits put aside, for they are being looked at."""
        self._put_off.clear()

    def say_not_taken(self, error: GongjiError) -> None:
        """Note that the book cannot be written: what is being entered and put aside is in this window alone."""
        text = (
            f"账本写不进去：{error.title}。{error.advice}。正在录的和挂起的都还在这个窗口里，写得进去以前不要关闭程序"
        )
        self._not_taken = [Note(kind=ALERT, text=text)]
        self._put()

    def clear_not_taken(self) -> None:
        """Remove that note: the book can be written again."""
        self._not_taken = []
        self._put()

    def unprinted(self, no: str, text: str, acts: tuple[tuple[str, _Act], ...]) -> None:
        """Note that a settlement's receipt was not printed, with possible actions, until one is taken."""

        def doing(act: _Act) -> _Act:
            def do() -> None:
                self._unprinted.pop(no, None)
                self._put()
                act()

            return do

        offered = tuple((word, doing(act)) for word, act in acts)
        self._unprinted[no] = Note(kind=ALERT, text=text, acts=(*offered, ("以后再打", doing(lambda: None))))
        self._put()

    def clear_done(self) -> None:
        """Remove the last visit's note, for the next has begun."""
        self._done = None

    def show(self) -> None:
        """Compose the notes again after an edit."""
        if self._said_of is not self._screen.state.draft:
            self._passing = None
            self._refusals = ()
        self._put()

    def say_what_is_missing(self) -> None:
        """Note what is missing before anything can be settled, and focus it."""
        state = self._screen.state
        if state.patient is None:
            self.note("请先选病人", wrong=True)
            self._screen.patient.field.setFocus()
        elif not state.draft.lines:
            self.note("请先录入项目", wrong=True)
            self._screen.lines.field.setFocus()

    def _put(self) -> None:
        passing = [self._passing] if self._passing is not None else []
        done = [*self._not_taken, *self._put_off.values(), *self._unprinted.values()]
        done += [self._done] if self._done is not None else []
        self._screen.panel.notes.show_notes(
            [
                *self._problems(),
                *self._gaps(),
                *self._unprintable(),
                *self._renewed(),
                *done,
                *passing,
                *self._proposals(),
                *self._known(),
            ]
        )

    def _problems(self) -> list[Note]:
        problems = self._refusals or self._screen.state.problems
        return [self._refused(one) for one in problems[:_MOST_PROBLEMS]]

    def _refused(self, one: Problem) -> Note:
        """Return a refusal with who can do something about it: the clerk now, or somebody else later."""
        who = _IN_SETTINGS if one.field.startswith("institution.") else _WHO.get(one.code, "")
        text = f"{one.message}。{who}；这一单可按 F6 挂起。" if who else f"{one.message}。"
        return Note(kind=ALERT, text=text, acts=self._cures(one.field))

    def _cures(self, field: str) -> tuple[tuple[str, _Act], ...]:
        """Return the sheet in which the field of a problem is entered."""
        asking = self._screen.asking
        part, _, rest = field.partition(".")
        if part in {"disease", "benefit", "cause", "facts", "prescriber", "settled_on"}:
            return (("就诊情况 Shift+F4", asking.visit),)
        if part in {"person", "area"}:
            return (("病人情况 Shift+F2", asking.person),)
        place = rest.partition(".")[0]
        if part == "lines" and place.isdigit():
            return ((f"第 {int(place) + 1} 行的情况", lambda: asking.line(int(place))),)
        return ()

    def _gaps(self) -> list[Note]:
        """Return questions for what the payer requires of the visit: the first of each kind."""
        first = {one.kind: one for one in reversed(self._screen.state.gaps)}
        return [self._gap(one) for one in reversed(first.values())]

    def _gap(self, one: CareGap) -> Note:
        asking, state, place = self._screen.asking, self._screen.state, one.place
        acts: tuple[tuple[str, _Act], ...] = (("就诊情况 Shift+F4", asking.visit),)
        if place is not None and one.kind == "approval":
            acts = (
                ("符合", lambda: state.answer_limit(place, fits=True)),
                ("不符合，按自费", lambda: state.answer_limit(place, fits=False)),
            )
        elif place is not None:
            acts = ((f"第 {place + 1} 行的情况", lambda: asking.line(place)),)
        return Note(kind=ALERT if one.blocks else HINT, text=_ended(one.sentence), acts=acts)

    def _renewed(self) -> list[Note]:
        """Return notes on what has changed since it was entered, while the visit is open."""
        return [Note(kind=ALERT, text=f"{text}。") for text in self._screen.state.renewed]

    def _unprintable(self) -> list[Note]:
        """Return a note on a name that cannot be printed, while it can still be corrected."""
        state = self._screen.state
        names = [] if state.patient is None else [state.patient.name]
        text = cannot_be_printed([*names, *(line.name for line in state.draft.lines)])
        acts = (("病人情况 Shift+F2", self._screen.asking.person),)
        return [Note(kind=ALERT, text=text, acts=acts)] if text else []

    def _proposals(self) -> list[Note]:
        state = self._screen.state
        found = []
        for one in [one for one in state.proposals if one.likely][:_MOST_PROPOSED]:
            text = f"{one.why}：“{one.name}”若用于该病，按{one.benefit_name}多报 {yuan(one.better_fen)}"
            act = self._taking(one.place, one.benefit)
            found.append(Note(kind=HINT, text=text, acts=((f"改按{one.benefit_name}", act),)))
        quote, asking = state.quote, self._screen.asking
        notices = () if quote is None else [notice for part in quote.settlements for notice in part.notices]
        for text, code in dict.fromkeys((f"{notice.text}〔{notice.article}〕", notice.code) for notice in notices):
            acts = (("选定本机构 / 转诊 Shift+F4", asking.visit),) if code == "not_selected_institution" else ()
            found.append(Note(kind=HINT, text=text, acts=acts))
        return found

    def _taking(self, place: int, benefit: str) -> _Act:
        state = self._screen.state
        return lambda: state.set_benefit(place, benefit)

    def _known(self) -> list[Note]:
        state = self._screen.state
        patient = state.patient
        if patient is None:
            return [*self._reminders([self._screen.station.counter.clinic.area]), *self._to_try()]
        if any(one.code in _NO_POLICY for one in state.problems):
            ways = (("全额垫付 F11", self._full), ("病人情况 Shift+F2", self._screen.asking.person))
            return [Note(kind=PLAIN, text=_NO_CLAIM, acts=ways)]
        if patient.policy is not None and pays_nothing(patient.policy.id):
            word = WITHOUT_BENEFIT_WORDS[patient.status]
            acts = (("病人情况 Shift+F2", self._screen.asking.person),)
            another = [] if state.draft.settled_on is None else [self._another_day()]
            return [*another, Note(kind=PLAIN, text=f"{word}病人：按标价全额收取，出收费单，不上传医保。", acts=acts)]
        asked = [] if patient.entitlement is None else [_entitlement(patient.entitlement, state.station.today)]
        in_full_anyway = state.draft.full_payment and patient.policy is None  # then nothing is left to say
        found = [] if in_full_anyway else self._reminders([patient.area])
        if state.draft.settled_on is not None:
            found.append(self._another_day())
        if state.draft.full_payment:
            acts = (("恢复医保结算 F11", self._full),)
            return [*found, Note(kind=PLAIN, text="全额垫付：医保暂不支付。", acts=acts)]
        if patient.policy is not None and not patient.year_known:
            clinic = self._screen.station.counter.clinic
            how = claim_text(patient.policy, state.day, clinic.institution["id"])
            text = f"没有获知本年度累计：直接 F9，就按本机构的记录结算，单据上注明；也可全额垫付后报销。{how}。"
            ways = (("全额垫付 F11", self._full), ("填查到的数 Shift+F5", self._screen.asking.told))
            return [*found, *asked, Note(kind=HINT, text=text, acts=ways)]
        return [*found, *asked, Note(kind=PLAIN, text=_age_of(patient))]

    def _reminders(self, areas: Sequence[str]) -> list[Note]:
        """Return reminders about the policies of these areas: an end that is near, a review that is due."""
        station = self._screen.station
        acts = (("去“政策”", lambda: station.screen_wanted.emit("policies")),)
        library = station.counter.library
        if not all(library.has_read(one) for one in areas):
            self._read_policies(areas)
            return []
        found = policy_reminders(library, areas, station.today)
        return [Note(kind=ALERT if one.is_urgent else HINT, text=one.text, acts=acts) for one in found]

    def _read_policies(self, areas: Sequence[str]) -> None:
        """Read the policies in the background, and show their notes then."""
        station = self._screen.station
        library = station.counter.library
        if self._reading is library or self._unreadable is library:
            return
        self._reading = library

        def read() -> None:
            for one in areas:
                library.editions(one)

        def ask() -> None:
            station.jobs.device(read, lambda _: self._policies_read(), self._unread, owner=self)

        QTimer.singleShot(_SOON_MS, self, ask)

    @property
    def is_reading(self) -> bool:
        """Return whether policies are still being read."""
        return self._reading is not None

    def _policies_read(self) -> None:
        self._reading = None
        self._put()

    def _unread(self, error: BaseException) -> None:
        self._unreadable, self._reading = self._reading, None
        self._screen.station.fail(error)

    def _another_day(self) -> Note:
        day = self._screen.state.day
        text = f"就诊日期 {day}：按这一天的政策和参保情况结算，累计算到现在。"
        return Note(kind=HINT, text=text, acts=(("改日期 Shift+F4", self._screen.asking.visit),))

    def _to_try(self) -> list[Note]:
        """Return whom to try in a training folder where nothing was settled yet."""
        clinic = self._screen.station.counter.clinic
        if not clinic.training:
            return self._first_day()
        if self.last is not None:
            return []
        if self._samples is None:
            self._samples = to_try(clinic.area)
        acts = tuple((name, self._opening(number)) for number, name in self._samples)
        text = "培训模式：人员、药品和数额都是虚构的，怎么试都行。先选一位病人，再输入 amxl 加一盒阿莫西林，F9 结算。"
        return [Note(kind=PLAIN, text=text, acts=acts)]

    def _first_day(self) -> list[Note]:
        """Return what an empty counter needs, with the screen where it is done; none after the first settlement."""
        if self._steps is None:
            self._steps = first_day(self._screen.station.counter)
        if self.last is not None or not self._steps:
            return []
        marked = [("✓" if one.done else str(place), one) for place, one in enumerate(self._steps, 1)]
        told = "；".join(f"{mark} {one.name}（{one.stands}）" for mark, one in marked)
        acts = (("导入 Ctrl+7", self._going("data")), ("打印测试页 Ctrl+8", self._going("settings")))
        return [Note(kind=HINT, text=f"第一天：{told}。没有导入也能收费：病人可以现场登记。", acts=acts)]

    def look_again(self) -> None:
        """Read again what the first day still needs, since something was imported or settled."""
        self._steps = None
        self._put()

    def _going(self, name: str) -> _Act:
        def go() -> None:
            go_to = getattr(self._screen.window(), "go_to", None)
            if go_to is not None:
                go_to(name)

        return go

    def _opening(self, number: str) -> _Act:
        return lambda: self._screen.arriving.open_patient(number)

    def _full(self) -> None:
        self._screen.toggle_full_payment()


def _entitlement(one: Entitlement, today: datetime.date) -> Note:
    """Return the note on the platform's last answer about a person, and its age."""
    days = (today - datetime.date.fromisoformat(one.at[:10])).days
    age = "今天" if days <= 0 else f"{days} 天前"
    if one.entitled:
        return Note(kind=PLAIN, text=f"待遇：{one.at[5:16]}（{age}）平台答复可以享受。")
    why = f"：{one.reason}" if one.reason else ""
    return Note(kind=ALERT, text=f"待遇：{one.at[5:16]}（{age}）平台答复不享受{why}。联网后会再问。")


def _ended(sentence: str) -> str:
    """Return a sentence with its full stop."""
    return sentence if sentence.endswith("？") else f"{sentence}。"


def _age_of(patient: Patient) -> str:
    """Return the date of the figures that a settlement is based on."""
    told = [one for one in patient.limits if one.as_of is not None]
    if not told:
        return "脱机结算：联网后由医保中心复核。"
    oldest = min(one.as_of for one in told if one.as_of is not None)
    since = max(one.settlements_since for one in told)
    also = f"加本机 {since} 笔" if since else ""
    return f"脱机结算：限额按 {oldest[5:10]} 的累计{also}计算，联网后由医保中心复核。"
