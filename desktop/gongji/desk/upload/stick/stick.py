"""随盘上传: waiting records are carried to the platform on a stick, and the answers come back the same way.

Writing a file does not count as sending. While a lane is with a carrier nothing of it is sent from here;
its message numbers were reserved for the carrier; and every answer that comes back passes through the same state
machine as one from the network. A package expires, so that a lost one cannot turn up years later.
"""

import datetime
from pathlib import Path

from msgspec import Struct, json

from gongji.core.dates import moment_of, stamp
from gongji.core.ledger.audit import Act
from gongji.core.outbox.judge_answer import moved
from gongji.core.outbox.lanes import is_next_void
from gongji.core.outbox.message_ids import MessageNumber, msgid
from gongji.core.outbox.states import OPEN, Event, State
from gongji.core.outbox.turns import put_back
from gongji.core.progress import Progress
from gongji.desk.region_profile import region_profile
from gongji.desk.roles import only, second, with_second
from gongji.desk.session import Session
from gongji.desk.upload.gateway.gateway_guard import check_region
from gongji.desk.upload.gateway.kept_gateway import gateway
from gongji.desk.upload.record_answer import void_if_done
from gongji.errors import GongjiError
from gongji.files import read_whole, write_whole
from gongji.payer import OWN
from gongji.payer.regions import profile_names
from gongji.payer.stick.carrier import CarrierCard, read_card
from gongji.payer.stick.package import FORMAT, Manifest, digest, fingerprint, new_identity, packed, recipient_of
from gongji.store import audit, settings
from gongji.store.book_file.keys import new_key
from gongji.store.engine import Connection
from gongji.store.signing import signer_of
from gongji.store.upload import legs, messages, quiet_times, stick_extract, stick_packages
from gongji.store.upload.stick_packages import Package

__all__ = ["CarrierCard", "Package", "read_card"]

LASTS = datetime.timedelta(days=7)
_MESSAGES_A_LEG, _MESSAGES_BESIDE = 30, 100
_IDENTITY, _CARD = "sealing_key", "carrier_card"


class Exported(Struct, frozen=True, kw_only=True):
    """A package that left: its number, how many legs are in it, where a copy is kept, until when it may be used.

    `fingerprint` is that of its signing key, which the carrier's people compare once.
    """

    serial: int
    legs: int
    total_fen: int
    expires_at: str
    kept: Path
    fingerprint: str


def carrier_card(session: Session) -> CarrierCard | None:
    """Return the card of the carrier this counter gives packages to."""
    text = settings.get(session.store.reader, _CARD)
    return None if text is None else json.decode(text, type=CarrierCard)


@only("carrier")
def trust_carrier(session: Session, card: CarrierCard) -> None:
    """Give packages to this carrier from now on, and trust its answers; packages must have come back before.

    Raises `GongjiError` while one is away.
    """
    if stick_packages.out(session.store.reader) and carrier_card(session) != card:
        raise GongjiError("还有包没有带回，不能换转送机", "请先把带出的包的回执导入")
    at, detail = session.now(), with_second(card.fingerprint, second(session, "carrier"))
    with session.store.write() as connection:
        settings.put(connection, _CARD, json.encode(card).decode())
        audit.append(connection, at, session.operator, Act.CARRIER, card.name, detail)


@only("stick")
def export(session: Session, profile_name: str, progress: Progress | None = None) -> Exported:
    """Make a package of everything that waits and is not away; a copy of it is kept in the data folder.

    `progress` counts people and their years; where it stops, raises `StoppedError`, and nothing has changed.
    Raises `GongjiError` where nothing may or can be carried.
    """
    check_region(profile_name, training=session.clinic.training)
    if profile_name not in {OWN, *profile_names()}:
        advice = f"请先在“设置 → 网关”从文件取来，再导出；自带的有 {'、'.join(profile_names())}"
        raise GongjiError(f"地区配置 {profile_name} 不能写在包上：转送机上没有它", advice)
    region_profile(session.store.reader, profile_name)
    card = carrier_card(session)
    if card is None:
        raise GongjiError(
            "还没有转送机的名片",
            "请取来转送机的名片（命令行：在转送机上 gongji relay --card 文件，本机用 --to 文件 指明）",
        )
    identity, signer, at = sealing_identity(session), signer_of(session.store), session.now()
    with session.store.write() as connection:
        lanes = _cleared(connection, session, at)
        waiting = [one for one in sorted(stick_packages.legs_of(connection, lanes)) if _waits(connection, one)]
        if not waiting:
            raise GongjiError("没有要带走的记录", "等有了未上传的结算再导出；已随包带出的要等回执")
        serial = stick_packages.next_serial(connection)
        first, last = messages.set_aside(connection, at, len(waiting) * _MESSAGES_A_LEG + _MESSAGES_BESIDE)
        key = new_key()
        content = _slice(session, connection, serial, key, lanes, (first, last), progress)
        clinic = session.clinic
        total_fen = stick_packages.total_fen(connection, sorted({one for one, _ in waiting}))
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
            audit_seal=audit.last(connection)[1],  # so that the owner of the package can notice a rewritten log
            sha256=digest(content),
            verify=signer.public.hex(),
            seal_to=recipient_of(identity),
            profile=profile_name,
            key=key.hex(),
        )
        text = json.encode(manifest)
        kept = package_path(session, serial)
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
        )
        stick_packages.put(connection, left, lanes)
        for lane in lanes:
            quiet_times.drop_lane(connection, lane)
        audit.append(
            connection, at, session.operator, Act.EXPORT, f"{serial:04d}", f"{len(waiting)} 条，给 {card.name}"
        )
    return Exported(
        serial=serial,
        legs=len(waiting),
        total_fen=total_fen,
        expires_at=manifest.expires_at,
        kept=kept,
        fingerprint=fingerprint(manifest.verify),
    )


