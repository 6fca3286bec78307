"""转送: a connected PC sends a package's records to the gateway and brings back the answers.

The package is a small book, and the same uploader works in it as at the counter: each message is stored before
its first byte leaves, so that an interrupted relay continues where it stopped and sends nothing twice.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from msgspec import Struct, json
from msgspec.structs import replace

from gongji.core.dates import stamp
from gongji.core.outbox.replies import Exchange
from gongji.core.outbox.states import State
from gongji.desk.region_profile import region_profile
from gongji.desk.session import Session, clinic_of_book
from gongji.desk.upload.gateway.gateway_guard import check_destination, check_region
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.sending_loop import SendingLoop
from gongji.desk.upload.stick.stick_format import (
    CarriedHop,
    StickFinding,
    StickLeg,
    StickOutgoing,
    stick_leg,
    stick_outgoing,
    write_answers,
)
from gongji.desk.upload.uploader import Answer, TimeAndChance, TurnResult, Uploader
from gongji.errors import GongjiError
from gongji.files import put_in_place, resource_folder, write_whole
from gongji.pack_files.library import Library
from gongji.payer import OWN
from gongji.payer.regions import Profile, profile, profile_names
from gongji.payer.stick.carrier import Carrier
from gongji.payer.stick.package import Manifest, PackageError, digest, opened, packed
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder
from gongji.store.book_file.integrity import damaged_pages
from gongji.store.errors import StoreError
from gongji.store.upload import legs, stick_packages

Send = Callable[[str, bytes], Exchange]
_LONGEST_NAP = 1.0


class Relayed(Struct, frozen=True, kw_only=True):
    """The result for a package: its name, messages sent, legs by state, the file of the answers."""

    package: str
    messages: int
    states: dict[str, int]
    answers: Path


class Destination(Struct, frozen=True, kw_only=True):
    """Where a relay sends to: address, region and profile, whether a person named it, who approved plain http."""

    address: str
    region: str
    profile: Profile
    is_named: bool
    approved: tuple[str, ...] = ()


class RelayPatience(Struct, frozen=True):
    """For how long to try, in seconds, and how to wait."""

    seconds: float
    sleep: Callable[[float], None] = time.sleep


def wanted_region(carrier: Carrier, package: bytes) -> str:
    """Return the name of the region whose platform a package is for, as its maker says."""
    return opened(package, carrier.identity)[0].profile


def wanted_profile(carrier: Carrier, package: bytes) -> Profile:
    """Return the profile of the region whose platform a package is for. Raises `GongjiError` where there is none.

    A clinic's own profile is in the package, and is read only from a package of an enrolled counter.
    """
    manifest, content = opened(package, carrier.identity)
    if manifest.profile != OWN or manifest.kind != "records":
        return profile(manifest.profile)
    carrier.believe(manifest)
    with carrier.bench() as bench:
        write_whole(bench / "book.db", content)
        with closing(_slice_of(bench / "book.db", manifest)) as store:
            return region_profile(store.reader, manifest.profile)


def relay(
    carrier: Carrier,
    package: bytes,
    destination: Destination,
    send: Send,
    outside: TimeAndChance,
    lasting: RelayPatience,
) -> Relayed:
    """Send what is in a package and seal the answers. Raises `GongjiError` where it may not or cannot be sent at all.

    A package is carried to the platform once: when its answers are made it is finished.
    """
    manifest, content = opened(package, carrier.identity)
    if manifest.kind != "records":
        raise PackageError("这是回执，不是要转送的包", "请拿到收费台上用 gongji import 导入")
    carrier.believe(manifest)
    place = carrier.place(manifest)
    _refuse_again(place, manifest, stamp(outside.clock()))
    book = place / "book.db"
    if not book.exists():
        with carrier.bench() as bench:
            fresh = bench / "book.db"
            write_whole(fresh, content)
            _check_slice(fresh, manifest, destination)
            carrier.remember(manifest)
            write_whole(place / "sha256", manifest.sha256.encode())
            put_in_place(fresh, book)
    with closing(Store(book, bytes.fromhex(manifest.key))) as store:
        if store.needs_migration:
            raise PackageError("这个包由别的版本的程序做成", "请让收费台和转送机用同一版本")
        session = Session(
            Folder(place), store, Library(resource_folder() / "policies"), carrier.card.name, outside.clock
        )
        _check_way(manifest, destination, training=session.clinic.training)
        _send_all(Uploader(session, destination.profile, outside), send, outside, lasting)
        hops = [_told(one) for one in stick_packages.hops(store.reader)]
        findings = list(_unfit(store))
        if not findings and not any(one.outgoing.leg is not None for one in hops):
            raise GongjiError("没有接通网关，一条也没有送出", "请检查网关地址和网络，再执行一次")
        states = legs.counts(store.reader)
    answers = place / "answers.gjp"
    write_whole(place / "done", stamp(outside.clock()).encode())  # from here on nothing of it is sent any more
    named = destination.region if destination.region in {*profile_names(), OWN} else manifest.profile
    answering = replace(manifest, profile=named)  # the name of a file here means nothing where the answers are read
    write_whole(answers, _sealed(carrier, answering, write_answers(hops, findings), stamp(outside.clock())))
    return Relayed(package=manifest.name, messages=len(hops), states=states, answers=answers)


def _check_slice(book: Path, manifest: Manifest, destination: Destination) -> None:
    """Check a package's book before anything of it is stored. Raises `GongjiError` where it is not what it claims."""
    with closing(_slice_of(book, manifest)) as store:
        clinic = clinic_of_book(store)
        if (clinic.institution["id"], clinic.counter, clinic.epoch) != (
            manifest.institution,
            manifest.counter,
            manifest.epoch,
        ):
            raise _no_slice(manifest)
        _check_way(manifest, destination, training=clinic.training)


