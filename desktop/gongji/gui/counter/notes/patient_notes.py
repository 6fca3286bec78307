"""Notes on the patient's policy and figures; without a patient, on the policies and on what an empty counter needs."""

import datetime
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from gongji.core.engine.later_claim import claim_text
from gongji.core.engine.without_benefit import WORDS as WITHOUT_BENEFIT_WORDS
from gongji.core.engine.without_benefit import pays_nothing
from gongji.core.problems import NO_POLICY_IN_FORCE, UNKNOWN_AREA
from gongji.desk.clinic.first_start.first_day import FirstDayStep, first_day
from gongji.desk.policies.time_left import policy_reminders
from gongji.desk.visits.patients import Entitlement, Patient
from gongji.desk.visits.search import to_try
from gongji.gui.counter.notes.notes import ALERT, HINT, PLAIN, Note, NoteRequests
from gongji.gui.counter.visit_model import VisitState
from gongji.pack_files.library import Library

_NO_POLICY = {NO_POLICY_IN_FORCE, UNKNOWN_AREA}
_NO_CLAIM = (
    "窗口照常收费：不用医保的，在“病人情况”（Shift+F2）里改为自费；要事后报销的，按 F11 全额垫付，"
    "出单不写任何报销数额，请病人向参保地医保经办机构问明怎样报销。"
)
_SOON_MS = 100  # the window is shown first


