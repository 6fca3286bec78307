"""Creating a data folder from a settings file on a stick, beside the program or named; only the password is asked.

The book is made first; then each table is imported, whole or not at all, and a failed one stops nothing else.
"""

import platform
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from msgspec import DecodeError, Struct, toml

from gongji.core.dates import stamp
from gongji.core.imports.kinds import KINDS
from gongji.core.problems import Problem, invalid, join
from gongji.core.starting_answers import TABLES, StartingAnswers, read_answers
from gongji.core.strict_json import decode
from gongji.desk.clinic.begin import Beginning
from gongji.desk.clinic.first_start.create import start_own
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.printing_settings import PaperSettings, paper_names, set_paper_ways
from gongji.desk.clinic.settings import set_support
from gongji.desk.imports.import_table import import_file
from gongji.desk.imports.read_table import context_of
from gongji.desk.imports.table_layout import LayoutAnswer
from gongji.desk.session import Clock, Session
from gongji.errors import GongjiError
from gongji.files import is_file, program_folder, read_whole, stick_places
from gongji.pack_files.library import Library
from gongji.pack_files.read_pack import try_pack

FILES = ("gongji-answers.toml", "gongji-answers.json")
"""The names of a settings file, in the order in which they are searched for."""


class AnswersRefusedError(GongjiError):
    """A settings file has errors; `problems` has all of them, each with its place."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        super().__init__(f"设置文件 {path.name} 有 {len(problems)} 处不对", "请改正后再试，什么也没有建立")
        self.problems = problems


class AnswersFile(Struct, frozen=True, kw_only=True):
    """A valid settings file, and the counters it has answers for."""

    path: Path
    counters: tuple[StartingAnswers, ...]

    def of_this_pc(self, institution: str | None = None, counter: str | None = None) -> StartingAnswers | None:
        """Return which counter this PC is: the only one, the one named, or the one with this PC's name; else None."""
        named = [
            one for one in self.counters if institution in {None, one.institution} and counter in {None, one.counter}
        ]
        mine = [one for one in named if one.computer and one.computer.casefold() == platform.node().casefold()]
        fitting = mine or named
        return fitting[0] if len(fitting) == 1 else None


class FirstTable(Struct, frozen=True, kw_only=True):
    """The result for a table: its name, a sentence for the user, and whether it is in the book now."""

    kind: str
    file: str
    text: str
    kept: bool


def find_answers() -> Path | None:
    """Return the settings file on a stick or beside the program; None where there is none."""
    beside = program_folder()
    places = [beside, beside.parent.parent, *stick_places()]
    return next((place / name for place in places for name in FILES if is_file(place / name)), None)


def read_answers_file(path: Path, library: Library) -> AnswersFile:
    """Return the answers in a settings file (TOML, or JSON by its name). Raises `GongjiError` with every problem."""
    text = read_whole(path)
    if path.suffix.casefold() == ".json":
        value, problems = decode(text.removeprefix(b"\xef\xbb\xbf"))
    else:
        try_pack(path.name, text)  # the stick may be anybody's: a child reads it first, within the limits of a pack
        value, problems = _from_toml(text)
    if problems:
        raise AnswersRefusedError(path, problems)
    found, wrong = read_answers(value, _levels(library))
    wrong += _missing(path, found)
    if wrong:
        raise AnswersRefusedError(path, wrong)
    return AnswersFile(path=path, counters=tuple(found.values()))


def _from_toml(text: bytes) -> tuple[object, list[Problem]]:
    try:
        return toml.decode(text.removeprefix(b"\xef\xbb\xbf")), []
    except UnicodeDecodeError:
        return None, [invalid("", "不是 UTF-8 编码，请用 UTF-8 重新保存")]
    except RecursionError:
        return None, [invalid("", "方括号套得太深，不是设置文件")]
    except (DecodeError, ValueError) as error:
        return None, [invalid("", f"不是 TOML（{error}）：名称 = 值，文字加引号")]


def _levels(library: Library) -> dict[str, dict[str, str]]:
    return {area: {one.id: one.name for one in library.editions(area)[-1].pack.level} for area in library.areas}


def _missing(path: Path, found: Mapping[str, StartingAnswers]) -> list[Problem]:
    """Return which files and papers named in the answers are missing; one named for all is reported for each."""
    problems = []
    for at, one in found.items():
        problems += [
            invalid(join(at, kind), f"设置文件旁边没有 {file}")
            for kind, file in one.tables.items()
            if not is_file(path.parent / file)
        ]
        if one.paper and one.paper not in paper_names():
            problems.append(invalid(join(at, "paper"), f"没有纸张 {one.paper}，可用 {'、'.join(paper_names())}"))
    return problems


def begin_by_answers(
    path: Path, one: StartingAnswers, source: Path, password: str | None, library: Library, clock: Clock
) -> list[FirstTable]:
    """Create a data folder from a settings file (`source`), and import its tables; return the results."""
    beginning = Beginning(
        counter=one.counter,
        area=one.area,
        institution=one.in_contract,
        operator=one.operator,
        password=password,
        training=False,
    )
    start_own(path, beginning, one.printer or "", library, clock)
    tables = {kind: source.parent / file for kind, file in one.tables.items()}
    return furnish(path, beginning, tables, one, library, clock)


def furnish(  # each parameter says something else
    path: Path,
    made: Beginning,
    tables: dict[str, Path],
    one: StartingAnswers | None,
    library: Library,
    clock: Clock,
) -> list[FirstTable]:
    """Store the other answers of a settings file in a new data folder, and import tables as `take_in` does."""
    if one is None and not tables:
        return []
    with closing(open_counter(path, library, clock, made.operator, made.password)) as counter:
        if one is not None and one.paper:
            set_paper_ways(counter, PaperSettings(paper=one.paper, checker="", always_explained=False))
        if one is not None and one.support:
            set_support(counter, one.support)
        return take_in(counter, tables)


def take_in(session: Session, tables: dict[str, Path]) -> list[FirstTable]:
    """Import tables into an open book, each whole or not at all, with the proposed columns."""
    return [_taken(session, kind, tables[kind]) for kind in TABLES if kind in tables]


def _taken(session: Session, kind: str, file: Path) -> FirstTable:
    def came(told: str, *, kept: bool = False) -> FirstTable:
        return FirstTable(kind=kind, file=file.name, text=f"{KINDS[kind].title}：{told}", kept=kept)

    try:
        report = import_file(
            session.store, kind, file, at=stamp(session.clock()), operator=session.operator,
            told=context_of(session.library), asked=LayoutAnswer(as_proposed=True),
        )  # fmt: skip
    except GongjiError as error:
        return came(str(error))
    if report.kept:
        return came(f"已导入 {report.counts.rows:,} 行（{file.name}）", kept=True)
    return came(f"{file.name} 有 {report.counts.refused} 行不能导入，都没有写入；以后在“资料”里改正后导入")
