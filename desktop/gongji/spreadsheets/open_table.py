"""A table in a file, as rows of texts: parsed by a child process (`table_process`) that cannot harm this one."""

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import IO, BinaryIO

from msgspec import DecodeError, Struct, msgpack
from msgspec.structs import asdict

from gongji.confined import program
from gongji.core.imports.cells import OddCell
from gongji.core.problems import quoted
from gongji.core.progress import StoppedError
from gongji.errors import GongjiError
from gongji.files import reason, refuse_endless
from gongji.spreadsheets.table_file import CHOSEN_WRONGLY, TableHead
from gongji.spreadsheets.table_process import OPTION, TableEnd, TableFault, TableFrame, TableRows

Numbered = tuple[int, list[str]]

_PATIENCE_S = 90.0
"""How long the child may be silent, in seconds."""
_LOOK_S = 0.1
_MOST_FRAME = 256 << 20

_decoder = msgpack.Decoder(TableFrame)


class Table(Struct, kw_only=True):
    """An open table: its format for people, about how many rows it has (0 where unknown), sheets left unread.

    `rows` yields each row that is not empty with its number, cells as texts without surrounding space; dates as ISO
    texts; a cell that is more than its text is an `OddCell`. Iterating may raise `GongjiError`, also when
    somebody stopped it. At the end `merged` holds the merged ranges (A1:B2), `hidden` the numbers of rows that
    a spreadsheet program does not show. `sha256` is of the whole file.
    """

    form: str
    about_rows: int
    sha256: str
    unread_sheets: tuple[str, ...] = ()
    merged: list[str] = []
    hidden: list[int] = []
    rows: Iterator[Numbered]


@contextmanager
def open_table(path: Path, stopped: Callable[[], bool] = lambda: False) -> Iterator[Table]:
    """Open a file as a table. Raises `GongjiError` that says why it is none.

    `stopped` is asked many times a second, from another thread, whether to give up.
    """
    try:
        file = path.open("rb")
        refuse_endless(file, Path(path.name))
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
    except OSError as error:
        raise GongjiError(f"读不到文件 {quoted(path.name)}（{reason(error)}）", "请检查文件名和权限") from error
    with file, closing(_Child(quoted(path.name), file, stopped)) as child:
        frame = child.next()
        if not isinstance(frame, TableHead):
            raise child.fault(frame)
        table = Table(**asdict(frame), sha256=sha256, rows=iter(()))
        table.rows = child.rows(table)
        yield table


class _Child:
    """The child, and a thread that ends it when it is no longer wanted or takes too long."""

    def __init__(self, name: str, file: BinaryIO, stopped: Callable[[], bool]) -> None:
        self._name = name
        self._process = subprocess.Popen(  # noqa: S603  # this very program
            [*program(OPTION), name],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._stopped = stopped
        self._heard = monotonic()
        self._why: GongjiError | None = None
        self._done = Event()
        self._watch = Thread(target=self._look, name="table", daemon=True)
        self._watch.start()

    def _look(self) -> None:
        while not self._done.wait(_LOOK_S):
            if self._stopped():
                self._why = StoppedError()
            elif monotonic() - self._heard > _PATIENCE_S:
                self._why = self._too_much()
            if self._why is not None:
                self._process.kill()
                return

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._done.set()
        self._watch.join()
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def next(self) -> TableFrame:
        """Return the next frame. Raises `GongjiError` when the child ended without one."""
        assert self._process.stdout is not None
        size = int.from_bytes(self._exactly(self._process.stdout, 4), "big")
        if size > _MOST_FRAME:
            raise self._too_much()
        content = self._exactly(self._process.stdout, size)
        self._heard = monotonic()
        try:
            frame: TableFrame = _decoder.decode(content)
        except DecodeError as error:
            raise self._too_much() from error
        return frame

    def _exactly(self, pipe: IO[bytes], size: int) -> bytes:
        content = pipe.read(size)
        if len(content) < size:
            self._process.wait()
            raise self._why or self._too_much()
        return content

    def fault(self, frame: TableFrame) -> GongjiError:
        """Return the error that a frame other than rows reports."""
        if isinstance(frame, TableFault):
            return GongjiError(frame.title, frame.advice)
        return self._too_much()

    def _too_much(self) -> GongjiError:
        return GongjiError(f"读 {self._name} 要的内存或时间超出了限度，没有读完", CHOSEN_WRONGLY)

    def rows(self, table: Table) -> Iterator[Numbered]:
        """Yield the rows; fill in the merged ranges at the end."""
        while True:
            frame = self.next()
            if isinstance(frame, TableEnd):
                table.merged, table.hidden = frame.merged, frame.hidden
                return
            if not isinstance(frame, TableRows):
                raise self.fault(frame)
            for place, column, kind, seen in frame.odd:
                cells = frame.rows[place][1]
                cells[column] = OddCell(cells[column], kind, seen)
            yield from frame.rows
