"""上传回执: what the platform has of ours, and its figures by then.

The outcome of a message is stored: the answer as received, what it means for its leg, the figures in it.
"""

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.ledger.audit import Act
from gongji.core.ledger.ledger import account_key, accumulator_key
from gongji.core.outbox.legs import Leg, Message
from gongji.core.outbox.replies import (
    AlreadyReversed,
    Answered,
    Busy,
    Done,
    Exchange,
    NotSent,
    Refused,
    Reply,
    Settled,
    Unknown,
)
from gongji.core.outbox.states import GONE, LIVE, State
from gongji.core.outbox.turns import Outcome, RegionManner, answered
from gongji.desk.upload.leg_data import figures_at, sheet_of
from gongji.payer import answer_contents, interpret_answers, message_contents, read_answers
from gongji.payer.read_answers import Answer
from gongji.payer.regions import Profile
from gongji.payer.wire_leg import LegData
from gongji.store import audit
from gongji.store.engine import Connection
from gongji.store.people import people
from gongji.store.people.choices import InstitutionChoice
from gongji.store.settlements import ledger, settlements
from gongji.store.upload import legs, messages, outbox_records, payer_answers
from gongji.store.upload.payer_answers import Entitlement, Inquiry, KnownPerson, PayerFigures, put_entitlement

PLATFORM = "platform"
ENTITLEMENT = "2001"


def accepted_if_all(connection: Connection, serial: int, at: str, operator: str) -> None:
    """Record that the platform has a settlement, once it has settled every part: its snapshots know it from then on.

    That stays so when it is reversed later; from then on they know the void as well.
    """
    mine = legs.of_serial(connection, serial)
    told = [payer_answers.newest(connection, leg.serial, leg.part) for leg in mine]
    found = [one for one in told if one is not None]
    if len(found) < len(mine) or outbox_records.is_accepted(connection, serial):
        return
    reference = "、".join(one.setl_id for one in found)
    outbox_records.accept(connection, serial, max(one.at for one in found), reference, at)
    audit.append(connection, at, operator, Act.ACCEPTED, settlements.no_of(connection, serial), reference)


def void_if_done(connection: Connection, void: int, original: int, at: str, operator: str) -> bool:
    """Finish a void once nothing of what it takes back is left at the platform; return whether it is finished."""
    mine = legs.of_serial(connection, original)
    if any(leg.state not in GONE for leg in mine):
        return False
    reversed_there = any(leg.state is State.REVERSED for leg in mine)
    legs.save_void(connection, void, State.ACCEPTED if reversed_there else State.VOID, at)
    # only where the platform's snapshots know the settlement can they know that it is gone
    if outbox_records.is_accepted(connection, original) and not outbox_records.is_accepted(connection, void):
        told = [payer_answers.newest(connection, leg.serial, leg.part, reverses=True) for leg in mine]
        when = [one.at for one in told if one is not None]
        outbox_records.accept(connection, void, max(when, default=at), "、".join(leg.setl_id for leg in mine), at)
    words = "平台已撤销" if reversed_there else "平台没有，无需撤销"
    audit.append(connection, at, operator, Act.VOID_DONE, settlements.no_of(connection, void), words)
    return True


class Outgoing(Struct, frozen=True, kw_only=True):
    """A stored message that may now be sent, and what it belongs to.

    A leg, an inquiry, a choice of institution (`selection`), or nothing. `void` is the serial
    of the void in whose turn it is sent, if any; `undoes` the message that a reversal of its own takes back,
    `voucher` the scanned code to decode, and `person` the patient of its visit.
    """

    msgid: str = ""
    infno: str
    body: bytes = b""
    lane: str = ""
    leg: tuple[int, int] | None = None
    message: Message | None = None
    number: str = ""
    void: int | None = None
    inquiry: Inquiry | None = None
    selection: InstitutionChoice | None = None
    undoes: str = ""
    voucher: str = ""
    person: str = ""

    @property
    def whose(self) -> tuple[int, int] | str | None:
        """Whom the message is about: a leg's patient, or a person by number; None for nobody."""
        asked = self.inquiry.lane.partition("/")[0] if self.inquiry is not None else ""
        return self.leg or self.person or (self.selection.person_id if self.selection is not None else asked) or None

    def __repr__(self) -> str:
        """Show no number."""
        return f"Outgoing({self.infno} {self.msgid})"


