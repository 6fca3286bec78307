"""Trouble of the world: one plain sentence and what to do about it."""


class GongjiError(Exception):
    """Something outside the program went wrong; `title` says what, `advice` what to do, both in Chinese."""

    def __init__(self, title: str, advice: str) -> None:
        """Keep both sentences."""
        super().__init__(f"{title}。{advice}。")
        self.title = title
        self.advice = advice