def _slice_of(book: Path, manifest: Manifest) -> Store:
    """Return a package's book, opened read-only. Raises `PackageError` for none, a damaged or another version's one."""
    try:
        store = Store(book, bytes.fromhex(manifest.key), read_only=True)
    except (StoreError, ValueError) as error:
        raise _no_slice(manifest) from error
    if not store.needs_migration and not damaged_pages(store.reader):
        return store
    wrong = _no_slice(manifest)
    if store.needs_migration:
        wrong = PackageError("这个包由别的版本的程序做成", "请让收费台和转送机用同一版本")
    store.close()
    raise wrong


def _no_slice(manifest: Manifest) -> PackageError:
    return PackageError(f"{manifest.name} 号包里的内容与清单所说的不是一回事", "不要转送，请向该机构核实")


def _check_way(manifest: Manifest, destination: Destination, *, training: bool) -> None:
    """Raise `GongjiError` where a package may not go to a destination."""
    check_region(manifest.profile, training=training)
    check_destination(
        destination.address,
        destination.region,
        training=training,
        is_named=destination.is_named,
        approved=destination.approved,
    )


def _refuse_again(place: Path, manifest: Manifest, now: str) -> None:
    seen = place / "sha256"
    if seen.exists() and seen.read_text(encoding="utf-8") != manifest.sha256:
        raise PackageError(f"{manifest.name} 号包已来过，内容不同", "不要转送，请向该机构核实")
    if (place / "done").exists():
        raise PackageError(f"{manifest.name} 号包已经转送过", f"回执在 {place / 'answers.gjp'}")
    if now > manifest.expires_at and not (place / "book.db").exists():
        raise PackageError(f"{manifest.name} 号包已在 {manifest.expires_at} 过期", "不能再转送，请收费台重新导出")


def _send_all(uploader: Uploader, send: Send, outside: TimeAndChance, lasting: RelayPatience) -> None:
    """Send one message after another until nothing waits any more, or the time is up."""
    turns = _NotedTurns(uploader, outside.ticks() + lasting.seconds, outside)

    def rest(wait: float | None) -> bool:
        if turns.is_over or wait is None or outside.ticks() + wait > turns.ends:
            return False
        lasting.sleep(min(max(wait, 0.01), _LONGEST_NAP))
        return True

    SendingLoop(turns, lambda one: send(one.infno, one.body), lanes=1).send_all(rest, lambda _: None)


class _NotedTurns:
    """The uploader's turns, with a leg's state before and after each of its messages recorded for the way back.

    Once the time is up nothing is taken after an answer.
    """

    def __init__(self, uploader: Uploader, ends: float, outside: TimeAndChance) -> None:
        self._uploader, self.ends, self._outside = uploader, ends, outside
        self._store = uploader.session.store
        self.is_over = False

    def turn(self, answers: Sequence[Answer], most: int, /) -> TurnResult:
        recorded = self._uploader.turn(answers, 0).recorded if answers else ()
        for one, _ in answers:
            with self._store.write() as connection:
                stick_packages.end_hop(connection, one.msgid, json.encode(_leg(self._store, one)))
            self.is_over = self.is_over or self._outside.ticks() > self.ends
        if self.is_over:
            return TurnResult(recorded, ())
        outgoing = self._uploader.turn((), most).outgoing
        for message in outgoing:
            with self._store.write() as connection:
                bare = json.encode(stick_outgoing(message))
                stick_packages.keep_hop(connection, message.msgid, bare, json.encode(_leg(self._store, message)))
        return TurnResult(recorded, outgoing)

    def seconds_to_wait(self) -> float | None:
        return self._uploader.seconds_to_wait()


def _leg(store: Store, outgoing: Outgoing) -> StickLeg | None:
    return None if outgoing.leg is None else stick_leg(legs.get(store.reader, *outgoing.leg))


def _told(one: stick_packages.Hop) -> CarriedHop:
    before = json.decode(one.before, type=StickLeg | None)
    after = None if one.after is None else json.decode(one.after, type=StickLeg | None)
    waited_s = 0 if before is None else before.waited_s if after is None else max(before.waited_s, after.waited_s)
    return CarriedHop(
        msgid=one.msgid,
        at=one.at,
        body=one.body,
        answered_at=one.answered_at,
        outcome=one.outcome,
        text=one.text,
        answer=one.answer,
        outgoing=json.decode(one.outgoing, type=StickOutgoing),
        before=before,
        waited_s=waited_s,
    )


def _unfit(store: Store) -> Iterator[StickFinding]:
    """Yield the legs set aside here without an answer: they do not fit the interface."""
    explained = set()
    for hop in stick_packages.hops(store.reader):
        after = None if hop.after is None else json.decode(hop.after, type=StickLeg | None)
        if after is not None and after.state == State.QUARANTINE.value:
            explained.add((after.serial, after.part))
    for leg in legs.in_state(store.reader, State.QUARANTINE):
        if (leg.serial, leg.part) not in explained:
            yield StickFinding(leg=(leg.serial, leg.part), unfit=leg.last_error)


def _sealed(carrier: Carrier, manifest: Manifest, content: bytes, at: str) -> bytes:
    enrolment = replace(
        manifest, kind="answers", made_at=at, sha256=digest(content), verify=carrier.card.verify, key="", seal_to=""
    )
    text = json.encode(enrolment)
    return packed(text, carrier.sign(text), content, manifest.seal_to)
