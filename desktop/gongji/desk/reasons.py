"""原因: why a person does what others will look into, in their own words, as the log and papers keep it."""

from gongji.core.identifiers import typed_remark
from gongji.errors import GongjiError


def reason_of(text: str, missing: str, advice: str, least: int = 1, what: str = "原因") -> str:
    """Return a reason in its normal form, one line of at most 200 characters that can all be seen.

    Raises `GongjiError`: what is wrong with its characters or length; or `missing`, and its advice, where it has fewer
    characters than `least`. `what` is what it is called where it is asked for.
    """
    try:
        reason = typed_remark(text)
    except ValueError as error:
        raise GongjiError(f"{what}{error}", "请改写，什么也没有改动") from error
    if len(reason) < least:
        raise GongjiError(missing, advice)
    return reason
