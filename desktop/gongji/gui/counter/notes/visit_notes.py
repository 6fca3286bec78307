"""Notes on the visit being entered: refusals with what to do, open questions, names no printer has, better benefits."""

from collections.abc import Callable, Sequence
from functools import partial

from gongji.core.money import yuan
from gongji.core.problems import MISSING_PARAMETER, NO_POLICY_IN_FORCE, UNKNOWN_AREA, Problem
from gongji.desk.visits.care import CareGap
from gongji.gui.counter.notes.notes import ALERT, HINT, Note, NoteRequests
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.counter.words import cannot_be_printed

_WHO = {
    NO_POLICY_IN_FORCE: "由管理员在“政策 → 安装新版”装上新的政策包",
    UNKNOWN_AREA: "由管理员在“政策 → 安装新版”装上该统筹区的政策包，或核对参保地",
    MISSING_PARAMETER: "由管理员按经办机构的通知在“政策”页填写",
}
"""Who can do something about a refusal that the clerk cannot."""
_IN_SETTINGS = "由管理员在“设置 → 机构”改正"
_MOST_PROPOSED = 1
_MOST_PROBLEMS = 3


class VisitNotes:
    """Composes the notes that follow from the visit's state."""

    def __init__(self, state: VisitState, wanted: NoteRequests) -> None:
        """`wanted` passes on what the buttons of a note ask for."""
        self._state = state
        self._wanted = wanted
        self._visit_sheet = ("就诊情况 Shift+F4", wanted.visit.emit)
        self._person_sheet = ("病人情况 Shift+F2", wanted.person.emit)

    def refusals(self, problems: Sequence[Problem]) -> list[Note]:
        """Return notes on the first problems that prevent a settlement."""
        return [self._refused(one) for one in problems[:_MOST_PROBLEMS]]

    def _refused(self, one: Problem) -> Note:
        """Return a refusal with who can do something about it: the clerk now, or somebody else later."""
        who = _IN_SETTINGS if one.field.startswith("institution.") else _WHO.get(one.code, "")
        text = f"{one.message}。{who}；这一单可按 F6 挂起。" if who else f"{one.message}。"
        return Note(kind=ALERT, text=text, acts=self._cures(one.field))

    def _cures(self, field: str) -> tuple[tuple[str, Callable[[], None]], ...]:
        """Return the sheet in which the field of a problem is entered."""
        part, _, rest = field.partition(".")
        if part in {"disease", "benefit", "cause", "facts", "prescriber", "settled_on"}:
            return (self._visit_sheet,)
        if part in {"person", "area"}:
            return (self._person_sheet,)
        place = rest.partition(".")[0]
        if part == "lines" and place.isdigit():
            return ((f"第 {int(place) + 1} 行的情况", partial(self._wanted.line.emit, int(place))),)
        return ()

    def questions(self) -> list[Note]:
        """Return questions for what the payer requires of the visit: the first of each kind."""
        first = {one.kind: one for one in reversed(self._state.gaps)}
        return [self._gap(one) for one in reversed(first.values())]

    def _gap(self, one: CareGap) -> Note:
        state, place = self._state, one.place
        acts: tuple[tuple[str, Callable[[], None]], ...] = (self._visit_sheet,)
        if place is not None and one.kind == "approval":
            acts = (
                ("符合", lambda: state.answer_limit(place, fits=True)),
                ("不符合，按自费", lambda: state.answer_limit(place, fits=False)),
            )
        elif place is not None:
            acts = ((f"第 {place + 1} 行的情况", partial(self._wanted.line.emit, place)),)
        return Note(kind=ALERT if one.blocks else HINT, text=_ended(one.sentence), acts=acts)

    def renewed(self) -> list[Note]:
        """Return notes on what has changed since it was entered, while the visit is open."""
        return [Note(kind=ALERT, text=f"{text}。") for text in self._state.renewed]

    def unprintable(self) -> list[Note]:
        """Return a note on a name that cannot be printed, while it can still be corrected."""
        state = self._state
        names = [] if state.patient is None else [state.patient.name]
        text = cannot_be_printed([*names, *(line.name for line in state.draft.lines)])
        return [Note(kind=ALERT, text=text, acts=(self._person_sheet,))] if text else []

    def proposals(self) -> list[Note]:
        """Return notes on a better benefit, and on what the quote says."""
        state = self._state
        found = []
        for one in [one for one in state.proposals if one.likely][:_MOST_PROPOSED]:
            text = f"{one.why}：“{one.name}”若用于该病，按{one.benefit_name}多报 {yuan(one.better_fen)}"
            act = partial(state.set_benefit, one.place, one.benefit)
            found.append(Note(kind=HINT, text=text, acts=((f"改按{one.benefit_name}", act),)))
        select = ("选定本机构 / 转诊 Shift+F4", self._wanted.visit.emit)
        quote = state.quote
        notices = () if quote is None else [notice for part in quote.settlements for notice in part.notices]
        for text, code in dict.fromkeys((f"{notice.text}〔{notice.article}〕", notice.code) for notice in notices):
            acts = (select,) if code == "not_selected_institution" else ()
            found.append(Note(kind=HINT, text=text, acts=acts))
        return found


def _ended(sentence: str) -> str:
    """Return a sentence with its full stop."""
    return sentence if sentence.endswith("？") else f"{sentence}。"
