"""Packs on disk: the editions of each area, and choosing the one in force."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cache, cached_property
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import get_args

from gongji.core import strict_records
from gongji.core.engine.policy import Policy
from gongji.core.engine.without_benefit import NO_POLICY, is_without_benefit, pays_nothing
from gongji.core.packs.language import Disease, Pack, Scheme
from gongji.core.problems import NO_POLICY_IN_FORCE, UNKNOWN_AREA, Problem, invalid
from gongji.core.visits import Visit
from gongji.errors import GongjiError
from gongji.files import is_folder, resource_folder

_SCHEMES: tuple[Scheme, ...] = get_args(Scheme)


@cache
def policy_without_benefit(kind: str) -> tuple[Policy, bytes]:
    """Return the policy, and its text, for visits without an employees' benefit; it is always in force."""
    from gongji.pack_files.read_pack import parse_stored_pack, read_pack_and_text  # noqa: PLC0415  # as in `_read`

    pack, text = read_pack_and_text(resource_folder() / "without_benefit" / f"{kind}.toml", parse_stored_pack)
    return Policy(pack), text


class Library:
    """All packs available: those in a folder for each area, read when the area is first asked for, and extra ones."""

    def __init__(self, folder: Path, extra: Sequence[Path] = ()) -> None:
        """Use a folder of areas; extra folders are read at once, with all editions of their areas.

        So a pack that cannot be used is reported before the first visit is answered. Raises `BadPackError`.
        """
        self.folders = (folder, *extra)
        self._files = {one.name: sorted(one.glob("*.toml")) for one in sorted(folder.iterdir()) if one.is_dir()}
        self._editions: dict[tuple[str, Scheme], tuple[Policy, ...]] = {}
        self._extra: dict[str, list[Pack]] = {}
        self._diseases: dict[str, Sequence[Disease]] = {}
        self._texts: dict[tuple[str, Scheme, datetime.date, int], bytes] = {}
        folders = list(extra)
        self.is_as_shipped = not folders
        for one in folders:
            if not is_folder(one):
                raise GongjiError(f"没有政策包文件夹 {one}", "请检查所给的路径（命令行：--policies）")
            for path in sorted(one.rglob("*.toml")):
                pack = self._read(path)
                self._extra.setdefault(pack.area, []).append(pack)
        for area in self._extra:
            self.editions(area)

    def joined_by(self, packs: Iterable[tuple[Pack, bytes]]) -> "Library":
        """Return a library of these packs and others (each with its text). Raises `BadPackError` on an overlap."""
        one = copy(self)
        one.__dict__.pop("_all", None)
        one.__dict__.pop("_names", None)
        one._editions, one._texts = dict(self._editions), dict(self._texts)  # noqa: SLF001  # its own, not yet handed out
        one._extra = {area: list(known) for area, known in self._extra.items()}  # noqa: SLF001  # the same
        for pack, text in packs:
            one._extra.setdefault(pack.area, []).append(pack)  # noqa: SLF001  # the same
            one._texts[_edition(pack)] = text  # noqa: SLF001  # the same
            for scheme in _SCHEMES:
                one._editions.pop((pack.area, scheme), None)  # noqa: SLF001  # the same
        for area in one._extra:  # noqa: SLF001  # the same
            one.editions(area)
        return one

    def with_diseases(self, diseases: Mapping[str, Sequence[Disease]]) -> "Library":
        """Return a library of the same packs with the agencies' own disease lists, by area, added to the packs'."""
        one = copy(self)
        one.__dict__.pop("_all", None)
        one.__dict__.pop("_names", None)
        one._editions = {}  # noqa: SLF001  # its own, not yet handed out
        one._diseases = dict(diseases)  # noqa: SLF001  # the same
        return one

    def diseases(self, area: str) -> Sequence[Disease]:
        """Return the diseases that an area's agency lists beyond the pack's own."""
        return self._diseases.get(area, ())

    def listed(self, area: str, name: str) -> str | None:
        """Return a registered disease by its name on the area's newest lists; None where it is on none."""
        editions = self.editions(area)
        found = editions[-1].diseases.find("registered", name) if editions else None
        return None if found is None else found.name

    @property
    def areas(self) -> list[str]:
        """All areas there are packs for."""
        return sorted(self._files.keys() | self._extra.keys())

    def editions(self, area: str) -> tuple[Policy, ...]:
        """Return an area's editions in order of their dates, each in its newest text; none for an unknown area.

        Those of the employees' insurance; those of the residents' where there are no others.
        """
        return self.editions_of(area, "employees") or self.editions_of(area, "residents")

    def has_read(self, area: str) -> bool:
        """Return whether an area's editions are already read: the first reading takes a while."""
        return all((area, scheme) in self._editions for scheme in _SCHEMES)

    def editions_of(self, area: str, scheme: Scheme) -> tuple[Policy, ...]:
        """Return an area's editions of one scheme. Raises `BadPackError` for a pack with problems."""
        if (area, scheme) not in self._editions:
            packs = [self._read(path, area) for path in self._files.get(area, ())] + self._extra.get(area, [])
            for each in _SCHEMES:
                self._editions[area, each] = self._in_order(area, [one for one in packs if one.scheme == each])
        return self._editions[area, scheme]

    def _in_order(self, area: str, packs: list[Pack]) -> tuple[Policy, ...]:
        packs.sort(key=attrgetter("starts", "revision"))
        packs = newest_revisions(packs)
        problems = edition_problems(packs)
        if problems:
            from gongji.pack_files.read_pack import BadPackError  # noqa: PLC0415  # as in `_read`

            raise BadPackError(area, problems)
        nexts = [*(pack.starts for pack in packs[1:]), None]
        return tuple(Policy(pack, until, self.diseases(area)) for pack, until in zip(packs, nexts, strict=False))

    def text_of(self, policy: Policy) -> tuple[str, bytes]:
        """Return the fingerprint (SHA-256, hexadecimal) and the text of the pack a policy was read from."""
        import hashlib  # noqa: PLC0415  # and with it a large library that no quote needs

        usual = policy.pack.default_benefit
        text = policy_without_benefit(usual)[1] if pays_nothing(policy.id) else self._texts[_edition(policy.pack)]
        return hashlib.sha256(text).hexdigest(), text

    def _read(self, path: Path, area: str | None = None) -> Pack:
        """Return the pack in a file; it must be of the area whose folder it is in. Raises `BadPackError`."""
        from gongji.pack_files.read_pack import BadPackError, read_pack_and_text  # noqa: PLC0415  # a window opens without

        pack, text = read_pack_and_text(path)
        self._texts[_edition(pack)] = text
        if area is not None and pack.area != area:
            problem = invalid("area", f"文件放在 {area} 的文件夹里，写的却是 {pack.area}，请改正其一")
            raise BadPackError(str(path), [problem])
        return pack

    def of_visit(self, visit: Visit) -> Policy | Problem:
        """Return the edition in force where and when a visit is settled (G9, G6), or the refusal.

        Who pays in full is not refused for want of one (G24): nothing of any fund is settled then.
        """
        status = visit.person.status
        if is_without_benefit(status):
            theirs = self._of_residents(visit) if status == "resident" and not visit.full_payment else None
            return theirs or policy_without_benefit(status)[0]
        found = self.in_force(visit.area, visit.settled_on)
        return policy_without_benefit(NO_POLICY)[0] if visit.full_payment and isinstance(found, Problem) else found

    def _of_residents(self, visit: Visit) -> Policy | None:
        """Return the residents' policy that holds for a visit; None where the area has none that day."""
        editions = self.editions_of(visit.area, "residents")
        return next((one for one in reversed(editions) if one.in_force(visit.settled_on)), None)

    def in_force(self, area: str, on: datetime.date, field: str = "settled_on") -> Policy | Problem:
        """Return the edition in force on a date, or the refusal that names what there is."""
        return self.in_force_during(area, on, on, field)

    def in_force_during(self, area: str, first: datetime.date, last: datetime.date, field: str) -> Policy | Problem:
        """Return the edition in force on any of these days, the latest where there are several, or the refusal."""
        editions = self._editions.get((area, "employees")) or self.editions_of(area, "employees")
        for policy in reversed(editions):
            if policy.pack.starts <= last and (policy.last_day is None or first <= policy.last_day):
                return policy
        if not editions:
            names = "、".join(self.areas)
            return Problem(
                UNKNOWN_AREA, "area", f"没有统筹区 {strict_records.shown(area)} 的政策包，现有 {names}；请核对参保地"
            )
        when = str(last) if first == last else f"{first} 至 {last}"
        message = (
            f"{editions[0].pack.area_name}（{area}）在 {when} 没有有效的政策，现有：{spans(editions)}；请更新政策包"
        )
        return Problem(NO_POLICY_IN_FORCE, field, message)

    def knows(self, kind: str, name: str) -> bool:
        """Return whether any pack has a benefit, a level, a parameter or an accumulator of that name."""
        if kind == "accumulator":
            return any(name in policy.accumulators for policy in self._all)
        return name in self._names[kind]

    @cached_property
    def _all(self) -> list[Policy]:
        return [policy for area in self.areas for scheme in _SCHEMES for policy in self.editions_of(area, scheme)]

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        return {
            "benefit": {name for policy in self._all for name in policy.benefits},
            "level": {name for policy in self._all for name in policy.levels},
            "parameter": {name for policy in self._all for name in policy.pack.parameter},
        }


