"""JSON is read strictly: what is ambiguous or broken is refused, and numbers never pass through a float."""

import json
import os
import sys
from collections import Counter
from types import FrameType
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongji.core.strict_json import JsonNumber, decode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_any_value_is_read_as_it_was_written(value: Any) -> None:
    assert decode(json.dumps(value, ensure_ascii=False).encode()) == (value, [])
    assert decode(json.dumps(value).encode()) == (value, [])


@given(st.dictionaries(st.text(), VALUES, min_size=1, max_size=4), st.data())
def test_a_key_that_stands_twice_is_named(value: dict[str, Any], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(value)))
    pairs = [*value.items(), (key, data.draw(VALUES))]
    text = "{" + ", ".join(f"{json.dumps(name)}:{json.dumps(part)}" for name, part in pairs) + "}"
    _, problems = decode(text.encode())
    assert [problem.field for problem in problems] == [key]


SIGNS = "a\":\\\n{}[],'é"


class Written(NamedTuple):
    """A value as JSON, and whether a key stands twice in an object of it."""

    text: str
    repeats: bool


@st.composite
def spelt(draw: st.DrawFn, most: int = 5) -> tuple[str, str]:
    """A string, and one of its spellings: any sign may be written by its number."""
    value = draw(st.text(SIGNS, max_size=most))
    by_number = draw(st.sets(st.integers(0, most)))
    signs = (f"\\u{ord(one):04x}" if n in by_number else json.dumps(one)[1:-1] for n, one in enumerate(value))
    return value, f'"{"".join(signs)}"'


def listed(parts: list[Written]) -> Written:
    return Written(f"[{', '.join(one.text for one in parts)}]", any(one.repeats for one in parts))


def kept(pairs: list[tuple[tuple[str, str], str, Written]]) -> Written:
    text = ",".join(f"{key}{space}:{one.text}" for (_, key), space, one in pairs)
    twice = len({name for (name, _), _, _ in pairs}) < len(pairs)
    return Written(f"{{{text}}}", twice or any(one.repeats for _, _, one in pairs))


PLAIN = st.sampled_from(["1", "null", "1.5"]).map(lambda text: Written(text, repeats=False)) | spelt().map(
    lambda one: Written(one[1], repeats=False)
)


def objects(inner: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    return st.lists(st.tuples(spelt(2), st.sampled_from(["", " ", "\n\t"]), inner), max_size=4).map(kept)


TEXTS = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3).map(listed) | objects(inner) | st.lists(objects(inner), max_size=3).map(listed)
    ),
    max_leaves=20,
)


@settings(max_examples=int(os.environ.get("GONGJI_FUZZ_EXAMPLES", "500")))
@given(TEXTS)
def test_a_key_stands_twice_where_it_does_whatever_strings_look_like(one: Written) -> None:
    value, problems = decode(one.text.encode())
    assert bool(problems) is one.repeats
    assert one.repeats or value == json.loads(one.text, parse_float=JsonNumber)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ('{"a":1,"a" :2}', ["a"]),
        ('{"a":":","a":":"}', ["a"]),
        ('{"a":1,"\\u0061":2}', ["a"]),
        ('{"lines":[{"b":1},{"c":1,"c":1}]}', ["lines.1.c"]),
        ('{"a":{"x":1,"x":2},"b":1,"b":2}', ["b", "a.x"]),
        ('{"a":1,"b":[{"c":1},"four"],"a":2}', ["a"]),
        ('{"a":[{"b":1}],"c":{"d":[{"e":{"f":1,"f":1}}]}}', ["c.d.0.e.f"]),
    ],
)
def test_repeated_keys_are_found_however_they_are_written(text: str, fields: list[str]) -> None:
    assert [problem.field for problem in decode(text.encode())[1]] == fields


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ('{"at": "10:05:33", "b": "a:b"}', []),
        ('{"at": "10:05:33", "at": "10:05:33"}', ["at"]),
        ('{"a": {"b": "::", "c": [{"d": ":"}]}, "e": 1}', []),
        ('[[{"a": 1, "b": ":", "a": 2}]]', ["0.0.a"]),
    ],
)
def test_colons_in_what_is_said_are_no_keys(text: str, fields: list[str]) -> None:
    value, problems = decode(text.encode())
    assert [problem.field for problem in problems] == fields
    assert problems or value == json.loads(text)


