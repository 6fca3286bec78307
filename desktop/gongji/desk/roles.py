"""岗位: who may do what, as one table, checked at the beginning of each act; and acts that need a second person.

Roles stop strangers and slips. They do not stop an insider who has a key of the book and another tool: the tallies, the
log and the anchors that somebody else keeps are for that. Showing a person's whole number is a guarded act, too.
"""

import datetime
import functools
from collections.abc import Callable
from enum import StrEnum
from typing import Concatenate, ParamSpec, TypeVar

from gongji.core.dates import moment_of
from gongji.core.identity import masked
from gongji.core.labels import ACT_WORDS
from gongji.core.ledger.audit import Act
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit
from gongji.store.people import enrolments


class Role(StrEnum):
    """A role; the values are stored in the book."""

    CASHIER = "cashier"
    CHIEF = "chief"
    MANAGER = "manager"
    AUDITOR = "auditor"
    SUPPORT = "support"
    NONE = "none"


ROLE_WORDS = {
    Role.CASHIER: "收费员",
    Role.CHIEF: "收费组长",
    Role.MANAGER: "管理员",
    Role.AUDITOR: "审计",
    Role.SUPPORT: "支持",
}
_AT_THE_WINDOW = frozenset({Role.CASHIER, Role.CHIEF, Role.MANAGER})
_CHIEFS = frozenset({Role.CHIEF, Role.MANAGER})
_MANAGERS = frozenset({Role.MANAGER})
TABLE: dict[str, tuple[str, frozenset[Role]]] = {
    "settle": (ACT_WORDS["settle"], _AT_THE_WINDOW),
    "void": (ACT_WORDS["void"], _AT_THE_WINDOW),
    "refund": ("退费", _AT_THE_WINDOW),
    "hold": ("挂单", _AT_THE_WINDOW),
    "close": (ACT_WORDS["close"], _AT_THE_WINDOW),
    "void_closed": ("冲销已交班的结算", _CHIEFS),
    "resolve": ("处理差异", _CHIEFS),
    "import": ("导入资料", _CHIEFS),
    "stick": ("随盘导出和导入", _CHIEFS),
    "backup": ("备份", frozenset({*_AT_THE_WINDOW, Role.SUPPORT})),
    "explain": ("说明待说明的事", _CHIEFS),
    "restore": ("从备份恢复", _MANAGERS),
    "gateway": (ACT_WORDS["gateway"], _MANAGERS),
    "carrier": ("换转送机", _MANAGERS),
    "pack": (ACT_WORDS["policy"], _MANAGERS),
    "parameter": ("填政策参数", _MANAGERS),
    "clinic": ("改机构资料", _MANAGERS),
    "operator": ("增减操作员", _MANAGERS),
    "recovery": ("恢复钥匙", _MANAGERS),
    "update": ("更新程序", frozenset({Role.MANAGER, Role.SUPPORT})),
    "forget": ("按规定删除个人资料", _MANAGERS),
    "reveal": ("显示完整证件号", _AT_THE_WINDOW),
}
"""Every act that needs a role: its name, that of the log where it is the same, and the roles that may do it."""
BY_TWO = frozenset({"restore", "gateway", "carrier", "pack", "parameter", "operator", "void_closed", "forget"})
"""Acts that need the password of a second person who may do them, where there is one."""
_STAYS = datetime.timedelta(minutes=2)

_P = ParamSpec("_P")
_R = TypeVar("_R")
GUARDED: dict[str, list[str]] = {}
"""The desk's functions that each act guards, by name."""


class NotAllowedError(GongjiError):
    """The operator's role does not include an act."""

    def __init__(self, act: str, role: Role) -> None:
        words, allowed = TABLE[act]
        who = "、".join(ROLE_WORDS[one] for one in Role if one in allowed)
        super().__init__(f"{ROLE_WORDS.get(role, '没有岗位的人')}不能{words}", f"请由{who}登录后办理")
        self.act = act


