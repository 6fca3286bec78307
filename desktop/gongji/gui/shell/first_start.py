"""第一次启动: four short steps, and the counter is open: whose data, the clinic, the operator, the printer."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QLineEdit, QRadioButton, QStackedWidget, QVBoxLayout, QWidget

from gongji.desk.clinic.clock import practice_clock
from gongji.desk.clinic.create import start_own, start_training
from gongji.desk.clinic.open import Beginning
from gongji.desk.clinic.settings import INSTITUTION_TYPES
from gongji.desk.session import Clock
from gongji.errors import GongjiError
from gongji.files import default_data_folder
from gongji.gui.background.jobs import Jobs
from gongji.gui.kit import tokens
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import choice, fields, fill, text
from gongji.gui.kit.layout import column, label
from gongji.gui.kit.style import set_role
from gongji.packs_on_disk import Library

_STEPS = ("用什么数据", "机构和级别", "操作员", "打印机")
_SIZE = (620, 560)
_COUNTY = 6
"""So many digits name a county (GB/T 2260); the first four of them its city."""


class FirstStart(Dialog):
    """One step at a time; Enter goes on, Esc leaves without having changed anything."""

    def __init__(
        self,
        parent: QWidget | None,
        library: Library,
        clock: Clock,
        begun: Callable[[Path], None],
        places: tuple[Path, Path] | None = None,
    ) -> None:
        """`begun` gets the data folder; `places` are where one's own and training data go, where not as usual."""
        super().__init__(parent, "欢迎使用共济结算台", _SIZE[0])
        self._library, self._clock, self._begun = library, clock, begun
        usual = default_data_folder()
        self._own_place, self._training_place = places or (usual, usual.with_name(f"{usual.name}-training"))
        self._jobs = Jobs(self._failed, self)
        self.where = label("", "muted")
        self.body.addWidget(self.where)
        self.pages = QStackedWidget()
        for page in (self._which(), self._clinic(), self._operator(), self._printer()):
            self.pages.addWidget(page)
        self.body.addWidget(self.pages, 1)
        self.wrong = self.say("", "wrong")
        self.next = button("下一步", self.go_on, "main")
        self.back = button("上一步", self.go_back)
        self.buttons(self.next, self.back, button("退出", self.reject))
        self.finished.connect(self._jobs.close)
        self.resize(*_SIZE)
        self._show(0)
        self.open()

    # ---- the steps ---------------------------------------------------------------------------------------------------

    def _which(self) -> QWidget:
        page, down = _page()
        self.training = QRadioButton("先用培训数据练习（虚构的病人和目录，随时可以开始用自己的）")
        self.own = QRadioButton("建立本院自己的数据，现在就开始收费")
        self.training.setChecked(True)
        self.training.toggled.connect(lambda _: self._name_next())
        down.addWidget(label("不需要联网。几步就好，以后都可以在“设置”里改。", wrap=True))
        down.addWidget(self.training)
        down.addWidget(self.own)
        down.addStretch(1)
        return page

    def _clinic(self) -> QWidget:
        page, down = _page()
        areas = {area: f"{self._library.editions(area)[-1].pack.area_name} {area}" for area in self._library.areas}
        today = self._clock().date()
        lapsed = {area for area in areas if not any(one.in_force(today) for one in self._library.editions(area))}
        areas = {area: f"{word}（政策已到期）" if area in lapsed else word for area, word in areas.items()}
        self._lapsed = lapsed
        self.area = choice({"": "填了机构代码会自动带出，也可自己选", **areas})
        self.level = choice({})
        self.name = text("", "例如：曲水乡卫生院")
        self.code = text("", "医保定点机构代码，例如 H53030200001")
        self.type = choice(INSTITUTION_TYPES, "township_clinic")
        self.counter = text("01", "两位数字或大写字母，各台不同")
        self.area.currentIndexChanged.connect(lambda _: self._fill_levels())
        self.code.textEdited.connect(lambda _: self._derive_area())
        self.about_area = label("", "second", wrap=True)
        self._fill_levels()
        named_fields = (
            ("机构名称", self.name), ("机构代码", self.code), ("统筹区", self.area), ("级别", self.level),
            ("类型", self.type), ("收费台", self.counter),
        )  # fmt: skip
        down.addLayout(fields(named_fields))
        down.addWidget(self.about_area)
        note = (
            "机构代码、统筹区和收费台以后不能改（每个结算号都带着它们）；名称、级别和类型可以改。"
            "选错了，收第一笔费之前可在“设置 → 机构”重新建立。"
        )
        down.addWidget(label(note, "small", wrap=True))
        down.addStretch(1)
        return page

    def _operator(self) -> QWidget:
        page, down = _page()
        self.operator = text("", "您的姓名，印在每张单上")
        self.password, self.again = text("", "至少 6 个字符"), text("", "再输一次")
        for one in (self.password, self.again):
            one.setEchoMode(QLineEdit.EchoMode.Password)
        down.addLayout(fields((("姓名", self.operator), ("口令", self.password), ("口令再输一次", self.again))))
        note = "数据用口令加密。口令忘了没有别的办法打开，请记牢；开始后在“设置”里再加一位操作员更稳妥。"
        down.addWidget(label(note, "second", wrap=True))
        down.addStretch(1)
        return page

    def _printer(self) -> QWidget:
        page, down = _page()
        names = {name: name for name in QPrinterInfo.availablePrinterNames()}
        self.printer = choice({"": "先不打印，单据存成文件", **names})
        down.addLayout(fields((("打印机", self.printer),)))
        note = "没有打印机也能收费，单据随时可以补打。纸张、偏移和试打页在“设置 → 打印”。"
        down.addWidget(label(note, "small", wrap=True))
        down.addStretch(1)
        return page

    def _fill_levels(self) -> None:
        area = str(self.area.currentData() or "")
        levels = self._library.editions(area)[-1].pack.level if area else ()
        fill(self.level, {one.id: one.name for one in levels})
        if area in self._lapsed:
            self.about_area.setText(
                "这个统筹区的政策已到期：可以先建，收费只能按自费或全额垫付，等装上新政策再按医保结算。"
            )
        else:
            self.about_area.setText("")

    def _derive_area(self) -> None:
        """Choose the area that an institution's code names: its first six digits are a county's, of which city."""
        digits = "".join(one for one in self.code.text() if one.isascii() and one.isdigit())
        county = digits[:_COUNTY]
        city = f"{county[:4]}00"
        found = next((area for area in (county, city) if len(county) == _COUNTY and area in self._library.areas), "")
        if found:
            self.area.setCurrentIndex(self.area.findData(found))
        elif len(county) == _COUNTY:
            self.about_area.setText(f"代码 {county} 所在的统筹区没有政策包：请核对代码，或自己选统筹区。")

    # ---- going on ----------------------------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """Which step is shown."""
        return self.pages.currentIndex()

    def _show(self, step: int) -> None:
        self.pages.setCurrentIndex(step)
        total = len(_STEPS)
        self.where.setText(f"第 {step + 1} 步，共 {total} 步：{_STEPS[step]}")
        self.wrong.setText("")
        self.back.setEnabled(step > 0)
        self._name_next()
        first = (self.own, self.name, self.operator, self.printer)[step]
        first.setFocus()

    def _name_next(self) -> None:
        last = self.step == len(_STEPS) - 1 or self.training.isChecked()
        self.next.setText("开始练习" if self.training.isChecked() else "完成，开始收费" if last else "下一步")

    def go_back(self) -> None:
        """Show the step before."""
        self._show(max(0, self.step - 1))

    def go_on(self) -> None:
        """Show the next step, if this one is filled in; after the last make the data."""
        if self.training.isChecked():
            self._work(lambda: start_training(self._training_place, self._library, practice_clock(self._clock)))
            return
        missing = self._missing()
        if missing:
            self.wrong.setText(missing)
        elif self.step < len(_STEPS) - 1:
            self._show(self.step + 1)
        else:
            one, printer = self._beginning(), str(self.printer.currentData())
            self._work(lambda: start_own(self._own_place, one, printer, self._library, self._clock))

    def _missing(self) -> str:
        """Return what is not filled in on the step that is shown."""
        asked = {
            1: ((self.name, "请填写机构名称"), (self.code, "请填写机构代码"), (self.counter, "请填写收费台代码")),
            2: ((self.operator, "请填写操作员姓名"), (self.password, "请填写口令")),
        }
        for field, words in asked.get(self.step, ()):
            if not field.text().strip():
                field.setFocus()
                return words
        if self.step == 1 and not self.area.currentData():
            self.area.setFocus()
            return "请选择统筹区"
        if self.step == 2 and self.password.text() != self.again.text():  # noqa: PLR2004  # the operator's step
            self.again.setFocus()
            return "两次输入的口令不一样，请重新输入"
        return ""

    def _beginning(self) -> Beginning:
        return Beginning(
            counter=self.counter.text().strip().upper(),
            area=str(self.area.currentData()),
            institution={
                "id": self.code.text().strip(),
                "name": self.name.text().strip(),
                "type": self.type.currentData(),
                "level": self.level.currentData(),
            },
            operator=self.operator.text().strip(),
            password=self.password.text(),
            training=False,
        )

    def _work(self, work: Callable[[], Path]) -> None:
        self.next.setEnabled(False)
        set_role(self.wrong, "muted")
        self.wrong.setText("正在准备数据，请稍候……")
        self._jobs.write(work, self._done, self._failed, owner=self)

    def _done(self, path: Path) -> None:
        self._begun(path)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self.next.setEnabled(True)
        set_role(self.wrong, "wrong")
        if not isinstance(error, GongjiError):
            raise error
        self.wrong.setText(f"{error.title}。{error.advice}。")


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    return page, column(page, margin=0, spacing=tokens.GAP)
