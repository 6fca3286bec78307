"""政策包下载: a downloaded edition is checked as strictly as a shipped one, and takes effect if it has no problems."""

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from gongji.core.engine.policy import Policy
from gongji.core.ledger.audit import Act
from gongji.core.packs.changes import changes
from gongji.core.packs.language import Pack
from gongji.core.problems import quoted
from gongji.desk.editions import library_with
from gongji.desk.policies.accepted_makers import AcceptedMaker, accept_maker, plain_fingerprint
from gongji.desk.policies.judge_pack import JudgedPack, judge, unknown_maker
from gongji.desk.policies.packs import CheckedPack
from gongji.desk.policies.signed_packs import PackMaker
from gongji.desk.roles import only as only_role
from gongji.desk.roles import second, with_second
from gongji.desk.session import Session
from gongji.desk.upload.scripts.conversation import Steps, answer_of
from gongji.errors import GongjiError
from gongji.files import is_folder, read_whole
from gongji.pack_files.read_pack import try_pack
from gongji.payer import feeds
from gongji.payer.feeds import BrokenError
from gongji.payer.regions import Profile
from gongji.store import audit
from gongji.store.upload import downloads
from gongji.store.upload.downloads import Download, KeptPack

PACKS = "packs"


class PackFound(JudgedPack, frozen=True, kw_only=True):
    """A pack from a file or download: what is judged of it, and what it changes in words.

    `before` is the edition it is compared with: the one it replaces, else the newest before it.
    """

    place: str
    text: bytes
    before: Policy | None = None
    sentences: tuple[str, ...] = ()
    cases: int = 0


class FetchedPacks(Struct, frozen=True, kw_only=True):
    """Texts of packs with their sources, each read by a child process within its limits; as of when.

    `since` and `version` give the range of versions; `beyond` are those that exceeded a pack's limits.
    """

    since: str
    version: str
    as_of: str
    sha256: str
    texts: list[tuple[str, bytes]]
    beyond: tuple[PackFound, ...] = ()


class DownloadedPacks(Struct, frozen=True):
    """Packs as downloaded; nothing may parse them before `try_packs` has."""

    untried: FetchedPacks


class TakenPack(Struct, frozen=True, kw_only=True):
    """An edition as it is kept, and who signed it, None without a signature."""

    kept: KeptPack
    maker: PackMaker | None


class PacksTaken(Struct, frozen=True, kw_only=True):
    """The editions installed and in effect from now on, and the rejected ones with what is wrong with them.

    `makers` are those who signed the installed ones, by edition; `accepted` those taken from now on.
    """

    since: str
    version: str
    as_of: str
    taken: tuple[str, ...]
    refused: tuple[CheckedPack, ...]
    makers: dict[str, PackMaker] = {}
    accepted: tuple[PackMaker, ...] = ()


def fetching_packs(session: Session, profile: Profile) -> Steps[DownloadedPacks]:
    """Ask for packs newer than those installed before. Raises `GongjiError` where the region offers none.

    A script for the writing thread, which parses none of them: each might take ten seconds.
    """
    if not profile.packs:
        raise GongjiError(
            "这个地区的平台不提供政策包", "拿到政策包文件的，从文件安装（命令行：gongji policy install 文件）"
        )
    before = downloads.newest(session.store.reader, PACKS)
    since = "" if before is None else before.version
    answer = answer_of((yield profile.packs, {"data": {"ver": since or profile.first_version}}))
    told = feeds.ready_file(answer.output)
    if told.count == 0:
        return DownloadedPacks(FetchedPacks(since=since, version=since, as_of=answer.at, sha256="", texts=[]))
    content = yield "9102", feeds.fetching(told, since, session.clinic.institution["id"], profile)
    if not isinstance(content, bytes):
        raise GongjiError("平台没有给文件", "本机的内容没有改动，稍后再试")
    try:
        found = feeds.files_of(content)
    except BrokenError as error:
        raise GongjiError(str(error), "什么也没有改动，请再下载一次") from error
    if told.count is not None and len(found) != told.count:
        raise GongjiError(f"文件里有 {len(found)} 个政策包，平台说有 {told.count} 个", "什么也没有改动，请再下载一次")
    version = max((int(name.partition("_")[0]) for name, _ in found if name.partition("_")[0].isdigit()), default=0)
    sha256 = hashlib.sha256(content).hexdigest()
    return DownloadedPacks(FetchedPacks(since=since, version=str(version), as_of=answer.at, sha256=sha256, texts=found))


def try_packs(downloaded: DownloadedPacks) -> FetchedPacks:
    """Have a child process read each downloaded pack within its limits; those beyond them are set aside.

    Touches no book: any thread may call it.
    """
    fetched, texts, beyond = downloaded.untried, list[tuple[str, bytes]](), list[PackFound]()
    for name, text in fetched.texts:
        try:
            try_pack(name, text)
        except GongjiError as error:
            beyond.append(PackFound(place=name, text=text, wrong=(f"{error.title}，{error.advice}",)))
        else:
            texts.append((name, text))
    return replace(fetched, texts=texts, beyond=tuple(beyond))


def from_files(session: Session, paths: Sequence[Path]) -> FetchedPacks:
    """Return packs from files or a folder, as of now; they do not affect what is downloaded next."""
    return from_texts(session, read_files(paths))


def read_files(paths: Sequence[Path]) -> list[tuple[str, bytes]]:
    """Return packs in files or a folder as texts, each with its name, once a child has read it within its limits.

    Touches no book, so that a malicious file holds nobody up. Raises `GongjiError`.
    """
    files = [one for path in paths for one in (sorted(path.rglob("*.toml")) if is_folder(path) else [path])]
    found = [(path.name, read_whole(path)) for path in files]
    for name, text in found:
        try_pack(name, text)
    return found


