"""Packs with something changed at random: decoded TOML in, decoded TOML out, by draws that hypothesis can shrink."""

import datetime
import re
import reprlib
import tomllib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from hypothesis import strategies as st

from gongji.core.packs.dimensions import CONTRACT
from gongji.files import resource_folder
from tests.core.packs.minimal import CAPITATION, CREDIT, MINIMAL

REAL = sorted((resource_folder() / "policies").glob("*/*.toml"))
MINIMAL_PACK = tomllib.loads(MINIMAL + CREDIT + CAPITATION)
PACKS = [*(tomllib.loads(path.read_text(encoding="utf-8")) for path in REAL), MINIMAL_PACK]
TEXTS = [*(path.read_bytes() for path in REAL), MINIMAL.encode()]

_RECKONED = (
    "benefit",
    "lines",
    "gate",
    "parameter",
    "accumulator",
    "credit",
    "capitation",
    "accounts",
    "level",
    "fact",
)
_MOST_CHANGES = 5
_DEEPEST = 20

Draw = Callable[[st.SearchStrategy[Any]], Any]


class Mutated:
    """A pack's decoded text, known by the changes that were made to it."""

    def __init__(self, value: dict[str, Any], changes: list[str]) -> None:
        self.value = value
        self.changes = changes

    def __repr__(self) -> str:
        return f"Mutated({self.value.get('area')!r:.60}: {'; '.join(self.changes)})"


class Place(NamedTuple):
    """Where a value stands: its table or list, the key or index there, and the path from the top."""

    inside: Any
    key: Any
    path: str

    @property
    def value(self) -> Any:
        return self.inside[self.key]


