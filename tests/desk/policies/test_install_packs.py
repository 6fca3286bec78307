"""政策包: what comes down is read as strictly as what ships, and counts from when it reads clean."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.policies.install_packs import (
    DownloadedPacks,
    PacksTaken,
    examine_packs,
    fetching_packs,
    from_files,
    from_texts,
    only,
    take_in_packs,
    try_packs,
)
from gongji.desk.session import Session
from gongji.desk.upload.scripts.conversation import Conversation
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.store.upload import downloads
from tests.support.circle import Circle
from tests.support.clock import Clock

SHAPES = Path(__file__).parents[2] / "shapes"
ONE = (SHAPES / "01-spending-bands.toml").read_text(encoding="utf-8")
AREA, EDITION = "990001", "990001@2023-01-01"


def offer(circle: Circle, name: str, text: str) -> None:
    answer = circle.there.control("packs", {"name": name, "text": text})
    assert "error" not in answer, answer


def download(circle: Circle) -> PacksTaken:
    one: Conversation[Any] = Conversation(circle.uploader, fetching_packs(circle.counter, circle.uploader.profile))
    while (outgoing := one.claim()) is not None:
        one.record(outgoing, circle.gateway.send(outgoing.infno, outgoing.body))
    return take_in_packs(circle.counter, try_packs(one.told))


def test_an_edition_that_reads_clean_counts_at_once_and_after_a_restart(
    circle: Circle, tmp_path: Path, library: Library, clock: Clock
) -> None:
    assert AREA not in circle.counter.library.areas
    offer(circle, EDITION, ONE)
    found = download(circle)
    assert (found.taken, found.refused, found.version) == ((EDITION,), (), "1")
    assert [one.id for one in circle.counter.library.editions(AREA)] == [EDITION]
    (kept,) = downloads.packs_current(circle.counter.store.reader)
    assert (kept.as_of, kept.text.decode()) == ("2025-06-10 09:00:00", ONE)
    assert AREA not in library.areas  # what ships is as it was
    assert download(circle).taken == ()
    circle.counter.close()
    again = open_counter(tmp_path / "data", library, clock)
    assert [one.id for one in again.library.editions(AREA)] == [EDITION]
    assert again.left_out == ()
    assert list(verify(again.folder, again.store, library, lambda *_: None)) == []
    again.close()


SPOILT: dict[str, tuple[Callable[[str], str], str]] = {
    "half": (lambda text: text[: len(text) // 2], ""),
    "misspelt": (lambda text: text.replace("open_end = true", "open_end = true\nunheard_of = 1", 1), "unheard_of"),
    "case": (lambda text: text.replace('patient = "2200.00"', 'patient = "2200.01"', 1), "2200.01"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_one_that_does_not_read_clean_does_not_count(circle: Circle, name: str) -> None:
    spoil, words = SPOILT[name]
    bad = spoil(ONE)
    assert bad != ONE
    offer(circle, EDITION, bad)
    found = download(circle)
    assert found.taken == ()
    assert words in "".join(found.refused[0].wrong)
    assert found.refused[0].wrong
    assert AREA not in circle.counter.library.areas
    offer(circle, EDITION, ONE)  # put right, it is asked for again
    assert download(circle).taken == (EDITION,)


def test_a_good_one_beside_a_bad_one_counts(circle: Circle) -> None:
    offer(circle, EDITION, ONE)
    offer(circle, "990002@2023-01-01", "format = 2")
    found = download(circle)
    assert found.taken == (EDITION,)
    assert len(found.refused) == 1
    assert found.version == ""  # so that both are asked for again


def test_an_edition_of_the_program_s_own_is_not_replaced(circle: Circle) -> None:
    own = next((resource_folder() / "policies" / "530300").glob("*.toml")).read_text(encoding="utf-8")
    offer(circle, "530300@2022-10-01", f"# 更正\n{own}")
    found = download(circle)
    assert "自带" in found.refused[0].wrong[0]
    assert circle.counter.library.editions("530300") == circle.counter.shipped.editions("530300")


def test_editions_must_not_overlap(circle: Circle) -> None:
    early = (SHAPES / "21-mid-year-a.toml").read_text(encoding="utf-8")
    late = (SHAPES / "21-mid-year-b.toml").read_text(encoding="utf-8")
    offer(circle, "990021@2023-06-01", late)
    assert download(circle).taken == ("990021@2023-06-01",)
    overlapping = early.replace("ends = 2023-05-31", "ends = 2023-07-31")
    offer(circle, "990021@2023-02-01", overlapping)
    assert "重叠" in download(circle).refused[0].wrong[0]
    offer(circle, "990021@2023-02-01", early)
    assert download(circle).taken == ("990021@2023-02-01",)


def test_a_corrected_edition_takes_the_place_of_the_one_before(circle: Circle) -> None:
    offer(circle, EDITION, ONE)
    download(circle)
    corrected = ONE.replace("open_end = true", "open_end = true\nrevision = 2", 1)
    offer(circle, EDITION, f"# 更正\n{corrected}")
    assert download(circle).taken == (EDITION,)
    (kept,) = downloads.packs_current(circle.counter.store.reader)
    assert kept.text.decode().startswith("# 更正")


@pytest.mark.parametrize("kind", ["half_file", "damaged_file", "truncated", "drop_after"])
def test_half_a_file_changes_nothing(circle: Circle, kind: str) -> None:
    offer(circle, EDITION, ONE)
    circle.there.control("faults", {"kind": kind, "infno": "9102"})
    with pytest.raises(GongjiError, match=r"没有改动|再下载一次"):
        download(circle)
    assert downloads.packs_current(circle.counter.store.reader) == []
    assert download(circle).taken == (EDITION,)


def test_what_comes_down_is_read_by_a_child_first_as_files_are(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(circle, EDITION, ONE)
    with monkeypatch.context() as broken:
        broken.setenv("PYTHONHASHSEED", "not a number")  # the child cannot even begin
        (refused,) = download(circle).refused
    assert refused.place == f"1_{EDITION}.toml"
    assert "超出了限度" in refused.wrong[0]
    assert downloads.packs_current(circle.counter.store.reader) == []
    assert download(circle).taken == (EDITION,)


def test_one_that_takes_more_than_any_pack_does_stops_no_other(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    good = try_packs(DownloadedPacks(from_texts(circle.counter, [("good.toml", ONE.encode())])))
    with monkeypatch.context() as broken:
        broken.setenv("PYTHONHASHSEED", "not a number")  # the child cannot even begin
        bad = try_packs(DownloadedPacks(from_texts(circle.counter, [("bad.toml", ONE.encode())])))
    tried = replace(good, version="7", beyond=bad.beyond)
    first, second = examine_packs(circle.counter, tried)
    assert (first.place, first.wrong) == ("good.toml", ())
    assert (second.place, second.pack) == ("bad.toml", None)
    assert "超出了限度" in second.wrong[0]
    assert only(tried, {"good.toml"}).version == ""  # the other is asked for again
    taken = take_in_packs(circle.counter, tried)
    assert (taken.taken, [one.place for one in taken.refused]) == ((EDITION,), ["bad.toml"])
    assert taken.version == ""


def test_by_file(circle: Circle, tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    path.write_text(ONE, encoding="utf-8")
    assert take_in_packs(circle.counter, from_files(circle.counter, [path])).taken == (EDITION,)
    path.write_text("area = 1", encoding="utf-8")
    assert take_in_packs(circle.counter, from_files(circle.counter, [path])).refused[0].place == "new.toml"


def test_what_came_down_gives_way_to_what_ships_later(circle: Circle, tmp_path: Path, clock: Clock) -> None:
    offer(circle, EDITION, ONE)
    download(circle)
    circle.counter.close()
    newer = tmp_path / "newer"
    newer.mkdir()
    (newer / "one.toml").write_text(f"# 随程序来的\n{ONE}", encoding="utf-8")
    shipped = Library(resource_folder() / "policies", [newer])
    counter: Session = open_counter(tmp_path / "data", shipped, clock)
    (policy,) = counter.library.editions(AREA)
    assert counter.library.text_of(policy)[1].startswith("# 随程序来的".encode())
    counter.close()


RESIDENTS = next((resource_folder() / "exercises").glob("*居民*.toml")).read_text(encoding="utf-8")


def test_a_pack_of_the_residents_insurance_is_for_quoting_alone(session: Session) -> None:
    """Marked as an exercise or not, it is never taken in: the refusal says what it is for."""
    name, text = (
        "990300@2023-01-01",
        "".join(one for one in RESIDENTS.splitlines(keepends=True) if not one.startswith("exercise")),
    )
    (found,) = examine_packs(session, try_packs(DownloadedPacks(from_texts(session, [(name, text.encode())]))))
    assert found.pack is None
    assert ["居民医保" in one and "只能用它试算" in one for one in found.wrong] == [True]
    taken = take_in_packs(session, from_texts(session, [(name, text.encode())]))
    assert (taken.taken, len(taken.refused)) == ((), 1)
    assert "990300" not in session.library.areas
