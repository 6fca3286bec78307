"""Write the training data: `python -m tests.training.generate`; with `--check` say whether it is up to date."""

import datetime
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.training import tables
from tests.training.areas import AREAS, NOTICE, TODAY, Area, newest_policy, policy_on, settle_on
from tests.training.catalogue import catalogue, in_force, negotiated_codes
from tests.training.figures import figure_rows, known
from tests.training.limits import Ground
from tests.training.people import Link, Maker, Someone, everybody
from tests.training.scenes import Crowd
from tests.training.tables import Row
from tests.training.visits import institution, sample_visits

FOLDER = resource_folder() / "training"


def contents(library: Library) -> dict[Path, bytes]:
    """Return every file of the training data with what it holds; the first area is the usual one."""
    made = {FOLDER / area.code / name: text for area in AREAS for name, text in _files(area, library).items()}
    return {FOLDER / "usual.json": _json({"area": AREAS[0].code}), **made}


def _files(area: Area, library: Library) -> dict[str, bytes]:
    ground, rows = ground_of(area, library)
    random = Random(f"Gongji training {area.code}")
    people, links = everybody(Maker(area, ground, random), ground)
    grounds = {area.code: ground, **_elsewhere(library, people, ground)}
    now = known(random, grounds, people, links)
    crowd = Crowd(area.code, people, links, dict(now.years), dict(now.balances))
    by_name: dict[str, Row] = {}
    for row in in_force(rows, ground.on).values():
        by_name.setdefault(row["名称"], row)
    as_of = ground.on - datetime.timedelta(days=2)
    visits = sample_visits(area, ground, crowd, by_name)
    return {
        "clinic.json": _json(_clinic(area, ground.on)),
        "parameters.json": _json(parameters(area)),
        "people.csv": tables.table(tables.PEOPLE, map(_person, people)),
        "links.csv": tables.table(tables.LINKS, map(_link, links)),
        "catalogue.csv": tables.table(tables.CATALOGUE, rows),
        "accumulators.csv": tables.table(tables.FIGURES, figure_rows(now, people, grounds, as_of)),
        "visits.jsonl": "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in visits).encode(),
    }


def ground_of(area: Area, library: Library) -> tuple[Ground, list[Row]]:
    """Return where, when and under what a set settles, and its catalogue."""
    policy = newest_policy(library, area.code)
    rows = catalogue(area, policy.pack)
    on = settle_on(policy)
    return Ground(policy, area.institution, on, area.parameters, negotiated_codes(rows)), rows


def _elsewhere(library: Library, people: Iterable[Someone], ground: Ground) -> dict[str, Ground]:
    """Return the ground of the other areas people are insured in, as far as a policy is in force there."""
    codes = {one.area for one in people} - {ground.policy.pack.area}
    found = {code: policy_on(library, code, ground.on) for code in sorted(codes)}
    own = {area.code: area for area in AREAS}
    return {
        code: ground._replace(policy=policy, parameters=own[code].parameters)
        for code, policy in found.items()
        if policy is not None
    }


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _clinic(area: Area, on: datetime.date) -> dict[str, Any]:
    """Return the clinic; the day to settle on is told where it is not today."""
    clinic = {"institution": institution(area), "counter": "T1", "operator": "培训员"}
    return clinic if on == TODAY else {**clinic, "settle_on": on.isoformat()}


def parameters(area: Area) -> list[dict[str, Any]]:
    """Return the open parameters as the book enters them."""
    return [{"name": name, "value": value, "notice": NOTICE} for name, value in area.parameters.items()]


def _person(one: Someone) -> Mapping[str, str]:
    return {
        "身份证号": one.id,
        "姓名": one.name,
        "性别": one.sex,
        "出生日期": one.born.isoformat(),
        "电话": one.phone,
        "参保地": one.area,
        "人员状态": tables.STATUS[one.status],
        "就业类型": tables.EMPLOYMENT[one.employment],
        "补助": "；".join(tables.SUPPLEMENT[name] for name in one.supplements),
        "待遇享受": tables.yes(one.entitled),
        "选定机构": one.selected or "",
        "状态起始": one.since.isoformat(),
        "慢特病登记": "；".join(one.diseases),
        "登记起始": "" if one.registered_on is None else one.registered_on.isoformat(),
        "虚构": "是",
    }


def _link(link: Link) -> Mapping[str, str]:
    return {
        "身份证号": link.person,
        "账户号": link.account,
        "关系": tables.RELATION[link.relation],
        "已授权": tables.yes(link.authorised),
        "账户参保地": link.area,
    }


def stale(library: Library) -> list[Path]:
    """Return the files that are not as this script would write them."""
    made = contents(library)
    others = {path for area in AREAS for path in (FOLDER / area.code).glob("*")} - made.keys()
    return sorted(others | {path for path, text in made.items() if not path.is_file() or path.read_bytes() != text})


def main(arguments: list[str]) -> int:
    """Write the files, or check them."""
    library = Library(resource_folder() / "policies")
    if arguments == ["--check"]:
        found = stale(library)
        print("\n".join(map(str, found)) or "up to date")
        return 2 if found else 0
    for path, text in contents(library).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
