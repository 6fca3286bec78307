"""What the window opens with, in the order it is asked for, so that a slow disk reads it in one go, and nothing else.

The modules lie at the beginning of the archive; the libraries and files are named in `start.txt` of the bundle, which
`read_ahead.py` reads through while the program begins. Of the large libraries of Linux a start touches less than half:
`linux/start_ranges.toml` says which parts, as `python -m tests.installers.packages.record` saw them. A file it does not
know, or that has another size now, is read whole. A place missing from the list costs time, never the start.
"""

import struct
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from installers.pyinstaller.slim import Entry

OF_PYINSTALLER = ("_pyi_rth_utils.qt",)
"""What PyInstaller's own preparations load before anything of ours."""
FIRST = (
    "pkgutil",
    "gongji.main",
    "sqlcipher3.dbapi2",
    "platformdirs.unix",
    "gongji.desk.clinic.open",
    "gongji.gui.opening",
    "gongji.gui.app",
    "gongji.gui.shell.login",
    "concurrent.futures.thread",
    "gongji.gui.counter.screen",
)
"""What is loaded one after the other until the window is there; before Qt, what is loaded while the disk brings Qt."""
NUMBERED = "gongji.store.migrations.m"
"""The steps of the book's tables, which their package imports: all of them are loaded with it."""
SOON = (
    "gongji.pack_files.read_pack", "gongji.desk.clinic.backup.backup", "gongji.gui.counter.sheets",
    "gongji.desk.visits.search", "pypinyin", "gongji.gui.printing.paperwork", "gongji.gui.printing.send_paper",
    "gongji.gui.printing.preview", "gongji.gui.counter.sheets.refund_picker",
)  # fmt: skip
"""What is loaded in the quiet moment after it (`gongji.gui.shell.preload`): behind the first, not read ahead."""
PARTS_SOON = "gongji.gui.counter.sheets."
"""The parts of a package that loads all of them."""
BESIDE = (
    "PySide6/Qt/plugins/platforms/libqxcb.so", "PySide6/plugins/platforms/qwindows.dll",
    "resources/fonts/NotoSansSC-Regular.ttf", "pypinyin/pinyin_dict.json", "pypinyin/phrases_dict.json",
)  # fmt: skip
"""What no module imports: read in this order, after everything else."""
_PLUGINS = "PySide6/Qt/plugins/"
LOOKED_INTO = (
    f"{_PLUGINS}platforms/libqoffscreen.so",
    f"{_PLUGINS}platforminputcontexts/libibusplatforminputcontextplugin.so",
    f"{_PLUGINS}platforminputcontexts/libcomposeplatforminputcontextplugin.so",
    f"{_PLUGINS}iconengines/libqsvgicon.so",
    *(f"{_PLUGINS}imageformats/libq{one}.so" for one in ("svg", "ico", "jpeg")),
    "PySide6/Qt/translations/qtbase_zh_CN.qm",
    "resources/icons/gongji.png",
)
"""What Qt opens on Linux to see what it is, or takes a little from; what it links to is not loaded yet."""
PYTHONS_OWN = ("libpython3.11.so.1.0", "python311.dll", "base_library.zip")
"""Python itself, the part not yet loaded, and the modules that it begins with: read first of all."""
_HARDLY_READ = ("libicudata", "icudt")
"""Tables of which a start looks into a few pages."""
_OF_PYTHON = "python3.11/lib-dynload/"
_OWN = "gongji."
_FOR_OTHER_TEXTS = "encodings."
"""Python's graph has all of them under `encodings`; a start needs two, which are among Python's own modules."""
_NOT_YET = ("_pydecimal.", "email.", "http.", "ssl.", "urllib.request.", "xml.sax.")
"""What the graph leads to and a start does not load: it stands in for what is missing, or comes when asked for."""