class Recorded(Struct, frozen=True, kw_only=True):
    """The outcome of a message: the record's number (none for a sign-in), its new state, a sentence.

    `refusal` are the platform's words where it refused.
    """

    no: str = ""
    state: State | None = None
    text: str = ""
    usable: bool = True
    refusal: str = ""


class RecordingContext(Struct, frozen=True):
    """The transaction in which an answer is recorded, under which profile, by whom, when (a stamp)."""

    connection: Connection
    profile: Profile
    operator: str
    at: str


_TOLD = {
    State.DIFF: Act.DIFFERENCE,
    State.QUARANTINE: Act.QUARANTINE,
    State.REJECTED: Act.REJECTED,
    State.REVERSED: Act.REVERSED,
}


def record_leg(
    frame: RecordingContext, outgoing: Outgoing, exchange: Exchange, leg: Leg, line: RegionManner
) -> tuple[Recorded, Outcome]:
    """Store the answer to a leg's message and the figures in it; return what follows for the leg."""
    assert outgoing.message is not None
    connection, profile = frame.connection, frame.profile
    sheet = sheet_of(connection, leg)
    answer = read_answers.read_answer(exchange, outgoing.infno, outgoing.msgid, profile)
    reply = interpret_answers.interpret(answer, outgoing.infno, outgoing.number, profile)
    outcome = answered(leg, outgoing.message, reply, figures_at(sheet, profile), profile.ways, line)
    keep_answer(frame, outgoing, exchange, reply)
    if isinstance(reply, Settled):
        _keep_told(frame, outgoing, outcome.leg, reply)
    if outcome.leg.state is State.REVERSED or (outgoing.infno == "2601" and isinstance(reply, Done | AlreadyReversed)):
        _keep_reversal(frame, outgoing, outcome.leg, reply, answer.at if isinstance(answer, Answer) else "")
    if outgoing.infno == "1101" and isinstance(answer, Answer) and answer.ok:
        _keep_person(frame, sheet, answer)
    no = str(sheet.record["settlement_no"])
    if outcome.leg.state in _TOLD and outcome.leg.state is not leg.state:
        audit.append(connection, frame.at, frame.operator, _TOLD[outcome.leg.state], no, outcome.leg.last_error)
    text = outcome.leg.last_error
    refusal = reply.text if isinstance(reply, Refused) else ""
    found = Recorded(no=no, state=outcome.leg.state, text=text, usable=_usable(reply), refusal=refusal)
    return found, outcome


def settle_record(frame: RecordingContext, leg: Leg) -> None:
    """Store what follows for the record as a whole: that the platform has it, what is to be asked because of it."""
    if leg.setl_id:
        accepted_if_all(frame.connection, leg.serial, frame.at, frame.operator)
    if leg.state not in LIVE and leg.state is not State.REVERSED:
        return
    lane = outbox_records.lane_of(frame.connection, leg.serial)
    if frame.profile.own_accumulator_names or frame.profile.accumulator:
        payer_answers.want_figures(frame.connection, lane, "5206", leg.serial)
    if frame.profile.entitlement:
        payer_answers.want_figures(frame.connection, lane, ENTITLEMENT, leg.serial)
    if outbox_records.offers_own_account(frame.connection, leg.serial):
        payer_answers.want_figures(frame.connection, lane, "1101", leg.serial)


def keep_answer(
    frame: RecordingContext, outgoing: Outgoing, exchange: Exchange, reply: Reply | Answer | Answered | None
) -> None:
    """Store an answer to a message, byte for byte."""
    body = exchange.body if isinstance(exchange, Answered) else b""
    text = reply.reason if isinstance(reply, NotSent | Unknown) else ""
    messages.put_answer(frame.connection, outgoing.msgid, frame.at, type(reply).__name__.lower(), text, body)


def _keep_told(frame: RecordingContext, outgoing: Outgoing, leg: Leg, reply: Settled) -> None:
    told = PayerFigures(
        msgid=outgoing.msgid,
        serial=leg.serial,
        part=leg.part,
        reverses=False,
        setl_id=reply.setl_id,
        mdtrt_id=leg.mdtrt_id,
        at=reply.at,
        figures=reply.figures,
        agency=reply.agency,
        insutype=reply.insutype,
        clr_type=reply.clr_type,
    )
    payer_answers.put(frame.connection, told, frame.at)


