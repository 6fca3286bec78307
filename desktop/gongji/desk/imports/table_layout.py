"""How an office lays out its tables: confirmed by a person once, and remembered for that office's tables."""

import hashlib
from collections.abc import Sequence

from msgspec import DecodeError, Struct, json

from gongji.core.imports.headings import Confirmed, Layout
from gongji.core.imports.kinds import TableKind
from gongji.core.imports.read_rows import read_headings
from gongji.errors import GongjiError
from gongji.store import settings
from gongji.store.engine import Connection

_SETTING = "import_layout:"
_SAMPLES = 3


class LayoutAnswer(Struct, frozen=True, kw_only=True):
    """A person's answer on a table's columns, or that the proposal is right, or at least the kind."""

    confirmed: Confirmed | None = None
    as_proposed: bool = False
    kind_is_right: bool = False

    @property
    def is_given(self) -> bool:
        """Return whether a person said anything."""
        return self.confirmed is not None or self.as_proposed or self.kind_is_right


class OtherKindError(GongjiError):
    """A table that was taken for one kind is rather of another; a person may still say that it is the first."""

    def __init__(self, kind: TableKind, file: str, rather: TableKind) -> None:
        """Say which kind it is, and where to import it."""
        super().__init__(
            f"{file} 像是{rather.title}的表，不是{kind.title}",
            f"请在“资料 → 导入”里选“{rather.title}”导入它（命令行用 gongji load {rather.name}）；"
            f"确是{kind.title}的，核对每一列是什么（命令行加 --map）",
        )
        self.kind = kind
        self.rather = rather


class UnconfirmedError(GongjiError):
    """A table's columns are not recognised with certainty: a person has to confirm them.

    `layout` is the proposal, `samples` are the first rows, `wrong` what is wrong with the proposal or the answer.
    """

    def __init__(
        self,
        kind: TableKind,
        file: str,
        layout: Layout,
        rows: Sequence[tuple[int, Sequence[str]]],
        problems: Sequence[str] = (),
    ) -> None:
        """Say what is wrong with the headings, and how to go on."""
        usual = read_headings(kind, layout.given)
        said = list(problems) or (usual if isinstance(usual, list) else [])
        usable = "、".join(column.heading for column in kind.columns)
        super().__init__(
            f"{file} 的列名不对：{'；'.join(said)}",
            f"请核对每一列是什么（命令行加 --as-proposed 或 --map），或改正第 {layout.number} 行的列名；"
            f"{kind.title}可用的列：{usable}",
        )
        self.kind = kind
        self.file = file
        self.layout = layout
        self.samples = tuple(tuple(cells) for _, cells in rows[:_SAMPLES])
        self.wrong = tuple(problems)


def remembered(connection: Connection, kind: str, layout: Layout) -> Confirmed | None:
    """Return the answer given for a layout before; None where nobody was asked."""
    text = settings.get(connection, _name(kind, layout))
    if text is None:
        return None
    try:
        return json.decode(text, type=Confirmed)
    except DecodeError:  # stored by another version: ask again
        return None


def remember(connection: Connection, kind: str, layout: Layout, confirmed: Confirmed) -> None:
    """Store the answer for a layout; texts that hold for every row are asked for each time."""
    columns = {one.text: confirmed.columns.get(one.text, one.column) for one in layout.headings}
    settings.put(connection, _name(kind, layout), json.encode(Confirmed(columns=columns)).decode())


def _name(kind: str, layout: Layout) -> str:
    return f"{_SETTING}{kind}:{hashlib.sha256(layout.signature.encode()).hexdigest()[:20]}"