def modules(first: Iterable[str], imports: Callable[[str], Iterable[str]]) -> list[str]:
    """Return every module loaded with the first ones, each before what it imports, packages before their parts."""
    found: dict[str, None] = {}

    def load(name: str) -> None:
        package = name.rpartition(".")[0]
        if package:
            load(package)
        if name not in found:
            found[name] = None
            for one in imports(name):
                load(one)

    for name in first:
        load(name)
    return list(found)


def at_once(graph: Any) -> Callable[[str], Iterable[str]]:  # PyInstaller's own graph has no types
    """Return what tells which modules one of PyInstaller's graph imports when it is loaded, not later in a function.

    The graph also leads from a package to each part of it that anybody imports from it; of ours hardly one loads any
    (`NUMBERED`, `PARTS_SOON`).
    """

    def imports(name: str) -> Iterable[str]:
        node = graph.find_node(name, create_nspkg=False)
        for edge in () if node is None else graph.graph.out_edges(node.graphident):
            how = graph.graph.edge_data(edge)
            target = str(graph.graph.tail(edge))
            is_part = name.startswith(_OWN[:-1]) and target.rpartition(".")[0] == name
            is_later = getattr(how, "function", False) or getattr(how, "conditional", False)
            is_other = f"{target}.".startswith((_FOR_OTHER_TEXTS, *_NOT_YET))
            if not is_part and not is_later and not is_other:
                yield target

    return imports


def files(loaded: Iterable[str], binaries: Sequence[Entry], links: Callable[[str], list[str]]) -> list[str]:
    """Return the places of the libraries that modules are, and of those they link to, in the order of asking."""
    real = [one for one in binaries if one[2] != "SYMLINK"]
    of_module = {_module(one[0]): one for one in real}
    of_name = {PurePosixPath(_posix(one[0])).name.lower(): one for one in real}
    found: dict[str, None] = {}

    def load(entry: Entry) -> None:
        place = _posix(entry[0])
        if place in found or any(word in place for word in _HARDLY_READ):
            return
        found[place] = None
        for library in links(entry[1]):
            if library.lower() in of_name:
                load(of_name[library.lower()])

    beside = {_posix(one[0]): one for one in real}
    for entry in [*map(of_module.get, loaded), *map(beside.get, BESIDE)]:
        if entry is not None:
            load(entry)
    return list(found)


def _posix(place: str) -> str:
    return place.replace("\\", "/")


def _module(place: str) -> str:
    return _posix(place).removeprefix(_OF_PYTHON).partition(".")[0].replace("/", ".")


def end_of(loaded: Iterable[str], archive: Mapping[str, tuple[int, int, int]]) -> int:
    """Return how many bytes of an archive hold these modules; `archive` tells of each its kind, place and length."""
    return max((archive[one][1] + archive[one][2] for one in loaded if one in archive), default=0)


_TOLD_AT = 8
"""Behind PyInstaller's mark and Python's."""


def table_of(archive: bytes) -> int:
    """Return the byte at which an archive of modules begins to tell what lies where in it: behind them, to its end."""
    (at,) = struct.unpack(">I", archive[_TOLD_AT : _TOLD_AT + 4])
    return int(at)


Range = tuple[int, int]
"""A part of a file: the byte it begins with, and how many bytes it is."""


def recorded(ranges: Path) -> Callable[[str, int], list[Range]]:
    """Return a function from a place in the bundle and its size in bytes to the parts that a start touches.

    It returns the whole file where none were recorded, or for another size.
    """
    known = tomllib.loads(ranges.read_text("utf-8"))

    def parts(place: str, size: int) -> list[Range]:
        seen = known.get(place)
        if seen is None or seen["size"] != size:
            return [(0, size)]
        return [(begin, length) for begin, length in seen["ranges"]]

    return parts


def listed(parts: Iterable[tuple[str, Range]]) -> str:
    """Return the text of `start.txt`: of each part the byte it begins with, its length in bytes, and the place."""
    return "".join(f"{begin} {length} {place}\n" for place, (begin, length) in parts)
