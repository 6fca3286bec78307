"""The totals of the queue by group, as cards to choose from."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from gongji.core.money import grouped
from gongji.desk.upload.queue import ALL, GROUPS, StateTotal
from gongji.gui.kit import tokens
from gongji.gui.kit.layout import column, label, put, row
from gongji.gui.kit.parts import headed
from gongji.gui.kit.style import set_role

_ATTENTION = "需处理"
_HEIGHT = 78

_STYLE = f"""
QPushButton {{ background: {tokens.CARD}; border: 1px solid {tokens.HAIRLINE}; border-radius: {tokens.RADIUS}px;
    min-height: {_HEIGHT}px; max-height: {_HEIGHT}px; padding: 0; }}
QPushButton:hover {{ background: {tokens.GROUND}; }}
QPushButton:checked {{ background: {tokens.TINT}; border: 1px solid {tokens.ACCENT}; }}
QPushButton:focus {{ border: 2px solid {tokens.ACCENT}; padding: 0; }}
"""


class GroupCards(QWidget):
    """One card a group: how many, how much, since when; pressing one lists it."""

    def __init__(self, chosen: Callable[[str], None]) -> None:
        """`chosen` gets the name of the group that was pressed."""
        super().__init__()
        self.setStyleSheet(_STYLE)
        self._buttons = QButtonGroup(self)
        self.cards = {name: _Card(name) for name in (*(group.name for group in GROUPS), ALL)}
        for name, card in self.cards.items():
            card.clicked.connect(lambda _=False, name=name: chosen(name))
            self._buttons.addButton(card)
        put(row(self), *((card, 1) for card in self.cards.values()))
        self.cards[GROUPS[0].name].setChecked(True)

    def show_totals(self, totals: Mapping[str, StateTotal]) -> None:
        """Show how many and how much."""
        for name, one in totals.items():
            self.cards[name].show_total(one)
        records = sum(one.records for one in totals.values())
        fund_fen = sum(one.fund_fen for one in totals.values())
        self.cards[ALL].show_figures(records, f"基金 {grouped(fund_fen)}", "")

    def choose(self, name: str) -> None:
        """Show a group as the chosen one."""
        self.cards[name].setChecked(True)


class _Card(QPushButton):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAccessibleName(name)
        self._is_for_people = name == _ATTENTION
        self.records = label("0", "figure")
        self._amount = label("", "small")
        self._since = label("", "small")
        down = put(
            column(self, margin=0, spacing=0), headed(name, self.records, part="label"), self._amount, self._since
        )
        down.setContentsMargins(tokens.GAP, 2 * tokens.STEP, tokens.GAP, 2 * tokens.STEP)
        for one in self.findChildren(QWidget):
            one.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_total(self, one: StateTotal) -> None:
        since = f"最早 {one.oldest[5:16]}" if one.oldest and one.state != "已上传" else ""
        self.show_figures(one.records, f"基金 {grouped(one.fund_fen)}" if one.records else "", since)
        if self._is_for_people:
            set_role(self.records, "change" if one.records else "figure")

    def show_figures(self, records: int, amount: str, since: str) -> None:
        self.records.setText(f"{records:,}")
        self._amount.setText(amount)
        self._since.setText(since)
