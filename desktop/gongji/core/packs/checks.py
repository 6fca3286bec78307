"""Everything that can be wrong with a pack beyond its shape, found all at once when it is read.

A rule that the language cannot say, a figure without an article, a table that leaves somebody out or answers twice:
such a pack is refused, because at the counter there would be nobody to ask. What a usable pack still should
have is a warning (`pack_warnings`).
"""

import datetime
import re
from collections.abc import Iterator
from typing import get_args

from gongji.core.packs.amount_checks import figure_problems
from gongji.core.packs.cases import case_problems
from gongji.core.packs.conditions import alternatives
from gongji.core.packs.dimensions import Dimension, dimensions
from gongji.core.packs.diseases import disease_problems
from gongji.core.packs.entries import records
from gongji.core.packs.fact_checks import (
    fact_problems,
    institution_type_problems,
    level_name_problems,
    level_problems,
    requirement_problems,
)
from gongji.core.packs.general import GENERAL, complete
from gongji.core.packs.language import FREE_NAMES, Pack
from gongji.core.packs.tables import table_problems
from gongji.core.problems import Problem, invalid, join
from gongji.core.strict_records import did_you_mean, is_iso_date, seen, shown
from gongji.core.visits import Cause

_ILLNESS = "illness"
_BENEFIT_NAME = _CODE = re.compile(r"[a-z][a-z0-9_]*")
_FIRST_YEAR = 1998
"""The year in which employees' medical insurance was decided on; no edition is older."""
_RULE_FIELDS = ("rule", "clearing_rule", "fixed_rule", "before_deductible")


def pack_problems(pack: Pack, *, stored: bool = False) -> list[Problem]:
    """Return every problem of a pack whose shape is right; its tables are checked once all its names are known.

    A pack of format 2 is checked with the general exclusions in it. One that settlements were made under (`stored`) is
    spared what was asked of packs only later and changes no amount.
    """
    unknown = list(_general(pack))
    if unknown:
        return unknown
    pack = complete(pack)
    known = dimensions(pack)
    problems = [
        *_dates(pack),
        *_notice_codes(pack),
        *_rules(pack),
        *_articles(pack),
        *level_problems(pack),
        *(() if stored else level_name_problems(pack)),
        *fact_problems(pack, known),
        *_benefits(pack, known),
        *_benefit_names(pack),
        *requirement_problems(pack, known),
        *institution_type_problems(pack, known),
        *figure_problems(pack, known),
    ]
    if not problems and not stored:
        problems += case_problems(pack, known)
    return problems or [*disease_problems(pack), *table_problems(pack, known)]


def _general(pack: Pack) -> Iterator[Problem]:
    """Report settings of general exclusions that do not exist, or that the pack's format does not know."""
    if pack.scheme == "residents" and pack.format == 1:
        yield invalid("scheme", "scheme 只有 format = 2 才有，请改写 format")
    if pack.format == 1 and (pack.general or pack.disease or pack.notice or pack.revision > 1 or pack.review_by):
        yield invalid("format", "general、disease、notice、revision、review_by 只有 format = 2 才有，请改写 format")
    for name, said in pack.general.items():
        if name not in GENERAL:
            allowed = did_you_mean(name, list(GENERAL)) or f"，应为 {'、'.join(GENERAL)} 之一"
            yield invalid(f"general.{shown(name)}", f"没有这一项一般规定{allowed}，请改正")
        elif said.rule not in pack.rule:
            allowed = did_you_mean(said.rule, list(pack.rule)) or f"，已有的是 {'、'.join(pack.rule)}"
            what = f"{shown(said.rule)}（{GENERAL[name][0]}，依据哪条）"
            yield invalid(f"general.{name}.rule", f"没有规则 {what}{allowed}；请在 [rule] 中写明依据的条文")


def _dates(pack: Pack) -> Iterator[Problem]:
    for name in ("starts", "ends", "verified_on", "review_by"):
        found: datetime.date | None = getattr(pack, name)
        if found is not None and found.year < _FIRST_YEAR:
            yield invalid(name, f"年份 {found.year} 不对，那时还没有医保，请核对")
    if (pack.ends is None) != pack.open_end:
        yield invalid("ends", "须写明终止日期 ends，或写 open_end = true 表示没有终止日期，二者只能有一个")
    if pack.ends is not None and pack.ends < pack.starts:
        yield invalid("ends", f"终止日期 {pack.ends} 早于开始日期 {pack.starts}")
    days = {"year_starts": pack.year_starts}
    if pack.claim is not None and pack.claim.deadline is not None:
        days["claim.deadline"] = pack.claim.deadline
    for path, day in days.items():
        if not is_iso_date(f"2023-{day}"):
            yield invalid(path, f"每年都要有这一天，现为 {day}")
    if pack.claim is not None and pack.claim.local_closed and pack.claim.local is None:
        yield invalid("claim.local", "本市机构的费用事后不报销的，须写一句话告诉患者")
    if pack.accounts.current_first and pack.accounts.before_deductible is None:
        yield invalid("accounts.current_first", "当年账户先付，须写明依据的规则 before_deductible")
    yield from _account_rules(pack)


def _account_rules(pack: Pack) -> Iterator[Problem]:
    rules = pack.accounts
    plain = [one for one in rules.relations if one.parameter is None]
    starts = [one.starts or datetime.date.min for one in plain]
    if rules.none and (rules.relations or rules.no_account or rules.before_deductible or rules.authorising):
        yield invalid("accounts.none", "写了没有个人账户（none），就不能再写账户怎样使用")
    if rules.none and pack.credit is not None:
        yield invalid("credit", "没有个人账户的险种没有账户计入，请删去")
    if not plain and not rules.none:
        yield invalid("accounts.relations", "至少要有一组不靠参数的关系")
    if starts != sorted(set(starts)):
        yield invalid("accounts.relations", "各组关系应按开始日期先后排列，日期不能相同")


