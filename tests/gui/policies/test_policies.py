"""政策 by keys: articles, open parameters, editions, credits, capitation, 试算, and the documents' own words."""

from pathlib import Path

import pytest

from gongji.desk.policies.parameters import entered
from gongji.files import resource_folder
from gongji.gui.policies.parameters_page import FillSheet, ParametersPage
from gongji.gui.policies.screen import PoliciesScreen
from tests.support.clerk import Clerk
from tests.support.documents import made_up_document

PACKS = resource_folder() / "policies"
DOCUMENT = """曲靖市职工基本医疗保险门诊共济保障实施细则（暂行）

第一条 总则。
"""


@pytest.fixture
def screen(clerk: Clerk) -> PoliciesScreen:
    clerk.press("6", with_ctrl=True)
    found = clerk.window.screen_shown
    assert isinstance(found, PoliciesScreen)
    return found


def choose(screen: PoliciesScreen, area: str) -> None:
    name = next(screen.edition.itemData(place) for place in range(screen.edition.count())
                if str(screen.edition.itemData(place)).startswith(area))  # fmt: skip
    screen.edition.setCurrentIndex(screen.edition.findData(name))


class TestArticles:
    def test_every_article_with_its_figures(self, clerk: Clerk, screen: PoliciesScreen) -> None:
        page = screen.pages.current
        rows = page.table.rows_model.rows  # type: ignore[attr-defined]
        assert screen.policy is not None
        assert [one.article for one in rows[1:]] == list(screen.policy.pack.gist)
        clerk.type("zzz")
        assert page.table.rows_model.rows == ()  # type: ignore[attr-defined]
        page.field.setText("第九条")  # type: ignore[attr-defined]
        clerk.press("Enter", "Down")
        assert "一级及以下：30.00 元" in page.details.toPlainText()  # type: ignore[attr-defined]

    def test_a_document_that_is_another_is_refused_in_a_sentence(
        self, clerk: Clerk, screen: PoliciesScreen, tmp_path: Path
    ) -> None:
        (tmp_path / "d.txt").write_text(DOCUMENT, encoding="utf-8")
        screen.attach(tmp_path / "d.txt")
        clerk.settle_down()
        assert clerk.sheet is not None

    def test_a_documents_own_words_stand_beside_the_gist(
        self, clerk: Clerk, screen: PoliciesScreen, tmp_path: Path
    ) -> None:
        """An invented text with the document's title and articles: what it says appears under the article."""
        policy = screen.policy
        assert policy is not None
        (tmp_path / "d.txt").write_text(made_up_document(policy), encoding="gb18030")
        page = screen.pages.current
        assert "还没有附上" in page.attached.text()  # type: ignore[attr-defined]
        screen.attach(tmp_path / "d.txt")
        clerk.settle_down()
        assert clerk.sheet is not None
        clerk.close_sheet()
        page.field.setText("第九条")  # type: ignore[attr-defined]
        told = page.details.toPlainText()  # type: ignore[attr-defined]
        assert "这是虚构的第九条原文" in told
        assert policy.pack.gist["第九条"] in told


class TestParameters:
    def test_a_new_figure_is_kept_with_its_notice(self, clerk: Clerk, screen: PoliciesScreen) -> None:
        clerk.press("F3")
        page = screen.pages.current
        assert isinstance(page, ParametersPage)
        before = len(page.table.rows_model.rows)
        clerk.press("Down", "Down", "Enter")
        sheet = clerk.sheet
        assert isinstance(sheet, FillSheet)
        clerk.type("６２，０００元")
        clerk.press("Enter")
        clerk.settle_down()
        assert "通知" in sheet.wrong.text()
        sheet.notice.setFocus()
        clerk.type("No.9")
        clerk.press("Enter")
        clerk.settle_down()
        assert clerk.sheet is None
        newest = entered(clerk.counter, "530300")[0]
        assert (newest.name, newest.value, newest.notice) == ("inpatient_cap", "62000", "No.9")
        assert len(page.table.rows_model.rows) == before + 1
        assert [one.counts for one in page.table.rows_model.rows][2:4] == [True, False]

    def test_a_city_without_figures_asks_for_the_dates_of_notices(self, clerk: Clerk, screen: PoliciesScreen) -> None:
        choose(screen, "620800")
        clerk.press("F3")
        rows = screen.pages.current.table.rows_model.rows  # type: ignore[attr-defined]
        assert [row.name for row in rows] == ["internet_care", "near_relatives"]


