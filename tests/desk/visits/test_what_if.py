"""试算: side by side, each row what that visit would settle at; the row of this visit is what it does settle at."""

import datetime

import pytest

from gongji.core.engine.policy import Policy
from gongji.core.visits import Visit, read_visit
from gongji.desk.session import Session
from gongji.desk.visits.quote import quote_visit
from gongji.desk.visits.what_if import WhatIf, WhatIfResult, suppose, try_all
from tests.support.clinic import AREA, line, visit

DAY = datetime.date(2025, 6, 10)


def policy(session: Session, area: str = AREA) -> Policy:
    found = session.library.in_force(area, DAY)
    assert isinstance(found, Policy)
    return found


def made(**more: object) -> Visit:
    found = read_visit(visit("V1", line("100.00"), **more))
    assert isinstance(found, Visit)
    return found


def rows(found: object) -> dict[tuple[str, str, bool], WhatIfResult]:
    assert isinstance(found, list)
    return {(one.level, one.status, one.with_account): one for one in found}


def test_every_level_and_status_once(session: Session) -> None:
    found = try_all(session.library, made(), policy(session))
    assert [(one.level, one.status) for one in found] == [
        (level, status) for level in ("1", "2", "3") for status in ("employed", "retired")
    ]


@pytest.mark.parametrize("uses_accounts", [True, False])
def test_one_row_is_this_visit(session: Session, uses_accounts: bool) -> None:
    offered = made(accounts={"own": {"balance": "20.00"}})
    (this,) = [
        one for one in try_all(session.library, offered, policy(session), uses_accounts=uses_accounts) if one.is_this
    ]
    as_it_is = quote_visit(offered if uses_accounts else made(), session.library).quote
    assert as_it_is is not None
    assert (this.level, this.status, this.totals) == ("1", "retired", as_it_is.totals)


def test_what_was_used_leaves_less_and_an_account_pays_the_rest(session: Session) -> None:
    """曲靖 at a first-level clinic, retired: (130.00 − 30.00) × 65 % = 65.00; 遵义 pays nothing above its cap."""
    fresh = rows(suppose(session, policy(session), WhatIf(benefit="general", amount_fen=13000, account_fen=1000), DAY))
    beyond = WhatIf(benefit="general", amount_fen=13000, used_fen=10**8)
    used = rows(suppose(session, policy(session, "520300"), beyond, DAY))
    with_account, without = fresh["1", "retired", True].totals, fresh["1", "retired", False].totals
    nothing = used["1", "retired", True].totals
    assert with_account is not None
    assert without is not None
    assert nothing is not None
    assert (without.fund_fen, without.cash_fen) == (6500, 6500)
    assert (with_account.account_own_fen, with_account.cash_fen) == (1000, 5500)
    assert (nothing.fund_fen, nothing.patient_fen) == (0, 13000)


def test_what_cannot_be_supposed_is_told(session: Session) -> None:
    found = suppose(session, policy(session), WhatIf(benefit="special", amount_fen=13000), DAY)
    refused = rows(found)["1", "retired", True]
    assert (refused.totals, bool(refused.refused)) == (None, True)
