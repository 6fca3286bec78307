"""Plain http by the commands as a user runs them: passwords from a descriptor or a terminal, never from arguments."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter, open_to_read
from gongji.desk.clinic.operators import add_operator
from gongji.desk.roles import Role, attend
from gongji.desk.settlements.settle import settle_text
from gongji.desk.upload.stick.stick import export, trust_carrier
from gongji.main import now
from gongji.pack_files.library import Library
from gongji.payer.stick.carrier import Carrier
from gongji.payer.stick.package import opened
from gongji.store import audit
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD, text, visit
from tests.support.outside import PROGRAM

HTTP = "http://10.255.255.254:9/fsi"
"""In a private range, and nobody there: a connection fails, or its time of a second is up."""
OTHER, OTHER_PASSWORD = "王强", "另一个人的 2025"
CASHIER, CASHIER_PASSWORD = "赵敏", "赵敏的口令 1"
PACKAGE = "records.gjp"
ASKED_AT_FIRST = "第一次在这台电脑署名，再输一次："
TAKE_TERMINAL = "import os, sys; os.open(os.ttyname(0), os.O_RDWR); os.execv(sys.argv[1], sys.argv[1:])"
"""Makes what is on standard input the terminal of a process, and becomes the command that follows."""

Typed = Sequence[tuple[str, str]]
"""Prompts, each with what is typed once it stands there."""
Done = tuple[int, str]
"""How a command ended, and all it said."""
_PATIENCE = 120

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform == "win32", reason="descriptors and terminals as POSIX has them"),
]


def at_a_terminal(command: Sequence[str], typed: Typed) -> Done:
    """Run a command at a terminal of its own and answer its prompts in turn; nothing typed may show there."""
    ours, theirs = os.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "GONGJI_PASSWORD"}
    with subprocess.Popen(
        [sys.executable, "-c", TAKE_TERMINAL, *command], env=environment, stdin=theirs, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        for prompt, answer in typed:
            while not shown.decode(errors="replace").endswith(prompt):
                part = _shown(ours)
                assert part, (prompt, shown.decode(errors="replace"), process.communicate())
                shown += part
            os.write(ours, f"{answer}\n".encode())
        said = process.communicate(timeout=_PATIENCE)[0]
    while part := _shown(ours):
        shown += part
    os.close(ours)
    assert not any(answer in shown.decode() or answer in said for _, answer in typed)
    return process.returncode, said


def _shown(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # nobody is there any more
        return b""


def by_descriptor(command: Sequence[str], typed: Typed) -> Done:
    """Run a command without a terminal: the operator's password in the environment, the others' in a descriptor."""
    lines = "".join(f"{answer}\n" for prompt, answer in typed if prompt not in {asks(OPERATOR), ASKED_AT_FIRST})
    with descriptor(lines) as number:
        done = subprocess.run(
            [*command, "--approval-fd", str(number)], env={**os.environ, "GONGJI_PASSWORD": PASSWORD},
            pass_fds=(number,), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, timeout=_PATIENCE,
        )  # fmt: skip
    return done.returncode, done.stdout


@contextmanager
def descriptor(lines: str) -> Iterator[int]:
    reading, writing = os.pipe()
    os.write(writing, lines.encode())
    os.close(writing)
    yield reading
    os.close(reading)


def asks(name: str) -> str:
    return f"{name} 的口令："


WAYS: dict[str, Callable[[Sequence[str], Typed], Done]] = {"descriptor": by_descriptor, "terminal": at_a_terminal}


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region as the plain one, that waits a second for an answer."""
    file = tmp_path_factory.mktemp("region") / "county.toml"
    file.write_text('based_on = "plain"\ndeadline_s = 1\n', "utf-8")
    return file


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Path:
    """A clinic's folder with a manager and a cashier beside its operator, and a record on its way to a carrier."""
    place = tmp_path_factory.mktemp("clinic")
    told = Beginning(
        counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=PASSWORD, training=False
    )
    begin(place / "data", told, library, now)
    carrier = Carrier(place / "carrier", "转送机")
    counter = open_counter(place / "data", library, now, OPERATOR, PASSWORD)
    add_operator(counter, PASSWORD, OTHER, OTHER_PASSWORD, Role.MANAGER)
    attend(counter, OTHER, OTHER_PASSWORD)
    add_operator(counter, PASSWORD, CASHIER, CASHIER_PASSWORD)
    assert settle_text(counter, text(visit("V1"))).stored is not None
    attend(counter, OTHER, OTHER_PASSWORD)
    trust_carrier(counter, carrier.card)
    made = export(counter, "plain")
    package = made.kept.read_bytes()
    counter.close()
    (place / PACKAGE).write_bytes(package)
    carrier.enrol(opened(package, carrier.identity)[0], made.fingerprint)
    return place


