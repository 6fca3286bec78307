"""What became of a message is kept: the answer as it came, what it means for its leg, what the platform said by it."""

from msgspec import Struct

from gongji.core.book.ledger import account_key, accumulator_key
from gongji.core.outbox.legs import Leg, Message
from gongji.core.outbox.replies import AlreadyReversed, Answered, Busy, Done, Exchange, NotSent, Reply, Settled, Unknown
from gongji.core.outbox.states import LIVE, State
from gongji.core.outbox.turns import Line, Outcome, answered
from gongji.desk.accepting import PLATFORM, accepted_if_all
from gongji.desk.sheets import figures_at, sheet_of
from gongji.store import attempts, audit, ledger, legs, platform, queue
from gongji.store.engine import Connection
from gongji.store.platform import Inquiry, Told
from gongji.store.selections import Chosen
from gongji.upload import reading
from gongji.upload.profiles import Profile
from gongji.upload.reading import Answer
from gongji.upload.sheets import Sheet


class Outgoing(Struct, frozen=True, kw_only=True):
    """A message that the book knows of and that may now be sent, and whose it is.

    A leg's, an inquiry's, that of an institution somebody has chosen (`selection`), or nobody's. `void` is the serial
    of the void whose turn it is, where it is one's.
    """

    msgid: str
    infno: str
    body: bytes
    lane: str = ""
    leg: tuple[int, int] | None = None
    message: Message | None = None
    number: str = ""
    void: int | None = None
    inquiry: Inquiry | None = None
    selection: Chosen | None = None


class Recorded(Struct, frozen=True, kw_only=True):
    """What became of a message: the record's number (none for a sign-in), where it stands by it, a word for people."""

    no: str = ""
    state: State | None = None
    text: str = ""
    usable: bool = True


class Frame(Struct, frozen=True):
    """The transaction in which something is kept, under which profile, by whom, when (a stamp)."""

    connection: Connection
    profile: Profile
    operator: str
    at: str


_TOLD = frozenset({State.DIFF, State.QUARANTINE, State.REJECTED, State.REVERSED})


def record_leg(frame: Frame, outgoing: Outgoing, exchange: Exchange, leg: Leg, line: Line) -> tuple[Recorded, Outcome]:
    """Keep the answer to a leg's message and what the platform said by it; return what follows for the leg."""
    assert outgoing.message is not None
    connection, profile = frame.connection, frame.profile
    sheet = sheet_of(connection, leg)
    answer = reading.read_answer(exchange, outgoing.infno, outgoing.msgid, profile)
    reply = reading.meant(answer, outgoing.infno, outgoing.number, profile)
    outcome = answered(leg, outgoing.message, reply, figures_at(sheet, profile), profile.ways, line)
    keep_answer(frame, outgoing, exchange, reply)
    if isinstance(reply, Settled) and outgoing.infno != "2208":
        _keep_told(frame, outgoing, outcome.leg, reply)
    if outcome.leg.state is State.REVERSED or (outgoing.infno == "2601" and isinstance(reply, Done | AlreadyReversed)):
        _keep_reversal(frame, outgoing, outcome.leg, reply, answer.at if isinstance(answer, Answer) else "")
    if outgoing.infno == "1101" and isinstance(answer, Answer) and answer.ok:
        _keep_person(frame, sheet, answer)
    no = str(sheet.record["settlement_no"])
    if outcome.leg.state in _TOLD and outcome.leg.state is not leg.state:
        audit.append(connection, frame.at, frame.operator, outcome.leg.state.value, no, outcome.leg.last_error)
    text = outcome.leg.last_error
    return Recorded(no=no, state=outcome.leg.state, text=text, usable=_usable(reply)), outcome


def settle_record(frame: Frame, leg: Leg) -> None:
    """Keep what follows for the record as a whole: that the platform has it, what is to be asked because of it."""
    if leg.setl_id:
        accepted_if_all(frame.connection, leg.serial, frame.at, frame.operator)
    if leg.state not in LIVE and leg.state is not State.REVERSED:
        return
    lane = queue.lane_of(frame.connection, leg.serial)
    if frame.profile.own_accumulator_names or frame.profile.accumulator:
        platform.want_figures(frame.connection, lane, "5206", leg.serial)
    if queue.offers_own_account(frame.connection, leg.serial):
        platform.want_figures(frame.connection, lane, "1101", leg.serial)


