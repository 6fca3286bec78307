"""结算单: the paper of a settlement, written once whole and kept as the same bytes under its number.

The settlement stands before its paper: whatever goes wrong here is a `GongjiError` for the clerk to read, and the paper
is made later from what the book holds.
"""

import hashlib
from pathlib import Path

from msgspec import json
from msgspec.structs import replace

from gongji.core.book.receipt_code import code_of, message_of
from gongji.core.book.receipt_records import Issuer, Receipt
from gongji.core.book.receipt_texts import printable
from gongji.core.book.receipts import Around, Catalogued, receipt_of
from gongji.core.book.settled import Stored
from gongji.core.packs.language import Pack
from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_visit
from gongji.desk.counter import Counter
from gongji.files import write_whole
from gongji.policies import parse_pack
from gongji.printing.other import other_info
from gongji.printing.pdf import DEFAULT_PAPER, render
from gongji.printing.stamping import stamped
from gongji.store import audit, papers, settings, settlements
from gongji.store.signing import signer_of
from gongji.store.trouble import StoreError

PAPER_SETTING = "receipt_paper"
CHECKER_SETTING = "receipt_checker"


def print_receipt(counter: Counter, stored: Stored) -> Path:
    """Return the file of a settlement's or void's paper, made now unless it is there already.

    Raises `GongjiError`: the figures do not agree, a name cannot be printed, the disk is full.
    """
    path = counter.folder.receipts / place_of(stored)
    kept = papers.newest(counter.store.reader, stored.serial)
    if kept is None:
        receipt, paper = receipt_for(counter, stored), paper_of(counter)
    elif _is(path, kept.sha256):
        return path
    else:
        receipt, paper = json.decode(kept.content, type=Receipt), kept.format
    pdf = render(receipt, paper)
    sha256 = hashlib.sha256(pdf).hexdigest()
    if kept is None or kept.sha256 != sha256:
        one = papers.Paper(
            settlement=stored.serial, format=paper, at=stored.at, content=json.encode(receipt), sha256=sha256
        )
        with counter.store.write() as connection:
            papers.keep(connection, one)
    write_whole(path, pdf)
    return path


def reprint(counter: Counter, stored: Stored) -> Path:
    """补打: return the file of the same paper marked with which time this is, by whom and when; it is counted.

    Raises `GongjiError` and `ClockError`; the count stands once the book has it, whatever the printer does.
    """
    at = counter.now()
    pdf = print_receipt(counter, stored).read_bytes()
    with counter.store.write() as connection:
        nth = papers.add_reprint(connection, stored.serial, counter.operator, at)
        audit.append(connection, at, counter.operator, "reprint", stored.no, f"补打 第 {nth} 次")
    place = place_of(stored)
    path = counter.folder.receipts / place.with_name(f"{stored.no}-reprint-{nth}.pdf")
    write_whole(path, stamped(pdf, f"补打 第 {nth} 次  {at}  {counter.operator}"))
    return path


def place_of(stored: Stored) -> Path:
    """Return where a paper lies under the folder of receipts: year, month, number."""
    return Path(stored.at[:4], stored.at[5:7], f"{stored.no}.pdf")


def _is(path: Path, sha256: str) -> bool:
    """Tell whether a file is there with these bytes; one that cannot be read counts as lost and is written anew."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return False


def paper_of(counter: Counter) -> str:
    """Return the kind of paper this counter prints on."""
    return settings.get(counter.store.reader, PAPER_SETTING) or DEFAULT_PAPER


def receipt_for(counter: Counter, stored: Stored) -> Receipt:
    """Return a settlement's or void's receipt, from what the book holds and nothing else."""
    connection = counter.store.reader
    original = None if stored.voids is None else settlements.by_no(connection, stored.voids)
    first = stored if original is None else original
    visit = visit_of(counter, first)
    pack = pack_of(counter, first)
    found = papers.catalogued(connection, [line.code for line in visit.lines], stored.settled_on)
    around = Around(
        other=other_info(),
        area_name=pack.area_name,
        default_benefit=pack.default_benefit,
        benefit_names={name: one.name for name, one in pack.benefit.items()},
        catalogue={code: Catalogued(fee_category=fee, unit=unit) for code, (fee, unit) in found.items()},
        seal=next(settlements.witness_lines(connection, stored.serial - 1)).seal,
        checker=settings.get(connection, CHECKER_SETTING) or "",
    )
    receipt = receipt_of(stored, visit, issuer_of(counter, visit), around, original=original)
    message = message_of(receipt)
    signature = signer_of(counter.store).sign(message.encode())
    return replace(receipt, code=code_of(message, signature))


def issuer_of(counter: Counter, visit: Visit) -> Issuer:
    """Return the clinic as the visit names it, with the name from the settings where the visit gives none."""
    mine, named = clinic_of(counter), visit.institution
    name = printable(named.name) or (mine.name if mine.id == named.id else "")
    return Issuer(id=named.id, name=name, type=named.type, training=mine.training)


def clinic_of(counter: Counter) -> Issuer:
    """Return the counter's own clinic."""
    told = counter.clinic.institution
    name = printable(str(told.get("name") or ""))
    return Issuer(id=told["id"], name=name, type=told["type"], training=counter.clinic.training)


def visit_of(counter: Counter, stored: Stored) -> Visit:
    """Return the visit of a settlement as it was settled."""
    body = settlements.visit_body(counter.store.reader, stored.serial)
    visit = read_visit(decode(body)[0]) if body is not None else None
    if not isinstance(visit, Visit):
        raise StoreError("SQLITE_CORRUPT")
    return visit


def pack_of(counter: Counter, stored: Stored) -> Pack:
    """Return the policy a settlement was made under: at hand, or read from the text the book kept of it."""
    sha256, text = settlements.policy_of(counter.store.reader, stored.serial)
    for policy in counter.library.editions(stored.area):
        if policy.id == stored.policy and counter.library.text_of(policy)[0] == sha256:
            return policy.pack
    pack = parse_pack(text)
    if not isinstance(pack, Pack):
        raise StoreError("SQLITE_CORRUPT")
    return pack
