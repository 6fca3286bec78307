"""The settlement's bar says what each of its colours is, and how large a share."""

import re

from PySide6.QtWidgets import QLabel

from tests.support.clerk import Clerk


def legend(clerk: Clerk) -> str:
    texts = [one.text() for one in clerk.screen.panel.findChildren(QLabel)]
    return next((one for one in texts if "■" in one), "")


def test_each_colour_is_named_with_its_share(clerk: Clerk) -> None:
    clerk.choose_patient("ltj")
    assert legend(clerk) == ""
    clerk.add_item("ybzl")
    clerk.add_item("amxl", "9")
    clerk.settle_down()
    quote = clerk.screen.state.quote
    assert quote is not None
    totals = quote.totals
    parts = {
        "基金": totals.fund_total_fen,
        "账户": totals.account_own_fen + totals.account_family_fen,
        "现金": totals.cash_fen,
    }
    shares = {word: int(share) for word, share in re.findall(r"(基金|账户|现金) (\d+)%", legend(clerk))}
    assert set(shares) == {word for word, fen in parts.items() if fen}
    assert all(abs(share - 100 * parts[word] / totals.total_fen) <= 0.5 for word, share in shares.items())
    colours = re.findall(r"color:(#\w+)", legend(clerk))
    assert len(set(colours)) == len(shares)
