"""Bytes in a receipt printer's own language to where it is: a network address, a device file, a printer's spooler."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

from gongji.errors import GongjiError
from gongji.files import reason

NETWORK = "tcp://"
_USUAL_PORT = 9100
_PATIENCE_SECONDS = 10


class UndeliveredError(GongjiError):
    """The printer did not take it."""

    def __init__(self, name: str, why: str) -> None:
        """Say which and why."""
        super().__init__(f"小票机“{name}”没有接受打印（{why}）", "请检查电源、连线和纸张，再按“重打”，或换一台打印机")


def deliver(name: str, content: bytes) -> None:
    """Send a raster to a printer: `tcp://address[:port]`, a device file, or a printer's name as the system knows it.

    Raises `UndeliveredError`; whether paper came nobody knows, as with any printer.
    """
    if name.startswith(NETWORK):
        _over_network(name, content)
    elif name.startswith(("/dev/", "\\\\.\\")):
        _to_device(name, content)
    elif sys.platform == "win32":
        _to_spooler(name, content)
    else:
        _to_cups(name, content)


def _over_network(name: str, content: bytes) -> None:
    host, _, port = name.removeprefix(NETWORK).partition(":")
    if not host or not (port.isdigit() or not port):
        raise UndeliveredError(name, "地址应写作 tcp://192.168.1.50:9100")
    try:
        with socket.create_connection((host, int(port or _USUAL_PORT)), timeout=_PATIENCE_SECONDS) as line:
            line.sendall(content)
    except OSError as error:
        raise UndeliveredError(name, "连不上") from error


def _to_device(name: str, content: bytes) -> None:
    try:
        with Path(name).open("wb", buffering=0) as device:
            device.write(content)
    except OSError as error:
        raise UndeliveredError(name, reason(error)) from error


def _to_cups(name: str, content: bytes) -> None:
    program = shutil.which("lp")
    if program is None:
        raise UndeliveredError(name, "系统没有打印服务")
    try:
        done = subprocess.run(  # noqa: S603  # our own arguments, no shell
            [program, "-d", name, "-o", "raw"],
            input=content,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UndeliveredError(name, "打印服务没有回应") from error
    if done.returncode:
        raise UndeliveredError(name, "打印服务没有收下")


def _to_spooler(name: str, content: bytes) -> None:
    """Hand it to the spooler of Windows as it is, without a driver drawing anything."""
    import ctypes  # noqa: PLC0415  # what only Windows has

    spool = ctypes.WinDLL("winspool.drv")  # type: ignore[attr-defined,unused-ignore]
    handle = ctypes.c_void_p()
    if not spool.OpenPrinterW(ctypes.c_wchar_p(name), ctypes.byref(handle), None):
        raise UndeliveredError(name, "系统里没有这台打印机")
    try:
        document = (ctypes.c_wchar_p * 3)("Gongji", None, "RAW")
        written = ctypes.c_ulong(0)
        begun = spool.StartDocPrinterW(handle, 1, ctypes.byref(document))
        whole = begun and spool.WritePrinter(handle, content, len(content), ctypes.byref(written))
        spool.EndDocPrinter(handle)
        if not whole or written.value != len(content):
            raise UndeliveredError(name, "打印服务没有收下")
    finally:
        spool.ClosePrinter(handle)
