"""The policy workbench on the command line: 影响测算, 补充通知, proofs."""

import datetime
import tomllib
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct, ValidationError, convert

from gongji.cli.arguments import library_of
from gongji.cli.io import DONE, REFUSED, complain, escaped
from gongji.cli.session import open_session, today_of
from gongji.cli.stored_answers import fields_of
from gongji.core.engine.policy import Policy
from gongji.core.money import yuan
from gongji.core.packs.amendment import (
    Amendment,
    CaseChange,
    EditableFigure,
    FigureChange,
    editable_figures,
    value_fault,
)
from gongji.core.packs.language import Pack
from gongji.core.problems import quoted
from gongji.desk.policies.amend import CaseDifference, prepare, release
from gongji.desk.policies.export_impact import SUMMED, bands_of, export_impact, notes_of
from gongji.desk.policies.impact import impact, years_settled
from gongji.desk.policies.packs import editions_named, pack_named
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import is_file, read_whole
from gongji.pack_files.library import Library


class NoticeChange(Struct, frozen=True, forbid_unknown_fields=True):
    """A change in a notice's file: the figure under the name that `--figures` prints."""

    figure: str
    value: str
    article: str
    gist: str


class NoticeFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A notice and what it changes, as a file."""

    title: str
    number: str
    issued: datetime.date
    short: str
    starts: datetime.date
    change: tuple[NoticeChange, ...]
    ends: datetime.date | None = None
    case: tuple[CaseChange, ...] = ()


def print_impact(options: Namespace) -> int:
    """Print what a year would have come to under an edition, and write it as a workbook where asked."""
    with open_session(options) as counter:
        policy = _policy(counter, options.edition)
        year = options.year or years_settled(counter, policy.pack.area, today_of(options))[0]
        found = impact(counter, policy, year)
        for name, word in SUMMED.items():
            before, after = getattr(found.before, name), getattr(found.after, name)
            print(f"{word}：{yuan(before)} → {yuan(after)}，相差 {yuan(after - before)}")
        for word, count in bands_of(found):
            print(f"{word}：{count} 人")
        for one in found.most_changed:
            before, after = one.stored.totals.patient_fen, one.quoted.totals.patient_fen
            print(f"{one.stored.no}：个人负担 {yuan(before)} → {yuan(after)}")
        for note in notes_of(found):
            print(escaped(note))
        if options.workbook is not None:
            export_impact(counter, found, options.workbook)
            print(f"已写入 {options.workbook}，含证件号码，请妥善保管")
    return DONE


def _policy(session: Session, name: str) -> Policy:
    """Return an edition at hand, or the one in a file."""
    if is_file(Path(name)):
        return Policy(pack_named(session.library, name))
    return editions_named(session.library, name)[-1]


def amend(options: Namespace) -> int:
    """Make a further edition of one and a notice's file; sign it and write it where it is ready.

    Raises `GongjiError` where that cannot be done.
    """
    with open_session(options) as counter:
        policy = _policy(counter, options.edition)
        figures = editable_figures(policy.pack)
        if options.notice is None:
            for one in figures:
                print(escaped(f"{one.what}：{one.text}"))
            return DONE
        amendment = _amendment(_notice(options.notice), figures, today_of(options))
        edition = Path(options.edition)
        prepared = prepare(counter, policy, amendment, read_whole(edition) if is_file(edition) else None)
        for text in prepared.sentences:
            print(escaped(text))
        for text in [*prepared.wrong, *(_differing(one) for one in prepared.differing)]:
            complain(text)
        if not prepared.is_ready:
            return REFUSED
        release(counter, prepared, options.out)
        print(f"已签发 {options.out}；在各窗口用 gongji policy install 或“政策 → 安装新版”装上")
    return DONE


def _notice(path: Path) -> NoticeFile:
    try:
        return convert(tomllib.loads(read_whole(path).decode("utf-8-sig")), NoticeFile)
    except (ValueError, ValidationError, RecursionError) as error:
        raise GongjiError(f"{path} 不是通知文件（{error}）", "写法见 docs/packs.md 的“补充通知”") from error


def _amendment(one: NoticeFile, figures: Sequence[EditableFigure], today: datetime.date) -> Amendment:
    known = {figure.what: figure for figure in figures}
    wrong = list(_faults(one, known))
    if wrong:
        raise GongjiError("；".join(wrong), "数额的名称用 gongji policy amend 不带通知文件列出")
    changes = tuple(
        FigureChange(path=known[each.figure].path, value=each.value, article=each.article, gist=each.gist)
        for each in one.change
    )
    return Amendment(
        **fields_of(one, "title", "number", "issued", "short", "starts", "ends"),
        verified_on=today,
        changes=changes,
        cases=one.case,
    )


def _faults(one: NoticeFile, known: dict[str, EditableFigure]) -> Iterator[str]:
    for each in one.change:
        figure = known.get(each.figure)
        if figure is None:
            yield f"没有“{quoted(each.figure)}”这个数额"
        elif fault := value_fault(figure.kind, each.value):
            yield f"{each.figure}{fault}"


def _differing(one: CaseDifference) -> str:
    """Return which figures of a worked case are to be worked out by hand; what the program computes is not shown."""
    figures = "、".join([*one.was, *one.accumulators_was])
    return f"例子“{one.case}”：{one.trouble or f'请按通知人工另算 {figures}，写进通知文件的 [[case]]'}"


def print_proofs(options: Namespace) -> int:
    """Print what is proved of packs, each a file or the number of an edition, and what is not.

    Raises `GongjiError` for a pack that is not there.
    """
    try:
        from gongji.proofs.prove import ASSUMED, prove
        from gongji.proofs.symbols import EXCEPTION, PROVED
    except ModuleNotFoundError as missing:
        if missing.name != "z3":
            raise
        advice = "证明用的 z3 不随程序安装；在开发环境里用 make setup 装上后再试"
        raise GongjiError("这台电脑没有装 z3，不能证明", advice) from None
    status = DONE
    for pack in _packs(library_of(options), options.packs):
        counts = {PROVED: 0}
        for claim in prove(pack):
            counts[claim.verdict] = counts.get(claim.verdict, 0) + 1
            if claim.verdict == PROVED:
                continue
            word = "已知的例外" if claim.verdict == EXCEPTION else "没有证明"
            example = f"，例如 {claim.example}" if claim.example else ""
            print(f"{pack.area}@{pack.starts} {claim.place}：{claim.text}：{word}{example}")
            status = status if claim.verdict == EXCEPTION else REFUSED
        print(f"{pack.area}@{pack.starts} {pack.area_name}：证明了 {counts[PROVED]} 条，共 {sum(counts.values())} 条")
    for text in ASSUMED:
        print(escaped(f"没有证明的：{text}"))
    return status


def _packs(library: Library, names: Sequence[str]) -> list[Pack]:
    if names:
        return [pack_named(library, name) for name in names]
    return [one.pack for area in library.areas for one in library.editions(area)]
