"""Commands on policy packs: which there are, whether a file is right, what changed, attaching a document."""

import datetime
from argparse import Namespace

from gongji.cli.arguments import data_folder, library_of
from gongji.cli.io import DONE, REFUSED, complain, escaped
from gongji.core.packs.changes import changes
from gongji.core.packs.figures import figures, source_in_words
from gongji.core.packs.provisions import provisions
from gongji.desk.policies.documents import attach_document
from gongji.desk.policies.packs import check_packs, pack_named
from gongji.desk.policies.time_left import policy_reminders
from gongji.errors import GongjiError
from gongji.pack_files.library import spans


def list_policies(options: Namespace) -> int:
    """Print every edition, and whether it is in force on a date. Raises `GongjiError` for an area without any."""
    library, day = library_of(options), options.today if options.on is None else _date(options.on)
    print(f"政策包在 {day}：")
    for area in library.areas:
        for policy in library.editions(area):
            state = "有效" if policy.in_force(day) else "未开始" if day < policy.pack.starts else "已失效"
            print(
                f"{policy.id}  {state}  {policy.pack.area_name}  {spans([policy])}  （{policy.pack.verified_on} 核对）"
            )
            print(escaped(f"    {source_in_words(policy.pack.source['main'])}"))
    for one in policy_reminders(library, library.areas, day):
        print(escaped(f"注意：{one.text}"))
    return DONE


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise GongjiError(f"{text} 不是日期", "请写作 2023-05-04") from None


def print_checks(options: Namespace) -> int:
    """Print every problem of pack files, of the cases they carry and of their dates, with its place."""
    status = DONE
    for checked in check_packs(options.files):
        for sentence in checked.wrong:
            status = REFUSED
            print(escaped(f"{checked.place}：{sentence}"))
        pack = checked.pack
        if pack is not None and not checked.wrong:
            said = len(figures(pack)) + len(provisions(pack))
            counts = f"{len(pack.rule)} 条规则，{said} 项数额和规定，{len(pack.case)} 个例子都算对"
            print(escaped(f"{checked.place}：没有问题，{counts}"))
        for sentence in checked.warnings:
            print(escaped(f"{checked.place}：提醒：{sentence}"))
    return status


def diff_policies(options: Namespace) -> int:
    """Print what changed between two packs, each a file or the number of an edition."""
    library = library_of(options)
    sentences = changes(pack_named(library, options.old), pack_named(library, options.new))
    for sentence in sentences:
        print(escaped(sentence))
    if not sentences:
        print("两版没有区别")
    return DONE


def print_attached(options: Namespace) -> int:
    """Attach a document's text; print for which policies, and which of its articles nobody mentions."""
    for one in attach_document(library_of(options), options.area, options.file, data_folder(options)):
        print(escaped(f"{one.policy}：已附上《{one.title}》，切分出 {one.articles} 处条文，存于 {one.path}"))
        for article in one.unmentioned:
            complain(f"{one.policy} 既没有引用{article}，也没有说明为何未写入计算")
    return DONE
