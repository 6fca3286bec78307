"""The packs a counter settles by: those shipped with the program, and downloaded or imported editions."""

from collections.abc import Iterable, Sequence

from gongji.pack_files.library import Library
from gongji.store.catalogue.diagnoses import diseases_by_area
from gongji.store.engine import Connection
from gongji.store.upload import downloads
from gongji.store.upload.downloads import KeptPack


def joined(shipped: Library, kept: Sequence[KeptPack]) -> Library:
    """Return the shipped packs and the added ones. Raises `BadPackError` where they do not fit together."""
    from gongji.pack_files.read_pack import BadPackError, parse_pack  # noqa: PLC0415  # hardly any book has added packs

    found = []
    for one in kept:
        pack = parse_pack(one.text)
        if isinstance(pack, list):
            raise BadPackError(one.id, pack)
        found.append((pack, one.text))
    return shipped.joined_by(found) if found else shipped


def _revision(text: bytes) -> int:
    """Return the revision number in a pack's text; 0 where it cannot be read."""
    from gongji.pack_files.read_pack import parse_pack  # noqa: PLC0415  # as in `joined`

    pack = parse_pack(text)
    return 0 if isinstance(pack, list) else pack.revision


def in_effect(shipped: Library, kept: Iterable[KeptPack]) -> list[KeptPack]:
    """Return the added editions that can be read and that no shipped one replaces: of as high a revision, or higher."""
    found = []
    for one in kept:
        mine = next((known.pack.revision for known in shipped.editions(one.area) if known.id == one.id), 0)
        if _revision(one.text) > mine:
            found.append(one)
    return found


def library_with(shipped: Library, connection: Connection) -> tuple[Library, tuple[str, ...]]:
    """Return all packs, with added editions; and, in sentences, which of those are left out and why.

    A shipped edition replaces an added one, unless the added text is a later revision.
    """
    kept = downloads.packs_current(connection)
    library, left_out = _with_added(shipped, kept) if kept else (shipped, ())
    listed = diseases_by_area(connection)
    return (library.with_diseases(listed) if listed else library), left_out


def _with_added(shipped: Library, kept: Iterable[KeptPack]) -> tuple[Library, tuple[str, ...]]:
    from gongji.pack_files.read_pack import BadPackError  # noqa: PLC0415  # as in `joined`

    found: list[KeptPack] = []
    left_out = []
    library = shipped
    for one in kept:
        mine = next((known.pack for known in shipped.editions(one.area) if known.id == one.id), None)
        if mine is not None and mine.revision >= _revision(one.text):
            continue
        try:
            library = joined(shipped, [*found, one])
        except BadPackError as bad:
            left_out.append(f"下载的政策包 {one.id} 与程序自带的不合：{bad.problems[0].message}")
        else:
            found.append(one)
    return library, tuple(left_out)
