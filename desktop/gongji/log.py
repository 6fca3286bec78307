"""The log of a data folder: what the program did and what stood in its way, for whoever helps from afar.

Kept by the standard library in one file that rotates. It says nothing of anybody: no name, no number, no amount. The
formatter sees to that, whatever is handed to it: Chinese text, numbers of four digits and more, and amounts are left
out, and of an error only its kind and the lines of code it went through are kept.
"""

import logging
import re
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from gongji.errors import places

FILE_NAME = "gongji.log"
_LARGEST_BYTES, _OLDER_FILES = 512 * 1024, 1
_LEFT_OUT = re.compile(r"[^\x20-\x7e\n]+|\d{4,}[0-9Xx]*|(?<![\d.])\d+\.\d\d(?!\d|\.\d)")


def open_log(folder: Path) -> logging.Logger:
    """Return the log of a data folder, which begins its file with the first line; `close_log` lets the file go."""
    log = logging.Logger("gongji")  # noqa: LOG001  # one a folder, though one program may open two
    handler = _QuietHandler(
        folder / FILE_NAME, maxBytes=_LARGEST_BYTES, backupCount=_OLDER_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(_DiscreetFormatter("{asctime} {levelname} {message}", style="{"))
    log.addHandler(handler)
    return log


def close_log(log: logging.Logger) -> None:
    """Let the file go; again changes nothing."""
    for handler in tuple(log.handlers):
        log.removeHandler(handler)
        with suppress(OSError):  # what could not be written is left out
            handler.close()


class _QuietHandler(RotatingFileHandler):
    """A log that cannot be written is no reason for anything else to stop."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # its name there
        """Leave the line out."""


class _DiscreetFormatter(logging.Formatter):
    """Leaves out whatever may be about somebody."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a line; of an error with it, further lines of where it arose."""
        message = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            kind, *lines = places(record.exc_info[1])
            message = "\n".join([f"{message}: {kind}", *lines])
        record.message = _LEFT_OUT.sub("~", message)
        record.asctime = self.formatTime(record)
        return self.formatMessage(record)
