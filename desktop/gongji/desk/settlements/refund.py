"""部分退费: the settlement is voided whole, and a new visit of what is kept is prepared for the clerk to settle.

The new one keeps the day of the visit, so the policy and the patient's status of that day hold. It is put aside in the
same transaction, so that a power cut between refund and new settlement loses nothing.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, structs

from gongji.core.care import Care, Prescription, ReferralSlip
from gongji.core.engine.amounts import Amounts
from gongji.core.ledger.draft import AccountChoice, Draft, DraftLine
from gongji.core.ledger.giving_back import ByMeans, kept_of, less, tendered
from gongji.core.ledger.ledger import FigureKey, account_key, accumulator_key, moved_to
from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import E4, Fen, parse_e4, plain_e4, plain_ratio, price
from gongji.core.typed import plain_number
from gongji.core.visits import FeeLine, Prescriber, Visit
from gongji.desk.papers.receipts import visit_of
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.desk.settlements.find import find
from gongji.desk.settlements.void import Voided, commit_void, void_within
from gongji.desk.visits.drafts import new_draft
from gongji.desk.visits.held_visits import HeldVisit, put_aside
from gongji.desk.visits.quote import quote_visit
from gongji.errors import GongjiError
from gongji.store.engine import Connection
from gongji.store.settlements import ledger, settlements

_ONE = 10_000
_OF_VISIT = (
    "area", "benefit", "disease", "cause", "referral", "rescue", "inpatient", "facts", "full_payment",
)  # fmt: skip
_OF_LINE = (
    "code", "name", "category", "class_", "negotiated", "use", "benefit", "facts", "approved", "directions", "doctor",
)  # fmt: skip
"""What the counter's form has as the visit and its lines have it."""

Kept = Mapping[int, str]
"""What is kept of each line, by its place: a quantity as typed; a line that is not named is kept whole."""


class RefundPreview(Struct, frozen=True, kw_only=True):
    """The outcome of a refund in advance: what goes back, the new settlement, and later ones that do not change.

    `after` is None where nothing is kept, or where it cannot be computed; `refused` says why. `paid` is what was paid
    by each means; `changes_nothing` says that everything is kept as it was.
    """

    before: Amounts
    after: Amounts | None
    refused: str
    later: int
    paid: ByMeans
    changes_nothing: bool = False

    @property
    def back_fen(self) -> int:
        """The cash to give back, in fen; below zero where the patient owes more than before."""
        return self.before.cash_fen - (0 if self.after is None else self.after.cash_fen)

    @property
    def back(self) -> ByMeans:
        """What goes back by each means, in fen; below zero what is still to be paid."""
        return less(self.paid, self.paid_again)

    @property
    def paid_again(self) -> ByMeans:
        """How what is kept is paid, out of what was paid before."""
        return () if self.after is None else kept_of(self.paid, self.after.cash_fen)


class Refunded(Struct, frozen=True, kw_only=True):
    """The void, and the visit of what is kept, put aside; None where nothing was kept."""

    voided: Voided
    prepared: HeldVisit | None


def refund_preview(session: Session, no: str, kept: Kept | None) -> RefundPreview:
    """Return what refunding would do, without doing it; `kept` is None for a refund of the whole."""
    stored = find(session.store, no)
    later = len(settlements.later_of_person(session.store.reader, stored.person_id, stored.serial))
    visit = visit_of(session, stored)
    lines = () if kept is None else kept_lines(visit, kept)
    paid = tendered(stored.payments)
    if not lines:
        return RefundPreview(before=stored.totals, after=None, refused="", later=later, paid=paid)
    quoted = quote_visit(_as_if_voided(session, stored, structs.replace(visit, lines=lines)), session.library)
    return RefundPreview(
        before=stored.totals,
        after=None if quoted.quote is None else quoted.quote.totals,
        refused=quoted.problems[0].message if quoted.problems else "",
        later=later,
        paid=paid,
        changes_nothing=lines == visit.lines,
    )


def _as_if_voided(session: Session, stored: StoredSettlement, visit: Visit) -> Visit:
    """Return a visit with the year's totals and the balances that the book has once its settlement is voided.

    They are not those it was settled with: others may have been settled or voided since.
    """
    connection = session.store.reader
    back = {move.key: -move.amount_fen for move in stored.moved}

    def then(key: FigureKey, before: int) -> int:
        known = ledger.standing_of(connection, key)
        return before if known is None else max(0, moved_to(key.name, known.amount_fen, back.get(key, 0)))

    year = ledger.names_known(connection, stored.person_id, f"{stored.area}/{stored.year_from}")
    keys = {name: accumulator_key(stored.person_id, stored.area, stored.year_from, name) for name in year}
    own = visit.accounts.own
    if own is not None:
        own = structs.replace(own, balance=Fen(then(account_key(stored.person_id), own.balance)))
    family = tuple(
        structs.replace(one, balance=Fen(then(account_key(one.id), one.balance))) for one in visit.accounts.family
    )
    return structs.replace(
        visit,
        accumulators={**visit.accumulators, **{name: Fen(then(key, 0)) for name, key in keys.items()}},
        accounts=structs.replace(visit.accounts, own=own, family=family),
    )


