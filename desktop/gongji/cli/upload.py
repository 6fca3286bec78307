"""`gongji upload`: sends what is due, in as many lanes at once as the region allows; one thread writes the book."""

import contextlib
import os
import random
import sys
import time
from argparse import Namespace
from calendar import monthrange
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from msgspec import to_builtins

from gongji.cli.io import DONE, REFUSED
from gongji.cli.session import open_session, say, today_of
from gongji.cli.text import STATES
from gongji.core.money import yuan
from gongji.core.outbox.replies import Exchange
from gongji.desk.session import Session
from gongji.desk.upload.gateway_settings import OnceOnly, kept_gateway, line_address
from gongji.desk.upload.reconcile import EQUAL, FAILED, UNEQUAL, Reconciled, Reconciling
from gongji.desk.upload.record_answer import Outgoing, Recorded
from gongji.desk.upload.uploader import TimeAndChance, Uploader
from gongji.payer.gateway import Gateway
from gongji.payer.regions import profile
from gongji.store import legs

_LOOK_EVERY_S = 1.0


def upload(options: Namespace) -> int:
    """Send what is due, then stop; with --watch stay."""
    with open_session(options) as counter:
        uploader, gateway = open_line(options, counter)
        sent = 0
        with gateway, contextlib.suppress(KeyboardInterrupt):  # what was on its way is asked after next time
            sent = run(uploader, gateway, _told, watch=options.watch)
        counts, trouble = legs.counts(counter.store.reader), uploader.trouble
    text = "、".join(f"{STATES.get(state, state)} {count}" for state, count in sorted(counts.items())) or "队列是空的"
    return say(
        options,
        {"ok": True, "messages": sent, "counts": counts, **({"line": trouble} if trouble else {})},
        f"{text}（发出报文 {sent} 条）" + (f"\n网关没有答应：{trouble}；稍后再试，记录都在队列里" if trouble else ""),
    )


def open_line(options: Namespace, counter: Session) -> tuple[Uploader, Gateway]:
    """Return what sends and what it sends through; who we are to a gateway comes from the environment."""
    name = region_of(options, counter)
    chosen = profile(name)
    once = OnceOnly(
        address=options.gateway,
        region=name,
        is_named=options.profile is not None,
        authorities=options.ca,
        approved=tuple(options.approved_by or ()),
    )
    address = line_address(counter, os.environ, once)
    gateway = Gateway(address, chosen, counter.clock)
    outside = TimeAndChance(counter.clock, time.monotonic, random.SystemRandom().random)
    return Uploader(counter, chosen, outside), gateway


def region_of(options: Namespace, counter: Session) -> str:
    """Return the region whose ways are spoken: the one named, or the one the clinic has set."""
    return str(options.profile or kept_gateway(counter).region)


def run(
    uploader: Uploader, gateway: Gateway, told: Callable[[Recorded], None], *, watch: bool, at_once: int | None = None
) -> int:
    """Claim, send and record until nothing is due, or for ever; return how many messages were sent."""
    most = at_once or uploader.profile.lanes
    flying: dict[Future[Exchange], Outgoing] = {}
    came_in: list[tuple[Outgoing, Exchange]] = []
    sent = 0
    with ThreadPoolExecutor(most) as pool:
        while True:
            turned = uploader.turn(came_in, most - len(flying))
            for one in turned.recorded:
                told(one)
            for outgoing in turned.outgoing:
                flying[pool.submit(gateway.send, outgoing.infno, outgoing.body)] = outgoing
            if flying:
                done, _ = wait(flying, return_when=FIRST_COMPLETED)
                came_in = [(flying.pop(one), one.result()) for one in done]
                sent += len(came_in)
            elif watch:
                rest = uploader.seconds_to_wait()
                time.sleep(_LOOK_EVERY_S if rest is None else min(_LOOK_EVERY_S, max(0.05, rest)))
                came_in = []
            else:
                return sent


def _told(one: Recorded) -> None:
    if sys.stderr.isatty() and one.no and one.state is not None:
        state = STATES.get(one.state.value, one.state.value)
        print(f"{one.no}  {state}  {one.text}", file=sys.stderr)


def reconcile(options: Namespace) -> int:
    """Compare a day, or a month, with the platform."""
    first, last = _days(options)
    with open_session(options) as counter:
        uploader, gateway = open_line(options, counter)
        task = Reconciling(uploader, first, last)
        with gateway:
            while (outgoing := task.claim()) is not None:
                task.record(outgoing, gateway.send(outgoing.infno, outgoing.body))
    done = task.told
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
