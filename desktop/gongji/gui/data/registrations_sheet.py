"""登记病种核对: registered diseases on no list, decided one by one; a decision is a new record, and logged."""

from gongji.desk.imports.unlisted_registrations import (
    UnlistedRegistration,
    decide_registration,
    list_of,
    same_name,
    unlisted_registrations,
)
from gongji.gui.counter.fields.disease_field import DiseaseField
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import begin_in, fields
from gongji.gui.kit.models import Column
from gongji.gui.kit.table import TableView
from gongji.gui.shell.workspace import Workspace

_COLUMNS = (
    Column(title="登记的名称", text=lambda one: one.name, width=150),
    Column(title="姓名", text=lambda one: one.person_name, width=80),
    Column(title="证件号码", text=lambda one: one.number, width=176, muted=True),
    Column(title="参保地", text=lambda one: one.area, width=70, muted=True),
    Column(title="名录里最接近的", text=lambda one: "、".join(one.nearest) or "没有相近的"),
)


class RegistrationsSheet(Dialog):
    """The names, and the listed disease that the chosen one should be.

    Enter in the list leads to what is proposed, and only there decides: nothing is taken over unseen.
    """

    def __init__(self, station: Workspace) -> None:
        super().__init__(station.window, "登记病种核对", 740)
        self._station = station
        self.say("这些登记的病种不在名录里，涉及的待遇会被拒绝。对着登记证明逐个定；不定的保持原样。", "small")
        self.table = TableView(_COLUMNS, "登记的病种都在名录里。")
        self.table.setFixedHeight(tokens.ROW * 8)
        self.body.addWidget(self.table)
        self.field = DiseaseField(
            list_of(station.counter, ""), "registered", (), "应为名录里的哪一种；按 ↓ 从名录里选", several=False
        )
        self.body.addLayout(fields((("改为", self.field),)))
        self.wrong = self.say("", "wrong")
        self.buttons(
            button("只改这一位", lambda: self._decide(everybody=False), "main"),
            button("同名的都改", lambda: self._decide(everybody=True)),
            button("返回", self.accept),
        )
        self.table.chosen.connect(lambda _: self._show_chosen())
        self.table.opened.connect(lambda _: begin_in(self.field))
        self._read()
        self.table.setFocus()
        self.open()

    def _read(self) -> None:
        self._rows = unlisted_registrations(self._station.counter)
        self.table.set_rows(self._rows)
        self._show_chosen()

    def _show_chosen(self) -> None:
        one: UnlistedRegistration | None = self.table.current
        if one is not None:
            self.field.set_list(list_of(self._station.counter, one.area))
            self.field.setText(one.nearest[0] if one.nearest else "")

    def _decide(self, *, everybody: bool) -> None:
        one: UnlistedRegistration | None = self.table.current
        names = self.field.names()
        if one is None:
            return
        if not names or self.field.diseases.find("registered", names[0]) is None:
            self.wrong.setText("“改为”请从名录里选一种病")
            self.field.setFocus()
            return
        whose = same_name(self._rows, one) if everybody else [one.person_id]
        counter = self._station.counter
        self._station.jobs.write(
            lambda: decide_registration(counter, one.name, names[0], whose),
            lambda count: self._decided(one.name, names[0], count),
            owner=self,
        )

    def _decided(self, name: str, listed: str, count: int) -> None:
        self.wrong.setText(f"{count} 人的“{name}”已另记为“{listed}”，操作已入日志")
        self._read()
