"""Where the program keeps its files."""

import sys
from pathlib import Path


def resource_folder() -> Path:
    """Return the folder of policies, fonts and icons: beside the frozen program, or at the top of the checkout."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen, "resources") if frozen else Path(__file__).parents[2] / "resources"
