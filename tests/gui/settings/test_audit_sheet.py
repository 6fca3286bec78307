"""审计 at the window: a copy and a reviewer's own key, what fits and what does not, saved as a text."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from gongji.desk.clinic.backup.anchors import make_anchor
from gongji.desk.clinic.operators import admit_reader
from gongji.desk.session import Session
from gongji.gui.settings.audit_sheet import AuditSheet
from gongji.payer.stick.package import new_identity, recipient_of
from tests.desk.settlements.test_settle import settle
from tests.support.clinic import PASSWORD, visit
from tests.support.waiting import until


def until_looked(sheet: AuditSheet) -> None:
    until(sheet.go.isEnabled, QApplication.processEvents)


@pytest.fixture
def looked_at(session: Session, tmp_path: Path) -> tuple[Path, Path, str]:
    """A folder of a clinic, the reviewer's anchors and the reviewer's key."""
    identity = new_identity()
    admit_reader(session, PASSWORD, "审计王芳", recipient_of(identity))
    settle(session, visit("V1"))
    kept = tmp_path / "anchors.txt"
    kept.write_text(make_anchor(session, "日结"), encoding="ascii")
    session.close()
    return session.folder.path, kept, identity


def test_everything_is_shown_and_can_be_saved(
    qapp: QApplication, looked_at: tuple[Path, Path, str], tmp_path: Path
) -> None:
    assert qapp is not None
    copy, kept, identity = looked_at
    sheet = AuditSheet(None, copy)
    sheet.anchors.setText(str(kept))
    sheet.key.setText(identity)
    sheet.dice.setText("甲")
    sheet.look()
    until_looked(sheet)
    shown = sheet.shown.toPlainText()
    assert "没有发现不符" in sheet.note.text()
    for words in (
        "相符",
        "缺的号",
        "平台的清单与账",
        "请抽出这些单据",
        "01-20250610-000001",
        "从来没有录入的收费",
        "李红 钥匙",
    ):
        assert words in shown, words
    sheet.save_to(tmp_path / "found.txt")
    until((tmp_path / "found.txt").exists, QApplication.processEvents)
    assert "相符" in (tmp_path / "found.txt").read_text(encoding="utf-8")
    sheet.reject()


def test_a_reviewer_makes_a_key_and_the_clinic_admits_it(qapp: QApplication, session: Session, tmp_path: Path) -> None:
    assert qapp is not None
    sheet, file = AuditSheet(None), tmp_path / "mine.txt"

    def made(words: str) -> None:
        sheet.make_key(file)
        until(lambda: words in sheet.note.text(), QApplication.processEvents)

    made("自己保管")
    kept = file.read_text(encoding="ascii")
    public, identity = kept.splitlines()
    line = recipient_of(identity)
    assert public == f"# public key: {line}"
    assert line in sheet.shown.toPlainText()
    assert identity not in sheet.shown.toPlainText() + sheet.note.text()
    made("已有文件")
    assert file.read_text(encoding="ascii") == kept
    admit_reader(session, PASSWORD, "审计王芳", line)
    session.close()
    sheet.copy.setText(str(session.folder.path))
    sheet.key.setText(identity)
    sheet.look()
    until_looked(sheet)
    assert "缺的号" in sheet.shown.toPlainText()
    sheet.reject()


def test_a_folder_that_is_no_book_is_told_without_a_command(qapp: QApplication, tmp_path: Path) -> None:
    assert qapp is not None
    (tmp_path / "照片").mkdir()
    sheet = AuditSheet(None, tmp_path / "照片")
    sheet.look()
    until_looked(sheet)
    assert "里没有数据" in sheet.note.text()
    assert "请选诊所的数据文件夹" in sheet.note.text()
    assert "gongji" not in sheet.note.text()
    sheet.reject()


def test_another_key_opens_nothing(qapp: QApplication, looked_at: tuple[Path, Path, str]) -> None:
    assert qapp is not None
    copy, kept, _ = looked_at
    sheet = AuditSheet(None, copy)
    sheet.look()
    until_looked(sheet)
    assert "请填审计人员自己的钥匙" in sheet.note.text()
    sheet.anchors.setText(str(kept))
    sheet.key.setText(new_identity())
    sheet.look()
    until_looked(sheet)
    assert "打不开" in sheet.note.text()
    sheet.reject()
