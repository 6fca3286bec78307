"""`gongji region`: what an integrator does with a county's profile: check it, and try the gateway under it."""

import argparse

from msgspec import to_builtins

from gongji.cli.io import DONE, REFUSED
from gongji.cli.session import open_session, say
from gongji.cli.upload import line_of
from gongji.desk.upload.try_region import TrialVisit, shown, trying
from gongji.payer.check_region import check_region

_LEVELS = {"error": "错误", "note": "提醒"}


def check(options: argparse.Namespace) -> int:
    """Tell everything that is missing in profiles or contradicts itself."""
    status = DONE
    for name in options.names:
        found = check_region(name)
        wrong = any(one.level == "error" for one in found)
        status = REFUSED if wrong else status
        lines = [f"  {_LEVELS[one.level]}  {one.place}：{one.text}" for one in found]
        head = f"{name}：{'不能用' if wrong else '可以用'}"
        answer = {"ok": not wrong, "region": name, "findings": [to_builtins(one) for one in found]}
        say(options, answer, "\n".join([head, *lines]))
    return status


def try_gateway(options: argparse.Namespace) -> int:
    """Sign in, ask who somebody is, pre-settle and take it back; show what both sides said, masked."""
    with open_session(options) as counter:
        payer_line = line_of(options, counter)
        talk = payer_line.talk(lambda counter, profile: trying(counter, profile, _trial(options)))
        with payer_line:
            while (outgoing := talk.claim()) is not None:
                exchange = payer_line.send(outgoing)
                one = shown(outgoing.infno, outgoing.body, exchange, options.name)
                text = f"── {one.infno} ──\n发出 {one.sent}\n收到 {one.came}"
                say(options, {"infno": one.infno, "sent": one.sent, "came": one.came}, text)
                talk.record(outgoing, exchange)
    return say(options, {"ok": True, "told": talk.told}, talk.told)


def _trial(options: argparse.Namespace) -> TrialVisit:
    return TrialVisit(
        person_id=options.person, name=options.name, item=options.item, diagnosis=options.diagnosis.strip()
    )
