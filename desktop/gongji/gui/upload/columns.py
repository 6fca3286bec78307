"""How the queue is listed: what, since when, its state in plain words, when it is next tried, what to press."""

from gongji.core.money import grouped
from gongji.desk.upload.queue import Upload
from gongji.gui.kit import tokens
from gongji.gui.kit.format import next_try, state_colour, state_word, what_to_do
from gongji.gui.kit.models import Column


def what(one: Upload) -> str:
    """Return what a record is about."""
    return f"{'退费' if one.kind == 'void' else '结算'} {one.no}"


def _state(one: Upload) -> str:
    return state_word(one.state) + (f"（已试 {one.tries} 次）" if one.tries else "")


def _amount_colour(one: Upload) -> str | None:
    return tokens.ATTENTION if one.amount_fen < 0 else None


COLUMNS = (
    Column(title="记录", text=what, width=208),
    Column(title="姓名", text=lambda one: one.name or "—", width=86),
    Column(title="总费用", text=lambda one: grouped(one.amount_fen), width=92, right=True, colour=_amount_colour),
    Column(title="基金", text=lambda one: grouped(one.fund_fen), width=88, right=True, colour=_amount_colour),
    Column(title="现在", text=_state, width=196, colour=lambda one: state_colour(one.state)),
    Column(title="从何时起", text=lambda one: one.since[5:16], width=108, muted=True, tip=lambda one: one.since),
    Column(title="下次", text=next_try, width=96, muted=True),
    Column(title="怎么办", text=lambda one: one.last_error or what_to_do(one.state), muted=True),
)
LEFT_OUT = (5, 6)
"""Columns that go where there is little room: F8 tells everything about a record."""
NARROWER = {0: 200, 1: 64, 2: 82, 3: 82, 4: 112}
EMPTY = {
    "待上传": "没有等待上传的记录。收费后每一笔都先排在这里，联网时自动上传。",
    "需处理": "没有需要处理的记录。",
    "已上传": "还没有已上传的记录。",
    "已撤销": "没有在平台上撤销的记录。",
    "全部": "还没有记录。收费后每一笔都排在这里。",
}


def details(one: Upload) -> list[str]:
    """Return everything about a record: its state since when, its tries, what to do."""
    found = [
        f"{one.name or '—'} · {state_word(one.state)}，从 {one.since} 起。",
        f"记录于 {one.made_at}，已试 {one.tries} 次。" + (f"下次：{next_try(one)}。" if next_try(one) else ""),
        f"怎么办：{what_to_do(one.state)}。",
    ]
    if one.after is not None:
        found.append(f"它要等 {one.after} 先上传。")
    if one.last_error:
        found.append(f"最近一次：{one.last_error}")
    return found
