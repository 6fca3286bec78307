"""Draws the program's icon into this folder: a receipt on the green of its window, with the sign 济 of its name.

`QT_QPA_PLATFORM=offscreen python -m installers.icons.draw`, after a change; the pictures are kept in the repository, so
that a build draws nothing.
"""

from pathlib import Path

from PIL import Image
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QImage, QPainter, QPainterPath
from PySide6.QtSvg import QSvgGenerator

HERE = Path(__file__).parent
SIZES = (16, 32, 48, 128, 256)
_FONT = HERE.parents[1] / "resources" / "fonts" / "NotoSansSC-Regular.ttf"
_GREEN, _PAPER = QColor("#0f6b6b"), QColor("#ffffff")
_OF_WINDOW = HERE.parents[1] / "resources" / "icons" / "gongji.png"
_WHOLE = 256.0
_SIGN = "济"
_TEETH = 5


def draw(painter: QPainter, family: str) -> None:
    """Draw it on a square of 256."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GREEN)
    painter.drawRoundedRect(QRectF(0, 0, _WHOLE, _WHOLE), 52, 52)
    paper = QPainterPath(QPointF(48, 30))
    paper.lineTo(208, 30)
    paper.lineTo(208, 216)
    step = 160 / _TEETH
    for tooth in range(_TEETH):
        paper.lineTo(208 - step * (tooth + 0.5), 232)
        paper.lineTo(208 - step * (tooth + 1), 216)
    paper.closeSubpath()
    painter.setBrush(_PAPER)
    painter.drawPath(paper)
    font = QFont(family)
    font.setPixelSize(150)
    font.setBold(True)
    sign = QPainterPath()
    sign.addText(0, 0, font, _SIGN)
    sign.setFillRule(Qt.FillRule.WindingFill)
    box = sign.boundingRect()
    sign.translate(128 - box.center().x(), 124 - box.center().y())
    painter.setBrush(_GREEN)
    painter.drawPath(sign)


def main() -> None:
    """Write the picture in every size, and in the form Windows wants."""
    app = QGuiApplication([])
    family = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(_FONT)))[0]
    vector = QSvgGenerator()
    vector.setFileName(str(HERE / "gongji.svg"))
    vector.setSize(QSize(256, 256))
    vector.setViewBox(QRectF(0, 0, _WHOLE, _WHOLE))
    vector.setTitle("Gongji")
    painter = QPainter(vector)
    draw(painter, family)
    painter.end()
    for size in SIZES:
        picture = QImage(size, size, QImage.Format.Format_ARGB32)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.scale(size / _WHOLE, size / _WHOLE)
        draw(painter, family)
        painter.end()
        picture.save(str(HERE / f"gongji-{size}.png"))
    largest = Image.open(HERE / f"gongji-{SIZES[-1]}.png")
    largest.save(_OF_WINDOW)
    others = [Image.open(HERE / f"gongji-{size}.png") for size in SIZES[:-1]]
    largest.save(HERE / "gongji.ico", sizes=[(size, size) for size in SIZES], append_images=others)
    app.quit()


if __name__ == "__main__":
    main()
