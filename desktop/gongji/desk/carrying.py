"""随盘上传: what waits is carried to the platform on a stick, and the answers come back the same way.

Nothing is taken for sent because a file was written. While a lane is with a carrier nothing of it is sent from here;
its message numbers were set aside for the carrier; and every answer that comes back goes through the same machine of
states as one that came over a line. A package expires, so that one that was lost cannot turn up years later.
"""

import datetime
import zlib
from collections.abc import Callable
from pathlib import Path

from msgspec import DecodeError, Struct, ValidationError, json
from msgspec.structs import replace

from gongji.core.book.times import moment_of, stamp
from gongji.core.outbox.judging import moved
from gongji.core.outbox.lanes import is_next_void
from gongji.core.outbox.legs import Leg
from gongji.core.outbox.msgids import Mark, msgid
from gongji.core.outbox.replies import Answered, Busy, Exchange, NotSent, Unknown
from gongji.core.outbox.states import FINAL, OPEN, Event, State
from gongji.core.outbox.turns import Line, after_crash, put_back
from gongji.desk.accepting import void_if_done
from gongji.desk.counter import Counter
from gongji.desk.recording import Frame, Outgoing, record_inquiry, record_leg, settle_record
from gongji.errors import GongjiError
from gongji.files import read_whole, write_whole
from gongji.store import attempts, audit, legs, packages, platform, queue, settings, slices
from gongji.store.engine import Connection
from gongji.store.keys import new_key
from gongji.store.packages import Package
from gongji.store.signing import signer_of
from gongji.upload.carriers import Card
from gongji.upload.packages import FORMAT, Manifest, PackageError, digest, new_identity, opened, packed, recipient_of
from gongji.upload.profiles import Profile

LASTS = datetime.timedelta(days=7)
_MESSAGES_A_LEG, _MESSAGES_BESIDE = 30, 100
_IDENTITY, _CARD = "sealing_key", "carrier_card"


class CarriedHop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message as a carrier brings it back: what was sent and answered when, and how its leg stood before."""

    msgid: str
    at: str
    body: bytes
    answered_at: str | None
    outcome: str
    text: str
    answer: bytes
    outgoing: Outgoing
    before: Leg | None
    waited_s: int


class Exported(Struct, frozen=True, kw_only=True):
    """A package that left: its number, how many legs are in it, where a copy is kept, until when it may be used."""

    serial: int
    legs: int
    total_fen: int
    expires_at: str
    kept: Path


class Imported(Struct, frozen=True, kw_only=True):
    """What came back: the package's number, messages with their answers, and how many legs now stand in each state."""

    serial: int
    messages: int
    states: dict[str, int]


def carrier_card(counter: Counter) -> Card | None:
    """Return the card of the carrier this counter gives packages to."""
    text = settings.get(counter.store.reader, _CARD)
    return None if text is None else json.decode(text, type=Card)


def trust_carrier(counter: Counter, card: Card) -> None:
    """Give packages to this carrier from now on, and take its word; a package that is away must be back before."""
    if packages.out(counter.store.reader) and carrier_card(counter) != card:
        raise GongjiError("还有包没有带回，不能换转送机", "请先把带出的包的回执导入")
    at = counter.now()
    with counter.store.write() as connection:
        settings.put(connection, _CARD, json.encode(card).decode())
        audit.append(connection, at, counter.operator, "carrier", card.name, card.fingerprint)


def export(counter: Counter, profile_name: str) -> Exported:
    """Make a package of everything that waits and is not away already; a copy of it is kept in the data folder."""
    card = carrier_card(counter)
    if card is None:
        raise GongjiError("还没有转送机的名片", "请在转送机上用 gongji relay --card 文件 生成，再用 --to 文件 指明")
    identity, signer, at = _identity(counter), signer_of(counter.store), counter.now()
    with counter.store.write() as connection:
        lanes = _cleared(connection, counter, at)
        waiting = [one for one in sorted(packages.legs_of(connection, lanes)) if _waits(connection, one)]
        if not waiting:
            raise GongjiError("没有要带走的记录", "等有了未上传的结算再导出；已随包带出的要等回执")
        serial = packages.next_serial(connection)
        first, last = attempts.set_aside(connection, at, len(waiting) * _MESSAGES_A_LEG + _MESSAGES_BESIDE)
        key = new_key()
        content = _slice(counter, connection, serial, key, lanes, (first, last))
        clinic = counter.clinic
        total_fen = packages.total_fen(connection, sorted({one for one, _ in waiting}))
        manifest = Manifest(
            format=FORMAT,
            kind="records",
            institution=clinic.institution["id"],
            counter=clinic.counter,
            epoch=clinic.epoch,
            serial=serial,
            made_at=at,
            expires_at=stamp(moment_of(at) + LASTS),
            legs=len(waiting),
            total_fen=total_fen,
            audit_seal=packages.last_seal(connection),
            sha256=digest(content),
            verify=signer.public.hex(),
            seal_to=recipient_of(identity),
            profile=profile_name,
            key=key.hex(),
        )
        text = json.encode(manifest)
        kept = package_path(counter, serial)
        write_whole(kept, packed(text, signer.sign(text), content, card.seal_to))
        left = Package(
            serial=serial,
            made_at=at,
            expires_at=manifest.expires_at,
            receiver=card.name,
            legs=len(waiting),
            sha256=manifest.sha256,
            first_msgid=msgid(clinic.institution["id"], clinic.counter, first),
            last_msgid=msgid(clinic.institution["id"], clinic.counter, last),
            state="out",
            ended_at=None,
        )
        packages.put(connection, left, lanes)
        audit.append(connection, at, counter.operator, "export", f"{serial:04d}", f"{len(waiting)} 条，给 {card.name}")
    return Exported(serial=serial, legs=len(waiting), total_fen=total_fen, expires_at=manifest.expires_at, kept=kept)


