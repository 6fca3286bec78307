"""What the fuzzing and close reading found: a pack is either refused with a sentence, or can be used."""

import re

import pytest

from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.packs.articles import cut
from gongji.core.packs.changes import changes
from gongji.core.packs.figures import figures
from gongji.core.packs.language import Pack
from gongji.pack_files.read_pack import parse_pack, parse_stored_pack
from tests.core.packs.minimal import (
    CAP_AMOUNT,
    CAPITATION,
    CHINESE,
    CREDIT,
    MINIMAL,
    NOISE,
    RATIOS,
    as_visit,
    fact,
    gate,
    pack,
    pack_text,
    parameter,
    problems,
    require,
    supplement,
    visit,
    worked_case,
)
from tests.core.packs.using import check_usable

LINES = [line.partition(" = ")[0] for line in MINIMAL.splitlines() if re.match(r"[a-z_]+ = ", line)]
SPECIAL = '\n[benefit.special]\nname = "特殊门诊"\n\n[[benefit.special.pay]]\nrule = "R1"\nratio = [{ ratio = "1%" }]\n'


def named(name: str) -> str:
    """The minimal pack with its benefit called something else."""
    return MINIMAL.replace("[benefit.general", f'[benefit."{name}"').replace('"general"', f'"{name}"')


@pytest.mark.parametrize(
    "text",
    [
        named("a.b"),
        named("a.pay"),
        named("deductible"),
        pack_text(
            (CAP_AMOUNT, 'amount = [{ parameter = "wage", key = "1" }]'), add=parameter(more='by = ["clinic_day"]')
        ),
        pack_text(add=require("pension_class")),
        pack_text(
            add=CREDIT
            + '\n[[credit.require]]\nfield = "age"\nrule = "R2"\ntext = "请补填"\nwhen = { status = "retired" }\n'
        ),
        pack_text(('name = "普通门诊"', 'name = "普通门诊"\nsplit_by = ["category", "category"]')),
        pack_text(('name = "普通门诊"', 'name = "普通门诊"\nsplit_by = ["code", "class", "code"]')),
        pack_text(
            ('name = "普通门诊"', 'name = "普通门诊"\nsplit_by = ["category"]'),
            add=supplement("uncapped = true").replace("when = {", 'when = { category = "drug",'),
        ),
        MINIMAL.replace("general.fund", "general.{pension_class}.fund"),
        MINIMAL.replace("general.fund", "x{y"),
        pack_text((RATIOS, 'ratio = [{ parameter = "wage" }]'), add=parameter("ratio", 'by = ["grade"]')),
        pack_text(add=CREDIT.replace('status = "employed"', 'status = "employed", level = "1"')),
    ],
    ids=[
        "benefit with a dot in its name",
        "benefit called like a part of another",
        "benefit called like a part",
        "key of a parameter by an unknown fact",
        "requirement of what only credits know",
        "requirement of what credits do not know",
        "split twice by a fact",
        "split twice by the code",
        "supplement by a fact of lines",
        "accumulator by what only credits know",
        "accumulator with half a brace",
        "parameter by what may be left out",
        "credit by a fact of visits",
    ],
)
def test_refused_or_usable(text: str) -> None:
    found = parse_pack(text.encode())
    if isinstance(found, Pack):
        for start in range(12):
            check_usable(found, start)
    else:
        assert all(CHINESE.search(one.message) for one in found)


def test_a_key_of_a_parameter_by_year_too() -> None:
    def text(key: str) -> str:
        row = f'amount = [{{ parameter = "wage", key = "{key}", year = -1 }}]'
        return pack_text((CAP_AMOUNT, row), add=parameter(more='by = ["level", "year"]'))

    assert isinstance(parse_pack(text("1.2023").encode()), list)  # the year is chosen by `year`
    found = parse_pack(text("2").encode())
    assert isinstance(found, Pack)
    with_wages = as_visit(visit(parameters={"wage": {"1": {"2023": "1"}, "2": {"2023": "30", "2024": "2"}}}))
    quoted = quote(with_wages, Policy(found), lambda _kind, _name: False)
    assert isinstance(quoted, Quote)
    assert quoted.totals.fund_fen == 3_000


def test_a_supplement_that_names_a_part_twice_pays_it_once() -> None:
    once = supplement("uncapped = true")
    found = parse_pack(pack_text(add=once.replace('["share"]', '["share", "share"]')).encode())
    if isinstance(found, list):
        assert {one.field for one in found} <= {f"benefit.general.supplement.0.on{end}" for end in ("", ".1")}
        return
    insured = as_visit(visit(person={"supplements": ["civil_servant"]}))
    paid = [quote(insured, Policy(made), lambda _kind, _name: False) for made in (pack(add=once), found)]
    assert [one.totals.civil_servant_fen if isinstance(one, Quote) else None for one in paid] == [1_280, 1_280]


