"""结算: a visit becomes a fact in one transaction; then the witness has a line of it.

What the visit says of its patient is stored with it, as the newest that is known.
"""

from typing import Any

from msgspec import Struct, json
from msgspec.structs import replace

from gongji.core.dates import day_of
from gongji.core.engine.amounts import Amounts
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.engine.without_benefit import pays_nothing
from gongji.core.identifiers import normal_visit
from gongji.core.ledger.audit import Act
from gongji.core.ledger.draft import AccountChoice, Draft, draft_to_json, with_choice
from gongji.core.ledger.fill_visit import fill_from_book, sources
from gongji.core.ledger.stored_settlement import (
    Payment,
    StoredSettlement,
    check_parts,
    claim_key,
    movements,
    payments,
    receipt_no,
    settlement_no,
)
from gongji.core.money import line_fen, yuan
from gongji.core.problems import Problem, invalid
from gongji.core.strict_json import as_bytes, decode, fingerprint
from gongji.core.visits import Visit, read_visit
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.desk.settlements.remember_patient import remember_patient
from gongji.desk.visits.institution_choice import newly_chosen
from gongji.desk.visits.known_for_visit import known_for
from gongji.desk.visits.quote import quote_visit, unknown_parameters, visit_no_of
from gongji.pack_files.library import Library
from gongji.store import audit
from gongji.store.engine import Connection
from gongji.store.errors import StoreError
from gongji.store.people import choices
from gongji.store.settlements import settlements
from gongji.store.upload import outbox_records

VISIT_NO_TAKEN = "visit_no_taken"
STALE_QUOTE = "stale_quote"
TENDER = "tender"
LATER_THAN_TODAY = "later_than_today"


class AtCounter(Struct, frozen=True, kw_only=True):
    """What only the counter knows of a visit: which accounts to use, how the cash due is paid, and what was shown.

    `tender` is in fen by means, None for all of it in cash; the result must equal the totals that were
    `expected`. `selects` says that the patient has just chosen the visit's institution as 选定机构.
    """

    accounts: AccountChoice = AccountChoice()
    tender: tuple[tuple[str, int], ...] | None = None
    expected: Amounts | None = None
    selects: bool = False


class Committed(Struct, frozen=True, kw_only=True):
    """The outcome for one visit: the stored settlement, or problems of which the first is the refusal.

    `again` says that it was stored before; `warnings` are sentences for the clerk.
    """

    visit_no: str | None
    stored: StoredSettlement | None = None
    again: bool = False
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()


@only("settle")
def settle_text(session: Session, text: bytes, at_counter: AtCounter = AtCounter()) -> Committed:  # noqa: B008  # frozen
    """Settle the visit in a JSON text for good.

    What it leaves out is filled from the book. Settling the same visit again changes nothing and returns the same.
    Raises `ClockError` and `StoreError`; after the latter either nothing was stored, or the book has the settlement.
    """
    given, problems = decode(text)
    if problems:
        return Committed(visit_no=visit_no_of(given), problems=tuple(problems))
    value, problems = normal_visit(given)
    if problems:
        shape = read_visit(value)
        more = shape if isinstance(shape, list) else []
        return Committed(visit_no=visit_no_of(value), problems=(*problems, *more))
    at = session.now()
    sha256 = fingerprint(value)
    try:
        with session.store.write() as connection:
            done = _known_as_given(connection, given, value)
            if done is None:
                done = _settle(session, connection, value, (sha256, at), at_counter)
    except StoreError:
        found = _found_after_trouble(session, value, sha256)
        if found is None:
            raise
        done = found
    if done.stored is None:
        return done
    if not done.again:
        session.recorded(done.stored.at)
    warning = session.testify()
    return done if warning is None else replace(done, warnings=(warning,))


def settle_draft(
    session: Session, draft: Draft, tender: tuple[tuple[str, int], ...], expected: Amounts | None = None
) -> Committed:
    """Settle a draft for good; `tender` is how the cash due is paid, in fen by means.

    Where the book knows more by now and the result would differ from the `expected` one that the clerk was shown,
    nothing is settled and a problem says so.
    """
    return settle_text(
        session,
        json.encode(draft_to_json(draft)),
        AtCounter(
            accounts=draft.accounts,
            tender=tender,
            expected=expected,
            selects="selected_institution" in draft.person,
        ),
    )


