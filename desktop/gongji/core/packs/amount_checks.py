"""Checks of a pack's figures: accumulators, open parameters, caps and layers, modifiers, capitation."""

from collections.abc import Iterator

from msgspec import Struct

from gongji.core.money import parse_fen, parse_ratio
from gongji.core.packs.accounts import CreditRow, Relations
from gongji.core.packs.benefits import Cap, Ceiling, Deductible, Increment, Layer, SupplementLayer
from gongji.core.packs.conditions import names_used
from gongji.core.packs.dimensions import CONTRACT, CREDIT_FACTS, Dimension
from gongji.core.packs.entries import AmountRow, RatioRow, records
from gongji.core.packs.language import FREE_NAMES, PARAMETER_YEAR, PLACEHOLDER, Pack, Parameter
from gongji.core.problems import Problem, invalid, join
from gongji.core.strict_records import did_you_mean, seen, shown

STREAM_PARTS = ("first_pay", "deductible", "pay")
"""The parts of a benefit that are computed separately for each stream of lines."""


def figure_problems(pack: Pack, known: dict[str, Dimension]) -> Iterator[Problem]:
    """Yield what is wrong with a pack's totals and figures."""
    yield from _accumulators(pack, known)
    yield from _parameters(pack, known)
    yield from _layers(pack)
    yield from _amounts(pack)
    yield from _counted_twice(pack)
    yield from _supplements(pack)
    yield from _capitation(pack)


