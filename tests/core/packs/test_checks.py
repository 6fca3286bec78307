"""Every fault that a pack can have, alone in an otherwise valid pack: where it is reported, and how."""

import datetime
from pathlib import Path

import pytest

from gongji.core.engine.policy import Policy
from gongji.core.packs.language import Pack
from gongji.core.problems import INVALID_INPUT, Problem
from gongji.pack_files.library import Library, edition_problems
from gongji.pack_files.read_pack import BadPackError, parse_pack
from tests.core.packs.minimal import (
    AREA,
    CAP_AMOUNT,
    CAPITATION,
    CHINESE,
    CREDIT,
    DEDUCTIBLE,
    FIRST_CAP,
    MINIMAL,
    MODIFY,
    NOISE,
    RATIOS,
    accumulator,
    bar,
    exclude,
    fact,
    gate,
    layer,
    pack,
    pack_text,
    parameter,
    problems,
    require,
    rule,
    supplement,
    worked_case,
)


def told_wage(fact: str, told: dict[str, str]) -> str:
    """A cap that is a share of a wage told by a fact, and a worked case that tells it."""
    amount = 'amount = [{ parameter = "wage", year = -1 }]' if fact == "year" else 'amount = [{ parameter = "wage" }]'
    one = worked_case({"parameters": {"wage": told}})
    return pack_text((CAP_AMOUNT, amount), add=parameter(more=f'by = ["{fact}"]\n') + one)


SHAPE = {
    "unknown key": (
        pack_text(('[lines]\nrule = "R1"', '[lines]\nrule = "R1"\ncolour = "red"')),
        "lines.colour",
        "没有",
    ),
    "misspelt key": (
        pack_text(("open_end = true", 'open_end = true\nyear_start = "01-01"')),
        "year_start",
        "是不是“year_starts”",
    ),
    "missing key": (pack_text(('name = "普通门诊"\n', "")), "benefit.general.name", "缺少“name”"),
    "operation without a rule": (
        pack_text(('[benefit.general.deductible]\nrule = "R1"', "[benefit.general.deductible]")),
        "benefit.general.deductible.rule",
        "缺少“rule”",
    ),
    "duplicate key": (pack_text(("format = 2", "format = 2\nformat = 2")), "", "同一个键写了两次"),
    "duplicate table": (MINIMAL + '\n[lines]\nrule = "R1"\n', "", "同一个键写了两次"),
    "not TOML": (pack_text(("format = 2", "format is 1")), "", "不是合法的 TOML"),
    "cut off": (MINIMAL[:-4], "", "不是合法的 TOML"),
    "deep nesting": (f"format = {'[' * 3000}", "", "嵌套太深"),
    "text expected": (pack_text(('area = "990100"', "area = 990100")), "area", "应为文字"),
    "empty text": (pack_text(('name = "普通门诊"', 'name = ""')), "benefit.general.name", "不能为空"),
    "list expected": (
        pack_text(('relations = [{ allowed = ["spouse"], rule = "R2" }]', 'relations = "spouse"')),
        "accounts.relations",
        "应为一个列表",
    ),
    "list too short": (
        pack_text(('allowed = ["spouse"]', "allowed = []")),
        "accounts.relations.0.allowed",
        "至少要有 1 项",
    ),
    "table expected": (
        pack_text(('[lines]\nrule = "R1"\n', ""), ("format = 2", "format = 2\nlines = 3")),
        "lines",
        "对象",
    ),
    "group expected": (MINIMAL.replace("format = 2", "format = 2\nfact = 7"), "fact", "名称"),
    "true or false expected": (pack_text(("open_end = true", 'open_end = "yes"')), "open_end", "应为 true 或 false"),
    "whole number expected": (
        pack_text(
            (CAP_AMOUNT, 'amount = [{ parameter = "wage", year = "去年" }]'), add=parameter(more='by = ["year"]')
        ),
        "benefit.general.pay.0.cap.0.amount.0.year",
        "应为整数",
    ),
    "date expected": (pack_text(("starts = 2024-01-01", 'starts = "2024-02-30"')), "starts", "应为存在的日期"),
    "no such word": (pack_text(('counts = "fund"', 'counts = "money"')), "accumulator.general.fund.counts", "之一"),
    "another format": (pack_text(("format = 2", "format = 3")), "format", "应为 1、2"),
    "area code": (pack_text(('area = "990100"', 'area = "99010"')), "area", "写法不对"),
    "float ratio": (
        pack_text(('ratio = "60%"', "ratio = 0.60")),
        "benefit.general.pay.0.ratio.0.ratio",
        "应写成带引号的文字",
    ),
    "float amount": (
        pack_text((CAP_AMOUNT, "amount = [{ yuan = 1000.0 }]")),
        "benefit.general.pay.0.cap.0.amount.0.yuan",
        "应写成带引号的文字",
    ),
    "ratio over 100%": (pack_text(('ratio = "60%"', 'ratio = "120%"')), "benefit.general.pay.0.ratio.0.ratio", "100%"),
    "ratio without per cent": (
        pack_text(('ratio = "60%"', 'ratio = "0.6"')),
        "benefit.general.pay.0.ratio.0.ratio",
        "100%",
    ),
    "negative cap": (
        pack_text((CAP_AMOUNT, 'amount = [{ yuan = "-1000" }]')),
        "benefit.general.pay.0.cap.0.amount.0.yuan",
        "不小于 0",
    ),
    "part of a fen": (
        pack_text((CAP_AMOUNT, 'amount = [{ yuan = "10.005" }]')),
        "benefit.general.pay.0.cap.0.amount.0.yuan",
        "小数最多两位",
    ),
    "points without a sign": (
        pack_text(('points = "+10"', 'points = "10"')),
        "benefit.general.pay.0.modify.0.points",
        "正负号",
    ),
}

