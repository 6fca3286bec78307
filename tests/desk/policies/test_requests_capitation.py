"""包干的数 from the book: what the fund paid here, and how many of the visits were settled directly."""

from gongji.core.engine.policy import Policy
from gongji.desk.policies.requests import capitation_figures
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.pack_files.library import Library
from tests.support.clinic import line, text, visit
from tests.support.visits import WAGES, YUNFU

PERSON = {"id": "445399195001010013", "name": "张秀英", "status": "retired", "selected_institution": "H53030200001"}


def settle(session: Session, no: str, **more: object) -> str:
    asked = visit(no, line("100.00"), area=YUNFU, person=PERSON, parameters=WAGES, **more)
    done = settle_text(session, text(asked))
    assert done.stored is not None, done.problems
    return done.stored.no


def test_the_book_knows_what_was_paid_here_and_how(session: Session, library: Library) -> None:
    """一级、退休 70%: 70.00 each; three directly, one in full, one taken back; somebody of 曲靖 is not counted."""
    for no in ("V1", "V2", "V3"):
        settle(session, no)
    settle(session, "V4", full_payment=True)
    void(session, settle(session, "V5"), "录错")
    assert settle_text(session, text(visit("V6"))).stored is not None
    (policy,) = library.editions(YUNFU)
    assert isinstance(policy, Policy)
    found = capitation_figures(session, policy, 2025)
    assert (found.used_fen, found.direct, found.in_full, found.in_full_fen) == (21000, 3, 1, 10000)
    assert found.direct_rate_e12 == 750_000_000_000
    assert "3 ÷ (3 + 1) = 0.7500" in found.said[2]
    empty = capitation_figures(session, policy, 2024)
    assert (empty.used_fen, empty.direct, empty.direct_rate_e12) == (0, 0, None)