def places(node: Any, path: str = "") -> Iterator[Place]:
    """Every value inside a decoded TOML value, but for what stands very deep."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs if path.count("/") < _DEEPEST else ():
        place = Place(node, key, f"{path}/{key:.20}" if isinstance(key, str) else f"{path}/{key}")
        yield place
        yield from places(value, place.path)


def _role(path: str) -> str:
    """What stands at a path: the key, or the items of the list under the key."""
    return re.sub(r"^.*/(?=[^/]*[^/\d])", "", re.sub(r"(/\d+)+$", "[]", path))


def _seen() -> dict[str, list[Any]]:
    """What stands at places of each kind anywhere in the packs."""
    found: dict[str, list[Any]] = {}
    for pack in PACKS:
        for place in places(pack):
            values = found.setdefault(_role(place.path), [])
            if place.value not in values:
                values.append(place.value)
    return found


SEEN = _seen()
FACTS = [*CONTRACT, "level", "code", "year", "weeks", "tier", "clinic_day"]
VALUES = [value for one in CONTRACT.values() for value in one.values] + ["1", "2", "3", "a", "感冒", "", 0, 60, 10**20]
NAMES = [
    "",
    "a.b",
    "cap",
    "deductible",
    "credit",
    "general",
    "{code}",
    "{level}",
    "{",
    "}",
    "x{y",
    "R1、R2",
    "年",
    "0",
    "-1",
]
ACCUMULATORS = [
    *("x", "general.deductible", "x.{status}.{institution_type}"),
    *("{code}.x", "x.{status}", "x.{category}", "x.{grade}", "x.{pension_class}", "x.{selected}", "{level!r}", "{0}"),
    *("x.{level}.{status}", "{{level}}", "x.{tier}", "{level", "level}"),
]

numbers = st.sampled_from([-(10**30), -1, 0, 1, 2, 3, 12, 2024, 10**12, 10**30])
texts = st.one_of(
    st.sampled_from([*NAMES, *ACCUMULATORS, *FACTS, "R1", "第一条", "\x00", "’", "%", "+", "100%", "1e5"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.builds(
        lambda one, times: one * times, st.sampled_from(["a", "甲", "{", "'", "0"]), st.sampled_from([100, 50_000])
    ),
)
dates = st.one_of(
    st.sampled_from([datetime.date.min, datetime.date.max, datetime.date(2024, 2, 29)]),
    st.dates(),
    st.datetimes(),
    st.times(),
)
scalars = st.one_of(
    texts,
    numbers,
    st.booleans(),
    st.sampled_from([float("nan"), float("inf"), -float("inf"), -0.0, 0.65, 1e300]),
    dates,
)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=5,
)


@st.composite
def deep(draw: st.DrawFn) -> Any:
    """A value inside many brackets; what stands deeper than these is tried as text."""
    value = draw(scalars)
    key = draw(st.sampled_from(["", "not", "has", "level", "a"]))
    for _ in range(draw(st.sampled_from([5, 10, 25]))):
        value = {key: value} if key else [value]
    return value


facts = st.sampled_from(FACTS)
values = st.sampled_from(VALUES)
tests = st.recursive(
    values,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.builds(lambda one: {"not": one}, inner),
        st.builds(lambda key, one: {key: one}, st.sampled_from(["has", "lacks", "from", "to", "absent"]), inner),
        st.builds(lambda low, high: {"from": low, "to": high}, numbers, numbers),
    ),
    max_leaves=4,
)


@st.composite
def fitting_tests(draw: st.DrawFn, name: str) -> Any:
    """A test that a fact of the contract takes."""
    dimension = CONTRACT.get(name)
    if dimension is None:
        return draw(st.sampled_from(["1", ["1", "2"], {"not": "3"}, True, {"absent": True}]))
    match dimension.kind:
        case "choice":
            one = draw(st.lists(st.sampled_from(dimension.values), min_size=1, max_size=3))
            test: Any = draw(st.sampled_from([one, one[0], {"not": one}, {"not": one[0]}, [{"not": one}, one[0]]]))
        case "flag":
            test = draw(st.sampled_from([True, False, [True, False]]))
        case "number":
            test = draw(st.sampled_from([{"from": 18}, {"to": 70}, {"from": 60, "to": 60}, [{"to": 3}, {"from": 90}]]))
        case "text":
            test = draw(st.sampled_from(["感冒", ["感冒", "咳嗽"], {"not": "感冒"}]))
        case _:
            test = draw(
                st.sampled_from([{"has": "高血压"}, {"lacks": "large_medical"}, [{"has": "a"}, {"lacks": "b"}]])
            )
    return {"absent": draw(st.booleans())} if dimension.optional and draw(st.booleans()) else test


@st.composite
def fitting_conditions(draw: st.DrawFn) -> Any:
    """A condition of the facts there are."""
    names = draw(st.lists(facts, min_size=1, max_size=3, unique=True))
    table = {name: draw(fitting_tests(name)) for name in names}
    return [table, {}] if draw(st.integers(0, 5)) == 5 else table


conditions = st.one_of(
    fitting_conditions(),
    st.dictionaries(facts, tests, max_size=3),
    st.lists(st.dictionaries(facts, tests, max_size=2), max_size=3),
)
fitting_texts = st.sampled_from(["0", "0.01", "1", "30", "600", "99999999.99", 0, 45])
ratios = st.sampled_from(["0%", "0.0001%", "33.3333%", "50%", "99.9999%", "100%", "101%"])


def _rows(figure: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A table: one row, or one for a condition and one for everybody else."""
    more = st.builds(
        lambda when, one, other: [{"when": when, **one}, {"otherwise": True, **other}], conditions, figure, figure
    )
    return st.one_of(st.builds(lambda one: [one], figure), more)


amount_rows = _rows(
    st.one_of(
        st.builds(lambda one: {"yuan": one}, fitting_texts),
        st.just({"none": True}),
        st.builds(
            lambda name, times: {"parameter": name, "times": times}, st.sampled_from(["wage", "average_wage"]), ratios
        ),
    )
)
ratio_rows = _rows(st.builds(lambda one: {"ratio": one}, ratios))


