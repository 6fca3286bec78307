"""Bad input never gets a traceback and never a wrong figure: visits broken in every way, as bytes and as values.

`GONGJI_FUZZ_EXAMPLES` sets how many are tried (1,500 unless told).
"""

import copy
import json
import os
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct, inspect
from msgspec import json as fast_json

from gongji.cli.answers import capitation_answer, credit_answer, quoted_answer
from gongji.core.engine.capitation import CapitationRequest, read_capitation_request
from gongji.core.engine.credit import CreditRequest, read_credit_request
from gongji.core.strict_records import problems_of, without_nulls
from gongji.core.visits import Visit, read_amount, read_visit
from gongji.desk.policies.requests import capitation_text, credit_text
from gongji.desk.visits.quote import quote_text
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.reference import generated

LIBRARY = Library(resource_folder() / "policies")
EXAMPLES = int(os.environ.get("GONGJI_FUZZ_EXAMPLES", "1500"))
CODES = {"invalid_input", "unknown_area", "no_policy_in_force", "benefit_not_defined", "missing_parameter"}
VISITS = list(generated.visits(11, 300))
CREDITS = list(generated.account_credits(11, 100))
CAPITATIONS = list(generated.capitations(11, 100))
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    "",
    "0",
    "-1",
    "1e9",
    "NaN",
    "9999999999.99",
    "99999999999",
    "0.00001",
    "12.345",
    "中文",
    "\x00",
    "２０２３",
    "2023-02-30",
    [],
    {},
    [[]],
    {"a": 1},
    "x" * 10_000,
    "general",
    "1",
    "B",
    "530300",
    "530300\n",
    "2023-05\n",
    "2023-05-04\n",
    "1.00\n",
    "lines.x",
    "a.b",
]
ODD_KEYS = ["ammount", "x", "状态", "", "lines.x", "lines.0", "a.b", "general.fund\n"]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in inner for found in ((*path, key), *places(part, (*path, key)))]


def broken(value: Any, rng: random.Random) -> Any:
    """A copy with one to three faults put in at random places."""
    value = copy.deepcopy(value)
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(places(value))
        holder = value
        for key in path[:-1]:
            holder = holder[key]
        fault = rng.randrange(4)
        if fault == 0:
            holder[path[-1]] = rng.choice(ODD)
        elif fault == 1:
            del holder[path[-1]]
        elif fault == 2 and isinstance(holder, dict):
            holder[rng.choice([*ODD_KEYS, *holder])] = rng.choice(ODD)
        else:
            other = rng.choice(places(value))
            taken = value
            for key in other:
                taken = taken[key]
            holder[path[-1]] = copy.deepcopy(taken)
        if not places(value):
            break
    return value


def check(answer: dict[str, Any]) -> None:
    """An answer is settled with its parts adding up, or refused under a known name with a sentence."""
    json.loads(fast_json.encode(answer))
    if answer["ok"]:
        totals = {name: int(text.replace(".", "")) for name, text in answer.get("totals", {}).items()}
        if totals:
            assert totals["patient"] == totals["total"] - totals["fund_total"]
            assert totals["patient"] == totals["account_own"] + totals["account_family"] + totals["cash"]
            assert min(totals.values()) >= 0
    else:
        assert answer["error"]["code"] in CODES
        assert answer["error"]["message"]


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 2**32))
def test_visits_with_faults(seed: int) -> None:
    rng = random.Random(seed)
    value = broken(rng.choice(VISITS), rng)
    text = generated.as_json(value, rng).encode()
    quoted, explained = quote_text(text, LIBRARY), quote_text(text, LIBRARY, thorough=True)
    check(quoted_answer(quoted))
    assert explained.problems[:1] == quoted.problems[:1]  # what --explain lists begins with what the JSON names


@settings(max_examples=EXAMPLES // 3)
@given(st.integers(0, 2**32))
def test_requests_with_faults(seed: int) -> None:
    rng = random.Random(seed)
    credit = generated.as_json(broken(rng.choice(CREDITS), rng), rng).encode()
    check(credit_answer(credit_text(credit, LIBRARY)))
    year = generated.as_json(broken(rng.choice(CAPITATIONS), rng), rng).encode()
    check(capitation_answer(capitation_text(year, LIBRARY)))


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 2**32))
def test_bytes_with_faults(seed: int) -> None:
    rng = random.Random(seed)
    text = bytearray(json.dumps(rng.choice(VISITS), ensure_ascii=False).encode())
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text))
        text[at : at + rng.randint(0, 3)] = rng.choice(
            [b"", b'"', b"{", b"}", b",", b":", b"\xff", b"0", b"e", b"-", b"\\"]
        )
    check(quoted_answer(quote_text(bytes(text), LIBRARY)))


@settings(max_examples=EXAMPLES // 3)
@given(st.binary(max_size=200))
def test_any_bytes(text: bytes) -> None:
    check(quoted_answer(quote_text(text, LIBRARY)))
    check(credit_answer(credit_text(text, LIBRARY)))
    check(capitation_answer(capitation_text(text, LIBRARY)))


def check_reading(value: Any, kind: type[Struct], read: Any) -> None:
    """The fast reader and the walk that lists every problem agree on what is a record of this kind."""
    found = problems_of(without_nulls(value, inspect.type_info(kind)), kind, read_amount)
    if isinstance(read, kind):
        assert found == []
    else:
        assert read == found
        assert found
        assert all(problem.message for problem in found)


@settings(max_examples=EXAMPLES // 3)
@given(st.integers(0, 2**32))
def test_what_is_read_is_read_without_problems_and_the_other_way_round(seed: int) -> None:
    rng = random.Random(seed)
    visit, credit, year = (broken(rng.choice(values), rng) for values in (VISITS, CREDITS, CAPITATIONS))
    check_reading(visit, Visit, read_visit(visit))
    check_reading(credit, CreditRequest, read_credit_request(credit))
    check_reading(year, CapitationRequest, read_capitation_request(year))
