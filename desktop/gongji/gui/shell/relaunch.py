"""Starting the program once more on another data folder: training beside the real data, or the other way round."""

import sys
from pathlib import Path


def program_with(path: Path) -> tuple[str, list[str]]:
    """Return this program and the arguments that open its window on a data folder."""
    frozen = getattr(sys, "frozen", False)
    return sys.executable, [*([] if frozen else ["-m", "gongji"]), "window", "--data", str(path)]
