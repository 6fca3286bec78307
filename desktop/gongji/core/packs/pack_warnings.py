"""What a usable pack still should have: worked cases, a row for every cause, a day of review."""

from collections.abc import Iterator
from typing import get_args

from gongji.core.packs.conditions import alternatives
from gongji.core.packs.language import Pack
from gongji.core.visits import Cause

_ILLNESS = "illness"


def pack_warnings(pack: Pack) -> Iterator[str]:
    """Yield what an author should look at again, in sentences."""
    if not pack.case:
        yield "没有例子，谁也没有算过这一版；请按文件手算几个，写在 [[case]] 里"
    elif not any(one.refused is None for one in pack.case):
        yield "例子全是拒绝的，没有一个算出数额；请至少手算一个"
    if pack.review_by is None:
        yield "没有写下次核对的日期 review_by；补充通知出来了没有人会知道"
    for cause in get_args(Cause):
        if cause != _ILLNESS and not any(_names(gate.when, cause) for gate in pack.gate):
            yield f"就诊原因 {cause} 没有写统筹付不付（[[gate]]），一般规定也关掉了；请按文件写明"


def _names(when: object, cause: str) -> bool:
    """Return whether a condition is about a cause."""
    tests = [table.get("cause") for table in alternatives(when) if isinstance(table, dict)]
    return any(test == cause or (isinstance(test, list) and cause in test) for test in tests)
