"""What is asked for on the command line of the window; read before Qt is, which ends where there is no display."""

import argparse
from collections.abc import Sequence
from pathlib import Path


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="gongji")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--audit", action="store_true", help="only look at a copy of a book, as a reviewer")
    parser.add_argument("--practice", action="store_true", help="training data, made now where there are none")
    parser.add_argument("--policies", action="append", type=Path, default=[])
    return parser.parse_args(arguments)
