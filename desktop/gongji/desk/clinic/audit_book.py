"""审计: a copy of a book held against the anchors that somebody else kept. It never writes.

Every anchor fits or breaks; then what the book says of itself: numbers that are missing, what restores lost, the
powerful acts, and papers to pull and scan, drawn by the reviewer's dice.
"""

import random
from collections.abc import Iterable, Iterator

from msgspec import Struct

from gongji.core.ledger.anchor import Anchor, read_anchor
from gongji.core.ledger.audit import Act
from gongji.core.money import yuan
from gongji.store import anchors, audit, concerns, settings, settlements, tally
from gongji.store.engine import Connection

FITS, BREAKS, UNKNOWN = "fits", "breaks", "unknown"
PAPERS = 20
POWERFUL = (
    Act.RESTORED, Act.ASKS_FIRST, Act.CONCERN, Act.EXPLAIN, Act.PLACE, Act.RECOVERY, Act.OPERATOR, Act.GATEWAY,
    Act.CARRIER, Act.POLICY, Act.PARAMETER, Act.CLOCK, Act.ADOPT, Act.RELEASE, Act.CLINIC, Act.VOID,
)  # fmt: skip
CANNOT_KNOW = (
    "最后一个锚之后改过的内容；",
    "从来没有录入的收费；",
    "第一个锚之前就已经不实的账；",
    "锚之后又有写入时，可以修改的表（人员、目录、设置、上传状态）中被改掉的旧内容。",
)


class AnchorCheck(Struct, frozen=True, kw_only=True):
    """Whether a book still holds what an anchor says: its moment, the result, and where it breaks."""

    at: str
    result: str
    text: str


class Deed(Struct, frozen=True, kw_only=True):
    """An act that a reviewer wants to see: when, by whom, what, of what, how."""

    at: str
    operator: str
    act: str
    subject: str
    detail: str


class Review(Struct, frozen=True, kw_only=True):
    """What a reviewer gets."""

    anchors: tuple[AnchorCheck, ...]
    breaks: tuple[str, ...]
    missing: tuple[str, ...]
    concerns: tuple[str, ...]
    deeds: tuple[Deed, ...]
    papers: tuple[str, ...]
    cannot_know: tuple[str, ...] = CANNOT_KNOW

    @property
    def is_well(self) -> bool:
        """Tell whether nothing was found that does not fit."""
        return not self.breaks and all(one.result == FITS for one in self.anchors)


def review(connection: Connection, lines: Iterable[str], dice: random.Random) -> Review:
    """Hold a book against anchors, in any order, one a line; lines that are none are told."""
    connection.execute("BEGIN")  # one view of everything
    try:
        return Review(
            anchors=tuple(_anchors(connection, lines)),
            breaks=tuple(_breaks(connection)),
            missing=tuple(_missing(connection)),
            concerns=tuple(_concerns(connection)),
            deeds=tuple(_deeds(connection)),
            papers=tuple(_papers(connection, dice)),
        )
    finally:
        connection.execute("ROLLBACK")


def _anchors(connection: Connection, lines: Iterable[str]) -> Iterator[AnchorCheck]:
    found: list[Anchor] = []
    for line in filter(str.strip, lines):
        one = read_anchor(line)
        if one is None:
            yield AnchorCheck(at="", result=UNKNOWN, text=f"不是锚：{line.strip()[:40]}")
        else:
            found.append(one)
    kept = {one.root: one.state for one in map(_with_root, anchors.every(connection)) if one is not None}
    commits, now = tally.kept(connection)
    wanted = {one.root: tally.read_state(kept[one.root]) for one in found if one.root in kept}
    frozen = _running(connection, wanted.values())
    before = ""
    for one in sorted(found, key=lambda each: (each.at, each.audit)):
        text = _wrong_with(connection, one, wanted.get(one.root), frozen, now if one.commits == commits else None)
        since = f"（上一个相符的锚：{before}）" if before else "（之前没有相符的锚）"
        yield AnchorCheck(at=one.at, result=BREAKS if text else FITS, text=f"{text}{since}" if text else "")
        before = before if text else one.at


class _State(Struct, frozen=True):
    root: bytes
    state: bytes


def _with_root(kept: anchors.KeptAnchor) -> _State | None:
    one = read_anchor(kept.line)
    return None if one is None else _State(one.root, kept.state)


def _running(connection: Connection, states: Iterable[tally.Tallies]) -> dict[tuple[str, int], bytes]:
    """Return the running hash of every frozen table at every count that an anchor wants, each table read once."""
    counts: dict[str, set[int]] = {}
    for state in states:
        for name, one in state.items():
            if name in tally.FROZEN:
                counts.setdefault(name, set()).add(one.count)
    found: dict[tuple[str, int], bytes] = {}
    for name, wanted in counts.items():
        found.update({(name, count): hash_ for count, hash_ in tally.prefixes(connection, name, wanted)})
    return found


def _wrong_with(
    connection: Connection,
    one: Anchor,
    state: tally.Tallies | None,
    frozen: dict[tuple[str, int], bytes],
    now: tally.Tallies | None,
) -> str:
    """Return where a book parts from an anchor, nothing where it fits; `now` are its tallies if of this moment."""
    if one.institution != _institution(connection) or one.counter != settings.get(connection, "counter"):
        return "这是别的机构或别的收费台的锚"
    if audit.seal_of(connection, one.audit) != one.seal.hex():
        return f"操作日志第 {one.audit} 条与锚不符：它或它之前的日志被改过，或数据退回过"
    if state is None or tally.root(state) != one.root:
        return "数据文件里没有这个锚当时各表的数字，或它们被改过"
    tables = [
        name for name, kept in state.items() if name in tally.FROZEN and frozen.get((name, kept.count)) != kept.hash
    ]
    if now is not None:
        tables += [name for name, kept in tally.counted(connection).items() if kept != state.get(name)]
    return f"表 {'、'.join(dict.fromkeys(tables))} 与锚不符：锚之前的内容被改过" if tables else ""


def _institution(connection: Connection) -> str:
    return str(settings.institution_id(connection))


def _breaks(connection: Connection) -> Iterator[str]:
    yield from (f"操作日志第 {serial} 条：{text}" for serial, text in audit.broken(connection))
    _, expected = tally.kept(connection)
    for one in tally.misfits(connection, expected):
        yield f"表 {one.table} 的内容与封存的不符（应有 {one.expected} 行，现有 {one.found} 行）"


def _missing(connection: Connection) -> Iterator[str]:
    expected = 1
    for serial, no in settlements.numbers(connection):
        if serial != expected:
            yield f"{no} 之前缺第 {expected} 至 {serial - 1} 号"
        expected = serial + 1


def _concerns(connection: Connection) -> Iterator[str]:
    for one in concerns.every(connection):
        told = f"已说明：{one.explained}" if one.explained else "没有人说明"
        yield f"{one.at} {one.concern.subject}：{one.concern.text}（{told}）"


def _deeds(connection: Connection) -> Iterator[Deed]:
    for one in audit.of_acts(connection, POWERFUL):
        yield Deed(at=one.at, operator=one.operator, act=one.act, subject=one.subject, detail=one.detail)


def _papers(connection: Connection, dice: random.Random) -> Iterator[str]:
    all_of_them = list(settlements.numbers(connection))
    for serial, _ in sorted(dice.sample(all_of_them, min(PAPERS, len(all_of_them)))):
        one = next(settlements.heads(connection, serial, serial))
        yield f"{one.receipt_no}  {one.no}  {one.at[:16]}  合计 {yuan(one.totals.total_fen)}"
