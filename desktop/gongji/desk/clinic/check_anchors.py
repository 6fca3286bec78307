"""Anchors held against a book: each fits, breaks (which tables, since when) or is not known, and some are missing.

What is only ever added to is checked as it was at the anchor, however much came after; the schema likewise. What may be
changed is checked where nothing was written since.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from gongji.core.ledger.audit import Anchor, anchor_line, read_anchor
from gongji.store import audit, settings, tally
from gongji.store.engine import Connection
from gongji.store.migrations import NAMES

FITS, BREAKS, UNKNOWN, MISSING = "fits", "breaks", "unknown", "missing"
RESULTS = {FITS: "相符", BREAKS: "不符", UNKNOWN: "看不懂", MISSING: "缺"}
"""The result for an anchor, and its Chinese name."""
_ANCHORS = "anchor"
_SETTINGS, _NEWEST = "setting", "anchor"
_MIGRATIONS = "_sqlite_migrations"
_NONE = tally.Tally(0, b"")


class AnchorCheck(Struct, frozen=True, kw_only=True):
    """Whether a book still holds what an anchor says: its moment, the result, and where it breaks."""

    at: str
    result: str
    text: str


def check_anchors(connection: Connection, lines: Iterable[str]) -> Iterator[AnchorCheck]:
    """Yield what becomes of each of these lines, and of the anchors that the book has given and are not among them."""
    found: list[Anchor] = []
    for line in filter(str.strip, lines):
        one = read_anchor(line)
        if one is None:
            yield AnchorCheck(at="", result=UNKNOWN, text=f"不是锚：{line.strip()[:40]}")
        else:
            found.append(one)
    kept = {one.root: one.state for one in map(_with_root, audit.anchors(connection)) if one is not None}
    wanted = {one.root: tally.read_state(kept[one.root]) for one in found if one.root in kept}
    frozen = _running(connection, wanted.values())
    before = ""
    held = {one.root for one in found}
    for line in (each.line for each in audit.anchors(connection)):
        given = read_anchor(line)
        if given is not None and given.root not in held:
            yield AnchorCheck(at=given.at, result=MISSING, text=f"{given.no or '开始'} 时账上给出过这个锚，您手里没有")
    for one in sorted(found, key=lambda each: (each.at, each.audit)):
        text = _wrong_with(connection, one, wanted.get(one.root), frozen)
        since = f"（上一个相符的锚：{before}）" if before else "（之前没有相符的锚）"
        yield AnchorCheck(at=one.at, result=BREAKS if text else FITS, text=f"{text}{since}" if text else "")
        before = before if text else one.at


class _State(Struct, frozen=True):
    root: bytes
    state: bytes


def _with_root(kept: audit.KeptAnchor) -> _State | None:
    one = read_anchor(kept.line)
    return None if one is None else _State(one.root, kept.state)


def _running(connection: Connection, states: Iterable[tally.Tallies]) -> dict[tuple[str, int], bytes]:
    """Return the running hash of every append-only table at every count that an anchor needs, each table read once."""
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
    connection: Connection, one: Anchor, state: tally.Tallies | None, frozen: dict[tuple[str, int], bytes]
) -> str:
    """Return where a book differs from an anchor, empty where it fits."""
    if one.institution != str(settings.institution_id(connection)) or one.counter != settings.get(
        connection, "counter"
    ):
        return "这是别的机构或别的收费台的锚"
    if audit.seal_of(connection, one.audit) != one.seal.hex():
        return f"操作日志第 {one.audit} 条与锚不符：它或它之前的日志被改过，或数据退回过"
    if state is None or tally.root(state) != one.root:
        return "数据文件里没有这个锚当时各表的数字，或它们被改过"
    tables = [
        name for name, kept in state.items() if name in tally.FROZEN and frozen.get((name, kept.count)) != kept.hash
    ]
    expected = _with_its_own(connection, one, state)
    tables += [name for name in _unwritten(connection, one, state) if tally.misfit(connection, name, expected)]
    return f"表 {'、'.join(dict.fromkeys(tables))} 与锚不符：锚之前的内容被改过" if tables else ""


def _unwritten(connection: Connection, one: Anchor, state: tally.Tallies) -> Iterator[str]:
    """Yield what nobody has had to write since an anchor.

    That is the schema, where the book had been through every migration, and all else where the transaction that kept
    the anchor is the last. Otherwise rows may have come, and of what may be changed only today's content is there.
    """
    at_once, _ = tally.kept(connection)
    since = at_once - one.commits
    if since <= 1:
        own = _ANCHORS if len(audit.anchors(connection)) == state.get(_ANCHORS, _NONE).count + since else ""
        yield from {*tally.tables(connection), *state} - {tally.SCHEMA, own}
    if state.get(_MIGRATIONS, _NONE).count >= len(NAMES):
        yield tally.SCHEMA


def _with_its_own(connection: Connection, one: Anchor, state: tally.Tallies) -> tally.Tallies:
    """Return the tallies at an anchor with what keeping it wrote: the setting of the newest anchor."""
    lines = [each.line for each in audit.anchors(connection)]
    line = anchor_line(one)
    if line not in lines or _SETTINGS not in state:
        return state
    place = lines.index(line)
    before = (_NEWEST, lines[place - 1]) if place else None
    return {**state, _SETTINGS: tally.exchanged(state[_SETTINGS], before, (_NEWEST, line))}
