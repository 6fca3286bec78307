"""操作员: who may open the book. Each act needs the acting operator's own password: it unwraps the book's key.

The log entry comes before every change of the keys: an unlogged one would open the book. When somebody
leaves, the book gets another key, so that an old key file, as on an old stick, no longer opens it.
"""

from gongji.core.ledger.audit import Act
from gongji.core.operator_names import look, operator_name, password_problem
from gongji.core.problems import quoted
from gongji.desk.clinic import locks
from gongji.desk.roles import Role, only, role_named, second, seconds_for, with_second
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit, settings
from gongji.store.book_file import keys
from gongji.store.book_file.keys import PaperKey
from gongji.store.engine import Connection
from gongji.store.errors import StoreError
from gongji.store.people import enrolments

FORMER_KEYS = "former_keys"
"""The setting that keeps the book's former keys, for copies made under them."""


def operators(session: Session) -> tuple[str, ...]:
    """Return who may work here; none for training, which anybody may open."""
    return session.folder.operators()


@only("operator")
def add_operator(session: Session, own_password: str, name: str, password: str, role: Role = Role.CASHIER) -> None:
    """Add an operator. Raises `GongjiError` where that is not possible."""
    name = checked_name(name)
    taken = next((one for one in operators(session) if look(one) == look(name)), None)
    if taken is not None:
        raise GongjiError(f"已有操作员“{taken}”", "请换一个姓名，例如加上工号")
    check_password(password, name)
    key = _key(session, own_password)
    other = second(session, "operator")
    _log(session, with_second(f"增加操作员 {name}（{role}）", other), (name, role, other))
    session.folder.admit(key, name, password)


@only("operator")
def set_role(session: Session, own_password: str, name: str, role: Role) -> None:
    """Give another operator a role. Raises `GongjiError` for oneself, an unknown name or a wrong password."""
    _check_other(session, name, "不能改自己的岗位", "请由另一位管理员登录后改")
    _key(session, own_password)
    other = second(session, "operator")
    _log(session, with_second(f"操作员 {name} 岗位改为 {role}", other), (name, role, other))


def change_password(session: Session, own_password: str, password: str) -> None:
    """Change the acting operator's own password. Raises `GongjiError` for a wrong password."""
    check_password(password, session.operator)
    key = _key(session, own_password)
    _log(session, "改口令")
    session.folder.admit(key, session.operator, password)


@only("operator")
def reset_password(session: Session, own_password: str, name: str, password: str) -> None:
    """Set a new password for an operator who forgot theirs: the book's key is wrapped for them again.

    The forgotten one opens nothing any more. Never one's own, and never that of the only other person who could
    confirm acts: whoever set it could then be two people. Raises `GongjiError` where that is not possible.
    """
    _check_other(session, name, "不能重设自己的口令", "自己的口令用“改自己的口令”改，要输入原口令")
    check_password(password, name)
    key = _key(session, own_password)
    if seconds_for(session, "operator") == [name]:
        raise GongjiError(
            f"除了您，只有“{name}”能做第二人，他的口令不能由您一个人重设",
            f"请用纸上的恢复钥匙重设（命令行：gongji recover --operator {name}）",
        )
    other = second(session, "operator")
    _log(session, with_second(f"重设 {name} 的口令", other))
    session.folder.admit(key, name, password)
    locks.passed(session.folder.path, name)


@only("operator")
def remove_operator(session: Session, own_password: str, name: str) -> None:
    """Remove another operator and give the book a key that they never had.

    Raises `GongjiError` where that may not be, or the password is wrong.
    """
    _check_other(session, name, "不能删除自己", "请由另一位操作员登录后删除")
    _key(session, own_password)
    of_old = [one for one in operators(session) if one != name and session.folder.is_of_old(one)]
    if of_old:
        raise GongjiError(
            f"{'、'.join(of_old)} 还没有用这个版本登录过，现在不能更换数据钥匙", "请他们各登录一次，再删除"
        )
    if not any(role_named(session, one) is Role.MANAGER for one in operators(session) if one != name):
        raise GongjiError("删除后就没有管理员了", "请先让另一位操作员做管理员")
    other = second(session, "operator")
    with session.store.write() as connection:
        _put(session, connection, with_second(f"删除操作员 {name}，更换数据钥匙", other), (name, Role.NONE, other))
        former = settings.get(connection, FORMER_KEYS) or ""
        settings.put(connection, FORMER_KEYS, " ".join([session.store.key.hex(), *former.split()]))
    _give_another_key(session, name)


