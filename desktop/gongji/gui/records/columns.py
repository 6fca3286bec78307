"""How the list of 记录 shows a settlement or void."""

from gongji.core.money import grouped
from gongji.desk.records import Head
from gongji.gui.kit import tokens
from gongji.gui.kit.format import state_colour, state_word
from gongji.gui.kit.models import Column


def kind_word(one: Head) -> str:
    """Return what a row is."""
    if one.kind == "void":
        return "退费"
    return "已退" if one.voided_by is not None else "结算"


def _colour(one: Head) -> str | None:
    return tokens.ATTENTION if one.kind == "void" else tokens.MUTED if one.voided_by else None


def _amount(title: str, name: str, width: int) -> Column:
    return Column(title=title, text=lambda one: grouped(getattr(one, name)), width=width, right=True, colour=_colour)


COLUMNS = (
    Column(title="时间", text=lambda one: one.at[5:16], width=106, muted=True, tip=lambda one: one.at),
    Column(title="", text=kind_word, width=54, colour=_colour),
    Column(title="姓名", text=lambda one: one.name or "—"),
    Column(title="结算号", text=lambda one: one.no, width=160),
    _amount("总费用", "total_fen", 86),
    _amount("基金", "fund_total_fen", 90),
    _amount("现金", "cash_fen", 76),
    Column(title="上传", text=lambda one: state_word(one.state), width=96, colour=lambda one: state_colour(one.state)),
)
EMPTY = "还没有收过费。在“收费”里结算后，每一笔都列在这里。"
NO_DAYS = "这几天没有收费。点“全部”看以往的，或直接输入姓名、结算号、金额来查。"
NOTHING_FITS = (
    "没有找到。换一个说法试试：姓名、拼音首字母、结算号、单据号、身份证号或末四位、电话，或金额；也可放宽日期。"
)