@st.composite
def supplements(draw: st.DrawFn, rule: str) -> dict[str, Any]:
    """A supplementary insurance."""
    made: dict[str, Any] = {
        "fund": draw(st.sampled_from(["civil_servant", "large_medical"])),
        "rule": rule,
        "on": draw(st.lists(st.sampled_from(["deductible", "share", "over_cap"]), min_size=1, max_size=4)),
        "ratio": draw(ratio_rows),
        "uncapped": True,
    }
    return {**made, "when": draw(conditions)} if draw(st.booleans()) else made


@st.composite
def parameters(draw: st.DrawFn, rule: str) -> dict[str, Any]:
    """An open parameter."""
    by = draw(st.lists(st.one_of(facts, st.sampled_from(["level", "status", "year"])), max_size=2))
    kind = draw(st.sampled_from(["money", "ratio"]))
    made: dict[str, Any] = {"kind": kind, "name": "参数", "unit": "元", "rule": rule, "by": by}
    if draw(st.booleans()):
        made["fixed"] = draw(st.dictionaries(texts, st.sampled_from(["1", "0.5", "600"]), max_size=2))
    return made


@st.composite
def declared_facts(draw: st.DrawFn) -> dict[str, Any]:
    """A fact of the area's own."""
    kind = draw(st.sampled_from(["flag", "choice", "number", "institution", "until", "since"]))
    made: dict[str, Any] = {"of": draw(st.sampled_from(["person", "line", "visit"])), "kind": kind, "name": "本地事实"}
    if kind == "choice":
        made["values"] = ["a", "b", *draw(st.lists(texts, max_size=1))]
        if draw(st.booleans()):
            made["default"] = "a"
    return made


def _by_key(rule: str) -> dict[str, st.SearchStrategy[Any]]:
    """What may stand under a key, well formed, so that packs come about that pass the checks and are new."""
    name = st.sampled_from(["wage", "inpatient_cap", "average_wage"])
    return {
        "when": conditions,
        "ratio": ratios,
        "/ratio": ratio_rows,
        "amount": amount_rows,
        "yuan": fitting_texts,
        "times": ratios,
        "round_to": fitting_texts,
        "per": st.sampled_from(["settlement", "year"]),
        "/per": st.sampled_from(["year", "month", "day"]),
        "points": st.sampled_from(["+0", "-100", "+100", "+0.0001", "-5"]),
        "none": st.booleans(),
        "parameter": name,
        "/parameter": st.builds(lambda one: {"wage": one}, parameters(rule)),
        "key": st.sampled_from(["1", "3", "9", "employed", "enterprise", "2021", ""]),
        "year": st.sampled_from([-2, 0, 1, -(10**20)]),
        "by": st.lists(facts, max_size=2),
        "fixed": st.dictionaries(st.sampled_from(["", "1", "3", "employed", "x"]), fitting_texts.map(str), max_size=2),
        "field": facts,
        "split_by": st.lists(
            st.one_of(facts, st.sampled_from(["code", "category", "class", "negotiated"])), max_size=2
        ),
        "first_pay": st.lists(st.builds(lambda one: {"rule": rule, "ratio": one}, ratio_rows), max_size=2),
        "supplement": st.lists(supplements(rule), max_size=3),
        "require": st.lists(
            st.builds(
                lambda one, when: {"field": one, "rule": rule, "text": "请补填", "when": when}, facts, conditions
            ),
            max_size=2,
        ),
        "refuse": st.lists(
            st.builds(lambda one: {"code": "invalid_input", "rule": rule, "text": "请改正", "when": one}, conditions),
            max_size=1,
        ),
        "deductible": st.one_of(
            st.builds(lambda one: {"rule": rule, "per": "settlement", "amount": one}, amount_rows),
            st.builds(
                lambda one, name: {"rule": rule, "per": "year", "amount": one, "accumulator": name},
                amount_rows,
                st.sampled_from(ACCUMULATORS),
            ),
        ),
        "ceiling": st.builds(
            lambda one, name: {"rule": rule, "amount": one, "accumulator": name},
            amount_rows,
            st.sampled_from([*ACCUMULATORS, "general.deductible"]),
        ),
        "modify": st.lists(
            st.builds(
                lambda when, one: {"when": when, "rule": rule, **one},
                conditions,
                st.sampled_from(
                    [{"points": "+5"}, {"points": "-70"}, {"times": "50%"}, {"yuan": "-300"}, {"yuan": "+1"}]
                ),
            ),
            max_size=2,
        ),
        "increment": st.builds(
            lambda each, beyond: {"each": each, "beyond": beyond}, fitting_texts, st.sampled_from([0, 1, 10**20])
        ),
        "accumulator": st.sampled_from(["general.fund", "inpatient.fund", "general.deductible", "x.{status}"]),
        "of": st.sampled_from(["fund", "eligible", "registered", "line"]),
        "on": st.lists(st.sampled_from(["deductible", "share", "over_cap"]), min_size=1, max_size=4),
        "uncapped": st.booleans(),
        "accounts": st.booleans(),
        "before_deductible": st.just(rule),
        "benefits": st.just(["general"]),
        "fact": st.dictionaries(
            st.sampled_from(["tier", "weeks", "clinic_day", "a.b", ""]), declared_facts(), max_size=2
        ),
        "prepay": st.lists(st.builds(lambda one: {"rule": rule, "ratio": one}, ratios), max_size=2),
        "same_as": st.sampled_from(["1", "2", "unrated"]),
        "points_off": ratios,
        "prescriber_level": st.dictionaries(st.sampled_from(["pharmacy", "internet_hospital"]), st.just(rule)),
        "prescriber_selected": st.dictionaries(st.sampled_from(["pharmacy", "clinic"]), st.just(rule)),
        "year_starts": st.sampled_from(["01-01", "07-01", "12-31", "02-29", "02-30"]),
        "rule": st.just(rule),
        "undefined": st.dictionaries(texts, st.just({"name": "待遇", "rule": rule, "text": "没有规定"}), max_size=1),
    }