def _keep_reversal(frame: RecordingContext, outgoing: Outgoing, leg: Leg, reply: Reply, answered_at: str) -> None:
    """Record that the platform reversed what it had, at its own time; nothing where it never gave the figures."""
    settled = payer_answers.newest(frame.connection, leg.serial, leg.part)
    if settled is None:
        return
    at = answered_at or (reply.at if isinstance(reply, Done) else "") or frame.at
    told = replace(settled, msgid=outgoing.msgid, reverses=True, at=at)
    payer_answers.put(frame.connection, told, frame.at)


def _keep_person(frame: RecordingContext, sheet: LegData, answer: Answer) -> None:
    known = person_in(answer, frame.profile)
    payer_answers.put_person(frame.connection, sheet.record["person_id"], known, frame.at)


def person_in(answer: Answer, profile: Profile) -> KnownPerson:
    """Return the person in 1101's answer."""
    told = answer_contents.insured(answer.output, profile)
    return KnownPerson(psn_no=told.psn_no, cert_type=told.cert_type, psn_type=told.psn_type, area=told.area)


def entitlement_in(answer: Answer, sheet: LegData, profile: Profile) -> Entitlement | None:
    """Return 2001's answer on the kind of a visit; None where it does not say whether the person is entitled."""
    told = answer_contents.entitled(answer.output)
    if told is None:
        return None
    med_type = message_contents.medical_type(sheet, profile)
    return Entitlement(med_type=med_type, entitled=told[0], reason=told[1], at=answer.at)


def record_inquiry(frame: RecordingContext, outgoing: Outgoing, inquiry: Inquiry, exchange: Exchange) -> Recorded:
    """Store what the platform says a person's figures are, as of its own time."""
    answer = read_answers.read_answer(exchange, outgoing.infno, outgoing.msgid, frame.profile)
    keep_answer(frame, outgoing, exchange, answer)
    if not isinstance(answer, Answer):
        return Recorded(text="没有问到累计", usable=False)
    if not answer.ok or not answer.at:  # without its time nobody knows what they include
        return Recorded(text=answer.text)
    leg = legs.of_serial(frame.connection, inquiry.serial)[0]
    record = sheet_of(frame.connection, leg).record
    if inquiry.infno == ENTITLEMENT:
        return _keep_entitlement(frame, leg, answer)
    if inquiry.infno == "1101":
        balance_fen = answer_contents.insured(answer.output, frame.profile).balance_fen
        found = [] if balance_fen is None else [(account_key(record["person_id"]), balance_fen)]
    else:
        found = [
            (accumulator_key(record["person_id"], record["area"], record["year_from"], name), fen)
            for name, fen in answer_contents.accumulators(answer.output, record["year_from"], frame.profile)
        ]
    ledger.add_snapshots(frame.connection, [one for one in found if one[1] >= 0], answer.at, None, PLATFORM)
    return Recorded()


def _keep_entitlement(frame: RecordingContext, leg: Leg, answer: Answer) -> Recorded:
    """Store whether a person is entitled, with the platform's time, and their insurance if the answer has it."""
    sheet = sheet_of(frame.connection, leg)
    one = entitlement_in(answer, sheet, frame.profile)
    if one is None:
        return Recorded(text="平台没有说是否享受待遇")
    keep_entitlement(frame.connection, str(sheet.record["person_id"]), one)
    return Recorded(text="" if one.entitled else f"平台答复不享受待遇：{one.reason}")


def keep_entitlement(connection: Connection, person_id: str, one: Entitlement) -> None:
    """Store whether a person is entitled; their insurance changes from that day on where the answer differs."""
    put_entitlement(connection, person_id, one)
    known = people.coverage(connection, person_id, one.at[:10])
    if known is not None and known.entitled is not one.entitled:
        changed = replace(known, starts=one.at[:10], entitled=one.entitled)
        people.save_coverage(connection, person_id, changed, one.at)


def record_sign_in(frame: RecordingContext, outgoing: Outgoing, exchange: Exchange) -> tuple[str, Recorded]:
    """Return the number of the sign-in, if there is one."""
    answer = read_answers.read_answer(exchange, outgoing.infno, outgoing.msgid, frame.profile)
    keep_answer(frame, outgoing, exchange, answer)
    if not isinstance(answer, Answer):
        return "", Recorded(text=answer.reason or "平台忙", usable=False)
    if not answer.ok:
        return "", Recorded(text=f"签到没有被接受：{answer.text}", usable=False, refusal=answer.text or "未说明原因")
    return str(answer.output["signinoutb"]["sign_no"]), Recorded(text="已签到")


def _usable(reply: Reply) -> bool:
    return not isinstance(reply, NotSent | Unknown | Busy)
