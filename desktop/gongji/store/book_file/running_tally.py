"""The tallies, updated by the writing connection with every row of a transaction."""

import hashlib
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from gongji.store.book_file.tally import (
    BY_ARRIVAL,
    FROZEN,
    MODULUS,
    Tally,
    arrival_key,
    chained,
    hash_sum,
    kept,
    packed_tally,
    state_bytes,
    tables,
)
from gongji.store.engine import Connection

_AT_ONCE = 500


class Mark(Struct, frozen=True, kw_only=True):
    """The state of a book: after how many transactions, and the root of its tallies."""

    commits: int
    root: bytes


class RunningTally:
    """The tallies of the writing connection: what its transaction has added, changed and deleted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._commits = -1
        self._counts: dict[str, int] = {}
        self._hashes: dict[str, bytes] = {}
        self._sums: dict[str, int] = {}
        self._packed: dict[str, bytes] = {}
        self._touched: set[str] = set()
        self._written: set[str] = set()
        self.written: set[str] = set()
        """The tables written in committed transactions; the reader empties it."""
        self._waiting: list[tuple[str, int, list[tuple[Any, ...]]]] = []
        """Rows that came (1) or went (-1) and are still to be counted: many together take half the time."""
        self._arrived: list[tuple[str, str]] = []
        self._entry = 0
        self._install()

    def _install(self) -> None:
        for name, columns in tables(self._connection).items():
            new = ", ".join(f'NEW."{one}"' for one in columns)
            old = ", ".join(f'OLD."{one}"' for one in columns)
            if name in FROZEN:
                self._connection.create_function(f"tally_{name}", len(columns), self._adder(name, columns))
                self._trigger(name, "INSERT", f"tally_{name}({new})")
                continue
            self._connection.create_function(f"tally_{name}", len(columns), self._changer(name, 1))
            self._connection.create_function(f"untally_{name}", len(columns), self._changer(name, -1))
            self._trigger(name, "INSERT", f"tally_{name}({new})")
            self._trigger(name, "UPDATE", f"untally_{name}({old}), tally_{name}({new})")
            self._trigger(name, "DELETE", f"untally_{name}({old})")

    def _trigger(self, table: str, change: str, calls: str) -> None:
        self._connection.execute(
            f'CREATE TEMP TRIGGER "tally_{table}_{change.lower()}" AFTER {change} ON main."{table}" '
            f"BEGIN SELECT {calls}; END"
        )

    def _adder(self, name: str, columns: list[str]) -> Callable[..., None]:
        places = [columns.index(one) for one in BY_ARRIVAL.get(name, ())]
        is_log = name == "audit"
        counts, hashes, touched = self._counts, self._hashes, self._touched

        def add(*row: Any) -> None:
            touched.add(name)
            counts[name] += 1
            hashes[name] = chained(hashes[name], row)
            if places:
                self._arrived.append((name, arrival_key(row[place] for place in places)))
            elif is_log:
                self._entry = row[0]

        return add

    def _changer(self, name: str, sign: int) -> Callable[..., None]:
        rows: list[tuple[Any, ...]] = []
        self._waiting.append((name, sign, rows))

        def change(*row: Any) -> None:
            rows.append(row)
            if len(rows) == _AT_ONCE:
                self._add_up(name, sign, rows)

        return change

    def _count_waiting(self) -> None:
        for one in self._waiting:
            self._add_up(*one)

    def _add_up(self, name: str, sign: int, rows: list[tuple[Any, ...]]) -> None:
        """Count rows that came or went, and forget them."""
        if not rows:
            return
        self._touched.add(name)
        self._counts[name] += sign * len(rows)
        self._sums[name] += sign * hash_sum(rows)
        rows.clear()

    def begin(self) -> None:
        """Read the tallies from the book, where the last transaction was not ours."""
        self._touched.clear()
        self._written.clear()
        self._arrived.clear()
        for _, _, rows in self._waiting:
            rows.clear()
        self._entry = 0
        (commits,) = self._connection.execute("SELECT commits FROM tally").fetchone()
        if commits != self._commits:
            self._commits, found = kept(self._connection)
            for name in sorted(found):
                one = found[name]
                self._counts[name], self._hashes[name] = one.count, one.hash
                self._sums[name] = int.from_bytes(one.hash)
                self._packed[name] = packed_tally(name, one)

    def end(self) -> Mark | None:
        """Store the tallies inside the transaction that is about to end; return their mark, None for no change."""
        self._count_waiting()
        if not self._touched:
            return None
        self._written |= self._touched
        connection, commits = self._connection, self._commits + 1
        if self._arrived:
            connection.executemany("INSERT INTO arrival (source, key) VALUES (?, ?)", self._arrived)
        if self._entry:
            at_entry = hashlib.sha256(self._state()).digest()
            connection.execute("INSERT INTO audit_root VALUES (?, ?, ?)", (self._entry, commits, at_entry))
        state = self._state()
        connection.execute("UPDATE tally SET commits = ?, state = ?", (commits, state))
        return Mark(commits=commits, root=hashlib.sha256(state).digest())

    def _state(self) -> bytes:
        self._count_waiting()
        for name in self._touched:
            if name not in FROZEN:
                self._hashes[name] = (self._sums[name] % MODULUS).to_bytes(32)
            self._packed[name] = packed_tally(name, Tally(self._counts[name], self._hashes[name]))
        self._touched.clear()
        return state_bytes(self._packed.values())

    def ended(self, mark: Mark | None) -> None:
        """Record that the transaction was committed."""
        if mark is not None:
            self._commits = mark.commits
            self.written |= self._written

    def failed(self) -> None:
        """Forget the counts of a transaction that was rolled back."""
        self._commits = -1
