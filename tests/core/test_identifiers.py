"""One person, visit or item is one, however its number is written; what nobody can see in a number is refused."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.core import identifiers
from gongji.core.identifiers import typed_remark
from gongji.core.money import yuan
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.visits.quote import quote_text
from gongji.pack_files.library import Library
from tests.support.clinic import PERSON, text, visit
from tests.support.tables import load_rows, new_store, number, person, wrong

WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
X = "53039919490502860X"
ID = PERSON["id"]
UNSEEN = ["\n", "\r\n", "\t", "\u200b", "\ufeff", "\u202e", "\u2028", "\x00", "\x1b", "\u00ad"]
LOOKS_LIKE = ["²", "①", "⑳", "Ⅳ", "㈠", "ﬁ", "٣", "१", "א"]


def of(person_id: str, visit_no: str = "V1") -> dict[str, Any]:
    return visit(visit_no, person={**PERSON, "id": person_id})


@pytest.mark.parametrize(
    "written", [f" {ID}", f"{ID} ", ID.translate(WIDE), f"\u3000{ID}", f"{ID[:6]} {ID[6:14]} {ID[14:]}"]
)
def test_the_same_person_has_one_year(session: Session, written: str) -> None:
    first = settle_text(session, text(visit("V0"))).stored
    again = settle_text(session, text(of(written))).stored
    assert first is not None
    assert again is not None
    assert again.person_id == first.person_id == ID
    assert {one.key.owner for one in again.moved} == {ID}
    before = {one.key: one.after_fen for one in first.moved}
    assert all(one.after_fen - one.amount_fen == before[one.key] for one in again.moved)


def test_a_small_x_is_a_check_character(session: Session) -> None:
    done = settle_text(session, text(of(X.lower())))
    assert done.stored is not None
    assert done.stored.person_id == X


@pytest.mark.parametrize("field", ["person", "visit", "item", "institution", "family"])
@pytest.mark.parametrize("sign", [*UNSEEN, *LOOKS_LIKE])
def test_what_has_no_normal_form_is_refused_by_name(session: Session, field: str, sign: str) -> None:
    one = visit("V1", accounts={"family": [{"id": X, "relation": "parent", "balance": "1.00"}]})
    name = {"visit": "visit_no", "item": "code"}.get(field, "id")
    one = json.loads(json.dumps(one))
    place = {
        "person": one["person"], "visit": one, "item": one["lines"][0], "institution": one["institution"],
        "family": one["accounts"]["family"][0],
    }[field]  # fmt: skip
    place[name] = place[name][:3] + sign + place[name][3:]
    path = {
        "person": "person.id", "visit": "visit_no", "item": "lines.0.code", "institution": "institution.id",
        "family": "accounts.family.0.id",
    }[field]  # fmt: skip
    for done in (settle_text(session, text(one)), quote_text(text(one), session.library)):
        assert [(problem.code, problem.field) for problem in done.problems] == [("invalid_input", path)]
        assert sign not in done.problems[0].message or sign in LOOKS_LIKE


def test_the_same_visit_again_is_the_same_however_it_is_written(session: Session) -> None:
    first = settle_text(session, text(visit("V1")))
    again = settle_text(session, text(of(f" {ID.translate(WIDE)}", " Ｖ1 ")))
    assert again.again
    assert again.stored == first.stored


NEGOTIATED = {
    "category": "drug", "class": "A", "unit_price": "700.00", "quantity": "1", "negotiated": True,
}  # fmt: skip
FIGURES = {"inpatient_ratio": {"retired": {"1": "0.95"}}, "inpatient_cap": "50000"}


def deductibles(library: Library, drugs: Sequence[str | None], told: dict[str, str]) -> dict[str, str]:
    """What is left of a visit for negotiated drugs: the annual deductible of each (QJ10)."""
    lines = [{**NEGOTIATED, "code": f"N{place}", "drug": drug} for place, drug in enumerate(drugs)]
    one = visit("V1", *lines, benefit="negotiated", parameters=FIGURES, accumulators=told)
    quote = quote_text(text(one), library).quote
    assert quote is not None
    return {name: yuan(fen) for name, fen in quote.accumulators.items() if name.startswith("negotiated")}


@pytest.mark.parametrize("written", ["司美格鲁肽 ", " 司美格鲁肽", "司美格鲁肽\u3000"])
def test_one_drug_is_one_however_it_is_written(library: Library, written: str) -> None:
    kept = {"negotiated.司美格鲁肽.deductible": "600.00"}
    assert deductibles(library, ["司美格鲁肽", written], {}) == kept
    assert deductibles(library, ["司美格鲁肽"], {f"negotiated.{written}.deductible": "600"}) == kept


def test_a_code_of_a_drug_is_plain_and_a_name_stays_as_it_is_typed(library: Library) -> None:
    assert deductibles(library, [None, "Ｎ0"], {"negotiated.Ｎ0.deductible": "600"}) == {
        "negotiated.N0.deductible": "600.00"
    }
    assert list(deductibles(library, ["人凝血因子Ⅷ（冻干）"], {})) == ["negotiated.人凝血因子Ⅷ（冻干）.deductible"]


@pytest.mark.parametrize("drug", [" ", "\u3000", "司美\u200b格鲁肽", "司美\n格鲁肽"])
def test_a_drug_nobody_sees_is_refused(library: Library, drug: str) -> None:
    one = visit("V1", {**NEGOTIATED, "code": "N1", "drug": drug}, benefit="negotiated", parameters=FIGURES)
    assert [problem.field for problem in quote_text(text(one), library).problems] == ["lines.0.drug"]


def test_a_years_total_written_twice_is_refused(library: Library) -> None:
    told = {"negotiated.N1.deductible": "600", "negotiated.Ｎ1.deductible": "0"}
    one = visit("V1", {**NEGOTIATED, "code": "N1"}, benefit="negotiated", parameters=FIGURES, accumulators=told)
    found = quote_text(text(one), library).problems
    assert [problem.field for problem in found] == ["accumulators.negotiated.Ｎ1.deductible"]
    assert "写了两次" in found[0].message


def test_every_problem_is_still_named(session: Session) -> None:
    one = of(f"{ID}\n")
    del one["settled_on"], one["institution"]
    fields = {problem.field for problem in quote_text(text(one), session.library).problems}
    assert {"person.id", "settled_on", "institution"} <= fields


def test_a_table_and_a_visit_mean_the_same_person(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        wide = number(2).translate(WIDE)
        assert load_rows(store, "people", tmp_path, person(身份证号=f" {wide[:6]} {wide[6:]}")).kept
        assert store.reader.execute("SELECT id FROM person").fetchall() == [(number(2),)]
        report = load_rows(store, "people", tmp_path, person(身份证号=f"{number(4)}\u200b"))
        assert "看不见" in wrong(report)[0][2]


NORMAL: list[Callable[[str], str]] = [
    identifiers.person_id, identifiers.institution_id, identifiers.item_code, identifiers.visit_no,
    identifiers.drug_name,
]  # fmt: skip


@given(text=st.text(max_size=30), of=st.sampled_from(NORMAL))
def test_a_normal_form_is_its_own_and_is_seen(text: str, of: Callable[[str], str]) -> None:
    try:
        found = of(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017
        return
    assert found
    assert of(found) == found
    assert found.isprintable()
    assert found == found.strip()


@pytest.mark.parametrize("sign", UNSEEN)
def test_a_name_with_what_nobody_sees_within_it_is_refused(sign: str) -> None:
    with pytest.raises(ValueError, match="看不见的字符"):
        identifiers.typed_name(f"张{sign}秀英")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 张秀英\r\n", "张秀英"),
        ("\t张秀英\u3000", "张秀英"),
        ("曲水乡卫生院（总院）  二部", "曲水乡卫生院（总院） 二部"),
        ("⻢秀⽟", "马秀玉"),
        ("Jose\u0301", "Jos\u00e9"),
        ("\ue863某", "\ue863某"),
        (" ", ""),
    ],
)
def test_a_name_is_kept_as_it_is_seen(typed: str, kept: str) -> None:
    assert identifiers.typed_name(typed) == kept
    assert identifiers.typed_name(kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), (" 每次 1 片\n饭后\t服 ", "每次 1 片 饭后 服"), ("⻢钱子", "马钱子"), ("50元", "50元"), ("²", "²")],
)
def test_a_remark_is_one_line(typed: str, kept: str) -> None:
    assert typed_remark(typed) == kept


@pytest.mark.parametrize("typed", ["\u202e12", "1\u200b2", "a\0b", "\ud800", "字" * 201])
def test_a_remark_with_what_nobody_sees_or_without_end_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"看不见|太长"):
        typed_remark(typed)
