"""按规定删除: a person's plain data destroyed for good, by two persons and logged; what remains is listed before.

Plain data in rows that may be written is deleted; in rows that never change it is encrypted under the person's
own key (store.people.person_keys), and that key is destroyed. Amounts, numbers, seals and tallies are not touched.
Names may be deleted once the retention years are over; the law's longest period is for accounting vouchers.
"""

import datetime

from msgspec.structs import asdict

from gongji.core.dates import day_of
from gongji.core.identity import masked
from gongji.core.ledger.audit import Act
from gongji.desk.papers.paper_files import without_files_of
from gongji.desk.reasons import reason_of
from gongji.desk.roles import only, second, with_second
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit, settings
from gongji.store.people import forgetting
from gongji.store.people.person_keys import is_forgotten
from gongji.store.upload import outbox_records

YEARS = "retention_years"
"""The setting that says for how many years after the last settlement names are kept."""
ACCOUNTING_YEARS = 30
"""会计档案管理办法（财政部、国家档案局令第 79 号）附表一: original vouchers are kept for 30 years."""
_LEAST_REASON, _MOST_YEARS = 2, 100


class Remains(forgetting.Traces, frozen=True, kw_only=True):
    """What remains of a forgotten person, copies of the book among it.

    `until` is the day (ISO) up to which names must be kept, None for a person who was never settled.
    """

    person_id: str
    until: str | None
    copies: int


def what_remains(session: Session, person_id: str) -> Remains:
    """Return what forgetting a person would leave. Raises `GongjiError` where the book does not know them."""
    known = forgetting.traces(session.store.reader, person_id)
    if known is None:
        raise GongjiError("没有这个人的资料", "请核对证件号码，在 资料 → 人员 里找到这个人再办")
    until = None
    if known.last_on is not None:
        last = datetime.date.fromisoformat(known.last_on)
        until = _years_later(last, retention_years(session)).isoformat()
    copies = len([*session.folder.copies.glob("*.db")])
    return Remains(**asdict(known), person_id=person_id, until=until, copies=copies)


def remains_in_words(one: Remains) -> list[str]:
    """Return what is destroyed and what remains, a sentence each."""
    told = ["删除姓名、性别、出生日期、电话，查找用的拼音，挂着的单；已打印的单据、上传报文里的也不能再读出。"]
    if one.settlements:
        told.append(
            f"保留：{one.settlements} 笔结算和冲销的金额、项目、编号，以及作为账户号的证件号码（显示时遮盖），"
            "医保和会计要凭它们对账。"
        )
    if one.older:
        told.append(f"其中 {one.older} 笔是旧版本记的，姓名写在不能改的记录里，仍在加密的数据文件里，但不再显示。")
    if one.copies:
        told.append(f"旁边的 {one.copies} 个备份和带走的备份里还有；备份按期清理，从它们恢复时会再删一次。")
    told.append("打印出来的纸、上传给医保的数据，不在本程序里，请另行处理。")
    return told


@only("forget")
def forget_person(session: Session, person_id: str, reason: str) -> Remains:
    """Destroy a person's plain data, on the writing thread; return what remains.

    Raises `GongjiError`, and then nothing has changed: no reason, records being sent, retention years not over, no
    second person, another program that reads the book (whose log may still have the key) or shows a file of theirs.
    Files of papers are deleted first, since the book can restore them until the end. Only where a reader begins
    meanwhile is it done with the log still to be truncated, which calling it again does.
    """
    reason = reason_of(
        reason, "没有写明依据", "请写清楚凭什么删除，例如 保存期满，第 3 号销毁清册", _LEAST_REASON, "依据"
    )
    remains = what_remains(session, person_id)
    if is_forgotten(session.store.reader, person_id):
        session.store.empty_log()
        raise GongjiError("这个人的资料已按规定删除过", "不用再办；要看何时删的，请看日志")
    if remains.waiting:
        raise GongjiError(
            f"这个人还有 {remains.waiting} 笔记录没有上传完，现在不能删除", "请先在 上传 里把它们办完，再删除"
        )
    at = session.now()
    if remains.until is not None and remains.until > day_of(at).isoformat():
        raise GongjiError(
            f"保存期到 {remains.until} 才满（最后一次结算后 {retention_years(session)} 年），现在不能删除姓名",
            "保存期以会计档案和医保协议的规定为准；规定更短的，由管理员改年数（命令行：gongji forget --years）",
        )
    other = second(session, "forget")
    session.store.empty_log()
    without_files_of(session, person_id)
    with session.store.write() as connection:
        one = forgetting.Forgetting(person_id=person_id, reason=reason, operator=session.operator, second=other, at=at)
        forgetting.forget(connection, one)
        detail = f"{reason}；保留 {remains.settlements} 笔结算的金额和编号，{remains.older} 笔旧记录仍有姓名"
        audit.append(connection, at, session.operator, Act.FORGOTTEN, masked(person_id), with_second(detail, other))
    session.recorded(at)
    session.loose_papers.clear()
    outbox_records.let_go_of_read()
    session.store.empty_log()
    return remains


def retention_years(session: Session) -> int:
    """Return for how many years after the last settlement a name is kept."""
    return int(settings.get(session.store.reader, YEARS) or ACCOUNTING_YEARS)


@only("forget")
def set_retention_years(session: Session, years: int) -> None:
    """Set for how many years names are kept. Raises `GongjiError` for an impossible number."""
    if not 0 < years <= _MOST_YEARS:
        raise GongjiError(f"保存 {years} 年：年数应在 1 到 {_MOST_YEARS} 之间", "请写整数年，例如 30")
    at, other = session.now(), second(session, "forget")
    with session.store.write() as connection:
        before = settings.get(connection, YEARS) or ACCOUNTING_YEARS
        settings.put(connection, YEARS, str(years))
        detail = with_second(f"姓名的保存期由 {before} 年改为 {years} 年", other)
        audit.append(connection, at, session.operator, Act.CLINIC, session.clinic.counter, detail)


def _years_later(day: datetime.date, years: int) -> datetime.date:
    """Return the same day some years later; the first of March for a 29 February that does not exist."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return datetime.date(day.year + years, 3, 1)
