"""Making a data folder and opening it: unlock, one program at a time, bring up to date, compare with the witness."""

import datetime
import platform
import re
import uuid
from pathlib import Path
from typing import Any

from msgspec import Struct, json, structs

from gongji import __version__
from gongji.core.dates import stamp
from gongji.core.ledger.audit import Act
from gongji.core.ledger.stored_settlement import COUNTER_CODE
from gongji.core.operator_names import operator_name, password_problem
from gongji.core.visits import read_institution
from gongji.desk.clinic import lockout
from gongji.desk.clinic.operators import finish_removals
from gongji.desk.clinic.program_version import is_another_program, keep_program, tell_program
from gongji.desk.clinic.relocate import Whereabouts, check_answer, settle_in
from gongji.desk.clinic.restored_doubts import ORIGIN, ask_first, new_origin
from gongji.desk.clinic.restored_witness import begin_witness_anew, is_to_begin_anew
from gongji.desk.roles import Role, role_named
from gongji.desk.session import Clock, Session
from gongji.desk.witnessing import MARKED, WITNESS_KEY, Compared, Witnessing, compare, witness_key
from gongji.errors import GongjiError
from gongji.files import put_in_place
from gongji.packs_on_disk import Library
from gongji.store import audit, concerns, db, engine, enrolments, keys, settings, settlements, tally
from gongji.store.concerns import Concern
from gongji.store.db import Store
from gongji.store.errors import StoreError, store_errors
from gongji.store.folder import FORMAT, WAIT_SECONDS, Folder, FolderCard, WrongPasswordError
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
    one = structs.replace(one, operator=operator_name(one.operator))
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
    try:
        operator_name(one.operator)
    except ValueError as error:
        raise GongjiError(str(error), "请改正姓名") from error
    problem = None if one.training or not one.password else password_problem(one.password, one.operator)
    if problem is not None:
        raise GongjiError(problem, "请换一个长一些的，不要用生日和电话")
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
                WITNESS_KEY: keys.new_key().hex(),
                ORIGIN: new_origin(),
            }.items():
                settings.put(connection, name, value)
            keep_program(connection)
            enrolments.put(connection, one.operator, "manager", one.operator, "", at)
            audit.append(connection, at, one.operator, Act.BEGIN, one.counter, f"统筹区 {one.area}")
    finally:
        store.close()


def open_counter(  # noqa: PLR0913  # all but three may be left to their defaults
    path: Path,
    library: Library,
    clock: Clock,
    operator: str | None = None,
    password: str | None = None,
    wait_seconds: float = WAIT_SECONDS,
    *,
    check_later: bool = False,
    whereabouts: Whereabouts = Whereabouts(),  # noqa: B008  # frozen
) -> Session:
    """Open a data folder to work in it; `GongjiError` says what stands in the way.

    The one check of who may work here is this: a key that the operator's password unwraps. Another program in it is
    waited for. A folder that is refused is left as it was found. With `check_later` the caller sees to it that
    `check_pages` is done before anything is written: it reads the whole book.
    """
    folder = Folder(path, wait_seconds)
    card = folder.card()
    if not (card.training or library.is_as_shipped):
        raise GongjiError(
            "本院自己的数据不能另加政策包文件夹（--policies）",
            "请到“政策”的“安装新版”页，或用 gongji policy install：要两个人，并会记入日志",
        )
    found, failures = _unlocked(folder, operator, password, clock())
    folder.lock()
    try:
        folder.make_private()
        folder.clear()
        key = _fitting(folder, found)
        store, compared = _opened(folder, key, clock(), whereabouts, check_later=check_later)
        try:
            counter = Session(folder, store, library, TRAINING_OPERATOR if card.training else str(operator), clock)
            if operator is not None and password is not None and not card.training:
                _refuse_who_left(counter, operator)
                _keep_keys_in_order(folder, key, operator, password)
            _witnessed(counter, compared, failures)
            settle_in(counter, whereabouts)
            tell_program(counter)
            if not card.training:
                finish_removals(counter)
            counter.store.hand_over()
        except BaseException:
            store.close()
            raise
    except BaseException:
        folder.unlock()
        raise
    counter.log.info(
        "opened, %s data: gongji %s, Python %s, SQLite %s, %s",
        "training" if card.training else "working",
        __version__,
        platform.python_version(),
        ".".join(map(str, engine.VERSION)),
        f"{platform.system()} {platform.release()} {platform.machine()}",  # platform() starts a program to ask
    )
    return counter


