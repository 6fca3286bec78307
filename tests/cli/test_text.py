"""What the program says about arguments, files and places is Chinese, and in one piece."""

import errno
import importlib.metadata
import json
import re
from pathlib import Path

import pytest

import gongji
from gongji.core.engine.amounts import AMOUNT_KEYS, Amounts, in_yuan
from gongji.core.labels import AMOUNT_WORDS
from gongji.errors import GongjiError
from gongji.files import reason, write_whole
from gongji.main import main
from tests.support.visits import QUJING, line, visit

GLOSSARY = Path(gongji.__file__).parents[2] / "docs" / "glossary.md"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "命令不能是 nonsense，可用的有 sample、quote、"),
        (["quote", "--nonsense"], "不认识 --nonsense"),
        (["policy"], "还缺少 命令"),
        (["policy", "check"], "还缺少 FILE"),
        (["policy", "diff", "a"], "还缺少 B"),
        (["quote", "--policies"], "--policies 后面须写一个值"),
        (["quote", "--explain=yes"], "--explain 后面不能写值 yes"),
        (["quote", "--p", "x", "--d", "y", "--nonsense"], "不认识 --nonsense"),
        (["list", "--date", "2025-1"], "--date 的值 2025-1 不对"),
        (["statement", "--month", "x"], "--month 的值 x 不对"),
        (["sandbox", "--port", "x"], "--port 的值 x 不对"),
        (["reconcile", "--month", "2025-01", "--date", "2025-01-01"], "--date 不能与 --month 同用"),
        (["relay", "--wait", "x"], "--wait 的值 x 不对"),
    ],
)
def test_wrong_arguments(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    out, err = capsys.readouterr()
    assert (left.value.code, out) == (2, "")
    assert err.startswith(f"gongji：命令行参数不对：{says}")
    assert re.search(r"；用法见 gongji.* --help\n$", err)
    assert not re.search(r"argument|required|invalid|expected|choice", err)


@pytest.mark.parametrize("arguments", [["-h"], ["quote", "-h"], ["policy", "-h"], ["policy", "show", "--help"]])
def test_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    text = capsys.readouterr().out
    assert left.value.code == 0
    assert text.startswith("用法：gongji")
    assert "选项：\n" in text
    assert "显示这段说明" in text
    assert not re.search(r"usage|options|positional|show this|exit", text)


def test_the_version_is_said_in_one_place(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"gongji {gongji.__version__}\n"
    assert importlib.metadata.version("gongji") == gongji.__version__


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "文件不存在"),
        (errno.EACCES, "没有权限"),
        (errno.EISDIR, "这是文件夹"),
        (errno.ENOSPC, "磁盘已满"),
        (errno.EROFS, "只读"),
        (errno.EIO, f"系统错误 {errno.EIO}"),
    ],
)
def test_reasons(number: int, words: str) -> None:
    assert reason(OSError(number, "whatever")) == words


def test_a_reason_that_the_system_did_not_number() -> None:
    assert reason(OSError("whatever")) == "系统错误 不明"


def test_files_that_cannot_be_read_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quote", str(tmp_path), str(tmp_path / "none")]) == 2
    assert re.findall(r"（(.*?)）", capsys.readouterr().err) == ["这是文件夹", "文件不存在"]
    (tmp_path / "taken").mkdir()
    with pytest.raises(GongjiError, match="（这是文件夹）"):
        write_whole(tmp_path / "taken", b"")


def test_amounts_have_the_words_of_the_glossary() -> None:
    nothing = Amounts(**dict.fromkeys(Amounts.__struct_fields__, 0))
    assert tuple(AMOUNT_WORDS) == AMOUNT_KEYS == tuple(in_yuan(nothing))
    glossary = GLOSSARY.read_text(encoding="utf-8")
    for word in AMOUNT_WORDS.values():
        assert re.search(rf"^\|[^|]*{word}", glossary, re.MULTILINE), word


def test_the_place_of_a_problem_is_in_one_piece(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    path = tmp_path / "visit.json"
    family = [{"id": "P2", "relation": "parent", "balance": "x", "authorised": "yes"}]
    asked = visit(QUJING, line("x", prepay_ratio="2"), accounts={"family": family}, accumulators={"general.fund": "-1"})
    path.write_text(json.dumps(asked), encoding="utf-8")
    assert main(["quote", "--explain", str(path)]) == 2
    places = [line.split()[0] for line in capsys.readouterr().out.splitlines() if "invalid_input" in line]
    wanted = ["accounts.family.0.authorised", "accounts.family.0.balance", "accumulators.general.fund"]
    assert set(wanted) <= set(places)
