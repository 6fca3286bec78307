"""大写金额: an amount as bills must say it, which cannot be changed by adding a stroke.

The rules are those for filling in bills and vouchers (支付结算办法, 会计基础工作规范). Where they leave a choice, 零 is
not written before a full 仟, but after 元 where the last digit of the yuan is 0 and 角 follows; 整 stands after 角.
"""

from gongji.core.money import FEN_PER_YUAN

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUP_UNITS = ("", "万", "亿")
_GROUP = 10_000
_THOUSAND = 1000
MOST_FEN = _GROUP ** len(_GROUP_UNITS) * FEN_PER_YUAN - 1
"""The largest amount there are words for, in fen: one fen below a 万亿 yuan."""


def capitals(fen: int) -> str:
    """Return an amount in fen in capitals: 140950 → 壹仟肆佰零玖元伍角整; one to give back begins with 负."""
    if abs(fen) > MOST_FEN:
        raise ValueError(fen)
    if fen < 0:
        return "负" + capitals(-fen)
    yuan, cents = divmod(fen, FEN_PER_YUAN)
    jiao, last = divmod(cents, 10)
    text = _whole(yuan) + "元" if yuan or not cents else ""
    if not cents:
        return text + "整"
    if text and (not jiao or yuan % 10 == 0):
        text += "零"
    if jiao:
        text += _DIGITS[jiao] + "角"
    return text + (_DIGITS[last] + "分" if last else "整")


def _whole(number: int) -> str:
    """Return whole yuan, in groups of four digits."""
    text, skipped = "", False
    for place in reversed(range(len(_GROUP_UNITS))):
        group = number // _GROUP**place % _GROUP
        if group:
            gap = text and (skipped or group < _THOUSAND)
            text += ("零" if gap else "") + _four(group) + _GROUP_UNITS[place]
        skipped = not group
    return text or "零"


def _four(group: int) -> str:
    """Return a number of one to four digits; zeros inside it are said once, at its ends not at all."""
    text = ""
    for digit, place in zip(f"{group:04d}", _PLACES, strict=True):
        if digit != "0":
            text += _DIGITS[int(digit)] + place
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")
