"""Building visits as a caller writes them, and quoting them the way the command does."""

import json
from typing import Any

from gongji.cli.answers import quoted_answer
from gongji.desk.visits.quote import quote_text
from gongji.pack_files.library import Library

INPATIENT = {
    "inpatient_ratio": {
        "employed": {"1": "0.90", "2": "0.85", "3": "0.80"},
        "retired": {"1": "0.95", "2": "0.90", "3": "0.85"},
    },
    "inpatient_deductible": {"1": "200", "2": "400"},
    "inpatient_cap": "60000",
}
WAGES = {"average_wage": {str(year): "85321.55" for year in range(2019, 2025)}}
PARAMETERS = {**INPATIENT, **WAGES}

QUJING, ZUNYI, PINGLIANG, BAZHONG, YUNFU = "530300", "520300", "620800", "511900", "445300"
AREAS = (QUJING, ZUNYI, PINGLIANG, BAZHONG, YUNFU)


def line(price: str = "100.00", class_: str = "A", **more: Any) -> dict[str, Any]:
    """A line of one drug."""
    made = {"code": "D1", "category": "drug", "class": class_, "unit_price": price, "quantity": "1", **more}
    return {name: value for name, value in made.items() if value is not ...}


def visit(area: str = QUJING, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A visit of an employed person to a level 1 hospital, the selected one, unless told otherwise.

    Dictionaries given for `person` and `institution` add to what stands there; `...` takes a field away.
    """
    person = {"id": "P1", "status": "employed", "selected_institution": "H1", **more.pop("person", {})}
    institution = {"id": "H1", "type": "hospital", "level": "1", **more.pop("institution", {})}
    made = {
        "visit_no": "V1",
        "area": area,
        "settled_on": "2023-05-04",
        "institution": {name: value for name, value in institution.items() if value is not ...},
        "person": {name: value for name, value in person.items() if value is not ...},
        "lines": list(lines) or [line()],
        **more,
    }
    return {name: value for name, value in made.items() if value is not ...}


def quoted(library: Library, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to a visit, as printed."""
    return quoted_answer(quote_text(json.dumps(asked).encode(), library))


def settled(library: Library, asked: dict[str, Any]) -> dict[str, str]:
    """The totals of a visit that settles."""
    answer = quoted(library, asked)
    assert answer["ok"], answer
    totals: dict[str, str] = answer["totals"]
    return totals


def refused(library: Library, asked: dict[str, Any]) -> tuple[str, str]:
    """Code and field of a visit that is refused."""
    answer = quoted(library, asked)
    assert not answer["ok"], answer["totals"]
    return answer["error"]["code"], answer["error"]["field"]


def notices(library: Library, asked: dict[str, Any]) -> list[list[str]]:
    """The codes of the notices of each settlement, sorted."""
    answer = quoted(library, asked)
    assert answer["ok"], answer
    return [sorted(notice["code"] for notice in one["notices"]) for one in answer["settlements"]]
