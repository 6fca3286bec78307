"""病种: a field with the area's list behind it: typing any part of a name offers what matches, ↓ offers everything."""

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit

from gongji.core.packs.diseases import Diseases

_BETWEEN = "、"
_MOST_SHOWN = 10


class DiseaseField(QLineEdit):
    """One disease, or `several` with 、 between them; names are returned as the list has them."""

    def __init__(self, diseases: Diseases, fact: str, value: Sequence[str], hint: str, *, several: bool) -> None:
        """Begin with what is known; `fact` says which of the lists is offered first: "disease" or "registered"."""
        super().__init__(_BETWEEN.join(value))
        self._fact, self._several = fact, several
        self._begun_with = self.text()
        self.setPlaceholderText(hint)
        self._names = QStringListModel(self)
        self._offers = QCompleter(self._names, self)
        self._offers.setWidget(self)
        self._offers.setFilterMode(Qt.MatchFlag.MatchContains)
        self._offers.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._offers.setMaxVisibleItems(_MOST_SHOWN)
        self._offers.activated.connect(self._choose)
        self.textEdited.connect(lambda _: self._offer(self._last.strip()))
        self.set_list(diseases)

    def set_list(self, diseases: Diseases) -> None:
        """Offer another area's diseases."""
        self.diseases = diseases
        first = "special" if self._fact == "disease" else "chronic"
        listed = sorted(diseases.listed, key=lambda one: one.of != first)
        names = [
            name if name == one.name else f"{name}（{one.name}）"
            for one in listed
            for name in (one.name, *one.names, *([one.code] if one.code else []))
        ]
        self._names.setStringList(list(dict.fromkeys(names)))

    @property
    def _last(self) -> str:
        """The part being typed: the whole, or what follows the last 、."""
        return self.text().rpartition(_BETWEEN)[2] if self._several else self.text()

    def names(self) -> list[str]:
        """Return the diseases, each under its name on the list."""
        typed = self.text().split(_BETWEEN) if self._several else [self.text()]
        found = [self.diseases.find(self._fact, one) for one in typed]
        names = [one.name if one is not None else said.strip() for one, said in zip(found, typed, strict=True)]
        return list(dict.fromkeys(name for name in names if name))

    def fault(self) -> str:
        """Return which name is on no list, where one was just typed."""
        if not self.diseases or self.text() == self._begun_with:
            return ""
        unknown = [name for name in self.names() if self.diseases.find(self._fact, name) is None]
        return self.diseases.unknown(self._fact, unknown[0]) if unknown else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Offer everything on ↓."""
        if event.key() == Qt.Key.Key_Down and not self._offers.popup().isVisible():
            self._offer("")
            return
        super().keyPressEvent(event)

    def _offer(self, part: str) -> None:
        self._offers.setCompletionPrefix(part)
        if self._offers.completionCount():
            self._offers.complete()
        else:
            self._offers.popup().hide()

    def _choose(self, name: str) -> None:
        """Take an offer, under the name that the list has for it."""
        before = self.text().rpartition(_BETWEEN) if self._several else ("", "", "")
        chosen = name.rpartition("（")[2].rstrip("）") if name.endswith("）") and self._is_other(name) else name
        self.setText(before[0] + before[1] + chosen)

    def _is_other(self, name: str) -> bool:
        """Return whether an offer is another name or the code of a disease."""
        return self.diseases.find(self._fact, name) is None