class NeedsSecondError(GongjiError):
    """An act takes a second person's password."""

    def __init__(self, act: str) -> None:
        super().__init__(
            f"{TABLE[act][0]}要两个人",
            "请另一位有此权限的操作员在 设置 → 操作员 → 第二人在场 里输入姓名和口令，两分钟内再做一次",
        )
        self.act = act


def role_of(session: Session) -> Role:
    """Return the current operator's role; in training everybody may do everything."""
    return Role.MANAGER if session.clinic.training else role_named(session, session.operator)


def role_named(session: Session, name: str) -> Role:
    """Return an operator's role; one with a key but no enrolment is a cashier."""
    kept = enrolments.role(session.store.reader, name)
    return Role.CASHIER if kept is None else Role(kept)


def allow(session: Session, act: str) -> None:
    """Raise `NotAllowedError` where the operator may not do an act."""
    role = role_of(session)
    if role not in TABLE[act][1]:
        raise NotAllowedError(act, role)


def only(act: str) -> Callable[[Callable[Concatenate[Session, _P], _R]], Callable[Concatenate[Session, _P], _R]]:
    """Guard an act of the desk: it is not begun where the operator's role does not include it."""
    assert act in TABLE, act

    def guard(done: Callable[Concatenate[Session, _P], _R]) -> Callable[Concatenate[Session, _P], _R]:
        GUARDED.setdefault(act, []).append(f"{done.__module__}.{done.__name__}")

        @functools.wraps(done)
        def guarded(session: Session, /, *given: _P.args, **named: _P.kwargs) -> _R:
            allow(session, act)
            return done(session, *given, **named)

        return guarded

    return guard


def attend(session: Session, name: str, password: str) -> None:
    """Let a second person confirm the next act that needs two. Raises `GongjiError` for a wrong password."""
    if name == session.operator:
        raise GongjiError("第二个人不能是操作员自己", "请另一位操作员输入自己的姓名和口令")
    if session.store.key not in session.folder.keys_for(name, password):
        raise GongjiError("操作员姓名或口令不对", "请核对后再试")
    session.second = (name, session.stamp())


def attended(session: Session, name: str | None, password: str, act: Callable[[], _R]) -> _R:
    """Do an act that a second person confirms with it; for None one who has confirmed before may still count.

    Whatever comes of the act, that confirmation is used up: given for one act, it confirms no other. Raises
    `GongjiError` for a wrong password, and then the act was not begun.
    """
    if name is None:
        return act()
    attend(session, name, password)
    try:
        return act()
    finally:
        session.second = None


def second(session: Session, act: str) -> str:
    """Return who confirmed as the second person, once; empty in training or where nobody else may do the act.

    Raises `NeedsSecondError`.
    """
    assert act in BY_TWO, act
    if session.clinic.training:
        return ""
    others = seconds_for(session, act)
    if not others:
        return ""
    standing, session.second = session.second, None
    if standing is None or standing[0] not in others:
        raise NeedsSecondError(act)
    if abs(moment_of(session.stamp()) - moment_of(standing[1])) > _STAYS:
        raise NeedsSecondError(act)
    return standing[0]


def seconds_for(session: Session, act: str) -> list[str]:
    """Return who could confirm an act as the second person."""
    return [
        name
        for name in session.folder.operators()
        if name != session.operator and role_named(session, name) in TABLE[act][1]
    ]


def with_second(detail: str, name: str) -> str:
    """Return a log entry's text with the second person's name, or with the statement that there was none."""
    return f"{detail}；第二人 {name}" if name else f"{detail}；没有第二人"


@only("reveal")
def reveal(session: Session, person_id: str, where: str) -> str:
    """Return a person's whole number, after logging to whom and where it is shown. Raises `NotAllowedError`."""
    with session.store.write() as connection:
        audit.append(connection, session.now(), session.operator, Act.REVEAL, masked(person_id), f"在{where}显示证件号")
    return person_id
