"""The training data: up to date, invented for certain, of the promised size, and fit to settle with."""

import datetime
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, get_args

import pytest

from gongji.core.dates import day_of, moment_of
from gongji.core.identity import birth_date, is_identity_number, sex
from gongji.core.money import parse_e4, parse_fen, parse_ratio, yuan
from gongji.core.visits import Institution, Supplement, read_visit
from gongji.core.visits import Insured as Status
from gongji.desk.visits.quote import Quoted, quote_text
from gongji.pack_files.library import Library
from tests.training import tables
from tests.training.areas import AREAS, NOTICE, TODAY, newest_policy
from tests.training.catalogue import OFFICIAL, in_force
from tests.training.generate import FOLDER, stale
from tests.training.limits import POSITIONS, Ground, Insured, all_limits, limits
from tests.training.tables import BALANCE, CATEGORY, CLASS, Row, rows_of

CODES = [area.code for area in AREAS]
SIZES = {"530300": 300}
PER_DRUG = re.compile(r"negotiated\..*\.deductible")
each_area = pytest.mark.parametrize("area", CODES)

# What the documents say, article by article, and the invented figures of parameters.json where they leave one open.
THRESHOLDS = {
    "530300": {
        "general.fund": {"6000.00"},
        "chronic.fund": {"2000.00", "3000.00", "4000.00", "5000.00"},
        "special.deductible": {"600.00"},
        "negotiated": {"600.00"},
        "inpatient.fund": {"61500.00"},
    },
    "520300": {"general.deductible": {"150.00"}, "general.fund": {"2000.00"}},
    "620800": {"general.deductible": {"200.00"}, "general.fund": {"2500.00"}},
    "511900": {
        "general.deductible": {"200.00", "150.00"},
        "general.fund": {"800.00", "1000.00"},
        "civil_servant.fund": {"700.00"},
        "large_medical.fund": {"600.00"},
        "hypertension.fund": {"200.00"},
        "diabetes.fund": {"300.00"},
    },
    "445300": {"general.fund": {"1602.55"}},  # 2 % of 80127.30
}


def read(area: str, name: str) -> list[Row]:
    return rows_of(FOLDER / area / f"{name}.csv")


def read_json(area: str, name: str) -> Any:
    return json.loads((FOLDER / area / f"{name}.json").read_bytes())


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def settle_on(area: str) -> datetime.date:
    return day(read_json(area, "clinic").get("settle_on", TODAY.isoformat()))


def visits(area: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / area / "visits.jsonl").read_text("utf-8").splitlines()]


