"""A settings file found at the first start: its content, which of its counters this PC is, or what is wrong with it."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from gongji.core.starting_answers import StartingAnswers
from gongji.desk.clinic.first_start.by_answers import AnswersFile, AnswersRefusedError, read_answers_file
from gongji.errors import GongjiError
from gongji.gui.kit import tokens
from gongji.gui.kit.form import choice, fill
from gongji.gui.kit.layout import column, label, put
from gongji.gui.kit.style import set_role
from gongji.pack_files.library import Library

_MOST_SHOWN = 5


class AnswersOffer(QWidget):
    """Hidden where no settings file was found."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: AnswersFile | None = None
        self.about = label("", "muted", wrap=True)
        self.which = choice({})
        put(column(self, margin=0, spacing=tokens.STEP), self.about, self.which)
        self.hide()

    def look_at(self, path: Path, library: Library) -> bool:
        """Show what a file answers, or what is wrong with it; return whether it may be used."""
        self.show()
        self.which.hide()
        try:
            answers = read_answers_file(path, library)
        except GongjiError as error:
            set_role(self.about, "wrong").setText(_wrong(path, error))
            return False
        self._answers = answers
        mine = answers.of_this_pc()
        fill(self.which, {str(place): _called(one) for place, one in enumerate(answers.counters)})
        if mine is None:
            self.about.setText(f"{path}，请选这台电脑是哪一台：")
            self.which.show()
        else:
            self.which.setCurrentIndex(answers.counters.index(mine))
            self.about.setText(f"{path}：{_called(mine)}")
        return True

    @property
    def chosen(self) -> StartingAnswers | None:
        """The answers for this PC; None without a file."""
        return None if self._answers is None else self._answers.counters[int(self.which.currentData())]

    def files_of(self, one: StartingAnswers) -> dict[str, Path]:
        """Return the tables that a counter begins with."""
        assert self._answers is not None
        return {kind: self._answers.path.parent / file for kind, file in one.tables.items()}


def _wrong(path: Path, error: GongjiError) -> str:
    if not isinstance(error, AnswersRefusedError):
        return str(error)
    rows = [f"{one.field or '整个文件'}：{one.message}" for one in error.problems]
    more = [f"另有 {len(rows) - _MOST_SHOWN} 处"] if len(rows) > _MOST_SHOWN else []
    return "\n".join([f"{path} 用不了：", *rows[:_MOST_SHOWN], *more])


def _called(one: StartingAnswers) -> str:
    return f"{one.name} {one.institution}，统筹区 {one.area}，收费台 {one.counter}"
