"""医师: who of the clinic's list saw the patient, or prescribed one line."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox

from gongji.core.visits import Doctor
from gongji.gui.kit.form import fill

NOBODY = ""


class DoctorField(QComboBox):
    """One doctor of several by name and department; somebody chosen before who is on no list any more stays."""

    def __init__(self, there: Sequence[Doctor], chosen: Doctor | None, nobody: str) -> None:
        """`nobody` is what stands for none."""
        super().__init__()
        self._nobody = nobody
        self.offer(there, chosen)

    def offer(self, there: Sequence[Doctor], chosen: Doctor | None) -> None:
        """Offer the doctors of another day."""
        self._doctors = {one.code: one for one in (*([chosen] if chosen is not None else []), *there)}
        words = {NOBODY: self._nobody} | {one.code: f"{one.name}　{one.department}" for one in self._doctors.values()}
        fill(self, words, NOBODY if chosen is None else chosen.code)

    def read(self) -> Doctor | None:
        """Return who is chosen."""
        return self._doctors.get(str(self.currentData()))
