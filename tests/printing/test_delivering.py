"""Bytes for a receipt printer arrive whole, or a sentence says why not."""

import shutil
import socket
import threading
from pathlib import Path

import pytest

from gongji.desk.delivering import UndeliveredError, deliver

PAGE = bytes(range(256)) * 64


def test_over_the_network_every_byte_arrives() -> None:
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def printer() -> None:
            line, _ = listener.accept()
            with line:
                while part := line.recv(4096):
                    got.append(part)

        thread = threading.Thread(target=printer)
        thread.start()
        deliver(f"tcp://127.0.0.1:{listener.getsockname()[1]}", PAGE)
        thread.join()
    assert b"".join(got) == PAGE


@pytest.mark.parametrize("name", ["tcp://127.0.0.1:9", "tcp://", "tcp://a:b", "/dev/nowhere/lp0"])
def test_a_printer_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(UndeliveredError, match="没有接受打印"):
        deliver(name, PAGE)


def test_a_system_printer_that_is_not_there_is_told() -> None:
    with pytest.raises(UndeliveredError):
        deliver("没有这台打印机", PAGE)


def test_the_system_s_own_spooler_is_given_it_raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "lp"
    program.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/said"\ncat > "{tmp_path}/got"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert shutil.which("lp") == str(program)
    deliver("POS80", PAGE)
    assert (tmp_path / "got").read_bytes() == PAGE
    assert (tmp_path / "said").read_text().split() == ["-d", "POS80", "-o", "raw"]
