"""The one style sheet, made from the tokens, and the one font, which is shipped with the program."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.gui.kit import tokens as t

FONT_FILE = "NotoSansSC-Regular.ttf"
_Widget = TypeVar("_Widget", bound=QWidget)
TRAINING = "training"
"""The property of a window that is marked as one for training."""


def apply(app: QApplication) -> None:
    """Give the application its font, palette and style sheet. Raises `GongjiError` when the font is missing."""
    path = resource_folder() / "fonts" / FONT_FILE
    number = QFontDatabase.addApplicationFont(str(path))
    if number < 0 and path.is_file():
        # The self-test draws nothing, and then Qt on Windows opens a font by its name in the system's code page, which
        # may lack what a user's folder is called.
        number = QFontDatabase.addApplicationFontFromData(path.read_bytes())
    if number < 0:
        raise GongjiError(f"找不到字体 {FONT_FILE}", "请重新安装程序")
    app.setFont(font())
    app.setPalette(_palette())
    app.setStyleSheet(sheet())


def font(size: int = t.BODY, *, bold: bool = False) -> QFont:
    """Return the program's font in a size; its figures are all of one width."""
    one = QFont(t.FAMILY)
    one.setPixelSize(size)
    one.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if bold:
        one.setWeight(QFont.Weight.Bold)
    return one


def set_role(widget: _Widget, name: str) -> _Widget:
    """Set a widget's role in the style sheet, also when it changes later."""
    if (widget.property("part") or "") != name:
        widget.setProperty("part", name)
        # before that the style sheet was not applied yet
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
    return widget


def _palette() -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, t.GROUND),
        (roles.Base, t.CARD),
        (roles.AlternateBase, t.GROUND),
        (roles.Text, t.INK),
        (roles.WindowText, t.INK),
        (roles.ButtonText, t.INK),
        (roles.Button, t.CARD),
        (roles.Highlight, t.TINT),
        (roles.HighlightedText, t.INK),
        (roles.PlaceholderText, t.MUTED),
        (roles.ToolTipBase, t.INK),
        (roles.ToolTipText, t.CARD),
        (roles.Link, t.ACCENT),
    ):
        palette.setColor(role, QColor(colour))
    return palette


def sheet() -> str:
    """Return the style sheet."""
    icons = (resource_folder() / "icons").as_posix()
    return _GENERAL + _PARTS + _FIELDS + _BUTTONS + _TABLES + _BARS + _icons(icons) + _training(icons)


def _training(folder: str) -> str:
    """Return the mark of a training window's screens and sheets; drawn only where something is drawn anyway.

    It stands in the application's sheet: a sheet of the window's own is worked out anew for all that is put into it.
    """
    inside = f'QMainWindow[{TRAINING}="true"]'
    return f"""
{inside} QFrame[part="card"], {inside} QTableView, {inside} QDialog {{ background-image: url({folder}/training.png);
    background-repeat: repeat-xy; background-position: center; }}
{inside} QTableView[part="inside"] {{ background: transparent; }}
"""


def _icons(folder: str) -> str:
    box = f"width: 16px; height: 16px; border: 1px solid {t.MUTED}; background: {t.CARD};"
    ticked = f"background: {t.ACCENT}; border-color: {t.ACCENT}; image: url({folder}/check.svg);"
    return f"""
QCheckBox::indicator {{ {box} border-radius: 3px; }}
QCheckBox::indicator:checked {{ {ticked} }}
QCheckBox::indicator:disabled {{ background: {t.DISABLED_GROUND}; border-color: {t.FIELD_LINE}; }}
QRadioButton::indicator {{ {box} border-radius: 9px; }}
QRadioButton::indicator:checked {{ width: 8px; height: 8px; background: {t.CARD}; border: 5px solid {t.ACCENT};
    border-radius: 9px; }}
QComboBox::down-arrow {{ image: url({folder}/down.svg); width: 16px; height: 16px; }}
"""


_GENERAL = f"""
* {{ font-family: "{t.FAMILY}"; font-size: {t.BODY}px; color: {t.INK}; }}
QMainWindow, QDialog, QWidget[part="ground"] {{ background: {t.GROUND}; }}
QToolTip {{ background: {t.INK}; color: {t.CARD}; border: 0; padding: {t.STEP}px; }}
QLabel {{ background: transparent; }}
"""

