"""差异处理: what needs a person, and what a person can decide about it; each decision is a record of its own."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.ledger.audit import Act
from gongji.core.ledger.draft import Draft
from gongji.core.ledger.giving_back import ByMeans, taken_out, tendered
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.outbox.differences import Difference, DifferenceContext, compared
from gongji.core.outbox.judge_answer import moved
from gongji.core.outbox.legs import Leg, Told
from gongji.core.outbox.states import HELD, Event, State
from gongji.core.problems import quoted
from gongji.desk.reasons import reason_of
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.desk.settlements.find import find
from gongji.desk.settlements.refund import Refunded, void_and_hold
from gongji.desk.settlements.void import Voided, void_within
from gongji.desk.upload.leg_data import figures_at, sheet_of
from gongji.errors import GongjiError
from gongji.payer.answer_contents import rows_of
from gongji.payer.read_answers import output_of
from gongji.payer.regions import Profile
from gongji.payer.schema import plain
from gongji.payer.wire_leg import psn_type
from gongji.store import audit
from gongji.store.engine import Connection
from gongji.store.settlements import ledger, settlements
from gongji.store.upload import decisions, legs, messages, payer_answers
from gongji.store.upload.decisions import Resolution


class DifferenceCase(Struct, frozen=True, kw_only=True):
    """A leg that waits for a person: its settlement, its part, why, and the difference if there is one.

    `moves` is by which means the difference would be collected or (below zero) given back, in fen.
    """

    no: str
    part: int
    benefit: str
    state: State
    since_error: str
    difference: Difference | None
    moves: ByMeans = ()


def cases(session: Session, profile: Profile) -> Iterator[DifferenceCase]:
    """Yield everything that waits for a person, in order of making."""
    reader = session.store.reader
    for leg in legs.in_state(reader, State.DIFF, State.QUARANTINE, State.REJECTED):
        one = settlements.by_serial(reader, leg.serial)
        assert one is not None
        if leg.state is State.REJECTED and one.voided_by is not None:
            continue  # what was refused is voided here: neither side has it
        found = difference_of(reader, leg, profile) if leg.state is State.DIFF else None
        yield DifferenceCase(
            no=one.no,
            part=leg.part,
            benefit=one.parts[leg.part].benefit,
            state=leg.state,
            since_error=leg.last_error,
            difference=found,
            moves=() if found is None else by_means(reader, one, found.cash_fen),
        )


def difference_of(connection: Connection, leg: Leg, profile: Profile) -> Difference | None:
    """Return how the platform's figures of a leg differ from ours; None where it has given none."""
    answered = payer_answers.newest(connection, leg.serial, leg.part)
    if answered is None:
        return None
    around = DifferenceContext(
        ran_ahead=_ran_ahead(connection, leg), status_differs=_status_differs(connection, leg, profile)
    )
    return compared(figures_at(sheet_of(connection, leg), profile), answered.figures, around)


def _status_differs(connection: Connection, leg: Leg, profile: Profile) -> bool | None:
    """Return whether the platform settled for another kind of insured person; None where its answer does not say."""
    body = messages.last_accepted(connection, leg.serial, leg.part, "2207")
    output = output_of(body or b"", profile) or {}
    rows = rows_of(output, "setlinfo")
    theirs = plain(rows[0].get("psn_type")) if rows else None
    return (bool(theirs) and theirs != psn_type(sheet_of(connection, leg).visit["person"], profile)) or None


def _ran_ahead(connection: Connection, leg: Leg) -> bool | None:
    """Return whether the platform's newest figures of the year exceed what this counter has settled and was given."""
    one = settlements.by_serial(connection, leg.serial)
    assert one is not None
    found = ledger.standings(connection, one.person_id, f"{one.area}/{one.year_from}")
    ahead = [name for name, standing in found.items() if standing.as_of is not None and standing.amount_fen > 0]
    mine = {move.key.name: move.after_fen for move in one.moved}
    return any(found[name].amount_fen > mine.get(name, 0) for name in ahead) or None


@only("resolve")
def adopt(session: Session, profile: Profile, no: str, part: int, note: str) -> Resolution:
    """Adopt the platform's figures: cash is collected or refunded with a slip, and the record is done.

    The settlement's figures do not change; the slip makes up the difference. Raises `GongjiError`.
    """
    at = session.now()
    with session.store.write() as connection:
        one, leg = _leg(connection, no, part, State.DIFF)
        found = difference_of(connection, leg, profile)
        assert found is not None
        slip_no = decisions.next_slip(connection, session.clinic.counter) if found.cash_fen else None
        decided = Resolution(
            serial=one.serial,
            part=part,
            kind=found.kind,
            amount_fen=found.cash_fen,
            slip_no=slip_no,
            cause=found.cause,
            note=note,
            operator=session.operator,
            at=at,
        )
        decisions.put(connection, decided)
        if slip_no is not None:
            decisions.put_payments(connection, slip_no, by_means(connection, one, found.cash_fen))
        legs.save(connection, moved(leg, Event.SAME), at)
        audit.append(connection, at, session.operator, Act.ADOPT, no, f"{decided.kind} {decided.amount_fen} 分")
    return decided


