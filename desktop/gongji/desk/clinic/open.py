"""Making a data folder and opening it: unlock, one program at a time, bring up to date, compare with the witness."""

import datetime
import re
import uuid
from pathlib import Path
from typing import Any

from msgspec import Struct, json

from gongji.core.dates import stamp
from gongji.core.ledger.audit import Act
from gongji.core.ledger.serial_numbers import COUNTER_CODE
from gongji.core.visits import read_institution
from gongji.desk.session import Clock, Session
from gongji.errors import GongjiError
from gongji.files import put_in_place
from gongji.packs_on_disk import Library
from gongji.store import audit, db, keys, settings, settlements, witness
from gongji.store.db import Store
from gongji.store.errors import StoreError, store_errors
from gongji.store.folder import FORMAT, WAIT_SECONDS, Folder, FolderCard
from gongji.store.integrity import damaged_pages
from gongji.store.keys import Keys

TRAINING_OPERATOR = "培训员"


class Beginning(Struct, frozen=True, kw_only=True):
    """What a new data folder is made for; `institution` in the contract's words, no password for training."""

    counter: str
    area: str
    institution: dict[str, Any]
    operator: str
    password: str | None
    training: bool


class ShortBookError(GongjiError):
    """The witness knows settlements that the book has lost."""

    def __init__(self, witnessed: str, book: str | None) -> None:
        """Say up to where each goes."""
        super().__init__(
            f"数据文件比见证文件短：见证到 {witnessed}，数据文件只到 {book or '（空）'}",
            "请停止收费，不要删除或移动任何文件（尤其是 book.db-wal），立即联系维护人员；gongji verify 可列出缺了哪些",
        )


def begin(path: Path, one: Beginning, library: Library, clock: Clock) -> None:
    """Make a data folder with an empty book; `GongjiError` says why it cannot be, and then it can be begun again."""
    folder = Folder(path)
    if folder.exists:
        raise _there_already(path)
    _check(one, library)
    key = keys.new_key()
    if one.training:
        held = Keys(training=key.hex())
    elif one.password:
        held = Keys(wrappings=(keys.wrap(key, one.operator, one.password),))
    else:
        raise GongjiError("没有口令", "请在终端输入，或放在环境变量 GONGJI_PASSWORD 里")
    card = FolderCard(format=FORMAT, training=one.training, counter=one.counter, book=str(uuid.uuid4()))
    folder.lock()
    try:
        if folder.exists:  # another program has been quicker: its keys must stay
            raise _there_already(path)
        folder.keep(card, held)  # before the book, which could never be opened without them
        _write_book(folder, key, one, stamp(clock()))
    finally:
        folder.unlock()


def _there_already(path: Path) -> GongjiError:
    return GongjiError(f"{path} 里已有数据", "请换一个空文件夹，或直接使用它")


def _write_book(folder: Folder, key: bytes, one: Beginning, at: str) -> None:
    fresh = folder.path / "book.new.db"
    with store_errors():
        for left_over in folder.path.glob("book.new.db*"):
            left_over.unlink()
    db.create(fresh, key)
    _introduce(fresh, key, one, at)
    with store_errors():
        put_in_place(fresh, folder.book)


def _check(one: Beginning, library: Library) -> None:
    if not COUNTER_CODE.match(one.counter):
        raise GongjiError(f"收费台代码 {one.counter} 不对", "应为两位数字或大写字母，例如 01；同一机构各台不得相同")
    if one.area not in library.areas:
        raise GongjiError(f"没有统筹区 {one.area} 的政策包", f"现有 {'、'.join(library.areas)}")
    if not re.search(r"\S", one.operator):
        raise GongjiError("没有操作员姓名", "请加 --operator 姓名")
    found = read_institution(one.institution)
    if isinstance(found, list):
        places = "；".join(f"{problem.field or '整个文件'}：{problem.message}" for problem in found)
        raise GongjiError(f"机构资料不对（{places}）", "请按 institution 的格式改正")


def _introduce(book: Path, key: bytes, one: Beginning, at: str) -> None:
    store = Store(book, key)
    try:
        with store.write() as connection:
            for name, value in {
                "counter": one.counter,
                "area": one.area,
                "institution": json.encode(one.institution).decode(),
                "training": "1" if one.training else "0",
                "epoch": "1",
                "serial_floor": "0",
            }.items():
                settings.put(connection, name, value)
            audit.append(connection, at, one.operator, Act.BEGIN, one.counter, f"统筹区 {one.area}")
    finally:
        store.close()


def open_counter(
    path: Path,
    library: Library,
    clock: Clock,
    operator: str | None = None,
    password: str | None = None,
    wait_seconds: float = WAIT_SECONDS,
    *,
    check_later: bool = False,
) -> Session:
    """Open a data folder to work in it; `GongjiError` says what stands in the way.

    The one check of who may work here is this: a key that the operator's password unwraps. Another program in it is
    waited for. A folder that is refused is left as it was found. With `check_later` the caller sees to it that
    `check_pages` is done before anything is written: it reads the whole book.
    """
    folder = Folder(path, wait_seconds)
    card = folder.card()
    key = folder.key(operator, password)
    folder.lock()
    try:
        store = _opened(folder, key, clock(), check_later=check_later)
        try:
            return Session(folder, store, library, TRAINING_OPERATOR if card.training else str(operator), clock)
        except BaseException:
            store.close()
            raise
    except BaseException:
        folder.unlock()
        raise


def _opened(folder: Folder, key: bytes, now: datetime.datetime, *, check_later: bool) -> Store:
    _compare(folder, key)
    store = Store(folder.book, key)
    try:
        if store.needs_migration or not check_later:
            check_pages(store)
        if store.needs_migration:
            store.migrate(folder.copies / f"before-migration-{now:%Y%m%d%H%M%S}.db")
    except BaseException:
        store.close()
        raise
    return store


def check_pages(store: Store) -> None:
    """Read every page of the book; where one is damaged raise `StoreError` and let nothing be written any more."""
    if damaged_pages(store.reader):
        store.refuse_writing()
        raise StoreError("SQLITE_CORRUPT")


def _compare(folder: Folder, key: bytes) -> None:
    """Refuse a book that has lost what the witness saw; its log is evidence and stays as it is."""
    try:
        seen = witness.last(folder.witness)
    except OSError:
        return  # no settlement is held up by a witness that cannot be read; verify and the next settlement tell of it
    if seen is None:
        return
    store = Store(folder.book, key, read_only=True)
    try:
        mine = next(settlements.witness_lines(store.reader, seen.serial - 1), None)
        if mine is None or mine.serial != seen.serial:
            raise ShortBookError(seen.no, settlements.last_no(store.reader))
    finally:
        store.close()


def open_to_read(path: Path, operator: str | None = None, password: str | None = None) -> tuple[Folder, Store]:
    """Open a data folder to look only: no lock is taken and nothing in it changes."""
    folder = Folder(path)
    folder.card()
    store = Store(folder.book, folder.key(operator, password), read_only=True)
    if store.needs_migration:
        store.close()
        raise GongjiError("数据文件还是旧版本的，要先升级才能查看", "请先打开结算台，它会留下副本并自动升级")
    return folder, store


def is_data_folder(path: Path) -> bool:
    """Tell whether a folder holds data, or signs that it did: then nothing new is ever begun in it."""
    folder = Folder(path)
    return folder.exists or folder.has_card


def is_training(path: Path) -> bool:
    """Tell whether a data folder is one for training, which needs no password; `GongjiError` when it is none."""
    return Folder(path).card().training
