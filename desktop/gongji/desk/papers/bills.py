"""票据号码段: which pre-printed form a receipt is printed on. A number is used once; a spoilt form is voided."""

import re

from msgspec import Struct

from gongji.core.ledger.audit import Act
from gongji.core.problems import quoted
from gongji.core.typed import wide_to_plain
from gongji.desk.reasons import reason_of
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit
from gongji.store.closing import bills
from gongji.store.closing.bills import BillRoll
from gongji.store.engine import Connection

_NUMBER = re.compile(r"([A-Za-z]*)([0-9]{1,18})", re.ASCII)


class RollState(Struct, frozen=True, kw_only=True):
    """The roll in use: its code, its first and last number, the next one (empty: used up), how many are left."""

    code: str
    first: str
    last: str
    next: str
    left: int


class BillUse(Struct, frozen=True, kw_only=True):
    """A shift's use of forms: numbers from first to last, how many, which are void and why."""

    used: int
    first: str
    last: str
    voided: tuple[tuple[str, str], ...]


def roll_state(connection: Connection) -> RollState | None:
    """Return the state of the roll in use; None where the clinic uses no numbered forms."""
    one = bills.in_use(connection)
    if one is None:
        return None
    number = bills.next_number(connection, one)
    left = max(0, one.last_number - number + 1)
    return RollState(
        code=one.code,
        first=one.shown(one.first_number),
        last=one.shown(one.last_number),
        next=one.shown(number) if left else "",
        left=left,
    )


def change_roll(session: Session, code: str, first: str, last: str) -> RollState:
    """换卷: use another roll from now on. Raises `GongjiError` that says what is wrong with its numbers.

    The rest of the previous roll is not used any more, which is logged.
    """
    code, first, last = (wide_to_plain(one) for one in (code, first, last))
    begins, ends = _NUMBER.fullmatch(first), _NUMBER.fullmatch(last)
    if begins is None or ends is None:
        raise GongjiError("票据号码应为数字，前面可以有字母", "请照票据上印的填写起号和止号")
    if begins[1] != ends[1] or len(begins[2]) != len(ends[2]):
        raise GongjiError("起号和止号的字母或位数不同", "请照票据上印的填写，前面的 0 也要写")
    if int(ends[2]) < int(begins[2]):
        raise GongjiError("止号小于起号", "请核对这一卷的第一张和最后一张")
    at = session.now()
    with session.store.write() as connection:
        before = roll_state(connection)
        used = bills.overlapping(connection, code, begins[1], int(begins[2]), int(ends[2]))
        if used is not None:
            words = f"{used.shown(used.first_number)} 至 {used.shown(used.last_number)}"
            raise GongjiError(f"这些号码与 {used.at[:10]} 用过的一卷（{words}）重复", "请核对起号和止号")
        one = BillRoll(
            id=0,
            code=code,
            prefix=begins[1],
            width=len(begins[2]),
            first_number=int(begins[2]),
            last_number=int(ends[2]),
            operator=session.operator,
            at=at,
        )
        bills.put_roll(connection, one)
        left = f"；上一卷剩 {before.next} 至 {before.last} 未用" if before is not None and before.left else ""
        detail = f"换卷 {code} {first} 至 {last}{left}"
        audit.append(connection, at, session.operator, Act.BILL, session.clinic.counter, detail)
    found = roll_state(session.store.reader)
    assert found is not None
    return found


def void_bill(session: Session, number: str, reason: str) -> None:
    """作废: void a form of the roll in use, printed or blank. Raises `GongjiError` where that is not possible.

    Only the next blank one can be voided, since forms are used in order. A receipt on it takes the next form when
    reprinted.
    """
    reason = reason_of(reason, "没有写作废的原因", "请写明，例如：卡纸、打歪、污损")
    number = wide_to_plain(number)
    if not number:
        raise GongjiError("没有写票据的号码", "请照票据上印的填写号码")
    at = session.now()
    with session.store.write() as connection:
        roll = bills.in_use(connection)
        found = _NUMBER.fullmatch(number)
        if roll is None or found is None or found[1] != roll.prefix:
            raise GongjiError(f"没有票据 {quoted(number)}", "请照票据上印的填写号码")
        asked = int(found[2])
        one, following = bills.find(connection, roll.id, asked), bills.next_number(connection, roll)
        if one is not None and one.reason:
            raise GongjiError(f"票据 {number} 已经作废", f"{one.voided_at} {one.voided_by}：{one.reason}")
        if one is None and (asked != following or asked > roll.last_number):
            advice = "还没有用到的只能作废下一张" if following <= roll.last_number else "这一卷已用完，请换卷"
            raise GongjiError(f"票据 {number} 不能作废", advice)
        bill = bills.put(connection, roll.id, asked, None, session.operator, at) if one is None else one.id
        bills.put_void(connection, bill, reason, session.operator, at)
        audit.append(connection, at, session.operator, Act.BILL, roll.shown(asked), f"作废：{reason}")


def take_bills(session: Session, serial: int, forms: int, *, anew: bool = False) -> tuple[str, ...]:
    """Return the numbers of the forms that a settlement (its serial) is printed on, `forms` of them.

    They are assigned at the first printing and stay; `anew` (补打) voids them and takes the next. Empty where no
    roll is in use. Raises `GongjiError` where it has not enough left.
    """
    with session.store.write() as connection:
        roll = bills.in_use(connection)
        if roll is None:
            return ()
        at = session.now()
        mine = bills.of_settlement(connection, serial)
        if len(mine) == forms and not anew:
            return tuple(bills.roll(connection, one.roll).shown(one.number) for one in mine)
        first = bills.next_number(connection, roll)
        if first + forms - 1 > roll.last_number:
            left = max(0, roll.last_number - first + 1)
            raise GongjiError(f"票据只剩 {left} 张，这一份要 {forms} 张", "请在“日结 → 票据”换卷，再补打；结算已经入账")
        for one in mine:
            bills.put_void(connection, one.id, "补打", session.operator, at)
        for number in range(first, first + forms):
            bills.put(connection, roll.id, number, serial, session.operator, at)
        return tuple(roll.shown(number) for number in range(first, first + forms))


def bill_use(connection: Connection, after: str, until: str, operator: str | None) -> BillUse | None:
    """Return the use of forms after one moment and up to another (stamps); None where none were used."""
    found = bills.between(connection, after, until, operator)
    if not found:
        return None
    rolls = {one.roll: bills.roll(connection, one.roll) for one in found}
    shown = [rolls[one.roll].shown(one.number) for one in found]
    voided = tuple(
        (number, one.reason)
        for number, one in zip(shown, found, strict=True)
        if one.reason and after < one.voided_at <= until
    )
    return BillUse(used=len(found), first=shown[0], last=shown[-1], voided=voided)
