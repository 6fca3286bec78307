"""Before an edition ends, after it, and when a review is due: who settles is told, and the till goes on (G24)."""

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest

from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.policies.time_left import policy_reminders
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.main import main
from gongji.pack_files.library import Library
from gongji.printing.read_pdf import text_of
from gongji.store.upload import outbox_records
from tests.desk.policies.test_impact import TEXT
from tests.support.bookful import Clock
from tests.support.printed import print_claim, print_receipt

PINGLIANG, YUNFU = "620800", "445300"
UNREVIEWED = re.sub(r"review_by = \S+\n", "", TEXT)  # an edition that says only when it ends


def library_of(tmp_path: Path, *texts: str) -> Library:
    """Return a library of 平凉 alone, with these editions."""
    folder = tmp_path / "packs" / PINGLIANG
    folder.mkdir(parents=True)
    for number, text in enumerate(texts):
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    return Library(tmp_path / "packs")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("today", "kinds"),
    [("2027-10-01", []), ("2027-10-02", ["ends"]), ("2027-12-31", ["ends"]), ("2028-01-01", ["ended"])],
)
def test_ninety_days_before_the_end_and_after_it(tmp_path: Path, today: str, kinds: list[str]) -> None:
    found = policy_reminders(library_of(tmp_path, UNREVIEWED), [PINGLIANG, PINGLIANG], day(today))
    assert [one.kind for one in found] == kinds
    for one in found:
        assert "政策 → 安装新版" in one.text
        assert "全额垫付" in one.text
        assert one.is_urgent == (one.kind == "ended")


def test_days_are_counted(tmp_path: Path) -> None:
    library = library_of(tmp_path, UNREVIEWED)
    (one,) = policy_reminders(library, [PINGLIANG], day("2027-12-01"))
    assert "到 2027-12-31 为止，还有 30 天" in one.text
    (last,) = policy_reminders(library, [PINGLIANG], day("2027-12-31"))
    assert "今天是最后一天" in last.text


def test_a_policy_without_an_end_needs_nothing(library: Library) -> None:
    found = policy_reminders(library, ["530300", "520300"], day("2031-01-01"))
    assert {one.kind for one in found} <= {"review"}


def moved_to(starts: str, ends: str, *more: str) -> str:
    text = UNREVIEWED.replace("starts = 2023-01-01", f"starts = {starts}", 1)
    text = text.replace("ends = 2027-12-31", "\n".join([f"ends = {ends}", *more]), 1)
    return text[: text.index("[[case]]")]


def test_nobody_is_told_where_the_next_edition_is_there(tmp_path: Path) -> None:
    following = moved_to("2028-01-01", "2030-12-31")
    assert policy_reminders(library_of(tmp_path, UNREVIEWED, following), [PINGLIANG], day("2027-12-01")) == []


def test_what_begins_later_is_told_in_the_gap(tmp_path: Path) -> None:
    following = moved_to("2028-02-01", "2030-12-31", 'gap = "一月没有政策"')
    (one,) = policy_reminders(library_of(tmp_path, UNREVIEWED, following), [PINGLIANG], day("2028-01-05"))
    assert one.kind == "ended"
    assert "新版已装好，2028-02-01 起施行" in one.text


def test_an_edition_may_end_the_one_before_early(tmp_path: Path) -> None:
    following = moved_to("2026-07-01", "2030-12-31", "supersedes = true")
    library = library_of(tmp_path, UNREVIEWED, following)
    old, new = library.editions(PINGLIANG)
    assert old.last_day == day("2026-06-30")
    assert (old.in_force(day("2026-07-01")), new.in_force(day("2026-07-01"))) == (False, True)
    assert policy_reminders(library, [PINGLIANG], day("2026-06-30")) == []


def test_a_review_that_is_due_is_told(tmp_path: Path) -> None:
    text = UNREVIEWED.replace("verified_on = ", "review_by = 2026-12-31\nverified_on = ", 1)
    library = library_of(tmp_path, text)
    assert policy_reminders(library, [PINGLIANG], day("2026-12-31")) == []
    (one,) = policy_reminders(library, [PINGLIANG], day("2027-01-01"))
    assert one.kind == "review"
    assert "2026-12-31 前重新核对" in one.text


