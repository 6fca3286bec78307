"""设置 at the window."""

import pytest

from gongji.gui.settings.screen import SettingsScreen
from tests.support.clerk import Clerk


@pytest.fixture
def about(clerk: Clerk) -> SettingsScreen:
    clerk.press("8", with_ctrl=True)
    clerk.press("F9")
    found = clerk.window.screen_shown
    assert isinstance(found, SettingsScreen)
    return found