RULES = [next(iter(pack["rule"])) for pack in PACKS]
BY_KEY = [_by_key(rule) for rule in RULES]
OPTIONAL = sorted(
    {*(key for key in BY_KEY[0] if key[0] != "/"), *(key for key in SEEN if re.fullmatch("[a-z_]+", key))}
)


@st.composite
def packs(draw: st.DrawFn) -> Mutated:
    """A pack with one or a few changes."""
    number = draw(st.sampled_from(range(len(PACKS))))
    pack = Mutated(_copied(PACKS[number]), [])
    pack.value.pop("case", None)
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 2, 3, _MOST_CHANGES]))):
        change = draw(st.sampled_from(CHANGES))
        change(pack, draw, BY_KEY[number])
    return pack


def _put(pack: Mutated, place: Place, value: Any) -> None:
    place.inside[place.key] = _copied(value)
    pack.changes.append(f"{place.path} = {reprlib.repr(value)}")


def _place(pack: Mutated, draw: Draw) -> Place | None:
    """Somewhere in a pack, as often as not where it says what is reckoned."""
    section = draw(st.sampled_from([*_RECKONED, *_RECKONED, *pack.value]))
    if section not in pack.value or draw(st.integers(0, 7)) == 0:
        found = list(places(pack.value))
    else:
        found = [Place(pack.value, section, f"/{section}"), *places(pack.value[section], f"/{section}")]
    return found[draw(st.sampled_from(range(len(found))))] if found else None


def _reckoned(pack: Mutated) -> list[Place]:
    return [one for section in _RECKONED for one in places(pack.value.get(section), f"/{section}")]


def _delete(pack: Mutated, draw: Draw, _: Any) -> None:
    place = _place(pack, draw)
    if place is not None:
        del place.inside[place.key]
        pack.changes.append(f"without {place.path}")


