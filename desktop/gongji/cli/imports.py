"""`gongji load`, `mapping`, `registrations`: importing tables, and what still has to be decided about them.

Items without a national code, reporting mapped ones to the payer; registered diseases on no list.
"""

import sys
from argparse import Namespace
from pathlib import Path

from gongji.cli.io import DONE, REFUSED, complain, escaped, say
from gongji.cli.session import open_session
from gongji.cli.stored_answers import fields_of
from gongji.cli.upload import line_of
from gongji.core.identity import masked_cell
from gongji.core.imports.headings import Confirmed
from gongji.core.imports.row_checks import ImportContext
from gongji.core.problems import quoted
from gongji.desk.imports.import_table import (
    Counts,
    ImportedTable,
    ImportReport,
    Preview,
    hidden_in_words,
    import_file,
    preview_of,
    read_import,
    write_refused,
)
from gongji.desk.imports.read_table import context_of
from gongji.desk.imports.table_layout import LayoutAnswer, UnconfirmedError
from gongji.desk.imports.unlisted_registrations import decide_registration, unlisted_registrations
from gongji.desk.roles import allow
from gongji.desk.upload.scripts.tell_mappings import telling_mappings, unmapped, untold
from gongji.store.book_file.db import Store

_SHOWN = 10


def load_table(options: Namespace) -> int:
    """Import people, family links, catalogue or figures from a table, or only look at what that would do."""
    with open_session(options) as counter:
        if not options.preview:
            allow(counter, "import")
        told = context_of(counter.library)
        return load(counter.store, options, at=counter.now(), operator=counter.operator, told=told)


def load(store: Store, options: Namespace, *, at: str, operator: str, told: ImportContext | None = None) -> int:
    """Import the file of the options, or only print what importing it would do; return the exit status."""
    kind, file, refused, asked = options.kind, options.file, options.refused, _asked_for(options)
    watch = _show_progress if sys.stderr.isatty() else None
    try:
        if options.preview:
            read = read_import(store, kind, file, at=at, told=told, asked=asked, progress=watch)
            looked = preview_of(store, read, watch)
            _print_preview(looked)
            _print_refused(looked, refused)
            return REFUSED if looked.refused else DONE
        report = import_file(
            store,
            kind,
            file,
            at=at,
            operator=operator,
            skip_refused=options.skip_refused,
            progress=watch,
            told=told,
            asked=asked,
        )
    except UnconfirmedError as error:
        _print_layout(error)
        raise
    _print_report(report)
    _print_refused(report, refused)
    return DONE if report.kept and not report.refused else REFUSED


def _asked_for(options: Namespace) -> LayoutAnswer:
    """Return the options for a table's columns: FILE=OURS (nothing after =: not read), OURS=TEXT for all."""
    columns = {theirs: ours or None for theirs, _, ours in (one.partition("=") for one in options.map)}
    texts = {ours: text for ours, _, text in (one.partition("=") for one in options.set)}
    confirmed = Confirmed(columns=columns, fixed=texts) if columns or texts else None
    return LayoutAnswer(confirmed=confirmed, as_proposed=options.as_proposed)


_HOW = {"same": "同名", "other name": "别名", "similar": "相近", "not read": "不读", "unknown": "不认识，不读"}


def _print_layout(error: UnconfirmedError) -> None:
    """Print what every column is taken for, with sample content, for a person to confirm."""
    print(escaped(f"{error.file} 第 {error.layout.number} 行是列名，建议这样对应："), file=sys.stderr)
    for one in error.layout.headings:
        samples = [row[one.place] for row in error.samples if one.place < len(row) and row[one.place]]
        told = "、".join(masked_cell(text)[:24] for text in samples)
        print(escaped(f"  {one.text} → {one.column or '—'}（{_HOW[one.how]}） {told}"), file=sys.stderr)


def _show_progress(done: int, total: int) -> None:
    print(f"\r{done * 100 // max(1, total):3d}%", end="" if done < total else "\r", file=sys.stderr, flush=True)


