"""结算: a visit becomes a fact in one transaction; then the witness, then the paper."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from gongji.core.book import record
from gongji.core.book.content import as_bytes, fingerprint
from gongji.core.book.draft import AccountChoice, with_choice
from gongji.core.book.filling import filled
from gongji.core.book.ledger import Key, account_key
from gongji.core.book.numbers import receipt_no, settlement_no
from gongji.core.book.settled import Moved, Payment, Stored, check_parts, payments
from gongji.core.book.times import day_of
from gongji.core.money import line_fen, yuan
from gongji.core.problems import Problem
from gongji.core.reckoning.amounts import Amounts
from gongji.core.reckoning.policy import Policy
from gongji.core.reckoning.quoting import Quote
from gongji.core.reckoning.without_benefit import pays_nothing
from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_visit
from gongji.desk.counter import Counter
from gongji.desk.knowing import known_for
from gongji.desk.quoting import quote_visit
from gongji.desk.selecting import newly_chosen
from gongji.desk.telling import keep_told
from gongji.store import audit, queue, selections, settlements
from gongji.store.engine import Connection
from gongji.store.trouble import StoreError

VISIT_NO_TAKEN = "visit_no_taken"
STALE_QUOTE = "stale_quote"
TENDER = "tender"


class AtCounter(Struct, frozen=True, kw_only=True):
    """What only a counter knows of a visit: which accounts to use, how the cash due is paid, and what was shown.

    `tender` is in fen by means, None for all of it in cash; nothing may come out differently from the totals that were
    `expected`. `selects` tells that the patient has just chosen the institution the visit names as theirs.
    """

    accounts: AccountChoice = AccountChoice()
    tender: tuple[tuple[str, int], ...] | None = None
    expected: Amounts | None = None
    selects: bool = False


class Committed(Struct, frozen=True, kw_only=True):
    """The outcome for one visit: what stands in the book, or problems of which the first is the refusal.

    `again` tells that it stood there before; `warnings` are sentences for the clerk.
    """

    visit_no: str | None
    stored: Stored | None = None
    again: bool = False
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()


def settle_text(counter: Counter, text: bytes, at_counter: AtCounter = AtCounter()) -> Committed:  # noqa: B008  # frozen
    """Settle the visit that a JSON text holds, for good.

    What it leaves out is filled from the book. The same visit again changes nothing and says the same. Raises
    `ClockError` and `StoreError`; after the latter nothing was kept, or the book says what was.
    """
    value, problems = decode(text)
    if problems:
        return Committed(visit_no=_visit_no(value), problems=tuple(problems))
    at = counter.now()
    sha256 = fingerprint(value)
    try:
        with counter.store.write() as connection:
            done = _settle(counter, connection, value, (sha256, at), at_counter)
    except StoreError:
        found = _found_after_trouble(counter, value, sha256)
        if found is None:
            raise
        done = found
    if done.stored is None:
        return done
    if not done.again:
        counter.recorded(done.stored.at)
    warning = counter.testify()
    return done if warning is None else _with_warning(done, warning)


def _with_warning(done: Committed, warning: str) -> Committed:
    return Committed(visit_no=done.visit_no, stored=done.stored, again=done.again, warnings=(warning,))


def _visit_no(value: Any) -> str | None:
    visit_no = value.get("visit_no") if isinstance(value, dict) else None
    return visit_no if isinstance(visit_no, str) else None


def _found_after_trouble(counter: Counter, value: Any, sha256: str) -> Committed | None:
    """Return what the book holds after a transaction that failed: a commit may have taken before it failed."""
    visit_no = _visit_no(value)
    stored = None if visit_no is None else settlements.by_visit_no(counter.store.reader, visit_no)
    if stored is None or stored.given_sha256 != sha256:
        return None
    return Committed(visit_no=visit_no, stored=stored)


def _settle(
    counter: Counter, connection: Connection, value: Any, mark: tuple[str, str], at_counter: AtCounter
) -> Committed:
    """Settle within a transaction; `mark` is the fingerprint of what was handed in, and the moment."""
    (sha256, at), visit_no = mark, _visit_no(value)
    earlier = None if visit_no is None else settlements.by_visit_no(connection, visit_no)
    if earlier is not None:
        return _again(earlier, sha256)
    full = value
    if isinstance(value, dict):
        full = with_choice(filled(value, known_for(counter, connection, value, at)), at_counter.accounts)
    visit = read_visit(full)
    if not isinstance(visit, Visit):
        return Committed(visit_no=visit_no, problems=tuple(visit))
    quoted = quote_visit(visit, counter.library)
    if quoted.quote is None or quoted.policy is None:
        return Committed(visit_no=visit_no, problems=quoted.problems)
    tender = (("cash", quoted.quote.totals.cash_fen),) if at_counter.tender is None else at_counter.tender
    problem = _counter_problem(quoted.quote, tender, at_counter.expected)
    if problem is not None:
        return Committed(visit_no=visit_no, problems=(problem,))
    serial = settlements.next_serial(connection, counter.clinic.serial_floor)
    chosen = newly_chosen(connection, visit, counter.clinic) if at_counter.selects else None
    keep_told(connection, visit, value, quoted.quote.year_from.isoformat(), counter.newest(at), serial - 1)
    counter.log_clock(connection, at)
    paid = payments(quoted.quote.settlements, tender, visit.person.id)
    stored = _stored(counter, visit, quoted.quote, paid, (serial, at, sha256))
    _keep(counter, connection, stored, visit, quoted.policy, as_bytes(full))
    if chosen is not None:
        selections.put(connection, chosen, serial, counter.operator, at)
    return Committed(visit_no=visit_no, stored=stored)


def _again(earlier: Stored, sha256: str) -> Committed:
    if earlier.given_sha256 == sha256:
        return Committed(visit_no=earlier.visit_no, stored=earlier, again=True)
    message = f"就诊号已用于 {earlier.no}，内容不同；更正请先冲销它，再换一个就诊号结算"
    return Committed(visit_no=earlier.visit_no, problems=(Problem(VISIT_NO_TAKEN, "visit_no", message),))


def _counter_problem(quote: Quote, tender: tuple[tuple[str, int], ...], expected: Amounts | None) -> Problem | None:
    """Return why what came out is not what the clerk was shown, or not what was handed over; None where both are."""
    due_fen = quote.totals.cash_fen
    if expected is not None and expected != quote.totals:
        message = f"资料刚刚有更新，应收现金由 {yuan(expected.cash_fen)} 变为 {yuan(due_fen)}；请核对后再按 F9"
        return Problem(STALE_QUOTE, "", message)
    if sum(fen for _, fen in tender) != due_fen or any(fen < 0 for _, fen in tender):
        return Problem(TENDER, "", f"各种付款方式合计应为应收现金 {yuan(due_fen)}，请重新填写实收")
    return None


def _stored(
    counter: Counter, visit: Visit, quote: Quote, paid: tuple[Payment, ...], mark: tuple[int, str, str]
) -> Stored:
    """Return the settlement as it is to stand in the book; `mark` is its serial, moment and fingerprint."""
    serial, at, sha256 = mark
    check_parts(quote.totals, quote.settlements, paid)
    return Stored(
        serial=serial,
        no=settlement_no(counter.clinic.counter, day_of(at), serial),
        kind="settle",
        voids=None,
        voided_by=None,
        visit_no=visit.visit_no,
        person_id=visit.person.id,
        area=visit.area,
        settled_on=visit.settled_on.isoformat(),
        year_from=quote.year_from.isoformat(),
        policy=quote.policy,
        operator=counter.operator,
        at=at,
        reason="",
        receipt_no=receipt_no(counter.clinic.counter, serial),
        totals=quote.totals,
        parts=quote.settlements,
        payments=paid,
        moved=tuple(_moves(visit, quote, paid)),
        given_sha256=sha256,
        state="" if pays_nothing(quote.policy) else queue.PENDING,
    )


def _moves(visit: Visit, quote: Quote, paid: tuple[Payment, ...]) -> Iterator[Moved]:
    """Yield what the settlement moves the person's year and the accounts used by."""
    scope = f"{visit.area}/{quote.year_from}"
    for name, after_fen in quote.accumulators.items():
        before_fen = visit.accumulators.get(name, 0)
        yield Moved(key=Key(visit.person.id, scope, name), amount_fen=after_fen - before_fen, after_fen=after_fen)
    balances = {one.id: int(one.balance) for one in visit.accounts.family}
    if visit.accounts.own is not None:
        balances[visit.person.id] = int(visit.accounts.own.balance)
    for account_id, balance_fen in balances.items():
        used_fen = sum(one.amount_fen for one in paid if one.account_id == account_id)
        if used_fen:
            yield Moved(key=account_key(account_id), amount_fen=-used_fen, after_fen=balance_fen - used_fen)