def _double(pack: Mutated, draw: Draw, _: Any) -> None:
    place = _place(pack, draw)
    if place is None:
        return
    twin = _copied(place.value)
    if isinstance(place.inside, list):
        place.inside.insert(place.key, twin)
        pack.changes.append(f"{place.path} twice")
    else:
        key = draw(st.one_of(texts, st.sampled_from(OPTIONAL)))
        place.inside[key] = twin
        pack.changes.append(f"{place.path} also as {key!r:.60}")


def _replace(pack: Mutated, draw: Draw, _: Any) -> None:
    place = _place(pack, draw)
    if place is not None:
        _put(pack, place, draw(st.one_of(anything, anything, anything, deep())))


def _fit(pack: Mutated, draw: Draw, by_key: dict[str, st.SearchStrategy[Any]]) -> None:
    """Put something else in its kind somewhere."""
    found = [one for one in _reckoned(pack) if one.key in by_key and "/when/" not in one.path]
    if found:
        place = found[draw(st.sampled_from(range(len(found))))]
        _put(pack, place, draw(by_key[_kind(place.path)]))


def _kind(path: str) -> str:
    """Which of the things that may stand under a key fits at a path."""
    if re.search(r"^/parameter$|^/accumulator/.*/per$|/(pay|supplement|first_pay)/\d+/ratio$", path):
        return path[path.rindex("/") :]
    return path[path.rindex("/") + 1 :]


def _transplant(pack: Mutated, draw: Draw, _: Any) -> None:
    """Put what another pack has under the same key."""
    place = _place(pack, draw)
    if place is not None:
        _put(pack, place, _copied(draw(st.sampled_from(SEEN.get(_role(place.path), [place.value])))))


def _insert(pack: Mutated, draw: Draw, by_key: dict[str, st.SearchStrategy[Any]]) -> None:
    """Add a key that tables of this kind may have, or any other."""
    tables = [one for one in _reckoned(pack) if isinstance(one.value, dict) and "/when" not in one.path]
    if not tables:
        return
    table = (
        tables[draw(st.sampled_from(range(len(tables))))] if draw(st.integers(0, 9)) else Place({0: pack.value}, 0, "")
    )
    fitting = next((keys for end, keys in _KEYS.items() if re.search(end, table.path)), OPTIONAL)
    key = draw(st.sampled_from(fitting if draw(st.integers(0, 9)) else OPTIONAL))
    path = f"{table.path}/{key}"
    value = draw(by_key[_kind(path)]) if key in by_key else _copied(draw(st.sampled_from(SEEN[key])))
    _put(pack, Place(table.value, key, path), value)


def _tables_with(pack: Mutated, key: str) -> list[Place]:
    return [one for one in _reckoned(pack) if isinstance(one.value, dict) and key in one.value]


def _count(pack: Mutated, draw: Draw, _: Any) -> None:
    """Declare an accumulator and count something there."""
    tables = [one for one in _tables_with(pack, "amount") if isinstance(pack.value.get("accumulator"), dict)]
    if tables:
        place = tables[draw(st.sampled_from(range(len(tables))))]
        name = draw(st.sampled_from(ACCUMULATORS))
        counts = (
            "deductible" if "/cap" not in place.path else "expense" if place.value.get("of") == "eligible" else "fund"
        )
        if place.path.endswith("/deductible"):
            place.value["per"] = "year"
        old = place.value.get("accumulator")
        _put(pack, Place(place.value, "accumulator", f"{place.path}/accumulator"), name)
        if isinstance(old, str) and all(one.value["accumulator"] != old for one in _tables_with(pack, "accumulator")):
            pack.value["accumulator"].pop(old, None)
        pack.value["accumulator"][name] = {"name": "又一个累计", "counts": counts}