def kept_lines(visit: Visit, kept: Kept) -> tuple[FeeLine, ...]:
    """Return the lines that are left. Raises `GongjiError` for an invalid quantity, or more than there was."""
    found = []
    for place, line in enumerate(visit.lines):
        quantity = _quantity(kept.get(place, plain_e4(line.quantity)), line, place)
        if quantity:
            found.append(line if quantity == line.quantity else structs.replace(line, quantity=quantity, amount=None))
    return tuple(found)


def _quantity(text: str, line: FeeLine, place: int) -> E4:
    where = f"第 {place + 1} 行“{line.name}”"
    try:
        quantity = parse_e4(plain_number(text.strip() or "0"))
    except ValueError as error:
        raise GongjiError(f"{where}的数量{error}", "请改正留下的数量") from error
    if quantity > line.quantity:
        raise GongjiError(f"{where}留下的数量多于原来的 {plain_e4(line.quantity)}", "请改正留下的数量")
    return quantity


@only("refund")
def refund(session: Session, no: str, reason: str, kept: Kept | None = None) -> Refunded:
    """Void a settlement; where something is kept (None: nothing) prepare the visit of it and put it aside.

    Raises `GongjiError`, and then nothing was voided.
    """
    stored = find(session.store, no)
    if kept is not None and kept_lines(visit := visit_of(session, stored), kept) == visit.lines:
        raise GongjiError("留下的与原来完全一样，没有要退的", "请改小要退的那一行“留下”的数量，或改选整笔退费")
    draft = None if kept is None else prepared(session, stored, kept)
    return void_and_hold(session, stored, draft, "退费后重新结算", lambda one: void_within(session, one, no, reason))


def void_and_hold(
    session: Session, stored: StoredSettlement, draft: Draft | None, why: str, act: Callable[[Connection], Voided]
) -> Refunded:
    """Void a settlement by an act and put the visit prepared from it aside, in one transaction.

    `why` says in a few words, on the visit put aside, what it waits for. Raises as `commit_void` does.
    """
    label = f"{visit_of(session, stored).person.name} · {stored.no} {why}"
    waiting: list[HeldVisit] = []

    def void_then_hold(connection: Connection) -> Voided:
        voided = act(connection)
        if draft is not None and not voided.again:
            waiting.append(put_aside(session, connection, draft, label))
        return voided

    voided = commit_void(session, stored.no, void_then_hold)
    return Refunded(voided=voided, prepared=None if voided.again or not waiting else waiting[0])


def prepared(session: Session, stored: StoredSettlement, kept: Kept) -> Draft | None:
    """Return the visit of what is kept, under a new number; None where nothing is.

    Raises `GongjiError` where the visit has something that the counter's form cannot hold.
    """
    visit = visit_of(session, stored)
    lines = kept_lines(visit, kept)
    if not lines:
        return None
    _check(session, visit)
    own = visit.accounts.own
    return structs.replace(
        new_draft(session, session.now()),
        **{name: getattr(visit, name) for name in _OF_VISIT},
        person=_person(visit),
        settled_on=stored.settled_on,
        prescriber=_told(visit.prescriber),
        prescription=_told(visit.prescription),
        referral_slip=_told(visit.referral_slip),
        lines=tuple(_line(one) for one in lines),
        accounts=AccountChoice(
            own_limit_fen=None if own is None or own.limit is None else int(own.limit),
            family=tuple(one.id for one in visit.accounts.family),
        ),
        paid_before=tendered(stored.payments),
        care=visit.care or Care(),
    )


def _check(session: Session, visit: Visit) -> None:
    if visit.institution.id != session.clinic.institution["id"]:
        raise GongjiError(
            f"这笔结算写的机构是 {visit.institution.id}，不能由窗口代为准备重新结算",
            "请整笔退费，留下的项目用当初结算它的办法重新结算",
        )


def _told(one: Prescriber | Prescription | ReferralSlip | None) -> dict[str, Any] | None:
    """Return a part of a visit in the contract's form, without absent fields."""
    if one is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, datetime.date) else value
        for name, value in structs.asdict(one).items()
        if value
    }


def _person(visit: Visit) -> dict[str, Any]:
    person = visit.person
    return {"id": person.id, "name": person.name} | ({"facts": person.facts} if person.facts else {})


def _line(one: FeeLine) -> DraftLine:
    return DraftLine(
        **{name: getattr(one, name) for name in _OF_LINE},
        unit_price=price(one.unit_price),
        quantity=plain_e4(one.quantity),
        prepay_ratio=None if one.prepay_ratio is None else plain_ratio(one.prepay_ratio),
        price_ceiling=None if one.price_ceiling is None else price(one.price_ceiling),
        # it is unknown which box is left
        trace_codes=one.trace_codes if len(one.trace_codes) * _ONE <= one.quantity else (),
    )