def test_numbers_keep_their_text() -> None:
    value, problems = decode(b'{"a": 12.50, "b": 1e400, "c": 123456789012345678901234567890, "d": 0.1}')
    assert problems == []
    assert isinstance(value["a"], JsonNumber)
    assert [str(value[name].text) for name in "abd"] == ["12.50", "1e400", "0.1"]
    assert value["c"] == 123456789012345678901234567890


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b'{"a":}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":1,}',
        b'{"a":1} x',
        b"\xff",
        b"nul",
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b"[" * 100000,
        b'{"a":' * 5000,
        b'{"a":' + b"9" * 10000 + b"}",
        b"'a'",
    ],
)
def test_what_is_not_json_is_refused_with_a_sentence(text: bytes) -> None:
    _, problems = decode(text)
    assert len(problems) == 1
    assert problems[0].code == "invalid_input"
    assert "请" in problems[0].message


@pytest.mark.parametrize("depth", range(100, 2_000, 100))
def test_nesting_is_read_or_refused(depth: int) -> None:
    text = b'{"a":' * depth + b"1" + b"}" * depth
    for shape in (text, text.replace(b":1", b':":"')):
        value, problems = decode(shape)
        assert problems == [] or (value is None and "嵌套" in problems[0].message)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'{"a": {"b": ["x", "\ud800"]}}', [("a.b.1", r"\ud800")]),
        (r'{"a": "\udc00x", "b": "\ud83d\ude00"}', [("a", r"\udc00")]),
        (r'{"a": {"x\ud800": 1}}', [("a", r"\ud800")]),
        ('{"a": -1' + "0" * 5000 + ', "b": [1]}', [("a", "5002 位")]),
        ('{"a": "' + r"\ud800" + '", "b": 1' + "0" * 5000 + "}", [("a", r"\ud800"), ("b", "5001 位")]),
    ],
)
def test_half_a_character_or_an_endless_number_is_told_with_its_place(
    text: str, expected: list[tuple[str, str]]
) -> None:
    """The text is whole, so nobody is sent to look for a bracket."""
    problems = decode(text.encode())[1]
    assert [problem.field for problem in problems] == [field for field, _ in expected]
    assert all(words in problem.message for problem, (_, words) in zip(problems, expected, strict=True))


@pytest.mark.parametrize("text", [r'{"a": "\ud800', r'{"a": "\ud800"} x', "[" * 5000 + r'"\ud800"'])
def test_what_is_not_whole_is_still_told_as_that(text: str) -> None:
    (problem,) = decode(text.encode())[1]
    assert (problem.field, "\\u" in problem.message) == ("", False)


@pytest.mark.parametrize(
    "text", ['{"a": 1}'.encode("utf-16"), b'{"a": 1, \xff\xfe "b": 2}', '{"姓名": "张"}'.encode("gbk")]
)
def test_another_encoding_is_told_as_that(text: bytes) -> None:
    (problem,) = decode(text)[1]
    assert "UTF-8" in problem.message


def calls_to_refuse(depth: int) -> int:
    """Return how many calls it takes to refuse a text with many numbers so deep in it, in which a key stands twice."""
    text = b'{"a":1,"a":2,"b":' + b"[" * depth + b",".join([b"1"] * 300) + b"]" * depth + b"}"
    counted = Counter[str]()

    def count(_: FrameType, event: str, __: object) -> None:
        counted[event] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        _, problems = decode(text)
    finally:
        sys.setprofile(before)
    assert [one.field for one in problems] == ["a"]
    return counted["call"]


def test_what_is_deep_takes_no_more_work_for_each_part_of_it() -> None:
    assert calls_to_refuse(400) < 4 * calls_to_refuse(40)
