"""Every key that does something does it once while it is held: no other way to have one."""

from pathlib import Path

import gongji.gui


def test_nobody_makes_one_that_repeats() -> None:
    makers = {
        path.name
        for path in Path(str(gongji.gui.__file__)).parent.rglob("*.py")
        if "QShortcut" in path.read_text("utf-8")
    }
    assert makers == {"screen.py"}