FRAME = {
    "neither end nor open end": (pack_text(("open_end = true\n", "")), "ends", "二者只能有一个"),
    "end and open end": (
        pack_text(("open_end = true", "open_end = true\nends = 2025-12-31")),
        "ends",
        "二者只能有一个",
    ),
    "end before start": (pack_text(("open_end = true", "ends = 2023-12-31")), "ends", "早于开始日期"),
    "year starting on 29 February": (
        pack_text(("open_end = true", 'open_end = true\nyear_starts = "02-29"')),
        "year_starts",
        "每年都要有这一天",
    ),
    "relations out of order": (
        pack_text(
            (
                'relations = [{ allowed = ["spouse"], rule = "R2" }]',
                (
                    'relations = [{ allowed = ["spouse"], starts = 2024-06-01, rule = "R2" },'
                    ' { allowed = ["child"], rule = "R2" }]'
                ),
            )
        ),
        "accounts.relations",
        "先后排列",
    ),
    "relations of the same day": (
        pack_text(
            (
                'relations = [{ allowed = ["spouse"], rule = "R2" }]',
                'relations = [{ allowed = ["spouse"], rule = "R2" }, { allowed = ["child"], rule = "R2" }]',
            )
        ),
        "accounts.relations",
        "日期不能相同",
    ),
    "rule not there": (pack_text(('[lines]\nrule = "R1"', '[lines]\nrule = "R9"')), "lines.rule", "没有规则 R9"),
    "rule misspelt": (
        pack_text(('[lines]\nrule = "R1"', '[lines]\nrule = "R1a"')),
        "lines.rule",
        "是不是“R1”",
    ),
    "rule of a prescriber not there": (
        pack_text(add='\n[prescriber_level]\npharmacy = "R9"\n'),
        "prescriber_level.pharmacy",
        "没有规则 R9",
    ),
    "rule nobody uses": (pack_text(add=rule("R3")), "rule.R3", "没有任何一处用到"),
    "rule with a list mark": (pack_text(add=rule('"R1、R2"', 'aside = "不计算"')), "rule.R1、R2", "顿号"),
    "rule without gist": (
        pack_text(('article = "第二条"', 'article = "第二条、第三条(一)"')),
        "gist.第三条(一)",
        "规则 R2 引用了第三条(一)，请补写要旨",
    ),
    "gist nobody cites": (
        pack_text(("[gist]", '[gist]\n"第九条" = "没人引用的一句。"')),
        "gist.第九条",
        "没有规则引用",
    ),
    "cited and not modelled": (
        pack_text(add='\n[[not_modelled]]\narticles = ["第五条", "第二条"]\nwhy = "不影响金额"\n'),
        "not_modelled.0",
        "第二条已被规则引用",
    ),
    "no main source": (pack_text(("[source.main]", '[source.other]\nshort = "别的办法"')), "source.main", "缺少主文件"),
    "second source without a short name": (
        pack_text(add='\n[source.law]\ntitle = "另一部办法"\n'),
        "source.law.short",
        "简称",
    ),
    "level twice": (
        pack_text(('id = "2"\nname = "二级"', 'id = "2"\nname = "二级"\n\n[[level]]\nid = "1"\nname = "又是一级"')),
        "level.2.id",
        "列了两次",
    ),
    "level like one that is not there": (
        pack_text(add='\n[[level]]\nid = "unrated"\nname = "未定级"\nsame_as = "9"\n'),
        "level.2.same_as",
        "没有独立的级别 9，应为 1、2 之一",
    ),
    "level like one that is like another": (
        pack_text(
            add='\n[[level]]\nid = "a"\nname = "甲"\nsame_as = "1"\n\n[[level]]\nid = "b"\nname = "乙"\nsame_as = "a"\n'
        ),
        "level.3.same_as",
        "没有独立的级别 a",
    ),
    "level written in full width": (
        pack_text(add='\n[[level]]\nid = "３"\nname = "三级"\nsame_as = "1"\n'),
        "level.2.id",
        "级别的编号只能用半角的字母、数字和下划线，例如 1、unrated，现为 ３",
    ),
    "case at a level that is not there": (
        pack_text(add=worked_case({"institution": {"level": "9"}})),
        "case.0.visit",
        "institution.level：没有级别 9，应为 1、2 之一",
    ),
    "case prescribed at a level that is not there": (
        pack_text(add=worked_case({"institution": {"level": "1"}, "prescriber": {"level": "primary"}})),
        "case.0.visit",
        "prescriber.level：没有级别 primary，应为 1、2 之一",
    ),
    "no such general exclusion": (
        pack_text(add='\n[general.emergency_abroad]\nrule = "R1"\n'),
        "general.emergency_abroad",
        "claim_at_agency",
    ),
    "general exclusion that is no table": (
        pack_text(add="\n[general]\nclaim_at_agency = true\n"),
        "general.claim_at_agency",
        "[general.claim_at_agency] 下只可写 rule = 规则编号，和 off = true（本地不执行）",
    ),
    "general exclusion with more than it may say": (
        pack_text(add='\n[general.claim_at_agency]\nrule = "R1"\ntext = "可报"\n'),
        "general.claim_at_agency.text",
        "非定点机构急诊抢救，可事后报销：[general.claim_at_agency] 下只可写 rule",
    ),
    "general exclusion under a rule that is not there": (
        pack_text(add='\n[general.claim_at_agency]\nrule = "G77x"\n'),
        "general.claim_at_agency.rule",
        "没有规则 G77x（非定点机构急诊抢救，可事后报销，依据哪条），已有的是 R1、R2",
    ),
    "fact with a name of the contract": (pack_text(add=fact("rescue", "flag")), "fact.rescue", "已有固定含义"),
    "fact called year": (pack_text(add=fact("year", "flag")), "fact.year", "已有固定含义"),
    "fact called code": (pack_text(add=fact("code", "flag")), "fact.code", "已有固定含义"),
    "choice without values": (
        pack_text(add=fact("tier", "choice") + gate("{ tier = { absent = true } }")),
        "fact.tier.values",
        "须列出 values",
    ),
    "flag with values": (
        pack_text(add=fact("tier", "flag", 'values = ["a"]\n') + gate("{ tier = true }")),
        "fact.tier.values",
        "其他种类不列",
    ),
    "default outside the values": (
        pack_text(add=fact("tier", "choice", 'values = ["a", "b"]\ndefault = "c"\n') + gate('{ tier = "a" }')),
        "fact.tier.default",
        "应为 a、b 之一",
    ),
    "fact nobody asks for": (pack_text(add=fact("tier", "flag")), "fact.tier", "没有任何一处用到这个事实"),
    "case with a parameter nobody has": (
        pack_text(add=worked_case({"parameters": {"near_relativs": "2024-07-01"}})),
        "case.0.visit",
        "parameters.near_relativs：这一版没有这个参数，是不是“near_relatives”",
    ),
    "case with a parameter for a level that is not there": (
        told_wage("level", {"1": "5", "9": "5"}),
        "case.0.visit",
        "parameters.wage：没有“9”这一级别，应为 1、2 之一，请改正",
    ),
    "case with a parameter for nobody": (
        told_wage("status", {"retird": "5"}),
        "case.0.visit",
        "parameters.wage：没有“retird”这一人员状态，应为 employed、retired 之一",
    ),
    "case with a parameter for no year": (
        told_wage("year", {"23": "5"}),
        "case.0.visit",
        "parameters.wage：“23”应为四位年份",
    ),
    "case with a relative nobody is": (
        pack_text(add=worked_case({"accounts": {"family": [{"id": "A1", "relation": "cousin"}]}})),
        "case.0.visit",
        "accounts.family.0.relation：没有“cousin”这种关系，应为 spouse、",
    ),
    "case refused in a way there is not": (
        pack_text(add='\n[[case]]\nname = "例"\nvisit = \'{}\'\nrefused = "invalid_inputs"\n'),
        "case.0.refused",
        "没有“invalid_inputs”这种拒绝，是不是“invalid_input”",
    ),
    "case that is refused and has amounts": (
        pack_text(add=worked_case({}) + 'refused = "invalid_input"\n'),
        "case.0.refused",
        "只留一种",
    ),
    "two cases of one name": (
        pack_text(add=worked_case({}) + worked_case({}).replace('"例"', '"另一例"') + worked_case({})),
        "case.2.name",
        "第 1 个例子也叫“例”",
    ),
    "case without an outcome": (
        pack_text(add="\n[[case]]\nname = \"例\"\nvisit = '{}'\n"),
        "case.0",
        "例子须写明结果",
    ),
}

