"""The step of the first start that asks for the clinic: its name and code, area, level and type, and the counter."""

import datetime

from PySide6.QtWidgets import QWidget

from gongji.core.starting_answers import StartingAnswers, area_named_by, county_of
from gongji.desk.clinic.settings import INSTITUTION_TYPES
from gongji.gui.kit.form import choice, fields, fill, text
from gongji.gui.kit.layout import REST, column, label, put
from gongji.pack_files.library import Library

_COUNTY = 6
"""The length of a county's code (GB/T 2260); its first four digits are the city's."""
_NOTE = (
    "机构代码、统筹区和收费台以后不能改（每个结算号都带着它们）；名称、级别和类型可以改。"
    "选错了，收第一笔费之前可在“设置 → 机构”重新建立。"
)


class ClinicStep(QWidget):
    """The fields; an institution's code chooses its area, and the area gives the levels."""

    def __init__(self, library: Library, today: datetime.date) -> None:
        super().__init__()
        self._library = library
        self._derived = ""
        areas = {area: f"{library.editions(area)[-1].pack.area_name} {area}" for area in library.areas}
        self._lapsed = {area for area in areas if not any(one.in_force(today) for one in library.editions(area))}
        areas = {area: f"{word}（政策已到期）" if area in self._lapsed else word for area, word in areas.items()}
        self.area = choice({"": "填了机构代码会自动带出，也可自己选", **areas})
        self.level = choice({})
        self.name = text("", "例如：曲水乡卫生院")
        self.code = text("", "医保定点机构代码，例如 H53030200001", is_code=True)
        self.type = choice({"": "请选择"} | INSTITUTION_TYPES)  # money depends on it as on the level: no guess
        self.counter = text("01", "两位数字或大写字母，各台不同", is_code=True)
        self.area.currentIndexChanged.connect(lambda _: self._fill_levels())
        self.code.textChanged.connect(lambda _: self._derive_area())
        self.about_area = label("", "second", wrap=True)
        self._fill_levels()
        named_fields = (
            ("机构名称", self.name), ("机构代码", self.code), ("统筹区", self.area), ("级别", self.level),
            ("类型", self.type), ("收费台", self.counter),
        )  # fmt: skip
        put(column(self, margin=0), fields(named_fields), self.about_area, label(_NOTE, "small", wrap=True), REST)

    @property
    def chosen_area(self) -> str:
        """The area's code; empty while none is chosen."""
        return str(self.area.currentData() or "")

    @property
    def institution(self) -> dict[str, str]:
        """The institution as the contract has it."""
        return {
            "id": self.code.text().strip(),
            "name": self.name.text().strip(),
            "type": self.type.currentData(),
            "level": self.level.currentData(),
        }

    def fill_in(self, one: StartingAnswers) -> None:
        """Fill the fields in from a settings file."""
        self.code.setText(one.institution)  # which may name an area
        self.area.setCurrentIndex(self.area.findData(one.area))
        self._fill_levels()
        self.level.setCurrentIndex(self.level.findData(one.level))
        self.type.setCurrentIndex(self.type.findData(one.type))
        self.name.setText(one.name)
        self.counter.setText(one.counter)

    def _fill_levels(self) -> None:
        area = self.chosen_area
        levels = self._library.editions(area)[-1].pack.level if area else ()
        fill(self.level, {"": "请选择，照医保协议" if area else ""} | {one.id: one.name for one in levels})
        lapsed = "这个统筹区的政策已到期：可以先建，收费只能按自费或全额垫付，等装上新政策再按医保结算。"
        self.about_area.setText(lapsed if area in self._lapsed else "")

    def _derive_area(self) -> None:
        """Choose the area that an institution's code names; give it up where the code is changed to one without."""
        county, found = county_of(self.code.text()), area_named_by(self.code.text(), dict.fromkeys(self._library.areas))
        if found or (self._derived and self._derived == self.chosen_area):
            self.area.setCurrentIndex(self.area.findData(found))
        self._derived = found
        if not found and len(county) == _COUNTY:
            self.about_area.setText(f"代码 {county} 所在的统筹区没有政策包：请核对代码，或自己选统筹区。")
