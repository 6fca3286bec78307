"""The page about the command line keeps up with what is read and what is answered."""

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import inspect

from gongji.core.engine.amounts import Amounts
from gongji.core.engine.capitation import CapitationRequest
from gongji.core.engine.credit import CreditRequest
from gongji.core.visits import Visit
from gongji.pack_files.library import Library

PAGE = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"[a-z0-9_]+|[ABC]", PAGE))


def names(kind: inspect.Type) -> Iterator[str]:
    """The names of all fields of a record and of those in it, and the values of closed lists."""
    match kind:
        case inspect.StructType(fields=fields):
            for field in fields:
                yield field.encode_name
                yield from names(field.type)
        case inspect.UnionType(types=types):
            for one in types:
                yield from names(one)
        case inspect.Metadata(type=inner):
            yield from names(inner)
        case inspect.VarTupleType(item_type=item):
            yield from names(item)
        case inspect.LiteralType(values=values):
            yield from map(str, values)


def test_every_field_and_every_value_is_named() -> None:
    wanted = {name for kind in (Visit, CreditRequest, CapitationRequest) for name in names(inspect.type_info(kind))}
    assert sorted(wanted - WORDS) == []
    assert [name for name in Amounts.__struct_fields__ if name.removesuffix("_fen") not in WORDS] == []


def test_every_notice_and_every_benefit_is_named(library: Library) -> None:
    packs = [policy.pack for area in library.areas for policy in library.editions(area)]
    notices = {gate.notice for pack in packs for gate in pack.gate}
    notices |= {pack.accounts.refused_notice for pack in packs}
    notices |= {one.notice for pack in packs for one in pack.accounts.no_account}
    notices |= {one.notice for pack in packs for one in pack.notice}
    notices |= {one.notice for pack in packs for one in pack.lines.notice}
    notices |= {one.replaces for pack in packs for one in pack.lines.prepay if one.replaces is not None}
    benefits = {name for pack in packs for name in (*pack.benefit, *pack.undefined)}
    assert sorted((notices | benefits) - WORDS) == []
