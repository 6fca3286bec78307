"""Plain http by the command: the second person's password comes from a descriptor, never from names or arguments."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD

HTTP = "http://10.255.255.254:9/fsi"
PROGRAM = (sys.executable, "-m", "gongji")


def upload(data: Path, *more: str, typed: str | None = None) -> "subprocess.CompletedProcess[str]":
    """Upload an empty queue, with so much to be read from a descriptor."""
    command = [*PROGRAM, "upload", "--data", str(data), "--operator", OPERATOR, "--gateway", HTTP, "--profile", "plain"]
    reading, writing = os.pipe()
    os.write(writing, (typed or "").encode())
    os.close(writing)
    fd = [] if typed is None else ["--approval-fd", str(reading)]
    try:
        return subprocess.run(
            [*command, *more, *fd, "--json"], env={**os.environ, "GONGJI_PASSWORD": PASSWORD}, pass_fds=(reading,),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    finally:
        os.close(reading)


def test_two_passwords_and_nothing_less(tmp_path: Path) -> None:
    clinic = tmp_path / "clinic.json"
    clinic.write_text(json.dumps(INSTITUTION), "utf-8")
    data = tmp_path / "data"
    subprocess.run(
        [*PROGRAM, "init", "--data", str(data), "--area", AREA, "--institution", str(clinic), "--operator", OPERATOR],
        env={**os.environ, "GONGJI_PASSWORD": PASSWORD}, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    for more, typed, why in (
        ((), None, "不加密"),
        (("--approved-by", OPERATOR, "--approved-by", "王强"), None, "没有地方输入"),
        (("--approved-by", OPERATOR, "--approved-by", "王强"), "随便什么口令 1\n", "不对"),
        (("--approved-by", OPERATOR), "", "不加密"),
    ):
        done = upload(data, *more, typed=typed)
        assert done.returncode == 2, (more, done.stdout, done.stderr)
        assert why in done.stdout + done.stderr, (more, done.stdout, done.stderr)
