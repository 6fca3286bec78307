"""`gongji download`: the agency's catalogue and policy packs, each stored whole or not at all."""

from argparse import Namespace

from gongji.cli.answers import trouble_answer
from gongji.cli.install import print_taken
from gongji.cli.io import DONE, REFUSED, complain, escaped, line
from gongji.cli.session import attend_second, open_session
from gongji.cli.stored_answers import fields_of
from gongji.cli.upload import line_of
from gongji.core.problems import quoted
from gongji.desk.policies.install_packs import PACKS, fetching_packs, take_in_packs, try_packs
from gongji.desk.upload.scripts.download_catalogue import TakenIn, fetching, take_in
from gongji.desk.upload.scripts.payer_line import PayerLine
from gongji.errors import GongjiError

_SHOWN = 10


def download(options: Namespace) -> int:
    """Store what the platform has newer, one download after another; a failed one does not stop the others."""
    status = DONE
    with open_session(options) as counter:
        payer_line = line_of(options, counter)
        uploader = payer_line.uploader
        kinds = options.kinds or [*uploader.profile.feeds, *([PACKS] if uploader.profile.packs else [])]
        with payer_line:
            for kind in kinds:
                try:
                    ok = _taken_in(options, payer_line, kind)
                except GongjiError as error:
                    ok = False
                    _refuse(options, kind, error)
                if not ok:
                    status = REFUSED
                if not uploader.post.sign_no:
                    break  # nobody answers: the others need not be tried
    return status


def _taken_in(options: Namespace, payer_line: PayerLine, kind: str) -> bool:
    session, profile = payer_line.uploader.session, payer_line.uploader.profile
    if kind == PACKS:
        found = try_packs(payer_line.finish(payer_line.talk(fetching_packs)))
        attend_second(options, session)
        return print_taken(options, take_in_packs(session, found, options.accept))
    feed = payer_line.talk(lambda session, profile: fetching(session, profile, kind, anew=options.all))
    return _told(options, take_in(session, profile, payer_line.finish(feed)))


def _refuse(options: Namespace, kind: str, error: GongjiError) -> None:
    if options.json:
        line({"kind": kind, **trouble_answer(error)})
    else:
        complain(f"{kind}：{error}")


def _told(options: Namespace, one: TakenIn) -> bool:
    wrong = [
        {"row": row.number, "column": each.column, "value": each.value, "message": each.message}
        for row in one.refused
        for each in row.wrong
    ]
    if options.json:
        names = ("title", "since", "version", "as_of", "rows", "changed", "elsewhere")
        line({"ok": one.kept, "kind": one.infno, **fields_of(one, *names), **({"refused": wrong} if wrong else {})})
    elif one.kept:
        elsewhere = f"，另有 {one.elsewhere} 项本机没有" if one.elsewhere else ""
        print(
            escaped(
                f"{one.title}（{one.infno}）：{one.rows} 行，本机项目改变 {one.changed}{elsewhere}；截至 {one.as_of}"
            )
        )
    else:
        complain(f"{one.title}（{one.infno}）有 {len(one.refused)} 行读不懂，什么也没有改动；请向经办机构反映")
        for each in wrong[:_SHOWN]:
            complain(f"  第 {each['row']} 行 {each['column']}“{quoted(str(each['value']))}”：{each['message']}")
    return one.kept