def _edition(pack: Pack) -> tuple[str, Scheme, datetime.date, int]:
    return pack.area, pack.scheme, pack.starts, pack.revision


def newest_revisions(packs: list[Pack]) -> list[Pack]:
    """Return packs without those that a later revision of the same edition replaces."""
    newest = {pack.starts: max(one.revision for one in packs if one.starts == pack.starts) for pack in packs}
    return [pack for pack in packs if pack.revision == newest[pack.starts]]


def spans(editions: Iterable[Policy]) -> str:
    """Return the dates of editions as text for people."""
    return "，".join(_span(policy.pack.starts, policy.last_day) for policy in editions)


def _span(starts: datetime.date, last_day: datetime.date | None) -> str:
    return f"{starts} 起" if last_day is None else f"{starts} 至 {last_day}"


def edition_problems(packs: list[Pack]) -> list[Problem]:
    """Return a problem wherever an area's editions (sorted by date) overlap or leave a gap that is not marked as one.

    An edition without an end lasts until the next one; one with an end only until a next one that supersedes it.
    """
    problems = []
    for earlier, later in pairwise(packs):
        two = f"{_span(earlier.starts, earlier.ends)} 与 {_span(later.starts, later.ends)}"
        reaches_into = earlier.ends is not None and earlier.ends >= later.starts and not later.supersedes
        if earlier.starts == later.starts or reaches_into:
            problems.append(invalid("starts", f"{two} 两版的日期重叠，请改正其中一版"))
        elif earlier.ends is not None and (later.starts - earlier.ends).days > 1 and later.gap is None:
            problems.append(invalid("starts", f"{two} 之间有几天没有政策；确实如此的，请在后一版写 gap 说明"))
    return problems