def upload(place: Path, region: Path, *names: str) -> list[str]:
    """Upload: what waits is with a carrier, so that nothing has to be sent."""
    return [
        *PROGRAM, "upload", "--data", str(place / "data"), "--operator", OPERATOR, "--gateway", HTTP,
        "--profile", str(region), *(word for name in names for word in ("--approved-by", name)),
    ]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_another_manager_agrees_with_a_password(place: Path, region: Path, way: str) -> None:
    code, said = WAYS[way](
        upload(place, region, OPERATOR, OTHER), [(asks(OPERATOR), PASSWORD), (asks(OTHER), OTHER_PASSWORD)]
    )
    assert code == 0, said
    assert OTHER_PASSWORD not in said
    _, store = open_to_read(place / "data", OPERATOR, PASSWORD)
    told = [one.detail for one in audit.of_acts(store.reader, ["gateway"])]
    store.close()
    assert told[-1].startswith(f"{HTTP} 不加密，仅这一次，署名：{OPERATOR}、{OTHER}")


@pytest.mark.parametrize(
    ("name", "password", "why"), [(OTHER, "不是这个 2025", "不对"), (CASHIER, CASHIER_PASSWORD, "赵敏 不能改网关")]
)
def test_no_other_password_is_consent(place: Path, region: Path, name: str, password: str, why: str) -> None:
    code, said = by_descriptor(upload(place, region, OPERATOR, name), [(asks(name), password)])
    assert (code, why in said) == (2, True), said


@pytest.mark.parametrize(("names", "why"), [((OPERATOR,), "不加密"), ((OPERATOR, OTHER), "没有地方输入")])
def test_names_alone_are_no_consent(place: Path, region: Path, names: tuple[str, ...], why: str) -> None:
    done = subprocess.run(
        upload(place, region, *names), env={**os.environ, "GONGJI_PASSWORD": PASSWORD}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=_PATIENCE,
    )  # fmt: skip
    assert (done.returncode, why in done.stdout) == (2, True), done.stdout


@pytest.mark.parametrize("way", WAYS)
def test_at_a_carrier_two_choose_passwords_and_agree_from_the_next_run_on(
    place: Path, region: Path, way: str, tmp_path: Path
) -> None:
    command = [
        *PROGRAM, "relay", str(place / PACKAGE), "--gateway", HTTP, "--profile", str(region), "--wait", "0",
        "--state", str(tmp_path / "carrier"), "--approved-by", "周明", "--approved-by", OTHER,
    ]  # fmt: skip
    shutil.copytree(place / "carrier", tmp_path / "carrier")
    own = [(asks("周明"), "周明自己的 2025"), (asks(OTHER), OTHER_PASSWORD)]
    code, said = WAYS[way](command, [(prompt, word) for name, word in own for prompt in (name, ASKED_AT_FIRST)])
    assert (code, "还没有署名" in said) == (2, True), said
    if way == "descriptor":
        code, said = WAYS[way](command, [own[0], (own[1][0], "不是这个 2025")])
        assert (code, "不对" in said) == (2, True), said
    code, said = WAYS[way](command, own)
    assert (code, "没有接通网关" in said) == (2, True), said
