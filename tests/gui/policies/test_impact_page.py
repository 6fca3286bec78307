"""政策 → 影响测算 and 补充通知 at the window: a real book, a notice typed in, cases worked out by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtGui import QImage

from gongji.core.packs.amendment import EditableFigure
from gongji.desk.policies.export_impact import bands_of
from gongji.gui.policies.amend_page import AmendPage
from gongji.gui.policies.amend_sheets import CaseSheet, FigureSheet
from gongji.gui.policies.impact_page import ImpactPage
from gongji.gui.policies.screen import PoliciesScreen
from tests.desk.policies.test_impact import settle
from tests.support.clerk import Clerk

PINGLIANG = "620800"


@pytest.fixture
def clerk(sit_down: Callable[..., Clerk]) -> Clerk:
    return sit_down(PINGLIANG, day="2026-11-22 10:00:00")


def at_page(clerk: Clerk, key: str) -> ImpactPage | AmendPage:
    clerk.press("6", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, PoliciesScreen)
    clerk.press(key)
    page = screen.pages.current
    assert isinstance(page, ImpactPage | AmendPage)
    return page


def visits(clerk: Clerk) -> None:
    """Settle four visits on the thread that writes."""

    def work() -> None:
        for number, (person, price) in enumerate([("P1", "300"), ("P1", "100"), ("P2", "150"), ("P3", "900")]):
            settle(clerk.counter, f"W{number}", person, price, settled_on="2026-11-22")

    clerk.station.jobs.write(work)
    clerk.settle_down()


class TestImpact:
    def test_the_same_edition_changes_nothing(self, clerk: Clerk) -> None:
        visits(clerk)
        page = at_page(clerk, "F8")
        assert isinstance(page, ImpactPage)
        assert not page.export_button.isEnabled()
        page.reckon()
        clerk.settle_down()
        assert page.found is not None
        assert page.found.before == page.found.after
        assert page.found.visits == 4
        assert page.visits.currentText() == "没有变化的结算"

    def test_another_edition_of_the_same_area_in_table_picture_and_workbook(self, clerk: Clerk, tmp_path: Path) -> None:
        visits(clerk)
        amended(clerk, tmp_path)
        page = at_page(clerk, "F8")
        assert isinstance(page, ImpactPage)
        screen = clerk.window.screen_shown
        assert isinstance(screen, PoliciesScreen)
        screen.edition.setCurrentIndex(screen.edition.findData(f"{PINGLIANG}@2027-01-01"))
        page.reckon()
        clerk.settle_down()
        found = page.found
        assert found is not None
        assert found.after.fund_total_fen - found.before.fund_total_fen == 6_500 + 3_250 + 6_500
        assert [one.more_fen for one in found.people] == [-6_500, -6_500, -3_250]
        said = page.details.toPlainText()
        assert "(300.00 − 200.00) × 65%" in said
        assert "(300.00 − 100.00) × 65%" in said
        assert "个人负担" in page.sums.toPlainText()
        assert "−162.50" in page.sums.toPlainText() or "-162.50" in page.sums.toPlainText()
        page.export(tmp_path / "impact.xlsx")
        clerk.settle_down()
        clerk.close_sheet()
        book = load_workbook(tmp_path / "impact.xlsx")
        assert book.sheetnames == ["合计", "人数分布", "每个人", "变化最大"]
        assert book["每个人"].max_row == 4 + len(found.people)
        changed = book["变化最大"]
        assert [cell.value for cell in changed[4]] == ["金额和依据", "原来", "按这一版", None]
        (deductible,) = [
            row for row in changed.iter_rows() if str(row[1].value).startswith("年度起付标准 200.00；本次 900.00")
        ]
        assert deductible[1].alignment.wrap_text  # a sentence is whole, in as many lines as it takes
        assert (changed.row_dimensions[deductible[1].row or 0].height or 0) > 30
        assert changed.column_dimensions["B"].width < 60
        page.save_picture(tmp_path / "impact.png")
        clerk.close_sheet()
        assert QImage(str(tmp_path / "impact.png")).width() > 200
        assert sum(count for _, count in bands_of(found)) == len(found.people)


HIGHEST = "普通门诊支付比例：在职、三级、甲等或特等"


def change(clerk: Clerk, page: AmendPage, what: str, value: str) -> None:
    rows: tuple[EditableFigure, ...] = page.figures.rows_model.rows
    page.figures.selectRow(next(place for place, one in enumerate(rows) if one.what == what))
    page.change_chosen()
    sheet = clerk.sheet
    assert isinstance(sheet, FigureSheet)
    sheet.value.setText("一百")
    clerk.press("Enter")
    assert "应写作" in sheet.wrong.text()
    sheet.value.setText(value)
    sheet.article.setText("第二条")
    sheet.gist.setText("年度起付标准降到一百元")
    clerk.press("Enter")
    assert clerk.sheet is None


def amended(clerk: Clerk, tmp_path: Path) -> AmendPage:
    """Make, check, work out, sign and install an edition with a lower deductible."""
    page = at_page(clerk, "F9")
    assert isinstance(page, AmendPage)
    page.notice.title.setText("关于调整门诊共济待遇的补充通知")
    page.notice.number.setText("平医保〔2026〕1号")
    page.check()
    clerk.settle_down()
    assert "还没有改任何数额" in page.details.toPlainText()
    change(clerk, page, "普通门诊起付标准（每年）：所有人", "100.00")
    change(clerk, page, HIGHEST, "50%")
    page.check()
    clerk.settle_down()
    assert page.prepared is not None
    assert "200.00 元 → 100.00 元" in page.details.toPlainText()
    assert not page.export_button.isEnabled()
    for _ in range(40):
        if not page.prepared.differing:
            break
        one = page.prepared.differing[0]
        page.work_out_next()
        sheet = clerk.sheet
        assert isinstance(sheet, CaseSheet)
        assert all(field.text() == "" for field in sheet.figures.values()), "nobody is shown what to copy"
        sheet.name.setText(f"另算 {one.case}")
        for name, field in (*sheet.figures.items(), *sheet.totals.items()):
            field.setText({**one.found, **one.accumulators_found}[name])
        clerk.press("Enter")
        clerk.settle_down()
        assert page.prepared is not None
    assert page.prepared.is_ready, page.details.toPlainText()
    assert "可以签发" in page.details.toPlainText()
    page.export(tmp_path / "new.toml")
    clerk.settle_down()
    clerk.close_sheet()
    assert b"# signature " in (tmp_path / "new.toml").read_bytes()
    page.ask_to_install()
    clerk.press("Enter")
    clerk.settle_down()
    clerk.close_sheet()
    return page


class TestAmending:
    def test_an_edition_made_of_a_notice_is_there_from_its_day(self, clerk: Clerk, tmp_path: Path) -> None:
        amended(clerk, tmp_path)
        old, new = clerk.counter.library.editions(PINGLIANG)
        assert (old.last_day.isoformat(), new.pack.starts.isoformat()) == ("2026-12-31", "2027-01-01")  # type: ignore[union-attr]
        kept = list((clerk.counter.folder.path / "policies").glob("*.toml"))
        assert [one.name for one in kept] == [f"{PINGLIANG}-2027-01-01.toml"]

    def test_a_change_after_the_check_has_to_be_checked_again(self, clerk: Clerk) -> None:
        page = at_page(clerk, "F9")
        assert isinstance(page, AmendPage)
        page.notice.title.setText("通知")
        page.check()
        clerk.settle_down()
        assert page.prepared is not None
        page.notice.number.setText("1号")
        assert page.prepared is None

    def test_an_end_that_is_no_day_is_told(self, clerk: Clerk) -> None:
        page = at_page(clerk, "F9")
        assert isinstance(page, AmendPage)
        page.notice.ends.setText("明年底")
        page.check()
        assert "终止“明年底”看不懂" in page.details.toPlainText()
