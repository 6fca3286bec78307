"""Where the headings of a table are and what each column is: found, proposed, and confirmed by a person.

Above the headings an office writes a title; headings may take two rows (a merged one over several); some columns only
count rows or hold remarks; others have another name. What is not certainly ours is proposed and never assumed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from gongji.core.imports.kinds import TableKind
from gongji.core.imports.other_names import NOT_READ, OTHER_NAMES

How = Literal["same", "other name", "similar", "not read", "unknown"]
"""A column has our name; goes by another known one; has a similar one; is never read; is unknown and not read."""

MOST_ROWS_ABOVE = 20
_MANY_MORE = 2
_BRACKETS = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_DIGITS = re.compile(r"\d+")


class Heading(Struct, frozen=True):
    """A column of a file: its place, its text, our heading it is taken for (None: not read)."""

    place: int
    text: str
    column: str | None
    how: How


class Confirmed(Struct, frozen=True, kw_only=True):
    """A person's answer on a layout: our heading for each of the file's (None: not read), texts for every row."""

    columns: dict[str, str | None] = {}
    fixed: dict[str, str] = {}


class Layout(Struct, frozen=True, kw_only=True):
    """A table's layout: the number of its last row of headings, their texts and those above, what each column is.

    `last` is how many of the examined rows are headings or above them.
    """

    number: int
    last: int
    title: str
    given: tuple[str, ...]
    headings: tuple[Heading, ...]

    @property
    def is_plain(self) -> bool:
        """Return whether nobody needs to be asked: every column is ours or never read."""
        return all(one.how in {"same", "not read"} for one in self.headings)

    @property
    def signature(self) -> str:
        """Return the key by which a layout is recognised: the title without its figures, and every heading."""
        return "\n".join((_DIGITS.sub("", self.title), *map(plain_heading, self.given)))

    def confirmed_as(self, said: Confirmed) -> "Layout":
        """Return the layout with a person's answer instead of what was proposed."""
        headings = tuple(replace(one, column=said.columns.get(one.text, one.column)) for one in self.headings)
        return replace(self, headings=headings)


def plain_heading(text: str) -> str:
    """Return a heading for comparison: 单 价（元）* is 单价."""
    plain = unicodedata.normalize("NFKC", text).replace("*", "")
    return "".join(_BRACKETS.sub("", plain).split()) or "".join(plain.split())


def find_layout(kind: TableKind, rows: Sequence[tuple[int, Sequence[str]]]) -> Layout:
    """Return the layout of a table by its first rows (at least one), each with its number.

    Of all rows that could be the headings the one in which most are known; the first where none is.
    """
    best, at, most = list(rows[0][1]), 0, _known(kind, rows[0][1])
    for place, (_, row) in enumerate(rows):
        for last, given in _candidates(rows, place, row):
            known = _known(kind, given)
            if known > most:
                best, at, most = list(given), last, known
    names = _names(kind)
    above = [cell for _, row in rows[:at] for cell in row if cell and plain_heading(cell) not in names]
    return Layout(
        number=rows[at][0],
        last=at + 1,
        title=" ".join(above)[:200],
        given=tuple(best),
        headings=tuple(_headings(kind, best)),
    )


def kind_instead(
    kind: TableKind, rows: Sequence[tuple[int, Sequence[str]]], kinds: Iterable[TableKind]
) -> TableKind | None:
    """Return the kind that a table by its first rows rather is; None where it may well be the one it was taken for.

    Of the other kind more columns are known and fewer required ones are missing; or none is missing of either, and many
    more are known of a table whose columns would have to be explained.
    """
    missing, known, is_plain = _fit(kind, rows)
    if not missing and is_plain:
        return None
    least = known + (1 if missing else _MANY_MORE)
    fits = [(_fit(other, rows), other) for other in kinds if other is not kind]
    better = [(fit, other) for fit, other in fits if fit[0] < max(1, missing) and fit[1] >= least]
    return min(better, key=lambda one: (one[0][0], -one[0][1]))[1] if better else None


def _fit(kind: TableKind, rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, int, bool]:
    """Return how many required columns of a kind a table lacks, how many it certainly has, and whether it is plain."""
    layout = find_layout(kind, rows)
    there = {one.column for one in layout.headings if one.how in {"same", "other name"}}
    return sum(one.required and one.heading not in there for one in kind.columns), len(there), layout.is_plain


def _candidates(
    rows: Sequence[tuple[int, Sequence[str]]], place: int, row: Sequence[str]
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield a row, also joined with the one below where both may be the headings."""
    yield place, row
    if place + 1 < len(rows):
        below = rows[place + 1][1]
        width = max(len(row), len(below))
        upper, lower = (list(one) + [""] * (width - len(one)) for one in (row, below))
        yield place + 1, [under or over for over, under in zip(upper, lower, strict=True)]


def _known(kind: TableKind, row: Sequence[str]) -> int:
    return len({one.column for one in _headings(kind, row) if one.how in {"same", "other name"}})


def _headings(kind: TableKind, row: Sequence[str]) -> Iterator[Heading]:
    """Yield what each column is; of two with the same meaning the one with our name, else the first."""
    names = _names(kind)
    own = {plain_heading(column.heading): column.heading for column in kind.columns}
    taken = {own[plain] for plain in map(plain_heading, row) if plain in own}
    for place, text in enumerate(row):
        plain = plain_heading(text)
        if not plain:
            continue
        found = names.get(plain)
        if plain in own:
            yield Heading(place, text, own[plain], "same")
        elif found is not None and found not in taken:
            taken.add(found)
            yield Heading(place, text, found, "other name")
        elif plain in NOT_READ:
            yield Heading(place, text, None, "not read")
        else:
            close = get_close_matches(plain, names, 1, 0.75)
            similar = names[close[0]] if close else None
            if similar is not None and similar not in taken and found is None:
                taken.add(similar)
                yield Heading(place, text, similar, "similar")
            else:
                yield Heading(place, text, None, "unknown")


def _names(kind: TableKind) -> Mapping[str, str]:
    """Return our heading for every known name of a column."""
    found = {}
    for ours, others in OTHER_NAMES.get(kind.name, {}).items():
        if any(column.heading == ours for column in kind.columns):
            found.update(dict.fromkeys(map(plain_heading, others), ours))
    return found | {plain_heading(column.heading): column.heading for column in kind.columns}


def column_of(letters: str) -> int:
    """Return the place of a column named by its letters, from 0."""
    found = 0
    for letter in letters:
        found = 26 * found + ord(letter) - ord("A") + 1
    return found - 1


_FOOTERS = (
    "合计", "总计", "小计", "填表", "制表", "审核", "复核", "单位负责人", "负责人", "经办人", "说明", "注：", "注:",
    "备注：",
)  # fmt: skip


def is_footer(cells: Sequence[str]) -> bool:
    """Return whether an unreadable row is the table's sum, a signature or a remark below it."""
    first = next((cell for cell in cells if cell), "")
    return first.replace(" ", "").startswith(_FOOTERS)
