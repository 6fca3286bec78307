"""`gongji export`, `import`, `relay`: packages on a stick, from the counter to a connected PC and back."""

import argparse
import os
import random
import time
from pathlib import Path

from msgspec import json

from gongji.cli.io import DONE, say
from gongji.cli.session import asker, open_readonly, open_session
from gongji.cli.stored_answers import fields_of
from gongji.cli.upload import region_of
from gongji.core.labels import RECORD_WORDS
from gongji.desk.clinic.clock import practice_clock
from gongji.desk.session import Session
from gongji.desk.upload.gateway.gateway_guard import needs_approval
from gongji.desk.upload.gateway.plain_http_consent import consent_at_carrier
from gongji.desk.upload.stick.relay import (
    Destination,
    Relayed,
    RelayPatience,
    relay,
    wanted_profile,
    wanted_region,
)
from gongji.desk.upload.stick.stick import carrier_card, export, give_up, package_path, trust_carrier
from gongji.desk.upload.stick.stick_answers import Imported, import_answers
from gongji.desk.upload.uploader import TimeAndChance
from gongji.errors import GongjiError
from gongji.files import default_data_folder, read_whole, write_whole
from gongji.payer import PRACTICE
from gongji.payer.gateway import Gateway, address_from
from gongji.payer.regions import profile
from gongji.payer.stick.carrier import Carrier, read_card
from gongji.payer.stick.package import opened
from gongji.store.book_file.folder import Folder
from gongji.store.upload import stick_packages

_THIS_PC = "本机"


def export_package(options: argparse.Namespace) -> int:
    """Write a package of what waits, an earlier one again, or the list of those that are away.

    Raises `GongjiError` where the options do not go together.
    """
    if options.list:
        return _list_those_away(options)
    with open_session(options) as counter:
        if options.give_up is not None:
            count = give_up(counter, options.give_up, destroyed=options.destroyed)
            return say(
                options,
                {"ok": True, "package": options.give_up, "to_ask": count},
                f"第 {options.give_up} 号包已收回：{count} 条先向平台查询，再决定是否重传",
            )
        if options.file is None:
            raise GongjiError("没有写文件名", "请写 gongji export 文件名，例如 U 盘上的 0612.gjp")
        if options.again is not None:
            return _again(options, counter)
        if options.to is not None:
            trust_carrier(counter, read_card(options.to))
        elif counter.clinic.training and carrier_card(counter) is None:
            trust_carrier(counter, Carrier(carrier_folder(), _THIS_PC).card)  # the whole way can be practised here
        name = region_of(options, counter)
        one = export(counter, name)
        write_whole(options.file, read_whole(one.kept))
    answer = {
        "ok": True,
        "package": one.serial,
        "records": one.legs,
        "expires_at": one.expires_at,
        "file": str(options.file),
        "fingerprint": one.fingerprint,
    }
    text = (
        f"第 {one.serial} 号包：{one.legs} 条，写入 {options.file}，{one.expires_at} 前有效；带回回执导入后才算上传\n"
        f"本台签名指纹 {one.fingerprint}：转送机第一次收本台的包时核对"
    )
    return say(options, answer, text)


def _again(options: argparse.Namespace, session: Session) -> int:
    known = stick_packages.get(session.store.reader, options.again)
    if known is None or known.state != "out":
        raise GongjiError(f"第 {options.again} 号包不在外面", "带出而未带回的包见 gongji export --list")
    write_whole(options.file, read_whole(package_path(session, options.again)))
    answer = {"ok": True, "package": known.serial, "records": known.legs, "file": str(options.file)}
    return say(options, answer, f"第 {known.serial} 号包又写了一份到 {options.file}；两份是同一个包，只会转送一次")


def _list_those_away(options: argparse.Namespace) -> int:
    with open_readonly(options) as (_, store):
        away = stick_packages.out(store.reader)
    for one in away:
        answer = {
            "package": one.serial,
            **fields_of(one, "made_at", "expires_at"),
            "carrier": one.receiver,
            "records": one.legs,
        }
        text = f"第 {one.serial} 号  {one.made_at}  给 {one.receiver}  {one.legs} 条  {one.expires_at} 前有效"
        say(options, answer, text)
    return DONE


def import_package(options: argparse.Namespace) -> int:
    """Import the answers that were brought back."""
    package = read_whole(options.file)
    with open_session(options) as counter:
        one = import_answers(counter, package)
    answer = {"ok": True, "package": one.serial, "messages": one.messages, "states": one.states}
    return say(options, answer, f"第 {one.serial} 号包的回执：{one.messages} 条报文；{_in_words(one)}")


def relay_package(options: argparse.Namespace) -> int:
    """Send a package to the gateway and write the answers; or write this PC's card.

    Raises `GongjiError` where the options do not go together.
    """
    folder = options.state or carrier_folder()
    carrier = Carrier(folder, options.name)
    if options.card is not None:
        card = carrier.card
        write_whole(options.card, json.encode(card))
        answer = {"ok": True, "name": card.name, "fingerprint": card.fingerprint, "file": str(options.card)}
        return say(options, answer, f"名片写入 {options.card}，指纹 {card.fingerprint}：请与收费台当面或电话核对")
    if options.file is not None and options.enrol is not None:
        manifest, _ = opened(read_whole(options.file), carrier.identity)
        carrier.enrol(manifest, options.enrol)
        if options.gateway is None:
            return say(options, {"ok": True, "counter": manifest.whose}, f"{manifest.whose} 号收费台已登记")
    if options.file is None or options.gateway is None:
        raise GongjiError("还缺少包的文件名或 --gateway", "例如 gongji relay 0612.gjp --gateway https://…")
    package = read_whole(options.file)
    wanted = wanted_region(carrier, package)
    name = options.profile or wanted
    named = options.profile is not None
    region = profile(name) if named else wanted_profile(carrier, package)
    approved: tuple[str, ...] = ()
    if options.approved_by and needs_approval(options.gateway):
        approved = consent_at_carrier(folder, options.approved_by, asker(options), options.clock())
    destination = Destination(
        address=options.gateway,
        region=name,
        profile=region,
        is_named=named,
        approved=approved,
    )
    clock = practice_clock(options.clock) if wanted == PRACTICE else options.clock
    outside = TimeAndChance(clock, time.monotonic, random.SystemRandom().random)
    lock = Folder(folder)
    lock.lock()
    try:
        with Gateway(address_from(options.gateway, os.environ, options.ca), region, clock) as gateway:
            one = relay(carrier, package, destination, gateway.send, outside, RelayPatience(options.wait))
    finally:
        lock.unlock()
    answers = options.answers or options.file.with_suffix(".answers.gjp")
    write_whole(answers, read_whole(one.answers))
    answer = {"ok": True, "package": one.package, "messages": one.messages, "states": one.states, "file": str(answers)}
    return say(options, answer, f"{one.package}：送出 {one.messages} 条报文；{_in_words(one)}；回执写入 {answers}")


def carrier_folder() -> Path:
    """Return the default folder for this PC's keys as a carrier."""
    return default_data_folder() / "relay"


def _in_words(one: Imported | Relayed) -> str:
    return "，".join(f"{RECORD_WORDS.get(state, state)} {count}" for state, count in sorted(one.states.items()))
