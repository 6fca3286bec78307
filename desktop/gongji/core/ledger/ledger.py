"""年度累计 and 账户余额: what is known of them, and what this counter has settled since.

A figure is stored under a `FigureKey`. Two kinds of records exist for it, and both are only ever added to: *snapshots*,
what a source that knows said it was, and *entries*, what each settlement or void of this counter moved it by. The
current value is the newest snapshot plus the entries that snapshot cannot know:

- a snapshot brought by a visit was true at this counter at that moment: it knows every entry made before it;
- the payer's snapshot knows a settlement only if the payer had accepted it by then. An entry still in the queue,
  or accepted later, is added, however old it is.

Of several snapshots the one true at the latest moment counts, whichever arrived last; of two of one moment the payer's,
then the one that knows more settlements, then the larger: the same in every book. Nothing is ever folded into a
snapshot, so no entry is counted twice and none is forgotten.

What the funds paid in a year is never below zero: a void takes back at most what is there. A visit may have told less
than was paid here, and the difference must not become room under a cap.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

BALANCE = "balance"


class FigureKey(Struct, frozen=True, order=True):
    """Which figure: its owner, area and benefit year ("area/first day"; empty for an account), and its name."""

    owner: str
    scope: str
    name: str


class Snapshot(Struct, frozen=True, kw_only=True):
    """What a figure was, in fen, at a moment (a stamp).

    `last_serial` is the last settlement of this counter it knows; None for the payer's snapshot, which knows what
    the payer had accepted by then.
    """

    amount_fen: int
    as_of: str
    last_serial: int | None


class LedgerEntry(Struct, frozen=True, kw_only=True):
    """What a settlement or void moved a figure by, in fen; negative where it fell."""

    serial: int
    amount_fen: int


class LedgerBalance(Struct, frozen=True, kw_only=True):
    """A figure's current value in fen; the time of its snapshot (None: there is none), and what was moved since."""

    amount_fen: int
    as_of: str | None
    since_fen: int
    settlements_since: int


def accumulator_key(person_id: str, area: str, year_from: str, name: str) -> FigureKey:
    """Return the key of an accumulator in a benefit year."""
    return FigureKey(person_id, f"{area}/{year_from}", name)


def account_key(account_id: str) -> FigureKey:
    """Return the key of an account's balance; a person's own account has the person's number."""
    return FigureKey(account_id, "", BALANCE)


def moved_to(name: str, before_fen: int, amount_fen: int) -> int:
    """Return what a figure of a name comes to, in fen, once it is moved: an accumulator never falls below zero."""
    after_fen = before_fen + amount_fen
    return after_fen if name == BALANCE else max(0, after_fen)


def standing(
    name: str, snapshots: Iterable[Snapshot], entries: Iterable[LedgerEntry], accepted: Mapping[int, str]
) -> LedgerBalance:
    """Return the current value of a figure of a name.

    `snapshots` are in any order, `entries` in that of their serials; `accepted` is when the payer accepted a serial.
    """
    newest = max(snapshots, key=_rank, default=None)
    since = [entry for entry in entries if newest is None or not _knows(newest, entry.serial, accepted)]
    told_fen = amount_fen = 0 if newest is None else newest.amount_fen
    for entry in since:
        amount_fen = moved_to(name, amount_fen, entry.amount_fen)
    return LedgerBalance(
        amount_fen=amount_fen,
        as_of=None if newest is None else newest.as_of,
        since_fen=amount_fen - told_fen,
        settlements_since=len({entry.serial for entry in since}),
    )


def _rank(snapshot: Snapshot) -> tuple[str, bool, int, int]:
    """Return the sort key of a snapshot, newest last; independent of the order of arrival, which differs per book."""
    serial = snapshot.last_serial
    return snapshot.as_of, serial is None, -1 if serial is None else serial, snapshot.amount_fen


def _knows(snapshot: Snapshot, serial: int, accepted: Mapping[int, str]) -> bool:
    if snapshot.last_serial is not None:
        return serial <= snapshot.last_serial
    accepted_at = accepted.get(serial)
    return accepted_at is not None and accepted_at <= snapshot.as_of
