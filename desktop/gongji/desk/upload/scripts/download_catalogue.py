"""目录下载: the agency's catalogue is downloaded by version, read whole, and stored whole or not at all.

Fetching is a script of messages and changes nothing. Reading and working out the changes come before the transaction,
so that a settlement never waits for them.
"""

import hashlib
from collections.abc import Iterator, Mapping

from msgspec import Struct, json

from gongji.core.imports.catalogue_feed import AgencyReading, AgencyRow, Feed, concerns, newer
from gongji.core.imports.merge_catalogue import merged
from gongji.core.imports.rows import CellFault, ItemRow, RejectedRow
from gongji.core.ledger.audit import Act
from gongji.desk.session import Session
from gongji.desk.upload.scripts.conversation import Received, Steps, answer_of
from gongji.errors import GongjiError
from gongji.payer import feeds
from gongji.payer.feeds import BrokenError
from gongji.payer.read_answers import Answer
from gongji.payer.regions import Profile
from gongji.store import audit
from gongji.store.bulk_import import KEEPERS
from gongji.store.catalogue import items
from gongji.store.row_outcomes import Fates, ImportSource, RowOutcome
from gongji.store.upload import downloads
from gongji.store.upload.downloads import Download

_MOST_ROWS = 500_000


class Fetched(Struct, frozen=True, kw_only=True):
    """A download: rows in our form with their place, as of when by the platform's clock (a stamp)."""

    infno: str
    since: str
    as_of: str
    sha256: str
    rows: list[tuple[int, dict[str, str]]]


class TakenIn(Struct, frozen=True, kw_only=True):
    """What a download did: items of the clinic's own list that changed, or (`kept` is False) nothing at all.

    `rows` counts what concerns this area, `elsewhere` the items among them that the clinic does not have.
    """

    infno: str
    title: str
    since: str
    version: str
    as_of: str
    rows: int
    changed: int
    elsewhere: int
    refused: tuple[RejectedRow, ...]
    kept: bool


def wanted_feed(profile: Profile, infno: str) -> Feed:
    """Return a feed by its transaction. Raises `GongjiError` that lists those the region has."""
    if infno not in profile.feeds:
        known = "、".join(f"{name}（{feed.title}）" for name, feed in profile.feeds.items()) or "没有"
        raise GongjiError(f"这个地区没有目录下载 {infno}", f"可以下载的：{known}")
    return profile.feeds[infno]


def fetching(session: Session, profile: Profile, infno: str, *, anew: bool = False) -> Steps[Fetched]:
    """Ask for what is newer than the stored version, or for all of it; return it.

    Raises `GongjiError` for an incomplete or damaged file, or missing pages.
    """
    feed = wanted_feed(profile, infno)
    before = None if anew else downloads.newest(session.store.reader, infno)
    since = "" if before is None else before.version
    try:
        if feed.paged:
            return (yield from _pages(infno, feed, since, profile))
        return (yield from _file(infno, feed, since, profile, session.clinic.institution["id"]))
    except BrokenError as error:
        raise GongjiError(str(error), "本机的内容没有改动，请再下载一次") from error


def _pages(infno: str, feed: Feed, since: str, profile: Profile) -> Steps[Fetched]:
    rows: list[tuple[int, dict[str, str]]] = []
    seal, as_of, page, total = hashlib.sha256(), "", 1, 0
    while page == 1 or len(rows) < total:
        answer = _answer((yield infno, feeds.asked(feed, since, page, profile)))
        found, total_now = feeds.page_of(answer.output)
        if page > 1 and (total_now != total or not found):
            raise GongjiError("下载到一半，平台的目录变了", "本机的内容没有改动，请再下载一次")
        total, as_of, page = total_now, as_of or answer.at, page + 1
        for row in found:
            rows.append((len(rows) + 1, feeds.of_row(feed, row)))
            seal.update(json.encode(rows[-1][1]))
        if len(rows) > min(total, _MOST_ROWS):
            raise GongjiError(
                f"平台给的行数（{len(rows)}）与它说的（{total}）不符", "本机的内容没有改动，请向经办机构反映"
            )
    return Fetched(infno=infno, since=since, as_of=as_of, sha256=seal.hexdigest(), rows=rows)


