"""A reason is kept as one line that can be seen whole, whoever gives it and for whatever."""

from collections.abc import Callable
from functools import partial

import pytest

from gongji.desk.clinic.explain import explain
from gongji.desk.imports.forget_person import forget_person
from gongji.desk.papers.bills import void_bill
from gongji.desk.reasons import reason_of
from gongji.desk.session import Session
from gongji.desk.settlements.refund import refund
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.errors import GongjiError
from tests.support.clinic import text
from tests.support.driving import visit

ACTS: dict[str, Callable[[Session, str, str], object]] = {
    "void": void,
    "refund": refund,
    "bill": void_bill,
    "forget": forget_person,
    "explain": lambda session, _no, reason: explain(session, 1, reason),
}


def test_what_is_pasted_becomes_one_line() -> None:
    assert reason_of("  药品退回\r\n\t已核对  ", "没有", "请写") == "药品退回 已核对"


@pytest.mark.parametrize("typed", ["", "   ", "\n\t"])
def test_nothing_is_no_reason(typed: str) -> None:
    with pytest.raises(GongjiError, match="没有写明"):
        reason_of(typed, "没有写明", "请写")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("typed", ["药品\u202e退回了", "退\u200b回药品了", "退" * 201], ids=["rtl", "unseen", "long"])
def test_no_act_takes_a_reason_that_cannot_be_seen_whole(session: Session, act: str, typed: str) -> None:
    stored = settle_text(session, text(visit("V1"))).stored
    assert stored is not None
    with pytest.raises(GongjiError, match=r"(原因|依据).*(看不见|太长)"):
        ACTS[act](session, stored.no, typed)


def test_a_void_keeps_the_line(session: Session) -> None:
    stored = settle_text(session, text(visit("V1"))).stored
    assert stored is not None
    done = partial(void, session, stored.no)(" 药品\n退回 ").stored
    assert done.reason == "药品 退回"
