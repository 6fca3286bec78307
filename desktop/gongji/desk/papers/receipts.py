"""结算单: the receipt of a settlement, made once and stored byte for byte under its number.

The settlement counts before its receipt exists: whatever goes wrong here is a `GongjiError` for the clerk, and the
receipt is made later from what the book holds.
"""

from functools import lru_cache, partial
from pathlib import Path

from msgspec import Struct, json
from msgspec.structs import replace

from gongji.core.ledger.audit import Act
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.packs.language import Pack
from gongji.core.papers.make_receipt import Catalogued, ReceiptContext, papers_sentence, receipt_of
from gongji.core.papers.printable import printable
from gongji.core.papers.receipt import Issuer, Receipt
from gongji.core.papers.receipt_code import code_of, message_of
from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_visit
from gongji.desk.papers import archive
from gongji.desk.papers.archive import PaperSteps
from gongji.desk.papers.paper_files import is_file_of
from gongji.desk.session import Session
from gongji.desk.visits.institution_choice import selection_sentence
from gongji.pack_files.read_pack import parse_stored_pack
from gongji.printing.layout.fonts import unprintable
from gongji.printing.receipt.render import DEFAULT_PAPER, render
from gongji.printing.receipt.text import other_info
from gongji.printing.reprint_mark import stamped
from gongji.store import audit, settings
from gongji.store.errors import StoreError
from gongji.store.people import people
from gongji.store.people.person_keys import FORGOTTEN, is_forgotten
from gongji.store.settlements import ledger, printed_files, receipts, settlements
from gongji.store.settlements.printed_files import fingerprint
from gongji.store.signing import has_signer, signer_of
from gongji.store.upload import payer_answers

PAPER_SETTING = "receipt_paper"
CHECKER_SETTING = "receipt_checker"


def receipt_steps(session: Session, stored: StoredSettlement) -> PaperSteps[Path]:
    """Make a settlement's or void's receipt unless it exists.

    Raises `GongjiError`: the figures do not agree, a name cannot be printed, the disk is full.
    """
    place = place_of(stored)
    path = archive.on_file(session, place)
    if path is not None:
        return path
    if not has_signer(session.store):
        yield partial(signer_of, session.store)
    path, kept = session.folder.receipts / place, receipts.newest(session.store.reader, stored.serial)
    if kept is None:
        receipt, paper = receipt_for(session, stored), paper_of(session)
    else:  # printed by an older program, which stored only the content
        receipt, paper = json.decode(kept.content, type=Receipt), kept.format
    is_there = kept is not None and is_file_of(path, kept.sha256)
    pdf = path.read_bytes() if is_there else render(receipt, paper)
    one = receipts.IssuedReceipt(
        settlement=stored.serial, format=paper, at=stored.at, content=json.encode(receipt), sha256=fingerprint(pdf)
    )
    yield partial(_keep_receipt, session, place, one, pdf)
    return archive.write_file(session, place, archive.bytes_of(session, path))


def _keep_receipt(session: Session, place: Path, one: receipts.IssuedReceipt, pdf: bytes) -> None:
    """Store a receipt, unless another was stored under its number meanwhile: there is one receipt of a number."""
    with session.store.write() as connection:
        if printed_files.newest(connection, place.as_posix()) is not None:
            return
        kept = receipts.newest(connection, one.settlement)
        if kept is None or kept.sha256 != one.sha256:
            receipts.keep(connection, one)
        archive.keep(connection, place, one.settlement, one.at, pdf)


def content_of(session: Session, stored: StoredSettlement) -> tuple[Receipt, str]:
    """Return the content of a settlement's or void's receipt, which must exist, and its paper size."""
    kept = receipts.newest(session.store.reader, stored.serial)
    assert kept is not None
    return json.decode(kept.content, type=Receipt), kept.format


def reprint_steps(session: Session, stored: StoredSettlement, pdf: bytes | None = None) -> PaperSteps[Path]:
    """补打: make the same receipt marked with its ordinal, by whom and when; it is counted.

    `pdf` is the receipt laid out for another printer. Raises `GongjiError` and `ClockError`; the reprint counts
    once the book has it, whatever the printer does.
    """
    if pdf is None:
        path = yield from receipt_steps(session, stored)
        pdf = archive.bytes_of(session, path)
    at, next_nth = session.now(), len(receipts.reprints(session.store.reader, stored.serial)) + 1
    one = _Marked(stored, at, next_nth, pdf, _marked(session, pdf, next_nth, at))
    place, content = yield partial(_keep_reprint, session, one)
    return archive.write_file(session, place, content)


class _Marked(Struct, frozen=True):
    """A reprint before it is counted: of what, when (a stamp), its ordinal, the paper before and after."""

    stored: StoredSettlement
    at: str
    nth: int
    original: bytes
    pdf: bytes


def _marked(session: Session, pdf: bytes, nth: int, at: str) -> bytes:
    return stamped(pdf, f"补打 第 {nth} 次  {at}  {session.operator}")


