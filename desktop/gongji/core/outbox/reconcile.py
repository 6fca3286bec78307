"""对账: the book, the numbers of the printed receipts and the platform compared. Pure; it decides nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from gongji.core.money import parse_fen, yuan
from gongji.core.outbox.states import GONE, LIVE, State

Result = Literal["equal", "centre_more", "institution_more", "different"]
"""The result of a comparison; how a region writes each is in its profile."""

_COLUMNS, _LEAST_COLUMNS = 10, 7
_EMPTY = "null"


class Ours(Struct, frozen=True, kw_only=True):
    """A row we expect the platform to have: settled or, with amounts below zero, reversed; amounts in fen."""

    no: str
    part: int
    setl_id: str
    mdtrt_id: str
    psn_no: str
    reverses: bool
    total_fen: int
    fund_total_fen: int
    account_fen: int
    cash_fen: int
    agency: str = ""
    insutype: str = ""
    clr_type: str = ""


class Theirs(Struct, frozen=True, kw_only=True):
    """A row of the platform's answer: its result for one of our rows, or a row that we do not have."""

    setl_id: str
    msgid: str
    result: Result
    reverses: bool
    memo: str
    total_fen: int | None
    fund_total_fen: int | None
    account_fen: int | None


class ReconciledEntry(Struct, frozen=True, kw_only=True):
    """A settlement or void of the book on the days compared: its numbers, its state, whether it was printed."""

    serial: int
    no: str
    receipt_no: str
    state: State
    printed: bool


class Whose(Struct, frozen=True, kw_only=True):
    """Which record a message of ours belongs to: settlement, part, state, and whether another message counts for it.

    `is_voided` says that the settlement was voided here, `is_other` that the record now counts by another message.
    """

    no: str
    part: int
    state: State
    is_voided: bool = False
    is_other: bool = False


class Discrepancy(Struct, frozen=True, kw_only=True):
    """Something that does not agree: its kind, a description, and what to do next."""

    kind: str
    no: str
    part: int | None
    setl_id: str
    msgid: str
    text: str
    action: str


class ReconciledTotals(Struct, frozen=True, kw_only=True):
    """What a statement is asked by: the number of settlements less reversals, and their sums in fen."""

    count: int
    total_fen: int
    fund_total_fen: int
    account_fen: int
    cash_fen: int


def totals(rows: Iterable[Ours]) -> ReconciledTotals:
    """Return the totals of our rows."""
    ours = list(rows)
    return ReconciledTotals(
        count=sum(-1 if row.reverses else 1 for row in ours),
        total_fen=sum(row.total_fen for row in ours),
        fund_total_fen=sum(row.fund_total_fen for row in ours),
        account_fen=sum(row.account_fen for row in ours),
        cash_fen=sum(row.cash_fen for row in ours),
    )


def statement(rows: Iterable[Ours], flags: tuple[str, str]) -> str:
    """Return our rows as the text that 3202 compares: columns separated by tabs, an empty cell is the word null.

    `flags` are how a region marks rows that are settlements and rows that are reversals.
    """
    return "".join(
        "\t".join(
            cell or _EMPTY
            for cell in (
                row.setl_id,
                row.mdtrt_id,
                row.psn_no,
                yuan(row.total_fen),
                yuan(row.fund_total_fen),
                yuan(row.account_fen),
                flags[row.reverses],
            )
        )
        + "\n"
        for row in rows
    )


