"""Sending bytes in a receipt printer's own language: to a network address, a device file, a printer's spooler.

Why this is ours and not a library's: docs/decisions/0005-receipt-printers.md.
"""

import errno
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from gongji.errors import GongjiError
from gongji.files import reason
from gongji.printing.escpos import ASK_PAPER, ASK_WHY_OFFLINE, is_status, trouble_in

NETWORK = "tcp://"
_DEVICES = ("/dev/", "\\\\.\\")
_USUAL_PORT = 9100
_PATIENCE_SECONDS = 10
_ANSWER_SECONDS = 0.5
_LAST_ANSWER_SECONDS = 1.5
# The system's errors for a device it cannot write to; ENOSPC is Linux's for a printer without paper.
_DEVICE_REASONS = {
    errno.ENOSPC: "缺纸",
    errno.EIO: "出错或没有开机",
    errno.ENODEV: "连线断了",
    errno.ENXIO: "没有接上",
    errno.ENOENT: "没有接上",
    errno.EBUSY: "正被别的程序占用",
}


class UndeliveredError(GongjiError):
    """The printer did not accept the data, or stopped half-way."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"小票机“{name}”没有接受打印（{why}）", "请检查电源、连线和纸张，再按“重打”，或换一台打印机")


def is_device(name: str) -> bool:
    """Return whether a printer's name is that of a device file."""
    return name.startswith(_DEVICES)


def takes_raster(name: str) -> bool:
    """Return whether a printer is addressed directly, by network or device file, and accepts rasters alone."""
    return name.startswith(NETWORK) or is_device(name)


def deliver(name: str, content: bytes) -> None:
    """Send a raster to a printer: `tcp://address[:port]`, a device file, or a printer's name in the system.

    Raises `UndeliveredError`, also where the printer reports that it has no paper or stopped; one that answers nothing
    is assumed to work, since many cannot answer.
    """
    if name.startswith(NETWORK):
        _over_network(name, content)
    elif is_device(name):
        _to_device(name, content)
    elif sys.platform == "win32":
        _to_spooler(name, content)
    else:
        _to_cups(name, content)


def _over_network(name: str, content: bytes) -> None:
    host, _, port = name.removeprefix(NETWORK).partition(":")
    if not host or not (port.isdigit() or not port):
        raise UndeliveredError(name, "地址应写作 tcp://192.168.1.50:9100")
    begun = False
    try:
        with socket.create_connection((host, int(port or _USUAL_PORT)), timeout=_PATIENCE_SECONDS) as line:
            _ask(name, line, _ANSWER_SECONDS)
            begun = True
            line.settimeout(_PATIENCE_SECONDS)
            line.sendall(content)
            _ask(name, line, _LAST_ANSWER_SECONDS)
            _hear_out(line)
    except OSError as error:
        raise UndeliveredError(name, "打到一半断了，纸上不全的请作废" if begun else "连不上") from error


def _hear_out(line: socket.socket) -> None:
    """Close a connection in order: closed over a late answer it is reset, and what is not printed yet is lost."""
    line.shutdown(socket.SHUT_WR)
    line.settimeout(_ANSWER_SECONDS)
    try:
        while line.recv(64):
            pass
    except TimeoutError:
        return  # this printer keeps its connections open; it has had time to report


def _ask(name: str, line: socket.socket, seconds: float) -> None:
    """Ask a printer for its status; an error status is raised, no answer is ignored."""
    for question in (ASK_PAPER, ASK_WHY_OFFLINE):
        line.sendall(question)
        line.settimeout(seconds)
        try:
            answer = line.recv(1)
        except TimeoutError:
            return
        if answer and is_status(answer[0]) and (why := trouble_in(question, answer[0])):
            raise UndeliveredError(name, why)


def _to_device(name: str, content: bytes) -> None:
    try:
        with Path(name).open("wb", buffering=0) as device:
            left = memoryview(content)
            while left:
                left = left[device.write(left) :]
    except OSError as error:
        raise UndeliveredError(name, _DEVICE_REASONS.get(error.errno or 0) or reason(error)) from error


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
    """Pass the bytes to the spooler of Windows unchanged, without a driver."""
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