def _unlocked(
    folder: Folder, operator: str | None, password: str | None, now: datetime.datetime
) -> tuple[list[bytes], int]:
    """Return the keys a password unwraps, and how many wrong ones came before; `GongjiError` while locked out."""
    if folder.card().training or operator is None:
        return folder.keys_for(operator, password), 0
    lockout.refuse_while_locked(folder.path, operator, now)
    try:
        found = folder.keys_for(operator, password)
    except WrongPasswordError:
        lockout.failed(folder.path, operator, now)
        raise
    return found, lockout.passed(folder.path, operator)


def _fitting(folder: Folder, found: list[bytes]) -> bytes:
    """Return which of several keys opens the book: two are there while it is given another."""
    for key in found[:-1]:
        try:
            db.connect(folder.book, key, read_only=True).close()
        except StoreError:
            continue
        return key
    return found[-1]


def _refuse_who_left(session: Session, operator: str) -> None:
    """Raise `WrongPasswordError` for somebody who was removed: the file of keys may still be to follow."""
    if role_named(session, operator) is Role.NONE:
        raise WrongPasswordError


def _keep_keys_in_order(folder: Folder, key: bytes, operator: str, password: str) -> None:
    """Finish what a stopped program began with the keys, and have a wrapping of our own kind."""
    if folder.is_being_rekeyed:
        folder.settle_key(key, operator, password)
    if folder.is_of_old(operator):
        folder.admit(key, operator, password)


def _opened(
    folder: Folder, key: bytes, now: datetime.datetime, said: Whereabouts, *, check_later: bool
) -> tuple[Store, Compared]:
    compared = _compare(folder, key)
    store = Store(folder.book, key)
    try:
        check_answer(store.reader, folder.path, said)
        needs_writing = store.needs_migration or compared.concerns or compared.went_back or not compared.has_mark
        if needs_writing or is_another_program(store.reader) or not check_later:
            check_pages(store)
        if store.needs_migration:
            changed = _changed_by_others(store)
            store.migrate(folder.copies / f"before-migration-{now:%Y%m%d%H%M%S}.db")
            compared = structs.replace(compared, concerns=(*compared.concerns, *changed))
    except BaseException:
        store.close()
        raise
    return store, compared


def _changed_by_others(store: Store) -> list[Concern]:
    """Return which tables do not hold what their tallies say: bringing a book up to date makes these anew."""
    connection = store.reader
    if not tally.has_tallies(connection):
        return []
    _, expected = tally.kept(connection)
    return [
        Concern(kind="rows", subject=one.table, text=f"升级前，表 {one.table} 的内容与封存的不符")
        for one in tally.misfits(connection, expected)
    ]


def _witnessed(session: Session, compared: Compared, failures: int) -> None:
    """Keep what the witness told of when the book was opened, and have everything witnessed from now on."""
    key = witness_key(session.store.reader)
    witnessing = Witnessing(session.folder, key or keys.new_key(), compared.witnessed)
    at = session.newest(session.stamp())
    if key is None or compared.concerns or compared.went_back or failures >= lockout.TOLD:
        with session.store.write() as connection:
            if key is None:
                settings.put(connection, WITNESS_KEY, witnessing.key.hex())
                settings.put(connection, ORIGIN, new_origin())
                for name in session.folder.operators():  # of an older program: everybody could do everything
                    enrolments.put(connection, name, "manager", session.operator, "", at)
            if concerns.put(connection, compared.concerns, at):
                for one in compared.concerns:
                    audit.append(connection, at, session.operator, Act.CONCERN, one.subject, one.text)
            if failures >= lockout.TOLD:
                detail = f"登录前连续输错口令 {failures} 次"
                audit.append(connection, at, session.operator, Act.LOCKED, session.operator, detail)
            if compared.went_back:
                ask_first(session, connection, at, compared.reserved)
    if not compared.has_mark and witnessing.begin(session.store.writer):
        with session.store.write() as connection:
            settings.put(connection, MARKED, "1")
        witnessing.begin(session.store.writer)
    elif compared.went_back:
        witnessing.begin(session.store.writer)
    session.witness_with(witnessing)
    session.testify()  # a line that a power cut has cost; where it cannot be written the next settlement tells


