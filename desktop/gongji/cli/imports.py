"""`gongji load`: a table into the book, or a look at what it would do."""

import sys
from pathlib import Path

from msgspec import Struct

from gongji.cli.io import DONE, REFUSED, complain
from gongji.core.identity import masked
from gongji.core.imports.read_rows import RejectedRow
from gongji.desk.imports.import_table import Counts, ImportReport, Preview, import_file, preview_import, write_refused
from gongji.desk.imports.read_table import Knows
from gongji.store.db import Store

_SHOWN = 10
_PERSONAL = 14
"""So many digits, and something after them, are an identity number or what was meant to be one."""


class Wanted(Struct, frozen=True, kw_only=True):
    """Which file of which kind, and what to do with it; `refused` is where refused rows go, if there are any."""

    kind: str
    file: Path
    preview: bool = False
    skip_refused: bool = False
    refused: Path | None = None


def load(store: Store, wanted: Wanted, *, at: str, operator: str, knows: Knows | None = None) -> int:
    """Import a file, or only say what importing it would do; return the exit status."""
    watch = _show_progress if sys.stderr.isatty() else None
    if wanted.preview:
        looked = preview_import(store, wanted.kind, wanted.file, at=at, knows=knows, progress=watch)
        _print_preview(looked)
        _print_refused(looked, wanted.refused)
        return REFUSED if looked.refused else DONE
    report = import_file(
        store,
        wanted.kind,
        wanted.file,
        at=at,
        operator=operator,
        skip_refused=wanted.skip_refused,
        progress=watch,
        knows=knows,
    )
    _print_report(report)
    _print_refused(report, wanted.refused)
    return DONE if report.kept and not report.refused else REFUSED


def _show_progress(done: int, total: int) -> None:
    print(f"\r{done * 100 // max(1, total):3d}%", end="" if done < total else "\r", file=sys.stderr, flush=True)


def _print_preview(looked: Preview) -> None:
    print(f"{looked.file}：{looked.form}，{looked.counts.rows} 行")
    print(f"列：{'、'.join(looked.headings)}")
    for row in looked.first:
        print("  " + "，".join(f"{heading} {_shown(value)}" for heading, value in row.items() if value))
    print(f"导入的话：{_sentence(looked.counts)}；没有写入任何内容")
    _print_unread(looked.unread_sheets)


def _print_report(report: ImportReport) -> None:
    _print_unread(report.unread_sheets)
    if report.kept:
        print(f"{report.file}：已导入，{_sentence(report.counts)}")
    elif report.refused:
        complain(
            f"{report.file} 有 {report.counts.refused} 行不能导入，全部内容都没有写入；"
            "请改正后再试，或加 --skip-refused 只导入其余各行"
        )
    else:
        complain(f"{report.file} 没有可导入的行，没有写入任何内容")


def _print_unread(sheets: tuple[str, ...]) -> None:
    if sheets:
        print(f"只读了第一个工作表，没有读的：{'、'.join(sheets)}")


def _sentence(counts: Counts) -> str:
    return f"新增 {counts.new}，改变 {counts.changed}，无变化 {counts.unchanged}，拒绝 {counts.refused}"


def _print_refused(told: ImportReport | Preview, path: Path | None) -> None:
    for one in told.refused[:_SHOWN]:
        _print_row(one)
    if len(told.refused) > _SHOWN:
        complain(f"另有 {len(told.refused) - _SHOWN} 行" + ("" if path else "；加 --refused 文件名 可得到全部"))
    if path is not None and told.refused:
        write_refused(told, path)
        print(f"拒绝的行和原因已写入 {path}，改正后可直接导入")


def _print_row(one: RejectedRow) -> None:
    for wrong in one.wrong:
        value = f"“{_shown(wrong.value)}”" if wrong.value else ""
        print(f"  第 {one.number} 行 {wrong.column}{value}：{wrong.message}", file=sys.stderr)


def _shown(value: str) -> str:
    """Return a value as it may stand on a screen: an identity number, or what comes near one, is masked."""
    return masked(value) if value[:_PERSONAL].isdigit() and len(value) > _PERSONAL else value
