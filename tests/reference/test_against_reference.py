"""The engine and the packs against the second implementation, on thousands of random inputs."""

import json
import random
from typing import Any

import pytest

from gongji.cli.answers import capitation_answer, credit_answer, quoted_answer
from gongji.desk.policies.requests import capitation_text, credit_text
from gongji.desk.visits.quote import quote_text
from gongji.pack_files.library import Library
from tests.reference import generated, reference

SEEDS = range(4)


def comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """What both implementations must agree on: everything but the words."""
    if not answer["ok"]:
        return {"ok": False, "code": answer["error"]["code"], "field": answer["error"]["field"]}
    kept = {
        name: value for name, value in answer.items() if name not in {"trace", "policy", "policy_revision", "year_from"}
    }
    for settlement in kept.get("settlements", ()):
        settlement["notices"] = sorted(notice["code"] for notice in settlement["notices"])
        settlement["trace"] = None
    return kept


@pytest.mark.parametrize("seed", SEEDS)
def test_quotes(library: Library, seed: int) -> None:
    rng = random.Random(seed)
    for visit in generated.visits(seed, 2_000):
        text = generated.as_json(visit, rng)
        wanted = reference.quote(json.loads(text, parse_float=str))
        found = quoted_answer(quote_text(text.encode(), library))
        assert comparable(found) == comparable(wanted), text
        if wanted["ok"]:
            assert (found["policy"], found["policy_revision"]) == (wanted["policy"], wanted["policy_revision"])


def test_credits(library: Library) -> None:
    rng = random.Random(0)
    for request in generated.account_credits(0, 3_000):
        text = generated.as_json(request, rng)
        wanted = reference.credit(json.loads(text, parse_float=str))
        assert comparable(credit_answer(credit_text(text.encode(), library))) == comparable(wanted), text


def test_capitations(library: Library) -> None:
    rng = random.Random(0)
    for request in generated.capitations(0, 3_000):
        text = generated.as_json(request, rng)
        wanted = reference.capitation(json.loads(text, parse_float=str))
        assert comparable(capitation_answer(capitation_text(text.encode(), library))) == comparable(wanted), text
