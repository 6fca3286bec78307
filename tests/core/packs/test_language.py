"""What the language says since its second format: general exclusions, lists, dates, named funds, places of problems."""

import datetime
from typing import Any

import pytest

from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.packs.checks import pack_warnings
from gongji.core.packs.language import Pack
from gongji.pack_files.read_pack import parse_pack, parse_stored_pack
from tests.core.packs.minimal import AREA, MINIMAL, as_visit, pack, pack_text, problems


def asked(**more: Any) -> dict[str, Any]:
    """A visit of 120.00 at level 1 of an employed person: 20.00 each time, then 60 %."""
    return {
        "visit_no": "1",
        "area": AREA,
        "settled_on": "2024-06-01",
        "institution": {"id": "H1", "type": "hospital", "level": "1", **more.pop("institution", {})},
        "person": {"id": "P1", "status": "employed", **more.pop("person", {})},
        "lines": [{"code": "D", "category": "drug", "class": "A", "unit_price": "120", "quantity": "1"}],
        **more,
    }


def settled(one: Pack, **more: Any) -> Quote:
    found = quote(as_visit(asked(**more)), Policy(one), lambda _kind, _name: False)
    assert isinstance(found, Quote), found
    return found


def fund(one: Pack, **more: Any) -> int:
    return settled(one, **more).totals.fund_fen


@pytest.mark.parametrize(
    "more",
    [
        {"person": {"entitled": False}},
        {"institution": {"designated": False}},
        {"institution": {"pooled": False}},
        {"institution": {"type": "pharmacy"}},
        *({"cause": cause} for cause in ("work_injury", "third_party", "public_health", "overseas")),
    ],
)
def test_a_pack_that_says_nothing_pays_nobody_it_must_not(more: dict[str, Any]) -> None:
    found = settled(pack(), **more)
    assert found.totals.fund_fen == 0
    assert found.accumulators == {}
    assert all(notice.article for notice in found.settlements[0].notices)
    assert fund(pack()) == 6_000


@pytest.mark.parametrize("use", ["public_health", "fitness", "wellness", "checkup", "tcm_prevention"])
def test_a_pack_that_says_nothing_pays_no_fitness_course(use: str) -> None:
    lines = [{"code": "D", "category": "service", "class": "A", "unit_price": "120", "quantity": "1", "use": use}]
    found = settled(pack(), lines=lines, accounts={"own": {"balance": "500"}})
    assert (found.totals.excluded_fen, found.totals.fund_fen, found.totals.account_own_fen) == (12_000, 0, 0)


def test_an_exclusion_is_switched_off_only_with_an_article() -> None:
    off = '[general.not_entitled]\nrule = "R1"\noff = true\n'
    assert fund(pack(add=off), person={"entitled": False}) == 6_000
    (found,) = problems(pack_text(add=off.replace("R1", "R9")))
    assert found.field == "general.not_entitled.rule"
    (found,) = problems(pack_text(add='[general.nobody]\nrule = "R1"\n'))
    assert found.field == "general.nobody"


def test_the_first_format_settles_no_more_and_is_read_for_what_it_settled() -> None:
    text = MINIMAL.replace("format = 2", "format = 1")
    text = text[: text.index("[[disease]]")] + text[text.index("[accumulator.") :]
    found = parse_pack(text.encode())
    assert isinstance(found, list)
    assert [one.field for one in found] == ["format"]
    old = parse_stored_pack(text.encode())
    assert isinstance(old, Pack)
    assert fund(old, person={"entitled": False}) == 6_000  # as it did then


def test_a_parameter_with_days_from_which_its_figures_hold() -> None:
    parameter = '[parameter.cap]\nkind = "money"\ndated = true\nname = "限额"\nunit = "元"\nrule = "R1"\n'
    one = pack(('amount = [{ yuan = "1000" }]', 'amount = [{ parameter = "cap" }]'), add=parameter)
    given = {"cap": {"2024-01-01": "10", "2024-06-01": "20", "2024-06-02": "30"}}
    assert fund(one, parameters=given) == 2_000
    assert fund(one, parameters={"cap": "15"}) == 1_500
    late = quote(as_visit(asked(parameters={"cap": {"2024-07-01": "1"}})), Policy(one), lambda *_: False)
    assert isinstance(late, list)
    assert [(problem.code, problem.field) for problem in late] == [("missing_parameter", "parameters.cap")]


@pytest.mark.parametrize(
    ("day", "rate"), [("2024-06-01", 70), ("2024-05-03", 70), ("2024-05-02", 60), ("2024-06-02", 60)]
)
def test_a_referral_holds_for_so_many_days(day: str, rate: int) -> None:
    fact = '[fact.referred_on]\nof = "visit"\nkind = "within"\ndays = 30\nname = "转诊单有效"\n'
    more = 'modify = [{ when = { referred_on = true }, points = "+10", rule = "R1" }]'
    one = pack(('modify = [{ when = { status = "retired" }, points = "+10", rule = "R1" }]', more), add=fact)
    assert fund(one, facts={"referred_on": day}) == 100 * rate


