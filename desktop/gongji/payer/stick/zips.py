"""Zips that come down: whole, or refused. What a platform sends is foreign, and half of it means nothing."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

_BEGINS = b"PK"


class BrokenError(ValueError):
    """A file that is half, damaged or none; the sentence says which."""


@contextmanager
def opened(content: bytes, largest: int) -> Iterator[zipfile.ZipFile]:
    """Open a zip of at most so many bytes unpacked; `BrokenError` for anything else, also while it is read.

    A damaged byte shows when the last of an entry has been read: nothing may be kept before.
    """
    if not content.startswith(_BEGINS):  # the library forgives what stands before a zip
        raise BrokenError("下载的文件不是 zip")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > largest:
                raise BrokenError("下载的文件太大")
            yield archive
    # what the library raises for bytes that are no whole zip; the last two are its words for a way of packing it does
    # not know, and for a password that nobody agreed on
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BrokenError("下载的文件不完整或已损坏") from error
    except UnicodeDecodeError as error:
        raise BrokenError("下载的文件不是 UTF-8") from error