def export_to(session: Session, path: Path, progress: Progress | None = None) -> Exported:
    """Make a package of what waits and write it to a file. Raises `StoppedError` where `progress` stops it."""
    one = export(session, gateway(session).region, progress)
    write_whole(path, read_whole(one.kept))
    return one


def package_path(session: Session, serial: int) -> Path:
    """Return where the copy of a package is kept."""
    return session.folder.path / "packages" / f"{session.clinic.epoch}-{serial:04d}.gjp"


def _slice(
    session: Session,
    connection: Connection,
    serial: int,
    key: bytes,
    lanes: list[str],
    marks: tuple[MessageNumber, MessageNumber],
    progress: Progress | None,
) -> bytes:
    path = package_path(session, serial).with_suffix(".slice")
    path.parent.mkdir(parents=True, exist_ok=True)
    for left_over in path.parent.glob(f"{path.name}*"):
        left_over.unlink()
    try:
        stick_extract.cut(connection, path, key, lanes, marks, progress)
        return read_whole(path)
    finally:
        for part in path.parent.glob(f"{path.name}*"):
            part.unlink()


def sealing_identity(session: Session) -> str:
    """Return the key that opens packages for this counter; created on first use."""
    kept = settings.get(session.store.reader, _IDENTITY)
    if kept is None:
        kept = new_identity()
        with session.store.write() as connection:
            settings.put(connection, _IDENTITY, kept)
    return kept


def _waits(connection: Connection, key: tuple[int, int]) -> bool:
    return stick_packages.state_of(connection, *key) in OPEN


def _cleared(connection: Connection, session: Session, at: str) -> list[str]:
    """Return the lanes to take along, after everything that needs no message has been done."""
    for lane in stick_packages.sendable(connection):
        end_unsent(connection, lane, at, session.operator)
    return stick_packages.sendable(connection)


def end_unsent(connection: Connection, lane: str, at: str, operator: str) -> None:
    """Finish settlements that were voided before anything of them was sent."""
    for entry in legs.lane_of(connection, lane):
        if entry.voids is not None:
            void_if_done(connection, entry.serial, entry.voids, at, operator)
        elif entry.state is State.PENDING and is_next_void(legs.lane_of(connection, lane), entry.serial):
            leg = legs.get(connection, entry.serial, entry.part)
            if not leg.sent:
                legs.save(connection, moved(leg, Event.CANCEL), at)


def away(session: Session) -> list[Package]:
    """Return the packages that have left and not come back."""
    return stick_packages.out(session.store.reader)


def is_past_use(one: Package, at: str) -> bool:
    """Return whether a package can no longer reach the platform at a moment (a stamp): it expired a day ago."""
    return at > stamp(moment_of(one.expires_at) + datetime.timedelta(days=1))


@only("stick")
def give_up(session: Session, serial: int, *, destroyed: bool) -> int:
    """Take a package's lanes back without its answers; return how many legs have to be asked after.

    Only when it has expired for good, or a person confirms that it was destroyed and never reached the platform;
    even so nothing of it is sent again before the platform has been asked. Raises `GongjiError` otherwise.
    """
    at = session.now()
    with session.store.write() as connection:
        known = stick_packages.get(connection, serial)
        if known is None or known.state != "out":
            raise GongjiError(f"第 {serial} 号包不在外面", "请核对是第几号包（命令行：gongji export --list）")
        if not destroyed and not is_past_use(known, at):
            raise GongjiError(
                f"第 {serial} 号包到 {known.expires_at} 才过期",
                "等过期一天后再收回；确已销毁的，现在就能收回（命令行：--destroyed）",
            )
        lanes = stick_packages.end(connection, serial, "given_up", at)
        count = 0
        for key in sorted(stick_packages.legs_of(connection, lanes)):
            if stick_packages.state_of(connection, *key) in OPEN and not stick_packages.is_void(connection, key[0]):
                legs.save(connection, put_back(legs.get(connection, *key)), at)
                count += 1
        audit.append(connection, at, session.operator, Act.GIVE_UP, f"{serial:04d}", f"{count} 条改为待查")
    return count
