"""操作员: who may open the book. Each act asks for the acting operator's own password: it unwraps the book's key."""

from gongji.core.ledger.audit import Act
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit

LEAST = 6
"""So many characters a password has at least."""


def operators(counter: Session) -> tuple[str, ...]:
    """Return who may work here; nobody is named for training, which anybody may open."""
    return counter.folder.operators()


def add_operator(counter: Session, own_password: str, name: str, password: str) -> None:
    """Let somebody work here; `GongjiError` says what stands in the way."""
    name = name.strip()
    if not name:
        raise GongjiError("没有写操作员姓名", "请填写姓名")
    if name in operators(counter):
        raise GongjiError(f"已有操作员“{name}”", "请换一个姓名，例如加上工号")
    check_password(password)
    _admit(counter, own_password, name, password, f"增加操作员 {name}")


def change_password(counter: Session, own_password: str, password: str) -> None:
    """Change the acting operator's own password."""
    check_password(password)
    _admit(counter, own_password, counter.operator, password, "改口令")


def remove_operator(counter: Session, own_password: str, name: str) -> None:
    """Let somebody no longer work here; never the one who asks."""
    if name == counter.operator:
        raise GongjiError("不能删除自己", "请由另一位操作员登录后删除")
    if name not in operators(counter):
        raise GongjiError(f"没有操作员“{name}”", "请核对姓名")
    _key(counter, own_password)
    _log(counter, f"删除操作员 {name}")
    counter.folder.dismiss(name)


def check_password(password: str) -> None:
    """Raise `GongjiError` where a password is too short."""
    if len(password) < LEAST:
        raise GongjiError(f"口令太短，至少 {LEAST} 个字符", "请换一个长一些的，不要用生日和电话")


def _admit(counter: Session, own_password: str, name: str, password: str, what: str) -> None:
    key = _key(counter, own_password)
    _log(counter, what)  # before the key: one that nobody knows of would open the book
    counter.folder.admit(key, name, password)


def _key(counter: Session, own_password: str) -> bytes:
    if counter.clinic.training:
        raise GongjiError("培训数据没有口令", "建立本院自己的数据后再设操作员")
    return counter.folder.key(counter.operator, own_password)


def _log(counter: Session, what: str) -> None:
    with counter.store.write() as connection:
        audit.append(connection, counter.now(), counter.operator, Act.OPERATOR, counter.clinic.counter, what)
