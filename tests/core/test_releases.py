"""The list on a stick: everything wrong with it at once, and what a later program may add to it."""

import json
from typing import Any

import pytest

from gongji.core.problems import Problem
from gongji.core.releases import Release, parts_of, read_release

SHA = "0" * 64


def program(**more: Any) -> dict[str, Any]:
    return {"system": "linux-x86_64", "file": "a.zip", "size": 1, "sha256": SHA, "unpacked": 1, **more}


def release(**more: Any) -> dict[str, Any]:
    return {"format": 1, "version": "0.10.0", "programs": [program()], **more}


def problems(value: object) -> list[str]:
    found = read_release(json.dumps(value).encode())
    assert isinstance(found, list)
    assert all(isinstance(one, Problem) for one in found)
    return [one.field for one in found]


def test_versions_rise_as_numbers() -> None:
    assert parts_of("0.10.0") > parts_of("0.9.11")
    for bad in ("1.2", "1.2.3.4", "01.2.3", "1.2.3\n", "1.2.３", "../1.2.3", "", "1.2.99999"):
        with pytest.raises(ValueError, match=r"^"):
            parts_of(bad)


def test_a_list_as_it_should_be() -> None:
    found = read_release(json.dumps(release(unheard_of=[1])).encode())  # a later maker may say more
    assert isinstance(found, Release)
    assert found.oldest == "0.0.0"
    part = found.program_for("linux-x86_64")
    assert part is not None
    assert part.file == "a.zip"
    assert found.program_for("windows-x86_64") is None
    assert found.installer_for("linux-x86_64", "deb") is None


def test_everything_wrong_at_once() -> None:
    bad = release(
        version="1",
        oldest="x",
        programs=[program(file="../a", size=0), program(sha256="A" * 64, unpacked="1")],
        installers=[{"system": "s", "kind": "rpm", "file": "b", "size": 1, "sha256": SHA}],
    )
    assert set(problems(bad)) == {
        "version", "oldest", "programs.0.file", "programs.0.size", "programs.1.sha256", "programs.1.unpacked",
        "installers.0.kind",
    }  # fmt: skip


def test_contradictions() -> None:
    twice = release(oldest="0.11.0", programs=[program(), program()])
    assert problems(twice) == ["oldest", "programs.1.system", "programs.1.file"]


def test_a_later_format_is_told_in_words() -> None:
    found = read_release(json.dumps({"format": 2, "nothing": "else"}).encode())
    assert isinstance(found, list)
    assert [(one.field, "中间的版本" in one.message) for one in found] == [("format", True)]


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b'{"format": 1, "format": 1}', b"\xff", b'"x"', b"null"])
def test_no_list_at_all(text: bytes) -> None:
    assert isinstance(read_release(text), list)
