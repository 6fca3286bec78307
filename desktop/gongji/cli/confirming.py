"""Asking at a terminal."""

import sys


def confirmed(question: str) -> bool:
    """Ask on a terminal and tell whether the answer was yes; where nobody can be asked, it was not."""
    if not sys.stdin.isatty():
        return False
    print(question, file=sys.stderr)
    return input("继续吗？输入 是 或 y：").strip().lower() in {"是", "y", "yes"}
