"""The log of a data folder: what the program did and which errors it met, for support from afar.

It is one file; once that is large it is put aside and another begun. It holds no personal data: no name, no number, no
amount. The formatter makes sure of that whatever it is given: Chinese text, numbers of four digits and more, and
amounts are left out, and of an error only its type and the lines of code it passed through are written.
"""

import io
import logging
import re
from contextlib import suppress
from pathlib import Path

from gongji.errors import places

FILE_NAME = "gongji.log"
_LARGEST_BYTES = 512 * 1024
_OLDER = ".1"
"""What the name of the file before ends with."""
_LEFT_OUT = re.compile(r"[^\x20-\x7e\n]+|\d{4,}[0-9Xx]*|(?<![\d.])\d+\.\d\d(?!\d|\.\d)")


def open_log(folder: Path) -> logging.Logger:
    """Return the log of a data folder; the first line creates its file, `close_log` closes it."""
    log = logging.Logger("gongji")  # noqa: LOG001  # one a folder, though one program may open two
    handler = _QuietHandler(folder / FILE_NAME, encoding="utf-8", delay=True)
    handler.setFormatter(_DiscreetFormatter("{asctime} {levelname} {message}", style="{"))
    log.addHandler(handler)
    return log


def close_log(log: logging.Logger) -> None:
    """Close the log's file; closing it twice is harmless."""
    for handler in tuple(log.handlers):
        log.removeHandler(handler)
        with suppress(OSError):  # lines that cannot be written are dropped
            handler.close()


class _QuietHandler(logging.FileHandler):
    """Keeps the newest lines in one file and those before in another; its own errors never stop the program.

    The standard library has such a handler among others, which bring the network and much else with them.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, into a new file where this one is full."""
        try:
            if self._is_full(record):
                self._put_aside()
        except Exception:  # noqa: BLE001  # whatever it is, the line is dropped
            self.handleError(record)
        else:
            super().emit(record)

    def _is_full(self, record: logging.LogRecord) -> bool:
        path = Path(self.baseFilename)
        if path.exists() and not path.is_file():
            return False
        if self.stream is None:
            self.stream = self._open()
        self.stream.seek(0, io.SEEK_END)
        return self.stream.tell() + len(self.format(record)) + 1 >= _LARGEST_BYTES

    def _put_aside(self) -> None:
        full, self.stream = self.stream, None  # the next line opens one
        if full is not None:
            full.close()
        Path(self.baseFilename).replace(self.baseFilename + _OLDER)

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
