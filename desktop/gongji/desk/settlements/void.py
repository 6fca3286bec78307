"""冲销: the exact opposite of a stored settlement, never computed again."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.dates import day_of
from gongji.core.engine.without_benefit import pays_nothing
from gongji.core.ledger.audit import Act
from gongji.core.ledger.giving_back import ByMeans, in_words, tendered
from gongji.core.ledger.ledger import FigureKey, moved_to
from gongji.core.ledger.stored_settlement import (
    Movement,
    StoredSettlement,
    check_parts,
    claim_key,
    mirrored,
    mirrored_parts,
    mirrored_payments,
    receipt_no,
    settlement_no,
)
from gongji.core.money import yuan
from gongji.core.problems import quoted
from gongji.desk.reasons import reason_of
from gongji.desk.roles import allow, only, second, with_second
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit
from gongji.store.closing import shifts
from gongji.store.engine import Connection
from gongji.store.errors import StoreError
from gongji.store.settlements import ledger, settlements
from gongji.store.upload import decisions, outbox_records
from gongji.store.upload.decisions import Resolution


class Voided(Struct, frozen=True, kw_only=True):
    """A stored void, and sentences for the clerk about what it affects.

    `back` is what is given back by each means, in fen; below zero what the patient still has to pay.
    """

    stored: StoredSettlement
    again: bool
    remarks: tuple[str, ...]
    back: ByMeans
    warnings: tuple[str, ...] = ()


@only("void")
def void(session: Session, no: str, reason: str) -> Voided:
    """Void a settlement: amounts, payments, accumulators and balances are reversed, and the void is queued.

    Voiding again changes nothing and returns the same. Raises `GongjiError` for a number that cannot be voided.
    """
    return commit_void(session, no, lambda connection: void_within(session, connection, no, reason))


def commit_void(session: Session, no: str, act: Callable[[Connection], Voided]) -> Voided:
    """Do an act that voids a settlement in one transaction, then bring the witness up to date.

    Raises what `act` raises and `StoreError`, and then nothing of it was done; where the settlement is
    voided all the same, because only the answer to the commit was lost, that void is returned.
    """
    try:
        with session.store.write() as connection:
            done = act(connection)
    except StoreError:
        found = _existing(session.store.reader, settlements.by_no(session.store.reader, no))
        if found is None:
            raise
        done = found
    if not done.again:
        session.recorded(done.stored.at)
    warning = session.testify()
    return done if warning is None else replace(done, warnings=(warning,))


def void_within(session: Session, connection: Connection, no: str, reason: str) -> Voided:
    """Void a settlement within a transaction of `commit_void`. Raises `GongjiError` as `void` does."""
    reason = reason_of(reason, "没有写明冲销原因", "请写明原因，例如 药品退回（命令行：--reason 药品退回）")
    at = session.now()
    original = settlements.by_no(connection, no)
    if original is None:
        raise GongjiError(f"没有结算 {quoted(no)}", "请核对结算号（命令行：gongji list 查找）")
    if original.kind == "void":
        raise GongjiError(f"{no} 本身就是冲销", f"它冲销的是 {original.voids}；需要时请重新结算")
    found = _existing(connection, original)
    if found is not None:
        return found
    closed = shifts.of_serial(connection, original.serial) is not None
    if closed:
        allow(session, "void_closed")
    other = second(session, "void_closed") if closed else ""
    session.log_clock(connection, at)
    one = _stored(session, connection, original, reason, at)
    check_parts(one.totals, one.parts, one.payments)
    _keep(session, connection, original, one)
    _take_back_slips(session, connection, original, one)
    if closed:
        audit.append(connection, at, session.operator, Act.VOID, original.no, with_second("冲销已交班的结算", other))
    return _voided(connection, original, one, again=False)


def _voided(connection: Connection, original: StoredSettlement, one: StoredSettlement, *, again: bool) -> Voided:
    back = given_back(connection, one)
    return Voided(stored=one, again=again, remarks=_remarks(connection, original, one), back=back)


def _take_back_slips(
    session: Session, connection: Connection, original: StoredSettlement, one: StoredSettlement
) -> None:
    """Cancel what difference slips of a settlement had moved, so that the patient has all of it back and no more."""
    moved: dict[str, int] = {}
    slips = decisions.of_serial(connection, original.serial)
    for _, means, fen in decisions.payments_of(connection, slips):
        moved[means] = moved.get(means, 0) + fen
    found = tuple((means, -fen) for means, fen in moved.items() if fen)
    if not found:
        return
    total_fen = sum(fen for _, fen in found)
    slip_no = decisions.next_slip(connection, session.clinic.counter)
    part = next(slip.part for slip in slips if slip.amount_fen)
    decided = Resolution(
        serial=original.serial,
        part=part,
        kind="collect" if total_fen > 0 else "refund",
        amount_fen=total_fen,
        slip_no=slip_no,
        cause=decisions.VOIDED,
        note=one.reason,
        operator=session.operator,
        at=one.at,
    )
    decisions.put(connection, decided)
    decisions.put_payments(connection, slip_no, found)
    audit.append(connection, one.at, session.operator, Act.VOID, original.no, f"差额单 {slip_no}：{in_words(found)}")


def given_back(connection: Connection, one: StoredSettlement) -> ByMeans:
    """Return what a void gives back by each means (fen, below zero what is still to be paid), slips included."""
    found = {means: -fen for means, fen in tendered(one.payments)}
    original = None if one.voids is None else settlements.by_no(connection, one.voids)
    slips = () if original is None else decisions.of_serial(connection, original.serial)
    taken_back = [slip for slip in slips if slip.cause == decisions.VOIDED]
    for _, means, fen in decisions.payments_of(connection, taken_back):
        found[means] = found.get(means, 0) - fen
    return tuple((means, fen) for means, fen in found.items() if fen)


def _existing(connection: Connection, original: StoredSettlement | None) -> Voided | None:
    if original is None or original.voided_by is None:
        return None
    one = settlements.by_no(connection, original.voided_by)
    assert one is not None
    return _voided(connection, original, one, again=True)


def _stored(
    session: Session, connection: Connection, original: StoredSettlement, reason: str, at: str
) -> StoredSettlement:
    serial = settlements.next_serial(connection, session.clinic.serial_floor)
    return replace(
        original,
        serial=serial,
        no=settlement_no(session.clinic.counter, day_of(at), serial),
        kind="void",
        voids=original.no,
        operator=session.operator,
        at=at,
        reason=reason,
        receipt_no=receipt_no(session.clinic.counter, serial),
        totals=mirrored(original.totals),
        parts=mirrored_parts(original.parts),
        payments=mirrored_payments(original.payments),
        moved=tuple(_returned(connection, one.key, -one.amount_fen) for one in original.moved),
        given_sha256="",
        state="" if pays_nothing(original.policy) else outbox_records.PENDING,
    )


def _returned(connection: Connection, key: FigureKey, amount_fen: int) -> Movement:
    known = ledger.standing_of(connection, key)
    after_fen = moved_to(key.name, 0 if known is None else known.amount_fen, amount_fen)
    return Movement(key=key, amount_fen=amount_fen, after_fen=after_fen)


def _keep(session: Session, connection: Connection, original: StoredSettlement, one: StoredSettlement) -> None:
    detail = f"冲销 {original.no} 合计 {yuan(original.totals.total_fen)}：{one.reason}"
    entry = audit.append(connection, one.at, one.operator, Act.VOID, one.no, detail)
    sha256, _ = settlements.policy_of(connection, original.serial)
    settlements.insert(connection, one, sha256, original.serial, entry)
    if not pays_nothing(one.policy):
        clinic = session.clinic
        key = claim_key(clinic.institution["id"], clinic.counter, clinic.epoch, one.serial)
        outbox_records.put(connection, one, key, after=original.serial)


def _remarks(connection: Connection, original: StoredSettlement, one: StoredSettlement) -> tuple[str, ...]:
    """Return what the clerk should know about what was voided."""
    remarks = []
    slips = [slip for slip in decisions.of_serial(connection, original.serial) if slip.cause == decisions.VOIDED]
    for slip in slips:
        by_means = in_words(tuple((means, fen) for _, means, fen in decisions.payments_of(connection, [slip])))
        act = "补收" if slip.amount_fen > 0 else "退还"
        remarks.append(f"原来的差额一并抵销，另{act}{by_means}（差额单 {slip.slip_no}）")
    made_on, voided_on = day_of(original.at), day_of(one.at)
    if made_on != voided_on:
        remarks.append(f"冲销的是 {made_on} 的结算，退款计入 {voided_on} 的日结")
    if original.year_from[:4] != voided_on.isoformat()[:4]:
        remarks.append(f"累计退回 {original.year_from} 起的待遇年度，不影响以后的年度")
    closing = shifts.of_serial(connection, original.serial, before=one.serial)
    if closing is not None:
        remarks.append(f"原结算所在的班次已于 {closing} 交班，那次日结不变，冲销计入当前班次")
    later = [no for no in settlements.later_of_person(connection, original.person_id, original.serial) if no < one.no]
    if later:
        remarks.append(
            f"患者之后还有 {len(later)} 笔结算（{'、'.join(later)}）按原累计算得，不随之改变；需要时逐笔冲销后重新结算"
        )
    if outbox_records.is_accepted(connection, original.serial):
        remarks.append("原结算已上传，冲销将接着上传，请按经办机构要求办理")
    return tuple(remarks)
