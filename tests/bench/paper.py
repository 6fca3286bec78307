"""The paper: from F9 to a PDF on the disk, warm and cold, hundreds in a row, and a PDF as dots for the printer."""

import gc
import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.papers.receipts import place_of, receipt_for
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.printing.escpos import raster_of
from gongji.printing.read_pdf import images_of
from gongji.printing.receipt.render import render
from tests.bench.report import Section, at_most, for_scale
from tests.bench.timing import NS_PER_MS, Spread, spread, timed
from tests.support.making import counter_in, item, visit
from tests.support.printed import print_receipt

_WARM, _ROW, _COLD, _RASTERS = 150, 200, 9, 30
_MEGABYTE = 1 << 20
_COLD_RUN = """
import sys, time
start = time.perf_counter_ns()
from pathlib import Path
from gongji.desk.settlements.settle import settle_text
from gongji.desk.clinic.open import open_counter
from tests.support.printed import print_receipt
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.support.making import clock
counter = open_counter(Path(sys.argv[1]), Library(resource_folder() / "policies"), clock)
opened = time.perf_counter_ns()
done = settle_text(counter, sys.argv[2].encode())
print_receipt(counter, done.stored)
print(time.perf_counter_ns() - opened, time.perf_counter_ns() - start)
"""


def measure() -> Section:
    """Settle and print visits of twenty lines in a new book, then raster what was printed."""
    library = Library(resource_folder() / "policies")
    with TemporaryDirectory() as folder:
        counter = counter_in(Path(folder, "data"), library)
        _printed(counter, "first")
        warm = spread([timed(partial(_printed, counter, f"W{index}"))[0] for index in range(_WARM)])
        before = _resident()
        row, _ = timed(lambda: [_printed(counter, f"R{index}") for index in range(_ROW)])
        gc.collect()
        after = _resident()
        stored = _printed(counter, "last")
        rasters = _rasters(counter, stored)
        kept = counter.store.reader.execute("SELECT avg(length(parts)) FROM printed").fetchone()[0] / 1024
        file = (counter.folder.receipts / place_of(stored)).stat().st_size / 1024
        counter.close()
        cold = _cold(Path(folder, "data"))
    return Section(
        "paper",
        (
            at_most("commit to PDF on disk, warm: p99", warm.percentile(99) / NS_PER_MS, 150, "ms", "20 lines, A5"),
            for_scale("commit to PDF on disk, warm: median", warm.median / NS_PER_MS, "ms"),
            at_most("commit to PDF on disk, first of a program: median", cold[0].median / NS_PER_MS, 400, "ms"),
            for_scale("the same with imports and opening the book", cold[1].median / NS_PER_MS, "ms"),
            for_scale(f"{_ROW:,} receipts in a row", row / NS_PER_MS / _ROW, "ms each"),
            for_scale("memory before them", before, "MB"),
            for_scale("memory after them", after, "MB"),
            for_scale("a paper's bytes in the book", kept, "KB", f"the file has {file:.0f} KB"),
            *(
                at_most(f"PDF to raster, {name}: median", found.median / NS_PER_MS, 50, "ms")
                for name, found in rasters.items()
            ),
        ),
    )


def _visit(number: str) -> dict[str, Any]:
    return visit(number, *(item(index, f"{index}.10") for index in range(1, 21)))


def _printed(session: Session, number: str) -> StoredSettlement:
    """Settle a visit and print its receipt."""
    done = settle_text(session, json.dumps(_visit(number)).encode())
    assert done.stored is not None, done.problems
    print_receipt(session, done.stored)
    return done.stored


def _rasters(session: Session, stored: StoredSettlement) -> dict[str, Spread]:
    receipt = receipt_for(session, stored)
    a5, roll = render(receipt), render(receipt, "80")
    return {
        "A5 at 150 dpi": spread([timed(lambda: images_of(a5, 150))[0] for _ in range(_RASTERS)]),
        "80 mm for the printer": spread([timed(lambda: raster_of(roll, 576))[0] for _ in range(_RASTERS)]),
    }


def _cold(data: Path) -> tuple[Spread, Spread]:
    """Return how long the first receipt of a program takes once the book is open, and with everything before it."""
    found = []
    for index in range(_COLD):
        one = json.dumps(_visit(f"C{index}"))
        command = [sys.executable, "-c", _COLD_RUN, str(data), one]
        answer = subprocess.run(command, capture_output=True, check=True, cwd=Path(__file__).parents[2])
        found.append([int(part) for part in answer.stdout.split()])
    opened, whole = zip(*found, strict=True)
    return spread(opened), spread(whole)


def _resident() -> float:
    """Return this process's memory in MB; 0 where the system does not say."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / _MEGABYTE if status.is_file() else 0.0
