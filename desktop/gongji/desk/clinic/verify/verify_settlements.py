"""核对 of a range of settlements: their numbers, their sums, their texts, and each settled again as before."""

import hashlib
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import astuple

from gongji.core.engine.amounts import AMOUNT_KEYS
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.ledger.stored_settlement import FUNDS, TENDERS, settled_body
from gongji.core.money import yuan
from gongji.core.visits import Visit
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.pack_files.read_pack import parse_stored_pack
from gongji.store import settings
from gongji.store.engine import Connection
from gongji.store.settlements import settlement_rows, traces
from gongji.store.settlements.settlement_rows import SettlementRows

_CASH = AMOUNT_KEYS.index("cash")
_TOTAL = AMOUNT_KEYS.index("total")
_STATED = tuple((name, AMOUNT_KEYS.index(name)) for name in (*FUNDS, "account_own", "account_family", "cash"))
_MEANS = dict.fromkeys(TENDERS, "cash")
"""The amount that each means of the patient's own money pays."""


class BookFinding(Struct, frozen=True):
    """Something that is wrong: where (a number or a file), and what."""

    place: str
    text: str


class SettlementCheck:
    """Checks ranges of settlements of one book."""

    def __init__(self, connection: Connection, library: Library) -> None:
        """Use a reading connection, and the packs for their lists of diseases and drugs."""
        self._connection = connection
        self._library = library
        self._policies: dict[str, Policy | None] = {}
        self._floor = int(settings.get(connection, "serial_floor") or 0)  # where a restored book's numbers continue

    def range(self, first: int, last: int) -> Iterator[BookFinding]:
        """Yield what is wrong with the settlements of a range of serials."""
        before = settlement_rows.serial_before(self._connection, first)
        expected = None if before is None else before + 1
        again: dict[str, list[SettlementRows]] = {}
        for one in settlement_rows.of_range(self._connection, first, last):
            if expected is not None and one.serial not in {expected, self._floor + 1}:
                yield BookFinding(one.no, f"前面缺少第 {expected} 号")
            expected = one.serial + 1
            for text in self._faults(one):
                yield BookFinding(one.no, text)
            if one.kind == "settle":
                again.setdefault(one.policy_sha256, []).append(one)
        for sha256, some in again.items():
            yield from self._settled_again(sha256, some)

    def _faults(self, one: SettlementRows) -> list[str]:
        found = []
        if not _adds_up(one):
            found.append("各部分或付款之和与合计不符")
        if one.trace is not None and not traces.is_readable(one.trace):
            found.append("所存的结算依据读不出来")
        if one.record is not None and not _is_as_registered(one.record, one):
            found.append("上传内容与登记的指纹不符")
        if one.kind != "settle":
            found += self._void_faults(one)
        elif one.lines_fen != one.totals[_TOTAL]:
            found.append(f"收费明细合计 {yuan(one.lines_fen)} 与总费用 {yuan(one.totals[_TOTAL])} 不符")
        return found

    def _void_faults(self, one: SettlementRows) -> Iterator[str]:
        original = settlement_rows.totals_of(self._connection, one.voids or 0)
        if original is None or tuple(-fen for fen in original) != one.totals:
            yield "冲销金额与原结算不是相反数"
            return
        moved = settlement_rows.moved(self._connection, one.voids or 0)
        if {key: -fen for key, fen in moved.items()} != settlement_rows.moved(self._connection, one.serial):
            yield "冲销没有把累计或余额如数退回"

    def _settled_again(self, sha256: str, some: list[SettlementRows]) -> Iterator[BookFinding]:
        """Yield which settlements come out differently under the very policy they were settled under.

        Columns are tried first; where they differ or cannot compute a visit, the engine decides.
        """
        from gongji.core.columns.replay import settled_again  # noqa: PLC0415  # NumPy: not at start

        policy = self._policy(sha256)
        if policy is None:
            yield from (BookFinding(one.no, "所存的政策文本与其指纹不符，无法重算") for one in some)
            return
        visits: list[Visit] = []
        read: list[SettlementRows] = []
        for one in some:
            try:
                visits.append(settled_body(one.no, one.body or b""))
            except GongjiError:
                yield BookFinding(one.no, "所存的就诊读不出来，无法重算")
            else:
                read.append(one)
        knows = self._library.knows
        for one, visit, parts in zip(read, visits, settled_again(visits, policy, knows), strict=True):
            if parts != one.parts:
                different = _by_engine(visit, policy, self._library, one)
                if different is not None:
                    yield BookFinding(one.no, different)

    def _policy(self, sha256: str) -> Policy | None:
        """Return a policy from its stored text; None where the text is no longer what it was."""
        if sha256 not in self._policies:
            text = settlement_rows.policy_text(self._connection, sha256)
            is_kept = text is not None and hashlib.sha256(text).hexdigest() == sha256
            pack = parse_stored_pack(text) if text is not None and is_kept else []
            found = None if isinstance(pack, list) else Policy(pack, diseases=self._library.diseases(pack.area))
            self._policies[sha256] = found
        return self._policies[sha256]


def _by_engine(visit: Visit, policy: Policy, library: Library, one: SettlementRows) -> str | None:
    """Return how a settlement comes out differently; None when it comes out the same."""
    again = quote(visit, policy, library.knows)
    if not isinstance(again, Quote):
        return f"重算时被拒绝：{again[0].message}"
    if [astuple(part.amounts) for part in again.settlements] == list(one.parts):
        return None
    return f"按所存政策重算，现金应为 {yuan(again.totals.cash_fen)}，存的是 {yuan(one.totals[_CASH])}"


def _adds_up(one: SettlementRows) -> bool:
    """Return whether the parts add up to the totals and the payments to both."""
    parts = one.parts
    if (parts[0] if len(parts) == 1 else tuple(map(sum, zip(*parts, strict=True)))) != one.totals:
        return False
    paid: dict[tuple[int, str], int] = {}
    for part, means, fen in one.payments:
        place = part, _MEANS.get(means, means)
        paid[place] = paid.get(place, 0) + fen
    for index, amounts in enumerate(parts):
        for name, at in _STATED:
            if paid.get((index, name), 0) != amounts[at]:
                return False
    return True


def _is_as_registered(record: bytes, one: SettlementRows) -> bool:
    """Return whether a record is what it was; for a forgotten person that cannot be checked any more."""
    return one.is_nameless or hashlib.sha256(record).hexdigest() == one.record_sha256
