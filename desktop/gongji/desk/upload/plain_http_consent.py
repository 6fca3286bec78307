"""两个人同意不加密的地址: each with a password of their own, for one address and one run; a name alone is no consent.

At a counter both are operators who may change the gateway. A carrier's PC has no operators: who agrees there chooses a
password the first time, and gives it again ever after.
"""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import DecodeError, ValidationError, json

from gongji.core.ledger.audit import Act
from gongji.core.operator_names import operator_name, password_problem
from gongji.desk.clinic import lockout
from gongji.desk.roles import attend, only, second
from gongji.desk.session import Session
from gongji.desk.upload.gateway_guard import PLAIN_HTTP_WARNING
from gongji.errors import GongjiError
from gongji.files import read_whole, write_whole
from gongji.store import audit, keys
from gongji.store.keys import Wrapping

Ask = Callable[[str, bool], str]
"""Returns the password of somebody named; says whether it is a new one."""
_APPROVERS = "approvers.json"


@only("gateway")
def consent_at_counter(session: Session, address: str, names: Sequence[str], ask: Ask) -> tuple[str, ...]:
    """Return who agrees that records go in clear to an address for this run: the operator, and the others named.

    Raises `GongjiError` where a password is not theirs or they may not change the gateway; the log tells of them.
    """
    others = [one for one in dict.fromkeys(names) if one != session.operator]
    for name in others:
        attend(session, name, ask(name, False))
        if second(session, "gateway") != name:
            raise GongjiError(f"{name} 不能改网关，不能在这里署名", "请由另一位管理员署名，输入自己的口令")
    agreed = (session.operator, *others)
    if others:
        with session.store.write() as connection:
            told = f"{address} 不加密，仅这一次，署名：{'、'.join(agreed)}；{PLAIN_HTTP_WARNING}"
            at = session.newest(session.stamp())
            audit.append(connection, at, session.operator, Act.GATEWAY, session.clinic.counter, told)
    return agreed


def consent_at_carrier(folder: Path, names: Sequence[str], ask: Ask, now: datetime.datetime) -> tuple[str, ...]:
    """Return who of those named agrees at a carrier's PC; `folder` keeps by what password each is known.

    Raises `GongjiError` where a password is wrong, too easy, or a name has to wait after several wrong ones.
    """
    known = {one.operator: one for one in _kept(folder)}
    agreed = []
    for given in dict.fromkeys(names):
        name = _checked(given)
        lockout.refuse_while_locked(folder, name, now)
        there = known.get(name)
        password = ask(name, there is None)
        if there is None:
            problem = password_problem(password, name)
            if problem is not None:
                raise GongjiError(f"{name}：{problem}", "请换一个长一些的，不要用生日和电话")
            known[name] = keys.wrap(keys.new_key(), name, password)
        elif keys.unwrap(there, password) is None:
            lockout.failed(folder, name, now)
            raise GongjiError(f"{name} 的口令不对", "请核对后再试；忘了的换一个姓名写法，例如加上工号，重新设口令")
        lockout.passed(folder, name)
        agreed.append(name)
    write_whole(folder / _APPROVERS, json.encode(list(known.values())))
    (folder / _APPROVERS).chmod(0o600)
    return tuple(agreed)


def _checked(name: str) -> str:
    try:
        return operator_name(name)
    except ValueError as error:
        raise GongjiError(str(error), "请改正姓名，例如写成身份证上的样子，同名的加上工号") from error


def _kept(folder: Path) -> list[Wrapping]:
    path = folder / _APPROVERS
    if not path.exists():
        return []
    try:
        return json.decode(read_whole(path), type=list[Wrapping])
    except (DecodeError, ValidationError) as error:
        raise GongjiError(f"{path} 已损坏", "请删去这个文件，由两个人重新设口令") from error