def _known_as_given(connection: Connection, given: Any, value: Any) -> Committed | None:
    """Return a settlement of the same input from before identifiers had a normal form, where the input has another."""
    if given == value:
        return None
    sha256 = fingerprint(given)
    numbers = dict.fromkeys(one for one in (visit_no_of(given), visit_no_of(value)) if one is not None)
    for number in numbers:
        earlier = settlements.by_visit_no(connection, number)
        if earlier is not None and earlier.given_sha256 == sha256:
            return _again(earlier, sha256)
    return None


def _found_after_trouble(session: Session, value: Any, sha256: str) -> Committed | None:
    """Return what the book holds after a transaction failed: a commit may have taken effect before it failed."""
    visit_no = visit_no_of(value)
    stored = None if visit_no is None else settlements.by_visit_no(session.store.reader, visit_no)
    if stored is None or stored.given_sha256 != sha256:
        return None
    return Committed(visit_no=visit_no, stored=stored)


def _settle(
    session: Session, connection: Connection, value: Any, mark: tuple[str, str], at_counter: AtCounter
) -> Committed:
    """Settle within a transaction; `mark` is the fingerprint of the input, and the moment."""
    (sha256, at), visit_no = mark, visit_no_of(value)
    earlier = None if visit_no is None else settlements.by_visit_no(connection, visit_no)
    if earlier is not None:
        return _again(earlier, sha256)
    full, entered_from = value, dict[str, str]()
    if isinstance(value, dict):
        known = known_for(session, connection, value, at)
        entered_from = sources(value, known)
        full = with_choice(fill_from_book(value, known), at_counter.accounts)
        full, problems = normal_visit(full)  # as books made before identifiers had a normal form know it
        if problems:
            return Committed(visit_no=visit_no, problems=tuple(problems))
    visit = read_visit(full)
    if not isinstance(visit, Visit):
        return Committed(visit_no=visit_no, problems=tuple(visit))
    if visit.settled_on > day_of(at):
        message = f"结算日期 {visit.settled_on} 晚于今天 {day_of(at)}；请核对结算日期和电脑时间"
        return Committed(visit_no=visit_no, problems=(Problem(LATER_THAN_TODAY, "settled_on", message),))
    full, visit = _under_listed_names(session.library, full, visit)
    quoted = quote_visit(visit, session.library, entered_from)
    unknown = unknown_parameters(value.get("parameters") or {}, visit, session.library)
    if unknown or quoted.quote is None or quoted.policy is None:
        return Committed(visit_no=visit_no, problems=(*unknown, *quoted.problems))
    if quoted.policy.pack.scheme != "employees":
        message = "居民医保的政策包只能试算，不能按它结算和上传；请去掉这个政策包，再按居民全额收费"
        return Committed(visit_no=visit_no, problems=(invalid("person.status", message),))
    tender = (("cash", quoted.quote.totals.cash_fen),) if at_counter.tender is None else at_counter.tender
    problem = _counter_problem(quoted.quote, tender, at_counter.expected)
    if problem is not None:
        return Committed(visit_no=visit_no, problems=(problem,))
    serial = settlements.next_serial(connection, session.clinic.serial_floor)
    chosen = newly_chosen(connection, visit, session.clinic) if at_counter.selects else None
    overridden = remember_patient(
        connection, visit, value, quoted.quote.year_from.isoformat(), session.newest(at), serial - 1
    )
    session.log_clock(connection, at)
    paid = payments(quoted.quote.settlements, tender, visit.person.id)
    stored = _stored(session, visit, quoted.quote, paid, (serial, at, sha256))
    for words in overridden:
        audit.append(connection, at, session.operator, Act.TOLD, stored.no, words)
    _keep(session, connection, stored, visit, quoted.policy, as_bytes(full))
    if chosen is not None:
        choices.put(connection, chosen, serial, session.operator, at)
    return Committed(visit_no=visit_no, stored=stored)


