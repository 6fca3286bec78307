"""平台清单: the agency's list of what it holds, as a table it handed over, compared with a copy of a book."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from gongji.core.money import parse_fen, yuan
from gongji.errors import GongjiError
from gongji.spreadsheets.open_table import open_table
from gongji.store.engine import Connection
from gongji.store.settlements import settlement_sums

_VISIT = ("就诊号", "门诊号", "门诊流水号", "住院/门诊号", "ipt_otp_no")
_TOTAL = ("总费用", "医疗费总额", "费用总额", "medfee_sumamt")
_FUND = ("基金支付", "基金合计", "基金支付总额", "fund_pay_sumamt")
_HEADING_ROWS = 10


class ListedSettlement(Struct, frozen=True, kw_only=True):
    """A settlement in the agency's list: the clinic's own visit number, and the total in fen."""

    visit_no: str
    total_fen: int
    fund_total_fen: int


def read_payer_list(path: Path) -> list[ListedSettlement]:
    """Return the agency's list in a file. Raises `GongjiError` for missing columns or invalid amounts."""
    found: list[ListedSettlement] = []
    places: tuple[int, int, int] | None = None
    with open_table(path) as table:
        for number, cells in table.rows:
            if places is None:
                places = _headings(cells)
                if places is None and number > _HEADING_ROWS:
                    break
                continue
            found += _row(number, cells, places)
    if places is None:
        raise GongjiError(
            f"{path.name} 里没有找到要的列", "要有 就诊号（门诊号）、总费用（医疗费总额）、基金支付（基金支付总额）三列"
        )
    return found


def _headings(cells: list[str]) -> tuple[int, int, int] | None:
    names = [cell.strip() for cell in cells]
    places = [next((names.index(one) for one in words if one in names), -1) for words in (_VISIT, _TOTAL, _FUND)]
    return None if -1 in places else (places[0], places[1], places[2])


def _row(number: int, cells: list[str], places: tuple[int, int, int]) -> Iterator[ListedSettlement]:
    visit_no, total, fund = (cells[place].strip() if place < len(cells) else "" for place in places)
    if not visit_no or visit_no in {"合计", "小计", "总计"}:
        return
    try:
        amounts = [parse_fen(one.replace(",", "") or "0") for one in (total, fund)]
    except ValueError as error:
        raise GongjiError(f"清单第 {number} 行的金额读不懂", "金额应为元，最多两位小数；请核对文件") from error
    yield ListedSettlement(visit_no=visit_no, total_fen=amounts[0], fund_total_fen=amounts[1])


def against_book(connection: Connection, listed: Iterable[ListedSettlement]) -> Iterator[str]:
    """Yield, in sentences, how the agency's list and the book differ on settlements not voided."""
    standing = settlement_sums.standing_sums(connection)
    accepted = settlement_sums.accepted_visits(connection)
    seen: dict[str, list[ListedSettlement]] = {}
    for one in listed:
        seen.setdefault(one.visit_no, []).append(one)
    for visit_no, rows in seen.items():
        total_fen, fund_fen = sum(one.total_fen for one in rows), sum(one.fund_total_fen for one in rows)
        mine = standing.get(visit_no)
        if not total_fen and not fund_fen:
            continue  # settled and reversed on the list itself
        if mine is None:
            yield f"{visit_no}：清单上有（总费用 {yuan(total_fen)}，基金 {yuan(fund_fen)}），账上没有或已冲销"
        elif mine != (total_fen, fund_fen):
            yield (
                f"{visit_no}：清单上总费用 {yuan(total_fen)}、基金 {yuan(fund_fen)}，"
                f"账上 {yuan(mine[0])}、{yuan(mine[1])}"
            )
    for visit_no in sorted(accepted - seen.keys()):
        yield f"{visit_no}：账上已上传，清单上没有"
