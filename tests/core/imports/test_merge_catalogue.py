"""The agency's word on an item: on every day it is what a look at its rows for that day alone would say."""

import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gongji.core.imports.catalogue_feed import AgencyReading, AgencyRow, Codes, Feed, concerns, newer
from gongji.core.imports.merge_catalogue import merged
from gongji.core.imports.rows import ItemRow, RejectedRow
from gongji.core.money import E4, E12
from gongji.payer.regions import profile

DAYS = [datetime.date(2025, 1, 1) + datetime.timedelta(days=10 * number) for number in range(12)]
ITEM = ItemRow(
    code="X", name="某药", category="drug", class_="A", unit_price=E4(10_000), prepay_ratio=None, price_ceiling=None,
    negotiated=False, unit="盒", specification="", form="", maker="", fee_category="", barcode="", starts=DAYS[0],
    ends=None, invented=True,
)  # fmt: skip
SAID: dict[str, Any] = {
    "class": st.sampled_from(["A", "B", "C"]).map(lambda one: {"class": one}),
    "ratio": st.integers(0, 10).map(lambda tenths: {"ratio": tenths * 10**11}),
    "ceiling": st.tuples(st.integers(1, 9), st.sampled_from([["unrated", "1"], ["2"]])).map(
        lambda one: {"ceiling": one[0] * 10_000, "level": one[1]}
    ),
}


@st.composite
def rows(draw: st.DrawFn) -> list[AgencyRow]:
    found = []
    for number in range(draw(st.integers(0, 6))):
        begins, lasts = draw(st.sampled_from(DAYS)), draw(st.none() | st.integers(0, 60))
        ends = None if lasts is None else begins + datetime.timedelta(days=lasts)
        found.append(
            AgencyRow(
                infno="13", rid=str(number), code="X", starts=begins.isoformat(),
                ends=None if ends is None else ends.isoformat(), valid=draw(st.booleans()), version=str(number),
                said=draw(draw(st.sampled_from(list(SAID.values())))),
            )
        )  # fmt: skip
    return found


@st.composite
def editions(draw: st.DrawFn) -> list[ItemRow]:
    starts = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True))
    return [replace(ITEM, starts=day, unit_price=E4(10_000 + place)) for place, day in enumerate(sorted(starts))]


def on(own: list[ItemRow], day: datetime.date) -> ItemRow | None:
    begun = [one for one in own if one.starts <= day]
    return max(begun, key=lambda one: one.starts) if begun else None


def told(found: list[AgencyRow], what: str, day: datetime.date) -> Any:
    """What the rows say of one thing on one day, by going through them all."""
    fits = [
        one
        for one in found
        if what in one.said and one.valid and one.starts <= day.isoformat() and (one.ends or "9") >= day.isoformat()
    ]
    return max(fits, key=lambda one: (one.starts, int(one.version))).said[what] if fits else None


def kept(own: list[ItemRow], changed: list[ItemRow]) -> list[ItemRow]:
    return list({one.starts: one for one in [*own, *changed]}.values())


@given(editions(), rows())
def test_every_day_stands_as_its_rows_say(own: list[ItemRow], found: list[AgencyRow]) -> None:
    after = kept(own, merged(own, found, "1"))
    here = [one for one in found if "level" not in one.said or "1" in one.said["level"]]
    for offset in range(180):
        day = DAYS[0] + datetime.timedelta(days=offset)
        before, now = on(own, day), on(after, day)
        if before is None or now is None:
            assert before is now  # nothing is made before the clinic had it
            continue
        assert now.unit_price == before.unit_price
        class_ = told(here, "class", day) or "A"
        assert now.class_ == class_
        ratio = told(here, "ratio", day)
        assert now.prepay_ratio == (E12(ratio) if class_ == "B" and ratio is not None else None)
        assert now.price_ceiling == told(here, "ceiling", day)


@given(editions(), rows())
def test_again_changes_nothing(own: list[ItemRow], found: list[AgencyRow]) -> None:
    after = kept(own, merged(own, found, "1"))
    assert merged(after, found, "1") == []
    assert merged(own, [], "1") == []


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_later_version_is_one_by_its_value(one: int, other: int) -> None:
    assert newer(str(one), str(other)) is (one > other)
    assert newer("2025-01-02 00:00:00", "2025-01-01 23:59:59")


FEED = Feed(title="比例", says="ratio", paged=True, fields={
    "code": "c", "rid": "r", "version": "v", "starts": "s", "ends": "e", "valid": "f", "ratio": "p",
})  # fmt: skip
NO_CODES = Codes(chrgitm_lv={}, list_type={}, med_chrgitm_type={}, lmtpric_type={})


def read(**more: str) -> AgencyRow | RejectedRow:
    given_ = {"code": "X", "rid": "R1", "version": "1", "starts": "2025-01-01", "ratio": "0.1", **more}
    return AgencyReading("1319", FEED, NO_CODES).read(7, given_)


class TestReading:
    def test_as_platforms_write_it(self) -> None:
        one = read(starts="2025-01-01 00:00:00", ends="9999-12-31", ratio="0.10000", valid="")
        assert isinstance(one, AgencyRow)
        assert (one.starts, one.ends, one.valid, one.said) == ("2025-01-01", None, True, {"ratio": 10**11})

    def test_every_problem_of_a_row_at_once(self) -> None:
        wrong = read(code="null", starts="2025-02-30", ratio="1.1", valid="9")
        assert isinstance(wrong, RejectedRow)
        assert wrong.number == 7
        assert [one.column for one in wrong.wrong] == ["c", "s", "f", "p"]

    def test_a_record_told_twice_must_say_the_same(self) -> None:
        reading = AgencyReading("1319", FEED, NO_CODES)
        row = {"code": "X", "rid": "R1", "version": "1", "starts": "2025-01-01", "ratio": "0.1"}
        assert reading.read(1, row) == reading.read(2, row)
        assert isinstance(reading.read(3, {**row, "ratio": "0.2"}), RejectedRow)

    def test_a_row_is_for_an_area_or_for_all_in_it(self) -> None:
        for code, wanted in [("530300", True), ("530000", True), ("", True), ("530302", False), ("530100", False)]:
            assert concerns(FEED, {"area": code}, "530300") is wanted, code


def test_every_region_s_categories_of_fees_stand_on_the_receipt() -> None:
    from gongji.core.labels import FEE_CATEGORIES  # noqa: PLC0415  # used here alone

    for name in ("plain", "practice", "x-tif", "api"):
        chosen = profile(name)
        assert set(chosen.med_chrgitm_type.values()) <= set(FEE_CATEGORIES)
        assert all(set(feed.only) <= set(feed.fields) for feed in chosen.feeds.values())
