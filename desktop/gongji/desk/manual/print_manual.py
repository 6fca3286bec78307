"""The manual as a PDF, to be printed and laid beside the counter."""

from pathlib import Path

from gongji import __version__
from gongji.desk.manual.read_manual import manual, manual_folder
from gongji.files import write_whole
from gongji.printing.manual_book import manual_pdf


def save_manual(file: Path) -> Path:
    """Write the manual as PDF; return the file. `GongjiError` where it cannot be written or a glyph is missing."""
    write_whole(file, manual_pdf(manual(), manual_folder(), __version__))
    return file
