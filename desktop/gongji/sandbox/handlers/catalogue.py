"""13xx, 1390: the catalogue and the packs the payer offers, by version: a file for 9102, or pages of rows.

It offers what control calls gave it. The columns are written here again from the interface documents, and not
shared with the program that reads them.
"""

from sqlite3 import Connection
from typing import Annotated, Any

from msgspec import Meta, Struct, json

from gongji.sandbox import records
from gongji.sandbox.handlers.statements import zipped
from gongji.sandbox.messages import RefusedError
from gongji.sandbox.query_messages import ComparedCode
from gongji.sandbox.request import Call

PACKS = "1390"
_COLUMNS = {
    "1301": (92, {
        "med_list_codg": 1, "reg_name": 8, "reg_dosform": 16, "reg_spec": 17, "begndate": 37, "enddate": 38,
        "prodentp_name": 54, "hi_nego_drug_flag": 75, "vali_flag": 79, "rid": 80, "ver": 83,
    }),
    "1302": (29, {"med_list_codg": 1, "tcmherb_name": 2, "begndate": 12, "enddate": 13, "vali_flag": 14, "rid": 15,
                  "ver": 18}),
    "1305": (16, {"med_list_codg": 1, "vali_flag": 7, "servitem_name": 10, "begndate": 12, "enddate": 13, "rid": 14,
                  "ver": 15}),
    "1306": (71, {"med_list_codg": 1, "mcs_name": 2, "spec": 8, "begndate": 47, "enddate": 48, "prodentp_name": 60,
                  "vali_flag": 68, "rid": 69, "ver": 70}),
}  # fmt: skip
_QUERIES = {
    "1312": ("hilist_code", "insu_admdvs", "begndate"),
    "1318": ("hilist_code", "hilist_lmtpric_type", "insu_admdvs", "begndate"),
    "1319": ("hilist_code", "selfpay_prop_psn_type", "selfpay_prop_type", "insu_admdvs", "begndate"),
}
FILES, PAGES = frozenset({*_COLUMNS, PACKS}), frozenset(_QUERIES)
_MOST_ROWS = 1000
_MOST_COMPARED = 100


class Newer(Struct, frozen=True, kw_only=True):
    """13xx `data`: the newest version the asker has."""

    ver: Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^\d+$")]


class CataloguePage(Struct, frozen=True, kw_only=True):
    """1312, 1318, 1319 `data`."""

    updt_time: Annotated[str, Meta(min_length=10, max_length=19)]
    page_num: str | int
    page_size: str | int
    hilist_code: str = ""
    insu_admdvs: str = ""
    vali_flag: str = ""


class Offer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A control call: rows of a transaction, under the interface's names; one given again replaces the one before."""

    infno: str
    rows: list[dict[str, str]]


def offer(connection: Connection, offered: Offer, at: str) -> None:
    """Offer rows from now on, as a newer version; `RefusedError` where there is no such transaction."""
    for row in offered.rows:
        if offered.infno in _QUERIES:
            key = "/".join(row.get(name, "") for name in _QUERIES[offered.infno])
        elif offered.infno in _COLUMNS:
            key = row.get("med_list_codg", "")
        else:
            raise RefusedError(f"没有 {offered.infno} 这个下载")
        _put(connection, offered.infno, row.get("rid") or f"R{offered.infno}{key}", {"vali_flag": "1", **row}, at)


def offer_pack(connection: Connection, name: str, text: str, at: str) -> None:
    """Offer a pack, by the name of its edition (area@first day)."""
    _put(connection, PACKS, name, {"text": text}, at)


def _put(connection: Connection, infno: str, rid: str, row: dict[str, str], at: str) -> None:
    (last,) = connection.execute("SELECT coalesce(max(ver), 0) FROM offered").fetchone()
    connection.execute(
        "INSERT OR REPLACE INTO offered (infno, rid, ver, at, body) VALUES (?, ?, ?, ?, ?)",
        (infno, rid, last + 1, at, json.encode(row).decode()),
    )


def _offered(connection: Connection, infno: str, condition: str, value: str | int) -> list[dict[str, str]]:
    rows = connection.execute(
        f"SELECT rid, ver, at, body FROM offered WHERE infno = ? AND {condition} ORDER BY ver",  # noqa: S608  # ours
        (infno, value),
    )
    return [
        {**json.decode(body), "rid": rid, "ver": str(ver), "updt_time": at} for rid, ver, at, body in rows.fetchall()
    ]


def download(call: Call) -> dict[str, Any]:
    """13xx, 1390: what is newer than a version, as a file."""
    asked, infno = call.node("data", Newer), call.envelope.infno
    rows = _offered(call.connection, infno, "ver > ?", int(asked.ver))
    content = _packs(rows) if infno == PACKS else _text(infno, rows)
    name = f"{infno}_{call.at[:10]}.zip"
    number = records.put_file(call.connection, name, call.envelope.fixmedins_code, content)
    return {
        "file_qury_no": str(number),
        "filename": name,
        "dld_end_time": f"{call.at[:10]} 23:59:59",
        "data_cnt": len(rows),
    }


def _text(infno: str, rows: list[dict[str, str]]) -> bytes:
    width, places = _COLUMNS[infno]
    lines = []
    for row in rows:
        cells = ["null"] * width
        for name, place in places.items():
            cells[place - 1] = row.get(name) or "null"
        lines.append("\t".join(cells) + "\n")
    return zipped({f"{infno}.txt": "".join(lines)})


def _packs(rows: list[dict[str, str]]) -> bytes:
    return zipped({f"{row['ver']}_{row['rid']}.toml": row["text"] for row in rows})


def query(call: Call) -> dict[str, Any]:
    """1312, 1318, 1319: what was published on a day or later, a page of it. Raises `RefusedError` for no day."""
    asked = call.node("data", CataloguePage)
    number, size = int(asked.page_num), int(asked.page_size)
    if number < 1 or not 1 <= size <= _MOST_ROWS:
        raise RefusedError(f"每页 1 至 {_MOST_ROWS} 行，页码从 1 起")
    rows = _offered(call.connection, call.envelope.infno, "at >= ?", asked.updt_time[:10])
    pages = -(-len(rows) // size)
    return {
        "data": rows[(number - 1) * size : number * size],
        "recordCounts": len(rows),
        "pages": pages,
        "pageNum": number,
        "pageSize": size,
        "firstPage": number == 1,
        "lastPage": number >= pages,
    }


def compare_codes(call: Call) -> dict[str, Any]:
    """3301: an institution's own codes beside the national ones; nothing depends on them. Raises `RefusedError`."""
    if len(call.nodes("data", ComparedCode)) > _MOST_COMPARED:
        raise RefusedError(f"一次最多上传 {_MOST_COMPARED} 条目录对照")
    return {}
