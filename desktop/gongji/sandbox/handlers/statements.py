"""3201, 3202, 9101, 9102: the payer's own figures beside an institution's, first in sum, then row by row by file."""

import base64
import io
import zipfile
from collections.abc import Iterator, Mapping
from sqlite3 import Connection
from typing import Any

from msgspec import Struct

from gongji.core.money import yuan
from gongji.sandbox import messages, records
from gongji.sandbox.handlers.settlement import clearing_of
from gongji.sandbox.manners import file_number
from gongji.sandbox.messages import MisshapenError, RefusedError, signed_fen
from gongji.sandbox.people import find
from gongji.sandbox.query_messages import Details, Downloading, StatementQuery, Uploading
from gongji.sandbox.request import Call

EQUAL, CENTRE_MORE, INSTITUTION_MORE, DIFFERENT = "0", "1", "2", "3"
_LARGEST_FILE = 1 << 24


class StatementRow(Struct, frozen=True, kw_only=True):
    """A settlement or its reversal as it counts on a day, in fen."""

    setl_id: str
    mdtrt_id: str
    psn_no: str
    msgid: str
    refund: bool
    agency: str
    sums_fen: tuple[int, int, int]
    """The total, of it the fund's and the accounts' parts."""


def _stated(call: Call, asked: StatementQuery | Details, insutype: str | None = None) -> list[StatementRow]:
    """Return what counts on the days of a statement, of its agency, kind of clearing and, where named, insurance.

    Each settlement counts on its day, and taken back on the day it was cancelled; what 2601 undid has never been.
    """
    begin, end = f"{asked.stmt_begndate[:10]} 00:00:00", f"{asked.stmt_enddate[:10]} 23:59:59"
    found = records.settled(
        call.connection,
        "institution = ?1 AND (?2 IS NULL OR insutype = ?2) AND (at BETWEEN ?3 AND ?4 OR ended_at BETWEEN ?3 AND ?4)",
        call.envelope.fixmedins_code,
        insutype,
        begin,
        end,
    )
    manner, rows = call.options.manner, []
    for one in found:
        undone = not one.live and _infno(call.connection, one.ended_by) == "2601"
        if undone or asked.clr_type not in {"", clearing_of(call, one.med_type)}:
            continue
        if begin <= one.at <= end:
            rows.append(_row(call.connection, one, 1))
        if one.ended_at is not None and begin <= one.ended_at <= end:
            rows.append(_row(call.connection, one, -1))
    is_by_agency = manner is not None and manner.by_agency
    return [one for one in rows if one.agency == asked.setl_optins or not is_by_agency]


def _infno(connection: Connection, msgid: str | None) -> str:
    row = connection.execute("SELECT infno FROM message WHERE msgid = ?", (msgid,)).fetchone()
    return "" if row is None else str(row[0])


def _row(connection: Connection, one: records.PlatformSettlement, sign: int) -> StatementRow:
    person = find(connection, one.certno)
    amounts, account_fen = one.amounts, one.amounts.account_own_fen + one.amounts.account_family_fen
    encounter = None if one.encounter is None else records.encounter(connection, one.encounter)
    return StatementRow(
        setl_id=str(one.id),
        mdtrt_id="" if one.encounter is None else str(one.encounter),
        psn_no="" if person is None else person.psn_no,
        msgid=one.msgid if sign > 0 else one.ended_by or "",
        refund=sign < 0,
        agency="" if encounter is None else encounter.insuplc,
        sums_fen=(sign * amounts.total_fen, sign * amounts.fund_total_fen, sign * account_fen),
    )


def compare_totals(call: Call) -> dict[str, Any]:
    """3201: net of what was taken back; the count is of settlements less that of reversals.

    Raises `MisshapenError` for a day or a sum that is none.
    """
    asked = call.node("data", StatementQuery)
    mine = _stated(call, asked, asked.insutype)
    count = sum(-1 if one.refund else 1 for one in mine)
    ours = (count, *(sum(one.sums_fen[place] for one in mine) for place in range(3)))
    try:
        theirs = (
            int(asked.fixmedins_setl_cnt),
            signed_fen(asked.medfee_sumamt),
            signed_fen(asked.fund_pay_sumamt),
            signed_fen(asked.acct_pay),
        )
    except ValueError as error:
        raise MisshapenError(f"data 的金额或笔数不是数：{error}") from error
    result = EQUAL
    if ours != theirs:
        result = CENTRE_MORE if ours[0] > theirs[0] else INSTITUTION_MORE if ours[0] < theirs[0] else DIFFERENT
    words = f"中心 {ours[0]} 笔，总额 {yuan(ours[1])}，基金 {yuan(ours[2])}，账户 {yuan(ours[3])}"
    return {"stmtinfo": {"setl_optins": asked.setl_optins, "stmt_rslt": result, "stmt_rslt_dscr": words}}


