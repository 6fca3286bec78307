"""Creating a data folder: its keys and its book with the counter's facts; on failure nothing half made is left."""

import re
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import Struct, json, structs

from gongji.core.dates import stamp
from gongji.core.identifiers import typed_name
from gongji.core.ledger.audit import Act
from gongji.core.ledger.stored_settlement import COUNTER_CODE
from gongji.core.operator_names import operator_name
from gongji.core.problems import quoted
from gongji.core.visits import read_institution
from gongji.desk.clinic.backup.restored_doubts import ORIGIN, new_origin
from gongji.desk.clinic.operators import check_password
from gongji.desk.clinic.upgrade import keep_program
from gongji.desk.session import Clock
from gongji.desk.witnessing import WITNESS_KEY
from gongji.errors import GongjiError
from gongji.files import put_in_place
from gongji.pack_files.library import Library
from gongji.store import audit, settings
from gongji.store.book_file import db, keys
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import FORMAT, Folder, FolderCard
from gongji.store.book_file.keys import Keys
from gongji.store.errors import store_errors
from gongji.store.people import enrolments

TRAINING_OPERATOR = "培训员"


class Beginning(Struct, frozen=True, kw_only=True):
    """The facts for a new data folder; `institution` in the contract's form, no password for training."""

    counter: str
    area: str
    institution: dict[str, Any]
    operator: str
    password: str | None
    training: bool


def begin(path: Path, one: Beginning, library: Library, clock: Clock) -> None:
    """Create a data folder with an empty book. Raises `GongjiError` where it cannot, and it may be tried again."""
    folder = Folder(path)
    if folder.exists:
        raise _there_already(path)
    _check(one, library)
    institution = {
        name: typed_name(said) if name == "name" and said else said for name, said in one.institution.items()
    }
    one = structs.replace(one, operator=operator_name(one.operator), institution=institution)
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
        if folder.exists:  # another program was quicker: its keys must stay
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
        raise GongjiError(f"没有统筹区 {quoted(one.area)} 的政策包", f"现有 {'、'.join(library.areas)}")
    if not re.search(r"\S", one.operator):
        raise GongjiError("没有操作员姓名", "请填写操作员姓名（命令行：--operator 姓名）")
    try:
        operator_name(one.operator)
    except ValueError as error:
        raise GongjiError(str(error), "请改正姓名") from error
    if one.password and not one.training:
        check_password(one.password, one.operator)
    found = read_institution(one.institution)
    if isinstance(found, list):
        places = "；".join(f"{problem.field or '整个文件'}：{problem.message}" for problem in found)
        raise GongjiError(f"机构资料不对（{places}）", "请按 institution 的格式改正")
    try:
        typed_name(found.name)
    except ValueError as error:
        raise GongjiError(f"机构资料不对（机构名称{error}）", "请改正机构名称") from error


def _introduce(book: Path, key: bytes, one: Beginning, at: str) -> None:
    with closing(Store(book, key)) as store, store.write() as connection:
        for name, value in {
            "counter": one.counter,
            "area": one.area,
            "institution": json.encode(one.institution).decode(),
            "training": "1" if one.training else "0",
            "epoch": "1",
            "serial_floor": "0",
            WITNESS_KEY: keys.new_key().hex(),
            ORIGIN: new_origin(),
        }.items():
            settings.put(connection, name, value)
        keep_program(connection)
        enrolments.put(connection, one.operator, "manager", one.operator, "", at)
        audit.append(connection, at, one.operator, Act.BEGIN, one.counter, f"统筹区 {one.area}")
