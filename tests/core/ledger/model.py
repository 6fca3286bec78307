"""A reference model of one figure: the payer's own account of it, and what this counter can know.

It keeps sets where the book keeps times: each word of the payer is remembered with the very settlements of ours it
includes. The newest word that has arrived, in the order the words were spoken, plus all of ours it does not include, is
what the book must come to.
"""


class Model:
    """Amounts in fen; serials are ours."""

    def __init__(self) -> None:
        self.elsewhere_fen = 0
        self.ours: dict[int, int] = {}
        self.accepted: set[int] = set()
        self.words: list[tuple[int, frozenset[int]]] = []
        self.heard = -1

    def visit_elsewhere(self, fen: int) -> None:
        self.elsewhere_fen += fen

    def move(self, serial: int, fen: int) -> None:
        """A settlement or void here."""
        self.ours[serial] = fen

    def accept(self, serial: int) -> None:
        self.accepted.add(serial)

    def payer_speaks(self) -> tuple[int, int]:
        """The payer's word: its number and amount. It is heard later, or never."""
        return self._say(frozenset(self.accepted))

    def visit_brings(self) -> int:
        """The truth as a visit brings it along, heard at once; ours that wait in the queue are in it."""
        self.heard, fen = self._say(frozenset(self.ours))
        return fen

    def _say(self, known: frozenset[int]) -> tuple[int, int]:
        fen = self.elsewhere_fen + sum(self.ours[serial] for serial in known)
        self.words.append((fen, known))
        return len(self.words) - 1, fen

    def hear(self, number: int) -> None:
        self.heard = max(self.heard, number)

    def expected(self) -> int:
        fen, known = self.words[self.heard] if self.heard >= 0 else (0, frozenset[int]())
        return fen + sum(fen for serial, fen in self.ours.items() if serial not in known)

    def truth(self) -> int:
        return self.elsewhere_fen + sum(self.ours.values())
