"""Composition root: which command, with what, and what its end means to the caller."""

import sys
from collections.abc import Sequence

from gongji.cli.commands import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status: 0 done, 2 refused, 1 a failure of the program itself."""
    return run(sys.argv[1:] if arguments is None else arguments)
