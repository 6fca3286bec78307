"""补充通知: every figure of every pack can be changed, cited, checked, signed and taken in by another counter."""

import datetime
import hashlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from gongji.core.packs.amendment import (
    Amendment,
    CaseChange,
    FigureChange,
    editable_figures,
    value_as_written,
    value_fault,
)
from gongji.core.packs.figures import figures
from gongji.desk.policies.amend import PreparedEdition, prepare, release
from gongji.desk.policies.install_packs import examine_packs, from_files, take_in_packs
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.pack_files.read_pack import read_pack
from gongji.store import audit
from tests.desk.policies.test_impact import PINGLIANG, book
from tests.support.bookful import Clock

__all__ = ["book"]
SHIPPED = sorted(resource_folder().joinpath("policies").glob("*/*.toml"))
DEDUCTIBLE = "普通门诊起付标准（每年）：所有人"
HIGHEST = "普通门诊支付比例：在职、三级、甲等或特等"
GIST = "门诊年度起付标准降到一百元"


def notice(pack_path: Path | None = None, *changes: tuple[str, str], **more: object) -> Amendment:
    path = pack_path or next(one for one in SHIPPED if one.parent.name == PINGLIANG)
    known = {one.what: one for one in editable_figures(read_pack(path))}
    made = Amendment(
        title="关于调整门诊共济待遇的补充通知",
        number="平医保〔2026〕1号",
        issued=datetime.date(2026, 11, 1),
        short="2026年补充通知",
        starts=datetime.date(2027, 1, 1),
        ends=None,
        verified_on=datetime.date(2026, 11, 22),
        changes=tuple(
            FigureChange(path=known[what].path, value=value, article="第二条", gist=GIST) for what, value in changes
        ),
    )
    return replace(made, **more)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_every_figure_has_a_name_of_its_own_and_reads_as_written(path: Path) -> None:
    found = editable_figures(read_pack(path))
    assert len(found) >= 10
    names = [one.what for one in found]
    assert len(set(names)) == len(names)
    assert all(value_fault(one.kind, one.text) == "" for one in found)
    assert not any(name.isascii() for name in names), "each is called as the comparison calls it"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_every_money_figure_can_be_changed_and_is_told(
    path: Path, book: tuple[Session, Clock], library: Library
) -> None:
    counter, _ = book
    (policy,) = [one for one in library.editions(path.parent.name) if one.pack.starts.isoformat() == path.stem[:10]][
        -1:
    ]
    for one in editable_figures(policy.pack):
        if one.kind != "money":
            continue
        done = prepare(counter, policy, notice(path, (one.what, "321.00")))
        assert done.pack is not None, (one.what, done.wrong)
        assert any("321.00" in text for text in done.sentences), one.what
        assert any("2026年补充通知第二条" in text for text in done.sentences), one.what
        told = {each.what: each.says for each in figures(done.pack)}
        assert "321.00" in " ".join(told.values())


def test_a_lower_deductible_from_the_notice_to_another_counter(
    book: tuple[Session, Clock], library: Library, tmp_path: Path
) -> None:
    counter, _ = book
    (policy,) = library.editions(PINGLIANG)
    both = ((DEDUCTIBLE, "100.00"), (HIGHEST, "50%"))
    first = prepare(counter, policy, notice(None, *both))
    assert first.pack is not None
    assert f"{DEDUCTIBLE}：200.00 元 → 100.00 元（2026年补充通知第二条）" in first.sentences
    assert "前一版原定到 2027-12-31 为止，自 2027-01-01 起由新版代替" in first.sentences
    assert first.differing, "cases that the notice changes want figures worked out by hand"
    assert not first.is_ready
    with pytest.raises(GongjiError, match="还不能签发"):
        release(counter, first, tmp_path / "new.toml")
    by_hand = tuple(
        CaseChange(
            case=one.case, name=f"补充通知后：{one.case[:6]}", expect=one.found, accumulators=one.accumulators_found
        )
        for one in first.differing
    )
    wrong = replace(by_hand[0], expect={**by_hand[0].expect, next(iter(by_hand[0].expect)): "0.01"})
    one_wrong = prepare(counter, policy, notice(None, *both, cases=(wrong, *by_hand[1:])))
    assert [each.case for each in one_wrong.differing] == [wrong.name], "a figure worked out wrong is not accepted"
    ready = prepare(counter, policy, notice(None, *both, cases=by_hand))
    assert ready.is_ready, (ready.wrong, ready.differing)
    text = release(counter, ready, tmp_path / "new.toml")
    assert b"# ----" in text, "comments stay"
    assert counter.operator.encode() in text
    fetched = from_files(counter, [tmp_path / "new.toml"])
    (found,) = examine_packs(counter, fetched)
    assert found.maker is not None
    assert found.maker.is_own
    assert take_in_packs(counter, fetched).taken == (f"{PINGLIANG}@2027-01-01",)
    old, new = counter.library.editions(PINGLIANG)
    assert old.last_day == datetime.date(2026, 12, 31)
    assert new.pack.rule["N1"].article == "2026年补充通知第二条"
    assert new.pack.gist["2026年补充通知第二条"] == GIST