def package_path(counter: Counter, serial: int) -> Path:
    """Return where the copy of a package is kept."""
    return counter.folder.path / "packages" / f"{counter.clinic.epoch}-{serial:04d}.gjp"


def _slice(
    counter: Counter, connection: Connection, serial: int, key: bytes, lanes: list[str], marks: tuple[Mark, Mark]
) -> bytes:
    path = package_path(counter, serial).with_suffix(".slice")
    path.parent.mkdir(parents=True, exist_ok=True)
    for left_over in path.parent.glob(f"{path.name}*"):
        left_over.unlink()
    try:
        slices.cut(connection, path, key, lanes, *marks)
        return read_whole(path)
    finally:
        for part in path.parent.glob(f"{path.name}*"):
            part.unlink()


def _identity(counter: Counter) -> str:
    """Return what opens packages for this counter; made when it is first asked for."""
    kept = settings.get(counter.store.reader, _IDENTITY)
    if kept is None:
        kept = new_identity()
        with counter.store.write() as connection:
            settings.put(connection, _IDENTITY, kept)
    return kept


def _waits(connection: Connection, key: tuple[int, int]) -> bool:
    return packages.state_of(connection, *key) in OPEN


def _cleared(connection: Connection, counter: Counter, at: str) -> list[str]:
    """Return the lanes to take along, after whatever needs no message at all has been done."""
    for lane in packages.sendable(connection):
        end_unsent(connection, lane, at, counter.operator)
    return packages.sendable(connection)


def end_unsent(connection: Connection, lane: str, at: str, operator: str) -> None:
    """Bring to their end settlements that were voided before anything of them was sent."""
    for entry in legs.lane_of(connection, lane):
        if entry.voids is not None:
            void_if_done(connection, entry.serial, entry.voids, at, operator)
        elif entry.state is State.PENDING and is_next_void(legs.lane_of(connection, lane), entry.serial):
            leg = legs.get(connection, entry.serial, entry.part)
            if not leg.sent:
                legs.save(connection, moved(leg, Event.CANCEL), at)


def import_answers(counter: Counter, package: bytes, profile_of: Callable[[str], Profile]) -> Imported:
    """Take in the answers a carrier brings back, all or none; `PackageError` says why they are not taken.

    `profile_of` returns the profile of a name: answers are read as their region spells them.
    """
    manifest, content = opened(package, _identity(counter))
    clinic, card = counter.clinic, carrier_card(counter)
    whose = (manifest.institution, manifest.counter, manifest.epoch)
    if manifest.kind != "answers" or whose != (clinic.institution["id"], clinic.counter, clinic.epoch):
        raise PackageError("这不是给本收费台的回执", "请核对是哪一个收费台导出的包")
    if card is None or manifest.verify != card.verify:
        raise PackageError("回执不是本收费台的转送机做的", "请向交来的人核实；换过转送机的，先用 --to 登记新名片")
    profile, at = profile_of(manifest.profile), counter.now()
    with counter.store.write() as connection:
        known = packages.get(connection, manifest.serial)
        if known is None:
            raise PackageError(f"没有带出过第 {manifest.serial} 号包", "请核对文件")
        if known.state != "out":
            raise PackageError(f"第 {manifest.serial} 号包的回执已经导入过", "不用再导入；结果见 gongji queue")
        lanes = set(packages.lanes_of(connection, manifest.serial))
        hops = _hops(content)
        for hop in hops:
            _check(connection, hop, known, lanes)
            _replay(Frame(connection, profile, counter.operator, at), hop, at)
        for lane in packages.end(connection, manifest.serial, "back", at):
            end_unsent(connection, lane, at, counter.operator)
        states: dict[str, int] = {}
        for key in packages.legs_of(connection, sorted(lanes)):
            state = packages.state_of(connection, *key).value
            states[state] = states.get(state, 0) + 1
        audit.append(connection, at, counter.operator, "import", f"{manifest.serial:04d}", f"{len(hops)} 条报文的回执")
    return Imported(serial=manifest.serial, messages=len(hops), states=states)