def _open(pack: Mutated, draw: Draw, by_key: dict[str, st.SearchStrategy[Any]]) -> None:
    """Declare a parameter and take a figure from it."""
    tables = [*_tables_with(pack, "amount"), *_tables_with(pack, "ratio")]
    tables = [one for one in tables if isinstance(one.value.get("amount", one.value.get("ratio")), list)]
    if tables and isinstance(pack.value.setdefault("parameter", {}), dict):
        place = tables[draw(st.sampled_from(range(len(tables))))]
        key = "amount" if "amount" in place.value else "ratio"
        declared = draw(by_key["/parameter"])
        declared["wage"]["kind"] = "money" if key == "amount" else "ratio"
        row = {"parameter": "wage"} | ({"year": -1} if "year" in declared["wage"]["by"] else {})
        if draw(st.integers(0, 4)) == 0:
            row["key"] = draw(by_key["key"])
        pack.value["parameter"].update(declared)
        pack.changes.append(f"with {declared}")
        _put(pack, Place(place.value, key, f"{place.path}/{key}"), [row])


def _rename(pack: Mutated, draw: Draw, _: Any) -> None:
    """Call a benefit, rule, accumulator, parameter, fact or article something else wherever it is mentioned."""
    sections = [
        name for name in ("benefit", "rule", "accumulator", "parameter", "fact", "gist") if pack.value.get(name)
    ]
    if not sections:
        return
    names = pack.value[draw(st.sampled_from(sections))]
    if not isinstance(names, dict) or not names:
        return
    old = draw(st.sampled_from(list(names)))
    new = draw(st.one_of(st.sampled_from([*NAMES, *ACCUMULATORS]), texts))
    pack.value = _with_name(pack.value, old, new)
    pack.changes.append(f"{old!r:.60} is called {new!r:.60}")


def _copied(value: Any, depth: int = 0) -> Any:
    """A copy of a decoded value; what stands very deep is shared."""
    if isinstance(value, dict) and depth < _DEEPEST:
        return {key: _copied(part, depth + 1) for key, part in value.items()}
    return [_copied(part, depth + 1) for part in value] if isinstance(value, list) and depth < _DEEPEST else value


def _with_name(value: Any, old: str, new: str, depth: int = 0) -> Any:
    if isinstance(value, dict) and depth < _DEEPEST:
        return {new if key == old else key: _with_name(part, old, new, depth + 1) for key, part in value.items()}
    if isinstance(value, list) and depth < _DEEPEST:
        return [_with_name(part, old, new, depth + 1) for part in value]
    return new if value == old and isinstance(value, str) else value


_KEYS = {
    r"^$": ("fact", "parameter", "prescriber_level", "prescriber_selected", "year_starts", "undefined"),
    r"/benefit/[^/]*$": ("require", "refuse", "split_by", "first_pay", "deductible", "supplement"),
    r"/deductible$": ("amount", "ceiling", "modify"),
    r"/pay/\d+$": ("ratio", "modify", "uncapped"),
    r"/supplement/\d+$": ("when", "on", "ratio"),
    r"/cap/\d+$": ("amount", "increment", "modify", "of"),
    r"/amount/\d+$": ("when", "yuan", "parameter", "key", "year", "times", "round_to", "none"),
    r"/(ratio|first_pay)/\d+$": ("when", "ratio", "parameter"),
    r"/modify/\d+$": ("when", "points", "times", "yuan"),
    r"/lines$": ("prepay",),
    r"/(exclude|gate)/\d+$": ("when", "benefits"),
    r"/accounts$": ("before_deductible",),
    r"/credit$": ("require",),
    r"/row/\d+$": ("when", "yuan", "parameter", "key", "times", "none", "rule"),
    r"/parameter/[^/]*$": ("by", "fixed"),
    r"/accumulator/[^/]*$": ("per",),
}
SPOILING = [_delete, _double, _replace, _transplant]
FITTING = [*[_fit] * 4, _rename, *[_insert] * 4, _count, _open, _transplant]
CHANGES = [*FITTING * 2, *SPOILING]
