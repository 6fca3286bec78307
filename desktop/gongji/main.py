"""Composition root: the one place that knows the time of day and who called."""

import datetime
import sys
from collections.abc import Sequence

from gongji.cli.commands import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status: 0 done, 2 refused, 1 a failure of the program itself."""
    given = sys.argv[1:] if arguments is None else arguments
    return run(given, clock=lambda: datetime.datetime.now().astimezone())
