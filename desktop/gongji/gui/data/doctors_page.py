"""医师: who works at the clinic today, by national code and department."""

from gongji.desk.imports.by_hand import doctor_cells
from gongji.desk.visits.care import doctors_on
from gongji.gui.data.by_hand_sheet import ByHandSheet
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.layout import card, column, label, row
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.shell.pages import ScreenPage
from gongji.gui.shell.workspace import Workspace

_COLUMNS = (
    Column(title="姓名", text=lambda one: one.name, width=140),
    Column(title="医师编码", text=lambda one: one.code, width=200, muted=True),
    Column(title="科室", text=lambda one: one.department),
    Column(title="科室编码", text=lambda one: one.department_code, width=140, muted=True),
)


class DoctorsPage(ScreenPage):
    """The list, with one to add and one to change."""

    def __init__(self, station: Workspace) -> None:
        super().__init__()
        self.station = station
        self.table = TableView(
            _COLUMNS, "还没有医师。按 F7 新增，或到“导入”里选本院医师；只有一位时每次就诊都写这一位。"
        )
        self.count = label("", "muted")
        frame = card()
        inside = column(frame, margin=1, spacing=0)
        asked = row(margin=2 * tokens.STEP)
        asked.addWidget(self.count, 1)
        asked.addWidget(button("新增  F7", self.add))
        asked.addWidget(button("改医师情况  F8", self.change))
        inside.addLayout(asked)
        inside.addWidget(self.table, 1)
        column(self, margin=0).addWidget(frame)

    def enter(self) -> None:
        """Focus the list."""
        self.table.setFocus()

    def refresh(self) -> None:
        """Read the doctors of today."""
        there = doctors_on(self.station.counter, self.station.today)
        self.table.set_rows(there)
        self.count.setText(f"今天在册 {len(there)} 位")

    def add(self) -> None:
        """Add a doctor by hand."""
        ByHandSheet(self.station, "doctors", {"起始": self.station.today.isoformat()}, self._kept, is_new=True)

    def change(self) -> None:
        """Change the chosen doctor by hand, from today on."""
        one = self.table.current
        if one is not None:
            cells = doctor_cells(self.station.counter, one.code, self.station.today)
            ByHandSheet(self.station, "doctors", cells, self._kept, is_new=False)

    def _kept(self) -> None:
        self.refresh()
        self.enter()
