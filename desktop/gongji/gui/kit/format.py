"""Plain words for the state of a record in the queue, and what to press."""

from gongji.core.labels import PLAIN_RECORD_WORDS, RECORD_ADVICE
from gongji.desk.upload.queue import Upload
from gongji.gui.kit import tokens

_COLOURS = {
    "difference": tokens.ATTENTION,
    "quarantine": tokens.ATTENTION,
    "rejected": tokens.ATTENTION,
    "accepted": tokens.ACCENT,
    "sending": tokens.ACCENT,
}


def state_word(state: str) -> str:
    """Return a state in plain words."""
    return PLAIN_RECORD_WORDS.get(state, state or "不用上传")


def what_to_do(state: str) -> str:
    """Return what the clerk is to press, or that nothing is to be done."""
    return RECORD_ADVICE.get(state, "")


def state_colour(state: str) -> str:
    """Return the colour of a state: waiting is normal and grey, red is for what needs a person."""
    return _COLOURS.get(state, tokens.MUTED)


def next_try(one: Upload) -> str:
    """Return when a record is next tried."""
    if one.state not in {"pending", "sending", "unknown", "reversing"}:
        return ""
    return one.next_try_at[5:16] if one.next_try_at else "联网即试"