def _keep_reprint(session: Session, one: _Marked) -> tuple[Path, bytes]:
    """Count a reprint and store it; where another was faster, mark it with the next ordinal."""
    with session.store.write() as connection:
        nth = receipts.add_reprint(connection, one.stored.serial, session.operator, one.at)
        audit.append(connection, session.now(), session.operator, Act.REPRINT, one.stored.no, f"补打 第 {nth} 次")
        pdf = one.pdf if nth == one.nth else _marked(session, one.original, nth, one.at)
        place = place_of(one.stored).with_name(f"{one.stored.no}-reprint-{nth}.pdf")
        archive.keep(connection, place, one.stored.serial, one.at, pdf)
    return place, pdf


def place_of(stored: StoredSettlement) -> Path:
    """Return a receipt's path under the folder of receipts: year, month, number."""
    return Path(stored.at[:4], stored.at[5:7], f"{stored.no}.pdf")


def paper_of(session: Session) -> str:
    """Return the paper size of this counter."""
    return settings.get(session.store.reader, PAPER_SETTING) or DEFAULT_PAPER


def receipt_for(session: Session, stored: StoredSettlement) -> Receipt:
    """Return the content of a settlement's or void's receipt, from the book alone."""
    connection = session.store.reader
    original = None if stored.voids is None else settlements.by_no(connection, stored.voids)
    first = stored if original is None else original
    visit = visit_of(session, first)
    pack = pack_of(session, first)
    found = receipts.catalogued(connection, [line.code for line in visit.lines], stored.settled_on)
    around = ReceiptContext(
        other=other_info(),
        patient_name=name_of(session, visit),
        area_name=pack.area_name,
        default_benefit=pack.default_benefit,
        benefit_names={name: one.name for name, one in pack.benefit.items()},
        catalogue={code: Catalogued(fee_category=fee, unit=unit) for code, (fee, unit) in found.items()},
        seal=next(settlements.witness_lines(connection, stored.serial - 1)).seal,
        checker=settings.get(connection, CHECKER_SETTING) or "",
        year_known=_is_year_known(session, stored),
        selected=selection_sentence(connection, stored.serial, pack, visit),
        rests_on=papers_sentence(visit),
        insurance_no=_insurance_no(session, stored),
    )
    receipt = receipt_of(stored, visit, issuer_of(session, visit), around, original=original)
    message = message_of(receipt)
    signature = signer_of(session.store).sign(message.encode())
    return replace(receipt, code=code_of(message, signature))


def _insurance_no(session: Session, stored: StoredSettlement) -> str:
    """Return 医保编号 where the payer has given it; empty where it is the identity number itself."""
    known = payer_answers.person_no(session.store.reader, stored.person_id)
    return known if known is not None and known != stored.person_id else ""


def _is_year_known(session: Session, stored: StoredSettlement) -> bool:
    """Return whether a settlement used figures of the year that some source had given; a void used none."""
    scopes = {one.key.scope for one in stored.moved if one.key.scope}
    if stored.kind == "void" or not scopes:
        return True
    connection = session.store.reader
    return all(ledger.was_told(connection, stored.person_id, one, stored.serial, stored.at) for one in scopes)


def name_of(session: Session, visit: Visit) -> str:
    """Return a patient's name for papers: as the visit gave it, or the current one where that cannot be printed."""
    name = printable(visit.person.name)
    if not unprintable([name]):
        return name
    known = people.find(session.store.reader, visit.person.id, visit.settled_on.isoformat())
    return name if known is None else printable(known.name)


def issuer_of(session: Session, visit: Visit) -> Issuer:
    """Return the clinic as the visit names it, with the name from the settings where the visit gives none."""
    mine, named = clinic_of(session), visit.institution
    name = printable(named.name) or (mine.name if mine.id == named.id else "")
    return Issuer(id=named.id, name=name, type=named.type, training=mine.training)


def clinic_of(session: Session) -> Issuer:
    """Return the counter's own clinic."""
    institution = session.clinic.institution
    name = printable(str(institution.get("name") or ""))
    return Issuer(id=institution["id"], name=name, type=institution["type"], training=session.clinic.training)


def visit_of(session: Session, stored: StoredSettlement) -> Visit:
    """Return the visit of a settlement as settled, without the name of a forgotten person.

    Raises `StoreError` where the book holds none that can be read.
    """
    body = settlements.visit_body(session.store.reader, stored.serial)
    visit = read_visit(decode(body)[0]) if body is not None else None
    if not isinstance(visit, Visit):
        raise StoreError("SQLITE_CORRUPT")
    if is_forgotten(session.store.reader, stored.person_id):
        return replace(visit, person=replace(visit.person, name=FORGOTTEN))
    return visit


def pack_of(session: Session, stored: StoredSettlement) -> Pack:
    """Return the policy a settlement was made under: from the library, or read from its stored text.

    Raises `StoreError` where the book holds none that can be read.
    """
    sha256, text = settlements.policy_of(session.store.reader, stored.serial)
    for policy in session.library.editions(stored.area):
        if policy.id == stored.policy and session.library.text_of(policy)[0] == sha256:
            return policy.pack
    pack = _older_pack(text)
    if not isinstance(pack, Pack):
        raise StoreError("SQLITE_CORRUPT")
    return pack


_older_pack = lru_cache(maxsize=4)(parse_stored_pack)
"""Reading a pack takes longer than the rest of a record, and many records in a row are of the same edition."""
