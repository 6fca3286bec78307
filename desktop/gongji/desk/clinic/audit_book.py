"""审计: a copy of a book compared with the anchors that somebody else kept. It never writes.

Every anchor fits or breaks; then what the book itself shows: missing numbers, what restores lost,
powerful acts, and papers to pull and scan, drawn at random by the reviewer.
"""

import os
import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from gongji.core.ledger.audit import Act, AuditEntry
from gongji.core.money import yuan
from gongji.core.problems import quoted
from gongji.desk.clinic.backup.anchors import FITS, MISSING, RESULTS, AnchorCheck, check_anchors
from gongji.desk.clinic.open import open_to_read_with
from gongji.desk.clinic.payer_list import ListedSettlement, against_book, read_payer_list
from gongji.errors import GongjiError
from gongji.files import is_there, read_whole, write_whole
from gongji.payer.stick.package import new_identity, recipient_of
from gongji.store import audit, concerns
from gongji.store.book_file import tally, tally_check
from gongji.store.book_file.folder import Folder
from gongji.store.engine import Connection
from gongji.store.settlements import settlements
from gongji.store.upload import reconciliations

_RECONCILED = {"equal": "一致", "unequal": "不平", "failed": "没有完成"}
PAPERS = 20
POWERFUL = (
    Act.RESTORED, Act.ASKS_FIRST, Act.CONCERN, Act.EXPLAIN, Act.PLACE, Act.PROGRAM, Act.RECOVERY, Act.OPERATOR,
    Act.GATEWAY, Act.CARRIER, Act.POLICY, Act.PARAMETER, Act.CLOCK, Act.ADOPT, Act.RELEASE, Act.CLINIC, Act.VOID,
    Act.TOLD, Act.REVERSE, Act.REVEAL, Act.FORGOTTEN, Act.DIFFERENCE,
)  # fmt: skip
CANNOT_KNOW = (
    "最后一个锚之后改过的内容；",
    "从来没有录入的收费；",
    "第一个锚之前就已经不实的账；",
    "锚之后又有写入时，可以修改的表（人员、目录、设置、上传状态）中被改掉的旧内容。",
)


class Review(Struct, frozen=True, kw_only=True):
    """The result of a review."""

    anchors: tuple[AnchorCheck, ...]
    breaks: tuple[str, ...]
    missing: tuple[str, ...]
    concerns: tuple[str, ...]
    deeds: tuple[AuditEntry, ...]
    overridden: tuple[str, ...]
    payer: tuple[str, ...]
    papers: tuple[str, ...]
    cannot_know: tuple[str, ...] = CANNOT_KNOW

    @property
    def is_well(self) -> bool:
        """Return whether nothing was found that does not fit; anchors the reviewer does not have do not count."""
        return not self.breaks and all(one.result in {FITS, MISSING} for one in self.anchors)


class AuditRequest(Struct, frozen=True, kw_only=True):
    """The input of a review: a copy, files of anchors, the agency's list, a paper key, the random choice of papers.

    `secret` is the reviewer's own age key; without one an operator's name and password open the copy.
    """

    copy: Path
    anchors: tuple[Path, ...] = ()
    listed: Path | None = None
    secret: str | None = None
    operator: str | None = None
    password: str | None = None
    dice: str = ""


def make_reviewer_key(file: Path) -> str:
    """Write a new age key for a reviewer to a file; return its public line (age1…), which a clinic admits.

    Raises `GongjiError` where the file exists, for it may hold a key still in use, or cannot be written.
    """
    if is_there(file):
        raise GongjiError(f"已有文件 {file}，里面可能是还在用的钥匙", "请换一个文件名")
    identity = new_identity()
    recipient = recipient_of(identity)
    write_whole(file, f"# public key: {recipient}\n{identity}\n".encode("ascii"))
    if os.name != "nt":
        file.chmod(0o600)
    return recipient


def reviewed(asked: AuditRequest) -> Review:
    """Open a copy read-only and compare it with everything given. Raises `GongjiError` where it cannot be opened."""
    folder = Folder(asked.copy)
    if not (folder.has_card or folder.exists):
        raise GongjiError(f"“{quoted(str(asked.copy))}”里没有数据", "请选诊所的数据文件夹，或备份所在的那个文件夹")
    if asked.secret is None and asked.operator is None and not folder.card().training:
        raise GongjiError(
            "这份数据要钥匙才能打开", "请填审计人员自己的钥匙，AGE-SECRET-KEY- 开头（命令行也可用 --operator 姓名）"
        )
    lines = [text for one in asked.anchors for text in read_whole(one).decode("utf-8", "replace").splitlines()]
    listed = None if asked.listed is None else read_payer_list(asked.listed)
    with closing(open_to_read_with(asked.copy, asked.secret, asked.operator, asked.password)) as store:
        dice = random.Random(asked.dice) if asked.dice else random.SystemRandom()  # noqa: S311  # to be drawn again
        return review(store.reader, lines, dice, listed)


