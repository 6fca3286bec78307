"""对账: what the platform has beyond ours is told with its numbers, and whom to ask; we take nothing of it back."""

import pytest

from gongji.core.outbox.reconcile import Theirs, of_platform

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


@pytest.mark.parametrize(
    ("known", "kind", "whose"),
    [({}, "missing_here", "本机没有的结算"), ({MSGID: ("01-20261122-000007", 0)}, "unclaimed", "01-20261122-000007")],
)
def test_what_only_the_platform_has(known: dict[str, tuple[str, int]], kind: str, whose: str) -> None:
    (found,) = of_platform([], [ROW], known)
    assert found.kind == kind
    assert whose in found.text
    assert f"报文号 {MSGID}，结算 ID S77，总额 168.00" in found.text
    assert "请经办机构" in found.action
    assert "2601" not in found.action  # this program sends a reversal only for what its own queue has sent
