"""A page of the manual: Markdown with pictures as wide as there is room, links to other pages."""

from pathlib import Path

import shiboken6
from PySide6.QtCore import QPointF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QMouseEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextBrowser

from gongji.gui.kit import tokens

_LARGER = {1: 2, 2: 1}
"""How many of Qt's steps a heading is larger than the text: half as large again, a fifth larger."""
_LINE_PERCENT = 138.0
_PROPORTIONAL = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
_PICTURE = "\ufffc"
"""The character that represents a picture in a document."""
_MARGIN = 6 * tokens.STEP


class PageView(QTextBrowser):
    """Shows Markdown; its owner follows the links and shows a picture larger."""

    picture_wanted = Signal(str)

    def __init__(self, folder: Path) -> None:
        """`folder` holds the pages and their pictures."""
        super().__init__(openLinks=False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._folder, self._text = folder, ""
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_text(self, text: str, found: str = "") -> None:
        """Show a page from its beginning, or from the position of `found`."""
        self._text = text
        self._lay_out()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        if found and self._select(found):
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + max(0, self.cursorRect().top() - _MARGIN))

    def _select(self, found: str) -> bool:
        """Select the text that was searched for and scroll to it; … in it matches anything."""
        return any(self.find(part) for part in sorted(found.split("…"), key=len, reverse=True)[:1] if part)

    def _lay_out(self) -> None:
        before = self.document()
        page = QTextDocument(self)  # a new one: in the old one the first lines would look as its first lines did
        page.setDefaultFont(self.font())
        page.setDocumentMargin(_MARGIN)
        self.setDocument(page)
        self.setMarkdown(self._text)
        if shiboken6.isValid(before):  # Qt itself deletes the one it began with
            before.deleteLater()
        self._set_type()

    def _set_type(self) -> None:
        """Set the line height, the sizes of headings, the colours of links and list points."""
        document = self.document()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        block = document.begin()
        while block.isValid():
            cursor.setPosition(block.position())
            shape = block.blockFormat()
            level = shape.headingLevel()
            shape.setLineHeight(100.0 if _PICTURE in block.text() else _LINE_PERCENT, _PROPORTIONAL)
            shape.setTopMargin(4 * tokens.STEP if level > 1 else 0)
            shape.setBottomMargin(tokens.STEP if block.textList() is not None else 2 * tokens.STEP)
            cursor.setBlockFormat(shape)
            if level:
                self._set_heading(cursor, level)
            block = block.next()
        cursor.endEditBlock()

    @staticmethod
    def _set_heading(cursor: QTextCursor, level: int) -> None:
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        shape = QTextCharFormat()
        shape.setProperty(QTextCharFormat.Property.FontSizeAdjustment, _LARGER.get(level, 0))
        shape.setFontWeight(QFont.Weight.Bold)
        shape.setForeground(QColor(tokens.NAVIGATION if level == 1 else tokens.ACCENT_DARK))
        cursor.mergeCharFormat(shape)

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802  # Qt's name
        """Return a picture no wider than the page; its pixels are those of the screen."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        image = QImage(str(self._folder / (name if isinstance(name, str) else name.toString())))
        scale = self.devicePixelRatioF()
        room = int((self.viewport().width() - 2 * _MARGIN) * scale)
        if image.width() > room > 0:
            image = image.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(scale)
        return image

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Show a clicked picture that was scaled down at its own size."""
        place = event.position() + QPointF(0, self.verticalScrollBar().value())
        name = self.document().documentLayout().imageAt(place)
        if name and not self.textCursor().hasSelection():
            self.picture_wanted.emit(str(self._folder / name))
        else:
            super().mouseReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Make the pictures as wide as there is room."""
        place = self.verticalScrollBar().value()
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width() and self._text:
            self._lay_out()
            self.verticalScrollBar().setValue(place)