_NOTE = f"border: 0; border-radius: {t.FIELD_RADIUS}px;"
_CHIP = f"border-radius: 12px; padding: 3px 12px; font-size: {t.LABEL}px;"
_PARTS = f"""
QFrame[part="card"] {{ background: {t.CARD}; border: 1px solid {t.HAIRLINE}; border-radius: {t.RADIUS}px; }}
QFrame[part="rule"] {{ background: {t.HAIRLINE}; border: 0; max-height: 1px; min-height: 1px; }}
QFrame[part="note"] {{ background: {t.GROUND}; {_NOTE} }}
QFrame[part="alert"] {{ background: {t.ATTENTION_TINT}; {_NOTE} }}
QFrame[part="hint"] {{ background: {t.SECOND_TINT}; {_NOTE} }}
QFrame[part="done"] {{ background: {t.TINT}; {_NOTE} }}
QWidget[part="header"] {{ background: {t.CARD}; border-bottom: 1px solid {t.HAIRLINE}; }}
QWidget[part="keys"] {{ background: {t.CARD}; border-top: 1px solid {t.HAIRLINE}; }}
QWidget[part="navigation"] {{ background: {t.NAVIGATION}; }}
QLabel[part="brand"] {{ color: {t.ON_DARK}; font-size: {t.HEADING}px; font-weight: 700; }}
QLabel[part="sitting"] {{ color: {t.NAVIGATION_TEXT}; font-size: {t.LABEL}px; }}
QLabel[part="clinic"] {{ font-weight: 700; font-size: 15px; }}
QLabel[part="label"], QLabel[part="muted"] {{ color: {t.MUTED}; font-size: {t.LABEL}px; }}
QLabel[part="small"] {{ color: {t.MUTED}; font-size: {t.NOTE}px; }}
QLabel[part="strong"] {{ font-weight: 700; }}
QLabel[part="heading"] {{ font-weight: 700; font-size: {t.HEADING}px; }}
QLabel[part="title"], QLabel[part="name"] {{ font-weight: 700; font-size: {t.NAME}px; }}
QLabel[part="accent"] {{ color: {t.ACCENT}; font-weight: 700; }}
QLabel[part="second"] {{ color: {t.SECOND}; font-weight: 700; }}
QLabel[part="attention"] {{ color: {t.ATTENTION}; font-weight: 700; }}
QLabel[part="wrong"] {{ color: {t.ATTENTION}; font-size: {t.LABEL}px; }}
QLabel[part="figure"] {{ font-size: {t.FIGURE}px; font-weight: 700; }}
QLabel[part="figure accent"] {{ font-size: {t.FIGURE}px; font-weight: 700; color: {t.ACCENT}; }}
QLabel[part="due"] {{ font-size: {t.DUE}px; font-weight: 700; }}
QLabel[part="change"] {{ font-size: {t.CHANGE}px; font-weight: 700; color: {t.ATTENTION}; }}
QLabel[part="change none"] {{ font-size: {t.CHANGE}px; font-weight: 700; color: {t.MUTED}; }}
QLabel[part="chip"] {{ background: {t.STRIPE}; color: {t.MUTED}; {_CHIP} }}
QLabel[part="chip going"] {{ background: {t.TINT}; color: {t.ACCENT}; {_CHIP} }}
QLabel[part="chip attention"] {{ background: {t.ATTENTION_TINT}; color: {t.ATTENTION}; {_CHIP} font-weight: 700; }}
QLabel[part="chip training"] {{ background: {t.SECOND}; color: {t.ON_DARK}; {_CHIP} font-weight: 700; }}
"""

_FIELDS = f"""
QLineEdit, QComboBox, QSpinBox, QPlainTextEdit {{ background: {t.CARD}; color: {t.INK};
    border: 1px solid {t.FIELD_LINE}; border-radius: {t.FIELD_RADIUS}px; padding: 0 {t.GAP}px;
    selection-background-color: {t.ACCENT}; selection-color: {t.ON_DARK}; }}
QLineEdit, QComboBox, QSpinBox {{ min-height: {t.FIELD - 2}px; max-height: {t.FIELD - 2}px; }}
QPlainTextEdit {{ padding: {t.STEP}px {t.GAP}px; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QPlainTextEdit:focus {{
    border: 2px solid {t.ACCENT}; padding: 0 {t.GAP - 1}px; }}
QLineEdit:disabled, QComboBox:disabled {{ background: {t.GROUND}; color: {t.DISABLED}; }}
QLineEdit[part="wrong"] {{ border: 2px solid {t.ATTENTION}; padding: 0 {t.GAP - 1}px; }}
QTableView QLineEdit {{ min-height: 0; border-radius: 0; padding: 0 4px; }}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox QAbstractItemView {{ background: {t.CARD}; border: 1px solid {t.HAIRLINE}; outline: 0;
    selection-background-color: {t.TINT}; selection-color: {t.INK}; }}
QCheckBox, QRadioButton {{ spacing: 8px; background: transparent; }}
QCheckBox:focus, QRadioButton:focus {{ color: {t.ACCENT}; }}
"""

