"""The commands about paper: is it genuine, print it again, and the slips beside it."""

import sys
from argparse import Namespace
from pathlib import Path

from gongji.cli.batch import DONE, REFUSED
from gongji.cli.session import looked_at, say, working
from gongji.desk.finding import find
from gongji.desk.genuine import Verdict, check_receipt
from gongji.desk.papers import reprint
from gongji.desk.slips import print_claim, print_reckoning
from gongji.files import read_whole

_SLIPS = {"reckoning": print_reckoning, "claim": print_claim}


def check(options: Namespace) -> int:
    """Say whether a paper is genuine: its PDF, or what a scanner reads in its square code."""
    given = sys.stdin.buffer.read() if options.file == Path("-") else read_whole(options.file)
    return looked_at(options, lambda _, store: _judged(options, check_receipt(store, given)))


def _judged(options: Namespace, verdict: Verdict) -> int:
    settlement = None if verdict.stored is None else verdict.stored.no
    answer = {"ok": verdict.genuine, "settlement_no": settlement, "sentences": list(verdict.sentences)}
    say(options, answer, "\n".join(verdict.sentences))
    return DONE if verdict.genuine else REFUSED


def again(options: Namespace) -> int:
    """Print a receipt again, marked and counted."""
    with working(options) as counter:
        path = reprint(counter, find(counter.store, options.number))
        paper = path.relative_to(counter.folder.path).as_posix()
    return say(options, {"ok": True, "settlement_no": options.number, "receipt": paper}, paper)


def slip(options: Namespace) -> int:
    """Print the reckoning of a settlement, or the notice for a later claim."""
    with working(options) as counter:
        path = _SLIPS[options.kind](counter, find(counter.store, options.number))
        paper = path.relative_to(counter.folder.path).as_posix()
    return say(options, {"ok": True, "settlement_no": options.number, "slip": paper}, paper)
