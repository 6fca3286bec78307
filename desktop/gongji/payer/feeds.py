"""下载: a region's catalogue feeds (13xx): files fetched by 9102, and queries answered in pages.

A downloaded zip is whole or refused: what a platform sends is foreign, and half of it means nothing.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec import Struct

from gongji.core.imports.catalogue_feed import Feed
from gongji.payer.regions import Profile
from gongji.payer.schema import plain

_BEGINS = b"PK"


class BrokenError(ValueError):
    """A file is incomplete, damaged or no zip; the sentence says which."""


@contextmanager
def opened_zip(content: bytes, largest: int) -> Iterator[zipfile.ZipFile]:
    """Open a zip of at most `largest` bytes unpacked. Raises `BrokenError` for anything else, also while it is read.

    A damaged byte shows when the end of an entry has been read: nothing may be stored before.
    """
    if not content.startswith(_BEGINS):  # the library accepts bytes before a zip
        raise BrokenError("下载的文件不是 zip")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > largest:
                raise BrokenError("下载的文件太大")
            yield archive
    # what the library raises for bytes that are no whole zip; the last two are its exceptions for a compression that it
    # does not know, and for an entry with a password
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BrokenError("下载的文件不完整或已损坏") from error
    except UnicodeDecodeError as error:
        raise BrokenError("下载的文件不是 UTF-8") from error


PAGE_ROWS = 500
_LARGEST = 400 << 20
_DAY_SIGNS = 10


class ReadyFile(Struct, frozen=True, kw_only=True):
    """A file that is ready to be fetched: its number and name, and how many rows it has where that is said."""

    number: str
    name: str
    count: int | None


def asked(feed: Feed, since: str, page: int, profile: Profile) -> dict[str, Any]:
    """Return the input that asks for what is newer than a version (empty: for all); of a paged feed for one page."""
    if not feed.paged:
        return {"data": {"ver": since or profile.first_version}}
    data = {
        "updt_time": (since or profile.first_time)[:_DAY_SIGNS],  # queries go by the day
        "page_num": str(page),
        "page_size": str(PAGE_ROWS),
    }
    return {"data": data}


def ready_file(output: Mapping[str, Any]) -> ReadyFile:
    """Return the file that a 13xx answer announces."""
    number, rows_said = plain(output.get("file_qury_no")) or "", plain(output.get("data_cnt")) or ""
    return ReadyFile(
        number=number,
        name=plain(output.get("filename")) or "",
        count=_whole(rows_said) if rows_said else None if number else 0,
    )


def _whole(number: str) -> int:
    """Return a count, which some write with decimals."""
    return int(number.partition(".")[0])


def fetching(file: ReadyFile, since: str, institution: str, profile: Profile) -> dict[str, Any]:
    """Return the input of the 9102 that fetches a file; regions differ in two of its fields."""
    ways, version = profile.catalogue_file, since or profile.first_version
    name = (ways.filename or file.name).replace("{ver}", version)
    code = (ways.fixmedins_code or institution).replace("{ver}", version)
    return {"fsDownloadIn": {"file_qury_no": file.number, "filename": name, "fixmedins_code": code}}


def page_of(output: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], int]:
    """Return the rows of one page, and the number on all pages. Raises `BrokenError` where they are no rows."""
    found = output.get("data") or []
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise BrokenError("平台给的目录不是一行一行的")
    return found, _whole(plain(output["recordCounts"]) or "0")


def of_row(feed: Feed, row: Mapping[str, Any]) -> dict[str, str]:
    """Return a row of a page under our names."""
    return {name: plain(row.get(str(field))) or "" for name, field in feed.fields.items()}


def of_cells(feed: Feed, cells: Sequence[str]) -> dict[str, str]:
    """Return a row of a file under our names. Raises `BrokenError` where it has too few columns."""
    if len(cells) < feed.columns:
        raise BrokenError(f"只有 {len(cells)} 列，应有 {feed.columns} 列")
    return {name: cells[place - 1] for name, place in feed.fields.items() if isinstance(place, int)}


def lines_of(content: bytes) -> Iterator[list[str]]:
    """Yield the lines of the only text in a zip, each as its cells. Raises `BrokenError` for anything else."""
    with opened_zip(content, _LARGEST) as archive:
        entries = archive.infolist()
        if len(entries) != 1:
            raise BrokenError(f"下载的包里有 {len(entries)} 个文件，应恰有一个")
        with archive.open(entries[0]) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="\n") as text:
            for line in text:
                cells = line.rstrip("\r\n").split("\t")
                if cells != [""]:
                    yield cells


def files_of(content: bytes) -> list[tuple[str, bytes]]:
    """Return the files in a zip with their names. Raises `BrokenError` for anything else, or an incomplete one."""
    with opened_zip(content, _LARGEST) as archive:
        return [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