def _hops(content: bytes) -> list[CarriedHop]:
    try:
        return [json.decode(line, type=CarriedHop) for line in content.splitlines()]
    except (DecodeError, ValidationError) as error:
        raise PackageError("回执的内容读不懂", "请在转送机上重新生成回执") from error


def _check(connection: Connection, hop: CarriedHop, known: Package, lanes: set[str]) -> None:
    """Refuse what was never set aside for this carrier."""
    out = hop.outgoing
    mine = out.leg is None or queue.lane_of(connection, out.leg[0]) in lanes
    numbered = known.first_msgid < hop.msgid <= known.last_msgid and out.msgid == hop.msgid
    before = hop.before
    fits = (before is None) == (out.leg is None) and (before is None or (before.serial, before.part) == out.leg)
    if not (mine and numbered and fits) or packages.is_kept(connection, hop.msgid):
        raise PackageError(f"回执里的报文 {hop.msgid} 不是这个包的", "不要使用它，请联系维护人员")


def _replay(frame: Frame, hop: CarriedHop, at: str) -> None:
    """Keep a message and take its answer as if it had been sent from here."""
    connection, out = frame.connection, replace(hop.outgoing, body=zlib.decompress(hop.body))
    purpose = "session" if out.message is None else out.message.purpose.value
    attempts.put(connection, hop.msgid, out.leg, out.infno, purpose, hop.at, out.body)
    if out.leg is not None and hop.before is not None:
        if packages.state_of(connection, *out.leg) in FINAL:
            raise PackageError(f"回执里的 {hop.msgid} 对应的记录已有定论", "请联系维护人员核对")
        legs.save(connection, hop.before, at)
        if hop.answered_at is None:
            legs.save(connection, after_crash(hop.before), at)
            return
        leg = replace(hop.before, waited_s=hop.waited_s)
        _, outcome = record_leg(frame, out, exchange_of(hop), leg, Line(was_good=True, dice=0.0))
        legs.save(connection, outcome.leg, at)
        settle_record(frame, outcome.leg)
        if out.void is not None and not void_if_done(connection, out.void, leg.serial, at, frame.operator):
            legs.save_void(connection, out.void, State.PENDING, at)
    elif (
        out.inquiry is not None
        and hop.answered_at is not None
        and record_inquiry(frame, out, out.inquiry, exchange_of(hop)).usable
    ):
        platform.inquired(connection, out.inquiry)


def exchange_of(hop: CarriedHop) -> Exchange:
    """Return what the carrier's line saw."""
    body = zlib.decompress(hop.answer) if hop.answer else b""
    if body:
        return Answered(body)
    match hop.outcome:
        case "notsent":
            return NotSent(hop.text)
        case "busy":
            return Busy(None)
        case _:
            return Unknown(hop.text)


def give_up(counter: Counter, serial: int, *, destroyed: bool) -> int:
    """Take a package's lanes back without its answers; return how many legs have to be asked after.

    Only when it has expired for good, or a person vouches that it was destroyed and never reached the platform's side;
    even so nothing of it is sent again before the platform has been asked.
    """
    at = counter.now()
    with counter.store.write() as connection:
        known = packages.get(connection, serial)
        if known is None or known.state != "out":
            raise GongjiError(f"第 {serial} 号包不在外面", "带出而未带回的包见 gongji export --list")
        if not destroyed and at <= stamp(moment_of(known.expires_at) + datetime.timedelta(days=1)):
            raise GongjiError(
                f"第 {serial} 号包到 {known.expires_at} 才过期", "等过期一天后再收回；确已销毁的，加 --destroyed"
            )
        lanes = packages.end(connection, serial, "given_up", at)
        count = 0
        for key in sorted(packages.legs_of(connection, lanes)):
            if packages.state_of(connection, *key) in OPEN and not packages.is_void(connection, key[0]):
                legs.save(connection, put_back(legs.get(connection, *key)), at)
                count += 1
        audit.append(connection, at, counter.operator, "give-up", f"{serial:04d}", f"{count} 条改为待查")
    return count