CONDITIONS = {
    "unknown fact": (pack_text(add=gate('{ statsu = "retired" }')), "gate.0.when.statsu", "是不是“status”"),
    "line fact in a gate": (pack_text(add=gate('{ category = "drug" }')), "gate.0.when.category", "“category”"),
    "line fact in a benefit": (
        pack_text(('when = { status = "retired" }', 'when = { category = "drug" }')),
        "benefit.general.pay.0.modify.0.when.category",
        "“category”",
    ),
    "credit fact in a gate": (
        pack_text(add=gate('{ pension_class = "enterprise" }')),
        "gate.0.when.pension_class",
        "“pension_class”",
    ),
    "line fact in the credit": (
        pack_text(add=CREDIT).replace('{ status = "employed" }, of', '{ status = "employed", use = "fitness" }, of'),
        "credit.row.0.when.use",
        "“use”",
    ),
    "visit's fact in the credit": (
        pack_text(add=CREDIT).replace('{ status = "employed" }, of', '{ status = "employed", level = "1" }, of'),
        "credit.row.0.when.level",
        "“level”",
    ),
    "line fact in what is asked before lines are split": (
        pack_text(
            ('name = "普通门诊"', 'name = "普通门诊"\nsplit_by = ["category"]'),
            add='\n[[benefit.general.refuse]]\ncode = "invalid_input"\nrule = "R1"\ntext = "不行"\n'
            'when = { category = "drug" }\n',
        ),
        "benefit.general.refuse.0.when.category",
        "“category”",
    ),
    "unknown value": (pack_text(add=gate('{ status = "dead" }')), "gate.0.when.status", "employed、retired 之一"),
    "unknown level": (pack_text(add=gate('{ level = "3" }')), "gate.0.when.level", "应为 1、2 之一"),
    "unknown value in a list": (
        pack_text(add=gate('[{ entitled = false }, { status = ["retired", "dead"] }]')),
        "gate.0.when.1.status.1",
        "现为 dead",
    ),
    "unknown value after not": (
        pack_text(add=gate('{ status = { not = ["dead"] } }')),
        "gate.0.when.status.not.0",
        "现为 dead",
    ),
    "flag as text": (pack_text(add=gate('{ entitled = "no" }')), "gate.0.when.entitled", "应为 true 或 false"),
    "number compared": (pack_text(add=gate("{ age = 60 }")), "gate.0.when.age", "不能这样比较"),
    "set compared": (pack_text(add=gate('{ registered = "感冒" }')), "gate.0.when.registered", "不能这样比较"),
    "text compared with a number": (pack_text(add=gate("{ disease = 7 }")), "gate.0.when.disease", "不能这样比较"),
    "has of a choice": (
        pack_text(add=gate('{ status = { has = "retired" } }')),
        "gate.0.when.status",
        "不能用这样的条件",
    ),
    "no test": (pack_text(add=gate("{ disease = {} }")), "gate.0.when.disease", "不能用这样的条件"),
    "absent though always there": (
        pack_text(add=gate("{ status = { absent = true } }")),
        "gate.0.when.status",
        "不能用",
    ),
    "from a text": (pack_text(add=gate('{ age = { from = "60" } }')), "gate.0.when.age", "应为整数"),
    "from beyond to": (pack_text(add=gate("{ age = { from = 9, to = 8 } }")), "gate.0.when.age", "永远不成立"),
    "has and lacks": (
        pack_text(add=gate('{ registered = { has = "a", lacks = "b" } }')),
        "gate.0.when.registered",
        "只能写一个",
    ),
    "has what nobody can have": (
        pack_text(add=gate('{ supplements = { has = "civil_servants" } }')),
        "gate.0.when.supplements",
        "现为 civil_servants",
    ),
    "lacks what nobody can have": (
        pack_text(add=gate('{ supplements = { lacks = "大额" } }')),
        "gate.0.when.supplements",
        "之一",
    ),
    "a disease's code in full-width signs": (
        pack_text(('of = "chronic"\nname = "感冒"', 'of = "chronic"\nname = "感冒"\ncode = "Ｍ03900"')),
        "disease.0.code",
        "半角",
    ),
    "has a list": (pack_text(add=gate('{ registered = { has = ["a"] } }')), "gate.0.when.registered", "值为文字"),
    "empty list of values": (pack_text(add=gate("{ status = [] }")), "gate.0.when.status", "列表是空的"),
    "empty list of conditions": (pack_text(add=gate("[]")), "gate.0.when", "条件应写作"),
    "no condition at all": (pack_text(add=gate('"retired"')), "gate.0.when", "条件应写作"),
    "list of texts": (pack_text(add=gate('["retired"]')), "gate.0.when", "条件应写作"),
    "otherwise with when": (
        pack_text((RATIOS, 'ratio = [{ otherwise = true, when = { level = "1" }, ratio = "60%" }]')),
        "benefit.general.pay.0.ratio.0.otherwise",
        "不能再写 when",
    ),
}

