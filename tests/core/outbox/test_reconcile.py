"""对账: what the platform has beyond ours is told with its numbers, whose it is, and what puts it right."""

import pytest
from msgspec.structs import replace

from gongji.core.outbox.reconcile import NEIGHBOUR, OURS, TAKE_BACK, Discrepancy, Theirs, Whose, of_platform
from gongji.core.outbox.states import State

MSGID = "H53030200001202611220942001007"
ROW = Theirs(
    setl_id="S77",
    msgid=MSGID,
    result="centre_more",
    reverses=False,
    memo="",
    total_fen=16800,
    fund_total_fen=None,
    account_fen=None,
)


NO = "01-20261122-000007"


def only(whose: Whose | None, counter: str | None, row: Theirs = ROW) -> Discrepancy:
    (found,) = of_platform([], [row], {} if whose is None else {MSGID: whose}, {MSGID: counter})
    assert f"报文号 {MSGID}，结算 ID S77，总额 168.00" in found.text
    return found


def of_ours(state: State, **more: bool) -> Whose:
    return Whose(no=NO, part=0, state=state, **more)


@pytest.mark.parametrize(
    ("whose", "kind"),
    [
        (of_ours(State.UNKNOWN), "unclaimed"),
        (of_ours(State.PENDING), "unclaimed"),
        (of_ours(State.REJECTED), "unclaimed"),
        (of_ours(State.QUARANTINE), "unclaimed"),
        (of_ours(State.REJECTED, is_voided=True), "left_there"),
        (of_ours(State.VOID), "left_there"),
        (of_ours(State.REVERSED), "left_there"),
        (of_ours(State.ACCEPTED, is_other=True), "doubled"),
        (of_ours(State.DIFF, is_other=True), "doubled"),
        (of_ours(State.ACCEPTED), "other_day"),
    ],
)
def test_of_what_the_book_knows_it_says_where_it_stands_and_what_puts_it_right(whose: Whose, kind: str) -> None:
    found = only(whose, "")
    assert (found.kind, found.no, found.part) == (kind, NO, 0)
    key = "按“认领”" if kind == "unclaimed" else "按“冲正”" if kind in TAKE_BACK else "一起对"
    assert key in found.action


def test_a_neighbours_is_nobodys_fault() -> None:
    found = only(None, "03")
    assert (found.kind, found.no) == (NEIGHBOUR, "")
    assert "收费台 03" in found.text


def test_our_own_number_that_the_book_does_not_know_tells_of_a_book_that_went_back() -> None:
    found = only(None, OURS)
    assert found.kind == "lost"
    assert "请经办机构" in found.action


def test_what_is_nobodys_here_is_not_taken_back_by_us() -> None:
    found = only(None, None)
    assert (found.kind, found.no) == ("missing_here", "")
    assert "请经办机构" in found.action


def test_a_reversal_is_told_as_one() -> None:
    assert only(of_ours(State.ACCEPTED), "", replace(ROW, reverses=True)).kind == "unclaimed_reversal"
