"""argparse in Chinese, its headings and messages about wrong arguments; and what several commands' arguments share."""

import argparse
import re
from collections.abc import Callable, Sequence
from gettext import NullTranslations
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from gongji.cli.answers import trouble_answer
from gongji.cli.io import REFUSED, complain, line
from gongji.core.problems import LONGEST_QUOTED, quoted
from gongji.errors import GongjiError
from gongji.files import default_data_folder, resource_folder
from gongji.pack_files.library import Library

_LONG = re.compile(rf"\S{{{2 * LONGEST_QUOTED},}}")
_SENTENCES = {
    "positional arguments": "参数",
    "options": "选项",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s%(message)s",
    "the following arguments are required: %s": "还缺少 %s",
    "one of the arguments %s is required": "%s 须写其中一个",
    "unrecognized arguments: %s": "不认识 %s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 有歧义，可能是 %(matches)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "不能是 %(value)r，可用的有 %(choices)s",
    "expected one argument": " 后面须写一个值",
    "expected at most one argument": " 后面至多写一个值",
    "expected at least one argument": " 后面至少须写一个值",
    "expected %s argument": " 后面须写 %s 个值",
    "ignored explicit argument %r": " 后面不能写值 %r",
    "not allowed with argument %s": " 不能与 %s 同用",
    "invalid %(type)s value: %(value)r": " 的值 %(value)r 不对",
}
"""argparse's gettext messages in Chinese, by their English text."""


class _Chinese(NullTranslations):
    """The catalogue; a message that is not in it stays English."""

    def gettext(self, message: str) -> str:
        return _SENTENCES.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _SENTENCES.get(msgid1, super().ngettext(msgid1, msgid2, n))


_CATALOGUE = _Chinese()
# gettext itself would choose a language by the environment; this program has one
argparse._ = _CATALOGUE.gettext  # type: ignore[attr-defined]
argparse.ngettext = _CATALOGUE.ngettext  # type: ignore[attr-defined]


class Parser(argparse.ArgumentParser):
    """Reports wrong arguments in one sentence with Chinese punctuation."""

    def __init__(self, *, add_help: bool = True, **settings: Any) -> None:
        """Make a parser as argparse does, with its help option after the arguments that commands share."""
        super().__init__(add_help=False, **settings)
        if add_help:
            self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and leave by `SystemExit`."""
        said = _LONG.sub(lambda found: quoted(found[0]), message.replace("', '", "、").replace("'", ""))
        complain(f"命令行参数不对：{said}；用法见 {self.prog} --help")
        raise SystemExit(REFUSED)

    def format_help(self) -> str:
        """Return the help, with Chinese colons after its headings."""
        # here, since it wraps by the width of the English headings
        text = super().format_help().replace("usage: ", "用法：", 1)
        for heading in ("参数", "选项", "命令"):
            text = text.replace(f"{heading}:\n", f"{heading}：\n")
        return text


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001  # argparse has no other name for it


def operator_options() -> Parser:
    """Return a parser of the options that say who works, in which form."""
    parser = Parser(add_help=False)
    parser.add_argument("--operator", metavar="NAME", help="操作员；口令在终端输入，或放在 GONGJI_PASSWORD")
    parser.add_argument("--json", action="store_true", help="每行输出一个 JSON 对象")
    return parser


def clock_options() -> Parser:
    """Return a parser of the options that answer what a book asks when it is opened."""
    parser = Parser(add_help=False)
    parser.add_argument("--clock-confirmed", action="store_true", help="电脑时间早于上一笔记录，但确认无误")
    parser.add_argument("--folder-moved", action="store_true", help="数据文件夹搬到了这里，原来的那份不再使用")
    parser.add_argument("--as-counter", metavar="CODE", help="这是复制出来的，从此是另一个收费台，用这个新代码")
    return parser


def working_options(data: Parser, packs: Parser) -> list[Parser]:
    """Return the parsers of all that a command which opens a book may be told."""
    return [data, packs, operator_options(), clock_options()]


def second_options() -> Parser:
    """Return a parser of the option that names the second person of an act of two."""
    parser = Parser(add_help=False)
    words = "在场的第二人；口令从 GONGJI_SECOND_PASSWORD 或终端读"
    parser.add_argument("--second", metavar="NAME", help=words)
    return parser


def maker_options() -> Parser:
    """Return a parser of the options for installing packs: the second person, and a maker to accept."""
    parser = Parser(add_help=False, parents=[second_options()])
    words = "已打电话核对过指纹的制作人，从此收其签名的政策包；不一致的不要写"
    parser.add_argument("--accept", metavar="FINGERPRINT", default="", help=words)
    return parser


def _as_written(pattern: str) -> Callable[[str], str]:
    """Return a function that returns a text of a pattern as it is and raises ValueError for any other."""
    right = re.compile(rf"{pattern}\Z", re.ASCII)

    def typed(text: str) -> str:
        if not right.match(text):
            raise ValueError(text)
        return text

    return typed


typed_day, typed_month, typed_year = map(_as_written, (r"\d{4}-\d{2}-\d{2}", r"\d{4}-(0[1-9]|1[0-2])", r"\d{4}"))
"""A day, a month and a year as typed: 2026-11-22, 2026-11, 2026."""


def library_of(options: argparse.Namespace) -> Library:
    """Return the shipped packs, and those of the folders named."""
    return Library(resource_folder() / "policies", options.policies)


def data_folder(options: argparse.Namespace) -> Path:
    """Return the data folder of the options."""
    return options.data or default_data_folder()


def command(commands: Commands, name: str, does: str, words: str, parents: Sequence[Parser] = ()) -> Parser:
    """Add a command and return the parser of its arguments, after those it has from `parents`; `words` is its help.

    `does` is a module of `cli` and the function in it that runs the command, with a point between; the module is
    imported only then. Under --json its refusal is printed as an object.
    """
    module, _, function = does.partition(".")

    def run(options: argparse.Namespace) -> int:
        try:
            return int(getattr(import_module(f"gongji.cli.{module}"), function)(options))
        except GongjiError as error:
            if not getattr(options, "json", False):
                raise
            line(trouble_answer(error))
            return REFUSED

    parser = commands.add_parser(name, parents=list(parents), help=words)
    parser.set_defaults(run=run)
    return parser