BENEFITS = {
    "default benefit unknown": (
        pack_text(('default_benefit = "general"', 'default_benefit = "genaral"')),
        "default_benefit",
        "没有待遇 genaral，是不是“general”",
    ),
    "benefit of a gate unknown": (
        pack_text(add=gate("{ entitled = false }", 'benefits = ["general", "special"]\n')),
        "gate.0.benefits",
        "没有待遇 special",
    ),
    "benefit of an exclusion unknown": (
        pack_text(add=exclude('{ use = "fitness" }', 'benefits = ["special"]\n')),
        "lines.exclude.0.benefits",
        "没有待遇 special",
    ),
    "benefit of the capitation unknown": (
        pack_text(add=CAPITATION.replace('benefit = "general"', 'benefit = "special"')),
        "capitation.benefit",
        "没有待遇 special",
    ),
    "benefit undefined and defined": (
        pack_text(add='\n[undefined.general]\nname = "普通门诊"\nrule = "R1"\ntext = "没有规定"\n'),
        "undefined.general",
        "已有规定",
    ),
    "benefit of a name with a dot": (
        MINIMAL.replace("[benefit.general", '[benefit."a.b"').replace('"general"', '"a.b"'),
        "benefit.a.b",
        "待遇的名称",
    ),
    "split twice by the same": (
        pack_text(('name = "普通门诊"', 'name = "普通门诊"\nsplit_by = ["class", "class"]')),
        "benefit.general.split_by",
        "写了两次",
    ),
    "split by an unknown fact": (
        pack_text(('name = "普通门诊"', 'name = "普通门诊"\nsplit_by = ["colour"]')),
        "benefit.general.split_by",
        "现为 colour",
    ),
    "split by a fact of the visit": (
        pack_text(('name = "普通门诊"', 'name = "普通门诊"\nsplit_by = ["code", "status"]')),
        "benefit.general.split_by",
        "现为 status",
    ),
    "requirement of what is always there": (
        pack_text(add=require("status")),
        "benefit.general.require.0.field",
        "不能要求",
    ),
    "requirement of what only credits know": (
        pack_text(add=require("pension_class")),
        "benefit.general.require.0.field",
        "pension_class",
    ),
    "requirement of what credits do not know": (
        pack_text(add=CREDIT + '\n[[credit.require]]\nfield = "age"\nrule = "R2"\ntext = "请补填"\n'),
        "credit.require.0.field",
        "age",
    ),
    "requirement of an unknown fact": (pack_text(add=require("colour")), "benefit.general.require.0.field", "colour"),
    "requirement of a fact of lines": (pack_text(add=require("class")), "benefit.general.require.0.field", "class"),
    "prescriber's level at an unknown kind": (
        pack_text(add='\n[prescriber_level]\npharmcy = "R1"\n'),
        "prescriber_level.pharmcy",
        "没有这种机构类型，是不是“pharmacy”",
    ),
    "prescriber selected at an unknown kind": (
        pack_text(add='\n[prescriber_selected]\nshop = "R1"\n'),
        "prescriber_selected.shop",
        "没有这种机构类型",
    ),
}

