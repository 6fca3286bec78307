"""政策包下载: a downloaded edition is checked as strictly as a shipped one, and takes effect if it has no problems."""

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.engine.policy import Policy
from gongji.core.ledger.audit import Act
from gongji.core.packs.changes import changes
from gongji.core.packs.language import Pack
from gongji.desk.editions import joined, library_with
from gongji.desk.policies.packs import CheckedPack, failed_cases
from gongji.desk.policies.signed_packs import BrokenSignatureError, PackMaker, maker_of
from gongji.desk.roles import only as only_role
from gongji.desk.roles import second, with_second
from gongji.desk.session import Session
from gongji.desk.upload.conversation import Steps, answer_of
from gongji.errors import GongjiError
from gongji.files import read_whole
from gongji.pack_file import BadPackError, parse_pack, try_pack
from gongji.payer import feeds
from gongji.payer.feeds import BrokenError
from gongji.payer.regions import Profile
from gongji.store import audit, downloads
from gongji.store.downloads import Download, KeptPack

PACKS = "packs"


class PackFound(Struct, frozen=True, kw_only=True):
    """A pack from a file or download: what it is, what it changes in words, what is wrong with it.

    `before` is the edition it is compared with: the one it replaces, else the newest before it. `maker` is who signed
    it, None without a signature. `pack` is None where it cannot be used.
    """

    place: str
    text: bytes
    pack: Pack | None = None
    before: Policy | None = None
    sentences: tuple[str, ...] = ()
    cases: int = 0
    maker: PackMaker | None = None
    wrong: tuple[str, ...] = ()
    is_there: bool = False


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


class PacksTaken(Struct, frozen=True, kw_only=True):
    """The editions installed and in effect from now on, and the rejected ones with what is wrong with them."""

    since: str
    version: str
    as_of: str
    taken: tuple[str, ...]
    refused: tuple[CheckedPack, ...]


def fetching_packs(session: Session, profile: Profile) -> Steps[DownloadedPacks]:
    """Ask for packs newer than those installed before. Raises `GongjiError` where the region offers none.

    A script for the writing thread, which parses none of them: each might take ten seconds.
    """
    if not profile.packs:
        raise GongjiError("这个地区的平台不提供政策包", "拿到政策包文件的，用 gongji policy install 文件")
    before = downloads.newest(session.store.reader, PACKS)
    since = "" if before is None else before.version
    answer = answer_of((yield profile.packs, {"data": {"ver": since or profile.first_version}}))
    told = feeds.file_told(answer.output)
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
    files = [one for path in paths for one in (sorted(path.rglob("*.toml")) if path.is_dir() else [path])]
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
    try:
        maker = maker_of(session, text)
    except BrokenSignatureError:
        wrong = "签名与内容不符：文件在签发之后被改动过，请向签发的机构重新索取"
        return PackFound(place=place, text=text, wrong=(wrong,))
    pack, wrongs = _checked(session, text, known)
    if pack is None:
        return PackFound(place=place, text=text, maker=maker, wrong=wrongs)
    own = f"{pack.area}@{pack.starts.isoformat()}"
    there = known.get(own)
    editions = session.library.editions(pack.area)
    before = next((one for one in reversed(editions) if one.pack.starts <= pack.starts), None)
    return PackFound(
        place=place,
        text=text,
        pack=pack,
        before=before,
        sentences=() if before is None else tuple(changes(before.pack, pack)),
        cases=len(pack.case),
        maker=maker,
        is_there=there is not None and there.sha256 == hashlib.sha256(text).hexdigest(),
    )


def only(fetched: FetchedPacks, places: Collection[str]) -> FetchedPacks:
    """Return some of what was fetched; the rest is asked for again next time."""
    texts = [(place, text) for place, text in fetched.texts if place in places]
    beyond = tuple(one for one in fetched.beyond if one.place in places)
    whole = len(texts) + len(beyond) == len(fetched.texts) + len(fetched.beyond)
    return replace(fetched, texts=texts, beyond=beyond, version=fetched.version if whole else fetched.since)


@only_role("pack")
def take_in_packs(session: Session, fetched: FetchedPacks) -> PacksTaken:
    """Install every pack without problems that fits with the others; the rest is reported and asked for again."""
    taken: list[KeptPack] = []
    refused = [CheckedPack(place=one.place, wrong=one.wrong) for one in fetched.beyond]
    known = {one.id: one for one in downloads.packs_current(session.store.reader)}
    for place, text in fetched.texts:
        pack, wrong = _checked(session, text, known)
        if pack is None:
            refused.append(CheckedPack(place=place, wrong=wrong))
            continue
        one = KeptPack(
            area=pack.area,
            starts=pack.starts.isoformat(),
            sha256=hashlib.sha256(text).hexdigest(),
            text=text,
            as_of=fetched.as_of,
        )
        if known.get(one.id) is None or known[one.id].sha256 != one.sha256:
            taken.append(one)
            known[one.id] = one
    version = fetched.since if refused else fetched.version
    _keep(session, fetched, taken, version)
    return PacksTaken(
        since=fetched.since,
        version=version,
        as_of=fetched.as_of,
        taken=tuple(one.id for one in taken),
        refused=tuple(refused),
    )


def _checked(session: Session, text: bytes, known: dict[str, KeptPack]) -> tuple[Pack | None, tuple[str, ...]]:
    """Return the pack in a text; None, and what is wrong, where it cannot be used with the others."""
    pack = parse_pack(text)
    if isinstance(pack, list):
        return None, tuple(f"{problem.field or '（整个文件）'}：{problem.message}" for problem in pack)
    if pack.exercise is not None:
        return None, (f"这是练习用的政策包（{pack.exercise}），不能收下来结算",)
    if pack.scheme != "employees":
        return None, ("这是居民医保的政策包，本程序只能用它试算（gongji quote --policies），不能收下来结算",)
    failures = failed_cases(pack)
    if failures:
        return None, tuple(f"例子“{failure.name}”：{failure.difference}" for failure in failures)
    own = f"{pack.area}@{pack.starts.isoformat()}"
    mine = {one.id: one.pack.revision for one in session.shipped.editions(pack.area)}
    if mine.get(own, 0) >= pack.revision:
        return None, (f"{own} 这一版是程序自带的，更正随新版程序来",)
    others = [one for one in known.values() if one.id != own]
    try:
        joined(session.shipped, [*others, _as_kept(pack, text)])
    except BadPackError as bad:
        return None, tuple(problem.message for problem in bad.problems)
    return pack, ()


def _as_kept(pack: Pack, text: bytes) -> KeptPack:
    return KeptPack(area=pack.area, starts=pack.starts.isoformat(), sha256="", text=text, as_of="")


def _keep(session: Session, fetched: FetchedPacks, taken: list[KeptPack], version: str) -> None:
    at, other = session.now(), second(session, "pack") if taken else ""
    done = Download(
        kind=PACKS,
        since=fetched.since,
        version=version,
        as_of=fetched.as_of,
        rows=len(taken),
        sha256=fetched.sha256,
        operator=session.operator,
        at=at,
    )
    with session.store.write() as connection:
        for one in taken:
            downloads.put_pack(connection, one, session.operator, at)
            detail = with_second(f"截至 {one.as_of}，sha256 {one.sha256}", other)
            audit.append(connection, at, session.operator, Act.POLICY, one.id, detail)
        downloads.put(connection, done)
    session.library, _ = library_with(session.shipped, session.store.reader)