def test_the_list_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "list", "--on", "2027-11-30"]) == 0
    said = capsys.readouterr().out
    assert "注意：平凉市的政策到 2027-12-31 为止，还有 31 天" in said
    assert "注意：云浮市今天没有有效的政策" in said


@pytest.fixture
def lapsed(tmp_path: Path, library: Library) -> Any:
    """A counter in 云浮 on a day after its policy has ended."""
    clock = Clock("2026-03-02 09:00:00")
    clinic = {"id": "H44530200001", "name": "某卫生院", "type": "township_clinic", "level": "1"}
    one = Beginning(counter="01", area=YUNFU, institution=clinic, operator="培训员", password=None, training=True)
    begin(tmp_path / "data", one, library, clock)
    counter = open_counter(tmp_path / "data", library, clock)
    yield counter
    counter.close()


def visit(no: str, **more: Any) -> bytes:
    made = {
        "visit_no": no,
        "area": YUNFU,
        "settled_on": "2026-03-02",
        "person": {"id": "445302195001010011", "name": "张秀英", "status": "retired"},
        "lines": [
            {"code": "D1", "name": "阿莫西林", "category": "drug", "class": "A", "unit_price": "30", "quantity": "2"},
            {"code": "D2", "name": "某药", "category": "drug", "class": "C", "unit_price": "5", "quantity": "1"},
        ],
        "accounts": {"own": {"balance": "100.00"}},
        **more,
    }
    return json.dumps(made, ensure_ascii=False).encode()


class TestAfterALapse:
    def test_no_benefit_is_settled(self, lapsed: Session) -> None:
        done = settle_text(lapsed, visit("V1"))
        assert done.stored is None
        assert [one.code for one in done.problems] == ["no_policy_in_force"]

    def test_a_full_payment_goes_on_without_any_figure_of_a_fund(self, lapsed: Session, library: Library) -> None:
        done = settle_text(lapsed, visit("V1", full_payment=True, benefit="general"))
        one = done.stored
        assert one is not None
        totals = one.totals
        assert (totals.total_fen, totals.cash_fen, totals.patient_fen) == (6_500, 6_500, 6_500)
        assert (totals.fund_total_fen, totals.account_own_fen, totals.deductible_fen) == (0, 0, 0)
        assert one.moved == ()
        assert list(outbox_records.rows(lapsed.store.reader)) == []
        said = "".join("".join(text_of(print_receipt(lapsed, one).read_bytes())).split())
        assert "全额垫付" in said
        slip = "".join("".join(text_of(print_claim(lapsed, one).read_bytes())).split())
        assert "本次费用65.00元没有由医保当场结算" in slip
        assert "请尽早向参保地的医保经办机构问明能否报销" in slip
        assert "%" not in slip
        assert list(verify(lapsed.folder, lapsed.store, library, lambda *_: None)) == []

    def test_it_is_voided_like_any_other(self, lapsed: Session, library: Library) -> None:
        done = settle_text(lapsed, visit("V1", full_payment=True))
        assert done.stored is not None
        assert void(lapsed, done.stored.no, "录错").stored.totals.cash_fen == -6_500
        assert list(verify(lapsed.folder, lapsed.store, library, lambda *_: None)) == []

    def test_self_pay_goes_on(self, lapsed: Session) -> None:
        done = settle_text(lapsed, visit("V1", person={"id": "P9", "name": "王小明", "status": "uninsured"}))
        assert done.stored is not None
        assert done.stored.totals.cash_fen == 6_500

    def test_an_area_nobody_knows_is_paid_in_full_too(self, lapsed: Session) -> None:
        done = settle_text(lapsed, visit("V1", area="110000", full_payment=True))
        assert done.stored is not None
        assert done.stored.totals.fund_total_fen == 0

    def test_a_full_payment_under_a_policy_keeps_it(self, lapsed: Session) -> None:
        done = settle_text(lapsed, visit("V1", area="530300", full_payment=True))
        assert done.stored is not None
        assert done.stored.policy == "530300@2022-10-01"
