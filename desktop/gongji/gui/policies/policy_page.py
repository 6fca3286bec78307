"""A page of 政策: it shows one edition of one area; and how a reckoning's answer looks on it."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from gongji.core.engine.policy import Policy
from gongji.core.engine.trace import Step
from gongji.core.money import yuan
from gongji.core.problems import MISSING_PARAMETER, Problem
from gongji.desk.policies.parameters import entered
from gongji.gui.kit import tokens
from gongji.gui.kit.form import HTML_STYLE
from gongji.gui.shell.pages import ScreenPage
from gongji.gui.shell.workspace import Workspace


class PolicyPage(ScreenPage):
    """Shows an edition when it is asked to, and again when it is next turned to."""

    def __init__(self, station: Workspace, policy: Policy) -> None:
        """Begin with an edition; the screen sets another one, which `refresh` shows."""
        super().__init__()
        self.station, self.policy = station, policy

    def parameters(self) -> dict[str, Any]:
        """Return the open parameters in effect, by name."""
        return {one.name: one.value for one in reversed(entered(self.station.counter, self.policy.pack.area))}


def answer(head: str, figure: str, rows: Sequence[tuple[str, str]], steps: Sequence[Step]) -> str:
    """Return an answer as a page."""
    words = "".join(
        f"<tr><td class='muted'>{escape(word)}</td><td align='right'>{escape(value)}</td></tr>" for word, value in rows
    )
    why = "".join(
        f"<p><span class='accent'>{escape(step.article)}</span>　{escape(step.text)}　"
        f"<b>{yuan(step.amount_fen)}</b></p>"
        + ("" if not step.reading else f"<p class='second'>我们的理解：{escape(step.reading)}</p>")
        for step in steps
    )
    return (
        f"{HTML_STYLE}<p class='muted'>{escape(head)}</p>"
        f"<p style='font-size:{tokens.CHANGE}px'><b>{figure}</b></p><table>{words}</table><h3>依据</h3>{why}"
    )


def refused(problems: Sequence[Problem]) -> str:
    """Return why there is no answer."""
    words = wrong(problem.message for problem in problems)
    if any(problem.code == MISSING_PARAMETER for problem in problems):
        words += "<p>按 F3 到“开放参数”里填写，写明出自哪个通知，再回来计算。</p>"
    return f"{HTML_STYLE}{words}"


def wrong(sentences: Iterable[str]) -> str:
    """Return what is wrong, a paragraph each."""
    return "".join(f"<p class='attention'>{escape(one)}</p>" for one in sentences)


def numbered(sentences: Sequence[str]) -> str:
    """Return sentences, a paragraph each with its number."""
    return "".join(f"<p>{place}. {escape(one)}</p>" for place, one in enumerate(sentences, 1))


def empty(words: str) -> str:
    """Return the words for no answer yet."""
    return f"{HTML_STYLE}<p class='muted'>{escape(words)}</p>"
