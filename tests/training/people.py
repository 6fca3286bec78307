"""Invented people: those near each threshold, families, namesakes, unusual names, and everybody else."""

import datetime
from collections.abc import Iterable, Iterator
from random import Random
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.identity import birth_date, check_character, sex
from gongji.core.visits import Employment, Supplement
from gongji.core.visits import Insured as Status
from tests.training.areas import Area, invented_county
from tests.training.limits import DISEASES, NAMED_DISEASE, POSITIONS, UNKNOWN, Ground, Insured, Limit, all_limits
from tests.training.names import NAMESAKES, UNUSUAL, given_name, surname

INSURANCE_BEGAN = datetime.date(2001, 1, 1)
MORE_DISEASES = (*DISEASES, "系统性红斑狼疮", "再生障碍性贫血", "血友病", "帕金森病")
ARREARS = 37  # one in so many is not entitled at present
ADULT, RETIRES = 18, {"男": 60, "女": 55}


class Someone(Struct, frozen=True, kw_only=True):
    """An invented person. `near` says at which limit the year of this person stands, and how."""

    id: str
    name: str
    phone: str = ""
    area: str
    status: Status
    employment: Employment = "unit"
    supplements: tuple[Supplement, ...] = ()
    entitled: bool = True
    selected: str | None = None
    since: datetime.date
    diseases: tuple[str, ...] = ()
    registered_on: datetime.date | None = None
    near: Limit | None = None
    position: str = ""

    @property
    def sex(self) -> str:
        """男 or 女."""
        return sex(self.id)

    @property
    def born(self) -> datetime.date:
        """The date of birth."""
        day = birth_date(self.id)
        assert day is not None
        return day

    @property
    def insured(self) -> Insured:
        """What thresholds depend on."""
        return Insured(self.status, self.supplements, self.diseases)


class Link(NamedTuple):
    """家庭共济: whose account may pay for a person; `relation` says what the person is to the account's holder."""

    person: str
    account: str
    relation: str
    authorised: bool
    area: str


