"""A pack in a file: read and checked, every problem with its place; one from outside is tried in a child first."""

import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from gongji.confined import limit, try_in_child
from gongji.core import strict_records
from gongji.core.packs.checks import pack_problems
from gongji.core.packs.entries import read_figure
from gongji.core.packs.general import GENERAL, complete
from gongji.core.packs.language import Pack
from gongji.core.packs.source_lines import FULL_WIDTH, full_width_signs, with_lines
from gongji.core.problems import Problem, invalid
from gongji.errors import GongjiError
from gongji.file_kinds import no_pack
from gongji.files import reason

OPTION = "--read-pack"
"""With this option the program reads the pack on its standard input and prints nothing: `main` is not reached."""

_DEEPEST = 30
_LARGEST = 10**18
_UNSEEN = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")
_MOST_BYTES = 2 << 20
_MOST_MEMORY, _MOST_SECONDS = 512 << 20, 10
_QUOTED = re.compile(r"""\"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_DEEP_KEY = re.compile(rf"(?:[\w-]+[ \t]*\.[ \t]*){{{_DEEPEST},}}")


class BadPackError(GongjiError):
    """A pack that cannot be used; `problems` names each place and what to do."""

    def __init__(self, place: str, problems: list[Problem]) -> None:
        """Keep what is wrong with the pack at a place."""
        super().__init__(f"政策包 {place} 有 {len(problems)} 处问题，不能使用", "请按下列各处改正后再试")
        self.place = place
        self.problems = problems


def parse_pack(text: bytes) -> Pack | list[Problem]:
    """Return the pack that a TOML text holds, with the general exclusions added, or all its problems.

    A pack of format 1, which excludes only what its author wrote, is refused: it settles no more.
    """
    pack = _read_pack(text, unseen=True)
    if isinstance(pack, Pack) and pack.format == 1:
        return [invalid("format", "旧格式的政策包不再用于结算，请改为 format = 2，并按 docs/packs.md 补写")]
    return pack


def parse_stored_pack(text: bytes) -> Pack | list[Problem]:
    """Return the pack, of any format, under which past settlements were made, or all its problems."""
    return _read_pack(text, unseen=False)


def _read_pack(text: bytes, *, unseen: bool) -> Pack | list[Problem]:
    """Return a pack or its problems; with `unseen`, invisible characters are a problem too."""
    value = _parsed(text)
    if not isinstance(value, Problem) and unseen and _has_unseen(value):
        value = invalid("", "文字里有看不见的控制符（例如 ESC、方向控制符），请删去后再用")
    if isinstance(value, Problem):
        return [value]
    pack = strict_records.read(value, Pack, read_figure)
    problems = list(map(_with_allowed, pack)) if isinstance(pack, list) else pack_problems(pack, stored=not unseen)
    if problems or isinstance(pack, list):
        return with_lines(problems, text.decode("utf-8-sig"))
    return complete(pack)


def _with_allowed(problem: Problem) -> Problem:
    """Return a problem of a pack's shape; one of a general exclusion says what may be written there."""
    kind, _, rest = problem.field.partition(".")
    name = rest.split(".")[0]
    if kind != "general" or name not in GENERAL:
        return problem
    allowed = f"{GENERAL[name][0]}：[general.{name}] 下只可写 rule = 规则编号，和 off = true（本地不执行）"
    return invalid(problem.field, f"{problem.message}；{allowed}")


def serve() -> int:
    """Read the pack on standard input as a child process; return exit status 0 once reading it ended."""
    limit(_MOST_MEMORY, _MOST_SECONDS)
    try:
        parse_pack(sys.stdin.buffer.read(_MOST_BYTES + 1))
    except MemoryError:
        return 3
    return 0


def try_pack(name: str, text: bytes) -> None:
    """Have a child process read a foreign pack first. Raises `GongjiError` where that takes more than any pack does."""
    try_in_child(OPTION, name, text, _MOST_SECONDS)


def _parsed(text: bytes) -> dict[str, Any] | Problem:
    if len(text) > _MOST_BYTES:
        return invalid("", f"文件有 {len(text) >> 20} MB，政策包不会这么大，请核对是不是选错了文件")
    other = no_pack(text)
    if other is not None:
        return invalid("", f"这是{other.word}，不是政策包；{other.advice}")
    if _DEEP_KEY.search(_QUOTED.sub("q", text.decode("utf-8-sig", "replace"))):
        return invalid("", "括号或键嵌套太深，请检查文件")  # before reading: that takes the depth's square of memory
    try:
        value = tomllib.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return invalid("", "不是 UTF-8 编码，请用 UTF-8 重新保存")
    except tomllib.TOMLDecodeError as error:
        return _unlike_toml(text.decode("utf-8-sig"), str(error))
    except RecursionError:
        return invalid("", "括号或键嵌套太深，请检查文件")
    except ValueError:  # the only other error of the TOML reader: a number of thousands of digits
        return invalid("", "有一个数太长，请检查文件")
    return _beyond_use(value) or value


def _depths(value: Any) -> Iterator[list[tuple[str, Any]]]:
    """Yield, depth by depth, everything inside a value with its key; what is in a list has an empty one."""
    level = [value]
    while level:
        inside = [
            one for each in level for one in (each.items() if isinstance(each, dict) else [("", part) for part in each])
        ]
        yield inside
        level = [part for _, part in inside if isinstance(part, dict | list)]


def _beyond_use(value: Any) -> Problem | None:
    """Return a problem where tables are nested deeper, or numbers are longer, than any rule needs."""
    for depth, inside in enumerate(_depths(value)):
        if depth == _DEEPEST:
            return invalid("", "括号或键嵌套太深，请检查文件")
        if any(isinstance(part, int) and abs(part) > _LARGEST for _, part in inside):
            return invalid("", "有一个数太长，请检查文件")
    return None


def _has_unseen(value: dict[str, Any]) -> bool:
    """Return whether any text or key holds a control character, which a terminal obeys or which reorders letters."""
    texts = (one for inside in _depths(value) for pair in inside for one in pair if isinstance(one, str))
    return any(map(_UNSEEN.search, texts))


def _unlike_toml(text: str, message: str) -> Problem:
    """Return the problem of a text that is no TOML: full-width characters by name, else the place."""
    found = re.search(r"at line (\d+)", message)
    lines = text.splitlines()
    line = lines[int(found[1]) - 1] if found and int(found[1]) <= len(lines) else ""
    signs = full_width_signs(line)
    if signs and found:
        plain = "、".join(f"{sign} 改为 {FULL_WIDTH[sign] if sign != '　' else '空格'}" for sign in signs)
        return invalid("", f"第 {found[1]} 行有全角标点，请改成半角：{plain}")
    return invalid("", f"不是合法的 TOML，或同一个键写了两次（{_place(message)}）")


def _place(message: str) -> str:
    """Return where in a file something is, from the reader's own sentence."""
    found = re.search(r"at line (\d+), column (\d+)", message)
    return f"第 {found[1]} 行第 {found[2]} 列附近" if found else "文件末尾"


def read_pack(path: Path) -> Pack:
    """Return the pack in a file. Raises `BadPackError` when it cannot be used."""
    return read_pack_and_text(path)[0]


def read_pack_and_text(path: Path, read: Callable[[bytes], Pack | list[Problem]] = parse_pack) -> tuple[Pack, bytes]:
    """Return the pack in a file and the text it was read from. Raises `BadPackError` when it cannot be used."""
    try:
        text = path.read_bytes()
    except OSError as error:
        unreadable = invalid("", f"读不到（{reason(error)}），请检查文件名和权限")
        raise BadPackError(str(path), [unreadable]) from error
    pack = read(text)
    if isinstance(pack, list):
        raise BadPackError(str(path), pack)
    return pack, text
