"""What stands where a screen has no module yet."""

from gongji.gui.screens.base import Screen
from gongji.gui.station import Station
from gongji.gui.widgets.basics import Empty, column


class SoonScreen(Screen):
    """Says that this part is done on the command line."""

    def __init__(self, station: Station) -> None:
        """Say so."""
        super().__init__(station)
        column(self).addWidget(Empty("这一页还没有做好，请先用命令行（gongji --help）。"))