def _notice_codes(pack: Pack) -> Iterator[Problem]:
    """Report notices with a malformed code: programs distinguish notices by it."""
    for path, record in records(pack):
        for name in ("notice", "replaces", "refused_notice"):
            code = getattr(record, name, None)
            if isinstance(code, str) and not _CODE.fullmatch(code):
                yield invalid(join(path, name), f"提示的代码只能用小写英文字母、数字和下划线，现为 {seen(code)}")


def _cited(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield every mention of a rule with its path."""
    for path, record in records(pack):
        for name in _RULE_FIELDS:
            rule = getattr(record, name, None)
            if isinstance(rule, str):
                yield join(path, name), rule
    for name, benefit in pack.benefit.items():
        if benefit.lines is not None:
            yield f"benefit.{name}.lines", benefit.lines
    for kind, named in (("prescriber_level", pack.prescriber_level), ("prescriber_selected", pack.prescriber_selected)):
        for institution_type, rule in named.items():
            yield f"{kind}.{institution_type}", rule


def _rules(pack: Pack) -> Iterator[Problem]:
    used = set()
    for path, rule in _cited(pack):
        used.add(rule)
        if rule not in pack.rule:
            yield invalid(path, f"没有规则 {shown(rule)}{did_you_mean(rule, list(pack.rule))}，请在 [rule] 中补上")
    for name, rule_entry in pack.rule.items():
        if "、" in name:
            yield invalid(f"rule.{name}", "规则编号里不能有顿号")
        if name not in used and rule_entry.aside is None:
            yield invalid(f"rule.{name}", "没有任何一处用到这条规则；不在结算里计算的，请写 aside 说明原因")


def articles_of(pack: Pack) -> dict[str, list[str]]:
    """Return the articles that rules cite, each with its rules."""
    cited: dict[str, list[str]] = {}
    for name, rule in pack.rule.items():
        for article in rule.article.split("、"):
            cited.setdefault(article, []).append(name)
    return cited


def _articles(pack: Pack) -> Iterator[Problem]:
    cited = articles_of(pack)
    for article, rules in cited.items():
        if not pack.gist.get(article):
            yield invalid(f"gist.{article}", f"规则 {'、'.join(rules)} 引用了{article}，请补写要旨")
    for article in pack.gist:
        if article not in cited and not any(one.startswith(f"{article}(") for one in cited):
            yield invalid(f"gist.{article}", "没有规则引用这一条，请删去要旨或补上引用")
    for index, one in enumerate(pack.not_modelled):
        for article in one.articles:
            if article in cited:
                yield invalid(f"not_modelled.{index}", f"{article}已被规则引用，不能又列为未建模")
    if "main" not in pack.source:
        yield invalid("source.main", "缺少主文件")
    for name, source in pack.source.items():
        if name != "main" and not source.short:
            yield invalid(f"source.{name}.short", "主文件以外的文件须有简称，写在条文前面")


def _benefits(pack: Pack, known: dict[str, Dimension]) -> Iterator[Problem]:
    mentioned = [("default_benefit", pack.default_benefit)]
    for path, record in records(pack):
        mentioned += [(join(path, "benefits"), name) for name in getattr(record, "benefits", ())]
    if pack.capitation is not None:
        mentioned.append(("capitation.benefit", pack.capitation.benefit))
    for path, name in mentioned:
        if name not in pack.benefit:
            yield invalid(path, f"没有待遇 {shown(name)}{did_you_mean(name, list(pack.benefit))}")
    for name in pack.undefined:
        if name in pack.benefit:
            yield invalid(f"undefined.{name}", "这种待遇已有规定，不能又列为未规定")
    for name, benefit in pack.benefit.items():
        if len(set(benefit.split_by)) != len(benefit.split_by):
            yield invalid(f"benefit.{name}.split_by", "同一项写了两次，请只留一个")
        for part in benefit.split_by:
            if part not in FREE_NAMES and (part not in known or known[part].scope != "line"):
                yield invalid(f"benefit.{name}.split_by", f"只能按 code、drug 或明细的事实拆分，现为 {seen(part)}")


def _benefit_names(pack: Pack) -> Iterator[Problem]:
    for kind, names in (("benefit", pack.benefit), ("undefined", pack.undefined)):
        for name in names:
            if not _BENEFIT_NAME.fullmatch(name):
                yield invalid(f"{kind}.{shown(name)}", "待遇的名称只能用小写字母、数字和下划线，例如 general")


def pack_warnings(pack: Pack) -> Iterator[str]:
    """Yield what an author should look at again, in sentences."""
    if not pack.case:
        yield "没有例子，谁也没有算过这一版；请按文件手算几个，写在 [[case]] 里"
    elif not any(one.refused is None for one in pack.case):
        yield "例子全是拒绝的，没有一个算出数额；请至少手算一个"
    if pack.review_by is None:
        yield "没有写下次核对的日期 review_by；补充通知出来了没有人会知道"
    for cause in get_args(Cause):
        if cause != _ILLNESS and not any(_names(gate.when, cause) for gate in pack.gate):
            yield f"就诊原因 {cause} 没有写统筹付不付（[[gate]]），一般规定也关掉了；请按文件写明"


def _names(when: object, cause: str) -> bool:
    """Return whether a condition is about a cause."""
    tests = [table.get("cause") for table in alternatives(when) if isinstance(table, dict)]
    return any(test == cause or (isinstance(test, list) and cause in test) for test in tests)
