"""The log of a data folder: what the program did and which errors it met, for support from afar.

The standard library keeps it in one rotating file. It holds no personal data: no name, no number, no amount. The
formatter makes sure of that whatever it is given: Chinese text, numbers of four digits and more, and amounts are left
out, and of an error only its type and the lines of code it passed through are written.
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
    """Return the log of a data folder; the first line creates its file, `close_log` closes it."""
    log = logging.Logger("gongji")  # noqa: LOG001  # one a folder, though one program may open two
    handler = _QuietHandler(
        folder / FILE_NAME, maxBytes=_LARGEST_BYTES, backupCount=_OLDER_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(_DiscreetFormatter("{asctime} {levelname} {message}", style="{"))
    log.addHandler(handler)
    return log


def close_log(log: logging.Logger) -> None:
    """Close the log's file; closing it twice is harmless."""
    for handler in tuple(log.handlers):
        log.removeHandler(handler)
        with suppress(OSError):  # lines that cannot be written are dropped
            handler.close()


class _QuietHandler(RotatingFileHandler):
    """A rotating file handler whose own errors never stop the program."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # its name there
        """Drop the line."""


class _DiscreetFormatter(logging.Formatter):
    """Leaves out whatever may identify a person."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a record; with an error, further lines for where it arose."""
        message = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            kind, *lines = places(record.exc_info[1])
            message = "\n".join([f"{message}: {kind}", *lines])
        record.message = _LEFT_OUT.sub("~", message)
        record.asctime = self.formatTime(record)
        return self.formatMessage(record)