def test_a_cap_of_each_disease_inside_a_pool() -> None:
    add = '[accumulator."each.{disease}.fund"]\nname = "每个病种"\ncounts = "fund"\n'
    add += '[[benefit.general.require]]\nfield = "disease"\nrule = "R1"\ntext = "请填写病种"\n'
    cap = '[[benefit.general.pay.cap]]\nrule = "R1"\naccumulator = "general.fund"\namount = [{ yuan = "1000" }]\n'
    each = '[[benefit.general.pay.cap]]\nrule = "R1"\naccumulator = "each.{disease}.fund"\namount = [{ yuan = "50" }]\n'
    one = pack((cap, cap + each), add=add)
    found = settled(one, disease="感冒", accumulators={"each.咳嗽.fund": "50.00"})
    assert found.accumulators == {"general.fund": 5_000, "each.感冒.fund": 5_000}
    without = add[: add.index("[[benefit")]
    assert "要求填写病种" in problems(pack_text((cap, cap + each), add=without))[0].message


def test_two_further_funds_by_name_under_one_amount() -> None:
    add = ""
    for name, part in (("大病保险", "share"), ("医疗救助", "deductible")):
        add += f'[[benefit.general.supplement]]\nname = "{name}"\nfund = "large_medical"\nrule = "R1"\n'
        add += f'on = ["{part}"]\nratio = [{{ ratio = "50%" }}]\nuncapped = true\n'
    found = settled(pack(add=add))
    # 120 − 20 = 100, 60 paid; 40 × 50 % = 20 and 20 × 50 % = 10
    assert found.totals.large_medical_fen == 3_000
    texts = [step.text for step in found.settlements[0].trace]
    assert any(text.startswith("大病保险") and "= 20.00" in text for text in texts)
    assert any(text.startswith("医疗救助") and "= 10.00" in text for text in texts)


@pytest.mark.parametrize(("current", "first"), [("30", 3_000), (None, 5_000), ("0", 0)])
def test_only_what_was_credited_this_year_is_spent_before_the_deductible(current: str | None, first: int) -> None:
    one = pack(
        (
            'refused_notice = "family_account_refused"',
            'refused_notice = "family_account_refused"\nbefore_deductible = "R2"\ncurrent_first = true',
        )
    )
    own = {"balance": "50"} | ({} if current is None else {"current": current})
    found = settled(one, accounts={"own": own})
    # what is left after the account: 20.00 each time, then 60 %
    assert found.totals.fund_fen == (12_000 - first - 2_000) * 60 // 100
    assert found.totals.account_own_fen == 5_000  # what is from earlier years pays what remains


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("open_end = true", "open_end ＝ true", "第 5 行有全角标点，请改成半角：＝ 改为 ="),
        ('area_name = "测试市"', "area_name = “测试市”", '“ 改为 "、” 改为 "'),
    ],
)
def test_full_width_signs_are_named(old: str, new: str, words: str) -> None:
    (found,) = problems(pack_text((old, new)))
    assert words in found.message


def test_problems_say_in_which_line() -> None:
    text = pack_text(('ratio = "60%"', 'ratio = "160%"'))
    (found,) = problems(text)
    wanted = next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith("ratio = ["))
    assert found.message.endswith(f"（第 {wanted} 行）")


def test_a_level_written_as_a_number_says_how_to_write_it() -> None:
    (found,) = problems(
        pack_text(('{ when = { level = "1" }, ratio = "60%" }', '{ when = { level = 1 }, ratio = "60%" }'))
    )
    assert '要写成带引号的文字："1"' in found.message


def test_what_a_careful_author_adds_is_told() -> None:
    told = list(pack_warnings(pack(add='[general.cause]\nrule = "R1"\noff = true\n')))
    assert [
        word for word in ("例子", "review_by", "work_injury", "third_party", "overseas") if word not in str(told)
    ] == []
    assert "public_health" not in str(told)


def test_a_date_of_a_notice_opens_what_waits_for_it() -> None:
    gate = '[[gate]]\nnotice = "not_open"\nrule = "R1"\nwhen = { care = false }\ntext = "还没有开通"\n'
    one = pack(add=gate + '[parameter.care]\nkind = "date"\nname = "开通日期"\nunit = "日期"\nrule = "R1"\n')
    assert fund(one) == 0
    assert fund(one, parameters={"care": "2024-06-01"}) == 6_000
    assert fund(one, parameters={"care": str(datetime.date(2024, 6, 2))}) == 0
