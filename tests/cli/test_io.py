"""Objects are read as they come: what has come is answered before more is waited for, however the pieces are cut."""

import errno
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from gongji.cli.io import Answer, answer_each, each_text, texts


class Pieces(io.RawIOBase):
    """A pipe that hands on these pieces, one each time it is read; `reads` counts how often it was."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces, self.reads = list(pieces), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        self.reads += 1
        piece = self.pieces.pop(0) if self.pieces else b""
        buffer[: len(piece)] = piece
        return len(piece)


class Narrow(io.RawIOBase):
    """An unbuffered output that takes so many bytes at once; what it took is in `pieces`."""

    def __init__(self, width: int) -> None:
        self.width, self.pieces = width, list[bytes]()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.pieces.append(bytes(data[: self.width]))
        return len(self.pieces[-1])


def _numbered(text: bytes) -> Answer:
    return {"ok": True, "text": text.decode()}


def test_every_answer_is_written_whatever_an_output_takes_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = tmp_path / "visits.jsonl"
    visits.write_text("".join(f'{{"n":{number}}}\n' for number in range(5000)), encoding="utf-8")
    whole, narrow = Narrow(1 << 20), Narrow(1000)
    for output in (whole, narrow):
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output))  # type: ignore[type-var]  # what an unbuffered one has
        assert answer_each([str(visits)], _numbered) == 0
    lines = b"".join(narrow.pieces).splitlines()
    assert [json.loads(line)["text"] for line in lines] == visits.read_text(encoding="utf-8").splitlines()
    assert b"".join(whole.pieces).splitlines() == lines
    assert len(whole.pieces) < 10, "answers are not written one by one"


def test_what_was_answered_before_a_failure_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def third_fails(text: bytes) -> Answer:
        if b"3" in text:
            raise ZeroDivisionError
        return _numbered(text)

    visits, output = tmp_path / "visits.jsonl", Narrow(10)
    visits.write_text('{"n":1}\n{"n":2}\n{"n":3}\n', encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output))  # type: ignore[type-var]  # the same
    with pytest.raises(ZeroDivisionError):
        answer_each([str(visits)], third_fails)
    assert [json.loads(line)["text"] for line in b"".join(output.pieces).splitlines()] == ['{"n":1}', '{"n":2}']


def test_what_has_come_is_answered_before_more_is_waited_for() -> None:
    pipe = Pieces([b'{"a":1}\n{"a":2}\n{"a"', b":3}\n", b'{"a":4}'])
    seen: list[bytes] = []
    answered: list[tuple[int, int]] = []
    for text in texts(io.BufferedReader(pipe), lambda: answered.append((pipe.reads, len(seen)))):
        seen.append(text)  # noqa: PERF402  # how many there are is looked at in between
    assert seen == [b'{"a":1}', b'{"a":2}', b'{"a":3}', b'{"a":4}']
    assert answered == [(0, 0), (1, 2), (2, 3), (3, 3)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (b'\xef\xbb\xbf{"a": 1}\r\n\r\n{"b": [2]}\n', [b'{"a": 1}', b'{"b": [2]}']),
        (b'\n\n{"a":\n 1}\n', [b'{"a":\n 1}']),
        (b'[{"a": 1},\n{"b": 2}]', [b'{"a": 1}', b'{"b": 2}']),
        (b'{"a": 1\n{"b": 2}\n', [b'{"a": 1', b'{"b": 2}']),
        (b"nothing\nof it", [b"nothing\nof it"]),
        (b" \n", []),
    ],
)
def test_a_text_is_read_alike_in_whatever_pieces(text: bytes, wanted: list[bytes], size: int) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(texts(io.BufferedReader(Pieces(pieces)))) == wanted


def test_an_answer_that_cannot_be_written_is_no_file_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one").write_text("{}")

    def full() -> None:
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        list(each_text([str(tmp_path / "one")], full))
    assert capsys.readouterr().err == ""
    assert list(each_text([str(tmp_path / "none")])) == [None]
    assert "读不到文件" in capsys.readouterr().err