def _print_preview(looked: Preview) -> None:
    print(escaped(f"{looked.file}：{looked.form}，{looked.counts.rows} 行"))
    print(escaped(f"列：{'、'.join(looked.headings)}"))
    for row in looked.first:
        print(escaped("  " + "，".join(f"{heading} {masked_cell(value)}" for heading, value in row.items() if value)))
    print(escaped(f"导入的话：{_sentence(looked.counts)}；没有写入任何内容"))
    _print_what_is_odd(looked)


def _print_report(report: ImportReport) -> None:
    _print_what_is_odd(report)
    if report.kept:
        print(escaped(f"{report.file}：已导入，{_sentence(report.counts)}"))
    elif report.refused:
        complain(
            f"{report.file} 有 {report.counts.refused} 行不能导入，全部内容都没有写入；"
            "请改正后再试，或加 --skip-refused 只导入其余各行"
        )
    else:
        complain(f"{report.file} 没有可导入的行，没有写入任何内容")


def _print_what_is_odd(told: ImportedTable) -> None:
    """Print which sheets and rows were not read, and how many were that nobody sees."""
    if told.unread_sheets:
        print(escaped(f"只读了第一个工作表，没有读的：{'、'.join(told.unread_sheets)}"))
    if told.hidden:
        print(escaped(hidden_in_words(told.hidden)))
    if told.skipped:
        print(escaped(f"表格下方的合计、签字等没有读：第 {'、'.join(map(str, told.skipped[:_SHOWN]))} 行"))


def _sentence(counts: Counts) -> str:
    return f"新增 {counts.new}，改变 {counts.changed}，无变化 {counts.unchanged}，拒绝 {counts.refused}"


def _print_refused(told: ImportReport | Preview, path: Path | None) -> None:
    for one in told.refused[:_SHOWN]:
        for wrong in one.wrong:
            value = f"“{quoted(masked_cell(wrong.value))}”" if wrong.value else ""
            print(escaped(f"  第 {one.number} 行 {wrong.column}{value}：{wrong.message}"), file=sys.stderr)
    if len(told.refused) > _SHOWN:
        complain(f"另有 {len(told.refused) - _SHOWN} 行" + ("" if path else "；加 --refused 文件名 可得到全部"))
    if path is not None and told.refused:
        write_refused(told, path)
        print(escaped(f"拒绝的行和原因已写入 {path}，改正后可直接导入"))


def show_mappings(options: Namespace) -> int:
    """List the items in force without a national code, and how many mappings are still to be reported."""
    with open_session(options) as counter:
        found, waiting = unmapped(counter), untold(counter)
    rows = [fields_of(one, "code", "name", "specification") for one in found]
    lines = [f"  {one.code}  {one.name}  {one.specification}".rstrip() for one in found]
    head = f"没有国家编码的项目 {len(found)} 个；已对照、还没有告诉平台的 {waiting} 个"
    return say(options, {"ok": True, "unmapped": rows, "untold": waiting}, "\n".join([head, *lines]))


def tell_mappings(options: Namespace) -> int:
    """Report to the payer the mappings that it has not accepted yet."""
    with open_session(options) as counter, line_of(options, counter) as payer_line:
        count = payer_line.finish(payer_line.talk(telling_mappings))
    return say(options, {"ok": True, "told": count}, f"已上传目录对照 {count} 条")


def registrations(options: Namespace) -> int:
    """List registrations on no list, or decide what a name means."""
    with open_session(options) as counter:
        if options.decide:
            name, listed = options.decide
            found = [one for one in unlisted_registrations(counter) if one.name == name]
            whose = options.person or [one.person_id for one in found]
            count = decide_registration(counter, name, listed, whose)
            return say(options, {"ok": True, "people": count}, f"{count} 人的“{name}”已另记为“{listed}”")
        found = unlisted_registrations(counter)
    rows = [
        {
            "person": one.number,
            "name": one.person_name,
            "area": one.area,
            "disease": one.name,
            "nearest": list(one.nearest),
        }
        for one in found
    ]
    lines = [
        f"{one.area}  {one.name}  {one.person_name} {one.number}  {'、'.join(one.nearest)}".rstrip() for one in found
    ]
    return say(options, {"ok": True, "registrations": rows}, "\n".join(lines) or "登记的病种都在名录里")
