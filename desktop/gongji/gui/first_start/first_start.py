"""第一次启动: four short steps, and the counter is open: whose data, the clinic, the operator, printer and tables.

A settings file on a stick or beside the program answers all but the password.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QRadioButton, QScrollArea, QStackedWidget, QWidget

from gongji.core.starting_answers import StartingAnswers
from gongji.desk.clinic.begin import Beginning
from gongji.desk.clinic.clock import practice_clock
from gongji.desk.clinic.first_start.by_answers import FirstTable, find_answers, furnish
from gongji.desk.clinic.first_start.create import start_own, start_training
from gongji.desk.papers.printers import first_test_page
from gongji.desk.session import Clock
from gongji.errors import GongjiError
from gongji.gui.background.jobs import Jobs
from gongji.gui.first_start.answers_offer import AnswersOffer
from gongji.gui.first_start.clinic_step import ClinicStep
from gongji.gui.first_start.printer_and_tables import PrinterAndTables
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.kit.form import fields, password, text
from gongji.gui.kit.layout import REST, Part, column, label, put
from gongji.gui.kit.style import set_role
from gongji.pack_files.library import Library

_STEPS = ("用什么数据", "机构和级别", "操作员", "打印机和数据", "建好了")
_ASKED = 4
_WHICH, _CLINIC, _OPERATOR, _PRINTER, _RESULT = range(5)
_SIZE = (620, 560)


class FirstStart(Dialog):
    """One step at a time; Enter goes on, Esc leaves without having changed anything."""

    def __init__(
        self,
        parent: QWidget | None,
        library: Library,
        clock: Clock,
        begun: Callable[[Path], None],
        places: tuple[Path, Path],
    ) -> None:
        """`begun` gets the data folder; `places` are the folders for own and training data."""
        super().__init__(parent, "欢迎使用共济结算台", _SIZE[0])
        self._library, self._clock, self._begun = library, clock, begun
        self._own_place, self._training_place = places
        self._jobs = Jobs(self._failed, self)
        self.clinic = ClinicStep(library, clock().date())
        self.last = PrinterAndTables()
        self._made: Path | None = None
        self.where = label("", "muted")
        self.pages = QStackedWidget()
        for page in (self._which(), self.clinic, self._operator(), self.last, self._result()):
            self.pages.addWidget(page)
        put(self.body, self.where, (self.pages, 1))
        self.wrong = self.say("", "wrong")
        self.next = button("下一步", self.go_on, "main")
        self.back = button("上一步", self.go_back)
        self.buttons(self.next, self.back, button("退出", self.reject))
        self.finished.connect(self._jobs.close)
        self.resize(*_SIZE)
        self._show(0)
        self.open()
        self.look_for_answers(find_answers())

    # ---- the steps ---------------------------------------------------------------------------------------------------

    def _which(self) -> QWidget:
        self.training = QRadioButton("先用培训数据练习（虚构的病人和目录，随时可以开始用自己的）")
        self.own = QRadioButton("建立本院自己的数据，现在就开始收费")
        self.training.setChecked(True)
        self.training.toggled.connect(lambda _: self._name_next())
        self.by_file = QRadioButton("按设置文件建立，只要输入口令")
        self.by_file.hide()
        self.offer = AnswersOffer()
        said = label("不需要联网。几步就好，以后都可以在“设置”里改。", wrap=True)
        return _page(said, self.training, self.own, self.by_file, self.offer)

    def _operator(self) -> QWidget:
        self.operator = text("", "您的姓名，印在每张单上")
        self.password, self.again = password("至少 6 个字符"), password("再输一次")
        asked = fields((("姓名", self.operator), ("口令", self.password), ("口令再输一次", self.again)))
        note = "数据用口令加密。口令忘了没有别的办法打开，请记牢；开始后在“设置”里再加一位操作员更稳妥。"
        return _page(asked, label(note, "second", wrap=True))

    def _result(self) -> QWidget:
        self.details = label("", wrap=True)
        return _page(self.details)

    # ---- a settings file ---------------------------------------------------------------------------------------------

    def look_for_answers(self, path: Path | None) -> None:
        """Offer the answers of a settings file, if there is one; what is wrong with it is shown."""
        if path is not None and self.offer.look_at(path, self._library):
            self.by_file.show()
            self.by_file.setChecked(True)

    @property
    def _answer(self) -> StartingAnswers | None:
        """The settings file's answers for this PC, where it is to be used."""
        return self.offer.chosen if self.by_file.isChecked() else None

    def _fill_in(self, one: StartingAnswers) -> None:
        """Fill every step in from the settings file; all of it may still be changed."""
        self.clinic.fill_in(one)
        self.operator.setText(one.operator)
        self.last.fill_in(one.printer or "", self.offer.files_of(one))

    # ---- going on ----------------------------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """Which step is shown."""
        return self.pages.currentIndex()

    def _show(self, step: int) -> None:
        self.pages.setCurrentIndex(step)
        asked = f"第 {step + 1} 步，共 {_ASKED} 步：" if step < _ASKED else ""
        self.where.setText(f"{asked}{_STEPS[step]}")
        self.wrong.setText("")
        self.back.setEnabled(0 < step < _RESULT)
        self._name_next()
        first = (self.own, self.clinic.name, self.operator, self.last.printer, self.next)[step]
        if step == _OPERATOR and self.operator.text():
            first = self.password
        first.setFocus()

    def _name_next(self) -> None:
        if self.step == _RESULT:
            self.next.setText("开始收费")
            return
        last = self.step == _PRINTER or self.training.isChecked()
        self.next.setText("开始练习" if self.training.isChecked() else "完成，开始收费" if last else "下一步")

    def go_back(self) -> None:
        """Show the step before."""
        self._show(max(0, self.step - 1))

    def go_on(self) -> None:
        """Show the next step, if this one is filled in; after the last make the data."""
        if self.training.isChecked():
            self._work(
                lambda: start_training(self._training_place, self._library, practice_clock(self._clock)), self._begin
            )
            return
        if self.step == _RESULT and self._made is not None:
            self._begin(self._made)
            return
        missing = self._missing()
        answer = self._answer
        if missing:
            self._complain(missing)
        elif self.step == _WHICH and answer is not None:
            self._fill_in(answer)
            self._show(_OPERATOR)  # the rest is answered, and one step back away
        elif self.step == _OPERATOR and answer is not None and answer.printer is not None:
            self._make()
        elif self.step < _PRINTER:
            self._show(self.step + 1)
        else:
            self._make()

    def _make(self) -> None:
        """Create the data folder, import the tables, and print a test page where one is wanted."""
        one, printer, answer, tables = self._beginning(), self.last.chosen, self._answer, self.last.files
        place, library, clock = self._own_place, self._library, self._clock
        prints = self.last.prints

        def work() -> tuple[Path, list[FirstTable]]:
            start_own(place, one, printer, library, clock)
            return place, furnish(place, one, tables, answer, library, clock)

        self._work(work, lambda made: self._own_made(made[0], made[1], printer if prints else ""))

    def _missing(self) -> str:
        """Return what is missing on the shown step."""
        clinic, secret = self.clinic, self.password.text()
        asked: dict[int, tuple[tuple[QWidget, object, str], ...]] = {
            _CLINIC: (
                (clinic.name, clinic.name.text().strip(), "请填写机构名称"),
                (clinic.code, clinic.code.text().strip(), "请填写机构代码"),
                (clinic.counter, clinic.counter.text().strip(), "请填写收费台代码"),
                (clinic.area, clinic.area.currentData(), "请选择统筹区"),
                (clinic.level, clinic.level.currentData(), "请选择级别，照医保协议：支付比例和起付标准随级别不同"),
                (clinic.type, clinic.type.currentData(), "请选择类型：药店、医院和卫生院的规则不同"),
            ),
            _OPERATOR: (
                (self.operator, self.operator.text().strip(), "请填写操作员姓名"),
                (self.password, secret.strip(), "请填写口令"),
                (self.again, secret == self.again.text(), "两次输入的口令不一样，请重新输入"),
            ),
        }
        for field, is_right, words in asked.get(self.step, ()):
            if not is_right:
                field.setFocus()
                return words
        return ""

    def _beginning(self) -> Beginning:
        answered = {} if self._answer is None else self._answer.in_contract
        return Beginning(
            counter=self.clinic.counter.text().strip().upper(),
            area=self.clinic.chosen_area,
            institution=answered | self.clinic.institution,
            operator=self.operator.text().strip(),
            password=self.password.text(),
            training=False,
        )

    def _work(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self.next.setEnabled(False)
        set_role(self.wrong, "muted").setText("正在准备数据，请稍候……")
        self._jobs.write(work, then, self._failed, owner=self)

    def _own_made(self, path: Path, taken: list[FirstTable], printer: str) -> None:
        """Open the counter, or first show the results of tables and test page."""
        self._made = path
        told = [f"{'✓' if one.kept else '✗'} {one.text}" for one in taken]
        if printer:
            self._print_test_page(printer, told)
        elif told:
            self._tell(told)
        else:
            self._begin(path)

    def _print_test_page(self, printer: str, told: list[str]) -> None:
        from gongji.gui.printing import send_paper  # noqa: PLC0415  # what draws pages is for this alone

        def failed(error: BaseException) -> None:
            if not isinstance(error, GongjiError):
                raise error
            self._tell([*told, f"✗ 试打页：{error.title}。以后在“设置 → 打印”再试"])

        self._jobs.device(
            lambda: send_paper.print_on(printer, first_test_page()),
            lambda _: self._tell([*told, "✓ 试打页已送到打印机"]),
            failed,
            owner=self,
        )

    def _tell(self, told: list[str]) -> None:
        self.next.setEnabled(True)
        self.details.setText("\n".join(["本院的数据已经建好。", *told]))
        self._show(_RESULT)

    def _begin(self, path: Path) -> None:
        self._begun(path)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self.next.setEnabled(True)
        set_role(self.wrong, "wrong")
        if not isinstance(error, GongjiError):
            raise error
        self._complain(str(error))

    def _complain(self, text: str) -> None:
        """Show what is wrong, scrolled into sight on a low screen."""
        self.wrong.setText(text)
        area = self.findChild(QScrollArea)
        if area is not None:
            QTimer.singleShot(0, self, lambda: area.ensureWidgetVisible(self.wrong))  # once it is as high as its text


def _page(*parts: Part) -> QWidget:
    page = QWidget()
    put(column(page, margin=0), *parts, REST)
    return page
