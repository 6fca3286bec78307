"""A credit that is a parameter's figure by something people may leave out: the pack must say what then holds."""

from gongji.core.packs.language import Pack
from gongji.pack_files.read_pack import parse_pack
from tests.core.packs.minimal import pack_text, parameter

PENSION = parameter(more='by = ["pension_class"]\n')
REQUIRE = """
[[credit.require]]
field = "pension_class"
rule = "R2"
when = { status = "retired" }
text = "请补填养老金类别"
"""
EMPLOYED = '{ when = { status = "employed" }, of_base = "2%", rule = "R2" }'
BY_CLASS = 'parameter = "wage", times = "3%", rule = "R2" }'


def problems(*rows: str, require: str = "") -> list[tuple[str, str]]:
    """Path and message of what is wrong with a pack of these credit rows."""
    credit = "\n".join(["\n[credit]", "row = [", *(f"    {row}," for row in rows), "]", ""])
    found = parse_pack(pack_text(add=f"{PENSION}{credit}{require}").encode())
    return [] if isinstance(found, Pack) else [(problem.field, problem.message) for problem in found]


def test_nobody_is_looked_up_by_what_was_left_out() -> None:
    ((field, message),) = problems(EMPLOYED, f'{{ when = {{ status = "retired" }}, {BY_CLASS}')
    assert field == "credit.row"
    assert message.partition("（第")[0].endswith("：养老金类别未填、退休")  # and nobody else


def test_what_is_required_is_there() -> None:
    assert problems(EMPLOYED, f'{{ when = {{ status = "retired" }}, {BY_CLASS}', require=REQUIRE) == []


def test_another_row_may_hold_for_those_who_left_it_out() -> None:
    given = f'{{ when = {{ status = "retired", pension_class = ["government", "enterprise"] }}, {BY_CLASS}'
    absent = '{ when = { status = "retired", pension_class = { absent = true } }, '
    assert problems(EMPLOYED, given, absent + 'parameter = "wage", key = "enterprise", rule = "R2" }') == []
    assert problems(EMPLOYED, given, absent + 'yuan = "50", rule = "R2" }') == []
    assert problems(EMPLOYED, given, absent + 'parameter = "wage", rule = "R2" }') != []
