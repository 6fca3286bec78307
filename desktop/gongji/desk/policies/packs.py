"""Packs by the names people type, and their checks: problems, dates, worked cases."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from gongji.core.engine.amounts import in_yuan
from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote, quote
from gongji.core.money import yuan
from gongji.core.packs.checks import pack_warnings
from gongji.core.packs.language import Pack, WorkedCase
from gongji.core.problems import quoted
from gongji.core.strict_json import decode
from gongji.core.visits import Visit, read_visit
from gongji.errors import GongjiError
from gongji.files import is_file
from gongji.pack_files.library import Library, edition_problems, newest_revisions
from gongji.pack_files.read_pack import BadPackError, read_pack, try_pack


class Failure(Struct, frozen=True):
    """A case that differs from what the pack expects, and how."""

    name: str
    difference: str


class CheckedPack(Struct, frozen=True, kw_only=True):
    """The result of checking a pack's file, or the editions of one area: sentences about what is wrong, if anything.

    `warnings` are improvements for a careful author; the pack can be used all the same.
    """

    place: str
    pack: Pack | None = None
    wrong: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def editions_named(library: Library, name: str) -> Sequence[Policy]:
    """Return the editions of an area, or the one edition, that a name means.

    Raises `GongjiError` where there is none.
    """
    area = name.partition("@")[0]
    editions = [one for one in library.editions(area) if name in {area, one.id}]
    if not editions:
        raise GongjiError(f"没有政策包 {quoted(name)}", f"现有统筹区：{'、'.join(library.areas)}")
    return editions


def pack_named(library: Library, name: str) -> Pack:
    """Return the pack that a name means: in a file, or the one edition in the library.

    Raises `GongjiError` for none or several, `BadPackError` for a file that cannot be used.
    """
    if is_file(Path(name)):
        return read_pack(Path(name))
    editions = editions_named(library, name)
    if len(editions) > 1:
        numbers = "、".join(one.id for one in editions)
        raise GongjiError(f"{name} 有不止一版", f"请写明是哪一版：{numbers}")
    return editions[0].pack


def check_packs(paths: Sequence[Path]) -> Iterator[CheckedPack]:
    """Yield what is wrong with each file and its worked cases, then with the dates of those of the same area."""
    packs: dict[str, list[Pack]] = {}
    for path in paths:
        checked = _check_file(path)
        yield checked
        if checked.pack is not None:
            packs.setdefault(checked.pack.area, []).append(checked.pack)
    for area, editions in packs.items():
        editions.sort(key=attrgetter("starts", "revision"))
        problems = edition_problems(newest_revisions(editions))
        if problems:
            place = f"{editions[0].area_name}（{area}）的各版"
            yield CheckedPack(place=place, wrong=tuple(problem.message for problem in problems))


def _check_file(path: Path) -> CheckedPack:
    try:
        content = _content(path)
        if content is not None:
            try_pack(path.name, content)
        pack = read_pack(path)
    except BadPackError as bad:
        problems = (f"{problem.field or '（整个文件）'}：{problem.message}" for problem in bad.problems)
        return CheckedPack(place=str(path), wrong=tuple(problems))
    failures = (f"例子“{failure.name}”：{failure.difference}" for failure in failed_cases(pack))
    return CheckedPack(place=str(path), pack=pack, wrong=tuple(failures), warnings=tuple(pack_warnings(pack)))


def _content(path: Path) -> bytes | None:
    """Return a file's content; None where it cannot be read, of which `read_pack` gives the reason."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def failed_cases(pack: Pack) -> list[Failure]:
    """Return the worked cases of a pack that come out differently."""
    policy = Policy(pack)
    return [Failure(case.name, difference) for case in pack.case for difference in _differences(case, policy)]


def case_figures(case: WorkedCase, policy: Policy) -> tuple[dict[str, str], dict[str, str]] | str:
    """Return a worked case's computed amounts and running totals in yuan; or why there are none."""
    result = _quoted(case, policy)
    if isinstance(result, Quote):
        totals = {name: yuan(fen) for name, fen in result.accumulators.items()}
        return "应被拒绝，却结算了" if case.refused is not None else (in_yuan(result.totals), totals)
    return result or ({}, {})


def _quoted(case: WorkedCase, policy: Policy) -> Quote | str:
    """Return a worked case's quote, or why there is none; empty where it is refused as it should be."""
    value, problems = decode(case.visit.encode())
    visit = problems or read_visit(value)
    if not isinstance(visit, Visit):
        return f"例子里的就诊写错了：{visit[0].field} {visit[0].message}"
    if not policy.in_force(visit.settled_on) or visit.area != policy.pack.area:
        return f"例子的统筹区 {visit.area} 或日期 {visit.settled_on} 不属于这一版政策"
    result = quote(visit, policy, lambda _kind, _name: False)
    if isinstance(result, Quote):
        return result
    return "" if result[0].code == case.refused else f"被拒绝：{result[0].field} {result[0].message}"


def _differences(case: WorkedCase, policy: Policy) -> Iterator[str]:
    result = _quoted(case, policy)
    if isinstance(result, Quote):
        yield from _settled_differently(case, result)
    elif result:
        yield result


def _settled_differently(case: WorkedCase, quoted: Quote) -> Iterator[str]:
    if case.refused is not None:
        yield f"应以 {case.refused} 拒绝，却结算了"
    amounts = in_yuan(quoted.totals)
    for name, text in case.expect.items():
        if amounts.get(name) != text:
            yield f"{name} 应为 {text}，算得 {amounts.get(name, '没有这一项')}"
    for name, text in case.accumulators.items():
        found = quoted.accumulators.get(name)
        if found is None or yuan(found) != text:
            yield f"累计 {name} 应为 {text}，算得 {'没有' if found is None else yuan(found)}"
