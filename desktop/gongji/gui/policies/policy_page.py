"""A page of 政策: it shows one edition of one area."""

from gongji.core.engine.policy import Policy
from gongji.gui.kit.pages import ScreenPage
from gongji.gui.shell.workspace import Workspace


class PolicyPage(ScreenPage):
    """Shows an edition when it is asked to, and again when it is next turned to."""

    def __init__(self, station: Workspace) -> None:
        """Begin with no edition."""
        super().__init__()
        self.station = station
        self.policy: Policy | None = None

    def take(self, policy: Policy) -> None:
        """Take an edition; it is shown by `refresh`."""
        self.policy = policy
