"""病种: the diseases of an area's lists under all their names, so that two names of one disease count once (G22)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from gongji.core.packs.conditions import alternatives
from gongji.core.packs.entries import records
from gongji.core.packs.language import Disease, DiseaseList, Pack
from gongji.core.problems import Problem, invalid, join
from gongji.core.strict_records import seen, shown

_MOST_NAMED = 3
_NEAR = 0.3
_LISTS: dict[str, DiseaseList] = {"disease": "special", "registered": "chronic"}
"""The list that is searched first for each fact; a name of the other list is accepted all the same."""
_CODE = re.compile(r"[A-Za-z0-9.+*/-]{1,30}")


def folded(name: str) -> str:
    """Return a name for comparison: without white space, full-width characters as plain ones, in lower case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


class Diseases:
    """The diseases of an area, found by any of their names."""

    def __init__(self, listed: Iterable[Disease]) -> None:
        """Use a pack's list and the agency's table; the first entry of a name counts."""
        self.listed = tuple(listed)
        self._of: dict[DiseaseList, dict[str, Disease]] = {"chronic": {}, "special": {}}
        for one in self.listed:
            for name in (one.name, *one.names, *([one.code] if one.code else [])):
                self._of[one.of].setdefault(folded(name), one)

    def __bool__(self) -> bool:
        """Return whether there is any list."""
        return bool(self.listed)

    def find(self, fact: str, name: str) -> Disease | None:
        """Return the disease of this name, preferring the list of the fact ("disease" or "registered")."""
        first = _LISTS[fact]
        key = folded(name)
        found = self._of[first].get(key)
        return found or self._of["special" if first == "chronic" else "chronic"].get(key)

    def under_listed_names(self, visit: dict[str, Any]) -> dict[str, Any]:
        """Return a visit (decoded JSON) with its diseases under the names of the lists; unknown ones unchanged."""
        found = dict(visit)
        disease, person = visit.get("disease"), visit.get("person")
        if isinstance(disease, str):
            found["disease"] = self._listed("disease", disease)
        registrations = person.get("registrations") if isinstance(person, dict) else None
        names = registrations.get("chronic") if isinstance(registrations, dict) else None
        if isinstance(person, dict) and isinstance(registrations, dict) and isinstance(names, list):
            listed = [self._listed("registered", one) if isinstance(one, str) else one for one in names]
            found["person"] = {**person, "registrations": {**registrations, "chronic": list(dict.fromkeys(listed))}}
        return found

    def _listed(self, fact: str, name: str) -> str:
        disease = self.find(fact, name)
        return name if disease is None else disease.name

    def unknown(self, fact: str, name: str) -> str:
        """Return the sentence that refuses an unlisted name, with the nearest ones."""
        close = self.nearest(fact, name)
        near = "、".join(close or self._names(fact)[:_MOST_NAMED])
        hint = f"最接近的有 {near}" if close else f"名录里有 {near} 等"
        return f"病种名录里没有“{shown(name)}”，{hint}；请从名录中选，或先导入经办机构的病种表"

    def nearest(self, fact: str, name: str) -> list[str]:
        """Return the names on a fact's list that are similar to an unlisted one; none where nothing is."""
        from difflib import get_close_matches  # noqa: PLC0415  # only what is wrong is compared

        return get_close_matches(name, self._names(fact), n=_MOST_NAMED, cutoff=_NEAR)

    def _names(self, fact: str) -> list[str]:
        """Return every name on a fact's list, each once."""
        listed = (one for one in self.listed if one.of == _LISTS[fact])
        return list(dict.fromkeys(name for one in listed for name in (one.name, *one.names)))


def read_by(pack: Pack, benefit: str) -> frozenset[str]:
    """Return which of the facts about diseases a benefit's rules read."""
    found = set()
    for path, record in records(pack):
        if path.startswith("benefit.") and not path.startswith(f"benefit.{benefit}."):
            continue
        if benefit not in (getattr(record, "benefits", ()) or (benefit,)):
            continue
        for when in alternatives(getattr(record, "when", None)):
            found |= _LISTS.keys() & (set(when) if isinstance(when, dict) else set())
        found |= _LISTS.keys() & {getattr(record, "field", ""), getattr(record, "of", "")}
    return frozenset(found)


def disease_problems(pack: Pack) -> Iterator[Problem]:
    """Yield what is wrong with the lists: names of two diseases, and names in conditions that are on no list."""
    if pack.format != 1:
        yield from _named_twice(pack)
        yield from _unlisted(pack)


def _named_twice(pack: Pack) -> Iterator[Problem]:
    places: dict[tuple[str, str], int] = {}
    for index, one in enumerate(pack.disease):
        for name in (one.name, *one.names):
            place = places.setdefault((one.of, folded(name)), index)
            if place != index:
                yield invalid(f"disease.{index}", f"“{shown(name)}”已是 {pack.disease[place].name} 的名称，请只留一处")
        if one.code and _CODE.fullmatch(one.code) is None:  # it would go to the payer as it stands here
            text = f"病种编码只能用半角的字母、数字、点、加号和短横，现为 {seen(one.code)}"
            yield invalid(f"disease.{index}.code", text)


def _unlisted(pack: Pack) -> Iterator[Problem]:
    known = {(one.of, one.name) for one in pack.disease}
    for path, record in records(pack):
        for when in alternatives(getattr(record, "when", None)):
            for fact in _LISTS.keys() & (set(when) if isinstance(when, dict) else set()):
                for name in _named(when[fact]):
                    if (_LISTS[fact], name) not in known:
                        text = f"病种名录 [[disease]] 里没有 {shown(name)}（of = {_LISTS[fact]}），请补上，名称须一致"
                        yield invalid(join(path, "when"), text)
    for name in pack.benefit:
        for fact in sorted(read_by(pack, name)):
            if not any(one.of == _LISTS[fact] for one in pack.disease):
                yield invalid(f"benefit.{name}", f"规则要看病种，须在 [[disease]] 中列出（of = {_LISTS[fact]}）")


def _named(test: object) -> Iterator[str]:
    """Yield the names of diseases in a test."""
    if isinstance(test, str):
        yield test
    elif isinstance(test, list):
        for one in test:
            yield from _named(one)
    elif isinstance(test, dict):
        for key in ("not", "has", "lacks"):
            if key in test:
                yield from _named(test[key])
