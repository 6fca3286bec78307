"""The SQLite that the book is opened with: SQLCipher's. It speaks like the standard library's and is typed by it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3 as sqlite
else:
    from sqlcipher3 import dbapi2 as sqlite

Connection = sqlite.Connection
Cursor = sqlite.Cursor
Error = sqlite.Error
VERSION: tuple[int, ...] = sqlite.sqlite_version_info
connect = sqlite.connect

__all__ = ["VERSION", "Connection", "Cursor", "Error", "connect"]
