"""Every state of the screens besides 收费, on a book with some months of work in it."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from gongji.files import resource_folder
from gongji.gui.background.upload_status import UploadStatus
from gongji.gui.closing.bills_sheet import BillsSheet
from gongji.gui.closing.screen import ClosingScreen
from gongji.gui.data.import_page import ImportPage
from gongji.gui.data.people_page import PeoplePage
from gongji.gui.data.screen import DataScreen
from gongji.gui.first_start.first_start import FirstStart
from gongji.gui.policies.amend_page import AmendPage
from gongji.gui.policies.impact_page import ImpactPage
from gongji.gui.policies.install_page import InstallPage
from gongji.gui.policies.screen import PoliciesScreen
from gongji.gui.records.refund_sheet import RefundSheet
from gongji.gui.records.screen import RecordsScreen
from gongji.gui.settings.about_page import AboutPage
from gongji.gui.settings.backup_page import CopiesPage
from gongji.gui.settings.printing_page import PrintingPage
from gongji.gui.settings.screen import SettingsScreen
from gongji.gui.statistics.screen import StatisticsScreen
from gongji.gui.upload.reconcile_sheet import ReconcilingSheet
from gongji.gui.upload.screen import UploadScreen
from tests.gui.background.test_upload_service import connect
from tests.gui.upload.test_differences_sheet import ELSEWHERE, settle, visit
from tests.support.clerk import Clerk, page_of
from tests.support.documents import made_up_document
from tests.support.driving import PARAMETERS
from tests.support.editions import LOWER, following
from tests.support.serving import running
from tests.support.working import settle_samples

Take = Callable[[str], None]
ANSWERS = """institution = "H53030200001"
name = "曲水乡卫生院"
type = "township_clinic"
level = "1"
"""
_SOME = 40
_MANY_S = 300
"""How long some hundred records may take to be sent where the machine is busy."""
_WRONG = (
    "身份证号,姓名,参保地,人员状态,状态起始\n"
    "530399195001010013,张三,530300,退休,2020-01-01\n53039919500101,王五,5303,在职,昨天\n"
)


def nothing_yet(clerk: Clerk, take: Take) -> None:
    """The screens of a counter nobody has worked at: words for every empty list."""
    for number, name in ((2, "records"), (3, "upload"), (4, "closing"), (5, "statistics")):
        clerk.press(str(number), with_ctrl=True)
        take(f"empty-{name}")


def every_state(clerk: Clerk, take: Take, folder: Path) -> Iterator[None]:
    """Go through the states of each screen; `folder` is for files to import and to attach."""
    for states in (_records, _upload, _closing, _statistics):
        states(clerk, take)
        yield
    _policies(clerk, take, folder)
    yield
    for states in (_settings, _guide):
        states(clerk, take)
        yield
    _data(clerk, take, folder)
    yield
    _sending(clerk, take, folder)
    yield


def _show(clerk: Clerk, number: int) -> object:
    clerk.press(str(number), with_ctrl=True)
    clerk.settle_down()
    return clerk.window.screen_shown


def _records(clerk: Clerk, take: Take) -> None:
    screen = _show(clerk, 2)
    assert isinstance(screen, RecordsScreen)
    take("records")
    clerk.press("F10")
    take("records-refund")
    sheet = clerk.sheet
    assert isinstance(sheet, RefundSheet)
    sheet.part.click()
    sheet.table.lines.setData(sheet.table.lines.index(0, 4), "0")
    take("records-refund-part")
    clerk.close_sheet()
    clerk.press("F8")
    take("records-why")
    clerk.close_sheet()
    clerk.press("F4")
    take("records-paper")
    clerk.close_sheet()
    clerk.press("F9")
    take("records-reprint")
    clerk.close_sheet()
    clerk.press("F7")
    take("records-check")
    clerk.close_sheet()
    clerk.type("99999")
    clerk.press("Enter")
    take("records-none")
    clerk.press("Esc")


def _upload(clerk: Clerk, take: Take) -> None:
    _show(clerk, 3)
    take("upload")
    clerk.press("F3")
    take("upload-attention-none")
    clerk.press("F6", "F8")
    take("upload-one")
    clerk.close_sheet()
    clerk.press("F7")
    take("upload-stick")
    clerk.close_sheet()
    clerk.press("F10")
    take("upload-differences-none")
    clerk.close_sheet()
    clerk.press("F11")
    take("upload-reconciling-no-gateway")
    clerk.close_sheet()


def _sending(clerk: Clerk, take: Take, folder: Path) -> None:
    """The queue with a platform: offline, sending, paused, sent, a difference, a reconciliation."""
    screen = _show(clerk, 3)
    assert isinstance(screen, UploadScreen)
    sending = clerk.station.sending
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    connect(clerk, f"http://127.0.0.1:{port}")
    clerk.until(lambda: sending.standing is UploadStatus.OFFLINE)
    take("upload-offline")
    with running(folder, clerk.counter.library, port=port, clock=lambda: clerk.station.moment) as there:
        clerk.press("F9")
        clerk.until(lambda: sending.pace.done > _SOME, _MANY_S)
        screen.strip.show_pace(sending.pace, 20)
        clerk.press("F12")
        clerk.until(lambda: clerk.station.jobs.is_idle, _MANY_S)
        sending.standing = UploadStatus.SENDING  # as it was a moment ago, for the picture
        screen.refresh()
        screen.strip.show_pace(sending.pace, 20)
        take("upload-sending")
        sending.standing = UploadStatus.PAUSED
        screen.refresh()
        take("upload-paused")
        clerk.press("F12")
        clerk.until(lambda: screen.totals.cards["待上传"].records.text() == "0", _MANY_S)
        clerk.until(lambda: sending.standing is UploadStatus.IDLE, _MANY_S)
        told = visit(clerk, "E1", "9200.00", parameters=PARAMETERS, institution=ELSEWHERE)
        settle(clerk, visit(clerk, "V0", "100.00"))
        clerk.until(lambda: screen.totals.cards["待上传"].records.text() == "0", _MANY_S)
        there.control("elsewhere", told)
        settle(clerk, visit(clerk, "V1", "2000.00"))
        clerk.until(lambda: screen.totals.cards["需处理"].records.text() == "1")
        clerk.until(lambda: sending.standing is UploadStatus.IDLE, _MANY_S)
        clerk.press("F3")
        take("upload-attention")
        clerk.press("F10")
        take("upload-differences")
        clerk.close_sheet()
        clerk.press("F11")
        sheet = clerk.sheet
        assert isinstance(sheet, ReconcilingSheet)
        sheet.month.setChecked(True)
        sheet.go.click()
        clerk.until(lambda: sheet.comparing is None)
        take("upload-reconciled")
        clerk.close_sheet()


def _closing(clerk: Clerk, take: Take) -> None:
    screen = _show(clerk, 4)
    assert isinstance(screen, ClosingScreen)
    take("closing")
    for field, pieces in zip(screen.drawer.pieces.values(), "7124512", strict=False):
        field.setText(pieces)
    screen.drawer.float.setText("100.00")
    take("closing-counted")
    clerk.press("F9")
    take("closing-ask")
    clerk.press("Enter")
    clerk.settle_down()
    take("closing-printed")
    clerk.close_sheet()
    take("closing-zero")
    clerk.press("F7")
    take("closing-history")
    clerk.close_sheet()
    clerk.press("F8")
    sheet = clerk.sheet
    assert isinstance(sheet, BillsSheet)
    for field, number in ((sheet.first, "0012001"), (sheet.last, "0012100")):
        field.setText(number)
    sheet.change()
    clerk.settle_down()
    take("closing-bills")
    clerk.close_sheet()


def _statistics(clerk: Clerk, take: Take) -> None:
    screen = _show(clerk, 5)
    assert isinstance(screen, StatisticsScreen)
    take("statistics-month")
    clerk.press("F3")
    take("statistics-statement")
    clerk.press("F4")
    take("statistics-indicators")
    clerk.press("F2", "F8")
    take("statistics-year")
    clerk.press("F8")
    clerk.settle_down()


def _policies(clerk: Clerk, take: Take, folder: Path) -> None:
    screen = _show(clerk, 6)
    assert isinstance(screen, PoliciesScreen)
    take("policies-articles")
    assert screen.policy is not None
    document = folder / "原文.txt"
    document.write_text(made_up_document(screen.policy), encoding="utf-8")
    screen.attach(document)
    clerk.settle_down()
    clerk.close_sheet()
    screen.pages.current.table.selectRow(6)  # type: ignore[attr-defined]
    take("policies-article-own-words")
    clerk.press("F3")
    take("policies-parameters")
    clerk.press("Enter")
    take("policies-parameters-fill")
    clerk.close_sheet()
    clerk.press("F4")
    take("policies-one-edition")
    screen.pages.current.new.setCurrentIndex(2)  # type: ignore[attr-defined]
    take("policies-compared")
    clerk.press("F5")
    clerk.type("6000")
    clerk.press("Enter")
    take("policies-credit")
    clerk.press("F7")
    take("policies-trying")
    screen.edition.setCurrentIndex(0)
    clerk.press("F6")
    take("policies-capitation")


def new_editions(clerk: Clerk, take: Take, folder: Path) -> None:
    """A notice made into an edition, one from a stick, and what it would have changed."""
    settle_samples(clerk, 6, "620800")
    screen = _show(clerk, 6)
    assert isinstance(screen, PoliciesScreen)
    clerk.press("F9")
    amending = screen.pages.current
    assert isinstance(amending, AmendPage)
    amending.notice.title.setText("平凉市医疗保障局关于调整门诊起付标准的通知")
    amending.notice.number.setText("平医保发〔2026〕12号")
    take("policies-amend")
    file = folder / "620800-2026-11-01.toml"
    file.write_text(following("2026-11-01", LOWER), encoding="utf-8")
    clerk.press("F10")
    installing = screen.pages.current
    assert isinstance(installing, InstallPage)
    installing.open_paths([file])
    clerk.settle_down()
    take("policies-install")
    installing.ask_to_install()
    clerk.press("Enter")
    clerk.settle_down()
    editions = [screen.edition.itemText(place) for place in range(screen.edition.count())]
    screen.edition.setCurrentIndex(next(place for place, text in enumerate(editions) if "2026-11-01" in text))
    clerk.press("F8")
    impact = screen.pages.current
    assert isinstance(impact, ImpactPage)
    impact.reckon()
    clerk.settle_down()
    take("policies-impact")


def _data(clerk: Clerk, take: Take, folder: Path) -> None:
    screen = _show(clerk, 7)
    assert isinstance(screen, DataScreen)
    take("data")
    wrong = folder / "人员.csv"
    wrong.write_text(_WRONG, encoding="utf-8")
    page_of(screen, ImportPage).look_at(wrong)
    take("data-refused")
    page_of(screen, ImportPage).look_at(resource_folder() / "training" / "530300" / "people.csv")
    take("data-preview")
    page_of(screen, ImportPage).load()
    take("data-imported")
    page_of(screen, ImportPage).task.begin("正在导入 三目录.xlsx")(53_000, 200_000)
    take("data-progress")
    page_of(screen, ImportPage).task.end()
    clerk.press("F3")
    clerk.type("z")
    take("data-people")
    clerk.press("F4")
    take("data-items-empty")
    clerk.type("amxl")
    take("data-items")
    clerk.press("F7")
    take("data-by-hand")
    clerk.close_sheet()
    clerk.press("F3")
    clerk.type("z")
    clerk.settle_down()
    page_of(screen, PeoplePage).forget()
    clerk.settle_down()
    take("data-forget")
    clerk.close_sheet()


def _settings(clerk: Clerk, take: Take) -> None:
    screen = _show(clerk, 8)
    assert isinstance(screen, SettingsScreen)
    for place in range(len(screen.pages.keys())):
        clerk.press(f"F{place + 2}")
        take(f"settings-{place + 1}")
    clerk.press("F6")
    page_of(screen, CopiesPage).here.click()
    clerk.settle_down()
    page_of(screen, CopiesPage).restore.click()
    take("settings-restore")
    clerk.close_sheet()
    clerk.press("F4")
    page_of(screen, PrintingPage).preview()
    clerk.settle_down()
    take("settings-test-page")
    clerk.close_sheet()
    page_of(screen, AboutPage).update_program.click()
    take("settings-update")
    clerk.close_sheet()
    page_of(screen, AboutPage).help_me.click()
    clerk.settle_down()
    take("settings-support")
    clerk.close_sheet()


def _guide(clerk: Clerk, take: Take) -> None:
    nowhere = Path("/nowhere")
    moment = clerk.station.moment
    guide = FirstStart(clerk.window, clerk.counter.library, lambda: moment, lambda _: None, (nowhere, nowhere))
    take("guide-1")
    guide.own.setChecked(True)
    guide.go_on()
    take("guide-2")
    guide.clinic.name.setText("曲水乡卫生院")
    guide.clinic.code.setText("H53030200001")
    guide.clinic.area.setCurrentIndex(guide.clinic.area.findData("530300"))
    guide.clinic.level.setCurrentIndex(1)
    guide.clinic.type.setCurrentIndex(guide.clinic.type.findData("township_clinic"))
    guide.go_on()
    guide.operator.setText("李红")
    guide.password.setText("口令口令 1")
    guide.again.setText("口令")
    guide.go_on()
    take("guide-3-wrong")
    guide.again.setText("口令口令 1")
    guide.go_on()
    take("guide-4")
    clerk.close_sheet()
    with TemporaryDirectory() as folder:
        file = Path(folder, "gongji-answers.toml")
        file.write_text(ANSWERS, encoding="utf-8")
        guide = FirstStart(clerk.window, clerk.counter.library, lambda: moment, lambda _: None, (nowhere, nowhere))
        guide.look_for_answers(file)
        take("guide-file")
        clerk.close_sheet()