COUNTERS = {
    "accumulator undeclared": (
        pack_text(add=layer('cap = [{ rule = "R1", accumulator = "general.fond", amount = [{ yuan = "9" }] }]')),
        "benefit.general.pay.1.cap.0.accumulator",
        "没有年度累计 general.fond，是不是“general.fund”",
    ),
    "accumulator unused": (pack_text(add=accumulator("spare.fund")), "accumulator.spare.fund", "没有任何一处用到"),
    "accumulator of another kind": (
        pack_text(('counts = "fund"', 'counts = "deductible"')),
        "benefit.general.pay.0.cap.0.accumulator",
        "记的是 deductible，此处要记 fund",
    ),
    "accumulator of expense for a cap on the fund": (
        pack_text((CAP_AMOUNT, f'of = "eligible"\n{CAP_AMOUNT}')),
        "benefit.general.pay.0.cap.0.accumulator",
        "此处要记 expense",
    ),
    "placeholder unknown": (
        MINIMAL.replace("general.fund", "general.{colour}.fund"),
        "accumulator.general.{colour}.fund",
        "{colour} 应为",
    ),
    "placeholder without end of values": (
        MINIMAL.replace("general.fund", "general.{age}.fund"),
        "accumulator.general.{age}.fund",
        "取值有限",
    ),
    "brace unbalanced": (MINIMAL.replace("general.fund", "general.fund{"), "accumulator.general.fund{", "花括号不成对"),
    "accumulator of a deductible by month": (
        pack_text(
            (DEDUCTIBLE, f'{DEDUCTIBLE.replace("settlement", "year")}\naccumulator = "d"'),
            add=accumulator("d", "deductible") + 'per = "month"\n',
        ),
        "benefit.general.deductible.accumulator",
        "应按年",
    ),
    "placeholder of the line in a benefit not split by it": (
        MINIMAL.replace("general.fund", "general.{code}.fund"),
        "benefit.general.pay.0.cap.0.accumulator",
        "按它拆分",
    ),
    "placeholder that may be left out": (
        MINIMAL.replace("general.fund", "general.{grade}.fund"),
        "accumulator.general.{grade}.fund",
        "总有值",
    ),
    "brace unbalanced in the middle": (
        MINIMAL.replace("general.fund", "general{fund"),
        "accumulator.general{fund",
        "花括号不成对",
    ),
    "braces around what is no name": (
        MINIMAL.replace("general.fund", "general.{level!r}.fund"),
        "accumulator.general.{level!r}.fund",
        "花括号",
    ),
    "parameter by a fact that may be left out": (
        pack_text((CAP_AMOUNT, 'amount = [{ parameter = "wage" }]'), add=parameter(more='by = ["grade"]')),
        "benefit.general.pay.0.cap.0.amount.0.parameter",
        "不一定知道",
    ),
    "parameter by a fact of lines": (
        pack_text((CAP_AMOUNT, 'amount = [{ parameter = "wage" }]'), add=parameter(more='by = ["category"]')),
        "benefit.general.pay.0.cap.0.amount.0.parameter",
        "不一定知道",
    ),
    "parameter undeclared": (
        pack_text((CAP_AMOUNT, 'amount = [{ parameter = "wages" }]')),
        "benefit.general.pay.0.cap.0.amount.0.parameter",
        "没有参数 wages",
    ),
    "parameter unused": (pack_text(add=parameter()), "parameter.wage", "没有任何一处用到"),
    "ratio where money is wanted": (
        pack_text((CAP_AMOUNT, 'amount = [{ parameter = "wage" }]'), add=parameter("ratio")),
        "benefit.general.pay.0.cap.0.amount.0.parameter",
        "此处要 money",
    ),
    "money where a ratio is wanted": (
        pack_text((RATIOS, 'ratio = [{ parameter = "wage" }]'), add=parameter()),
        "benefit.general.pay.0.ratio.0.parameter",
        "此处要 ratio",
    ),
    "year missing": (
        pack_text((CAP_AMOUNT, 'amount = [{ parameter = "wage" }]'), add=parameter(more='by = ["year"]')),
        "benefit.general.pay.0.cap.0.amount.0.year",
        "须写明取哪一年",
    ),
    "year of a parameter without years": (
        pack_text((CAP_AMOUNT, 'amount = [{ parameter = "wage", year = -1 }]'), add=parameter()),
        "benefit.general.pay.0.cap.0.amount.0.year",
        "其他参数不写",
    ),
    "key of a parameter without keys": (
        pack_text((CAP_AMOUNT, 'amount = [{ parameter = "wage", key = "1" }]'), add=parameter()),
        "benefit.general.pay.0.cap.0.amount.0.key",
        "参数 wage 没有 1 这一项",
    ),
    "key of a parameter with two": (
        pack_text(
            (CAP_AMOUNT, 'amount = [{ parameter = "wage", key = "1" }]'),
            add=parameter(more='by = ["level", "status"]'),
        ),
        "benefit.general.pay.0.cap.0.amount.0.key",
        "参数 wage 没有 1 这一项",
    ),
    "parameter by year first": (
        pack_text(
            (CAP_AMOUNT, 'amount = [{ parameter = "wage", year = 0 }]'),
            add=parameter(more='by = ["year", "level"]'),
        ),
        "parameter.wage.by",
        "最后按",
    ),
    "fixed figure unreadable": (
        pack_text(
            (CAP_AMOUNT, 'amount = [{ parameter = "wage" }]'),
            add=parameter(more='by = ["level"]\nfixed = { 1 = "一千" }'),
        ),
        "parameter.wage.fixed.1",
        "金额",
    ),
    "fixed figure of nobody": (
        pack_text(
            (CAP_AMOUNT, 'amount = [{ parameter = "wage" }]'),
            add=parameter(more='by = ["level"]\nfixed = { 3 = "1000" }'),
        ),
        "parameter.wage.fixed.3",
        "level 为 1、2 之一",
    ),
    "key of nobody": (
        pack_text(
            (CAP_AMOUNT, 'amount = [{ parameter = "wage", key = "3" }]'),
            add=parameter(more='by = ["level"]'),
        ),
        "benefit.general.pay.0.cap.0.amount.0.key",
        "参数 wage 没有 3 这一项，应按 level 的值写，中间用点隔开：level 为 1、2 之一",
    ),
    "fixed ratio unreadable": (
        pack_text(
            (RATIOS, 'ratio = [{ parameter = "wage" }]'),
            add=parameter("ratio", 'by = ["level"]\nfixed = { 1 = "60%" }'),
        ),
        "parameter.wage.fixed.1",
        "0 到 1 之间",
    ),
    "neither cap nor uncapped": (pack_text(add=layer("")), "benefit.general.pay.1.cap", "二者只能有一个"),
    "cap and uncapped": (
        pack_text((MODIFY, f"{MODIFY}\nuncapped = true")),
        "benefit.general.pay.0.cap",
        "二者只能有一个",
    ),
    "supplement neither capped nor uncapped": (
        pack_text(add=supplement("")),
        "benefit.general.supplement.0.cap",
        "二者只能有一个",
    ),
    "uncapped layer before another": (
        pack_text(
            (FIRST_CAP, ""),
            (MODIFY, f"{MODIFY}\nuncapped = true"),
            add=layer('cap = [{ rule = "R1", accumulator = "general.fund", amount = [{ yuan = "9" }] }]'),
        ),
        "benefit.general.pay.0",
        "不会再有费用流到下一层",
    ),
    "yearly deductible without accumulator": (
        pack_text((DEDUCTIBLE, DEDUCTIBLE.replace("settlement", "year"))),
        "benefit.general.deductible.accumulator",
        "按年的起付标准须写累计",
    ),
    "deductible of each time with accumulator": (
        pack_text((DEDUCTIBLE, f'{DEDUCTIBLE}\naccumulator = "d"'), add=accumulator("d", "deductible")),
        "benefit.general.deductible.accumulator",
        "按次的不写",
    ),
    "increment from below nothing": (
        pack_text((CAP_AMOUNT, f'{CAP_AMOUNT}\nincrement = {{ each = "100", beyond = -1 }}')),
        "benefit.general.pay.0.cap.0.increment.beyond",
        "不能小于 0",
    ),
    "increment of a cap that is a parameter": (
        pack_text(
            (CAP_AMOUNT, 'amount = [{ parameter = "wage" }]\nincrement = { each = "100", beyond = 1 }'),
            add=parameter(),
        ),
        "benefit.general.pay.0.cap.0.increment",
        "须直接写 yuan",
    ),
    "rounded to nothing": (
        pack_text((CAP_AMOUNT, 'amount = [{ parameter = "wage", round_to = "0" }]'), add=parameter()),
        "benefit.general.pay.0.cap.0.amount.0.round_to",
        "应大于 0",
    ),
    "supplement twice": (
        pack_text(add=supplement("uncapped = true") + supplement("uncapped = true")),
        "benefit.general.supplement.1.fund",
        "只能写一次",
    ),
    "supplements of parts in common": (
        pack_text(
            add=supplement("uncapped = true").replace('["share"]', '["share", "deductible"]')
            + supplement("uncapped = true").replace('fund = "civil_servant"', 'fund = "large_medical"')
        ),
        "benefit.general.supplement.1.on",
        "说不清",
    ),
    "supplement of a part twice": (
        pack_text(add=supplement("uncapped = true").replace('["share"]', '["share", "share"]')),
        "benefit.general.supplement.0.on",
        "写了两次",
    ),
    "ratio changed by an amount": (
        pack_text(('points = "+10"', 'yuan = "+10"')),
        "benefit.general.pay.0.modify.0",
        "须写 points、times 中的一个",
    ),
    "cap changed by points": (
        pack_text(
            (CAP_AMOUNT, f'{CAP_AMOUNT}\nmodify = [{{ when = {{ status = "retired" }}, points = "+5", rule = "R1" }}]')
        ),
        "benefit.general.pay.0.cap.0.modify.0",
        "须写 yuan 中的一个",
    ),
    "deductible changed by points": (
        pack_text(
            (DEDUCTIBLE, f'{DEDUCTIBLE}\nmodify = [{{ when = {{ status = "retired" }}, points = "-5", rule = "R1" }}]')
        ),
        "benefit.general.deductible.modify.0",
        "须写 yuan 中的一个",
    ),
    "modifier of two figures": (
        pack_text(('points = "+10"', 'points = "+10", times = "50%"')),
        "benefit.general.pay.0.modify.0",
        "中的一个",
    ),
    "modifier without a figure": (pack_text((', points = "+10"', "")), "benefit.general.pay.0.modify.0", "中的一个"),
    "two caps on one accumulator": (
        pack_text(
            add='\n[[benefit.general.pay.cap]]\nrule = "R1"\naccumulator = "general.fund"\namount = [{ yuan = "99" }]\n'
        ),
        "benefit.general.pay.0.cap",
        "同一笔支付会记两次",
    ),
    "bands out of order": (
        pack_text(add=CAPITATION.replace('below = "50%"', 'below = "90%"')),
        "capitation.band",
        "由低到高",
    ),
    "band without an end in the middle": (
        pack_text(add=CAPITATION.replace('below = "80%", ', "")),
        "capitation.band",
        "只有最后一档可以不写",
    ),
    "last band with an end": (
        pack_text(add=CAPITATION.replace('{ kept = "100%" }', '{ below = "90%", kept = "100%" }')),
        "capitation.band",
        "最后一档不写 below",
    ),
    "capitation of a cap that differs": (
        pack_text(
            (
                CAP_AMOUNT,
                'amount = [{ when = { level = "1" }, yuan = "1000" }, { when = { level = "2" }, yuan = "900" }]',
            ),
            add=CAPITATION,
        ),
        "capitation.benefit",
        "须对所有人相同",
    ),
    "capitation of a parameter that differs": (
        pack_text((CAP_AMOUNT, 'amount = [{ parameter = "wage" }]'), add=parameter(more='by = ["level"]') + CAPITATION),
        "capitation.benefit",
        "须对所有人相同",
    ),
    "capitation without a cap": (
        pack_text((FIRST_CAP, ""), (MODIFY, f"{MODIFY}\nuncapped = true"), ('[accumulator."general.fund"]\n', ""))
        .replace('name = "门诊年度支付"\ncounts = "fund"\n', "")
        .replace("[lines]", "[accumulator]\n\n[lines]")
        + CAPITATION,
        "capitation.benefit",
        "须对所有人相同",
    ),
}

