"""Asks the platform whether the chosen patient is entitled, where the region has 2001 and there is a network.

Nobody waits for it: what was known before counts until the answer comes, which updates the visit visibly, before F9.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gongji.desk.upload.gateway.kept_gateway import has_gateway
from gongji.errors import GongjiError
from gongji.gui.background.lazy import asking_entitlement
from gongji.gui.background.upload_status import UploadStatus
from gongji.gui.counter.visit_model import VisitState
from gongji.gui.shell.script_task import ScriptTask

if TYPE_CHECKING:
    from gongji.desk.upload.scripts.ask_entitlement import AskedPerson, RecentQuestions

_ONLINE = {UploadStatus.IDLE, UploadStatus.SENDING}


class EntitlementQuestion(QObject):
    """One question at a time, once for each chosen patient: now, or when the previous one has been answered."""

    def __init__(self, state: VisitState) -> None:
        super().__init__(state)
        self._state = state
        self._about: str | None = None
        self._task: ScriptTask | None = None
        self._recent: RecentQuestions | None = None
        state.changed.connect(self._look)

    def _look(self) -> None:
        state = self._state
        patient = state.patient
        now = None if patient is None else patient.id
        if now == self._about:
            return
        if patient is None or not patient.insured:
            self._about = now
        elif self._task is None and state.station.sending.standing in _ONLINE:
            self._ask()

    def _ask(self) -> None:
        state = self._state
        patient, policy, station = state.patient, state.policy, state.station
        if patient is None or policy is None:
            return
        self._about = patient.id
        if not has_gateway(station.counter):
            return
        module, counter = asking_entitlement(), station.counter
        if self._recent is None:
            self._recent = module.RecentQuestions()
        asked = module.AskedPerson(
            person_id=patient.id,
            name=patient.name,
            area=patient.area,
            benefit=state.draft.benefit or policy.pack.default_benefit,
            settled_on=state.day.isoformat(),
            disease=state.draft.disease or "",
            disease_code=state.draft.care.disease_code,
        )
        at = station.now
        if not module.should_ask(counter, asked, self._recent, at):
            return
        self._task = ScriptTask(
            station,
            lambda payer_line: payer_line.talk(lambda one, region: module.entitlement_asked(one, region, asked)),
            station,
        )
        self._task.ended.connect(lambda _: self._over(asked, at))
        self._task.failed.connect(self._failed)

    def _over(self, asked: "AskedPerson", at: str) -> None:
        self._task = None
        if self._recent is not None:
            self._recent.note(asked, at)
        self._look()

    def _failed(self, error: BaseException) -> None:
        """Continue with what is known: without a network nobody waits for an answer."""
        self._task = None
        if isinstance(error, GongjiError):
            self._state.station.counter.log.info("entitlement was not answered")
        else:
            self._state.station.fail(error)
        self._look()
