"""打印机: which one this counter prints on, and pages as images for it."""

from msgspec import Struct

from gongji.desk.counter import Counter
from gongji.printing.reading import images_of
from gongji.store import settings

_SETTING = "printer"


class PageImage(Struct, frozen=True, kw_only=True):
    """A page in shades of grey, row by row."""

    width: int
    height: int
    grey: bytes


def chosen_printer(counter: Counter) -> str:
    """Return the printer's name as the system knows it; nothing where papers stay files."""
    return settings.get(counter.store.reader, _SETTING) or ""


def choose_printer(counter: Counter, name: str) -> None:
    """Print on this one from now on; nothing for none."""
    with counter.store.write() as connection:
        settings.put(connection, _SETTING, name)


def page_images(pdf: bytes, dots_per_inch: int) -> list[PageImage]:
    """Return the pages of a PDF as images."""
    found = []
    for one in images_of(pdf, dots_per_inch):
        grey = one.convert("L")
        found.append(PageImage(width=grey.width, height=grey.height, grey=grey.tobytes()))
    return found