def test_worked_cases_move_into_the_new_edition_by_whole_years(book: tuple[Session, Clock], library: Library) -> None:
    counter, _ = book
    (policy,) = library.editions("445300")
    path = next(one for one in SHIPPED if one.parent.name == "445300")
    done = prepare(counter, policy, notice(path, ("包干费用占年度限额", "31%")))
    assert done.pack is not None, done.wrong
    assert done.differing == (), "figures of no case were changed, and open parameters' years went along"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"title": ""}, "请填写通知名称"),
        ({"starts": datetime.date(2022, 12, 31)}, "施行日期应晚于原版的 2023-01-01"),
        ({"ends": datetime.date(2026, 1, 1)}, "终止日期早于施行日期"),
        ({"changes": ()}, "还没有改任何数额"),
    ],
)
def test_what_is_missing_is_told(
    book: tuple[Session, Clock], library: Library, more: dict[str, object], sentence: str
) -> None:
    counter, _ = book
    (policy,) = library.editions(PINGLIANG)
    done = prepare(counter, policy, notice(None, (DEDUCTIBLE, "100.00"), **more))
    assert sentence in done.wrong
    assert done.pack is None


def test_a_change_without_an_article_is_told(book: tuple[Session, Clock], library: Library) -> None:
    counter, _ = book
    (policy,) = library.editions(PINGLIANG)
    one = notice(None, (DEDUCTIBLE, "100.00"))
    silent = replace(one, changes=(replace(one.changes[0], article="", gist=""),))
    assert len(prepare(counter, policy, silent).wrong) == 2


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("money", "1.234"),
        ("ratio", "65"),
        ("points", "5"),
        ("date", "2027-02-30"),
        ("day", "13-01"),
        ("relations", "朋友"),
    ],
)
def test_a_value_that_is_none_is_told(kind: str, text: str) -> None:
    assert value_fault(kind, text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "written"),
    [
        ("money", "１，２８０元", "1280"), ("ratio", "６５％", "65%"), ("points", "＋5", "+5"),
        ("signed", "−300", "-300"),
        ("date", "20270101", "2027-01-01"), ("date", "2027年1月1日", "2027-01-01"), ("day", "6月30日", "06-30"),
        ("day", "6-30", "06-30"), ("relations", " 配偶、父母 ", "配偶、父母"),
    ],
)  # fmt: skip
def test_a_value_is_read_as_people_write_it(kind: str, typed: str, written: str) -> None:
    assert value_as_written(kind, typed) == written  # type: ignore[arg-type]
    assert value_fault(kind, written) == ""  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("date", "2027-W01-1"),
        ("date", "1-1"),
        ("day", "2024-06-30"),
        ("day", "2-30"),
        ("money", "1e5"),
        ("ratio", "²%"),
    ],
)
def test_what_is_no_value_stands_as_typed_and_is_told(kind: str, typed: str) -> None:
    assert value_as_written(kind, typed) == typed  # type: ignore[arg-type]
    assert value_fault(kind, typed)  # type: ignore[arg-type]


def made(counter: Session, library: Library, value: str, day: int = 22) -> PreparedEdition:
    """The edition that a notice makes whose first figure is this, its cases worked out."""
    (policy,) = library.editions(PINGLIANG)
    one = notice(None, (DEDUCTIBLE, value), verified_on=datetime.date(2026, 11, day))
    first = prepare(counter, policy, one)
    by_hand = tuple(
        CaseChange(case=each.case, name=each.case, expect=each.found, accumulators=each.accumulators_found)
        for each in first.differing
    )
    ready = prepare(counter, policy, replace(one, cases=by_hand))
    assert ready.is_ready, (ready.wrong, ready.differing)
    return ready


def revision(one: PreparedEdition) -> int:
    assert one.pack is not None
    return one.pack.revision


def test_a_text_that_was_given_out_is_corrected_by_its_next_revision(
    book: tuple[Session, Clock], library: Library, tmp_path: Path
) -> None:
    counter, _ = book
    path = tmp_path / "new.toml"
    first = made(counter, library, "100.00")
    assert revision(first) == 1
    release(counter, first, path)
    assert revision(made(counter, library, "100.00")) == 1, "the same text is the same revision"
    assert take_in_packs(counter, from_files(counter, [path])).taken
    second = made(counter, library, "120.00")
    assert revision(second) == 2
    assert revision(made(counter, library, "130.00")) == 2, "nothing was given out in between"
    release(counter, second, path)
    assert take_in_packs(counter, from_files(counter, [path])).taken == (f"{PINGLIANG}@2027-01-01",)
    assert revision(made(counter, library, "100.00")) == 3, "an old text does not come back as it was"
    assert path.read_bytes().count(b"# signature ") == 1


def test_what_is_signed_here_is_logged_and_signed_by_who_may_install(
    book: tuple[Session, Clock], library: Library, tmp_path: Path
) -> None:
    counter, _ = book
    text = release(counter, made(counter, library, "100.00"), tmp_path / "new.toml")
    entry = list(audit.of_acts(counter.store.reader, ["policy"]))[-1]
    assert entry.subject == f"{PINGLIANG}@2027-01-01"
    assert hashlib.sha256(text).hexdigest() in entry.detail