TABLES = {
    "row without a figure": (
        pack_text((CAP_AMOUNT, "amount = [{ }]")),
        "benefit.general.pay.0.cap.0.amount.0",
        "yuan、parameter、none 中的一个",
    ),
    "row with two figures": (
        pack_text((CAP_AMOUNT, 'amount = [{ yuan = "1000", none = true }]')),
        "benefit.general.pay.0.cap.0.amount.0",
        "中的一个",
    ),
    "credit row with two figures": (
        pack_text(add=CREDIT.replace('yuan = "50"', 'yuan = "50", none = true')),
        "credit.row.1",
        "of_base、yuan、parameter、none、undefined 中的一个",
    ),
    "year of a fixed amount": (
        pack_text((CAP_AMOUNT, 'amount = [{ yuan = "1000", year = 0 }]')),
        "benefit.general.pay.0.cap.0.amount.0.year",
        "year 不能与 yuan 同用",
    ),
    "key of a fixed amount": (
        pack_text((CAP_AMOUNT, 'amount = [{ yuan = "1000", key = "1" }]')),
        "benefit.general.pay.0.cap.0.amount.0.key",
        "key 不能与 yuan 同用",
    ),
    "table with a gap": (
        pack_text(('    { when = { level = "2" }, ratio = "50%" },\n', "")),
        "benefit.general.pay.0.ratio",
        "没有一行适用于：二级",
    ),
    "table without rows": (
        pack_text((CAP_AMOUNT, "amount = []")),
        "benefit.general.pay.0.cap.0.amount",
        "没有一行适用于：所有情形",
    ),
    "table with a gap between ages": (
        pack_text(
            (
                CAP_AMOUNT,
                (
                    'amount = [{ when = { age = { to = 59 } }, yuan = "1" },'
                    ' { when = { age = { from = 61 } }, yuan = "2" },'
                    ' { when = { age = { absent = true } }, yuan = "3" }]'
                ),
            )
        ),
        "benefit.general.pay.0.cap.0.amount",
        "没有一行适用于：年龄 60",
    ),
    "table that forgets what was left out": (
        pack_text((CAP_AMOUNT, 'amount = [{ when = { grade = ["special", "A", "B", "C"] }, yuan = "1" }]')),
        "benefit.general.pay.0.cap.0.amount",
        "没有一行适用于：等次未填",
    ),
    "table with many gaps": (
        pack_text((CAP_AMOUNT, 'amount = [{ when = { institution_type = "clinic" }, yuan = "1" }]')),
        "benefit.general.pay.0.cap.0.amount",
        "等共 7 种情形",
    ),
    "table with a doubled row": (
        pack_text(('when = { level = "2" }', 'when = { level = ["1", "2"] }')),
        "benefit.general.pay.0.ratio",
        "不止一行适用于：一级",
    ),
    "two rows otherwise": (
        pack_text((CAP_AMOUNT, 'amount = [{ otherwise = true, yuan = "1" }, { otherwise = true, yuan = "2" }]')),
        "benefit.general.pay.0.cap.0.amount",
        "不止一行适用于：所有情形",
    ),
    "gap in a ceiling": (
        pack_text(
            (
                DEDUCTIBLE,
                (
                    f'{DEDUCTIBLE}\nceiling = {{ rule = "R1", accumulator = "d",'
                    ' amount = [{ when = { level = "1" }, yuan = "9" }] }'
                ),
            ),
            add=accumulator("d", "deductible"),
        ),
        "benefit.general.deductible.ceiling.amount",
        "没有一行适用于：二级",
    ),
    "gap in a supplement": (
        pack_text(
            add=supplement("uncapped = true").replace('{ ratio = "40%" }', '{ when = { level = "2" }, ratio = "40%" }')
        ),
        "benefit.general.supplement.0.ratio",
        "没有一行适用于：一级",
    ),
    "gap in the credit": (
        pack_text(add=CREDIT.replace('status = "retired"', 'status = "retired", employment = "unit"')),
        "credit.row",
        "没有一行适用于：灵活就业、退休",
    ),
    "rows that meet in a set": (
        pack_text(
            (
                CAP_AMOUNT,
                (
                    'amount = [{ when = { registered = { has = "感冒" } }, yuan = "1" },'
                    ' { when = { registered = { has = "咳嗽" } }, yuan = "2" }, { otherwise = true, yuan = "3" }]'
                ),
            )
        ),
        "benefit.general.pay.0.cap.0.amount",
        "不止一行适用于：慢性病登记：感冒和咳嗽",
    ),
    "credit row without a rule": (
        pack_text(add=CREDIT.replace('yuan = "50", rule = "R2"', 'yuan = "50"')),
        "credit.row.1.rule",
        "缺少“rule”",
    ),
    "ratio over 100% after modifiers": (
        pack_text(('points = "+10"', 'points = "+45"')),
        "benefit.general.pay.0.ratio",
        "超过 100%：一级、退休（105%）",
    ),
    "barred yet not excluded": (
        pack_text(add=bar('{ use = ["antenatal", "treatment"] }') + exclude('{ use = "antenatal" }')),
        "accounts.bar.0",
        "统筹也应不付（lines.exclude）：",
    ),
    "barred and excluded of some benefits only": (
        pack_text(add=bar('{ use = "antenatal" }') + exclude('{ use = "antenatal" }', 'benefits = ["general"]\n')),
        "accounts.bar.0",
        "统筹也应不付",
    ),
}

