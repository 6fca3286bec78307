"""F1: the manual at the page of the current screen or sheet, with its keys and the sentences it shows at the top."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QTableView, QWidget

from gongji.core.labels import TENDER_WORDS
from gongji.core.ledger.drawer import MOST_SUGGESTED
from gongji.core.manual import Explained
from gongji.desk.manual import manual, said_sentences
from gongji.gui.kit.dialogs import Dialog
from gongji.gui.manual.viewer import ManualWindow
from gongji.gui.shell.screen import ScreenKey

_EVERYWHERE = (("Ctrl+1…8", "换到别的页"), ("PgUp PgDn", "翻页"), ("Tab", "到下一处"), ("Enter", "按光标所在的按钮"))
_COUNTER = (
    ("↑ ↓", "在候选和明细里移动"), ("数字", "在明细上直接改数量"), ("Delete", "删去这一行"),
    (f"Alt+1…{len(TENDER_WORDS)}", "、".join(TENDER_WORDS.values())),
    (f"Alt+{len(TENDER_WORDS) + 1}…{len(TENDER_WORDS) + MOST_SUGGESTED}", "按建议的整钱收现金"),
    ("1…9", "选候选里的第几个"),
    ("Shift+F2", "病人情况"), ("Shift+F3", "读社保卡"), ("Shift+F4", "就诊情况"), ("Shift+F5", "填查得的累计和余额"),
    ("Ctrl+L", "换操作员"), ("Ctrl+1…8", "换到别的页"),
)  # fmt: skip
_JOINER = "\u2060"
_MOST_ROWS, _MOST_SAID = 60, 5


def open_for_screen(window: QWidget, name: str, screen: QWidget, keys: Sequence[ScreenKey]) -> ManualWindow:
    """Show a screen's page: its keys first, then the sentences it shows now, then the page."""
    page = manual().of_screen(name) or manual().pages[0]
    shown = [*((one.key, one.word) for one in keys if one.word), *(_COUNTER if name == "counter" else _EVERYWHERE)]
    above = ["　".join(f"**{_whole(key)}**\u00a0{_JOINER}{_whole(word)}" for key, word in shown)]
    if said := _links(_texts(screen)):
        above += ["**屏幕上正写着**（点开看怎么办）：", "\n".join(f"- {one}" for one in said)]
    viewer = _opened(window)
    viewer.show_page(page, above="\n\n".join(above) + "\n\n---\n")
    return viewer


def open_for_sheet(sheet: Dialog) -> ManualWindow:
    """Show a sheet's page, or what to do about the sentence it shows."""
    said, above = (sheet.windowTitle(), *_texts(sheet)), _buttons(sheet)  # before the manual is among its children
    viewer = _opened(sheet)
    for text in said:
        if viewer.explain(text):
            return viewer
    page = manual().of_window(sheet.windowTitle()) or manual().pages[0]
    viewer.show_page(page, above=above + "\n\n---\n")
    return viewer


def _opened(above: QWidget) -> ManualWindow:
    """Return the one manual window, above a window or sheet."""
    for one in QApplication.topLevelWidgets():
        if isinstance(one, ManualWindow) and one.isVisible():
            if one.parentWidget() is above:
                one.activateWindow()
                return one
            one.close()
    viewer = ManualWindow(above)
    viewer.show()
    viewer.activateWindow()
    return viewer


def _buttons(sheet: Dialog) -> str:
    """Return a sheet's buttons in words, and what Enter does."""
    buttons = [one for one in sheet.findChildren(QPushButton) if one.isVisible() and one.text()]
    first = next((one for one in buttons if one.isDefault()), None)
    sentences = [f"**{sheet.windowTitle()}**"]
    if first is not None:
        sentences.append(f"填好后按 **Enter**：{first.text()}。光标在别的按钮上时，Enter 按那个按钮。")
    others = "、".join(one.text() for one in buttons if one is not first)
    if others:
        sentences.append(f"这里的按钮：{others}。**Tab** 移到下一处，**Shift+Tab** 移回。")
    sentences.append("**↑ ↓** 选，**PgUp PgDn** 翻页，**Esc** 返回，什么也不做。")
    return "\n\n".join(sentences)


def _whole(words: str) -> str:
    """Return words that are not broken across lines."""
    return _JOINER.join(words)


def _links(texts: Iterator[str]) -> list[str]:
    """Return a link for each sentence that a page explains."""
    found: dict[str, Explained] = {}
    for text in texts:
        explained = said_sentences().explained(text)
        if explained is not None:
            found.setdefault(explained.quoted, explained)
    return [f"[{one.quoted}]({one.page.name}.md#{quote(one.quoted)})" for one in list(found.values())[:_MOST_SAID]]


def _texts(place: QWidget) -> Iterator[str]:
    """Yield the visible texts: of labels, of the first rows of lists, of text browsers."""
    for label in place.findChildren(QLabel):
        if label.isVisible() and label.text():
            yield label.text()
    for text in place.findChildren(QPlainTextEdit):
        if text.isVisible() and text.isReadOnly():
            yield text.toPlainText()
    for view in place.findChildren(QTableView):
        model = view.model()
        if view.isVisible() and model is not None:
            for row in range(min(_MOST_ROWS, model.rowCount())):
                for column in range(model.columnCount()):
                    yield str(model.index(row, column).data() or "")