class PatientNotes(QObject):
    """Composes these notes; `changed` reports that policies were read, so that there are others now."""

    changed = Signal()

    def __init__(self, state: VisitState, wanted: NoteRequests, parent: QObject) -> None:
        """`wanted` passes on what the buttons of a note ask for."""
        super().__init__(parent)
        self._state = state
        self._wanted = wanted
        self._person_sheet = ("病人情况 Shift+F2", wanted.person.emit)
        self._in_full = ("全额垫付 F11", wanted.full_payment.emit)
        self._samples: list[tuple[str, str]] | None = None
        self._steps: tuple[FirstDayStep, ...] | None = None
        self._reading: Library | None = None
        self._unreadable: Library | None = None

    def forget_steps(self) -> None:
        """Read again what the first day still needs, since something was imported or settled."""
        self._steps = None

    def notes(self, *, is_first: bool) -> list[Note]:
        """Return the notes; `is_first` says that nothing was settled since the window opened."""
        state = self._state
        patient = state.patient
        if patient is None:
            return [*self._reminders([self._state.station.counter.clinic.area]), *self._to_try(is_first=is_first)]
        if any(one.code in _NO_POLICY for one in state.problems):
            return [Note(kind=PLAIN, text=_NO_CLAIM, acts=(self._in_full, self._person_sheet))]
        if patient.policy is not None and pays_nothing(patient.policy.id):
            word = WITHOUT_BENEFIT_WORDS[patient.status]
            acts = (self._person_sheet,)
            another = [] if state.draft.settled_on is None else [self._another_day()]
            return [*another, Note(kind=PLAIN, text=f"{word}病人：按标价全额收取，出收费单，不上传医保。", acts=acts)]
        asked = [] if patient.entitlement is None else [_entitlement(patient.entitlement, state.station.today)]
        in_full_anyway = state.draft.full_payment and patient.policy is None  # then nothing is left to say
        found = [] if in_full_anyway else self._reminders([patient.area])
        if state.draft.settled_on is not None:
            found.append(self._another_day())
        if state.draft.full_payment:
            acts = (("恢复医保结算 F11", self._wanted.full_payment.emit),)
            return [*found, Note(kind=PLAIN, text="全额垫付：医保暂不支付。", acts=acts)]
        if patient.policy is not None and not patient.year_known:
            clinic = self._state.station.counter.clinic
            how = claim_text(patient.policy, state.day, clinic.institution["id"])
            text = f"没有获知本年度累计：直接 F9，就按本机构的记录结算，单据上注明；也可全额垫付后报销。{how}。"
            ways = (self._in_full, ("填查到的数 Shift+F5", self._wanted.year_figures.emit))
            return [*found, *asked, Note(kind=HINT, text=text, acts=ways)]
        return [*found, *asked, Note(kind=PLAIN, text=_age_of(patient))]

    def _reminders(self, areas: Sequence[str]) -> list[Note]:
        """Return reminders about the policies of these areas: an end that is near, a review that is due."""
        station = self._state.station
        acts = (("去“政策”", partial(station.screen_wanted.emit, "policies")),)
        library = station.counter.library
        if not all(library.has_read(one) for one in areas):
            self._read_policies(areas)
            return []
        found = policy_reminders(library, areas, station.today)
        return [Note(kind=ALERT if one.is_urgent else HINT, text=one.text, acts=acts) for one in found]

    def _read_policies(self, areas: Sequence[str]) -> None:
        """Read the policies in the background, and show their notes then."""
        station = self._state.station
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

    def _policies_read(self) -> None:
        self._reading = None
        self.changed.emit()

    def _unread(self, error: BaseException) -> None:
        self._unreadable, self._reading = self._reading, None
        self._state.station.fail(error)

    def _another_day(self) -> Note:
        day = self._state.day
        text = f"就诊日期 {day}：按这一天的政策和参保情况结算，累计算到现在。"
        return Note(kind=HINT, text=text, acts=(("改日期 Shift+F4", self._wanted.visit.emit),))

    def _to_try(self, *, is_first: bool) -> list[Note]:
        """Return whom to try in a training folder where nothing was settled yet."""
        clinic = self._state.station.counter.clinic
        if not clinic.training:
            return self._first_day(is_first=is_first)
        if not is_first:
            return []
        if self._samples is None:
            self._samples = to_try(clinic.area)
        acts = tuple((name, partial(self._wanted.patient.emit, number)) for number, name in self._samples)
        text = "培训模式：人员、药品和数额都是虚构的，怎么试都行。先选一位病人，再输入 amxl 加一盒阿莫西林，F9 结算。"
        return [Note(kind=PLAIN, text=text, acts=acts)]

    def _first_day(self, *, is_first: bool) -> list[Note]:
        """Return what an empty counter needs, with the screen where it is done; none after the first settlement."""
        if self._steps is None:
            self._steps = first_day(self._state.station.counter)
        if not is_first or not self._steps:
            return []
        marked = [("✓" if one.done else str(place), one) for place, one in enumerate(self._steps, 1)]
        words = "；".join(f"{mark} {one.name}（{one.stands}）" for mark, one in marked)
        go_to = self._state.station.screen_wanted.emit
        acts = (("导入 Ctrl+7", partial(go_to, "data")), ("打印测试页 Ctrl+8", partial(go_to, "settings")))
        return [Note(kind=HINT, text=f"第一天：{words}。没有导入也能收费：病人可以现场登记。", acts=acts)]


def _entitlement(one: Entitlement, today: datetime.date) -> Note:
    """Return the note on the platform's last answer about a person, and its age."""
    days = (today - datetime.date.fromisoformat(one.at[:10])).days
    age = "今天" if days <= 0 else f"{days} 天前"
    if one.entitled:
        return Note(kind=PLAIN, text=f"待遇：{one.at[5:16]}（{age}）平台答复可以享受。")
    why = f"：{one.reason}" if one.reason else ""
    return Note(kind=ALERT, text=f"待遇：{one.at[5:16]}（{age}）平台答复不享受{why}。联网后会再问。")


def _age_of(patient: Patient) -> str:
    """Return the date of the figures that a settlement is based on."""
    known = [one for one in patient.limits if one.as_of is not None]
    if not known:
        return "脱机结算：联网后由医保中心复核。"
    oldest = min(one.as_of for one in known if one.as_of is not None)
    since = max(one.settlements_since for one in known)
    also = f"加本机 {since} 笔" if since else ""
    return f"脱机结算：限额按 {oldest[5:10]} 的累计{also}计算，联网后由医保中心复核。"
