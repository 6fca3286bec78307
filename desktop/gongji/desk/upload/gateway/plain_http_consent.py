"""两个人同意不加密的地址: each with their own password, for one address and one run; a name alone is no consent.

At a counter both are operators who may change the gateway. A carrier's PC has no operators: each person chooses
a password first, and agrees by giving it in a later run. One person who invents a second name and a
second password is not noticed there (THREATS.md).
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import DecodeError, ValidationError, json

from gongji.core.ledger.audit import Act
from gongji.core.operator_names import look, password_problem
from gongji.desk.clinic import locks
from gongji.desk.clinic.operators import checked_name
from gongji.desk.roles import attend, only, second, seconds_for
from gongji.desk.session import Session
from gongji.desk.upload.gateway.gateway_guard import PLAIN_HTTP_WARNING
from gongji.errors import GongjiError
from gongji.files import read_whole, write_whole
from gongji.store import audit
from gongji.store.book_file import keys
from gongji.store.book_file.keys import Wrapping

Ask = Callable[[str, bool], str]
"""Returns the password of a named person; told whether it is a new one."""
_APPROVERS = "approvers.json"


@only("gateway")
def consent_at_counter(session: Session, address: str, names: Sequence[str], ask: Ask) -> tuple[str, ...]:
    """Return who agrees that records are sent unencrypted in this run: the operator, and the others named.

    Raises `GongjiError` for a wrong password or a role that may not change the gateway; it is logged.
    """
    others = [one for one in dict.fromkeys(names) if one != session.operator]
    for name in others:
        attend(session, name, ask(name, False))
        if name not in seconds_for(session, "gateway") or second(session, "gateway") != name:
            raise GongjiError(f"{name} 不能改网关，不能在这里署名", "请由另一位管理员署名，输入自己的口令")
    agreed = (session.operator, *others)
    if others:
        with session.store.write() as connection:
            sentence = f"{address} 不加密，仅这一次，署名：{'、'.join(agreed)}；{PLAIN_HTTP_WARNING}"
            at = session.newest(session.stamp())
            audit.append(connection, at, session.operator, Act.GATEWAY, session.clinic.counter, sentence)
    return agreed


def consent_at_carrier(folder: Path, names: Sequence[str], ask: Ask, now: datetime.datetime) -> tuple[str, ...]:
    """Return who of those named agrees at a carrier's PC; `folder` holds a random key wrapped by each one's password.

    A new person chooses a password and agrees in a later run. Raises `GongjiError` where somebody is new, a password is
    wrong, too easy or another's, two names look alike, or a name has to wait after several wrong passwords.
    """
    known = {one.operator: one for one in _kept(folder)}
    asked = tuple(dict.fromkeys(checked_name(one) for one in names))
    _refuse_alike(asked, known)
    said: dict[str, str] = {}
    new = []
    for name in asked:
        locks.refuse_while_locked(folder, name, now)
        there = known.get(name)
        password = ask(name, there is None)
        if there is None:
            _refuse_new(name, password, known)
            known[name] = keys.wrap(keys.new_key(), name, password)
            new.append(name)
        elif keys.unwrap(there, password) is None:
            locks.failed(folder, name, now)
            sentence = f"请核对后再试；忘了的，请删去 {folder / _APPROVERS}，由两个人重新设口令"
            raise GongjiError(f"{name} 的口令不对", sentence)
        elif password in said:
            raise _same_password(said[password], name)
        said[password] = name
        locks.passed(folder, name)
    if new:
        write_whole(folder / _APPROVERS, json.encode(list(known.values())))
        (folder / _APPROVERS).chmod(0o600)
        raise GongjiError(
            f"{'、'.join(new)} 的口令设好了，这一次还没有署名", "请再执行一次，由各人自己输入刚才设的口令"
        )
    return asked


def _refuse_alike(asked: Sequence[str], known: Mapping[str, Wrapping]) -> None:
    """Refuse a name that looks like another, asked for or known: two spellings of one person are not two."""
    seen = {look(name): name for name in known}
    for name in asked:
        other = seen.setdefault(look(name), name)
        if other != name:
            raise GongjiError(f"{name} 与 {other} 看起来一样", "请用登记过的写法；要另一个人来署名，写他的姓名")


def _refuse_new(name: str, password: str, known: Mapping[str, Wrapping]) -> None:
    """Refuse a password that is too easy, or that a known person has too."""
    problem = password_problem(password, name)
    if problem is not None:
        raise GongjiError(f"{name}：{problem}", "请换一个长一些的，不要用生日和电话")
    for other in known.values():
        if keys.unwrap(other, password) is not None:
            raise _same_password(other.operator, name)


def _same_password(one: str, other: str) -> GongjiError:
    return GongjiError(f"{one}、{other} 的口令相同", "两个人要各用自己的口令，请另设一个")


def _kept(folder: Path) -> list[Wrapping]:
    path = folder / _APPROVERS
    if not path.exists():
        return []
    try:
        return json.decode(read_whole(path), type=list[Wrapping])
    except (DecodeError, ValidationError) as error:
        raise GongjiError(f"{path} 已损坏", "请删去这个文件，由两个人重新设口令") from error