def _under_listed_names(library: Library, full: Any, visit: Visit) -> tuple[Any, Visit]:
    """Return a visit, as JSON and as a record, with its diseases under the names of the area's lists."""
    policy = library.of_visit(visit)
    if isinstance(policy, Problem) or not (visit.disease or visit.person.registrations.chronic):
        return full, visit
    listed = policy.diseases.under_listed_names(full)
    again = visit if listed == full else read_visit(listed)
    return (listed, again) if isinstance(again, Visit) else (full, visit)


def _again(earlier: StoredSettlement, sha256: str) -> Committed:
    if earlier.given_sha256 == sha256:
        return Committed(visit_no=earlier.visit_no, stored=earlier, again=True)
    message = f"就诊号已用于 {earlier.no}，内容不同；更正请先冲销它，再换一个就诊号结算"
    return Committed(visit_no=earlier.visit_no, problems=(Problem(VISIT_NO_TAKEN, "visit_no", message),))


def _counter_problem(quote: Quote, tender: tuple[tuple[str, int], ...], expected: Amounts | None) -> Problem | None:
    """Return why the result is not what the clerk was shown, or not what was paid; None where it is both."""
    due_fen = quote.totals.cash_fen
    if expected is not None and expected != quote.totals:
        message = f"资料刚刚有更新，应收现金由 {yuan(expected.cash_fen)} 变为 {yuan(due_fen)}；请核对后再按 F9"
        return Problem(STALE_QUOTE, "", message)
    if sum(fen for _, fen in tender) != due_fen or any(fen < 0 for _, fen in tender):
        return Problem(TENDER, "", f"各种付款方式合计应为应收现金 {yuan(due_fen)}，请重新填写实收")
    return None


def _stored(
    session: Session, visit: Visit, quote: Quote, paid: tuple[Payment, ...], mark: tuple[int, str, str]
) -> StoredSettlement:
    """Return the settlement to store; `mark` is its serial, moment and fingerprint."""
    serial, at, sha256 = mark
    check_parts(quote.totals, quote.settlements, paid)
    return StoredSettlement(
        serial=serial,
        no=settlement_no(session.clinic.counter, day_of(at), serial),
        kind="settle",
        voids=None,
        voided_by=None,
        visit_no=visit.visit_no,
        person_id=visit.person.id,
        area=visit.area,
        settled_on=visit.settled_on.isoformat(),
        year_from=quote.year_from.isoformat(),
        policy=quote.policy,
        policy_revision=quote.policy_revision,
        operator=session.operator,
        at=at,
        reason="",
        receipt_no=receipt_no(session.clinic.counter, serial),
        totals=quote.totals,
        parts=quote.settlements,
        payments=paid,
        moved=tuple(movements(visit, quote, paid)),
        given_sha256=sha256,
        state="" if pays_nothing(quote.policy) else outbox_records.PENDING,
    )


def _keep(
    session: Session, connection: Connection, one: StoredSettlement, visit: Visit, policy: Policy, body: bytes
) -> None:
    sha256, text = session.library.text_of(policy)
    settlements.keep_policy(connection, sha256, policy.id, policy.pack.revision, text)
    totals = one.totals
    detail = f"合计 {yuan(totals.total_fen)} 基金 {yuan(totals.fund_total_fen)} 现金 {yuan(totals.cash_fen)}"
    entry = audit.append(connection, one.at, one.operator, Act.SETTLE, one.no, detail)
    settlements.insert(connection, one, sha256, None, entry)
    amounts_fen = [line_fen(line.unit_price, line.quantity) for line in visit.lines]
    benefits = [line.benefit or visit.benefit or policy.pack.default_benefit for line in visit.lines]
    settlements.insert_visit(connection, one.serial, visit, benefits, amounts_fen, body, one.given_sha256)
    if not pays_nothing(one.policy):
        clinic = session.clinic
        key = claim_key(clinic.institution["id"], clinic.counter, clinic.epoch, one.serial)
        outbox_records.put(connection, one, key, body, visit.person.name)
