"""argparse, speaking Chinese: its help headings and what it says about arguments that are wrong."""

import argparse
import re
from typing import Any, NoReturn

from gongji.cli.io import REFUSED, complain

_HEADINGS = {
    "usage: ": "用法：",
    "positional arguments:": "参数：",
    "options:": "选项：",
    "命令:\n": "命令：\n",
}
_COMPLAINTS = [
    (r"the following arguments are required: (.*)", r"还缺少 \1"),
    (r"one of the arguments (.*) is required", r"\1 须写其中一个"),
    (r"unrecognized arguments: (.*)", r"不认识 \1"),
    (r"ambiguous option: (.*) could match (.*)", r"\1 有歧义，可能是 \2"),
    (r"argument (.*?): invalid choice: (.*) \(choose from (.*)\)", r"\1不能是 \2，可用的有 \3"),
    (r"argument (.*?): expected one argument", r"\1 后面须写一个值"),
    (r"argument (.*?): expected at least one argument", r"\1 后面至少须写一个值"),
    (r"argument (.*?): ignored explicit argument (.*)", r"\1 后面不能写值 \2"),
    (r"argument (.*?): not allowed with argument (.*)", r"\1 不能与 \2 同用"),
    (r"argument (.*?): invalid \w+ value: (.*)", r"\1 的值 \2 不对"),
]


class Parser(argparse.ArgumentParser):
    """Says in a Chinese sentence what is wrong with the arguments, and gives its help in Chinese."""

    def __init__(self, *, add_help: bool = True, **settings: Any) -> None:
        """Make a parser as argparse does, but for its own words."""
        super().__init__(add_help=False, **settings)
        if add_help:
            self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave."""
        complain(f"命令行参数不对：{_in_chinese(message)}；用法见 {self.prog} --help")
        raise SystemExit(REFUSED)

    def format_help(self) -> str:
        """Return the help with argparse's own headings in Chinese."""
        text = super().format_help()
        for english, chinese in _HEADINGS.items():
            text = text.replace(english, chinese)
        return text


def _in_chinese(message: str) -> str:
    for pattern, sentence in _COMPLAINTS:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match:
            return match.expand(sentence).replace("', '", "、").replace("'", "")
    return message
