"""How what is due in cash is paid, by one means or several: what is left, received, missing and given back, in fen."""

from msgspec import Struct

from gongji.core.money import grouped
from gongji.gui.counter import words

CASH = "cash"


class Tender(Struct, frozen=True, kw_only=True):
    """What is due in cash and how it is paid, in fen: `others` by means, and what is typed now, by the means `chosen`.

    Nothing typed means all that is left. For banknotes the typed amount is what was received, and there may be change.
    """

    due_fen: int
    others: dict[str, int] = {}
    chosen: str = CASH
    typed_fen: int | None = None

    @property
    def left_fen(self) -> int:
        """What is left for the chosen means."""
        return max(0, self.due_fen - sum(self.others.values()))

    @property
    def by_means(self) -> dict[str, int]:
        """What each means other than banknotes pays."""
        if self.chosen == CASH:
            return self.others
        return {**self.others, self.chosen: self.left_fen if self.typed_fen is None else self.typed_fen}

    @property
    def cash_due_fen(self) -> int:
        """What is left for banknotes."""
        return max(0, self.due_fen - sum(self.by_means.values()))

    @property
    def received_fen(self) -> int | None:
        """The banknotes received; None where nothing was typed."""
        return self.typed_fen if self.chosen == CASH else None

    @property
    def missing_fen(self) -> int:
        """What still has to be paid."""
        return 0 if self.received_fen is None else max(0, self.cash_due_fen - self.received_fen)

    @property
    def change_fen(self) -> int:
        """What is given back."""
        return 0 if self.received_fen is None else max(0, self.received_fen - self.cash_due_fen)

    @property
    def fault(self) -> str:
        """What is wrong with it; empty where it is right."""
        if self.chosen != CASH:
            word = words.MEANS[self.chosen]
            too_much = (self.typed_fen or 0) > self.left_fen
            return f"{word}最多付 {grouped(self.left_fen)} 元，多收的不找零" if too_much else ""
        if self.received_fen and not self.cash_due_fen:
            if self.others:
                return "已由别的方式付清，不再收现金；要收现金的，先按 Alt+1"
            return "这一单不用付现金，实收请留空"
        return f"还差 {grouped(self.missing_fen)} 元" if self.missing_fen else ""

    def paid(self) -> tuple[tuple[str, int], ...]:
        """Return what each means pays; together it is the amount due."""
        found = (*self.by_means.items(), (CASH, self.cash_due_fen))
        return tuple((means, fen) for means, fen in found if fen)