FOLLOWED = {
    "parameter by an unknown fact": (
        pack_text((CAP_AMOUNT, 'amount = [{ parameter = "wage" }]'), add=parameter(more='by = ["colour"]')),
        "parameter.wage.by",
        "现为 colour",
    ),
    "parameter by age": (
        pack_text((CAP_AMOUNT, 'amount = [{ parameter = "wage" }]'), add=parameter(more='by = ["age"]')),
        "parameter.wage.by",
        "取值有限",
    ),
}
"""Faults of a declaration that are told at its uses too."""

FAULTS = {**SHAPE, **FRAME, **CONDITIONS, **BENEFITS, **COUNTERS, **TABLES}


def faults(group: dict[str, tuple[str, str, str]]) -> pytest.MarkDecorator:
    """Each fault of a group: the text that has it, its field, and a telling part of what is said."""
    return pytest.mark.parametrize(("text", "field", "says"), group.values(), ids=group.keys())


@faults(FOLLOWED)
def test_fault_that_others_follow(text: str, field: str, says: str) -> None:
    found = [one for one in problems(text) if one.field == field]
    assert [says in one.message for one in found] == [True]


def test_the_minimal_pack_and_its_additions_are_valid() -> None:
    for add in ("", CREDIT, CAPITATION, gate("{ entitled = false }"), exclude('{ use = "fitness" }')):
        assert isinstance(parse_pack(pack_text(add=add).encode()), Pack), add


@pytest.mark.parametrize("field", ["starts", "verified_on"])
def test_a_year_that_no_policy_is_of_is_refused(field: str) -> None:
    before = next(line for line in pack_text().splitlines() if line.startswith(f"{field} = "))
    for year in ("0203", "1700"):
        (found,) = problems(pack_text((before, f"{field} = {year}-01-01")))
        assert found.field == field
        assert "年份" in found.message
        assert "第" in found.message


@pytest.mark.parametrize("year", ["1000000000", "-99", "2021"])
def test_a_parameter_s_year_is_counted_from_the_settlement_s(year: str) -> None:
    amount = f'amount = [{{ parameter = "wage", year = {year}, times = "2%" }}]'
    cap = layer(f'cap = [{{ rule = "R1", accumulator = "general.fund", {amount} }}]')
    found = problems(pack_text(add=cap))
    assert [one.field for one in found] == ["benefit.general.pay.1.cap.0.amount.0.year"]
    assert "行" in found[0].message


@pytest.mark.parametrize("code", ["family_account_refused乱", "Refused", "Ｘ", "not-open"])
def test_a_notice_goes_by_a_code(code: str) -> None:
    gate_text = f'[[gate]]\nnotice = "{code}"\nrule = "R1"\nwhen = {{ entitled = false }}\ntext = "话"\n'
    (found,) = problems(pack_text(add=gate_text))
    assert found.field == "gate.0.notice"
    assert "小写" in found.message


@faults(FAULTS)
def test_fault(text: str, field: str, says: str) -> None:
    found = problems(text)
    assert {one.field for one in found} == {field}
    assert says in found[0].message
    assert found[0].code == INVALID_INPUT


def test_every_message_is_a_sentence_for_people() -> None:
    said = {one.message for text, _, _ in FAULTS.values() for one in problems(text)}
    assert len(said) > len(FAULTS) / 2
    assert [message for message in said if not CHINESE.search(message) or NOISE.search(message)] == []
    assert [message for message in said if "\n" in message or len(message) > 300] == []


def test_not_utf_8() -> None:
    found = parse_pack(MINIMAL.encode("gb18030"))
    assert found == [Problem(INVALID_INPUT, "", "不是 UTF-8 编码，请用 UTF-8 重新保存")]


@pytest.mark.parametrize(
    "add",
    [
        rule("R3", 'aside = "由经办机构办理"'),
        gate('[{ entitled = false }, { level = { not = "1" }, age = { from = 1, to = 9 } }]'),
        gate('{ registered = { lacks = "感冒" }, disease = { not = ["感冒", "咳嗽"] }, grade = { absent = false } }'),
        exclude('{ use = "fitness", negotiated = false, status = "retired" }', 'benefits = ["general"]\n'),
        fact("tier", "choice", 'values = ["a", "b"]\ndefault = "a"\n') + gate('{ tier = "b" }'),
        fact("tier", "choice", 'values = ["a", "b"]\n') + require("tier") + gate("{ tier = { absent = true } }"),
        fact("weeks", "number") + gate("{ weeks = { to = 12 } }"),
        fact("until", "until") + gate("{ until = true }"),
        bar('{ use = "fitness" }') + exclude('{ use = ["fitness", "wellness"] }'),
        require("registered") + require("disease"),
        (
            '\n[[benefit.general.first_pay]]\nrule = "R1"\n'
            'ratio = [{ when = { referral = true }, ratio = "0%" }, { otherwise = true, ratio = "10%" }]\n'
        ),
        supplement("uncapped = true"),
        layer("uncapped = true"),
        '\n[prescriber_level]\npharmacy = "R1"\n\n[prescriber_selected]\npharmacy = "R1"\n',
        '\n[[level]]\nid = "unrated"\nname = "未定级"\nsame_as = "1"\n',
        '\n[source.law]\ntitle = "另一部办法"\nshort = "另一部办法"\n',
    ],
)
def test_what_is_near_a_fault_and_none(add: str) -> None:
    pack(add=add)


def test_many_faults_of_shape_at_once() -> None:
    text = pack_text(
        ("format = 2", "format = 9"),
        ('area = "990100"', 'area = "9901"'),
        ('name = "普通门诊"', "nmae = 3"),
        ('ratio = "60%"', 'ratio = "160%"'),
        ('ratio = "50%"', "ratio = 0.5"),
        (CAP_AMOUNT, 'amount = [{ yuan = "-1" }]'),
        ('counts = "fund"', 'counts = "money"'),
        ("verified_on = 2024-06-01\n", ""),
    )
    assert sorted(one.field for one in problems(text)) == [
        "accumulator.general.fund.counts",
        "area",
        "benefit.general.name",
        "benefit.general.nmae",
        "benefit.general.pay.0.cap.0.amount.0.yuan",
        "benefit.general.pay.0.ratio.0.ratio",
        "benefit.general.pay.0.ratio.1.ratio",
        "format",
        "verified_on",
    ]