def _check_other(session: Session, name: str, refusal: str, advice: str) -> None:
    """Raise `GongjiError`: the refusal where an act is for oneself, or that there is no such operator."""
    if name == session.operator:
        raise GongjiError(refusal, advice)
    if name not in operators(session):
        raise GongjiError(f"没有操作员“{quoted(name)}”", "请核对姓名")


def finish_removals(session: Session) -> None:
    """Finish an interrupted removal: give the book the other key that it was to get."""
    former = (settings.get(session.store.reader, FORMER_KEYS) or "").split()
    leaving = [one for one in operators(session) if role_named(session, one) is Role.NONE]
    if former[:1] == [session.store.key.hex()]:
        _give_another_key(session, *leaving[:1])


def _give_another_key(session: Session, leaving: str = "") -> None:
    """Change the book's key, the current one being added to the former ones; the key file opens the book throughout."""
    key = keys.new_key()
    session.folder.prepare(key, leaving)
    try:
        session.store.rekey(key)
    except StoreError:
        session.folder.stay()
        raise
    session.folder.take_over()


def checked_name(text: str) -> str:
    """Return an operator's name in its stored form. Raises `GongjiError` where it cannot be one."""
    try:
        return operator_name(text)
    except ValueError as error:
        raise GongjiError(str(error), "请改正姓名，例如写成身份证上的样子，同名的加上工号") from error


def check_password(password: str, name: str = "") -> None:
    """Raise `GongjiError` where a password is too short or too easy to guess."""
    problem = password_problem(password, name)
    if problem is not None:
        raise GongjiError(problem, "请换一个长一些的，不要用生日和电话")


@only("recovery")
def make_recovery_key(session: Session, own_password: str) -> str:
    """Return a new recovery key for paper; it is not stored, and the previous one opens nothing any more.

    Raises `GongjiError` for a wrong password.
    """
    key = _key(session, own_password)
    sealed, secret = keys.new_paper_key(key, session.clinic.institution["name"])
    _log(session, f"新的恢复钥匙 {sealed.recipient[:16]}…", act=Act.RECOVERY)
    session.folder.keep_paper_keys(sealed, session.folder.readers)
    return secret


@only("recovery")
def try_recovery_key(session: Session, secret: str) -> None:
    """Check the recovery key as typed in from paper. Raises `GongjiError` where it is wrong."""
    known = session.folder.recovery
    if known is None or session.store.key not in session.folder.paper_keys(secret, reads_only=False):
        raise GongjiError("这把钥匙打不开这里的数据", "请核对纸上的每个字符（AGE-SECRET-KEY- 开头），不分大小写")
    _log(session, "恢复钥匙试过，能打开", act=Act.RECOVERY)
    tried = PaperKey(name=known.name, recipient=known.recipient, sealed=known.sealed, tried=True)
    session.folder.keep_paper_keys(tried, session.folder.readers)


@only("recovery")
def admit_reader(session: Session, own_password: str, name: str, recipient: str) -> None:
    """Let a reviewer read the book and its copies with an age key of their own (age1…).

    Raises `GongjiError` for an invalid key, or a wrong password.
    """
    key = _key(session, own_password)
    if recipient.strip().upper().startswith("AGE-SECRET-KEY-"):
        raise GongjiError("这一行是私钥，不要交给别人", "请审计人员换一把新的，只交 age1 开头的公钥")
    try:
        sealed = keys.paper_key_for(key, checked_name(name), recipient.strip())
    except ValueError as error:
        raise GongjiError("这不是 age 公钥", "请向审计人员要以 age1 开头的一行") from error
    _log(session, f"审计钥匙 {sealed.name} {sealed.recipient[:16]}…", act=Act.RECOVERY)
    others = tuple(one for one in session.folder.readers if one.name != sealed.name)
    session.folder.keep_paper_keys(session.folder.recovery, (*others, sealed))


def _key(session: Session, own_password: str) -> bytes:
    if session.clinic.training:
        raise GongjiError("培训数据没有口令", "建立本院自己的数据后再设操作员")
    found = session.folder.keys_for(session.operator, own_password)
    if session.store.key not in found:
        raise GongjiError("操作员姓名或口令不对", "请核对后再试")
    return session.store.key


def _log(session: Session, what: str, enrolled: tuple[str, Role, str] | None = None, act: Act = Act.OPERATOR) -> None:
    with session.store.write() as connection:
        _put(session, connection, what, enrolled, act)


def _put(
    session: Session,
    connection: Connection,
    what: str,
    enrolled: tuple[str, Role, str] | None,
    act: Act = Act.OPERATOR,
) -> None:
    at = session.newest(session.stamp())
    audit.append(connection, at, session.operator, act, session.clinic.counter, what)
    if enrolled is not None:
        name, role, other = enrolled
        enrolments.put(connection, name, role, session.operator, other, at)
