"""The installed program tries itself; the frozen one is tried the same way by `make freeze`."""

from tests.cli.test_cli_commands import gongji
from tests.support.visits import AREAS


def test_an_installation_that_works_says_so() -> None:
    windows = {"PYTHONIOENCODING": "cp1252"}  # where its output is no terminal's
    ran = gongji("--selftest", env={"QT_QPA_PLATFORM": "offscreen", **windows})
    assert (ran.status, ran.err) == (0, "")
    *areas, window = ran.out.splitlines()
    assert [line[:6] for line in areas] == sorted(AREAS)
    assert all("核对无误" in line for line in areas)
    assert window == "窗口：offscreen，字体 Noto Sans SC"
