"""What a clerk would read on paper: the text of the PDFs of a counter, without its line breaks."""

from pathlib import Path

from gongji.printing.read_pdf import text_of
from tests.support.clerk import Clerk


def papers(clerk: Clerk, ending: str = ".pdf") -> list[Path]:
    """The papers whose names end so, the oldest first."""
    return sorted(clerk.counter.folder.receipts.rglob(f"*{ending}"), key=lambda path: path.stat().st_mtime_ns)


def said_on(path: Path) -> str:
    """Everything a paper says."""
    return "".join("".join(text_of(path.read_bytes())).split())
