"""对账: what may be put right is offered for what is shown, and for nothing else."""

from gongji.gui.upload.reconcile_sheet import ReconcilingSheet
from tests.support.clerk import Clerk


def test_nothing_is_offered_where_nothing_was_compared_or_the_day_cannot_be_read(clerk: Clerk) -> None:
    sheet = ReconcilingSheet(clerk.station)
    assert (sheet.right.isEnabled(), sheet.every.isEnabled()) == (False, False)
    for one in (sheet.right, sheet.every):
        one.setEnabled(True)
    sheet.day.setText("昨天")
    assert sheet.days is None
    assert (sheet.right.isEnabled(), sheet.every.isEnabled()) == (False, False)
    sheet.reject()
