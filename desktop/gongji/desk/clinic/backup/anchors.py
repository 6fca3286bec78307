"""锚: the line that somebody else keeps, made at each day's close and beside each copy that leaves; and its check.

An anchor fits the book, breaks (which tables, since when), is no anchor, or is missing. Append-only tables are checked
as they were at the anchor, however much came after; the schema as well, where the book had been through every
migration. What may be changed is checked only where nothing was written since: otherwise rows may have come, and the
book holds today's content alone.
"""

from collections.abc import Container, Iterable, Iterator

from msgspec import Struct

from gongji.core.ledger.audit import Anchor, anchor_line, read_anchor
from gongji.desk.clinic.backup.restored_doubts import ORIGIN
from gongji.desk.session import Session
from gongji.store import audit, settings
from gongji.store.audit import KeptAnchor
from gongji.store.book_file import tally, tally_check
from gongji.store.engine import Connection
from gongji.store.migrations import NAMES
from gongji.store.settlements import settlement_sums, settlements
from gongji.store.upload import messages

FITS, BREAKS, UNKNOWN, MISSING = "fits", "breaks", "unknown", "missing"
RESULTS = {FITS: "相符", BREAKS: "不符", UNKNOWN: "看不懂", MISSING: "缺"}
"""The result for an anchor, and its Chinese name."""
_ANCHORS = "anchor"
_SETTINGS, _NEWEST = "setting", settings.ANCHOR
_MIGRATIONS = "_sqlite_migrations"
_NONE = tally.Tally(0, b"")


class AnchorCheck(Struct, frozen=True, kw_only=True):
    """Whether a book still holds what an anchor says: its moment, the result, and where it breaks."""

    at: str
    result: str
    text: str


def check_anchors(connection: Connection, lines: Iterable[str]) -> Iterator[AnchorCheck]:
    """Yield the result for each of these lines, and for the anchors that the book has given and are not among them."""
    found: list[Anchor] = []
    for line in filter(str.strip, lines):
        one = read_anchor(line)
        if one is None:
            yield AnchorCheck(at="", result=UNKNOWN, text=f"不是锚：{line.strip()[:40]}")
        else:
            found.append(one)
    held = {one.root for one in found}
    book = _read_book(connection, held)
    for each in book.given:
        given = read_anchor(each.line)
        if given is not None and given.root not in held:
            sentence = f"{given.no or '开始'} 时账上给出过这个锚（{each.cause}），您手里没有"
            yield AnchorCheck(at=given.at, result=MISSING, text=sentence)
    before = ""
    for one in sorted(found, key=lambda each: (each.at, each.audit)):
        text = _wrong_with(connection, book, one)
        since = f"（上一个相符的锚：{before}）" if before else "（之前没有相符的锚）"
        yield AnchorCheck(at=one.at, result=BREAKS if text else FITS, text=f"{text}{since}" if text else "")
        before = before if text else one.at


class _Book(Struct, frozen=True, kw_only=True):
    """What every anchor is compared with, read once however many anchors there are.

    `given` are the anchors the book has given, `states` the tallies at those wanted, by root; `frozen` is the running
    hash of every append-only table at every count that those states name.
    """

    institution: str
    counter: str | None
    commits: int
    given: list[KeptAnchor]
    states: dict[bytes, tally.Tallies]
    frozen: dict[tuple[str, int], bytes]
    schema: tally.Tally


def _read_book(connection: Connection, roots: Container[bytes]) -> _Book:
    kept = audit.anchors(connection)
    states = {
        given.root: tally.read_state(each.state)
        for each in kept
        if (given := read_anchor(each.line)) is not None and given.root in roots
    }
    commits, _ = tally.kept(connection)
    return _Book(
        institution=str(settings.institution_id(connection)),
        counter=settings.get(connection, "counter"),
        commits=commits,
        given=kept,
        states=states,
        frozen=_running(connection, states.values()),
        schema=tally.schema_tally(connection),
    )