def _file(infno: str, feed: Feed, since: str, profile: Profile, institution: str) -> Steps[Fetched]:
    answer = _answer((yield infno, feeds.asked(feed, since, 1, profile)))
    file = feeds.ready_file(answer.output)
    if file.count == 0:
        return Fetched(infno=infno, since=since, as_of=answer.at, sha256=hashlib.sha256().hexdigest(), rows=[])
    if not file.number:
        raise GongjiError("平台没有给文件", "本机的内容没有改动，稍后再试")
    content = yield "9102", feeds.fetching(file, since, institution, profile)
    if not isinstance(content, bytes):
        raise GongjiError("平台没有给文件", "本机的内容没有改动，稍后再试")
    rows = [(number, feeds.of_cells(feed, cells)) for number, cells in enumerate(feeds.lines_of(content), 1)]
    if file.count is not None and len(rows) != file.count:
        raise GongjiError(f"文件有 {len(rows)} 行，平台说有 {file.count} 行", "本机的内容没有改动，请再下载一次")
    sha256 = hashlib.sha256(content).hexdigest()
    return Fetched(infno=infno, since=since, as_of=answer.at, sha256=sha256, rows=rows)


def _answer(got: Received) -> Answer:
    answer = answer_of(got)
    if not answer.at:
        raise GongjiError("平台的答复没有写时间，不知道内容是哪一刻的", "本机的内容没有改动，请向经办机构反映")
    return answer


def take_in(session: Session, profile: Profile, fetched: Fetched) -> TakenIn:
    """Store a download and update the clinic's own items; with an unreadable row, nothing."""
    feed = wanted_feed(profile, fetched.infno)
    good, refused = _read(session, profile, fetched)
    version = fetched.since
    for row in good:
        version = row.version if not version or newer(row.version, version) else version
    codes = {row.code for row in good}
    changed, carried = _changes(session, good, sorted(codes)) if not refused else ([], set())
    fates = Fates()
    if not refused:
        at = session.now()
        done = Download(
            kind=fetched.infno,
            since=fetched.since,
            version=version,
            as_of=fetched.as_of,
            rows=len(good),
            sha256=fetched.sha256,
            operator=session.operator,
            at=at,
        )
        with session.store.write() as connection:
            downloads.put_rows(connection, good)
            fates = KEEPERS["catalogue"].keep(connection, changed, ImportSource(at, f"下载 {fetched.infno}"))
            downloads.put(connection, done)
            detail = f"{len(good)} 行，项目改变 {len(changed)}，版本 {version}，sha256 {fetched.sha256}"
            audit.append(connection, at, session.operator, Act.DOWNLOAD, f"{feed.title} {fetched.infno}", detail)
    return TakenIn(
        infno=fetched.infno,
        title=feed.title,
        since=fetched.since,
        version=version,
        as_of=fetched.as_of,
        rows=len(good),
        changed=fates[RowOutcome.NEW] + fates[RowOutcome.CHANGED],
        elsewhere=len(codes - carried),
        refused=tuple(refused),
        kept=not refused,
    )


def _read(session: Session, profile: Profile, fetched: Fetched) -> tuple[list[AgencyRow], list[RejectedRow]]:
    """Return the rows that concern this area, and those that are unreadable or older than what is stored."""
    feed = wanted_feed(profile, fetched.infno)
    reading = AgencyReading(fetched.infno, feed, profile.codes)
    good: list[AgencyRow] = []
    refused: list[RejectedRow] = []
    for number, given in fetched.rows:
        if not concerns(feed, given, session.clinic.area):
            continue
        row = reading.read(number, given)
        if isinstance(row, RejectedRow):
            refused.append(row)
            continue
        known = downloads.row(session.store.reader, row.infno, row.rid)
        if known is not None and newer(known.version, row.version):
            wrong = CellFault("版本", row.version, f"比本机已有的 {known.version} 旧，会把新的改回去")
            refused.append(RejectedRow(number=number, cells=tuple(given.values()), wrong=(wrong,)))
        else:
            good.append(row)
    return good, refused


def _changes(session: Session, good: list[AgencyRow], codes: list[str]) -> tuple[list[ItemRow], set[str]]:
    """Return the clinic's item editions that change, and which of the mentioned items it has."""
    reader, level = session.store.reader, str(session.clinic.institution["level"])
    file: dict[str, dict[tuple[str, str], AgencyRow]] = {}
    for row in good:
        file.setdefault(row.code, {})[row.infno, row.rid] = row
    carried = downloads.carried(reader, codes)
    return list(_changed(session, carried, file, level)), set(carried)


def _changed(
    session: Session, carried: list[str], file: Mapping[str, Mapping[tuple[str, str], AgencyRow]], level: str
) -> Iterator[ItemRow]:
    reader = session.store.reader
    for code in carried:
        rows = {(one.infno, one.rid): one for one in downloads.rows_of(reader, code)}
        yield from merged(items.editions(reader, code), list({**rows, **file.get(code, {})}.values()), level)
