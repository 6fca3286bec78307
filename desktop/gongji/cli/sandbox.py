"""`gongji sandbox`: the practice platform, started from the command line, and what it holds."""

import argparse
import sys
from pathlib import Path

from msgspec import json

from gongji.cli.arguments import Parser
from gongji.cli.batch import DONE
from gongji.errors import GongjiError
from gongji.files import default_data_folder, reason, resource_folder

_FILE = "sandbox.db"
_HIGHEST_PORT = 65535


def add_sandbox_command(commands: "argparse._SubParsersAction[Parser]", packs: Parser) -> None:
    """Add sandbox."""
    sandbox = commands.add_parser("sandbox", parents=[packs], help="练习平台：在本机扮演医保平台，可按要求出故障")
    sandbox.add_argument("--port", type=_port, metavar="N", help="端口；0 为任选一个")
    sandbox.add_argument("--host", default="127.0.0.1", metavar="ADDR", help="在哪个地址上接（默认只在本机）")
    sandbox.add_argument("--data", type=Path, metavar="FILE", help="练习平台自己的数据文件（默认在程序数据的位置）")
    sandbox.add_argument("--strict", action="store_true", help="不认识的人一律按未参保拒绝")
    sandbox.add_argument("--no-dedupe", action="store_true", help="同一报文 ID 再来也照办，用来看重复上传的后果")
    sandbox.add_argument("--tls", type=Path, metavar="FILE", help="用 HTTPS；把签发证书的 CA 写到这个文件")
    sandbox.add_argument("--dump", action="store_true", help="打印平台上现有的每一笔结算，一行一个 JSON 对象")
    sandbox.set_defaults(run=run)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _HIGHEST_PORT):
        raise argparse.ArgumentTypeError(text)
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Serve, or print what is there."""
    path = options.data or default_data_folder() / _FILE
    file = path / _FILE if path.is_dir() else path
    if options.dump:
        return _dump(file)
    if options.port is None:
        raise GongjiError("还缺少 --port", "例如 gongji sandbox --port 8701；只看已有的结算用 --dump")
    return _serve(options, file)


def _dump(file: Path) -> int:
    from gongji.sandbox.db import Platform
    from gongji.sandbox.dumping import live

    if not file.is_file():
        raise GongjiError(f"没有练习平台的文件 {file}", "请先用 gongji sandbox --port N 启动它，或用 --data 指明文件")
    platform = Platform(file)
    try:
        for one in live(platform.connection):
            sys.stdout.buffer.write(json.encode(one) + b"\n")
        sys.stdout.buffer.flush()
    finally:
        platform.close()
    return DONE


def _serve(options: argparse.Namespace, file: Path) -> int:
    import socket

    from gongji.policies import Library
    from gongji.sandbox.certificates import Contexts
    from gongji.sandbox.db import Platform
    from gongji.sandbox.faults import Faults
    from gongji.sandbox.payer import Options, Payer
    from gongji.sandbox.serving import Service, server

    library = Library(resource_folder() / "policies", options.policies)
    contexts = None if options.tls is None else Contexts(options.tls, options.clock())
    try:
        listener = socket.create_server((options.host, options.port))
    except OSError as error:
        raise GongjiError(
            f"端口 {options.port} 用不了（{reason(error)}）", "请换一个端口，或先关掉占用它的程序"
        ) from error
    platform = Platform(file)
    payer = Payer(platform, library, options.clock, Options(strict=options.strict, dedupe=not options.no_dedupe))
    scheme = "http" if contexts is None else "https"
    address = f"{scheme}://{options.host}:{listener.getsockname()[1]}"
    try:
        print(address, flush=True)
        server(Service(payer, Faults()), contexts).run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # the way to end it
    finally:
        platform.close()
        listener.close()
    return DONE
