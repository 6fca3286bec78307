"""备份 and keys on paper at the window: a drill, a second device, what is to be explained, a reviewer's key."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from gongji.core.dates import stamp
from gongji.desk.clinic.backup.backup import second_device
from gongji.desk.clinic.explain import to_explain
from gongji.desk.clinic.operators import make_recovery_key
from gongji.gui.printing.preview import PreviewSheet
from gongji.gui.settings.audit_sheet import AuditSheet
from gongji.gui.settings.backup_page import CopiesPage
from gongji.gui.settings.operators_page import OperatorsPage
from gongji.gui.settings.screen import SettingsScreen
from gongji.gui.settings.settings_page import SecretSheet
from gongji.payer.stick.package import new_identity, recipient_of
from gongji.printing.read_pdf import text_of
from gongji.store import audit, concerns
from gongji.store.concerns import Concern
from tests.gui.settings.test_audit_sheet import until_looked
from tests.support.clerk import Clerk, page_of, pages_of
from tests.support.clinic import PASSWORD


@pytest.fixture
def screen(own: Clerk) -> SettingsScreen:
    own.press("8", with_ctrl=True)
    found = own.window.screen_shown
    assert isinstance(found, SettingsScreen)
    return found


@pytest.fixture
def page(own: Clerk, screen: SettingsScreen) -> CopiesPage:
    own.press("F6")
    return page_of(screen, CopiesPage)


def fill(own: Clerk, *said: str) -> None:
    sheet = own.sheet
    assert isinstance(sheet, SecretSheet)
    for field, words in zip(sheet.fields, said, strict=True):
        field.setText(words)
    sheet.fields[-1].setFocus()
    own.press("Enter")
    own.settle_down()


class TestTheDrill:
    def test_one_button_proves_a_copy_and_the_log_has_it(self, own: Clerk, page: CopiesPage) -> None:
        assert not page.drill.isEnabled()
        page.here.click()
        own.settle_down()
        page.drill.click()
        own.settle_down()
        assert "演练成功" in page.said.text()
        assert len(list(audit.of_acts(own.counter.store.reader, ["drill"]))) == 1
        assert not list(own.counter.folder.path.glob("drill-*"))

    def test_a_spoilt_copy_is_told(self, own: Clerk, page: CopiesPage) -> None:
        page.here.click()
        own.settle_down()
        (copy,) = own.counter.folder.copies.glob("*.db")
        copy.write_bytes(copy.read_bytes()[:-4096])
        page.drill.click()
        own.settle_down()
        assert "演练成功" not in page.said.text()
        assert page.said.text()
        assert own.counter.is_open


def test_a_copy_on_a_stick_brings_the_line_that_an_audit_takes(own: Clerk, page: CopiesPage, tmp_path: Path) -> None:
    secrets: list[str] = []
    own.station.jobs.write(lambda: secrets.append(make_recovery_key(own.counter, PASSWORD)))
    own.settle_down()
    (tmp_path / "stick").mkdir()
    page.copy_to(tmp_path / "stick")
    own.settle_down()
    assert "已备份到" in page.said.text()
    (place,) = (tmp_path / "stick").iterdir()
    sheet = AuditSheet(own.window, place)
    sheet.anchors.setText(str(place / "anchor.txt"))
    sheet.key.setText(secrets[0])
    sheet.look()
    until_looked(sheet)
    assert "没有发现不符" in sheet.note.text()
    assert "相符" in sheet.shown.toPlainText()
    sheet.reject()


class TestTheSecondDevice:
    def test_it_is_kept_and_taken_back(self, own: Clerk, page: CopiesPage, tmp_path: Path) -> None:
        (tmp_path / "stick").mkdir()
        page.keep_second(str(tmp_path / "stick"))
        own.settle_down()
        assert "恢复钥匙" in page.said.text()
        own.press("F3")
        recovery_key(own)
        own.press("F6")
        page.keep_second(str(tmp_path / "stick"))
        own.settle_down()
        assert second_device(own.counter) == str(tmp_path / "stick")
        assert "stick" in page.device.text()
        page.no_second.click()
        own.settle_down()
        assert second_device(own.counter) == ""


def test_what_is_to_be_explained_stands_there_until_somebody_has(own: Clerk, page: CopiesPage) -> None:
    at = stamp(own.station.moment)

    def work() -> None:
        with own.counter.store.write() as connection:
            concerns.put(connection, [Concern(kind="witness", subject="见证文件", text="缺了一行")], at)

    own.station.jobs.write(work)
    own.settle_down()
    page.refresh()
    page.concerns.selectRow(0)
    page.explain.click()
    fill(own, ".")
    assert to_explain(own.counter)
    fill(own, "换了硬盘，已核对")
    assert to_explain(own.counter) == []
    assert not page.explain.isEnabled()


def recovery_key(own: Clerk) -> PreviewSheet | None:
    """Make a recovery key and ask for its sheet."""
    screen = own.window.screen_shown
    assert isinstance(screen, SettingsScreen)
    next(one for one in page_of(screen, OperatorsPage).buttons if "恢复钥匙" in one.text()).click()
    fill(own, PASSWORD)
    own.press("Enter")
    own.settle_down()
    shown = own.sheet
    if isinstance(shown, PreviewSheet):
        own.settle_down()
    own.close_sheet()
    return shown if isinstance(shown, PreviewSheet) else None


def test_the_recovery_sheet_is_shown_and_lies_on_no_disk(own: Clerk, screen: SettingsScreen) -> None:
    own.press("F3")
    next(one for one in page_of(screen, OperatorsPage).buttons if "恢复钥匙" in one.text()).click()
    fill(own, PASSWORD)
    own.press("Enter")
    own.until(lambda: isinstance(own.sheet, PreviewSheet) and bool(pages_of(own.sheet)))
    (paper,) = own.counter.loose_papers.values()
    words = "".join(text_of(paper)).replace(" ", "")
    assert "AGE-SECRET-KEY-1" in words
    assert "封" in words
    own.close_sheet()
    QApplication.processEvents()
    assert own.counter.loose_papers == {}
    for one in own.counter.folder.path.rglob("*"):
        assert not one.is_file() or b"AGE-SECRET-KEY" not in one.read_bytes(), one
    assert not list(own.counter.folder.path.rglob("*.pdf"))


def test_a_reviewers_key_is_admitted_by_its_public_line_alone(own: Clerk, screen: SettingsScreen) -> None:
    own.press("F3")
    next(one for one in page_of(screen, OperatorsPage).buttons if "审计的钥匙" in one.text()).click()
    identity = new_identity()
    fill(own, PASSWORD, "审计王芳", identity)
    sheet = own.sheet
    assert isinstance(sheet, SecretSheet)
    assert "私钥" in sheet.wrong.text()
    assert list(own.counter.folder.readers) == []
    fill(own, PASSWORD, "审计王芳", f" {recipient_of(identity)} ")
    assert own.sheet is None
    assert [(one.name, one.recipient) for one in own.counter.folder.readers] == [("审计王芳", recipient_of(identity))]
    assert own.counter.folder.paper_keys(identity, reads_only=True) == [own.counter.store.key]