def compare_details(call: Call) -> dict[str, Any]:
    """3202: the institution's file row by row; the result is a file to be fetched by 9102.

    Raises `RefusedError` for a file that was not uploaded.
    """
    asked = call.node("data", Details)
    file_no = file_number(asked.file_qury_no)
    content = records.get_file(call.connection, int(file_no)) if file_no.isdigit() else None
    if content is None:
        raise RefusedError("未找到对账文件")
    given = list(_given(content))
    mine = _stated(call, asked)
    text = "".join("\t".join(cell or "null" for cell in row) + "\n" for row in _compared(given, mine))
    name = f"result_{call.envelope.fixmedins_code}_{asked.stmt_begndate[:10]}.zip"
    number = records.put_file(call.connection, name, call.envelope.fixmedins_code, zipped({"result.txt": text}))
    return {"fileinfo": {"file_qury_no": str(number), "filename": name, "dld_endtime": f"{call.at[:10]} 23:59:59"}}


def _given(content: bytes) -> Iterator[tuple[str, ...]]:
    """Yield the rows of an institution's file: a text with tabs, in a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            (entry,) = archive.infolist()
            if entry.file_size > _LARGEST_FILE:
                raise RefusedError("对账文件太大")
            text = archive.read(entry).decode()
    except (zipfile.BadZipFile, UnicodeDecodeError, ValueError) as error:
        raise RefusedError("对账文件不是只含一个 UTF-8 文本的 zip") from error
    for number, line in enumerate(text.splitlines(), 1):
        cells = tuple("" if cell == "null" else cell for cell in line.split("\t"))
        if len(cells) < 7:  # noqa: PLR2004  # as the interface has it
            raise RefusedError(f"对账文件第 {number} 行不足 7 列")
        yield cells


def _compared(given: list[tuple[str, ...]], mine: list[StatementRow]) -> Iterator[tuple[str, ...]]:
    left = {(one.setl_id, one.refund): one for one in mine}
    for setl_id, mdtrt_id, psn_no, total, fund_total, account, refund, *_ in given:
        flag = refund.strip("0") != ""
        one = left.pop((setl_id, flag), None)
        if one is None:
            yield psn_no, mdtrt_id, setl_id, "", INSTITUTION_MORE, refund, "中心没有这一笔", "", "", ""
            continue
        same = tuple(map(signed_fen, (total, fund_total, account))) == one.sums_fen
        memo = "" if same else "金额不同"
        result = EQUAL if same else DIFFERENT
        yield psn_no, mdtrt_id, setl_id, one.msgid, result, refund, memo, *map(yuan, one.sums_fen)
    for one in left.values():
        refund = "1" if one.refund else "0"
        yield one.psn_no, "", "", one.msgid, CENTRE_MORE, refund, "机构没有这一笔", *map(yuan, one.sums_fen)


def zipped(texts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of these texts by their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return out.getvalue()


def upload(call: Call) -> dict[str, Any]:
    """9101: the file is a list of byte values, or a text in base64. Raises `MisshapenError`."""
    asked = call.node("fsUploadIn", Uploading)
    try:
        content = (
            bytes(one % 256 for one in asked.content)
            if isinstance(asked.content, list)
            else base64.b64decode(asked.content)
        )
    except (TypeError, ValueError) as error:
        raise MisshapenError("fsUploadIn.in 应为字节数组或 base64 文本") from error
    number = records.put_file(call.connection, asked.filename, asked.fixmedins_code, content)
    return {
        "file_qury_no": str(number),
        "filename": asked.filename,
        "fixmedins_code": asked.fixmedins_code,
        "dld_endtime": f"{call.at[:10]} 23:59:59",
    }


def download(connection: Connection, value: Any) -> bytes | None:
    """Return the file that a whole 9102 asks for; None where there is none."""
    try:
        asked = messages.read(value["input"]["fsDownloadIn"], Downloading, "fsDownloadIn")
    except (KeyError, TypeError, MisshapenError):
        return None
    number = file_number(asked.file_qury_no)
    return records.get_file(connection, int(number)) if number.isdigit() else None