def by_means(connection: Connection, one: StoredSettlement, cash_fen: int) -> ByMeans:
    """Return by which means a difference (fen, above zero collected) moves money.

    It is given back as it was paid, less what earlier slips gave back; it is collected in cash.
    """
    if cash_fen >= 0:
        return (("cash", cash_fen),) if cash_fen else ()
    left = dict(tendered(one.payments))
    for _, means, fen in decisions.payments_of(connection, decisions.of_serial(connection, one.serial)):
        left[means] = left.get(means, 0) + fen
    return tuple((means, -fen) for means, fen in taken_out(tuple(left.items()), -cash_fen))


@only("resolve")
def reverse(session: Session, no: str, part: int, note: str, draft: Draft | None = None) -> Refunded:
    """Void the settlement, to be settled again from `draft`: here at once, at the platform when it is next.

    Decision, void and the prepared visit are one transaction. Raises `GongjiError`, and then nothing was done.
    """

    def decide(connection: Connection) -> Voided:
        one, leg = _leg(connection, no, part, *HELD, State.REJECTED)
        _decide(session, connection, one, leg, Act.REVERSE, note)
        legs.release(connection, one.serial, part)
        return void_within(session, connection, no, note)

    return void_and_hold(session, find(session.store, no), draft, "冲销后重新结算", decide)


@only("resolve")
def retry(session: Session, no: str, part: int, note: str) -> None:
    """Let a record in quarantine or refused be tried again; the platform is asked first what it has of it.

    Raises `GongjiError` where the record is in another state or the note is empty.
    """
    with session.store.write() as connection:
        one, leg = _leg(connection, no, part, State.QUARANTINE, State.REJECTED)
        _decide(session, connection, one, leg, Act.RETRY, note)
        sentence: Told = "absent" if leg.told == "settled" or leg.restored else leg.told
        fresh = replace(moved(leg, Event.CLAIM), failures=0, sends=0, asks=0, doubt=False, told=sentence)
        legs.save(connection, fresh, session.now())
        if leg.state is State.REJECTED:  # later records of the person did not wait for it
            legs.release(connection, one.serial, part)
        _wake_void(session, connection, one)


@only("resolve")
def release(session: Session, no: str, part: int, note: str) -> None:
    """Let the person's later records be sent although this one waits; their figures may differ because of it.

    Raises `GongjiError` as `retry`.
    """
    with session.store.write() as connection:
        one, leg = _leg(connection, no, part, *HELD)
        _decide(session, connection, one, leg, Act.RELEASE, note)
        legs.release(connection, one.serial, part)


def _wake_void(session: Session, connection: Connection, one: StoredSettlement) -> None:
    if one.voided_by is None:
        return
    found = settlements.by_no(connection, one.voided_by)
    assert found is not None
    if legs.get(connection, found.serial, 0).state is State.PENDING:
        legs.save_void(connection, found.serial, State.PENDING, session.now())


def _decide(session: Session, connection: Connection, one: StoredSettlement, leg: Leg, act: Act, note: str) -> None:
    note = reason_of(note, "没有写明原因", "请写一句为什么这样处理")
    at = session.now()
    decided = Resolution(
        serial=one.serial,
        part=leg.part,
        kind=act.value,
        amount_fen=0,
        slip_no=None,
        cause=leg.last_error,
        note=note,
        operator=session.operator,
        at=at,
    )
    decisions.put(connection, decided)
    audit.append(connection, at, session.operator, act, one.no, note)


def _leg(connection: Connection, no: str, part: int, *states: State) -> tuple[StoredSettlement, Leg]:
    one = settlements.by_no(connection, no)
    if one is None or one.kind != Act.SETTLE or part >= len(one.parts):
        raise GongjiError(f"没有结算 {quoted(no)} 的第 {part + 1} 部分", "请核对结算号")
    leg = legs.get(connection, one.serial, part)
    if leg.state not in states:
        raise GongjiError(f"{no} 现在不需要这样处理", "请刷新后再看它的状态")
    return one, leg
