"""Each amount opens into the steps that come to it; what a full payment and a year's limits say."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import structs

from gongji.core.engine.limits import limits
from gongji.core.engine.settlement import Settlement
from gongji.core.engine.trace import steps_of
from gongji.desk.visits.quote import Quoted, quote_text, quote_visit
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.support.visits import QUJING, ZUNYI, line, visit
from tests.support.visits import quoted as answered

AREAS = ("530300", "445300", "511900", "520300", "620800")
NAMES = (
    "self_paid", "over_price", "excluded", "deductible", "fund", "civil_servant", "large_medical", "account_own",
    "account_family",
)  # fmt: skip


def quoted(area: str, library: Library) -> Iterator[Quoted]:
    path = resource_folder() / "training" / area / "visits.jsonl"
    for row in path.read_bytes().splitlines():
        one = quote_text(row, library)
        if one.quote is not None:
            yield one


def parts(area: str, library: Library) -> Iterator[Settlement]:
    for one in quoted(area, library):
        assert one.quote is not None
        yield from one.quote.settlements


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("name", NAMES)
def test_the_steps_of_an_amount_come_to_it(area: str, name: str, library: Library) -> None:
    for part in parts(area, library):
        found = sum(step.amount_fen for step in steps_of(part.trace, name))
        assert found == getattr(part.amounts, f"{name}_fen"), part.trace


@pytest.mark.parametrize("area", AREAS)
def test_a_full_payment_moves_nothing_and_says_how_to_claim(area: str, library: Library) -> None:
    for one in quoted(area, library):
        assert one.visit is not None
        full = quote_visit(structs.replace(one.visit, full_payment=True), library).quote
        assert full is not None
        assert full.totals.cash_fen == full.totals.total_fen == full.totals.patient_fen
        assert full.totals.fund_total_fen == 0
        assert full.accumulators == {}
        told = {"no_account", "family_account_refused"}  # accounts are not used at all
        for part, before in zip(full.settlements, one.quote.settlements if one.quote else (), strict=False):
            codes = {notice.code for notice in part.notices}
            assert "full_payment" in codes
            assert {notice.code for notice in before.notices} - told <= codes
            assert all(notice.article for notice in part.notices)


@pytest.mark.parametrize(
    ("area", "says"),
    [
        ("530300", "在本市机构全额垫付的能否报销，请先向医保经办机构问明"),
        ("445300", "最迟 2026-03-31 前办理，逾期不再受理"),
        ("511900", "原则上最迟 2027-06-30 前办理；须带：身份证明或医保凭证复印件"),
        ("520300", "全额垫付以后不能再报销"),
        ("620800", "没有写事后报销的办法"),
    ],
)
def test_each_city_names_its_deadline_and_papers(area: str, says: str, library: Library) -> None:
    one = next(quoted(area, library))
    assert one.visit is not None
    full = quote_visit(structs.replace(one.visit, full_payment=True), library).quote
    assert full is not None
    assert says in " ".join(notice.text for notice in full.settlements[0].notices)


def in_full(area: str, institution: str, library: Library, price: str = "300.00", **more: Any) -> dict[str, str]:
    """The notices of a visit in full payment, by their codes."""
    place = {"id": institution, "type": "hospital", "level": "1"}
    asked = visit(area, line(price), institution=place, full_payment=True, **more)
    (settlement,) = answered(library, asked)["settlements"]
    return {notice["code"]: notice["text"] for notice in settlement["notices"]}


def test_in_zunyi_what_is_lost_is_told_before_and_no_claim_is_promised(library: Library) -> None:
    """二(五): (300.00 − 150.00) × 70% = 105.00 that can never be claimed; elsewhere it can."""
    told = in_full(ZUNYI, "H52030200001", library)
    assert "医保可付 105.00 元" in told["no_later_claim"]
    assert "须带" not in told["full_payment"]
    away = in_full(ZUNYI, "H50010100001", library)
    assert away.keys() == {"full_payment"}
    assert "结算票据" in away["full_payment"]


def test_of_what_no_fund_would_have_paid_no_loss_is_told(library: Library) -> None:
    """Below the deductible, and where the fund pays nothing at all: nothing is lost by paying it in full."""
    below = in_full(ZUNYI, "H52030200001", library, price="100.00")
    assert below.keys() == {"full_payment"}
    barred = in_full(ZUNYI, "H52030200001", library, cause="work_injury")
    assert barred.keys() == {"cause_not_covered", "full_payment"}


def test_in_qujing_the_three_groups_and_their_registration_are_named(library: Library) -> None:
    told = in_full(QUJING, "H51010100001", library)["full_payment"]
    for words in ("退休异地安置人员", "长期驻外工作人员", "按规定转诊", "备案后", "就诊处方"):
        assert words in told


def test_a_gate_is_told_of_what_is_paid_in_full_as_well(library: Library) -> None:
    told = in_full(QUJING, "H53030200001", library, cause="work_injury")
    assert told.keys() == {"cause_not_covered", "full_payment"}
    assert "以经办机构认定为准" in told["full_payment"]


def test_limits_say_what_is_used(library: Library) -> None:
    visit: dict[str, Any] = {
        "visit_no": "1",
        "area": "530300",
        "settled_on": "2026-11-22",
        "institution": {"id": "H", "type": "township_clinic", "level": "1"},
        "person": {"id": "P", "status": "retired", "registrations": {"chronic": ["高血压", "糖尿病"]}},
        "lines": [{"code": "X", "category": "drug", "class": "A", "unit_price": "1", "quantity": "1"}],
        "accumulators": {"general.fund": "5900.00", "chronic.fund": "12.00"},
    }
    one = quote_text(json.dumps(visit).encode(), library)
    assert one.visit is not None
    assert one.policy is not None
    found = {limit.name: (limit.title, limit.limit_fen, limit.used_fen) for limit in limits(one.visit, one.policy)}
    assert found["general.fund"] == ("普通门诊限额", 600_000, 590_000)
    assert found["chronic.fund"] == ("慢性病限额", 300_000, 1_200)
