"""Lists of what is kept by hand as well as imported: F7 adds one, F8 changes the chosen one. The plainest is 医师."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QFrame

from gongji.desk.imports.by_hand import doctor_cells
from gongji.desk.visits.care import doctors_on
from gongji.gui.data.by_hand_sheet import ByHandSheet
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import begin_in, text
from gongji.gui.kit.layout import Part, column, label, put, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.parts import card_of
from gongji.gui.kit.table import TableView
from gongji.gui.shell.pages import ScreenPage
from gongji.gui.shell.workspace import Workspace


class ByHandPage(ScreenPage):
    """A list with a row above it."""

    kind = ""
    """The kind of table that its rows are of."""

    def __init__(self, station: Workspace, columns: Sequence[Column], empty: str = "") -> None:
        """`empty` is the text for no rows."""
        super().__init__()
        self.station = station
        self.table = TableView(columns, empty)
        self.first_field = self.table
        self.count = label("", "muted")

    def listed(self, *above: Part) -> QFrame:
        """Return a card of the list and the row above it."""
        return card_of(put(row(margin=2 * tokens.STEP), *above), (self.table, 1))

    def new_cells(self) -> dict[str, str]:
        """Return what is filled in of a new one, by heading."""
        return {"起始": self.station.today.isoformat()}

    @abstractmethod
    def cells(self, one: Any) -> dict[str, str]:
        """Return what is known of a row today, by heading."""

    def add(self) -> None:
        """Add one by hand."""
        self.fill_in(self.new_cells(), is_new=True)

    def change(self) -> None:
        """Change the chosen one by hand, from today on."""
        one = self.table.current
        if one is not None:
            self.fill_in(self.cells(one), is_new=False)

    def fill_in(self, cells: Mapping[str, str], *, is_new: bool) -> None:
        """Show the form, begun with cells by heading."""
        ByHandSheet(self.station, self.kind, cells, self.read_again, is_new=is_new)

    def read_again(self) -> None:
        """Read the list again, and begin anew."""
        self.refresh()
        self.enter()


class SearchedPage(ByHandPage):
    """A list of what is found by typing."""

    not_found = ""
    """The text where nothing is found."""

    def __init__(self, station: Workspace, columns: Sequence[Column], hint: str) -> None:
        """`hint` says what may be typed."""
        super().__init__(station, columns)
        self.field = text("", hint)
        self.field.textChanged.connect(lambda _: self.search())
        self.field.returnPressed.connect(self.table.setFocus)

    def enter(self) -> None:
        """Begin in the field."""
        begin_in(self.field)

    @abstractmethod
    def found(self, typed: str) -> Sequence[Any]:
        """Return what is found by a text."""

    def search(self) -> None:
        """Search for what is typed."""
        typed = self.field.text().strip()
        if typed:
            self.table.say_empty(self.not_found)
        self.table.set_rows(self.found(typed) if typed else ())


_COLUMNS = (
    Column(title="姓名", text=lambda one: one.name, width=140),
    Column(title="医师编码", text=lambda one: one.code, width=200, muted=True),
    Column(title="科室", text=lambda one: one.department),
    Column(title="科室编码", text=lambda one: one.department_code, width=140, muted=True),
)


class DoctorsPage(ByHandPage):
    """Who works at the clinic today."""

    kind = "doctors"

    def __init__(self, station: Workspace) -> None:
        empty = "还没有医师。按 F7 新增，或到“导入”里选本院医师；只有一位时每次就诊都写这一位。"
        super().__init__(station, _COLUMNS, empty)
        add, change = button("新增  F7", self.add), button("改医师情况  F8", self.change)
        put(column(self, margin=0), self.listed((self.count, 1), add, change))

    def cells(self, one: Any) -> dict[str, str]:
        """Return what is known of a doctor today, by heading."""
        return doctor_cells(self.station.counter, one.code, self.station.today)

    def refresh(self) -> None:
        """Read the doctors of today."""
        there = doctors_on(self.station.counter, self.station.today)
        self.table.set_rows(there)
        self.count.setText(f"今天在册 {len(there)} 位")
