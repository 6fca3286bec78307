"""The strict reader of the platform's answers: anything not wholly valid and ours is an unknown outcome.

At most 1 MB, at most 32 levels, no duplicate key, no NUL, no float for money. Success is infcode 0 without words, or
with words of success; a refusal is a negative code (or one the region's profile lists). Platforms were seen to send 0
with an error, to refuse what they had done, and to refuse because a system behind them was slow: all of that is
unknown. Only what a decision uses must be present; the answer itself is stored as received, and `output_of` reads it
again.
"""

import datetime
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gongji.core.outbox.replies import Answered, Busy, Exchange, NotSent, Unknown
from gongji.core.strict_json import decode
from gongji.payer.envelope import deciphered
from gongji.payer.interface import OUTPUTS
from gongji.payer.regions import Profile
from gongji.payer.schema import faults, plain

_LARGEST = 1 << 20
_DEEPEST = 32
_WORDS = 200
_MOMENT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[ T]?(\d\d):?(\d\d):?(\d\d)(?:\.?\d*)?)?\Z", re.ASCII)


class Answer(Struct, frozen=True, kw_only=True):
    """A reliable answer: accepted or not, its words, its output, and when (a stamp, or empty)."""

    ok: bool
    code: str
    text: str
    output: dict[str, Any]
    at: str


def output_of(body: bytes, profile: Profile | None = None) -> dict[str, Any] | None:
    """Return the output of an answer, as received or as stored; None where it cannot be read.

    It may be an object, a JSON text of one, an array (then the node's name is empty, `""`), null or missing.
    """
    value = _decoded(body, profile)
    return None if value is None else _output(value, profile)


def _decoded(body: bytes, profile: Profile | None) -> dict[str, Any] | None:
    """Return an answer, taken out of the node that a gateway wraps it in; None where it cannot be read."""
    value, problems = decode(body)
    if problems or not isinstance(value, dict) or not _is_sound(value, body):
        return None
    inside = value.get(profile.answer_in) if profile is not None and profile.answer_in else None
    return inside if isinstance(inside, dict) and "infcode" not in value else value


def _output(value: Mapping[str, Any], profile: Profile | None) -> dict[str, Any] | None:
    output = value.get("output")
    if isinstance(output, str) and output.strip():
        text = output.encode()
        if profile is not None and profile.cipher:
            plain_text = deciphered(output, profile)
            if plain_text is None:
                return None
            text = plain_text
        output, problems = decode(text)
        if problems or not _is_sound(output, text):
            return None
    if isinstance(output, list):
        return {"": output}
    if output is None or output == "":
        return {}
    return output if isinstance(output, dict) else None


def read_answer(exchange: Exchange, infno: str, msgid: str, profile: Profile) -> Answer | NotSent | Unknown | Busy:
    """Return the answer to a message of ours, checked against the interface; `Unknown` for anything unsound."""
    if not isinstance(exchange, Answered):
        return exchange
    if len(exchange.body) > _LARGEST:
        return Unknown("平台的答复太大")
    value = _decoded(exchange.body, profile)
    if value is None:
        return Unknown("平台的答复读不懂")
    if "infcode" not in value:
        return _of_gateway(value, profile)
    if profile.echo and (value.get("infno"), value.get("msgid")) != (profile.number(infno), msgid):
        return Unknown("平台答的不是这条报文")
    return _held(value, infno, msgid, profile)


def _of_gateway(value: dict[str, Any], profile: Profile) -> Busy | Unknown:
    """Return what a gateway's own answer means: one that says it rejected the message has done nothing with it."""
    if plain(value.get("code")) not in profile.busy:
        return Unknown("平台的答复不是医保报文")
    words = (plain(value.get("message")) or "").strip()[:_WORDS]
    return Busy(None, f"网关没有放行：{words}" if words.isprintable() and words else "网关没有放行")


def _held(value: dict[str, Any], infno: str, msgid: str, profile: Profile) -> Answer | Unknown | Busy:
    code, text = plain(value["infcode"]) or "", (plain(value.get("err_msg")) or "").strip()
    at = stamp_of_answer(plain(value.get("respond_time")) or "")
    output = _output(value, profile)
    if code != "0":
        return _declined(code, text, output, at, profile)
    if text.lower() not in profile.success_words:
        return Unknown(f"平台一边说成功一边报错：{text[:_WORDS]}")
    if output is None:
        return Unknown("平台的答复读不懂")
    wrong = next(faults(OUTPUTS.get(infno, {}), output), None)
    if wrong is not None:
        return Unknown(f"平台的答复不合规范（{wrong}）")
    echoed = plain(output["setlinfo"].get("medins_setl_id")) if infno == "2207" else None
    if echoed and echoed != msgid:
        return Unknown("平台答的不是这条报文")
    return Answer(ok=True, code=code, text=text, output=output, at=at)


def _declined(code: str, text: str, output: Any, at: str, profile: Profile) -> Answer | Unknown | Busy:
    """Return what an unsuccessful answer means: a refusal, a request to sign in again, or an unknown outcome."""
    words = text[:_WORDS]
    if not (_is_below_zero(code) or code in profile.refusals):
        return Unknown(f"平台答了 {code[:8]}，不知是成是败：{words}")
    if says(text, profile.sign_in_again):
        return Busy(None, f"平台要求重新签到：{words}")
    if _has_settlement(output):
        return Unknown(f"平台一边拒绝一边给了结算号：{words}")
    if says(text, profile.ambiguous):
        return Unknown(f"平台没有说清办了没有：{words}")
    return Answer(ok=False, code=code, text=words, output={}, at=at)


def _is_below_zero(code: str) -> bool:
    return code.startswith("-") and code[1:].isascii() and code[1:].isdigit() and bool(code[1:].strip("0"))


def says(text: str, words: tuple[str, ...]) -> bool:
    """Return whether a text contains one of some words; the cause may be anywhere in it, the code often at its end."""
    plain_text = text.lower()
    return any(word.lower() in plain_text for word in words)


def _has_settlement(output: Any) -> bool:
    if isinstance(output, Mapping):
        return bool(plain(output.get("setl_id"))) or any(_has_settlement(part) for part in output.values())
    return isinstance(output, list) and any(_has_settlement(part) for part in output)


def _is_sound(value: Any, text: bytes) -> bool:
    """Return whether a value is not nested too deep and contains no NUL, which JSON spells in one way alone."""
    if b"\\u0000" not in text and text.count(b"{") + text.count(b"[") <= _DEEPEST:
        return True
    return _sound(value, _DEEPEST)


def _sound(value: Any, deep: int) -> bool:
    """Return whether a value is not nested too deep and contains no NUL."""
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, dict):
        return deep > 0 and all("\x00" not in key and _sound(part, deep - 1) for key, part in value.items())
    if isinstance(value, list):
        return deep > 0 and all(_sound(part, deep - 1) for part in value)
    return True


def stamp_of_answer(text: str) -> str:
    """Return a time of the platform's as a stamp, in any of its spellings; empty where it is none.

    Seen: `2025-06-10 09:00:00`, with a fraction, with a T, fourteen digits and more, a date alone (its midnight).
    """
    match = _MOMENT.match(text.strip())
    if match is None:
        return ""
    year, month, day, hour, minute, second = (part or "00" for part in match.groups())
    found = f"{year}-{month}-{day} {hour}:{minute}:{second}"
    try:
        datetime.datetime.fromisoformat(found)
    except ValueError:
        return ""
    return found