def read_result(text: str, results: Mapping[str, Result]) -> list[Theirs]:
    """Return the rows of the platform's answer, with its region's result codes. Raises ValueError naming a bad line."""
    return [_row(number, line, results) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _row(number: int, line: str, results: Mapping[str, Result]) -> Theirs:
    cells = ["" if cell == _EMPTY else cell for cell in line.split("\t")]
    if len(cells) < _LEAST_COLUMNS:
        raise ValueError(f"对账结果第 {number} 行不足 {_LEAST_COLUMNS} 列")
    _, _, setl_id, msgid, result, refund, memo = cells[:_LEAST_COLUMNS]
    sums: Sequence[int | None] = (None, None, None)
    if len(cells) >= _COLUMNS:
        sums = [_fen(cell) for cell in cells[_LEAST_COLUMNS:_COLUMNS]]
    meant = result_of(result, results)
    if meant is None:
        raise ValueError(f"对账结果第 {number} 行的结果 {result} 不认识")
    return Theirs(
        setl_id=setl_id,
        msgid=msgid,
        result=meant,
        reverses=bool(refund.strip("0")),
        memo=memo,
        total_fen=sums[0],
        fund_total_fen=sums[1],
        account_fen=sums[2],
    )


def result_of(text: str, results: Mapping[str, Result]) -> Result | None:
    """Return the result that a region's code stands for; all zeros mean equal; None for an unknown code."""
    written = text.strip()
    return "equal" if written and not written.strip("0") else results.get(written)


def _fen(cell: str) -> int | None:
    if not cell:
        return None
    return -int(parse_fen(cell[1:])) if cell.startswith("-") else int(parse_fen(cell))


_WAITING = {
    State.PENDING: ("not_sent", "还没有上传", "等网络通了会自动上传；急着对平的现在上传"),
    State.SENDING: ("not_sent", "正在上传", "稍后再对一次"),
    State.UNKNOWN: ("unknown", "结果待查", "上传会先查询再决定；稍后再对一次"),
    State.REVERSING: ("not_sent", "正在撤销", "稍后再对一次"),
    State.DIFF: ("difference", "金额与平台不同", "到“差异处理”里决定补收、退款或重新结算"),
    State.QUARANTINE: ("held", "试了多次没有成", "到“差异处理”里查看原因后重试，或冲销"),
    State.REJECTED: ("rejected", "平台拒绝了", "到“差异处理”里看理由：再试，或冲销后更正重新结算"),
}


def of_book(entries: Sequence[ReconciledEntry]) -> Iterator[Discrepancy]:
    """Yield what the book alone shows: records the platform cannot have yet, and gaps in receipt numbers."""
    for entry in entries:
        if entry.state in _WAITING:
            kind, text, action = _WAITING[entry.state]
            yield _found(kind, entry.no, text, action)
        if not entry.printed:
            yield _found("no_paper", entry.no, f"单据 {entry.receipt_no} 没有打印过", "补打一张交给患者")
    for before, now in pairwise(entries):
        for serial in range(before.serial + 1, now.serial):
            text = f"{before.no} 与 {now.no} 之间缺第 {serial} 号"
            yield _found("gap", before.no, text, "运行核对（verify），并查纸质存根")


NEIGHBOUR = "neighbour"
"""The kind of a row of another counter of the institution: reported, but no discrepancy of this counter."""
CLAIM, TAKE_BACK = ("unclaimed",), ("left_there", "doubled")
"""Kinds that one act puts right: asking after it and adopting it, or reversing its message at the platform."""


def of_platform(
    ours: Sequence[Ours], theirs: Sequence[Theirs], known: Mapping[str, Whose], counters: Mapping[str, str | None]
) -> Iterator[Discrepancy]:
    """Yield where the platform's rows and ours differ.

    `known` maps a msgid of the book to its record; `counters` maps a msgid to its counter's code.
    """
    mine = {(row.setl_id, row.reverses): row for row in ours}
    answered = set()
    for row in theirs:
        key = (row.setl_id, row.reverses)
        own = mine.get(key)
        answered.add(key)
        if row.result == "equal":
            continue
        if own is None or row.result == "centre_more":
            yield _more_there(row, known.get(row.msgid), counters.get(row.msgid))
        elif row.result == "institution_more":
            what = "撤销" if row.reverses else "结算"
            text = f"平台没有这笔{what}（{row.setl_id}），本机记为已上传"
            action = "不要自动重传：到“差异处理”里重试，会先查询再决定"
            yield _found("missing_there", own.no, text, action, part=own.part, setl_id=row.setl_id)
        else:
            text = f"金额不同：{_beside(own, row)}"
            action = "查看平台的结算单，到“差异处理”里决定"
            yield _found("amounts", own.no, text, action, part=own.part, setl_id=row.setl_id)


def _more_there(row: Theirs, whose: Whose | None, counter: str | None) -> Discrepancy:
    """Return the discrepancy for a row that the platform has beyond ours: whose it is, and what puts it right.

    What the book does not know is never reversed from here: a patient may hold its receipt.
    """
    what = "撤销" if row.reverses else "结算"
    total = "" if row.total_fen is None else f"，总额 {yuan(row.total_fen)}"
    numbers = f"报文号 {row.msgid or '未给'}，结算 ID {row.setl_id or '未给'}{total}"
    if whose is not None:
        kind, text, action = _of_ours(row, whose, what)
        sentence = f"{text}（{numbers}）"
        return _found(kind, whose.no, sentence, action, part=whose.part, setl_id=row.setl_id, msgid=row.msgid)
    if counter is None:
        text = f"平台有一笔本机没有的{what}（{numbers}）"
        action = "先查别的收费台、平台自己的程序和纸质存根；都没有的，报报文号和结算 ID 请经办机构核销"
        return _found("missing_here", "", text, action, setl_id=row.setl_id, msgid=row.msgid)
    if counter == OURS:
        text = f"平台有一笔{what}，报文号是本机的，账里却没有（{numbers}）"
        action = (
            "数据文件多半退回过旧的备份：先把待上传的传完（平台说已结算的会查到并认领），再对账；仍有的请经办机构核对"
        )
        return _found("lost", "", text, action, setl_id=row.setl_id, msgid=row.msgid)
    text = f"收费台 {counter} 的一笔{what}（{numbers}）"
    return _found(NEIGHBOUR, "", text, "不用处理，由那个收费台对账", setl_id=row.setl_id, msgid=row.msgid)


OURS = ""
"""This counter, as a member of `counters`."""
_WORDS_TAKEN_BACK = "按“冲正”：只向平台撤销这一条报文，本机的账不动"


def _of_ours(row: Theirs, whose: Whose, what: str) -> tuple[str, str, str]:
    """Return the kind, a sentence and an advice for a row of ours that the book does not count."""
    if row.reverses:
        action = "上传完再对一次；仍有的，报报文号和结算 ID 请经办机构核对"
        return "unclaimed_reversal", f"平台有 {whose.no} 的一笔{what}，本机还没有记为已撤销", action
    if whose.is_voided or whose.state in GONE:
        return "left_there", f"{whose.no} 本机已冲销，平台还有一笔{what}", _WORDS_TAKEN_BACK
    if whose.state in LIVE and whose.is_other:
        return "doubled", f"平台有 {whose.no} 的第二笔{what}", _WORDS_TAKEN_BACK
    if whose.state in LIVE:
        return "other_day", f"平台把 {whose.no} 的{what}记在这一天", "本机记在另一天；两天一起对一次"
    text = f"平台有 {whose.no} 的一笔{what}，本机还没有记为已上传"
    return "unclaimed", text, "按“认领”：先向平台查询，查到的就采用；查不到的请经办机构核对"


def _beside(own: Ours, row: Theirs) -> str:
    pairs = (
        ("总额", own.total_fen, row.total_fen),
        ("基金", own.fund_total_fen, row.fund_total_fen),
        ("账户", own.account_fen, row.account_fen),
    )
    sentences = [
        f"{word} 本机 {yuan(mine)}、平台 {yuan(their)}"
        for word, mine, their in pairs
        if their is not None and their != mine
    ]
    return "；".join(sentences) or row.memo or "平台没有说明"


def _found(
    kind: str, no: str, text: str, action: str, *, part: int | None = None, setl_id: str = "", msgid: str = ""
) -> Discrepancy:
    return Discrepancy(kind=kind, no=no, part=part, setl_id=setl_id, msgid=msgid, text=text, action=action)
