"""`gongji sandbox`: the practice platform, started from the command line, and what it holds."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import json

from gongji.cli.arguments import Commands, Parser, command, library_of
from gongji.cli.io import DONE, collect_seldom
from gongji.errors import GongjiError
from gongji.files import PRACTICE_ADDRESS, default_data_folder, is_file, is_folder, is_there, reason, write_whole

if TYPE_CHECKING:
    from gongji.sandbox.auth import Gatekeeper

_FILE = "sandbox.db"
_HIGHEST_PORT = 65535
_PLAIN = "plain"
TOKEN = "GONGJI_PRACTICE_TOKEN"  # noqa: S105  # the name of the variable that may hold it


def add_sandbox_command(commands: Commands, packs: Parser) -> None:
    """Add the command sandbox."""
    sandbox = command(commands, "sandbox", "sandbox.run", "练习平台：在本机扮演医保平台，可按要求出故障", [packs])
    sandbox.add_argument("--port", type=_port, metavar="N", help="端口；0 为任选一个")
    sandbox.add_argument("--host", default="127.0.0.1", metavar="ADDR", help="在哪个地址上接（默认只在本机）")
    sandbox.add_argument(
        "--data", type=Path, metavar="PLACE", help="练习平台自己的数据文件或文件夹（默认在程序数据的位置）"
    )
    sandbox.add_argument("--strict", action="store_true", help="不认识的人一律按未参保拒绝")
    sandbox.add_argument("--no-dedupe", action="store_true", help="同一报文 ID 再来也照办，用来看重复上传的后果")
    sandbox.add_argument(
        "--region",
        choices=("hebei", "zhejiang", "hunan", "jiangxi", "guangdong", "jiangsu"),
        default="",
        help="照某个地区被人录下的样子说话：空值、数组、文本、长编号、拒绝的原话（默认照练习平台自己的）",
    )
    sandbox.add_argument("--tls", type=Path, metavar="FILE", help="用 HTTPS；把签发证书的 CA 写到这个文件")
    sandbox.add_argument(
        "--scheme",
        choices=(_PLAIN, "x-tif", "_api_"),
        default=_PLAIN,
        help="像哪一种网关那样验签名；账号和密钥取自 GONGJI_GATEWAY_ID 和 GONGJI_GATEWAY_SECRET（默认不验）",
    )
    sandbox.add_argument("--dump", action="store_true", help="打印平台上现有的每一笔结算，一行一个 JSON 对象")
    sandbox.add_argument("--json", action="store_true", help="地址写成一个 JSON 对象")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _HIGHEST_PORT):
        raise ValueError(text)
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Serve, or print what is there. Raises `GongjiError` where nothing says which."""
    file = _file(options.data or default_data_folder())
    if options.dump:
        return _dump(file)
    if options.port is None:
        raise GongjiError("还缺少 --port", "例如 gongji sandbox --port 8701；只看已有的结算用 --dump")
    return _serve(options, file)


def _file(path: Path) -> Path:
    """Return the path of the platform's file: the named one, or the default in a folder."""
    return path / _FILE if is_folder(path) or (not path.suffix and not is_there(path)) else path


def _dump(file: Path) -> int:
    from gongji.sandbox.control import live
    from gongji.sandbox.db import Platform

    if not is_file(file):
        raise GongjiError(f"没有练习平台的文件 {file}", "请先用 gongji sandbox --port N 启动它，或用 --data 指明文件")
    platform = Platform(file)
    try:
        _print(json.encode(one) for one in live(platform.connection))
    finally:
        platform.close()
    return DONE


def _print(lines: Iterable[bytes]) -> None:
    for one in lines:
        sys.stdout.buffer.write(one + b"\n")
    sys.stdout.buffer.flush()


def _serve(options: argparse.Namespace, file: Path) -> int:
    import signal
    import socket

    from gongji.desk.clinic.clock import practice_clock
    from gongji.sandbox.certificates import Contexts
    from gongji.sandbox.db import Platform
    from gongji.sandbox.faults import Faults
    from gongji.sandbox.payer import Payer
    from gongji.sandbox.request import Options
    from gongji.sandbox.server import Service, server

    collect_seldom()
    library = library_of(options)
    contexts = None if options.tls is None else Contexts(options.tls, options.clock())
    gatekeeper = _gatekeeper(options)
    try:
        listener = socket.create_server((options.host, options.port))
    except OSError as error:
        raise GongjiError(
            f"端口 {options.port} 用不了（{reason(error)}）", "请换一个端口，或先关掉占用它的程序"
        ) from error
    platform = Platform(file)
    clock = practice_clock(options.clock)
    behaves = Options(strict=options.strict, dedupe=not options.no_dedupe, region=options.region)
    payer = Payer(platform, library, clock, behaves)
    scheme = "http" if contexts is None else "https"
    address = f"{scheme}://{options.host}:{listener.getsockname()[1]}"
    usual = default_data_folder() / PRACTICE_ADDRESS if options.data is None else None
    if usual is not None:
        write_whole(usual, address.encode())  # a training window on this machine finds it there
    token = _token(file)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # to be asked to end is an end like any other
    try:
        _print([json.encode({"ok": True, "address": address}) if options.json else address.encode()])
        server(Service(payer, Faults(), gatekeeper, token), contexts).run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # the way to end it
    finally:
        if usual is not None:
            usual.unlink(missing_ok=True)
        platform.close()
        listener.close()
    return DONE


def _token(file: Path) -> str:
    """Return the token for control calls, stored beside the platform's data for users who may read it there."""
    import secrets

    from gongji.sandbox.server import TOKEN_FILE

    place = file.with_name(TOKEN_FILE)
    given = os.environ.get(TOKEN, "")
    if not given:
        given = place.read_text(encoding="ascii").strip() if place.is_file() else secrets.token_urlsafe(24)
    write_whole(place, given.encode())
    place.chmod(0o600)
    return given


def _gatekeeper(options: argparse.Namespace) -> "Gatekeeper | None":
    """Return the gate that checks callers; None where it is open to everybody."""
    from gongji.desk.clinic.clock import practice_clock
    from gongji.payer.signing import IDENTITY, SECRET
    from gongji.sandbox.auth import CallerRules, Gatekeeper, RegionGate
    from gongji.sandbox.manners import manner_named

    identity, secret = os.environ.get(IDENTITY, ""), os.environ.get(SECRET, "")
    gate = manner_named(options.region).gate if options.region else RegionGate()
    scheme = options.scheme if options.scheme != _PLAIN else gate.scheme if identity and secret else None
    if scheme is None:
        return None
    if not (identity and secret):
        raise GongjiError(f"--scheme {options.scheme} 要有账号和密钥", f"请放在环境变量 {IDENTITY} 和 {SECRET} 里")
    return Gatekeeper(
        CallerRules(scheme=scheme, identity=identity, secret=secret, api_name=gate.api_name),
        practice_clock(options.clock),
    )
