"""`gongji upload`, `reconcile`, `region`: sending what is due, comparing days, trying a county's profile."""

import argparse
import contextlib
import sys
import time
from argparse import Namespace
from calendar import monthrange

from msgspec import to_builtins

from gongji.cli.io import DONE, REFUSED, collect_seldom, say
from gongji.cli.session import asker, open_session, today_of
from gongji.core.labels import RECORD_WORDS
from gongji.core.money import yuan
from gongji.desk.session import Session
from gongji.desk.upload.gateway.gateway_guard import needs_approval
from gongji.desk.upload.gateway.gateway_settings import OnceOnly
from gongji.desk.upload.gateway.kept_gateway import kept_gateway
from gongji.desk.upload.gateway.plain_http_consent import consent_at_counter
from gongji.desk.upload.record_answer import Recorded
from gongji.desk.upload.scripts.payer_line import PayerLine, open_line
from gongji.desk.upload.scripts.reconcile import EQUAL, FAILED, UNEQUAL, Reconciled, reconciliation
from gongji.desk.upload.scripts.try_region import TrialVisit, shown, trying
from gongji.payer.check_region import check_region
from gongji.store.upload import legs

_LOOK_EVERY_S = 1.0


def upload(options: Namespace) -> int:
    """Send what is due, then stop; with --watch stay."""
    collect_seldom()
    with open_session(options) as counter:
        sent, payer_line = 0, line_of(options, counter)
        with payer_line, contextlib.suppress(KeyboardInterrupt):  # the next run asks after what was under way
            sent = payer_line.loop().send_all(_look_again if options.watch else lambda _: False, _told)
        counts, trouble = legs.counts(counter.store.reader), payer_line.uploader.trouble
    text = (
        "、".join(f"{RECORD_WORDS.get(state, state)} {count}" for state, count in sorted(counts.items()))
        or "队列是空的"
    )
    return say(
        options,
        {"ok": True, "messages": sent, "counts": counts, **({"line": trouble} if trouble else {})},
        f"{text}（发出报文 {sent} 条）" + (f"\n网关没有答应：{trouble}；稍后再试，记录都在队列里" if trouble else ""),
    )


def line_of(options: Namespace, session: Session) -> PayerLine:
    """Open the connection that the options name. Raises `GongjiError` where it may not be used."""
    names = options.approved_by or ()
    approved: tuple[str, ...] = ()
    if names and needs_approval(options.gateway) and not session.clinic.training:
        approved = consent_at_counter(session, options.gateway, names, asker(options))
    once = OnceOnly(
        address=options.gateway,
        region=region_of(options, session),
        is_named=options.profile is not None,
        authorities=options.ca,
        approved=approved,
    )
    return open_line(session, session.clock, once)


def region_of(options: Namespace, session: Session) -> str:
    """Return the region profile: the named one, or the clinic's."""
    return str(options.profile or kept_gateway(session).region)


def _look_again(wait: float | None) -> bool:
    """Wait a moment, with --watch: the queue may have grown meanwhile."""
    time.sleep(_LOOK_EVERY_S if wait is None else min(_LOOK_EVERY_S, max(0.05, wait)))
    return True


def _told(one: Recorded) -> None:
    if sys.stderr.isatty() and one.no and one.state is not None:
        state = RECORD_WORDS.get(one.state.value, one.state.value)
        print(f"{one.no}  {state}  {one.text}", file=sys.stderr)


def reconcile(options: Namespace) -> int:
    """Compare a day, or a month, with the platform."""
    first, last = _days(options)
    with open_session(options) as counter, line_of(options, counter) as payer_line:
        done = payer_line.finish(reconciliation(payer_line.uploader, first, last))
    answer = {
        "ok": done.result != FAILED,
        "result": done.result,
        "first": first,
        "last": last,
        "count": done.totals.count,
        "total": yuan(done.totals.total_fen),
        "fund_total": yuan(done.totals.fund_total_fen),
        "discrepancies": [to_builtins(one) for one in done.found],
    }
    say(options, answer, _reconciled(first, last, done))
    return DONE if done.result != FAILED else REFUSED


def _days(options: Namespace) -> tuple[str, str]:
    if options.month:
        year, month = map(int, options.month.split("-"))
        return f"{options.month}-01", f"{options.month}-{monthrange(year, month)[1]:02d}"
    day = options.date or today_of(options).isoformat()
    return day, day


def _reconciled(first: str, last: str, done: Reconciled) -> str:
    days = first if first == last else f"{first} 至 {last}"
    sums = f"{done.totals.count} 笔，总额 {yuan(done.totals.total_fen)}，基金 {yuan(done.totals.fund_total_fen)}"
    words = {EQUAL: "总数与平台一致", UNEQUAL: "与平台不一致", FAILED: f"没有对成：{done.text}"}
    lines = [f"{days} 对账：{words[done.result]}（本机 {sums}）"]
    lines += [f"  {one.no or one.msgid}  {one.text}；{one.action}" for one in done.found]
    return "\n".join(lines)


_LEVELS = {"error": "错误", "note": "提醒"}


def check_regions(options: argparse.Namespace) -> int:
    """Print everything that is missing in profiles or contradicts itself."""
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
    """Sign in, ask for a person, pre-settle and take it back; print what both sides said, masked."""
    with open_session(options) as counter:
        payer_line = line_of(options, counter)
        visit = TrialVisit(
            person_id=options.person, name=options.name, item=options.item, diagnosis=options.diagnosis.strip()
        )
        talk = payer_line.talk(lambda counter, profile: trying(counter, profile, visit))
        with payer_line:
            while (outgoing := talk.claim()) is not None:
                exchange = payer_line.send(outgoing)
                one = shown(outgoing.infno, outgoing.body, exchange, options.name)
                text = f"── {one.infno} ──\n发出 {one.sent}\n收到 {one.came}"
                say(options, {"infno": one.infno, "sent": one.sent, "came": one.came}, text)
                talk.record(outgoing, exchange)
    return say(options, {"ok": True, "told": talk.told}, talk.told)
