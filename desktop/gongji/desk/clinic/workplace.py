"""Who worked here last and the window's geometry: offered at a start, stored beside the book, read without password."""

from pathlib import Path

from msgspec import DecodeError, Struct, ValidationError, json

from gongji.errors import GongjiError
from gongji.files import write_whole
from gongji.store.book_file.folder import Folder
from gongji.store.pinyin import person_words

_NAME = "workplace.json"


class Workplace(Struct, frozen=True, kw_only=True):
    """The operator who logged in last; the window's place and size in pixels (none: maximised)."""

    operator: str = ""
    window: tuple[int, int, int, int] | None = None


def workplace_of(path: Path) -> Workplace:
    """Return how a data folder was last worked in; the defaults where it was not or the file cannot be read."""
    try:
        return json.decode((path / _NAME).read_bytes(), type=Workplace)
    except (OSError, DecodeError, ValidationError):
        return Workplace()  # only an offer at the start: nothing depends on it


def keep_workplace(path: Path, one: Workplace) -> None:
    """Store how a data folder is worked in; on a write error only the offer is lost."""
    try:
        write_whole(path / _NAME, json.encode(one))
    except GongjiError:
        return


def operators_of(path: Path) -> tuple[str, ...]:
    """Return who may open a data folder, the last one first. Raises `GongjiError` where it is none."""
    names, last = Folder(path).operators(), workplace_of(path).operator
    return tuple(sorted(names, key=lambda name: name != last))


def operators_by(names: tuple[str, ...], typed: str) -> tuple[str, ...]:
    """Return the operators that a text may mean: by the beginning of a name, in characters, initials or pinyin."""
    text = typed.strip().casefold()
    if not text:
        return names
    found = tuple(name for name in names if name.casefold() == text)
    return found or tuple(
        name
        for name in names
        if name.casefold().startswith(text) or any(word.lstrip("'").startswith(text) for word in person_words(name))
    )