class Maker:
    """Makes people of an area, all different."""

    def __init__(self, area: Area, ground: Ground, random: Random) -> None:
        """Begin with nobody."""
        self.area, self.ground, self.random = area, ground, random
        self._used: set[str] = set()

    def number(self, sex: str, born: datetime.date) -> str:
        """Return an identity number nobody has: the county code 99 was never given to a county."""
        while True:
            order = self.random.randrange(1, 500) * 2 - (sex == "男")
            first = f"{invented_county(self.area.code)}{born:%Y%m%d}{order:03d}"
            if first not in self._used:
                self._used.add(first)
                return first + check_character(first)

    def someone(
        self,
        *,
        name: str = "",
        sex: str = "",
        insured: Insured | None = None,
        born_in: int | None = None,
        family: str = "",
    ) -> Someone:
        """Return a new person, made up where nothing is asked for."""
        random = self.random
        sex = sex or random.choice("男女女")
        status = self._status() if insured is None else insured.status
        born = self._born(sex, status, born_in, 22 if insured and insured.diseases else None)
        if insured is None and born_in is not None:
            status = "retired" if self._age(born) >= RETIRES[sex] else "employed"
        diseases = self._diseases(born) if insured is None else insured.diseases
        since = self._since(sex, status, born)
        return Someone(
            id=self.number(sex, born),
            name=name or (family or surname(random, self.area.local_surnames)) + given_name(random, sex, born.year),
            area=self.area.code,
            status=status,
            employment="flexible" if random.random() < (0.08 if status == "retired" else 0.22) else "unit",
            supplements=self._supplements(status) if insured is None else insured.supplements,
            entitled=insured is not None or len(self._used) % ARREARS != 0,
            selected=self._selected(insured),
            since=since,
            diseases=diseases,
            registered_on=self._registered_on(since) if diseases else None,
        )

    def _status(self) -> Status:
        return "retired" if self.random.random() < 0.52 else "employed"

    def _age(self, born: datetime.date) -> int:
        on = self.ground.on
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    def _born(self, sex: str, status: Status, year: int | None, span: int | None) -> datetime.date:
        """Return a date of birth that goes with a status; in work, at most `span` years before retirement."""
        limit = self.ground.on.year - RETIRES[sex]
        if year is None and status == "retired":
            year = limit - 1 - int(26 * self.random.random() ** 1.4)
        elif year is None:
            year = self.random.randrange(limit + 2, limit + 2 + span if span else self.ground.on.year - ADULT)
        return datetime.date(year, 1, 1) + datetime.timedelta(days=self.random.randrange(365))

    def _since(self, sex: str, status: Status, born: datetime.date) -> datetime.date:
        """Return since when the status holds: the month after retirement, or the first job."""
        age = RETIRES[sex] if status == "retired" else self.random.randrange(ADULT, ADULT + 6)
        found = datetime.date(born.year + age + born.month // 12, born.month % 12 + 1, 1)
        return max(INSURANCE_BEGAN, min(found, self.ground.on.replace(day=1)))

    def _registered_on(self, since: datetime.date) -> datetime.date:
        first = max(since, datetime.date(2019, 1, 1))
        days = max(1, (self.ground.on - first).days - 60)
        return first + datetime.timedelta(days=self.random.randrange(days))

    def _diseases(self, born: datetime.date) -> tuple[str, ...]:
        if self.random.random() > (0.45 if born.year < self.ground.on.year - ADULT * 3 else 0.08):
            return ()
        found = self.random.choices(MORE_DISEASES, (30, 18, 8, 8, 4, 5, 3, 4, 2), k=self.random.choice((1, 1, 2, 3)))
        return tuple(dict.fromkeys([NAMED_DISEASE] if self.random.random() < 0.04 else found))

    def _supplements(self, status: Status) -> tuple[Supplement, ...]:
        found: list[Supplement] = []
        if self.random.random() < (0.18 if status == "retired" else 0.12):
            found.append("civil_servant")
        if self.random.random() < 0.30:
            found.append("large_medical")
        return tuple(found)

    def _selected(self, insured: Insured | None) -> str | None:
        """Return the selected institution where the area asks for one: mostly this clinic."""
        if not any("selected" in str(gate.when) for gate in self.ground.policy.pack.gate):
            return None
        clinic = self.ground.institution.id
        if insured is not None:
            return clinic
        return self.random.choices((clinic, clinic[:-1] + "2", None), (80, 12, 8))[0]


def near_thresholds(maker: Maker, ground: Ground) -> Iterator[Someone]:
    """Yield a person below, at and above each threshold, and one of whose year nothing is known.

    Where a threshold is kept for each drug by itself, one such person does for all of them.
    """
    unknown = set()
    for limit, kinds in all_limits(ground).values():
        kind = maker.random.choice(kinds)
        for position in POSITIONS:
            yield replace(maker.someone(insured=kind), near=limit, position=position)
        sort = (limit.accumulator.partition(".")[0], limit.counts, limit.fen, limit.registered)
        if sort not in unknown:
            unknown.add(sort)
            yield replace(maker.someone(insured=kind), near=limit, position=UNKNOWN)


def family(maker: Maker, turn: int) -> tuple[list[Someone], list[Link]]:
    """Return a retired couple, their child, and the child's husband or wife, with whose account pays for whom."""
    random = maker.random
    year = random.randrange(1944, 1962)
    father = maker.someone(sex="男", born_in=year)
    mother = maker.someone(sex="女", born_in=year + random.randrange(-2, 5))
    child_sex = random.choice("男女")
    child_year = year + random.randrange(25, 33)
    last_name = (father if child_sex == "男" or random.random() < 0.9 else mother).name[0]
    child = maker.someone(sex=child_sex, born_in=child_year, family=last_name)
    in_law = maker.someone(sex="女" if child_sex == "男" else "男", born_in=child_year + random.randrange(-3, 4))
    pairs = [(father, child, "parent"), (mother, child, "parent")]
    others = [(child, father, "child"), (mother, father, "spouse"), (child, in_law, "spouse"), (child, mother, "child")]
    pairs += [others[turn % 4], others[(turn + 1) % 4]] if turn % 3 else []
    if "spouse_parent" in {one for rule in maker.ground.policy.pack.accounts.relations for one in rule.allowed}:
        pairs.append((father, in_law, "spouse_parent"))
    links = [Link(who.id, holder.id, relation, random.random() < 0.85, holder.area) for who, holder, relation in pairs]
    return [father, mother, child, in_law], links


def relatives_elsewhere(maker: Maker, people: Iterable[Someone]) -> Iterator[Link]:
    """Yield links of some retired people to children who live and are insured elsewhere."""
    same_province, other_province = maker.area.elsewhere
    alone = [one for one in people if one.status == "retired" and one.entitled and one.born.year < 1966]
    for index, one in enumerate(maker.random.sample(alone, max(10, len(alone) // 6))):
        born = datetime.date(one.born.year + maker.random.randrange(23, 34), 1, 1)
        holder = maker.number(maker.random.choice("男女"), born + datetime.timedelta(maker.random.randrange(365)))
        where = (same_province, other_province, same_province, maker.area.code, "")[index % 5]
        yield Link(one.id, holder, "parent", index % 4 != 3, where)


def everybody(maker: Maker, ground: Ground) -> tuple[list[Someone], list[Link]]:
    """Return all people of a set, in an order that tells nothing, and all links between them."""
    people = list(near_thresholds(maker, ground))
    links: list[Link] = []
    for turn in range(maker.area.families):
        members, linked = family(maker, turn)
        people += members
        links += linked
    singles = [maker.someone(name=name, sex=sex) for name, sex in (*NAMESAKES, *UNUSUAL)]
    singles += [_guest(maker, area) for area in maker.area.guests]
    if len(people) + len(singles) > maker.area.people:
        raise ValueError(f"{maker.area.code}: {len(people)} people are spoken for, {len(singles)} more have names")
    singles += [maker.someone() for _ in range(maker.area.people - len(people) - len(singles))]
    links += relatives_elsewhere(maker, singles)
    people += singles
    maker.random.shuffle(people)
    return [replace(one, phone=_phone(index)) for index, one in enumerate(people, start=1)], links


def _guest(maker: Maker, area: str) -> Someone:
    """Return somebody who lives here and is insured in another area."""
    plain = maker.someone(insured=Insured(maker.random.choice(("employed", "retired"))))
    return replace(plain, area=area, selected=None)


def _phone(index: int) -> str:
    """Return a number that cannot be called; one in nine has none."""
    return "" if index % 9 == 0 else f"100-0000-{index:04d}"
