"""Rows read many at once say what they say one by one, whatever stands in their cells."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gongji.core.imports.cells import OddCell
from gongji.core.imports.kinds import CATALOGUE, PEOPLE, TableKind
from gongji.core.imports.read_rows import AcceptedRow, Headings, Reading
from gongji.core.imports.row_checks import ImportContext
from gongji.core.imports.rows import RejectedRow

TOLD = ImportContext(at="2026-11-22 10:00:00", areas={"平凉市": "620800"})
MANY = 40
"""More than have to come together to be looked at together."""

ODD_TEXTS = st.sampled_from(
    ["", "-", "——", "/", "=A1", "#N/A", "#1", "TRUE", "FALSE", "5月6日", "1-Jan", "Jan-1", "a\nb", "a\tb", "\u200b",
     "⻢", "\ufffd", "x" * 201, "1.23E+15", "A 1", " a", "ａ", "０１２", "1,280.00元", "12.5", "12.34567", "01",
     "1" * 11, "乙10%"]
)  # fmt: skip
PLAIN_TEXTS = st.text(st.sampled_from("甲乙丸0123456789ABCXYZabc.-"), min_size=1, max_size=12)
ANY_TEXT = st.one_of(PLAIN_TEXTS, ODD_TEXTS, st.just(OddCell("2026-01-05", "date", "1月5日")))
HEADINGS = ["编码", "名称", "类别", "甲乙丙", "单价", "先行自付比例", "限价", "条码", "起始"]
ROWS = [
    [f"XN{number:08d}", f"药 {number}丸", "药品", "甲乙丙"[number % 3], f"{number}.{number % 100:02d}", "",
     str(number + 1) if number % 3 else "", str(10**12 + number) if number % 2 else "", "2026-01-01"]
    for number in range(2 * MANY)
]  # fmt: skip


def read_both(kind: TableKind, headings: list[str], rows: list[list[str]]) -> None:
    columns = {one.heading: one for one in kind.columns}
    told = Headings(tuple(headings), tuple(columns.get(one) for one in headings))
    numbered = list(enumerate(rows, 2))
    one_by_one = Reading(kind, told, TOLD)
    wanted = [one_by_one.read(number, given) for number, given in numbered]
    together = Reading(kind, told, TOLD)
    middle = len(numbered) // 2
    found = [*together.read_all(numbered[:middle]), *together.read_all(numbered[middle:])]
    assert found == wanted
    assert [exactly(one) for one in found] == [exactly(one) for one in wanted]


def exactly(one: AcceptedRow | RejectedRow) -> list[str]:
    if isinstance(one, RejectedRow):
        return [repr(one)]
    return [f"{type(value).__name__} {value!r}" for value in map(one.row.__getattribute__, one.row.__struct_fields__)]


@settings(max_examples=60, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, 2 * MANY - 1), st.integers(0, len(HEADINGS) - 1), ANY_TEXT), max_size=3),
    lengths=st.lists(st.tuples(st.integers(0, 2 * MANY - 1), st.integers(4, len(HEADINGS) + 1)), max_size=1),
)
def test_a_catalogue(changes: list[tuple[int, int, str]], lengths: list[tuple[int, int]]) -> None:
    rows = [list(one) for one in ROWS]
    for row, column, text in changes:
        rows[row][column] = text
    for row, length in lengths:
        rows[row] = [*rows[row], "多出"][:length]
    read_both(CATALOGUE, HEADINGS, rows)


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.one_of(PLAIN_TEXTS, PLAIN_TEXTS, PLAIN_TEXTS, ODD_TEXTS), min_size=MANY, max_size=MANY))
@example(texts=[f"A{number}" for number in range(MANY - 1)] + ["\x85"])
@example(texts=[f"A{number}" for number in range(MANY - 1)] + ["TRUE"])
def test_a_column_of_anything(texts: list[str]) -> None:
    for heading in ("编码", "名称", "单价", "条码", "生产企业", "限价"):
        usual = {"编码": "XN0001", "名称": "药", "类别": "药品", "甲乙丙": "甲", "单价": "1", "起始": "2026-01-01"}
        rows = [[*{**usual, heading: text, "规格": str(number)}.values()] for number, text in enumerate(texts)]
        read_both(CATALOGUE, [*{**usual, heading: "", "规格": ""}], rows)


def test_people_without_a_usual_way() -> None:
    headings = ["身份证号", "姓名", "参保地", "人员状态", "状态起始", ""]
    rows = [
        ["11010519491231002X", "张三", "平凉市", "在职", "2026-01-01", ""],
        ["1", "李四", "620800", "退休", "x", ""],
    ]
    read_both(PEOPLE, headings, rows)
    read_both(PEOPLE, headings, [*rows, [*rows[0][:5], "多出"]])