def review(
    connection: Connection,
    lines: Iterable[str],
    dice: random.Random,
    listed: list[ListedSettlement] | None = None,
) -> Review:
    """Compare a book with anchors, one a line, in any order; lines that are none are reported.

    `listed` is what the agency says it holds, None where it gave no list.
    """
    connection.execute("BEGIN")  # one snapshot of everything
    try:
        return Review(
            anchors=tuple(check_anchors(connection, lines)),
            breaks=tuple(_breaks(connection)),
            missing=tuple(_missing(connection)),
            concerns=tuple(_concerns(connection)),
            deeds=tuple(audit.of_acts(connection, POWERFUL)),
            overridden=tuple(_overridden(connection)),
            payer=tuple(_payer(connection, listed)),
            papers=tuple(_papers(connection, dice)),
        )
    finally:
        connection.execute("ROLLBACK")


def _breaks(connection: Connection) -> Iterator[str]:
    yield from (f"操作日志第 {serial} 条：{text}" for serial, text in audit.broken(connection))
    _, expected = tally.kept(connection)
    for one in tally_check.misfits(connection, expected):
        yield f"表 {one.table} 的内容与封存的不符（应有 {one.expected} 行，现有 {one.found} 行）"


def _missing(connection: Connection) -> Iterator[str]:
    expected = 1
    for serial, no in settlements.numbers(connection):
        if serial != expected:
            yield f"{no} 之前缺第 {expected} 至 {serial - 1} 号"
        expected = serial + 1


def _concerns(connection: Connection) -> Iterator[str]:
    for one in concerns.every(connection):
        sentence = f"已说明：{one.explained}" if one.explained else "没有人说明"
        yield f"{one.at} {one.concern.subject}：{one.concern.text}（{sentence}）"


def _overridden(connection: Connection) -> Iterator[str]:
    for one in audit.of_acts(connection, (Act.TOLD,)):
        yield f"{one.at}  {one.operator}  {one.subject}  {one.detail}"


def _payer(connection: Connection, listed: list[ListedSettlement] | None) -> Iterator[str]:
    """Yield the results for days that were compared with the platform, and differences from the agency's list."""
    for one in reconciliations.every(connection):
        days = one.first_day if one.first_day == one.last_day else f"{one.first_day} 至 {one.last_day}"
        yield f"{one.at}  {one.operator} 对账 {days}：{_RECONCILED.get(one.result, one.result)}"
    if listed is None:
        yield "没有给平台清单：只看得到本机自己对账的结果"
    else:
        yield from against_book(connection, listed)


def in_sections(one: Review, acts: Mapping[str, str] | None = None) -> list[tuple[str, tuple[str, ...]]]:
    """Return the findings by heading, in sentences; a section without any says so.

    `acts` are words for logged acts; without them each is named as the log has it.
    """
    word = acts or {}
    anchors_ = tuple(f"{each.at}  {RESULTS[each.result]}  {each.text}".strip() for each in one.anchors)
    deeds = tuple(
        f"{each.at}  {each.operator}  {word.get(each.act, each.act)}  {each.subject}  {each.detail}"
        for each in one.deeds
    )
    return [
        ("锚", anchors_ or ("一个也没有：只能看数据文件自己说的",)),
        *(
            (heading, rows or ("无",))
            for heading, rows in (
                ("对不上的", one.breaks),
                ("缺的号", one.missing),
                ("待说明和已说明的（恢复丢失的在内）", one.concerns),
                ("要看的操作", deeds),
                ("就诊带来的数额压过账上的", one.overridden),
                ("平台的清单与账", one.payer),
                ("请抽出这些单据，逐张验单", one.papers),
                ("这样查不出来的", one.cannot_know),
            )
        ),
    ]


def as_lines(one: Review) -> Iterator[str]:
    """Yield all findings as lines of a text."""
    for heading, rows in in_sections(one):
        yield f"{heading}："
        yield from (f"  {row}" for row in rows)


def _papers(connection: Connection, dice: random.Random) -> Iterator[str]:
    all_of_them = list(settlements.numbers(connection))
    for serial, no in sorted(dice.sample(all_of_them, min(PAPERS, len(all_of_them)))):
        one = next(settlements.heads(connection, serial, serial), None)
        if one is None:  # its receipt or its policy is not there any more
            yield f"{no}  账上读不出来"
        else:
            yield f"{one.receipt_no}  {one.no}  {one.at[:16]}  合计 {yuan(one.totals.total_fen)}"
