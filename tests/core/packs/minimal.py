"""An invented policy pack, as small as a pack can be, and changes to its text."""

import json
import re
from typing import Any

from gongji.core.packs.language import Pack
from gongji.core.problems import Problem
from gongji.core.visits import Visit, read_visit
from gongji.pack_files.read_pack import parse_pack

AREA = "990100"

MINIMAL = """\
format = 2
area = "990100"
area_name = "测试市"
starts = 2024-01-01
open_end = true
verified_on = 2024-06-01
default_benefit = "general"

[source.main]
title = "测试市门诊费用试行办法"

[gist]
"第一条" = "门诊费用扣过起付线以后按比例报销。"
"第二条" = "账户里的钱可以付自己负担的部分。"

[rule.R1]
article = "第一条"
title = "门诊报销"

[rule.R2]
article = "第二条"
title = "账户"

[[level]]
id = "1"
name = "一级"

[[level]]
id = "2"
name = "二级"

[[disease]]
of = "chronic"
name = "感冒"

[[disease]]
of = "chronic"
name = "咳嗽"

[[disease]]
of = "special"
name = "感冒"

[[disease]]
of = "special"
name = "咳嗽"

[accumulator."general.fund"]
name = "门诊年度支付"
counts = "fund"

[lines]
rule = "R1"

[benefit.general]
name = "普通门诊"

[benefit.general.deductible]
rule = "R1"
per = "settlement"
amount = [{ yuan = "20" }]

[[benefit.general.pay]]
rule = "R1"
ratio = [
    { when = { level = "1" }, ratio = "60%" },
    { when = { level = "2" }, ratio = "50%" },
]
modify = [{ when = { status = "retired" }, points = "+10", rule = "R1" }]

[[benefit.general.pay.cap]]
rule = "R1"
accumulator = "general.fund"
amount = [{ yuan = "1000" }]

[accounts]
rule = "R2"
refused_notice = "family_account_refused"
relations = [{ allowed = ["spouse"], rule = "R2" }]
"""

CREDIT = """
[credit]
row = [
    { when = { status = "employed" }, of_base = "2%", rule = "R2" },
    { when = { status = "retired" }, yuan = "50", rule = "R2" },
]
"""

CAPITATION = """
[capitation]
rule = "R1"
clearing_rule = "R1"
benefit = "general"
share_of_cap = "30%"
band = [{ below = "50%", kept = "20%" }, { below = "80%", kept = "60%" }, { kept = "100%" }]
direct_rate = { at_least = "90%", points_off = "1%" }
"""


RATIOS = """ratio = [
    { when = { level = "1" }, ratio = "60%" },
    { when = { level = "2" }, ratio = "50%" },
]"""
MODIFY = 'modify = [{ when = { status = "retired" }, points = "+10", rule = "R1" }]'
CAP_AMOUNT = 'amount = [{ yuan = "1000" }]'
DEDUCTIBLE = 'per = "settlement"\namount = [{ yuan = "20" }]'
FIRST_CAP = f'[[benefit.general.pay.cap]]\nrule = "R1"\naccumulator = "general.fund"\n{CAP_AMOUNT}'
"""Pieces of the minimal pack, to be replaced."""

NOISE = re.compile(
    r"\b(True|False|None|NoneType)\b|<class|<.* at 0x|\bdatetime\b|\bmsgspec\b|\w+Error\b|Struct|[\[{(]'|\\x|\\u"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
"""What no sentence for people holds: how Python writes values. And what every such sentence holds."""


def pack_text(*changes: tuple[str, str], add: str = "") -> str:
    """The minimal pack with pieces of its text replaced, each of which stands there once, and text added at its end."""
    text = MINIMAL + add
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the pack"
        text = text.replace(old, new)
    return text


def pack(*changes: tuple[str, str], add: str = "") -> Pack:
    """The pack of such a text, which has no problem."""
    found = parse_pack(pack_text(*changes, add=add).encode())
    assert isinstance(found, Pack), found
    return found


def problems(text: str) -> list[Problem]:
    """The problems of a text that holds no pack."""
    found = parse_pack(text.encode())
    assert isinstance(found, list), "the pack has no problem"
    return found


def as_visit(value: dict[str, Any]) -> Visit:
    """The visit that a decoded JSON value holds."""
    found = read_visit(value)
    assert isinstance(found, Visit), found
    return found


def visit(**more: Any) -> dict[str, Any]:
    """A visit under the minimal pack; `person` and `institution` add to what stands there."""
    person = {"id": "P1", "status": "employed", **more.pop("person", {})}
    institution = {"id": "H1", "type": "hospital", "level": "1", **more.pop("institution", {})}
    line = {"code": "D1", "category": "drug", "class": "A", "unit_price": "100.00", "quantity": "1"}
    return {
        "visit_no": "V1",
        "area": AREA,
        "settled_on": "2024-05-06",
        "institution": institution,
        "person": person,
        "lines": [line],
        **more,
    }


def visit_text(**more: Any) -> bytes:
    """Such a visit as JSON."""
    return json.dumps(visit(**more), ensure_ascii=False).encode()


def rule(name: str, more: str = "") -> str:
    return f'\n[rule.{name}]\narticle = "第一条"\ntitle = "又一条规则"\n{more}'


def gate(when: str, more: str = "") -> str:
    return f'\n[[gate]]\nnotice = "closed"\nrule = "R1"\nwhen = {when}\ntext = "不付"\n{more}'


def exclude(when: str, more: str = "") -> str:
    return f'\n[[lines.exclude]]\nrule = "R1"\nwhen = {when}\ntext = "不付"\n{more}'


def bar(when: str) -> str:
    return f'\n[[accounts.bar]]\nrule = "R2"\nwhen = {when}\ntext = "账户不付"\n'


def fact(name: str, kind: str, more: str = "") -> str:
    return f'\n[fact.{name}]\nof = "person"\nkind = "{kind}"\nname = "本地事实"\n{more}'


def accumulator(name: str, counts: str = "fund") -> str:
    return f'\n[accumulator."{name}"]\nname = "又一个累计"\ncounts = "{counts}"\n'


def parameter(kind: str = "money", more: str = "") -> str:
    return f'\n[parameter.wage]\nkind = "{kind}"\nname = "平均工资"\nunit = "元"\nrule = "R1"\n{more}'


def layer(more: str) -> str:
    return f'\n[[benefit.general.pay]]\nrule = "R1"\nratio = [{{ ratio = "40%" }}]\n{more}\n'


def supplement(more: str) -> str:
    return (
        '\n[[benefit.general.supplement]]\nfund = "civil_servant"\nrule = "R1"\n'
        'when = { supplements = { has = "civil_servant" } }\n'
        f'on = ["share"]\nratio = [{{ ratio = "40%" }}]\n{more}\n'
    )


def require(field: str) -> str:
    return f'\n[[benefit.general.require]]\nfield = "{field}"\nrule = "R1"\ntext = "请补填"\n'


def worked_case(given: dict[str, Any]) -> str:
    """The text of a worked case of a visit of which only the part that matters is given."""
    return f'\n[[case]]\nname = "例"\nvisit = \'{json.dumps(given)}\'\nexpect = {{ total = "1.00" }}\n'
