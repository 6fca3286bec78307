"""What is asked for a change: a figure's new value and its article; what a worked case comes to, by hand."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from gongji.core.labels import AMOUNT_WORDS
from gongji.core.packs.amendment import (
    WRITTEN_AS,
    CaseChange,
    EditableFigure,
    FigureChange,
    FigurePath,
    value_as_written,
    value_fault,
)
from gongji.desk.policies.amend import CaseDifference
from gongji.gui.kit.dialogs import button, closing
from gongji.gui.kit.form import Fault, FormSheet, fields, text


class FigureSheet(FormSheet):
    """A figure: how it is now, its new value, the notice's article and its gist."""

    def __init__(
        self,
        parent: QWidget,
        one: EditableFigure,
        change: FigureChange | None,
        last: FigureChange | None,
        done: Callable[[FigurePath, FigureChange | None], None],
    ) -> None:
        """Begin with what was said before: of this figure, else of the article that was cited last."""
        super().__init__(parent, one.what, 560)
        self._one, self._done_with = one, done
        self.say(f"原来是 {one.text}。写作：{WRITTEN_AS[one.kind]}。", "muted")
        cited = change or last
        self.value = text("" if change is None else change.value, one.text, right=one.kind not in {"text", "relations"})
        self.article = text("" if cited is None else cited.article, "例如 第二条")
        self.gist = text("" if cited is None else cited.gist, "用自己的话说一句，例如：门诊年度起付标准降到一百元")
        self.body.addLayout(fields((("改为", self.value), ("通知的", self.article), ("要旨", self.gist))))
        back = closing(self, lambda: done(one.path, None))
        self.finish(self.value, "确定", *([] if change is None else [button("不改了", back)]))

    def _change(self) -> FigureChange:
        return FigureChange(
            path=self._one.path,
            value=value_as_written(self._one.kind, self.value.text()),
            article=self.article.text().strip(),
            gist=self.gist.text().strip(),
        )

    def fault(self) -> Fault | None:
        """Return what is wrong with the value, or which of the article and its gist is not there."""
        change = self._change()
        wrong = value_fault(self._one.kind, change.value)
        if wrong:
            return f"“改为”{wrong}", self.value
        if not (change.article and change.gist):
            field = self.gist if change.article else self.article
            return "请写明出自通知的哪一条，并用一句话说它的要旨", field
        return None

    def keep(self) -> None:
        """Report the change."""
        self.accepted.connect(partial(self._done_with, self._one.path, self._change()))


class CaseSheet(FormSheet):
    """A worked case that comes out otherwise under the notice: its figures, worked out by hand."""

    def __init__(self, parent: QWidget, case: str, one: CaseDifference, done: Callable[[CaseChange], None]) -> None:
        """Begin with empty figures: what the program reckons is not shown before somebody has reckoned."""
        super().__init__(parent, "人工另算这个例子", 600)
        self._case, self._done_with = case, done
        self.say(one.case)
        self.say("请照通知用笔算一遍，写下每一项的数；程序随后核对是不是一样。", "muted")
        self.name = text("", "新的算式，例如：(300 − 100) × 65% = 130.00")
        self.figures = {name: text("", f"原来 {was}", right=True) for name, was in one.was.items()}
        self.totals = {name: text("", f"原来 {was}", right=True) for name, was in one.accumulators_was.items()}
        self._named = [(AMOUNT_WORDS.get(name, name), field) for name, field in self.figures.items()]
        self._named += [(f"累计 {name}", field) for name, field in self.totals.items()]
        self.body.addLayout(fields([("算式", self.name), *self._named]))
        self.finish(self.name)

    def fault(self) -> Fault | None:
        """Return that the sum is not there, or the first figure that is none."""
        if not self.name.text().strip():
            return "请写下算式", self.name
        wrong = ((word, value_fault("money", _money(field)), field) for word, field in self._named)
        return next(((f"“{word}”{fault}", field) for word, fault, field in wrong if fault), None)

    def keep(self) -> None:
        """Report what the case comes to."""
        case = CaseChange(
            case=self._case,
            name=self.name.text().strip(),
            expect={name: _money(field) for name, field in self.figures.items()},
            accumulators={name: _money(field) for name, field in self.totals.items()},
        )
        self.accepted.connect(partial(self._done_with, case))


def _money(field: QLineEdit) -> str:
    return value_as_written("money", field.text())