def _counters(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Yield every mention of an accumulator: its path, its name, and what is counted there."""
    for path, record in records(pack):
        if isinstance(record, Cap) and record.accumulator is not None:
            yield join(path, "accumulator"), record.accumulator, "fund" if record.of == "fund" else "expense"
        elif isinstance(record, Deductible | Ceiling) and record.accumulator is not None:
            yield join(path, "accumulator"), record.accumulator, "deductible"


def _accumulators(pack: Pack, known: dict[str, Dimension]) -> Iterator[Problem]:
    used = set[str]()
    for path, name, counts in _counters(pack):
        used.add(name)
        declared = pack.accumulator.get(name)
        if declared is None:
            yield invalid(path, f"没有年度累计 {shown(name)}{did_you_mean(name, list(pack.accumulator))}")
            continue
        if declared.counts != counts:
            yield invalid(path, f"{name} 记的是 {declared.counts}，此处要记 {counts}")
        if counts == "deductible" and declared.per != "year":
            yield invalid(path, f"{name} 按 {declared.per} 累计，起付标准的累计应按年（year）")
        split_by = split_by_of(pack, path)
        for fact in PLACEHOLDER.findall(name):
            if (fact in FREE_NAMES or (fact in known and known[fact].scope == "line")) and fact not in split_by:
                yield invalid(path, f"名称里有 {{{fact}}} 的累计只能用在按它拆分（split_by）的待遇里")
    yield from _accumulator_names(pack, known, used)


def _accumulator_names(pack: Pack, known: dict[str, Dimension], used: set[str]) -> Iterator[Problem]:
    for name in pack.accumulator:
        if name not in used:
            yield invalid(f"accumulator.{name}", "没有任何一处用到这个累计，请删去")
        for fact in PLACEHOLDER.findall(name):
            if fact == "disease" and pack.disease:
                yield from _disease_required(pack, name)
            elif fact not in FREE_NAMES and not _tells_apart(known.get(fact)):
                yield invalid(f"accumulator.{name}", f"名称里的 {{{fact}}} 应为 code、drug，或取值有限且总有值的事实")
        if set("{}") & set(PLACEHOLDER.sub("", name)):
            yield invalid(f"accumulator.{name}", "名称里的花括号不成对，或其中不是事实的名称")


def split_by_of(pack: Pack, path: str) -> tuple[str, ...]:
    """Return what the lines are split by at a path: nothing outside what a benefit computes for each stream."""
    parts = path.split(".")
    streams = parts[0] == "benefit" and parts[2:3] and parts[2] in STREAM_PARTS
    return pack.benefit[parts[1]].split_by if streams and parts[1] in pack.benefit else ()


def _disease_required(pack: Pack, name: str) -> Iterator[Problem]:
    """Report benefits that count a total for each disease without asking for the disease."""
    for path, used, _ in _counters(pack):
        benefit = path.split(".")[1]
        if used == name and not any(
            one.field == "disease" and one.when is None for one in pack.benefit[benefit].require
        ):
            yield invalid(path, "按病种分开的累计，待遇须要求填写病种（require 的 field 写 disease）")


def _tells_apart(dimension: Dimension | None) -> bool:
    """Return whether a visit's fact has a few values, one of which it always has."""
    plain = dimension is not None and dimension.kind == "choice" and dimension.scope != "credit"
    return plain and dimension is not None and not dimension.optional


def _parameters(pack: Pack, known: dict[str, Dimension]) -> Iterator[Problem]:
    used = set()
    for path, record in records(pack):
        name = getattr(record, "parameter", None)
        if isinstance(name, str):
            used.add(name)
            yield from _use_problems(pack, path, name, record, known)
    used |= {name for _, record in records(pack) for name in names_used(getattr(record, "when", None))}
    for name, parameter in pack.parameter.items():
        path = f"parameter.{name}"
        if parameter.kind == "date" and (parameter.by or parameter.fixed or name in CONTRACT or name in pack.fact):
            yield invalid(path, "日期参数不分情形（by），不写 fixed，名称也不能与事实相同")
        if name not in used:
            yield invalid(path, "没有任何一处用到这个参数，请删去")
        wrong = [fact for fact in _facts_by(parameter) if fact not in known or known[fact].kind != "choice"]
        for fact in wrong:
            yield invalid(join(path, "by"), f"只能按取值有限的事实或（最后按）year 区分，现为 {seen(fact)}")
        if wrong:
            continue
        for key, text in parameter.fixed.items():
            try:
                (parse_fen if parameter.kind == "money" else parse_ratio)(text)
            except ValueError as error:
                yield invalid(f"{path}.fixed.{key}", str(error))
            if not _is_key(key, parameter.by, known):
                yield invalid(f"{path}.fixed.{key}", _keys_in_words(parameter.by, known))


def _facts_by(parameter: Parameter) -> tuple[str, ...]:
    """Return the facts a parameter differs by; the year, which is no fact, comes last."""
    return parameter.by[:-1] if parameter.by[-1:] == ("year",) else parameter.by


def _is_key(key: str, by: tuple[str, ...], known: dict[str, Dimension]) -> bool:
    """Return whether a key names one figure of a parameter that differs by these."""
    parts = key.split(".")
    return len(parts) == len(by) and all(
        bool(PARAMETER_YEAR.fullmatch(part)) if fact == "year" else fact in known and part in known[fact].values
        for part, fact in zip(parts, by, strict=True)
    )


def _keys_in_words(by: tuple[str, ...], known: dict[str, Dimension]) -> str:
    """Return how the key of a figure is written: in which order, and with which values."""
    values = [f"{one} 为 {'、'.join(map(str, known[one].values))} 之一" for one in by if one in known]
    values += ["year 为四位年份"] if "year" in by else []
    return f"应按 {'、'.join(by) or '（不分）'} 的值写，中间用点隔开{'：' if values else ''}{'，'.join(values)}"


def _use_problems(pack: Pack, path: str, name: str, record: Struct, known: dict[str, Dimension]) -> Iterator[Problem]:
    parameter = pack.parameter.get(name)
    if parameter is None:
        hint = did_you_mean(name, list(pack.parameter))
        yield invalid(join(path, "parameter"), f"没有参数 {shown(name)}{hint}，请在 [parameter] 中声明")
        return
    wanted = "ratio" if isinstance(record, RatioRow) else "date" if isinstance(record, Relations) else "money"
    if parameter.kind != wanted:
        yield invalid(join(path, "parameter"), f"参数 {name} 是 {parameter.kind}，此处要 {wanted}")
    if ("year" in parameter.by) != (getattr(record, "year", None) is not None):
        yield invalid(join(path, "year"), "按年份给出的参数须写明取哪一年（year，相对待遇年度），其他参数不写")
    key = getattr(record, "key", None)
    if key is not None and not _is_key(key, _facts_by(parameter), known):
        wanted = _keys_in_words(_facts_by(parameter), known)
        yield invalid(join(path, "key"), f"参数 {name} 没有 {shown(key)} 这一项，{wanted}")
    scopes = ("credit",) if isinstance(record, CreditRow) else ("visit",)
    allowed = CREDIT_FACTS if isinstance(record, CreditRow) else split_by_of(pack, path)
    for fact in parameter.by:
        usable = fact == "year" or fact in allowed or (fact in known and known[fact].scope in scopes)
        certain = fact == "year" or isinstance(record, CreditRow) or (fact in known and not known[fact].optional)
        if key is None and not (usable and certain):
            yield invalid(join(path, "parameter"), f"参数 {name} 按 {shown(fact)} 区分，此处不一定知道它的值")


def _layers(pack: Pack) -> Iterator[Problem]:
    for path, record in records(pack):
        if isinstance(record, Layer | SupplementLayer) and record.uncapped == bool(record.cap):
            yield invalid(join(path, "cap"), "须写限额 cap，或写 uncapped = true 表示没有限额，二者只能有一个")
        if isinstance(record, Deductible):
            yearly = record.per == "year"
            if yearly != (record.accumulator is not None):
                yield invalid(join(path, "accumulator"), "按年的起付标准须写累计 accumulator，按次的不写")
    for name, benefit in pack.benefit.items():
        for index, layer in enumerate(benefit.pay[:-1]):
            if layer.uncapped:
                yield invalid(f"benefit.{name}.pay.{index}", "没有限额的一层之后不会再有费用流到下一层")


def _amounts(pack: Pack) -> Iterator[Problem]:
    for path, record in records(pack):
        if isinstance(record, Increment) and record.beyond < 0:
            yield invalid(join(path, "beyond"), "不能小于 0")
        if isinstance(record, Cap) and record.increment is not None and any(row.yuan is None for row in record.amount):
            yield invalid(join(path, "increment"), "按病种递增的限额，各行须直接写 yuan")
        if isinstance(record, AmountRow) and record.round_to == 0:
            yield invalid(join(path, "round_to"), "应大于 0")
        for index, one in enumerate(getattr(record, "modify", ())):
            wanted = ("points", "times") if isinstance(record, Layer) else ("yuan",)
            given = [name for name in ("points", "times", "yuan") if getattr(one, name) is not None]
            if len(given) != 1 or given[0] not in wanted:
                yield invalid(f"{path}.modify.{index}", f"此处须写 {'、'.join(wanted)} 中的一个，且只写一个")


def _counted_twice(pack: Pack) -> Iterator[Problem]:
    """Report caps of one layer that share an accumulator, which would count the same payment twice."""
    for path, record in records(pack):
        if isinstance(record, Layer | SupplementLayer):
            names = [cap.accumulator for cap in record.cap if cap.accumulator is not None]
            if len(names) != len(set(names)):
                yield invalid(join(path, "cap"), "同一层的两个限额不能用同一个累计，否则同一笔支付会记两次")


def _supplements(pack: Pack) -> Iterator[Problem]:
    """Report supplements for which what one leaves for the next is undefined."""
    for name, benefit in pack.benefit.items():
        for index, later in enumerate(benefit.supplement):
            path = f"benefit.{name}.supplement.{index}"
            if len(set(later.on)) != len(later.on):
                yield invalid(join(path, "on"), "同一部分写了两次，请只留一个")
            for earlier in benefit.supplement[:index]:
                if (earlier.fund, earlier.name) == (later.fund, later.name):
                    yield invalid(join(path, "fund"), "同一种补充保险在一种待遇里只能写一次；另有基金的请写 name")
                elif not set(earlier.on) <= set(later.on) and set(earlier.on) & set(later.on):
                    yield invalid(join(path, "on"), "与前一种补充保险补的部分只有一些相同，说不清前一种给它剩下多少")


def _capitation(pack: Pack) -> Iterator[Problem]:
    if pack.capitation is None:
        return
    edges = [band.below for band in pack.capitation.band[:-1]]
    if None in edges or edges != sorted({edge for edge in edges if edge is not None}):
        yield invalid("capitation.band", "各档的 below 应由低到高，且只有最后一档可以不写")
    if pack.capitation.band[-1].below is not None:
        yield invalid("capitation.band", "最后一档不写 below")
    benefit = pack.benefit.get(pack.capitation.benefit)
    caps = [] if benefit is None else [cap for cap in benefit.pay[0].cap[:1] if len(cap.amount) == 1]
    caps = [cap for cap in caps if not cap.modify and cap.increment is None and cap.of == "fund"]
    rows = [cap.amount[0] for cap in caps if cap.amount[0].when is None and not cap.amount[0].none]
    if not rows or (rows[0].parameter in pack.parameter and set(pack.parameter[str(rows[0].parameter)].by) - {"year"}):
        yield invalid("capitation.benefit", "包干按这种待遇的年度限额计算，它的第一个限额须对所有人相同")
