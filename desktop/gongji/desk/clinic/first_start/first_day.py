"""第一天: what an empty counter needs before the first patient: people, catalogue, figures, a test page."""

from msgspec import Struct

from gongji.desk.papers.paper_files import chosen_printer
from gongji.desk.session import Session
from gongji.store import search
from gongji.store.settlements import settlements


class FirstDayStep(Struct, frozen=True, kw_only=True):
    """One thing to do: its name, its state in words, whether it is done."""

    name: str
    stands: str
    done: bool


def first_day(session: Session) -> tuple[FirstDayStep, ...]:
    """Return the steps before work begins, in order; none once something was settled, or for training."""
    connection = session.store.reader
    if session.clinic.training or settlements.last_no(connection) is not None:
        return ()
    known = search.row_counts(connection)
    people, items, told_until = known.people, known.items, known.told_until
    printer = chosen_printer(session)
    return (
        FirstDayStep(name="人员", stands=f"{people:,} 人" if people else "还没有导入", done=people > 0),
        FirstDayStep(name="目录", stands=f"{items:,} 项" if items else "还没有导入", done=items > 0),
        FirstDayStep(
            name="累计", stands=f"截至 {told_until[:10]}" if told_until else "还没有导入", done=told_until is not None
        ),
        FirstDayStep(name="打印测试页", stands=printer or "还没有选打印机，单据先存成文件", done=bool(printer)),
    )
