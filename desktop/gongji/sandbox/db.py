"""The practice platform's own SQLite file: plain, one connection, nothing of the book's.

It must survive a killed process, not a power cut: what is in it is invented.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongji.errors import GongjiError

_FORMAT = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS person (
    rank INTEGER PRIMARY KEY, certno TEXT NOT NULL UNIQUE, facts TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS figure (
    owner TEXT NOT NULL, scope TEXT NOT NULL, name TEXT NOT NULL, amount_fen INTEGER NOT NULL,
    PRIMARY KEY (owner, scope, name)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS encounter (
    id INTEGER PRIMARY KEY, certno TEXT NOT NULL, institution TEXT NOT NULL, ipt_otp_no TEXT NOT NULL,
    insuplc TEXT NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open', registered TEXT NOT NULL,
    described TEXT, med_type TEXT) STRICT;
CREATE INDEX IF NOT EXISTS encounter_person ON encounter (certno, id);
CREATE INDEX IF NOT EXISTS encounter_number ON encounter (institution, ipt_otp_no);
CREATE TABLE IF NOT EXISTS line (
    id INTEGER PRIMARY KEY, encounter INTEGER NOT NULL, feedetl_sn TEXT NOT NULL, chrg_bchno TEXT NOT NULL,
    body TEXT NOT NULL, UNIQUE (encounter, feedetl_sn)) STRICT;
CREATE TABLE IF NOT EXISTS settlement (
    id INTEGER PRIMARY KEY, encounter INTEGER, msgid TEXT NOT NULL, certno TEXT NOT NULL, visit_no TEXT NOT NULL,
    institution TEXT NOT NULL, at TEXT NOT NULL, insutype TEXT NOT NULL, med_type TEXT NOT NULL,
    benefit TEXT NOT NULL, amounts TEXT NOT NULL, moved TEXT NOT NULL, asked TEXT NOT NULL,
    live INTEGER NOT NULL DEFAULT 1, ended_at TEXT, ended_by TEXT) STRICT;
CREATE INDEX IF NOT EXISTS settlement_encounter ON settlement (encounter);
CREATE INDEX IF NOT EXISTS settlement_msgid ON settlement (msgid);
CREATE INDEX IF NOT EXISTS settlement_ended ON settlement (ended_by);
CREATE INDEX IF NOT EXISTS settlement_day ON settlement (institution, at);
CREATE TABLE IF NOT EXISTS message (
    msgid TEXT PRIMARY KEY, infno TEXT NOT NULL, certno TEXT NOT NULL, sha256 TEXT NOT NULL, done INTEGER NOT NULL,
    answer BLOB NOT NULL, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS barred (msgid TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS offered (
    infno TEXT NOT NULL, rid TEXT NOT NULL, ver INTEGER NOT NULL UNIQUE, at TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (infno, rid)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, institution TEXT NOT NULL, content BLOB NOT NULL) STRICT;
"""


class Platform:
    """The open file."""

    def __init__(self, path: Path) -> None:
        """Open a file, made where there is none; `GongjiError` when it is no practice platform's."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._begin()
        except (OSError, sqlite3.Error) as error:
            raise GongjiError(f"练习平台的文件 {path} 打不开", "请换一个位置，或删除这个练习文件重来") from error

    def _begin(self) -> None:
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.execute("PRAGMA busy_timeout = 5000")
        (found,) = self.connection.execute("PRAGMA user_version").fetchone()
        if found not in {0, _FORMAT}:
            raise sqlite3.DatabaseError(found)
        self.connection.executescript(_TABLES)
        self.connection.execute(f"PRAGMA user_version = {_FORMAT}")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Open one transaction, committed whole or not at all."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()