def _running(connection: Connection, states: Iterable[tally.Tallies]) -> dict[tuple[str, int], bytes]:
    """Return the running hash of every append-only table at every count that an anchor needs, each table read once."""
    counts: dict[str, set[int]] = {}
    for state in states:
        for name, one in state.items():
            if name in tally.FROZEN:
                counts.setdefault(name, set()).add(one.count)
    found: dict[tuple[str, int], bytes] = {}
    for name, wanted in counts.items():
        found.update({(name, count): hash_ for count, hash_ in tally_check.prefixes(connection, name, wanted)})
    return found


def _wrong_with(connection: Connection, book: _Book, one: Anchor) -> str:
    """Return where a book differs from an anchor, empty where it fits."""
    if (one.institution, one.counter) != (book.institution, book.counter):
        return "这是别的机构或别的收费台的锚"
    if audit.seal_of(connection, one.audit) != one.seal.hex():
        return f"操作日志第 {one.audit} 条与锚不符：它或它之前的日志被改过，或数据退回过"
    state = book.states.get(one.root)
    if state is None or tally.root(state) != one.root:
        return "数据文件里没有这个锚当时各表的数字，或它们被改过"
    tables = [
        name
        for name, kept in state.items()
        if name in tally.FROZEN and book.frozen.get((name, kept.count)) != kept.hash
    ]
    if state.get(_MIGRATIONS, _NONE).count >= len(NAMES) and book.schema != state.get(tally.SCHEMA):
        tables.append(tally.SCHEMA)
    if book.commits - one.commits <= 1:
        tables += _changed_since(connection, book, one, state)
    return f"表 {'、'.join(dict.fromkeys(tables))} 与锚不符：锚之前的内容被改过" if tables else ""


def _changed_since(connection: Connection, book: _Book, one: Anchor, state: tally.Tallies) -> Iterator[str]:
    """Yield the tables that are no longer as at an anchor after which only keeping it was written, if anything."""
    kept_itself = len(book.given) == state.get(_ANCHORS, _NONE).count + book.commits - one.commits
    expected = _once_kept([each.line for each in book.given], one, state)
    for name in {*tally.tables(connection), *state} - {tally.SCHEMA, _ANCHORS if kept_itself else ""}:
        if tally_check.misfit(connection, name, expected):
            yield name


def _once_kept(anchors: list[str], one: Anchor, state: tally.Tallies) -> tally.Tallies:
    """Return the tallies at an anchor with what keeping it wrote: the setting of the newest anchor."""
    line = anchor_line(one)
    if line not in anchors or _SETTINGS not in state:
        return state
    place = anchors.index(line)
    before = (_NEWEST, anchors[place - 1]) if place else None
    return {**state, _SETTINGS: tally.exchanged(state[_SETTINGS], before, (_NEWEST, line))}


def make_anchor(session: Session, cause: str) -> str:
    """Return the anchor line of the book's current state, stored in the book too; `cause` says what it is made for."""
    at = session.newest(session.stamp())
    with session.store.write() as connection:
        commits, tallies = tally.kept(connection)
        serial, seal = audit.last(connection)
        state = tally.state_of(tallies)
        last = settlements.next_serial(connection, 0) - 1
        one = Anchor(
            institution=session.clinic.institution["id"],
            counter=session.clinic.counter,
            origin=settings.get(connection, ORIGIN) or "",
            epoch=session.clinic.epoch,
            audit=serial,
            seal=bytes.fromhex(seal),
            commits=commits,
            root=tally.root(tallies),
            no=settlements.last_no(connection) or "",
            serial=last,
            message=messages.last_number(connection),
            sums_fen=settlement_sums.sums_by_means(connection),
            at=at,
        )
        line = anchor_line(one)
        settings.put(connection, settings.ANCHOR, line)  # sent along with every package, and where a region asks for it
        audit.put_anchor(connection, KeptAnchor(line=line, cause=cause, state=state, at=at))
    return line
