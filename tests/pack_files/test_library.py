"""A pack from a stranger: read by a child within limits, refused with a sentence, and nothing of it obeyed."""

from pathlib import Path

import pytest

from gongji.desk.policies.install_packs import read_files
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.pack_files.read_pack import parse_pack, parse_stored_pack, try_pack

PACK = max((resource_folder() / "policies" / "530300").glob("*.toml")).read_text(encoding="utf-8")


def refusal(text: bytes) -> str:
    found = parse_pack(text)
    assert isinstance(found, list)
    (one,) = found
    return one.message


@pytest.mark.parametrize(
    "text",
    [
        b"a" + b".a" * 100_000 + b" = 1",
        b"[a" + b".b" * 100_000 + b"]",
        b"x = {a" + b".a" * 100_000 + b" = 1}",
        b'"a"' + b'."a"' * 50_000 + b" = 1",
        b"'a'" + b".'a'" * 50_000 + b" = 1",
        b"a " + b". a" * 60_000 + b" = 1",
        b"x = " + b"[" * 100_000,
    ],
)
def test_keys_and_brackets_beyond_use_are_refused_before_they_take_memory(text: bytes) -> None:
    assert "嵌套太深" in refusal(text)


def test_a_file_larger_than_any_pack_is_not_read() -> None:
    assert "不会这么大" in refusal(b"#" * (3 << 20))


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    assert "太长" in refusal(b"x = " + b"9" * 5000)


@pytest.mark.parametrize("sign", ["\\u001b[2J", "\\u0007", "\\u009b", "\\u202e", "\\u2066", "\u202e"])
def test_signs_that_a_terminal_obeys_are_refused(sign: str) -> None:
    first = PACK.replace('area_name = "', f'area_name = "{sign}', 1)
    assert first != PACK
    assert "控制符" in refusal(first.encode())
    assert not isinstance(parse_stored_pack(first.encode()), list)  # what a book already settles under still reads


def test_a_pack_that_reads_is_read_by_a_child_too(tmp_path: Path) -> None:
    place = tmp_path / "one.toml"
    place.write_text(PACK, encoding="utf-8")
    ((name, text),) = read_files([place])
    assert (name, text) == ("one.toml", PACK.encode())


def test_a_child_that_needs_more_than_its_limits_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "not a number")  # the child cannot even begin
    with pytest.raises(GongjiError, match="超出了限度"):
        try_pack("x.toml", PACK.encode())
