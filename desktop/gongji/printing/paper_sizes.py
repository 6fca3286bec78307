"""The papers there are: sizes and margins in mm."""

from typing import NamedTuple


class PaperSize(NamedTuple):
    """A kind of paper; a roll has no height. `size` is the body's in points, `pitch` the distance of lines in mm.

    `dots` is how many dots a receipt printer puts across the printable width of a roll.
    """

    name: str
    title: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    size: float
    pitch: float
    dots: int = 0

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.width - self.left - self.right

    @property
    def is_roll(self) -> bool:
        """Return whether the paper has no end."""
        return not self.height


_ALL = (
    PaperSize("A5", "A5 横向", 210, 148, 9, 9, 7, 7, 8.5, 4.5),
    PaperSize("A4", "A4 纵向", 210, 297, 14, 14, 12, 12, 9.5, 5.2),
    PaperSize("half", "连续纸二等分 241×139.7", 241, 139.7, 20, 20, 6, 6, 9, 4.6),
    PaperSize("third", "连续纸三等分 241×93.1", 241, 93.1, 20, 20, 4, 4, 8.5, 4.2),
    PaperSize("80", "80 毫米卷纸", 72, 0, 1, 1, 2, 6, 8.5, 4.3, 576),
    PaperSize("58", "58 毫米卷纸", 48, 0, 0.5, 0.5, 2, 6, 7.5, 3.9, 384),
)
PAPERS = {paper.name: paper for paper in _ALL}
STATEMENT = PaperSize("A4 across", "A4 横向", 297, 210, 12, 12, 12, 10, 8.5, 5.2)
"""What a month's statement is printed on, whatever paper the clinic has for receipts."""
