"""回执: what a carrier brings back passes through the same state machine as what comes over the network.

The carrier only carries: each raw answer is read and judged here, and stored with its message as if it had been sent
from here. All of a package's answers are imported, or none.
"""

import zlib

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.ledger.audit import Act
from gongji.core.outbox.judge_answer import moved
from gongji.core.outbox.replies import Answered, Busy, Exchange, NotSent, Unknown
from gongji.core.outbox.states import GONE, OPEN, Event, State
from gongji.core.outbox.turns import RegionManner, after_crash
from gongji.desk.region_profile import region_profile
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.desk.upload.record_answer import (
    RecordingContext,
    record_inquiry,
    record_leg,
    settle_record,
    void_if_done,
)
from gongji.desk.upload.stick.stick import carrier_card, end_unsent, sealing_identity
from gongji.desk.upload.stick.stick_format import CarriedHop, StickFinding, leg_of, outgoing_of, read_answers
from gongji.payer.stick.package import PackageError, opened
from gongji.store import audit
from gongji.store.engine import Connection
from gongji.store.upload import legs, outbox_records, payer_answers, stick_packages
from gongji.store.upload import messages as attempts
from gongji.store.upload.stick_packages import Package

_LARGEST = 16 << 20
"""The most bytes of a message or an answer on a stick; over the network an answer is 1 MiB at most."""


class Imported(Struct, frozen=True, kw_only=True):
    """The result of an import: the package's number, messages with answers, and the number of legs by state."""

    serial: int
    messages: int
    states: dict[str, int]


@only("stick")
def import_answers(session: Session, package: bytes) -> Imported:
    """Import the answers a carrier brings back, all or none. Raises `PackageError` that says why not.

    They are read by the profile of the region that they came from.
    """
    manifest, content = opened(package, sealing_identity(session))
    clinic, card = session.clinic, carrier_card(session)
    whose = (manifest.institution, manifest.counter, manifest.epoch)
    if manifest.kind != "answers" or whose != (clinic.institution["id"], clinic.counter, clinic.epoch):
        raise PackageError("这不是给本收费台的回执", "请核对是哪一个收费台导出的包")
    if card is None or manifest.verify != card.verify:
        raise PackageError(
            "回执不是本收费台的转送机做的", "请向交来的人核实；换过转送机的，先登记新名片（命令行：--to）"
        )
    profile, at = region_profile(session.store.reader, manifest.profile), session.now()
    with session.store.write() as connection:
        known = stick_packages.get(connection, manifest.serial)
        if known is None:
            raise PackageError(f"没有带出过第 {manifest.serial} 号包", "请核对文件")
        if known.state != "out":
            raise PackageError(
                f"第 {manifest.serial} 号包的回执已经导入过", "不用再导入；结果见“上传”（命令行：gongji queue）"
            )
        lanes = set(stick_packages.lanes_of(connection, manifest.serial))
        hops, findings = read_answers(content)
        for hop in hops:
            _check(connection, hop, known, lanes)
            _replay(RecordingContext(connection, profile, session.operator, at), hop, at)
        for finding in findings:
            _put_aside(connection, finding, lanes, at)
        for lane in stick_packages.end(connection, manifest.serial, "back", at):
            end_unsent(connection, lane, at, session.operator)
        states: dict[str, int] = {}
        for key in stick_packages.legs_of(connection, sorted(lanes)):
            state = stick_packages.state_of(connection, *key).value
            states[state] = states.get(state, 0) + 1
        audit.append(
            connection, at, session.operator, Act.ANSWERS, f"{manifest.serial:04d}", f"{len(hops)} 条报文的回执"
        )
    return Imported(serial=manifest.serial, messages=len(hops), states=states)


def _put_aside(connection: Connection, finding: StickFinding, lanes: set[str], at: str) -> None:
    """Accept a carrier's report that a leg cannot be sent: a person decides, as if it had been found here."""
    serial, part = finding.leg
    if outbox_records.lane_of(connection, serial) not in lanes:
        raise PackageError("回执里有不属于这个包的记录", "不要使用它，请联系维护人员")
    leg = legs.get(connection, serial, part)
    if leg.state in OPEN:
        aside = replace(moved(leg, Event.LIMIT), last_error=finding.unfit, doubt=leg.state is State.REVERSING)
        legs.save(connection, aside, at)


def _check(connection: Connection, hop: CarriedHop, known: Package, lanes: set[str]) -> None:
    """Refuse what was never reserved for this carrier."""
    out = hop.outgoing
    mine = out.leg is None or outbox_records.lane_of(connection, out.leg[0]) in lanes
    numbered = known.first_msgid < hop.msgid <= known.last_msgid and out.msgid == hop.msgid
    before = hop.before
    fits = (before is None) == (out.leg is None) and (before is None or (before.serial, before.part) == out.leg)
    if not (mine and numbered and fits) or stick_packages.is_kept(connection, hop.msgid):
        raise PackageError(f"回执里的报文 {hop.msgid} 不是这个包的", "不要使用它，请联系维护人员")


def _replay(frame: RecordingContext, hop: CarriedHop, at: str) -> None:
    """Store a message and process its answer as if it had been sent from here."""
    connection, out = frame.connection, outgoing_of(hop.outgoing, _unpacked(hop.body))
    before = None if hop.before is None else leg_of(hop.before)
    purpose = "session" if out.message is None else out.message.purpose.value
    attempts.put(connection, hop.msgid, out.whose, out.infno, purpose, hop.at, out.body)
    if out.leg is not None and before is not None:
        if stick_packages.state_of(connection, *out.leg) in GONE:
            raise PackageError(f"回执里的 {hop.msgid} 对应的记录已有定论", "请联系维护人员核对")
        legs.save(connection, before, at)
        if hop.answered_at is None:
            legs.save(connection, after_crash(before), at)
            return
        leg = replace(before, waited_s=hop.waited_s)
        _, outcome = record_leg(frame, out, exchange_of(hop), leg, RegionManner(was_good=True, dice=0.0))
        legs.save(connection, outcome.leg, at)
        settle_record(frame, outcome.leg)
        if out.void is not None and not void_if_done(connection, out.void, leg.serial, at, frame.operator):
            legs.save_void(connection, out.void, State.PENDING, at)
    elif (
        out.inquiry is not None
        and hop.answered_at is not None
        and record_inquiry(frame, out, out.inquiry, exchange_of(hop)).usable
    ):
        payer_answers.inquired(connection, out.inquiry)


def exchange_of(hop: CarriedHop) -> Exchange:
    """Return the outcome that the carrier's connection saw. Raises `PackageError` for bytes that cannot be unpacked."""
    body = _unpacked(hop.answer) if hop.answer else b""
    if body:
        return Answered(body)
    match hop.outcome:
        case "notsent":
            return NotSent(hop.text)
        case "busy":
            return Busy(None)
        case _:
            return Unknown(hop.text)


def _unpacked(kept: bytes) -> bytes:
    """Return a message or an answer that a carrier compressed. Raises `PackageError` for a damaged or too long one."""
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(kept, _LARGEST)
    except zlib.error:
        text = b""
    if not reader.eof or reader.unused_data:
        raise PackageError("回执的内容读不懂", "请在转送机上重新生成回执")
    return text