def keep_answer(frame: Frame, outgoing: Outgoing, exchange: Exchange, reply: Reply | Answer | Answered | None) -> None:
    """Keep what was answered to a message, word for word."""
    body = exchange.body if isinstance(exchange, Answered) else b""
    text = reply.reason if isinstance(reply, NotSent | Unknown) else ""
    attempts.put_answer(frame.connection, outgoing.msgid, frame.at, type(reply).__name__.lower(), text, body)


def _keep_told(frame: Frame, outgoing: Outgoing, leg: Leg, reply: Settled) -> None:
    told = Told(
        msgid=outgoing.msgid,
        serial=leg.serial,
        part=leg.part,
        reverses=False,
        setl_id=reply.setl_id,
        mdtrt_id=leg.mdtrt_id,
        at=reply.at,
        figures=reply.figures,
    )
    platform.put(frame.connection, told, frame.at)


def _keep_reversal(frame: Frame, outgoing: Outgoing, leg: Leg, reply: Reply, answered_at: str) -> None:
    """Keep that the platform took back what it had, under its own time; where it never told the figures, nothing."""
    settled = platform.newest(frame.connection, leg.serial, leg.part)
    if settled is None:
        return
    told = Told(
        msgid=outgoing.msgid,
        serial=leg.serial,
        part=leg.part,
        reverses=True,
        setl_id=settled.setl_id,
        mdtrt_id=settled.mdtrt_id,
        at=answered_at or (reply.at if isinstance(reply, Settled) else frame.at),
        figures=settled.figures,
    )
    platform.put(frame.connection, told, frame.at)


def _keep_person(frame: Frame, sheet: Sheet, answer: Answer) -> None:
    psn_no = str(answer.output["baseinfo"]["psn_no"])
    platform.put_person(frame.connection, sheet.record["person_id"], psn_no, frame.at)


def record_inquiry(frame: Frame, outgoing: Outgoing, inquiry: Inquiry, exchange: Exchange) -> Recorded:
    """Keep what the platform says a person's figures stand at, as of its own time."""
    answer = reading.read_answer(exchange, outgoing.infno, outgoing.msgid, frame.profile)
    keep_answer(frame, outgoing, exchange, answer)
    if not isinstance(answer, Answer):
        return Recorded(text="没有问到累计", usable=False)
    if not answer.ok or not answer.at:  # without its time nobody knows what they include
        return Recorded(text=answer.text)
    leg = legs.of_serial(frame.connection, inquiry.serial)[0]
    record = sheet_of(frame.connection, leg).record
    if inquiry.infno == "1101":
        found = [
            (account_key(record["person_id"]), reading.fen(row["balc"]))
            for row in reading.rows(answer.output["insuinfo"])
            if row["insutype"] == frame.profile.insutype
        ]
    else:
        found = [
            (accumulator_key(record["person_id"], record["area"], record["year_from"], name), fen)
            for name, fen in reading.accumulators(answer.output, record["year_from"], frame.profile)
        ]
    ledger.add_snapshots(frame.connection, [one for one in found if one[1] >= 0], answer.at, None, PLATFORM)
    return Recorded()


def record_sign_in(frame: Frame, outgoing: Outgoing, exchange: Exchange) -> tuple[str, Recorded]:
    """Return the number of the sign-in where there is one."""
    answer = reading.read_answer(exchange, outgoing.infno, outgoing.msgid, frame.profile)
    keep_answer(frame, outgoing, exchange, answer)
    if not isinstance(answer, Answer):
        return "", Recorded(text=answer.reason or "平台忙", usable=False)
    if not answer.ok:
        return "", Recorded(text=f"签到没有被接受：{answer.text}", usable=False)
    return str(answer.output["signinoutb"]["sign_no"]), Recorded(text="已签到")


def _usable(reply: Reply) -> bool:
    return not isinstance(reply, NotSent | Unknown | Busy)
