"""退款: money goes back by the means it was paid by: what was paid by 支付宝 is never given back in cash."""

from collections.abc import Iterable, Mapping

from gongji.core.labels import TENDER_WORDS
from gongji.core.ledger.stored_settlement import TENDERS, Payment
from gongji.core.money import yuan

ByMeans = tuple[tuple[str, int], ...]
"""Means (in `TENDERS`) and fen, each means once and no zero."""


def tendered(paid: Iterable[Payment]) -> ByMeans:
    """Return what a settlement took (above zero) or a void gave back (below zero) by each means, in fen."""
    sums: dict[str, int] = {}
    for payment in paid:
        if payment.means in TENDERS:
            sums[payment.means] = sums.get(payment.means, 0) + payment.amount_fen
    return tuple((means, fen) for means, fen in sums.items() if fen)


def kept_of(before: ByMeans, due_fen: int) -> ByMeans:
    """Return how an amount due again (fen) is paid from what was paid before, in the order of the means.

    What is due beyond all that was paid is in cash.
    """
    by_means: dict[str, int] = {}
    for means, fen in before:
        by_means[means] = min(fen, due_fen)
        due_fen -= by_means[means]
    by_means["cash"] = by_means.get("cash", 0) + due_fen
    return tuple((means, fen) for means, fen in by_means.items() if fen)


def less(before: ByMeans, after: ByMeans) -> ByMeans:
    """Return what goes back by each means in fen (below zero: still to pay) where `after` replaces `before`."""
    kept = dict(after)
    back = {means: fen - kept.pop(means, 0) for means, fen in before}
    back |= {means: -fen for means, fen in kept.items()}
    return tuple((means, fen) for means, fen in back.items() if fen)


def taken_out(before: ByMeans, fen: int) -> ByMeans:
    """Return by which means an amount (fen, above zero) goes back, taken from the last means paid first.

    What exceeds all that was paid goes back in cash.
    """
    by_means: dict[str, int] = {}
    for means, paid_fen in reversed(before):
        by_means[means] = min(max(0, paid_fen), fen)
        fen -= by_means[means]
    by_means["cash"] = by_means.get("cash", 0) + fen
    return tuple((means, out_fen) for means, out_fen in by_means.items() if out_fen)


def in_words(by_means: ByMeans | Mapping[str, int]) -> str:
    """Return amounts by means as text ("微信 20.00、支付宝 18.00"); empty where there are none."""
    pairs = by_means.items() if isinstance(by_means, Mapping) else by_means
    return "、".join(f"{TENDER_WORDS[means]} {yuan(abs(fen))}" for means, fen in pairs if fen)


def net_in_words(net: ByMeans) -> str:
    """Return what goes back by each means and what (below zero) is still to be paid; "不退不补" where nothing moves."""
    back, more = ([(means, fen) for means, fen in net if (fen > 0) is goes_back] for goes_back in (True, False))
    parts = [f"{act} {in_words(tuple(moved))} 元" for act, moved in (("应退", back), ("应补收", more)) if moved]
    return "，".join(parts) or "不退不补"
