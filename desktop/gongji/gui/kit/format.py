"""Plain words for where a record of the queue stands, and what to press."""

from typing import Protocol

from gongji.gui.kit import tokens


class StateWords(Protocol):
    """What is asked of a record."""

    @property
    def state(self) -> str:
        """The state's name."""

    @property
    def next_try_at(self) -> str | None:
        """When it is next tried (a stamp)."""

    @property
    def last_error(self) -> str:
        """What went wrong last."""


STATES = {
    "pending": "等待上传",
    "sending": "正在上传",
    "unknown": "已发出，还不知道结果",
    "reversing": "正在平台上撤销",
    "accepted": "医保平台已接受",
    "difference": "平台算得不同",
    "quarantine": "多次没有成功，已停下",
    "rejected": "平台拒绝",
    "reversed": "已在平台上撤销",
    "void": "不需要上传",
}
_ADVICE = {
    "pending": "不用管，联网后自动上传",
    "sending": "不用管，稍等",
    "unknown": "不用管，程序会先查询再决定，不会重复上传",
    "reversing": "不用管，稍等",
    "accepted": "已完成",
    "difference": "按“差异处理”，核对两边的数",
    "quarantine": "按“差异处理”，看原因后决定重试或放行",
    "rejected": "看平台的理由；改正后退费重收",
    "reversed": "已完成",
    "void": "已完成：没有上传过就冲销了",
}
_COLOURS = {
    "difference": tokens.ATTENTION,
    "quarantine": tokens.ATTENTION,
    "rejected": tokens.ATTENTION,
    "accepted": tokens.ACCENT,
    "sending": tokens.ACCENT,
}


def state_word(state: str) -> str:
    """Return where a record stands, in plain words."""
    return STATES.get(state, state or "不用上传")


def what_to_do(state: str) -> str:
    """Return what the clerk is to press, or that nothing is to be done."""
    return _ADVICE.get(state, "")


def state_colour(state: str) -> str:
    """Return the colour of a state: waiting is normal and grey, red is for what needs a person."""
    return _COLOURS.get(state, tokens.MUTED)


def next_try(one: StateWords) -> str:
    """Return when a record is next tried."""
    if one.state not in {"pending", "sending", "unknown", "reversing"}:
        return ""
    return one.next_try_at[5:16] if one.next_try_at else "联网即试"
