"""机构与收费台: the clinic's facts, used in every settlement from now on."""

from PySide6.QtWidgets import QCheckBox

from gongji.core.packs.dimensions import CONTRACT
from gongji.desk.clinic.first_start.create import can_start_over
from gongji.desk.clinic.settings import INSTITUTION_TYPES, levels_of, set_clinic
from gongji.desk.visits.card_reader import driver_of
from gongji.gui.kit import dialogs
from gongji.gui.kit.dialogs import button
from gongji.gui.kit.form import choice, fields, text
from gongji.gui.kit.layout import put
from gongji.gui.settings.settings_page import SettingsPage
from gongji.gui.shell.workspace import Workspace

_NONE = ""


class ClinicPage(SettingsPage):
    """The clinic's facts; its code and counter never change, since every number contains them."""

    def __init__(self, station: Workspace) -> None:
        super().__init__(station, "机构与收费台")
        clinic = station.counter.clinic
        self.counter = text(clinic.counter)
        self.code = text(clinic.institution["id"])
        for one in (self.counter, self.code):
            one.setEnabled(False)
            one.setToolTip("每个结算号和上传记录都带着它，不能改")
        editions = station.counter.library.editions(clinic.area)
        self.area = text(f"{editions[-1].pack.area_name if editions else ''} {clinic.area}")
        self.area.setEnabled(False)
        self.name = text("", "与医疗机构执业许可证一致")
        self.first_field = self.name
        self.type = choice(INSTITUTION_TYPES)
        self.level = choice(levels_of(station.counter, clinic.area))
        self.grade = choice({_NONE: "不分等次", **CONTRACT["grade"].words})
        self.designated = QCheckBox("医保定点")
        self.pooled = QCheckBox("开通门诊统筹")
        self.driver = text("", "厂家的 SSCardDriver.dll 在哪里；没有读卡器不填")
        asked = (
            ("机构名称", self.name), ("机构代码", self.code), ("统筹区", self.area), ("收费台", self.counter),
            ("类型", self.type), ("级别", self.level), ("等次", self.grade), ("", self.designated), ("", self.pooled),
            ("读卡器驱动", self.driver),
        )  # fmt: skip
        put(self.body, fields(asked), self.said)
        self.again = button("重新建立…", self._ask_to_start_over)
        self.add_acts(button("保存", self.save, "main"), self.again)

    def refresh(self) -> None:
        """Show what is stored."""
        institution = self.station.counter.clinic.institution
        self.name.setText(str(institution.get("name") or ""))
        for field, name in ((self.type, "type"), (self.level, "level"), (self.grade, "grade")):
            field.setCurrentIndex(max(0, field.findData(institution.get(name) or _NONE)))
        self.designated.setChecked(institution.get("designated") is not False)
        self.pooled.setChecked(institution.get("pooled") is not False)
        self.driver.setText(driver_of(self.station.counter))
        self.again.setVisible(can_start_over(self.station.counter))

    def _ask_to_start_over(self) -> None:
        """Undo the first start while nothing was settled: code, area and counter can be chosen again."""
        dialogs.ask(
            self.window(),
            "重新建立本院数据？",
            (
                "还没有收过费，机构代码、统筹区和收费台选错了可以重来。",
                "现在的数据（已导入的人员和目录也在内）改名留着，不删除；接着重新填一遍。",
            ),
            ("重新建立", self.station.starts_over.emit),
        )

    def save(self) -> None:
        """Store the content of the fields."""
        counter = self.station.counter
        institution = counter.clinic.institution | {
            "name": self.name.text().strip(),
            "type": self.type.currentData(),
            "level": self.level.currentData(),
            "grade": self.grade.currentData() or None,
            "designated": self.designated.isChecked(),
            "pooled": self.pooled.isChecked(),
        }
        driver = self.driver.text()
        self.keep(lambda: set_clinic(counter, institution, driver), "已保存，从下一笔结算起生效。")