def check_pages(store: Store) -> None:
    """Read every page of the book; where one is damaged raise `StoreError` and let nothing be written any more."""
    if damaged_pages(store.reader):
        store.refuse_writing()
        raise StoreError("SQLITE_CORRUPT")


def _compare(folder: Folder, key: bytes) -> Compared:
    """Hold the book against its witness; one that has lost settlements is refused, its log is evidence and stays."""
    if not folder.witness.exists() and not folder.mark.exists() and not folder.book.exists():
        return Compared()
    store = Store(folder.book, key, read_only=True)
    try:
        if is_to_begin_anew(store.reader):
            store.close()
            begin_witness_anew(folder, key)
            store = Store(folder.book, key, read_only=True)
        compared = compare(folder, store.reader)
        if compared.lost is not None:
            raise ShortBookError(compared.lost, settlements.last_no(store.reader))
        return compared
    finally:
        store.close()


def open_to_read(
    path: Path,
    operator: str | None = None,
    password: str | None = None,
    clock: Clock | None = None,
    *,
    of_any_age: bool = False,
) -> tuple[Folder, Store]:
    """Open a data folder to look only: no lock is taken and nothing of the book changes.

    With a clock wrong passwords are counted, and waited for. A book of an older program is refused, for its tables are
    others, unless it may be `of_any_age`.
    """
    folder = Folder(path)
    folder.card()
    if clock is None:
        found = folder.keys_for(operator, password)
    else:
        found, _ = _unlocked(folder, operator, password, clock())
    store = Store(folder.book, _fitting(folder, found), read_only=True)
    if store.needs_migration and not of_any_age:
        store.close()
        raise GongjiError("数据文件还是旧版本的，要先升级才能查看", "请先打开结算台，它会留下副本并自动升级")
    return folder, store


def open_to_read_with(path: Path, secret: str | None, operator: str | None, password: str | None) -> Store:
    """Open a copy or a data folder to look only, with a key on paper where one is given, else a password."""
    if secret is None:
        return open_to_read(path, operator, password)[1]
    folder = Folder(path)
    folder.card()
    key = _fitting(folder, folder.paper_keys(secret, reads_only=True))
    store = Store(folder.book, key, read_only=True)
    if store.needs_migration:
        store.close()
        raise GongjiError("数据文件还是旧版本的，要先升级才能查看", "请先打开结算台，它会留下副本并自动升级")
    return store


def recover(path: Path, secret: str, name: str, password: str, library: Library, clock: Clock) -> None:
    """Let somebody in as a manager with the recovery key, when no operator can open the book."""
    folder = Folder(path)
    folder.card()
    try:
        name = operator_name(name)
    except ValueError as error:
        raise GongjiError(str(error), "请改正姓名") from error
    problem = password_problem(password, name)
    if problem is not None:
        raise GongjiError(problem, "请换一个长一些的，不要用生日和电话")
    found = folder.paper_keys(secret, reads_only=False)
    folder.lock()
    try:
        key = _fitting(folder, found)
        store = Store(folder.book, key)
        try:
            counter = Session(folder, store, library, name, clock)
            at = counter.newest(counter.stamp())
            with store.write() as connection:
                audit.append(connection, at, name, Act.RECOVERY, name, f"用恢复钥匙打开，{name} 重设口令，为管理员")
                enrolments.put(connection, name, "manager", name, "", at)
        finally:
            store.close()
        folder.admit(key, name, password)
    finally:
        folder.unlock()


def is_data_folder(path: Path) -> bool:
    """Tell whether a folder holds data, or signs that it did: then nothing new is ever begun in it."""
    folder = Folder(path)
    return folder.exists or folder.has_card


def is_training(path: Path) -> bool:
    """Tell whether a data folder is one for training, which needs no password; `GongjiError` when it is none."""
    return Folder(path).card().training