def years(area: str) -> dict[str, dict[str, str]]:
    """What is known of each person's year."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read(area, "accumulators"):
        if row["项目"] != BALANCE:
            found[row["身份证号"]][row["项目"]] = row["金额"]
    return dict(found)


def balances(area: str) -> dict[str, str]:
    return {row["身份证号"]: row["金额"] for row in read(area, "accumulators") if row["项目"] == BALANCE}


def ground(area: str, library: Library) -> Ground:
    """Where, when and under what a set settles, from its files."""
    clinic = read_json(area, "clinic")["institution"]
    parameters = {one["name"]: one["value"] for one in read_json(area, "parameters")}
    codes = sorted({row["编码"] for row in read(area, "catalogue") if row["谈判药"] == "是"})
    institution = Institution(id=clinic["id"], type=clinic["type"], level=clinic["level"])
    return Ground(newest_policy(library, area), institution, settle_on(area), parameters, codes)


def insured(row: Row) -> Insured:
    status: Status = next(one for one in get_args(Status) if tables.STATUS[one] == row["人员状态"])
    supplements: tuple[Supplement, ...] = tuple(
        one for one in get_args(Supplement) if tables.SUPPLEMENT[one] in row["补助"].split("；")
    )
    return Insured(status, supplements, tuple(filter(None, row["慢特病登记"].split("；"))))


def test_the_files_are_as_the_generator_writes_them(library: Library) -> None:
    assert stale(library) == []


def test_no_file_is_large_and_tables_open_in_a_spreadsheet() -> None:
    for path in FOLDER.rglob("*.*"):
        assert path.stat().st_size < 1_000_000
        if path.suffix == ".csv":
            assert path.read_bytes().startswith(tables.MARK.encode())


@each_area
class TestPeople:
    """Nobody real can be hit, and everything about a person hangs together."""

    def test_how_many(self, area: str) -> None:
        rows = read(area, "people")
        assert len(rows) >= SIZES.get(area, 120)
        assert len({row["身份证号"] for row in rows}) == len(rows)
        assert Counter(row["姓名"] for row in rows)["张伟"] >= 5
        names = "".join(row["姓名"] for row in rows)
        assert set("𬱖㛃䶮·") <= set(names)
        assert {"单", "曾", "解", "仇"} <= {row["姓名"][0] for row in rows}
        assert any(row["身份证号"].endswith("X") for row in rows)

    def test_every_number_is_valid_and_of_no_county(self, area: str) -> None:
        numbers = {row[name] for row in read(area, "links") for name in ("身份证号", "账户号")}
        for table in ("people", "accumulators"):
            numbers |= {row["身份证号"] for row in read(area, table)}
        for number in numbers:
            assert is_identity_number(number)
            assert number[:6] == area[:4] + "99"

    def test_what_is_said_of_them_agrees(self, area: str) -> None:
        on = settle_on(area)
        for row in read(area, "people"):
            born = day(row["出生日期"])
            assert (row["性别"], born) == (sex(row["身份证号"]), birth_date(row["身份证号"]))
            assert (day(row["状态起始"]) - born).days >= 18 * 365
            assert day(row["状态起始"]) <= on
            assert row["状态起始"] >= "2001-01-01"
            assert not row["电话"] or re.fullmatch(r"100-0000-\d{4}", row["电话"])
            assert row["虚构"] == "是"
            assert row["人员状态"] == ("退休" if born.year <= on.year - 60 else row["人员状态"])
            assert row["人员状态"] in {"在职", "退休"}
            assert row["就业类型"] in {"单位", "灵活就业"}
            assert row["待遇享受"] in {"是", "否"}
            assert set(filter(None, row["补助"].split("；"))) <= {"公务员", "大额"}
            assert bool(row["慢特病登记"]) is bool(row["登记起始"])
            assert not row["登记起始"] or row["状态起始"] <= row["登记起始"] <= on.isoformat()

    def test_of_every_sort_there_are_some(self, area: str) -> None:
        rows = read(area, "people")
        for column in ("性别", "人员状态", "就业类型", "待遇享受", "补助", "慢特病登记", "参保地"):
            assert len({row[column] for row in rows}) > 1, column
        assert sum("；" in row["补助"] for row in rows) >= 1
        selected = {row["选定机构"] for row in rows}
        assert len(selected) == (3 if area == "445300" else 1)


@each_area
class TestAccounts:
    """Whose account may pay for whom, and what is in it."""

    def test_links(self, area: str, library: Library) -> None:
        people = {row["身份证号"]: row for row in read(area, "people")}
        known, rows = balances(area), read(area, "links")
        accounts = newest_policy(library, area).pack.accounts
        allowed = {tables.RELATION[one] for rule in accounts.relations if not rule.parameter for one in rule.allowed}
        assert {row["关系"] for row in rows} == allowed
        assert {row["已授权"] for row in rows} == {"是", "否"}
        assert len({row["账户参保地"] for row in rows}) >= 4
        assert any(row["账户号"] in people for row in rows)
        assert any(row["账户号"] not in people for row in rows)
        assert len({(row["身份证号"], row["账户号"]) for row in rows}) == len(rows)
        for row in rows:
            assert row["身份证号"] in people
            assert row["账户号"] in known
            assert not row["账户参保地"] or re.fullmatch(r"\d{6}", row["账户参保地"])
            holder = people.get(row["账户号"])
            assert holder is None or holder["参保地"] == row["账户参保地"]

    def test_ages_go_with_relations(self, area: str) -> None:
        for row in read(area, "links"):
            person, holder = (int(row[name][6:10]) for name in ("身份证号", "账户号"))
            older = holder - person
            if row["关系"] == "配偶":
                assert abs(older) < 10
                assert sex(row["身份证号"]) != sex(row["账户号"])
            else:
                assert (older if row["关系"] != "子女" else -older) >= 18

    def test_figures(self, area: str, library: Library) -> None:
        people = {row["身份证号"]: row for row in read(area, "people")}
        seen = set()
        for row in read(area, "accumulators"):
            parse_fen(row["金额"])
            moment_of(row["截至"])
            assert (settle_on(area) - day_of(row["截至"])).days == 2
            key = (row["身份证号"], row["参保地"], row["项目"])
            assert key not in seen
            seen.add(key)
            if row["项目"] == BALANCE:
                assert (row["参保地"], row["待遇年度起始"]) == ("", "")
            else:
                assert row["参保地"] == people[row["身份证号"]]["参保地"]
                policy = newest_policy(library, row["参保地"])
                assert row["项目"] in policy.accumulators
                assert row["待遇年度起始"] == policy.year_from(settle_on(area)).isoformat()


@each_area
class TestThresholds:
    """Near every threshold that the pack declares there is somebody, on each side."""

    def test_the_thresholds_are_those_of_the_document(self, area: str, library: Library) -> None:
        found = defaultdict(set)
        for limit, _ in all_limits(ground(area, library)).values():
            found["negotiated" if PER_DRUG.fullmatch(limit.accumulator) else limit.accumulator].add(yuan(limit.fen))
        assert found == THRESHOLDS[area]

    def test_somebody_is_below_at_and_above_each_and_of_one_nothing_is_known(self, area: str, library: Library) -> None:
        here, known = ground(area, library), years(area)
        found: dict[Any, set[str]] = defaultdict(set)
        for row in read(area, "people"):
            if row["参保地"] != area:
                continue
            year = known.get(row["身份证号"], {})
            for limit in limits(here, insured(row)):
                if not year:
                    found[limit.key].add("unknown")
                for position, fen in POSITIONS.items():
                    if year.get(limit.accumulator) == yuan(limit.fen + fen):
                        found[limit.key].add(position)
        for key in all_limits(here):
            assert found[key] == {*POSITIONS, "unknown"}, key


def test_every_way_the_cap_of_chronic_diseases_is_made_up(library: Library) -> None:
    keys = {limit.registered for limit, _ in all_limits(ground("530300", library)).values() if limit.registered}
    assert keys == {f"{count} 种" for count in range(1, 6)} | {f"{count} 种，含精神病" for count in range(1, 6)}


@each_area
class TestCatalogue:
    """Every item could be charged."""

    def test_how_many(self, area: str) -> None:
        rows = list(in_force(read(area, "catalogue"), settle_on(area)).values())
        assert len(rows) >= 500
        assert sum(row["谈判药"] == "是" for row in rows) >= 10
        assert sum(bool(row["限价"]) for row in rows) >= 10
        assert sum(len(row["单价"].partition(".")[2]) == 4 for row in rows) >= 100
        assert {row["票据类别"] for row in rows} == set(OFFICIAL)
        assert {row["类别"] for row in rows} == set(CATEGORY)
        counts = Counter(row["甲乙丙"] for row in rows)
        assert min(counts[name] for name in CLASS) >= 20
        alike = Counter((row["名称"], row["规格"]) for row in rows)
        assert max(alike.values()) > 1  # told apart by maker and price

    def test_every_row(self, area: str, library: Library) -> None:
        replaced = bool(newest_policy(library, area).pack.lines.prepay)
        for row in read(area, "catalogue"):
            assert re.fullmatch(r"[A-Z0-9]{10,27}", row["编码"])
            assert row["名称"].strip() == row["名称"] != ""
            assert row["类别"] in CATEGORY
            assert parse_e4(row["单价"]) > 0
            ratio = row["先行自付比例"]
            if row["甲乙丙"] == "乙":
                assert replaced if not ratio else parse_ratio("0.05") <= parse_ratio(ratio) <= parse_ratio("0.20")
            else:
                assert row["甲乙丙"] in CLASS
                assert not ratio
            assert not row["限价"] or parse_e4(row["限价"]) < parse_e4(row["单价"])
            assert row["谈判药"] == "否" or (row["谈判药"] == "是" and row["类别"] == "药品")
            assert row["单位"]
            assert row["票据类别"] in OFFICIAL
            assert row["虚构"] == "是"
            assert not row["生产企业"] or row["生产企业"].startswith("示例")
            assert row["类别"] == "诊疗" or (row["规格"] and row["生产企业"])
            assert not row["终止"] or day(row["起始"]) <= day(row["终止"])

    def test_bar_codes_are_of_the_range_for_use_inside_a_shop(self, area: str) -> None:
        owners = defaultdict(set)
        for row in read(area, "catalogue"):
            if row["条码"]:
                digits = [int(digit) for digit in row["条码"]]
                assert row["条码"][:2] == "29"
                assert len(digits) == 13
                assert sum(digits[::2], 3 * sum(digits[1::2])) % 10 == 0
                owners[row["条码"]].add(row["编码"])
        assert len(owners) > 400
        assert all(len(codes) == 1 for codes in owners.values())

    def test_at_any_time_an_item_has_one_price(self, area: str) -> None:
        spans = defaultdict(list)
        for row in read(area, "catalogue"):
            spans[row["编码"]].append((row["起始"], row["终止"] or "9999-12-31"))
        assert sum(len(found) > 1 for found in spans.values()) >= 5
        for found in spans.values():
            assert all(earlier[1] < later[0] for earlier, later in pairwise(sorted(found)))


def test_prepay_ratios_differ_between_areas() -> None:
    ratios = {
        area: tuple(row["先行自付比例"] for row in read(area, "catalogue") if row["甲乙丙"] == "乙") for area in CODES
    }
    assert len(set(ratios.values())) == len(CODES)


@each_area
class TestClinic:
    """The clinic, its day, and the open parameters."""

    def test_it_settles_under_a_policy_in_force(self, area: str, library: Library) -> None:
        clinic = read_json(area, "clinic")
        policy = newest_policy(library, area)
        assert policy.in_force(settle_on(area))
        assert ("settle_on" in clinic) is not policy.in_force(TODAY)
        assert clinic["institution"]["id"].startswith(f"H{area[:4]}99")
        assert clinic["institution"]["name"].endswith("（培训）")

    def test_every_open_parameter_is_given_and_marked_invented(self, area: str, library: Library) -> None:
        given = read_json(area, "parameters")
        policy = newest_policy(library, area)
        assert [one["name"] for one in given] == [
            name for name, one in policy.pack.parameter.items() if one.kind != "date"
        ]
        assert all(one["notice"] == NOTICE for one in given)
        _, problems = policy.parameters({one["name"]: one["value"] for one in given}, settle_on(area).year)
        assert problems == []


def quoted(area: str, library: Library) -> Iterator[tuple[dict[str, Any], Quoted]]:
    for visit in visits(area):
        yield visit, quote_text(json.dumps(visit).encode(), library)


@each_area
class TestVisits:
    """Sample visits are of these people and this catalogue, and settle."""

    def test_they_settle_but_one(self, area: str, library: Library) -> None:
        found = [answer for _, answer in quoted(area, library)]
        assert len(found) >= 12
        assert sum(answer.quote is None for answer in found) <= 1
        assert len({answer.visit_no for answer in found}) == len(found)
        assert len({visit["person"]["id"] for visit in visits(area)}) == len(found)

    def test_every_benefit_comes_up(self, area: str, library: Library) -> None:
        answers = [answer.quote for _, answer in quoted(area, library) if answer.quote and answer.visit]
        policy = newest_policy(library, area)
        own = [one for one in answers if one.policy == policy.id]
        benefits = {settlement.benefit for one in own for settlement in one.settlements}
        assert benefits == set(policy.pack.benefit)

    def test_something_is_paid_from_everywhere(self, area: str, library: Library) -> None:
        totals = [answer.quote.totals for _, answer in quoted(area, library) if answer.quote]
        assert any(one.fund_fen for one in totals)
        assert any(one.account_own_fen for one in totals)
        assert any(one.account_family_fen for one in totals)
        assert any(one.cash_fen for one in totals)
        assert any(one.fund_fen == 1 for one in totals)  # the last fen below a cap, or the first above a deductible

    def test_they_say_what_the_tables_say(self, area: str) -> None:
        people = {row["身份证号"]: row for row in read(area, "people")}
        items = in_force(read(area, "catalogue"), settle_on(area))
        clinic, known, accounts = read_json(area, "clinic"), years(area), balances(area)
        parameters = {one["name"]: one["value"] for one in read_json(area, "parameters")}
        for visit in visits(area):
            row = people[visit["person"]["id"]]
            assert (visit["person"]["name"], visit["area"]) == (row["姓名"], row["参保地"])
            assert tables.STATUS[visit["person"]["status"]] == row["人员状态"]
            assert visit["institution"] == clinic["institution"]
            assert visit["settled_on"] == settle_on(area).isoformat()
            assert visit["accumulators"] == known.get(row["身份证号"], {})
            assert visit["accounts"].get("own", {}).get("balance") == accounts.get(row["身份证号"])
            assert visit["parameters"] == (parameters if visit["area"] == area else {})
            for line in visit["lines"]:
                item = items[line["code"]]
                assert (line["name"], line["unit_price"]) == (item["名称"], item["单价"])
                assert (line["category"], line["class"]) == (CATEGORY[item["类别"]], CLASS[item["甲乙丙"]])
                assert line.get("prepay_ratio", "") == item["先行自付比例"]
                assert line.get("price_ceiling", "") == item["限价"]
                assert line["negotiated"] is (item["谈判药"] == "是")

    def test_they_are_written_as_the_contract_has_it(self, area: str) -> None:
        for visit in visits(area):
            assert not isinstance(read_visit(visit), list)


def test_what_only_some_areas_have_comes_up_there(library: Library) -> None:
    def codes(area: str) -> set[str]:
        answers = [answer.quote for _, answer in quoted(area, library) if answer.quote]
        return {notice.code for one in answers for settled in one.settlements for notice in settled.notices}

    assert {"family_account_refused", "not_entitled"} <= codes("530300")
    assert {"family_account_refused", "cause_not_covered"} <= codes("520300")
    assert {"prepay_ratio_replaced", "not_entitled"} <= codes("620800")
    assert {"not_selected_institution", "inpatient_stay"} <= codes("445300")


def test_bills_on_either_side_of_the_deductible_of_each_visit(library: Library) -> None:
    """曲靖 第九条: 30.00 each time, which no accumulator counts."""
    totals = [answer.quote.totals for _, answer in quoted("530300", library) if answer.quote]
    assert {(2999, 0), (3000, 0), (3001, 1)} <= {(one.total_fen, one.fund_fen) for one in totals}


def test_a_price_of_four_decimals_is_charged() -> None:
    found = [line for area in CODES for visit in visits(area) for line in visit["lines"]]
    assert any(parse_e4(line["unit_price"]) % 100 for line in found)
