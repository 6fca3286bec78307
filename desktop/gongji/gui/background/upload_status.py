"""The state of sending, in plain words: offline is normal and grey, and nothing is ever lost by it.

Also the progress of sending: how many of how many, how many a minute, the time left.
"""

from enum import Enum


class UploadStatus(Enum):
    """The state of sending."""

    OFF = "off"  # no gateway
    IDLE = "idle"  # nothing is due
    SENDING = "sending"
    OFFLINE = "offline"  # the gateway does not answer, or something has to be done first
    PAUSED = "paused"  # by the clerk


def chip_word(standing: UploadStatus, answered_at: str, told_until: str | None) -> str:
    """Return the text of the status line: the connection, and the date of the platform's figures."""
    sentence = "还没有资料" if told_until is None else f"资料截至 {told_until[5:16]}"
    match standing:
        case UploadStatus.SENDING:
            return f"正在上传 · {sentence}"
        case UploadStatus.PAUSED:
            return f"上传已暂停 · {sentence}"
        case UploadStatus.IDLE:
            return f"联网 {answered_at[11:16]} · {sentence}" if answered_at else sentence
        case _:
            return f"脱机 · {sentence}"


def chip_part(standing: UploadStatus) -> str:
    """Return the part of the style sheet for the status line: blue-green while sending, grey for everything else."""
    return "chip going" if standing is UploadStatus.SENDING else "chip"


def sentence(standing: UploadStatus, trouble: str, wait_s: float | None, waiting: int) -> str:
    """Return the text at the bottom of 上传: the state, when the next try is due, what may be pressed."""
    match standing:
        case UploadStatus.OFF:
            return (
                "还没有填医保网关：记录都完整保存在本机，一笔也不会丢；在“设置 → 网关”填好后自动上传，也可导出到U盘。"
            )
        case UploadStatus.PAUSED:
            return "上传已暂停，记录照常排队；按“继续上传”接着传。下次打开程序会自动继续。"
        case UploadStatus.SENDING:
            return "正在自动上传；照常收费，不用等。断网、断电都不会丢，也不会重复。"
        case UploadStatus.OFFLINE:
            why = trouble.rstrip("。") or "网关没有回应"
            return f"脱机：{why}。记录都在队列里，{_next(wait_s)}；急着传就按“立即上传”。"
        case UploadStatus.IDLE if waiting and wait_s is None:
            return "已联上网关；还没有传的要等前面“需处理”的先决定，或随盘带回回执。"
        case UploadStatus.IDLE if waiting:
            return f"已联上网关；{_next(wait_s)}。"
        case UploadStatus.IDLE:
            return "联网时自动上传，不用按任何键；现在没有要传的。"


def _next(wait_s: float | None) -> str:
    if wait_s is None:
        return "有变化时自动再试"
    return "马上再试" if wait_s < 1 else f"{lasting(wait_s)}后自动再试"


_A_MINUTE, _AN_HOUR = 60, 3600


def lasting(seconds: float) -> str:
    """Return a time to wait in words."""
    if seconds < _A_MINUTE:
        return "不到 1 分钟"
    if seconds < _AN_HOUR:
        return f"约 {round(seconds / _A_MINUTE)} 分钟"
    return f"约 {seconds / _AN_HOUR:.1f} 小时"


_SOON_S = 5.0


class UploadRate:
    """Counts records sent since sending began; settlements made meanwhile increase the total."""

    def __init__(self, waiting: int) -> None:
        self.whole = waiting
        self.left = waiting

    @property
    def done(self) -> int:
        """How many have been sent."""
        return self.whole - self.left

    def note(self, waiting: int) -> None:
        """Update the number of waiting records."""
        self.whole = max(self.whole, waiting)
        self.left = waiting

    def in_words(self, seconds: float) -> str:
        """Return the rate and the time left after `seconds`; empty while there is too little to say."""
        if not self.done or seconds < _SOON_S:
            return ""
        rate = self.done / seconds
        return f"每分钟约 {max(1, round(rate * _A_MINUTE)):,} 笔 · 还要{lasting(self.left / rate)}"
