"""The pages about packs keep up with the language and the packs."""

import re
from collections.abc import Iterator
from pathlib import Path

from gongji.core.packs.dimensions import CONTRACT
from gongji.core.packs.entries import PackEntry
from gongji.core.packs.language import Pack
from gongji.desk.policies.packs import failed_cases
from gongji.pack_files.read_pack import parse_pack

FOLDER = Path(__file__).parent
PAGES = FOLDER.parents[1] / "docs"
REFERENCE = (PAGES / "packs.md").read_text(encoding="utf-8")
SHAPES = (PAGES / "shapes.md").read_text(encoding="utf-8")


def _kinds(kind: type[PackEntry]) -> Iterator[type[PackEntry]]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)


def test_the_example_of_the_reference_is_a_pack_that_proves_itself() -> None:
    example, *_ = re.findall(r"```toml\n(.*?)```", REFERENCE, re.DOTALL)  # what follows is a notice to make one of
    pack = parse_pack(example.encode())
    assert isinstance(pack, Pack), pack
    assert pack.case
    assert failed_cases(pack) == []


def test_the_reference_names_every_key_and_every_fact() -> None:
    keys = {name for kind in _kinds(PackEntry) for name in kind.__struct_fields__}
    code = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", REFERENCE, flags=re.DOTALL))
    words = set(re.findall(r"[a-z_]+", " ".join(code)))
    assert sorted((keys | CONTRACT.keys()) - words) == []


def test_the_page_of_shapes_links_every_pack_and_nothing_else() -> None:
    linked = re.findall(r"\.\./tests/shapes/([\w-]+)\.toml", SHAPES)
    assert sorted(linked) == sorted(path.stem for path in FOLDER.glob("*.toml"))
    assert [int(number) for number in re.findall(r"^\| (\d+) \|", SHAPES, re.MULTILINE)] == list(range(1, 27))