@pytest.mark.parametrize(
    "number", ["9" * 5_000, "0x" + "f" * 5_000, "-" + "1" * 5_000], ids=["decimal", "hexadecimal", "negative"]
)
@pytest.mark.parametrize(
    "old",
    ["format = 2", 'area = "990100"', 'ratio = "60%"', 'yuan = "1000"', 'status = "retired"', 'rule = "R2" }]'],
)
def test_a_number_that_is_much_too_long(old: str, number: str) -> None:
    for one in problems(pack_text((old, f"{old.partition(' = ')[0]} = {number}{' }]' if old.endswith(']') else ''}"))):
        assert CHINESE.search(one.message)
        assert len(one.message) < 300
        assert "digits" not in one.message


@pytest.mark.parametrize("depth", [40, 200, 480, 3_000])
@pytest.mark.parametrize("kind", ["dotted", "list", "table"])
def test_deep_nesting_anywhere(kind: str, depth: int) -> None:
    for key in dict.fromkeys([*LINES, "when"]):
        value = {"dotted": "1", "list": "[" * depth + "]" * depth, "table": "{ a = " * depth + "1" + " }" * depth}[kind]
        deep = f"{key}{'.not' * depth if kind == 'dotted' else ''} = {value}"
        if key == "when":
            text = pack_text(
                add=gate("{ status = 1 }").replace(
                    "when = { status = 1 }", f"when.status.{deep[5:]}" if kind == "dotted" else deep
                )
            )
        else:
            text = re.sub(rf"(?m)^{key} = .*$", deep, MINIMAL, count=1)
        for one in problems(text):
            assert CHINESE.search(one.message), key
            assert len(one.message) < 300, key


@pytest.mark.parametrize("depth", [10, 300, 400, 480])
def test_a_condition_of_many_brackets_is_refused_or_usable(depth: int) -> None:
    found = parse_pack(pack_text(add=gate(f'{{ status = {"[" * depth}"retired"{"]" * depth} }}')).encode())
    if isinstance(found, Pack):
        check_usable(found, 0)
    else:
        assert [one.field for one in found] == [""]


def test_problems_come_in_the_order_of_the_pack() -> None:
    """And so do not change places from one run to the next, as what comes out of a set does."""
    articles = [f"第{number}条" for number in "三四五六七八九十"]
    gists = "".join(f'"{article}" = "没人引用的一句。"\n' for article in articles)
    found = problems(pack_text(("[gist]\n", f"[gist]\n{gists}")))
    assert [one.field for one in found] == [f"gist.{article}" for article in articles]
    undefined = "".join(
        f'\n[undefined."{letter}!"]\nname = "别的"\nrule = "R1"\ntext = "没有规定"\n' for letter in "hgfedcba"
    )
    assert [one.field for one in problems(pack_text(add=undefined))] == [f"undefined.{one}!" for one in "hgfedcba"]


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        (pack_text(('area = "990100"', "area = true")), "true"),
        (pack_text(('area = "990100"', "area = false")), "false"),
        (pack_text(('counts = "fund"', "counts = true")), "true"),
        (pack_text(('area = "990100"', 'area = ["a", true]')), ""),
        (pack_text(('area = "990100"', 'area = { a = "b" }')), ""),
        (pack_text(('ratio = "60%"', "ratio = { a = [2024-01-01] }")), ""),
        (pack_text(("starts = 2024-01-01", "starts = 2024-01-01T01:02:03")), ""),
        (pack_text(add=gate("{ status = true }")), "true"),
        (pack_text(add=gate('{ status = { has = "retired" } }')), "has"),
        (pack_text(add=gate('{ registered = "感冒" }')), "感冒"),
        (pack_text(add=gate("{ age = { from = [1] } }")), ""),
        (MINIMAL + '\n[lines]\nrule = "R1"\n', str(MINIMAL.count("\n") + 2)),
        (pack_text(("format = 2", "format = \x01")), "1"),
        (pack_text(("format = 2", "format = 2\nformat = 2")), "2"),
        (pack_text(("format = 2", 'format = "')), "1"),
    ],
)
def test_what_stands_there_is_shown_as_it_is_written(text: str, shows: str) -> None:
    (found,) = problems(text)
    assert CHINESE.search(found.message)
    assert shows in found.message
    assert not NOISE.search(found.message)


def test_a_pack_that_an_editor_saved_with_a_mark_in_front() -> None:
    assert isinstance(parse_pack(MINIMAL.encode("utf-8-sig")), Pack)


