"""Money goes back the way it came: whole and in part, on paper, from the command line, and out of difference slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from gongji.cli import text as book_words
from gongji.core.ledger.draft import draft_to_json as visit_of
from gongji.core.ledger.giving_back import in_words, kept_of, less, net_in_words, taken_out, tendered
from gongji.core.ledger.stored_settlement import TENDERS, StoredSettlement
from gongji.desk.session import Session
from gongji.desk.settlements.refund import refund, refund_preview
from gongji.desk.settlements.settle import AtCounter, settle_text
from gongji.desk.settlements.void import void
from gongji.errors import GongjiError
from gongji.printing.read_pdf import text_of
from tests.support.clinic import line, text, visit
from tests.support.printed import print_receipt

PAID = (("wechat", 2000), ("alipay", 3450))
BY_MEANS = st.lists(st.sampled_from(TENDERS), unique=True).flatmap(
    lambda names: st.tuples(*(st.tuples(st.just(name), st.integers(1, 10**7)) for name in names))
)


def settled(session: Session, paid: tuple[tuple[str, int], ...] = PAID) -> StoredSettlement:
    done = settle_text(session, text(visit("V1", line("60.00"), line("40.00", code="X2"))), AtCounter(tender=paid))
    assert done.stored is not None, done.problems
    return done.stored


def test_a_void_gives_back_by_the_original_means(session: Session) -> None:
    one = settled(session)
    done = void(session, one.no, "药品退回")
    assert dict(done.back) == {"wechat": 2000, "alipay": 3450}
    said = book_words.voided(done, None)
    assert "退微信 20.00、支付宝 34.50" in said
    assert "现金" not in said


def test_the_red_paper_says_by_which_means(session: Session) -> None:
    one = settled(session)
    red = void(session, one.no, "药品退回").stored
    said = "".join("".join(text_of(print_receipt(session, red).read_bytes())).split())
    assert "退款方式：微信20.00支付宝34.50" in said


def test_a_paper_of_notes_alone_says_so_too(session: Session) -> None:
    one = settled(session, (("cash", 5450),))
    said = "".join("".join(text_of(print_receipt(session, void(session, one.no, "x").stored).read_bytes())).split())
    assert "退款方式：现金54.50" in said


def test_the_preview_names_the_means(session: Session) -> None:
    one = settled(session)
    whole = refund_preview(session, one.no, None)
    assert dict(whole.back) == {"wechat": 2000, "alipay": 3450}
    part = refund_preview(session, one.no, {1: "0"})
    assert part.after is not None
    assert sum(fen for _, fen in part.back) == part.back_fen
    assert part.after.cash_fen == sum(fen for _, fen in part.paid_again)
    assert all(means != "cash" for means, _ in (*part.back, *part.paid_again))


def test_what_is_kept_is_paid_by_what_it_was_paid_by(session: Session) -> None:
    one = settled(session)
    told = refund_preview(session, one.no, {1: "0"})
    done = refund(session, one.no, "药品退回", {1: "0"})
    assert done.prepared is not None
    assert done.prepared.draft.paid_before == PAID
    again = settle_text(session, json.encode(visit_of(done.prepared.draft)), AtCounter(tender=told.paid_again)).stored
    assert again is not None
    out = dict(less(tendered(one.payments), tendered(again.payments)))
    assert out == dict(told.back)


def test_a_part_refund_that_keeps_everything_is_said_to_be_none(session: Session) -> None:
    one = settled(session)
    assert refund_preview(session, one.no, {0: "1", 1: "1"}).changes_nothing
    assert not refund_preview(session, one.no, {0: "1", 1: "0.5"}).changes_nothing
    with pytest.raises(GongjiError, match="没有要退的"):
        refund(session, one.no, "录错", {0: "1"})


@given(paid=BY_MEANS, due_fen=st.integers(0, 3 * 10**7))
def test_what_is_kept_and_what_goes_back_come_to_what_was_paid(paid: tuple[tuple[str, int], ...], due_fen: int) -> None:
    kept = kept_of(paid, due_fen)
    assert sum(fen for _, fen in kept) == due_fen
    back = less(paid, kept)
    assert sum(fen for _, fen in back) == sum(fen for _, fen in paid) - due_fen
    assert all(fen > 0 or means == "cash" for means, fen in back)


@given(paid=BY_MEANS, fen=st.integers(1, 3 * 10**7))
def test_what_is_taken_out_is_all_of_it(paid: tuple[tuple[str, int], ...], fen: int) -> None:
    out = dict(taken_out(paid, fen))
    assert sum(out.values()) == fen
    assert all(out.get(means, 0) <= there for means, there in paid if means != "cash")


def test_no_amount_is_said_where_nothing_moves() -> None:
    """It said "现金 0.00": who refunded what an account had paid was told to hand back nothing in cash."""
    assert in_words(()) == ""
    assert net_in_words(()) == "不退不补"
    assert net_in_words((("wechat", 1000), ("cash", -250))) == "应退 微信 10.00 元，应补收 现金 2.50 元"


def test_a_void_of_what_accounts_paid_says_that_nothing_is_handed_back(session: Session) -> None:
    own = {"own": {"balance": "1000.00"}}
    one = settle_text(session, text(visit("V1", accounts=own))).stored
    assert one is not None
    assert tendered(one.payments) == ()
    said = book_words.voided(void(session, one.no, "药品退回"), None)
    assert said.splitlines()[0].endswith("，不用退钱")
