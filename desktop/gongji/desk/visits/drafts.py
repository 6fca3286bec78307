"""录入: the visit in the form, quoted at every edit with what the book knows, and built from what was found."""

import datetime
import re
from itertools import count

from msgspec import structs

from gongji.core.identifiers import normal_visit
from gongji.core.ledger.draft import AccountChoice, Draft, DraftLine, draft_to_json, with_choice
from gongji.core.ledger.fill_visit import fill_from_book
from gongji.core.money import parse_e4, plain_e4, plain_ratio, price
from gongji.core.problems import quoted
from gongji.core.typed import odd_sign, plain_number
from gongji.core.visits import Category, Visit, read_visit
from gongji.desk.session import Session
from gongji.desk.visits.care import usual_care
from gongji.desk.visits.patients import Patient
from gongji.desk.visits.quote import Quoted, quote_visit
from gongji.pack_files.library import Library
from gongji.store.search import ItemFound

_WRITTEN: dict[Category, re.Pattern[str]] = {
    "drug": re.compile(r"[XZT][0-9A-Z]{9,29}"),
    "service": re.compile(r"00[0-9]{7,13}(-[0-9A-Z]{1,20})?"),
    "consumable": re.compile(r"C[0-9A-Z-]{9,39}"),
}


def has_national_code(category: Category, code: str) -> bool:
    """Return whether an item's code has the shape of its category's national codes."""
    return _WRITTEN[category].fullmatch(code) is not None


_places = count(1)
_ONE = 10_000


def new_draft(session: Session, at: str) -> Draft:
    """Return an empty form with a new visit number: this counter's code, the second, and a running number."""
    digits = "".join(character for character in at if character.isdigit())
    return Draft(
        visit_no=f"{session.clinic.counter}{digits}-{next(_places) % 1000:03d}",
        care=usual_care(session, datetime.date.fromisoformat(at[:10])),
    )


def visit_of(draft: Draft, patient: Patient) -> Quoted | Visit:
    """Return the visit that a draft and the patient make, or the problems that prevent it."""
    full, problems = normal_visit(with_choice(fill_from_book(draft_to_json(draft), patient.known), draft.accounts))
    visit = read_visit(full)
    if isinstance(visit, Visit) and not problems:
        return _with_uncoded_goods(visit)
    more = visit if isinstance(visit, list) else []
    return Quoted(visit_no=draft.visit_no, problems=(*problems, *more))


def _with_uncoded_goods(visit: Visit) -> Visit:
    """Return a visit to a pharmacy with the lines marked whose items have no national code."""
    if visit.institution.type != "pharmacy":
        return visit
    lines = tuple(
        line if has_national_code(line.category, line.code) else structs.replace(line, uncoded=True)
        for line in visit.lines
    )
    return structs.replace(visit, lines=lines)


def quote_draft(library: Library, draft: Draft, patient: Patient) -> Quoted:
    """Return what a draft would settle at, or all problems that prevent it."""
    visit = visit_of(draft, patient)
    return quote_visit(visit, library, patient.known.notices) if isinstance(visit, Visit) else visit


def line_of(item: ItemFound, quantity: str = "1", benefit: str | None = None, as_of: str = "") -> DraftLine:
    """Return a line for an item of the catalogue, `as_of` a day (ISO)."""
    return DraftLine(
        code=item.code,
        name=item.name,
        category=item.category,
        class_=item.class_,
        unit_price=price(item.unit_price_e4),
        quantity=quantity,
        prepay_ratio=None if item.prepay_ratio_e12 is None else plain_ratio(item.prepay_ratio_e12),
        price_ceiling=None if item.price_ceiling_e4 is None else price(item.price_ceiling_e4),
        negotiated=item.negotiated,
        unit=item.unit,
        specification=item.specification,
        maker=item.maker,
        benefit=benefit,
        as_of=as_of,
    )


def quantity_fault(text: str) -> str:
    """Return what is wrong with a quantity; empty where nothing is."""
    try:
        return "" if parse_e4(plain_number(text)) else "数量要大于 0"
    except ValueError:
        return f"数量应为大于 0 的数，小数最多四位{_odd(text)}"


def price_fault(text: str) -> str:
    """Return what is wrong with a unit price; empty where nothing is."""
    try:
        parse_e4(plain_number(text))
    except ValueError:
        return f"单价应为不小于 0 的数，小数最多四位{_odd(text)}"
    return ""


def _odd(text: str) -> str:
    """Return the sentence that names the single character that makes a text no number."""
    odd = odd_sign(text)
    return f"；“{quoted(odd)}”不是 0 到 9" if odd else ""


def with_line(draft: Draft, line: DraftLine) -> Draft:
    """Return the draft with one more line."""
    return structs.replace(draft, lines=(*draft.lines, line))


def with_one_more(draft: Draft, line: DraftLine) -> tuple[Draft, int]:
    """Return the draft with one more of an item, on its line where there is one already, and that line's place."""
    for place, there in enumerate(draft.lines):
        if _is_of(there, line):
            total = plain_e4(parse_e4(there.quantity) + parse_e4(line.quantity))
            return changed_line(draft, place, structs.replace(there, quantity=total)), place
    return with_line(draft, line), len(draft.lines)


def _is_of(there: DraftLine, line: DraftLine) -> bool:
    """Return whether a line is of a catalogue item, whatever else the clerk entered on it."""
    plain = structs.replace(
        there, quantity=line.quantity, benefit=line.benefit, approved=None, trace_codes=(), directions=None, doctor=None
    )
    refused = there.approved is False  # then it is the patient's own whatever the catalogue says
    return (structs.replace(plain, class_=line.class_, prepay_ratio=line.prepay_ratio) if refused else plain) == line


def with_traced(draft: Draft, line: DraftLine, code: str) -> tuple[Draft, int]:
    """Return the draft with a scanned box of a drug, and its line's place. Raises ValueError for a repeated scan.

    A box already counted by hand gets its code; otherwise there is one more of the item.
    """
    said = next((place for place, one in enumerate(draft.lines, 1) if code in one.trace_codes), 0)
    if said:
        raise ValueError(f"追溯码 {code} 这一盒已经扫过（第 {said} 行）")
    open_ = (
        place
        for place, there in enumerate(draft.lines)
        if _is_of(there, line) and parse_e4(there.quantity) >= (len(there.trace_codes) + 1) * _ONE
    )
    place = next(open_, -1)
    if place < 0:
        draft, place = with_one_more(draft, line)
    there = draft.lines[place]
    return changed_line(draft, place, structs.replace(there, trace_codes=(*there.trace_codes, code))), place


def changed_line(draft: Draft, place: int, line: DraftLine | None) -> Draft:
    """Return the draft with the line in a place replaced, or without it."""
    lines = list(draft.lines)
    lines[place : place + 1] = [] if line is None else [line]
    return structs.replace(draft, lines=tuple(lines))


def with_accounts(draft: Draft, choice: AccountChoice) -> Draft:
    """Return the draft with the accounts used as the patient wants."""
    return structs.replace(draft, accounts=choice)
