"""What z3 proves of every pack, for all amounts and facts; and that it refutes what is wrong."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gongji.core.columns import kernel
from gongji.core.packs.entries import RatioRow
from gongji.core.packs.language import Pack
from gongji.files import resource_folder
from gongji.pack_files.read_pack import read_pack
from gongji.proofs.prove import prove
from gongji.proofs.symbols import EXCEPTION, PROVED, REFUTED, ProofClaim

SHIPPED = sorted(resource_folder().joinpath("policies").glob("*/*.toml"))
EXERCISES = sorted(resource_folder().joinpath("exercises").glob("*.toml"))
SHAPES = sorted(Path(__file__).parents[1].joinpath("shapes").glob("*.toml"))
BETTER_BEYOND_THE_CAP = {"530300", "990017"}
"""Areas where what is beyond a cap is paid at a better ratio: 曲靖 第九条 and the shape of a second fund."""


@pytest.mark.parametrize("path", [*SHIPPED, *EXERCISES, *SHAPES], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_pack(path: Path) -> None:
    pack = read_pack(path)
    claims = list(prove(pack))
    assert len(claims) > len(pack.benefit) + 2
    assert [one for one in claims if one.verdict not in {PROVED, EXCEPTION}] == []
    exceptions = [one for one in claims if one.verdict == EXCEPTION]
    assert bool(exceptions) == (pack.area in BETTER_BEYOND_THE_CAP)
    assert all("已用限额越多" in one.text and one.example for one in exceptions)


def pack_of(area: str) -> Pack:
    return read_pack(next(path for path in SHIPPED if path.parent.name == area))


def refuted(pack: Pack) -> list[ProofClaim]:
    return [one for one in prove(pack) if one.verdict == REFUTED]


def with_rows(pack: Pack, rows: tuple[RatioRow, ...]) -> Pack:
    """Return the pack with other rows for the ratio of its first layer, unchecked."""
    benefit = pack.benefit["general"]
    layer = replace(benefit.pay[0], ratio=rows)
    return replace(pack, benefit={"general": replace(benefit, pay=(layer, *benefit.pay[1:]))})


def test_somebody_left_out_or_told_twice_is_found() -> None:
    pack = pack_of("620800")
    rows = pack.benefit["general"].pay[0].ratio
    for wrong in (rows[1:], (*rows, rows[0])):
        (claim, *_) = [one for one in prove_rows(with_rows(pack, wrong)) if one.verdict == REFUTED]
        assert claim.place == "benefit.general.pay.0.ratio"


def prove_rows(pack: Pack) -> list[ProofClaim]:
    """Return what is claimed of the tables, which comes first: plans cannot be made of rows that are wrong."""
    found = []
    for claim in prove(pack):
        if claim.place == "lines":
            break
        found.append(claim)
    return found


def test_a_ratio_above_the_whole_breaks_the_sum() -> None:
    pack = pack_of("620800")
    rows = tuple(replace(row, ratio=type(row.ratio or 0)(13 * 10**11)) for row in pack.benefit["general"].pay[0].ratio)
    assert {one.text[:4] for one in refuted(with_rows(pack, rows))} >= {"自付、起"}


def test_a_fault_of_the_arithmetic_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deductible that forgets what was borne before, a cap that forgets what was used: each breaks a claim."""
    real = kernel._layer  # noqa: SLF001  # a fault put where it hurts

    def forgetful(ops: Any, caps: Any, ratio: Any, limits: Any, expense: Any, used: Any, *, flows_on: bool) -> Any:
        kept = list(used)
        done = real(ops, caps, ratio, limits, expense, [0 for _ in used], flows_on=flows_on)
        for cap in caps:
            used[cap.slot] = kept[cap.slot] + done[0]
        return done

    monkeypatch.setattr(kernel, "_layer", forgetful)
    assert any("不超过限额" in one.text for one in refuted(pack_of("620800")))