def test_problems_of_every_parameter_are_told() -> None:
    first = parameter(more='by = ["colour"]')
    second = first.replace("[parameter.wage]", "[parameter.other]").replace('"colour"', '"smell"')
    found = problems(
        pack_text(
            (CAP_AMOUNT, 'amount = [{ parameter = "wage" }]'),
            ('yuan = "20"', 'parameter = "other"'),
            add=first + second,
        )
    )
    assert {"parameter.wage.by", "parameter.other.by"} <= {one.field for one in found}


@pytest.mark.parametrize("name", ["status", "level"])
def test_a_fact_with_a_name_of_the_contract_changes_no_other_condition(name: str) -> None:
    assert [one.field for one in problems(pack_text(add=fact(name, "flag")))] == [f"fact.{name}"]


def test_a_benefit_may_be_called_like_a_part_of_one() -> None:
    for name in ("cap", "deductible", "pay"):
        pack(
            add=SPECIAL.replace("special", name)
            + 'modify = [{ when = { status = "retired" }, points = "+5", rule = "R1" }]\nuncapped = true\n'
        )


@pytest.mark.parametrize("figure", ["0", "0.00"])
def test_a_figure_of_nothing_is_a_figure(figure: str) -> None:
    pack((CAP_AMOUNT, f'amount = [{{ yuan = "{figure}" }}]'), ('ratio = "50%"', f'ratio = "{figure}%"'))
    pack(add=CREDIT.replace('yuan = "50"', f'yuan = "{figure}"').replace('of_base = "2%"', f'of_base = "{figure}%"'))


def test_an_accumulator_of_each_code_is_counted_by_code() -> None:
    made = parse_pack(
        MINIMAL.replace("general.fund", "general.{code}.fund")
        .replace('name = "普通门诊"', 'name = "普通门诊"\nsplit_by = ["code"]')
        .encode()
    )
    assert isinstance(made, Pack)
    check_usable(made, 1)


@pytest.mark.parametrize(
    ("old", "new", "telling"),
    [
        (
            pack(add=f"{SPECIAL}uncapped = true\n"),
            pack(('default_benefit = "general"', 'default_benefit = "special"'), add=f"{SPECIAL}uncapped = true\n"),
            "特殊门诊",
        ),
        (pack(), pack(('title = "账户"', 'title = "账户与共济"')), "账户与共济"),
        (pack(), pack(add='\n[rule.R3]\narticle = "第一条"\ntitle = "新的规则"\naside = "由别处办理"\n'), "R3"),
        (pack(), pack(add='\n[source.law]\ntitle = "另一部办法"\nshort = "另一部"\n'), "另一部办法"),
        (pack(), pack(('area_name = "测试市"', 'area_name = "测试新市"')), "测试新市"),
    ],
    ids=["default benefit", "title of a rule", "rule added", "another document", "name of the area"],
)
def test_a_change_that_must_not_be_kept_quiet(old: Pack, new: Pack, telling: str) -> None:
    assert telling in "\n".join(changes(old, new))
    assert changes(new, old)


@pytest.mark.parametrize(("points", "says"), [("0.5%", "0.5 个百分点"), ("1%", "1 个百分点"), ("1.5%", "1.5 个百分点")])
def test_points_off_are_said_as_they_are(points: str, says: str) -> None:
    found = figures(pack(add=CAPITATION.replace('points_off = "1%"', f'points_off = "{points}"')))
    assert [one.says for one in found if "直接结算率" in one.what] == [f"每差一个百分点减 {says}"]


@pytest.mark.parametrize("heading", ["第二条", "第二条　", "**第二条**", "## 第二条"])
def test_a_number_of_an_article_on_a_line_of_its_own(heading: str) -> None:
    assert cut(f"第一条 头一句。\n{heading}\n后一句。\n") == {"第一条": "第一条 头一句。", "第二条": "第二条后一句。"}


def test_a_wrapped_line_that_begins_with_a_chapter_is_kept() -> None:
    assert cut("第一条 钱怎么付，按照\n第二章规定的办法办，\n第三节的除外。\n") == {
        "第一条": "第一条 钱怎么付，按照第二章规定的办法办，第三节的除外。"
    }


def test_a_pack_that_settled_before_level_ids_were_checked_is_read() -> None:
    wide = '\n[[level]]\nid = "３"\nname = "三级"\nsame_as = "1"\n'
    text = pack_text(add=wide + worked_case({"institution": {"level": "9"}})).encode()
    assert {one.field for one in problems(text.decode())} == {"level.2.id", "case.0.visit"}
    assert isinstance(parse_stored_pack(text), Pack)
