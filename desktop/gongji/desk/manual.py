"""说明书: its pages from resources/manual, read on first use, and the whole as a PDF."""

from functools import cache
from pathlib import Path

from gongji import __version__
from gongji.core.manual import Manual, SaidSentences, read_page
from gongji.errors import GongjiError
from gongji.files import read_whole, resource_folder, write_whole


def manual_folder() -> Path:
    """Return the folder of the pages; their pictures are in `pictures` beneath it."""
    return resource_folder() / "manual"


@cache
def manual() -> Manual:
    """Return the manual, its pages in the order of their files. Raises `GongjiError` where they are missing."""
    files = sorted(manual_folder().glob("*.md"))
    if not files:
        raise GongjiError("找不到说明书", "请重新安装程序；收费不受影响")
    return Manual(tuple(read_page(file.stem, read_whole(file).decode()) for file in files))


@cache
def said_sentences() -> SaidSentences:
    """Return the index of quoted sentences, by which the page for a message is found."""
    return SaidSentences(manual())


def save_manual(file: Path) -> Path:
    """Write the manual as PDF; return the file. Raises `GongjiError` on a write error or a missing glyph."""
    from gongji.printing.manual_book import manual_pdf  # noqa: PLC0415  # what lays pages out: only this needs it

    write_whole(file, manual_pdf(manual(), manual_folder(), __version__))
    return file
