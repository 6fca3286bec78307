"""套打: a receipt's values placed in the fields of a pre-printed form; the fields' places are data.

`resources/forms/*.toml` and a clinic's own files have this format; `docs/receipts.md` explains it.
"""

from pathlib import Path
from typing import Literal

import msgspec

from gongji.core.money import price, yuan
from gongji.core.papers.receipt import Receipt, check_receipt_sums
from gongji.core.problems import quoted
from gongji.errors import GongjiError
from gongji.printing.layout.fonts import MM_PER_POINT, shortened, wrapped
from gongji.printing.layout.marks import Mark, PrintedPage, Text
from gongji.printing.layout.pdf import AS_IT_IS, PrintOffset, pdf_of
from gongji.printing.receipt.text import TRAINING, check_words, closing_sentences, quantity


class FormField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a value goes: mm from the top left corner to its base line, its width in mm, its size in points.

    A value may take several `rows`, one under the other.
    """

    x: float
    y: float
    room: float
    size: float = 9
    align: Literal["left", "centre", "right"] = "left"
    label: str = ""
    rows: int = 1


class FormLines(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the lines of the bill go: the first base line, the line distance, how many fit."""

    y: float
    pitch: float
    rows: int
    columns: dict[str, FormField]


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pre-printed form: its size in mm, its fields by the name of the value; labels are on the form already."""

    title: str
    width: float
    height: float
    field: dict[str, FormField]
    fees: FormLines | None = None
    lines: FormLines | None = None


_SMALLEST, _STEP = 2 / 3, 0.25
_LINE = 1.3
_LINE_VALUES = ("name", "class", "price", "quantity", "unit", "amount", "category")
_NOTICE = "notice"
_FEE_VALUES = ("category", "amount")


def read_form(path: Path) -> Form:
    """Return the form in a file. Raises `GongjiError` that says what is wrong with it."""
    if not path.is_file():
        raise GongjiError(
            f"没有套打格式“{quoted(path.stem)}”", "请核对“设置 → 打印”里预印表格的文件名；不用预印表格的空着"
        )
    try:
        form = msgspec.toml.decode(path.read_bytes(), type=Form)
    except (OSError, msgspec.DecodeError) as error:
        raise GongjiError(f"套打格式 {path.name} 不能用（{error}）", "请按 docs/receipts.md 改正") from error
    if _NOTICE not in form.field:
        advice = f"请加上 {_NOTICE} 一栏，印上这是结算凭单、不是财政票据"
        raise GongjiError(f"套打格式 {path.name} 没有写明单据性质的位置", advice)
    for values, part in ((_LINE_VALUES, form.lines), (_FEE_VALUES, form.fees)):
        unknown = sorted(set(part.columns) - set(values)) if part is not None else []
        if unknown:
            raise GongjiError(f"套打格式 {path.name} 里没有 {'、'.join(unknown)} 这样的列", f"可用 {'、'.join(values)}")
    return form


def render_form(receipt: Receipt, form: Form, fit: PrintOffset = AS_IT_IS) -> bytes:
    """Return a receipt on a pre-printed form. Raises `GongjiError` before drawing where it cannot be printed whole.

    A receipt with more lines than the form has room for goes over several forms, its figures on the last.
    """
    check_receipt_sums(receipt)
    values = form_values(receipt)
    unknown = sorted(set(form.field) - set(values))
    if unknown:
        raise GongjiError(f"套打格式里的 {'、'.join(unknown)} 不是结算单上的内容", f"可用 {'、'.join(values)}")
    _check_inside(form, fit)
    return pdf_of(_pages(receipt, form, values), f"{receipt.title} {receipt.no}", fit, receipt.code)


def _check_inside(form: Form, fit: PrintOffset) -> None:
    """Refuse fields that the offsets move off the form: a printer cuts them off silently."""
    for name, field in form.field.items():
        left = _left_of(field)
        across = (left * fit.scale_x + fit.right, (left + field.room) * fit.scale_x + fit.right)
        down = (field.y - field.size * MM_PER_POINT) * fit.scale_y + fit.down, field.y * fit.scale_y + fit.down
        if across[0] < 0 or across[1] > form.width or down[0] < 0 or down[1] > form.height:
            raise GongjiError(f"套打的 {name} 落在纸外", "请改小偏移或缩放，或改正套打格式")


def form_values(one: Receipt) -> dict[str, str]:
    """Return every value that a form may ask for, by name."""
    split = one.split
    return {
        "clinic": one.issuer.name,
        "title": one.title,
        "patient_name": one.patient_name,
        "patient_id": one.patient_id,
        "area": one.area_name,
        "no": one.no,
        "receipt_no": one.receipt_no,
        "bill_code": one.bill_code,
        "bill_no": one.bills[0] if one.bills else "",
        "original_no": one.original_no,
        "visit_no": one.visit_no,
        "date": one.at[:10],
        "time": one.at[11:],
        "settled_on": one.settled_on,
        "capitals": one.capitals,
        "total": yuan(split.total_fen),
        "fund": yuan(split.fund_fen),
        "other": yuan(split.other_fen),
        "account": yuan(split.account_fen),
        "cash": yuan(split.cash_fen),
        "self_pay": yuan(split.self_pay_fen),
        "own_expense": yuan(split.own_expense_fen),
        "operator": one.operator,
        "checker": one.checker,
        "other_info": "  ".join(f"{item.label}：{item.text}" for item in one.other if item.amount_fen is None),
        "notice": " ".join(closing_sentences(one)),
        "check": check_words(one),
    }


def forms_needed(one: Receipt, form: Form) -> int:
    """Return how many forms a receipt needs."""
    return max(1, _forms_for(len(one.lines), form.lines), _forms_for(len(one.fees), form.fees))


def _pages(one: Receipt, form: Form, values: dict[str, str]) -> tuple[PrintedPage, ...]:
    lines = [
        {
            "name": line.name,
            "class": line.class_,
            "price": price(line.unit_price_e4),
            "quantity": quantity(line),
            "unit": line.unit,
            "amount": yuan(line.amount_fen),
            "category": line.fee_category,
        }
        for line in one.lines
    ]
    fees = [{"category": fee.category, "amount": yuan(fee.amount_fen)} for fee in one.fees]
    count = forms_needed(one, form)
    pages = []
    for index in range(count):
        marks: list[Mark] = []
        for rows, part in ((lines, form.lines), (fees, form.fees)):
            if part is not None:
                marks += _rows(rows[index * part.rows : (index + 1) * part.rows], part)
        last = index + 1 == count
        numbered = {"bill_no": one.bills[index]} if index < len(one.bills) else {}
        for name, field in form.field.items():
            marks += _field(field, {**values, **numbered}[name] if last or name not in _FIGURES else "接下页")
        pages.append(PrintedPage(form.width, form.height, tuple(marks), TRAINING if one.issuer.training else ""))
    return tuple(pages)


_FIGURES = {"capitals", "total", "fund", "other", "account", "cash", "self_pay", "own_expense"}


def _forms_for(count: int, part: FormLines | None) -> int:
    return 0 if part is None else -(-count // part.rows)


def _rows(rows: list[dict[str, str]], part: FormLines) -> list[Mark]:
    return [
        mark
        for index, row in enumerate(rows)
        for name, field in part.columns.items()
        for mark in _field(msgspec.structs.replace(field, y=part.y + index * part.pitch), row[name])
    ]


def _field(field: FormField, text: str) -> list[Mark]:
    """Return a value broken into its rows, set smaller if necessary, down to two thirds; then cut with an ellipsis."""
    size = field.size
    while len(wrapped(text, field.room, size)) > field.rows and size > field.size * _SMALLEST:
        size -= _STEP
    lines = wrapped(text, field.room, size)
    if len(lines) > field.rows:
        lines = [*lines[: field.rows - 1], shortened("".join(lines[field.rows - 1 :]), field.room, size)]
    pitch = size * MM_PER_POINT * _LINE
    marks: list[Mark] = [
        Text(field.x, field.y + index * pitch, line, size, field.align) for index, line in enumerate(lines) if line
    ]
    if field.label:
        marks.append(Text(_left_of(field) - 1, field.y, field.label, field.size, "right", "muted", frame=True))
    return marks


def _left_of(field: FormField) -> float:
    """Return where a field begins, in mm."""
    return {"left": field.x, "centre": field.x - field.room / 2, "right": field.x - field.room}[field.align]