def from_texts(session: Session, texts: list[tuple[str, bytes]]) -> FetchedPacks:
    """Return packs given as texts, each with its name."""
    before = downloads.newest(session.store.reader, PACKS)
    version = "" if before is None else before.version
    seal = hashlib.sha256(b"".join(text for _, text in texts)).hexdigest()
    return FetchedPacks(since=version, version=version, as_of=session.now(), sha256=seal, texts=texts)


def examine_packs(session: Session, fetched: FetchedPacks) -> list[PackFound]:
    """Return every pack with what a person has to know before accepting it; nothing is stored."""
    known = {one.id: one for one in downloads.packs_current(session.store.reader)}
    return [*(_examined(session, place, text, known) for place, text in fetched.texts), *fetched.beyond]


def _examined(session: Session, place: str, text: bytes, known: dict[str, KeptPack]) -> PackFound:
    one = judge(session, text, known)
    pack = one.pack
    if pack is None:
        return PackFound(**asdict(one), place=place, text=text)
    editions = session.library.editions(pack.area)
    before = next((each for each in reversed(editions) if each.pack.starts <= pack.starts), None)
    return PackFound(
        **asdict(one),
        place=place,
        text=text,
        before=before,
        sentences=() if before is None else tuple(changes(before.pack, pack)),
        cases=len(pack.case),
    )


def only(fetched: FetchedPacks, places: Collection[str]) -> FetchedPacks:
    """Return some of what was fetched; the rest is asked for again next time."""
    texts = [(place, text) for place, text in fetched.texts if place in places]
    beyond = tuple(one for one in fetched.beyond if one.place in places)
    whole = len(texts) + len(beyond) == len(fetched.texts) + len(fetched.beyond)
    return replace(fetched, texts=texts, beyond=beyond, version=fetched.version if whole else fetched.since)


@only_role("pack")
def take_in_packs(session: Session, fetched: FetchedPacks, accept: str = "") -> PacksTaken:
    """Install every pack without problems that fits with the others; the rest is reported and asked for again.

    `accept` is the fingerprint of a maker, compared by telephone, whose packs are taken from now on. Raises
    `GongjiError` where nobody of that fingerprint signed any of these.
    """
    taken: list[TakenPack] = []
    refused = [CheckedPack(place=one.place, wrong=one.wrong) for one in fetched.beyond]
    known = {one.id: one for one in downloads.packs_current(session.store.reader)}
    signers, accepted = set[str](), dict[str, PackMaker]()
    for place, text in fetched.texts:
        one = judge(session, text, known)
        pack, maker = one.pack, one.maker
        sentence = "" if maker is None else plain_fingerprint(maker.fingerprint)
        if maker is not None:
            signers.add(sentence)
        if pack is None:
            refused.append(CheckedPack(place=place, wrong=one.wrong))
            continue
        if maker is not None and not maker.is_known and sentence == plain_fingerprint(accept):
            maker = replace(maker, is_accepted=True)
            accepted[maker.public] = maker
        elif maker is not None and one.to_accept and not one.is_there:
            refused.append(CheckedPack(place=place, wrong=(unknown_maker(maker),)))
            continue
        if not one.is_there:
            kept = _as_kept(pack, text, fetched.as_of)
            taken.append(TakenPack(kept=kept, maker=maker))
            known[kept.id] = kept
    if accept and plain_fingerprint(accept) not in signers:
        raise GongjiError(
            f"没有一个文件是指纹 {quoted(accept)} 签名的", "请再打电话核对指纹，对不上的不要装；什么也没有改动"
        )
    version = fetched.since if refused else fetched.version
    _keep(session, replace(fetched, version=version), taken, list(accepted.values()))
    return PacksTaken(
        since=fetched.since,
        version=version,
        as_of=fetched.as_of,
        taken=tuple(one.kept.id for one in taken),
        refused=tuple(refused),
        makers={one.kept.id: one.maker for one in taken if one.maker is not None},
        accepted=tuple(accepted.values()),
    )


def _as_kept(pack: Pack, text: bytes, as_of: str) -> KeptPack:
    sha256 = hashlib.sha256(text).hexdigest()
    return KeptPack(area=pack.area, starts=pack.starts.isoformat(), sha256=sha256, text=text, as_of=as_of)


def _keep(session: Session, fetched: FetchedPacks, taken: list[TakenPack], accepted: list[PackMaker]) -> None:
    at, other = session.now(), second(session, "pack") if taken or accepted else ""
    done = Download(
        kind=PACKS,
        since=fetched.since,
        version=fetched.version,
        as_of=fetched.as_of,
        rows=len(taken),
        sha256=fetched.sha256,
        operator=session.operator,
        at=at,
    )
    with session.store.write() as connection:
        for maker in accepted:
            one = AcceptedMaker(who=maker.who, public=maker.public, at=at, operator=session.operator, second=other)
            accept_maker(connection, one)
        for each in taken:
            downloads.put_pack(connection, each.kept, session.operator, at)
            detail = f"截至 {each.kept.as_of}，sha256 {each.kept.sha256}"
            if each.maker is not None and (each.maker.is_publisher or each.maker.is_accepted):
                detail += f"，{each.maker.in_words}"
            audit.append(connection, at, session.operator, Act.POLICY, each.kept.id, with_second(detail, other))
        downloads.put(connection, done)
    session.library, _ = library_with(session.shipped, session.store.reader)