def _keep(counter: Counter, connection: Connection, one: Stored, visit: Visit, policy: Policy, body: bytes) -> None:
    sha256, text = counter.library.text_of(policy)
    settlements.keep_policy(connection, sha256, policy.id, text)
    totals = one.totals
    detail = f"合计 {yuan(totals.total_fen)} 基金 {yuan(totals.fund_total_fen)} 现金 {yuan(totals.cash_fen)}"
    entry = audit.append(connection, one.at, one.operator, "settle", one.no, detail)
    settlements.insert(connection, one, sha256, None, entry)
    amounts_fen = [line_fen(line.unit_price, line.quantity) for line in visit.lines]
    benefits = [line.benefit or visit.benefit or policy.pack.default_benefit for line in visit.lines]
    settlements.insert_visit(connection, one.serial, visit, benefits, amounts_fen, body, one.given_sha256)
    if pays_nothing(one.policy):
        return
    clinic = counter.clinic
    key = record.claim_key(clinic.institution["id"], clinic.counter, clinic.epoch, one.serial)
    lane = record.lane(one.person_id, one.year_from)
    content = record.body(key, one, body, None)
    queued = queue.Record(serial=one.serial, claim_key=key, kind="settle", after=None, lane=lane, body=content)
    queue.put(connection, queued, one.at)
