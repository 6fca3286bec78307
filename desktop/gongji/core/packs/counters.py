"""Checks of a pack's figures: accumulators, open parameters, caps and layers, modifiers, capitation."""

from collections.abc import Iterator

from msgspec import Struct

from gongji.core.money import parse_fen, parse_ppm
from gongji.core.packs.benefits import Cap, Ceiling, Deductible, Increment, Layer, SupplementLayer
from gongji.core.packs.dimensions import Dimension
from gongji.core.packs.entries import Modify, RatioRow
from gongji.core.packs.language import CODE, PLACEHOLDER, Pack
from gongji.core.packs.records import records
from gongji.core.problems import Problem, invalid, join
from gongji.core.shape import did_you_mean, shown


def figure_problems(pack: Pack, known: dict[str, Dimension]) -> Iterator[Problem]:
    """Yield what is wrong with what a pack counts and computes."""
    yield from _accumulators(pack, known)
    yield from _parameters(pack, known)
    yield from _layers(pack)
    yield from _counted_twice(pack)
    yield from _capitation(pack)


def _counters(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Yield every mention of an accumulator: its path, its name, and what is counted there."""
    for path, record in records(pack):
        if isinstance(record, Cap) and record.accumulator is not None:
            yield join(path, "accumulator"), record.accumulator, "fund" if record.of == "fund" else "expense"
        elif isinstance(record, Deductible | Ceiling) and record.accumulator is not None:
            yield join(path, "accumulator"), record.accumulator, "deductible"


def _accumulators(pack: Pack, known: dict[str, Dimension]) -> Iterator[Problem]:
    used = set()
    for path, name, counts in _counters(pack):
        used.add(name)
        declared = pack.accumulator.get(name)
        if declared is None:
            yield invalid(path, f"没有年度累计 {shown(name)}{did_you_mean(name, list(pack.accumulator))}")
        elif declared.counts != counts:
            yield invalid(path, f"{name} 记的是 {declared.counts}，此处要记 {counts}")
    for name in pack.accumulator:
        if name not in used:
            yield invalid(f"accumulator.{name}", "没有任何一处用到这个累计，请删去")
        for fact in PLACEHOLDER.findall(name):
            if fact != CODE and (fact not in known or known[fact].kind not in {"choice", "flag"}):
                yield invalid(f"accumulator.{name}", f"名称里的 {{{fact}}} 应为取值有限的事实或 code")
        if PLACEHOLDER.sub("", name).strip("{}") != PLACEHOLDER.sub("", name):
            yield invalid(f"accumulator.{name}", "名称里的花括号不成对")


def _parameters(pack: Pack, known: dict[str, Dimension]) -> Iterator[Problem]:
    used = set()
    for path, record in records(pack):
        name = getattr(record, "parameter", None)
        if isinstance(name, str):
            used.add(name)
            yield from _use_problems(pack, path, name, record)
    for name, parameter in pack.parameter.items():
        path = f"parameter.{name}"
        if name not in used:
            yield invalid(path, "没有任何一处用到这个参数，请删去")
        for position, fact in enumerate(parameter.by):
            year = fact == "year" and position == len(parameter.by) - 1
            if not year and (fact not in known or known[fact].kind not in {"choice", "flag"}):
                yield invalid(join(path, "by"), f"只能按取值有限的事实或（最后按）year 区分，现为 {shown(fact)}")
        for key, text in parameter.fixed.items():
            try:
                (parse_fen if parameter.kind == "money" else parse_ppm)(text)
            except ValueError as error:
                yield invalid(f"{path}.fixed.{key}", str(error))


def _use_problems(pack: Pack, path: str, name: str, record: Struct) -> Iterator[Problem]:
    parameter = pack.parameter.get(name)
    if parameter is None:
        hint = did_you_mean(name, list(pack.parameter))
        yield invalid(join(path, "parameter"), f"没有参数 {shown(name)}{hint}，请在 [parameter] 中声明")
        return
    wanted = "ratio" if isinstance(record, RatioRow) else "money"
    if parameter.kind != wanted:
        yield invalid(join(path, "parameter"), f"参数 {name} 是 {parameter.kind}，此处要 {wanted}")
    if ("year" in parameter.by) != (getattr(record, "year", None) is not None):
        yield invalid(join(path, "year"), "按年份给出的参数须写明取哪一年（year，相对结算年），其他参数不写")
    if getattr(record, "key", None) is not None and len(parameter.by) != 1:
        yield invalid(join(path, "key"), "只有按一项事实区分的参数才能指定取哪一个")


def _layers(pack: Pack) -> Iterator[Problem]:
    for path, record in records(pack):
        if isinstance(record, Layer | SupplementLayer) and record.uncapped == bool(record.cap):
            yield invalid(join(path, "cap"), "须写限额 cap，或写 uncapped = true 表示没有限额，二者只能有一个")
        if isinstance(record, Deductible):
            yearly = record.per == "year"
            if yearly != (record.accumulator is not None):
                yield invalid(join(path, "accumulator"), "按年的起付标准须写累计 accumulator，按次的不写")
        if isinstance(record, Increment) and record.beyond < 0:
            yield invalid(join(path, "beyond"), "不能小于 0")
        if isinstance(record, Modify):
            figures = [name for name in ("points", "times", "yuan") if getattr(record, name) is not None]
            wanted = {"yuan"} if {"cap", "deductible"} & set(path.split(".")) else {"points", "times"}
            if len(figures) != 1 or figures[0] not in wanted:
                yield invalid(path, f"须写 {'、'.join(sorted(wanted))} 中的一个")
    for name, benefit in pack.benefit.items():
        for index, layer in enumerate(benefit.pay[:-1]):
            if layer.uncapped:
                yield invalid(f"benefit.{name}.pay.{index}", "没有限额的一层之后不会再有费用流到下一层")


def _counted_twice(pack: Pack) -> Iterator[Problem]:
    """Report caps of one layer that share an accumulator, which would count the same payment twice."""
    for path, record in records(pack):
        if isinstance(record, Layer | SupplementLayer):
            names = [cap.accumulator for cap in record.cap if cap.accumulator is not None]
            if len(names) != len(set(names)):
                yield invalid(join(path, "cap"), "同一层的两个限额不能用同一个累计，否则同一笔支付会记两次")


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
    rows = [cap.amount[0] for cap in caps if cap.amount[0].when is None and not cap.amount[0].none]
    if not rows or (rows[0].parameter in pack.parameter and set(pack.parameter[str(rows[0].parameter)].by) - {"year"}):
        yield invalid("capitation.benefit", "包干按这种待遇的年度限额计算，它的第一个限额须对所有人相同")