class TestEditions:
    def test_one_edition_says_so_and_another_city_differs(self, clerk: Clerk, screen: PoliciesScreen) -> None:
        clerk.press("F4")
        page = screen.pages.current
        assert "只有一版" in page.table._empty.text()  # type: ignore[attr-defined]  # noqa: SLF001
        page.new.setCurrentIndex(1)  # type: ignore[attr-defined]
        assert page.table.rows_model.rows  # type: ignore[attr-defined]

    def test_a_new_edition_from_a_file(self, clerk: Clerk, screen: PoliciesScreen, tmp_path: Path) -> None:
        text = next((PACKS / "530300").glob("*.toml")).read_text(encoding="utf-8")
        new = tmp_path / "new.toml"
        new.write_text(text.replace("starts = 2022-10-01", "starts = 2027-01-01"), encoding="utf-8")
        clerk.press("F4")
        page = screen.pages.current
        page.open_file(str(new))  # type: ignore[attr-defined]
        told = " ".join(row[1] for row in page.table.rows_model.rows)  # type: ignore[attr-defined]
        assert "有效期：2022-10-01 起 → 2027-01-01 起" in told


class TestReckoning:
    def test_a_credit(self, clerk: Clerk, screen: PoliciesScreen) -> None:
        clerk.press("F5")
        clerk.type("6000")
        clerk.press("Enter")
        page = screen.pages.current
        assert "120.00 元" in page.details.toPlainText()  # type: ignore[attr-defined]
        page.month.setText("２０２６年11月")  # type: ignore[attr-defined]
        page.base.setText("6,000.00元")  # type: ignore[attr-defined]
        clerk.press("Enter")
        assert "120.00 元" in page.details.toPlainText()  # type: ignore[attr-defined]

    def test_capitation_asks_for_what_is_missing_then_clears(self, clerk: Clerk, screen: PoliciesScreen) -> None:
        clerk.press("F6")
        page = screen.pages.current
        assert "没有规定定额包干" in page.details.toPlainText()  # type: ignore[attr-defined]
        choose(screen, "445300")
        clerk.press("F6")
        page.year.setText("2024")  # type: ignore[attr-defined]
        page.heads[0].setText("3000")  # type: ignore[attr-defined]
        page._repeat()  # type: ignore[attr-defined]  # noqa: SLF001  # the link
        page.used.setText("900,000元")  # type: ignore[attr-defined]
        page.direct.setText("93％")  # type: ignore[attr-defined]
        page.reckon()  # type: ignore[attr-defined]
        assert "开放参数" in page.details.toPlainText()  # type: ignore[attr-defined]
        clerk.press("F3", "Enter")
        sheet = clerk.sheet
        assert isinstance(sheet, FillSheet)
        for field in sheet.fields.values():
            field.setText("80000")
        sheet.notice.setText("培训")
        sheet.notice.setFocus()
        clerk.press("Enter")
        clerk.settle_down()
        clerk.press("F6")
        page.year.setText("2025")  # type: ignore[attr-defined]
        page.reckon()  # type: ignore[attr-defined]
        told = page.details.toPlainText()  # type: ignore[attr-defined]
        # by hand: cap 80000 × 2 % = 1600; a month 3000 × 1600 × 30 % ÷ 12 = 120000; used 900000 of 1440000 is 62.5 %,
        # so 30 % of the 540000 left over is kept, all of it since 93 % were settled directly
        for figure in ("1440000.00", "120000.00", "62.50%", "540000.00", "162000.00", "378000.00"):
            assert figure in told

    def test_trying(self, clerk: Clerk, screen: PoliciesScreen) -> None:
        clerk.press("F7")
        page = screen.pages.current
        rows = page.table.rows_model.rows  # type: ignore[attr-defined]
        assert {one.status for one in rows} == {"employed", "retired"}
        assert rows[0].totals is not None
        clerk.type("x")
        clerk.press("Enter")
        assert "数字" in page.table._empty.text()  # type: ignore[attr-defined]  # noqa: SLF001
        page.amount.setText("100")  # type: ignore[attr-defined]
        page.account.setText("50")  # type: ignore[attr-defined]
        clerk.press("Enter")
        assert len(page.table.rows_model.rows) == 2 * len(rows)  # type: ignore[attr-defined]
