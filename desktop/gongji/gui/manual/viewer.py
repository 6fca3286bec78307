"""说明书: opened by F1 at the page of the current screen; search while typing, links, back, and the whole as a PDF."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QScrollArea, QWidget

from gongji.core.manual import ManualPage, search
from gongji.core.problems import quoted
from gongji.desk.manual import manual, manual_folder, said_sentences
from gongji.errors import GongjiError
from gongji.gui.background.jobs import Jobs
from gongji.gui.kit import dialogs, tokens
from gongji.gui.kit.ask_path import ask_new_file
from gongji.gui.kit.dialogs import Dialog, SideWindow, button
from gongji.gui.kit.form import begin_in, text
from gongji.gui.kit.layout import column, label, put, row
from gongji.gui.kit.style import font, set_role
from gongji.gui.manual.page_view import PageView
from gongji.gui.shell.screen import shortcut

_SIZE = (1060, 660)
_SIDE = 268
_BESIDE = (80, 200)
"""Pixels around a picture shown large: its frame, heading and button."""
_FRAME = 44
"""Pixels that a title bar takes."""
_NAME = Qt.ItemDataRole.UserRole
_FOUND = Qt.ItemDataRole.UserRole + 1


class ManualWindow(SideWindow):
    """The manual beside the window it explains, which it does not block; Esc closes it."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("说明书")
        self._manual = manual()
        self._said = said_sentences()
        self._jobs = Jobs(self._failed, self)
        self.finished.connect(self._jobs.close)
        self._been: list[tuple[str, str, str]] = []
        self._place = -1
        self.field = text("", "在说明书里找……")
        self.field.textChanged.connect(lambda _: self._look())
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._clicked)
        self.list.currentItemChanged.connect(lambda one, _: self._chosen(one))
        self.view = PageView(manual_folder())
        self.view.anchorClicked.connect(self._follow)
        self.view.picture_wanted.connect(self._enlarge)
        self.back = button("← 返回", lambda: self._walk(-1))
        self.note = label("", "small")
        self._build()
        self._look()
        self.field.setFocus()

    def _build(self) -> None:
        side = QWidget()
        side.setFixedWidth(_SIDE)
        set_role(side, "ground")
        put(column(side, margin=tokens.GAP, spacing=2 * tokens.STEP), self.field, (self.list, 1))
        save, close = button("存成 PDF", self.ask_to_save), button("关闭 Esc", self.reject, "main")
        under = put(row(spacing=2 * tokens.STEP), self.back, (self.note, 1), save, close)
        under.setContentsMargins(tokens.EDGE, 2 * tokens.STEP, tokens.EDGE, 2 * tokens.STEP)
        put(row(self, spacing=0), side, (put(column(margin=0, spacing=0), (self.view, 1), under), 1))
        for keys, act in (
            (QKeySequence.StandardKey.Back, lambda: self._walk(-1)),
            (QKeySequence.StandardKey.Forward, lambda: self._walk(1)),
            (QKeySequence.StandardKey.Find, lambda: begin_in(self.field)),
            ("F1", lambda: self.show_page(self._manual.pages[0])),
        ):
            shortcut(keys, self, act)
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height() - _FRAME))

    # ---- what is shown -----------------------------------------------------------------------------------------------

    @property
    def shown(self) -> str:
        """The name of the page that is shown."""
        return self._been[self._place][0] if self._been else ""

    def show_page(self, page: ManualPage, above: str = "", found: str = "") -> None:
        """Show a page, with `above` (Markdown) between its title and its text, from the position of `found`."""
        del self._been[self._place + 1 :]
        self._been.append((page.name, above, found))
        self._place = len(self._been) - 1
        self._show()

    def explain(self, said: str) -> bool:
        """Show where a sentence of the program is explained; return whether it is."""
        found = self._said.explained(said)
        if found is not None:
            self.show_page(found.page, found=found.quoted)
        return found is not None

    def _show(self) -> None:
        name, above, found = self._been[self._place]
        page = self._manual.page(name)
        assert page is not None
        title, _, rest = page.text.partition("\n")
        self.view.show_text(f"{title}\n\n{above}\n{rest}" if above else page.text, found)
        self.back.setEnabled(self._place > 0)
        self.note.setText("")
        self._mark(name)

    def _walk(self, step: int) -> None:
        if 0 <= self._place + step < len(self._been):
            self._place += step
            self._show()

    def _follow(self, link: QUrl) -> None:
        page = self._manual.page(link.path().removesuffix(".md"))
        if page is not None:
            self.show_page(page, found=link.fragment(QUrl.ComponentFormattingOption.FullyDecoded))

    def _enlarge(self, path: str) -> None:
        """Show a picture at its own size."""
        sheet = Dialog(self, "图", 0)
        area = QScrollArea()
        shown = QLabel(pixmap=QPixmap(path))
        area.setWidget(shown)
        area.setMinimumSize(shown.sizeHint().boundedTo(self.screen().availableGeometry().size() - QSize(*_BESIDE)))
        sheet.body.addWidget(area)
        sheet.buttons(button("返回", sheet.reject, "main"))
        sheet.open()

    # ---- the list: the contents, or what was found ------------------------------------------------------------------

    def _look(self) -> None:
        """List the pages that match what is typed, or all; the first match is shown at once."""
        typed = self.field.text().strip()
        with QSignalBlocker(self.list):  # nobody has chosen anything yet
            self.list.clear()
            if typed:
                self._list_found(typed)
            else:
                self._list_pages()
        if not typed:
            self._mark(self.shown)
        elif (first := self._line_of(bool)) is not None:
            self.list.setCurrentRow(first)

    def _list_pages(self) -> None:
        for part in self._manual.parts:
            self._add_beside(part, tokens.LABEL, tokens.ACCENT)
            for page in self._manual.pages:
                if page.part == part:
                    self._add(page.title, page.name)

    def _list_found(self, typed: str) -> None:
        hits = search(self._manual, typed)
        explained = self._said.explained(typed) if not hits else None
        for hit in hits:
            self._add(hit.page.title, hit.page.name, typed.split(maxsplit=1)[0])
            self._add_beside(hit.excerpt, tokens.NOTE).setFlags(Qt.ItemFlag.ItemIsEnabled)
        if explained is not None:
            self._add(explained.page.title, explained.page.name, explained.quoted)
        if not self.list.count():
            self._add_beside(f"没有找到“{quoted(typed)}”。换一个短一些的词，例如“退费”“口令”。")

    def _add(self, words: str, name: str, found: str = "") -> None:
        one = QListWidgetItem(f"  {words}")
        one.setData(_NAME, name)
        one.setData(_FOUND, found)
        self.list.addItem(one)

    def _add_beside(self, words: str, size: int = tokens.BODY, colour: str = tokens.MUTED) -> QListWidgetItem:
        """Add a line that is no page: a part, an excerpt, or that nothing was found."""
        one = QListWidgetItem(words)
        one.setFlags(Qt.ItemFlag.NoItemFlags)
        one.setFont(font(size))
        one.setForeground(QColor(colour))
        self.list.addItem(one)
        return one

    def _clicked(self, one: QListWidgetItem) -> None:
        """Show the page whose excerpt was clicked: the row above it."""
        if not one.data(_NAME):
            self.list.setCurrentRow(self.list.row(one) - 1)

    def _chosen(self, one: QListWidgetItem | None) -> None:
        page = None if one is None else self._manual.page(str(one.data(_NAME)))
        if one is not None and page is not None:
            self.show_page(page, found=str(one.data(_FOUND)))

    def _mark(self, name: str) -> None:
        """Mark the page that is shown in the list."""
        place = self._line_of(lambda one: one == name)
        if place is not None:
            with QSignalBlocker(self.list):  # it is shown already
                self.list.setCurrentRow(place)

    def _line_of(self, fits: Callable[[str | None], bool]) -> int | None:
        """Return the first line of the list whose page's name fits; the name of a line that is no page is None."""
        return next((line for line in range(self.list.count()) if fits(self.list.item(line).data(_NAME))), None)

    # ---- keys --------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Walk the list with Up and Down, the page with the page keys, while the cursor stays in the field."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self._step(-1 if key == Qt.Key.Key_Up else 1)
            return True
        if key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            bar = self.view.verticalScrollBar()
            bar.setValue(bar.value() + (-1 if key == Qt.Key.Key_PageUp else 1) * bar.pageStep())
            return True
        return key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}  # what fits best is shown already

    def _step(self, by: int) -> None:
        place = self.list.currentRow() + by
        while 0 <= place < self.list.count() and not self.list.item(place).data(_NAME):
            place += by
        if 0 <= place < self.list.count():
            self.list.setCurrentRow(place)

    def reject(self) -> None:
        """Esc: clear the search; where there is none, close."""
        if self.field.text() and self.isActiveWindow():
            self.field.clear()
        else:
            super().reject()

    # ---- on paper ----------------------------------------------------------------------------------------------------

    def ask_to_save(self) -> None:
        """Ask where the PDF goes."""
        ask_new_file(self, "把说明书存成 PDF", "共济结算台说明书.pdf", "PDF (*.pdf)", self.save)

    def save(self, file: Path) -> None:
        """Write the manual as a PDF in the background."""
        self.note.setText("正在生成 PDF……")
        self._jobs.device(lambda: _save(file), lambda path: self.note.setText(f"已存为 {path}"), owner=self)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GongjiError):
            raise error
        self.note.setText("")
        dialogs.trouble(self, error)


def _save(file: Path) -> Path:
    from gongji.desk.manual import save_manual  # noqa: PLC0415  # brings what draws paper

    return save_manual(file)