_BUTTONS = f"""
QPushButton {{ background: {t.CARD}; color: {t.INK}; border: 1px solid {t.FIELD_LINE};
    border-radius: {t.FIELD_RADIUS}px; padding: 0 {t.EDGE}px; min-height: {t.FIELD - 4}px; }}
QPushButton:hover {{ background: {t.GROUND}; }}
QPushButton:focus {{ border: 2px solid {t.ACCENT}; padding: 0 {t.EDGE - 1}px; }}
QPushButton:disabled {{ background: {t.DISABLED_GROUND}; color: {t.DISABLED}; border-color: {t.DISABLED_GROUND}; }}
QPushButton[part="main"] {{ background: {t.ACCENT}; color: {t.ON_DARK}; border: 0; border-radius: {t.RADIUS}px;
    font-weight: 700; font-size: 15px; padding: 0 {2 * t.GAP}px; }}
QPushButton[part="main"]:focus {{ background: {t.ACCENT_DARK}; border: 2px solid {t.ACCENT_SOFT}; }}
QPushButton[part="settle"] {{ background: {t.ACCENT}; color: {t.ON_DARK}; border: 0; border-radius: {t.RADIUS}px;
    font-weight: 700; font-size: {t.FIGURE}px; min-height: 52px; }}
QPushButton[part="settle"]:focus {{ background: {t.ACCENT_DARK}; border: 3px solid {t.ACCENT_SOFT}; }}
QPushButton[part="main"]:hover, QPushButton[part="settle"]:hover {{ background: {t.ACCENT_DARK}; }}
QPushButton[part="danger"] {{ background: {t.ATTENTION}; color: {t.ON_DARK}; border: 0; font-weight: 700; }}
QPushButton[part="danger"]:focus {{ border: 2px solid {t.INK}; }}
QPushButton[part="main"]:disabled, QPushButton[part="settle"]:disabled, QPushButton[part="danger"]:disabled {{
    background: {t.DISABLED_GROUND}; color: {t.DISABLED}; }}
QPushButton[part="link"] {{ background: transparent; border: 0; color: {t.ACCENT}; padding: 0 2px; min-height: 20px;
    font-size: {t.LABEL}px; text-align: left; }}
QPushButton[part="link"]:hover, QPushButton[part="link"]:focus {{ color: {t.ACCENT_DARK};
    text-decoration: underline; }}
QPushButton[part="means"] {{ background: transparent; border: 0; color: {t.MUTED}; padding: 0 4px; min-height: 24px;
    font-size: {t.LABEL}px; }}
QPushButton[part="means"]:checked {{ color: {t.ACCENT}; font-weight: 700; }}
QPushButton[part="means"]:hover {{ color: {t.ACCENT_DARK}; }}
QPushButton[part="means"]:focus {{ text-decoration: underline; color: {t.ACCENT}; }}
QPushButton[part="key"] {{ background: transparent; border: 0; padding: 0 2px; min-height: 24px;
    font-size: {t.LABEL}px; color: {t.MUTED}; }}
QPushButton[part="key"]:hover {{ color: {t.ACCENT}; }}
QPushButton[part="navigate"] {{ background: transparent; border: 0; border-left: 4px solid transparent;
    color: {t.NAVIGATION_TEXT}; text-align: left; padding: 0 0 0 {t.EDGE + 2}px; min-height: 40px; font-size: 15px;
    border-radius: 0; }}
QPushButton[part="navigate"]:hover {{ background: {t.NAVIGATION_HOVER}; }}
QPushButton[part="navigate"]:checked {{ background: {t.ACCENT}; color: {t.ON_DARK};
    border-left: 4px solid {t.ACCENT_SOFT}; }}
"""

_TABLES = f"""
QTableView, QTreeView, QListView {{ background: {t.CARD}; border: 0; outline: 0; gridline-color: transparent;
    selection-background-color: {t.TINT}; selection-color: {t.INK}; alternate-background-color: {t.CARD}; }}
QTableView[part="floating"] {{ border: 1px solid {t.FIELD_LINE}; border-radius: {t.FIELD_RADIUS}px; }}
QTableView::item {{ border-bottom: 1px solid {t.STRIPE}; padding: 0 {2 * t.STEP}px; }}
QTableView::item:selected {{ background: {t.TINT}; }}
QHeaderView {{ background: {t.CARD}; border: 0; }}
QHeaderView::section {{ background: {t.CARD}; color: {t.MUTED}; border: 0; border-bottom: 1px solid {t.HAIRLINE};
    padding: 0 {2 * t.STEP}px; min-height: {t.ROW}px; font-size: {t.LABEL}px; font-weight: 400; }}
QScrollArea {{ background: transparent; border: 0; }}
QScrollArea > QWidget > QWidget[part="inside"] {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.FIELD_LINE}; border-radius: 4px; min-height: 24px; }}
QScrollBar:horizontal {{ background: transparent; height: 8px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {t.FIELD_LINE}; border-radius: 4px; min-width: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QMenu {{ background: {t.CARD}; border: 1px solid {t.HAIRLINE}; padding: {t.STEP}px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.TINT}; color: {t.INK}; }}
QTabBar::tab {{ background: transparent; border: 0; padding: 8px 14px; color: {t.MUTED}; }}
QTabBar::tab:selected {{ color: {t.ACCENT}; border-bottom: 2px solid {t.ACCENT}; font-weight: 700; }}
QTabBar::tab:focus {{ color: {t.ACCENT}; }}
QTabWidget::pane {{ border: 0; }}
"""

_BARS = f"""
QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
QProgressBar {{ background: {t.STRIPE}; border: 0; border-radius: 4px; max-height: 8px; min-height: 8px;
    text-align: center; }}
QProgressBar::chunk {{ background: {t.ACCENT}; border-radius: 4px; }}
"""