def test_many_faults_of_names_at_once() -> None:
    text = pack_text(
        ("open_end = true\n", ""),
        ('default_benefit = "general"', 'default_benefit = "genaral"'),
        ('[lines]\nrule = "R1"', '[lines]\nrule = "R9"'),
        ('points = "+10"', 'yuan = "+10"'),
        ('article = "第二条"', 'article = "第三条"'),
        (CAP_AMOUNT, 'amount = [{ parameter = "wages" }]'),
        add=gate('{ statsu = "retired" }')
        + fact("rescue", "flag")
        + accumulator("spare")
        + parameter()
        + layer("")
        + '\n[prescriber_level]\nshop = "R1"\n',
    )
    assert {one.field for one in problems(text)} == {
        "accumulator.spare",
        "benefit.general.pay.0.cap.0.amount.0.parameter",
        "benefit.general.pay.0.modify.0",
        "benefit.general.pay.1.cap",
        "default_benefit",
        "ends",
        "fact.rescue",
        "gate.0.when.statsu",
        "gist.第三条",
        "gist.第二条",
        "lines.rule",
        "parameter.wage",
        "prescriber_level.shop",
    }


def test_many_faults_of_tables_at_once() -> None:
    text = pack_text(
        ('    { when = { level = "2" }, ratio = "50%" },\n', ""),
        (CAP_AMOUNT, 'amount = [{ yuan = "1" }, { yuan = "2" }]'),
        ('points = "+10"', 'points = "+50"'),
        (DEDUCTIBLE, 'per = "settlement"\namount = [{ none = true, yuan = "3" }]'),
        add=bar('{ use = "antenatal" }') + CREDIT.replace('status = "employed"', 'status = "retired"'),
    )
    assert sorted((one.field, one.message.partition("：")[0].partition("（第")[0]) for one in problems(text)) == [
        ("accounts.bar.0", "个人账户不能付的明细，统筹也应不付（lines.exclude）"),
        ("benefit.general.deductible.amount.0", "每一行须写 yuan、parameter、none 中的一个"),
        ("benefit.general.pay.0.cap.0.amount", "不止一行适用于"),
        ("benefit.general.pay.0.ratio", "加减之后比例超过 100%"),
        ("benefit.general.pay.0.ratio", "没有一行适用于"),
        ("credit.row", "不止一行适用于"),
        ("credit.row", "没有一行适用于"),
    ]


def edition(starts: str, ends: str | None = None, gap: str | None = None) -> str:
    """The minimal pack of other dates."""
    end = "open_end = true" if ends is None else f"ends = {ends}"
    return pack_text(
        ("starts = 2024-01-01", f"starts = {starts}"),
        ("open_end = true", end if gap is None else f'{end}\ngap = "{gap}"'),
    )


def parsed(*texts: str) -> list[Pack]:
    found = [parse_pack(text.encode()) for text in texts]
    return [one for one in found if isinstance(one, Pack)]


@pytest.mark.parametrize(
    ("editions", "says"),
    [
        (
            [edition("2023-01-01", "2023-12-31"), edition("2023-12-31")],
            "2023-01-01 至 2023-12-31 与 2023-12-31 起 两版的日期重叠",
        ),
        ([edition("2023-01-01"), edition("2023-01-01")], "重叠"),
        ([edition("2023-01-01", "2024-12-31"), edition("2023-06-01", "2023-06-30")], "重叠"),
        ([edition("2023-01-01", "2023-12-31"), edition("2024-01-02")], "之间有几天没有政策"),
    ],
    ids=["overlap of a day", "same start", "one inside the other", "gap of a day"],
)
def test_editions_that_do_not_fit(editions: list[str], says: str) -> None:
    (found,) = edition_problems(parsed(*editions))
    assert found.field == "starts"
    assert says in found.message


@pytest.mark.parametrize(
    "editions",
    [
        [edition("2023-01-01")],
        [edition("2023-01-01", "2023-12-31"), edition("2024-01-01")],
        [edition("2023-01-01", "2023-12-31"), edition("2024-02-01", gap="新办法次月才施行")],
        [edition("2023-01-01"), edition("2024-02-01")],
    ],
    ids=["alone", "day after day", "gap that is marked", "open end superseded"],
)
def test_editions_that_fit(editions: list[str]) -> None:
    assert edition_problems(parsed(*editions)) == []


def test_every_pair_of_editions_is_looked_at() -> None:
    texts = [edition("2022-01-01", "2022-12-31"), edition("2022-12-01", "2023-06-30"), edition("2023-08-01")]
    assert ["重叠" in one.message for one in edition_problems(parsed(*texts))] == [True, False]


def library_of(tmp_path: Path, *texts: str) -> Library:
    folder = tmp_path / "policies" / AREA
    folder.mkdir(parents=True)
    for number, text in enumerate(texts):
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    return Library(tmp_path / "policies")


def test_an_open_end_closes_where_the_next_edition_starts(tmp_path: Path) -> None:
    library = library_of(tmp_path, edition("2025-01-01"), edition("2023-01-01"))
    starts = {}
    for day in ("2022-12-31", "2023-01-01", "2024-12-31", "2025-01-01", "2050-01-01"):
        policy = library.in_force(AREA, datetime.date.fromisoformat(day))
        starts[day] = str(policy.pack.starts) if isinstance(policy, Policy) else policy.code
    assert starts == {
        "2022-12-31": "no_policy_in_force",
        "2023-01-01": "2023-01-01",
        "2024-12-31": "2023-01-01",
        "2025-01-01": "2025-01-01",
        "2050-01-01": "2025-01-01",
    }
    assert [str(one.last_day) for one in library.editions(AREA)] == ["2024-12-31", "None"]


def test_nothing_is_in_force_in_a_gap(tmp_path: Path) -> None:
    library = library_of(tmp_path, edition("2023-01-01", "2023-12-31"), edition("2024-02-01", gap="新办法次月才施行"))
    found = library.in_force(AREA, datetime.date(2024, 1, 15))
    assert isinstance(found, Problem)
    assert (found.code, found.field) == ("no_policy_in_force", "settled_on")
    assert "2023-01-01 至 2023-12-31，2024-02-01 起" in found.message


def test_editions_that_overlap_are_refused_by_the_library(tmp_path: Path) -> None:
    library = library_of(tmp_path, edition("2023-01-01", "2023-12-31"), edition("2023-12-31"))
    with pytest.raises(BadPackError, match="1 处问题") as raised:
        library.editions(AREA)
    assert [one.field for one in raised.value.problems] == ["starts"]


def test_a_faulty_pack_is_refused_by_the_library_with_every_problem(tmp_path: Path) -> None:
    library = library_of(tmp_path, pack_text(('ratio = "60%"', 'ratio = "6"')))
    with pytest.raises(BadPackError, match="1 处问题") as raised:
        library.editions(AREA)
    assert [one.field for one in raised.value.problems] == ["benefit.general.pay.0.ratio.0.ratio"]
