"""政策 → 安装新版, and what the window says of a policy that ends: real files, and a yes before anything counts."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from gongji.desk.clinic.operators import add_operator
from gongji.desk.policies.accepted_makers import AcceptedMaker, accept_maker, accepted_makers
from gongji.desk.policies.signed_packs import sign, sign_as_publisher
from gongji.desk.roles import Role
from gongji.gui.policies.install_page import InstallPage
from gongji.gui.policies.install_sheet import InstallSheet, MakersSheet
from gongji.gui.policies.screen import PoliciesScreen
from gongji.store.book_file.keys import new_key
from gongji.store.signing import Signer, key_fingerprint
from gongji.store.upload import downloads
from tests.desk.policies.test_judge_pack import text
from tests.support.clerk import Clerk
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.editions import LOWER, PINGLIANG, following

OTHER, OTHER_PASSWORD = "王芳", "王芳的口令 1"
PUBLISHER_KEY, COUNTY_KEY = Signer(new_key()), Signer(new_key())


def at_install(clerk: Clerk) -> InstallPage:
    clerk.press("6", with_ctrl=True)
    screen = clerk.window.screen_shown
    assert isinstance(screen, PoliciesScreen)
    clerk.press("F10")
    page = screen.pages.current
    assert isinstance(page, InstallPage)
    return page


@pytest.fixture
def clerk(sit_down: Callable[..., Clerk]) -> Clerk:
    return sit_down(PINGLIANG, day="2026-11-22 10:00:00")


def opened(clerk: Clerk, page: InstallPage, *paths: Path) -> None:
    page.open_paths(list(paths))
    clerk.settle_down()


class TestFromAFile:
    def test_an_edition_that_begins_tomorrow_is_there_today(self, clerk: Clerk, tmp_path: Path) -> None:
        path = tmp_path / "new.toml"
        path.write_text(following("2026-11-23", LOWER), encoding="utf-8")
        page = at_install(clerk)
        opened(clerk, page, path)
        said = page.details.toPlainText()
        assert "普通门诊起付标准（每年）：所有人：200.00 元 → 100.00 元" in said
        assert "前一版原定到 2027-12-31 为止，自 2026-11-23 起由新版代替" in said
        assert "1 个例子都算对" in said
        assert "没有签名" in said
        page.ask_to_install()
        assert clerk.sheet is not None
        clerk.close_sheet()
        clerk.settle_down()
        assert len(clerk.counter.library.editions(PINGLIANG)) == 1, "nothing without a yes"
        page.ask_to_install()
        clerk.press("Enter")
        clerk.settle_down()
        old, new = clerk.counter.library.editions(PINGLIANG)
        today, tomorrow = datetime.date(2026, 11, 22), datetime.date(2026, 11, 23)
        assert (old.in_force(today), new.in_force(today)) == (True, False)
        assert (old.in_force(tomorrow), new.in_force(tomorrow)) == (False, True)
        assert page.table.current.is_there
        assert not page.install_button.isEnabled()

    def test_a_pack_whose_case_comes_out_otherwise_is_refused(self, clerk: Clerk, tmp_path: Path) -> None:
        path = tmp_path / "wrong.toml"
        path.write_text(following("2026-11-23"), encoding="utf-8")
        page = at_install(clerk)
        opened(clerk, page, path)
        assert "fund 应为 130.00，算得 65.00" in page.details.toPlainText()
        assert not page.install_button.isEnabled()

    def test_every_problem_of_a_file_is_told(self, clerk: Clerk, tmp_path: Path) -> None:
        path = tmp_path / "broken.toml"
        path.write_text("format = 1\nareas = 3\n", encoding="utf-8")
        page = at_install(clerk)
        opened(clerk, page, path)
        assert "area" in page.details.toPlainText()
        assert page.table.current.pack is None


class TestFromAStick:
    def test_a_folder_of_packs_and_their_maker(self, clerk: Clerk, tmp_path: Path) -> None:
        stick = tmp_path / "stick" / "政策"
        stick.mkdir(parents=True)
        signed = sign(clerk.counter, following("2026-11-23", LOWER).encode())
        (stick / "signed.toml").write_bytes(signed)
        (stick / "tampered.toml").write_bytes(signed.replace(b'yuan = "100"', b'yuan = "900"'))
        page = at_install(clerk)
        opened(clerk, page, stick.parent)
        found = {one.place: one for one in page.table.rows_model.rows}
        assert found["signed.toml"].maker is not None
        assert found["signed.toml"].maker.is_own
        assert "本机制作" in page.details.toPlainText()
        assert found["tampered.toml"].pack is None
        assert "改动过" in found["tampered.toml"].wrong[0]


class TestFromThePlatform:
    def test_without_a_gateway_it_says_what_to_do(self, clerk: Clerk) -> None:
        page = at_install(clerk)
        page.platform_button.click()
        clerk.settle_down()
        clerk.until(lambda: clerk.sheet is not None)
        assert page.open_button.isEnabled()


class TestAnEndThatIsNear:
    def test_the_start_screen_and_the_close_say_so(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = sit_down("445300", day="2025-12-22 10:00:00")
        assert "还有 9 天" in clerk.notes
        (act,) = [note.acts for note in clerk.screen.panel.notes.shown if "还有 9 天" in note.text]
        act[0][1]()
        assert isinstance(clerk.window.screen_shown, PoliciesScreen)
        clerk.press("4", with_ctrl=True)
        closing = clerk.window.screen_shown
        assert "还有 9 天" in closing.reminders.text()  # type: ignore[attr-defined]
        clerk.press("F9")
        sheet = clerk.sheet
        assert sheet is not None
        assert any("还有 9 天" in one.text() for one in sheet.findChildren(type(closing.reminders)))  # type: ignore[attr-defined]

    def test_nothing_is_said_a_hundred_days_before(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = sit_down(PINGLIANG, day="2027-09-01 10:00:00")
        assert "天" not in clerk.notes.replace("今天", "")


class TestAfterALapse:
    def test_full_payment_and_self_pay_go_on(self, sit_down: Callable[..., Clerk]) -> None:
        clerk = sit_down("445300", day="2025-12-22 10:00:00")
        clerk.leave()
        late = sit_down("445300", day="2026-03-02 10:00:00")
        assert "今天没有有效的政策" in late.notes
        assert "政策 → 安装新版" in late.notes
        number = late.screen.advice.of_patient._samples  # noqa: SLF001  # whom the window itself proposes to try
        assert number
        late.screen.arriving.open_patient(number[0][0])
        late.settle_down()
        late.add_item("amxl")
        late.settle_down()
        assert "全额垫付 F11" in [word for note in late.screen.panel.notes.shown for word, _ in note.acts]
        late.press("F11")
        late.settle_down()
        assert late.screen.state.quote is not None
        assert late.screen.state.quote.totals.fund_total_fen == 0
        late.press("F9")
        late.settle_down()
        last = late.screen.advice.last
        assert last is not None, (late.notes, late.sheet and late.sheet.windowTitle())
        assert last.totals.cash_fen == last.totals.total_fen > 0


@pytest.fixture
def released(own: Clerk) -> Clerk:
    """A clinic's own counter in a released program, with a second manager."""
    add_operator(own.counter, PASSWORD, OTHER, OTHER_PASSWORD, Role.MANAGER)
    own.counter.store.hand_over()
    own.counter.publisher_keys = lambda: [PUBLISHER_KEY.public]
    return own


def asked(clerk: Clerk, page: InstallPage) -> InstallSheet:
    page.ask_to_install()
    sheet = clerk.sheet
    assert isinstance(sheet, InstallSheet)
    return sheet


def agreed_by_another(clerk: Clerk, page: InstallPage) -> None:
    """The second person types name and password; then the pack is installed."""
    clerk.type(OTHER)
    clerk.press("Enter")
    clerk.type(OTHER_PASSWORD)
    clerk.press("Enter", "Enter")
    clerk.settle_down()
    assert not clerk.sheets
    assert page.table.current.is_there


class TestWhoSigned:
    """政策 → 安装新版 in a released program: the publisher's at once, a maker's once the fingerprint was compared."""

    def test_the_publisher(self, released: Clerk, tmp_path: Path) -> None:
        path = tmp_path / "new.toml"
        path.write_bytes(sign_as_publisher(PUBLISHER_KEY, "new.toml", text(1)))
        page = at_install(released)
        opened(released, page, path)
        assert "发布方签名" in page.details.toPlainText()
        assert asked(released, page).compared is None
        agreed_by_another(released, page)

    def test_a_maker_whose_fingerprint_has_to_be_compared_first(self, released: Clerk, tmp_path: Path) -> None:
        path = tmp_path / "new.toml"
        path.write_bytes(sign_as_publisher(COUNTY_KEY, "new.toml", text(1), "县医保局"))
        page = at_install(released)
        opened(released, page, path)
        assert "还没有认可" in page.details.toPlainText()
        sheet = asked(released, page)
        said = [one.text() for one in sheet.findChildren(QLabel)]
        assert any(key_fingerprint(COUNTY_KEY.public) in one and "县医保局" in one for one in said)
        released.press("Enter")
        released.settle_down()
        assert sheet.isVisible(), "not before it was compared"
        assert downloads.packs_current(released.counter.store.reader) == []
        released.press("Space")
        released.press("Enter")
        released.until(lambda: "要两个人" in sheet.wrong.text())
        assert sheet.wrong.height() >= sheet.wrong.heightForWidth(sheet.wrong.width()), "read to its end"
        sheet.second.setFocus()
        agreed_by_another(released, page)
        (maker,) = accepted_makers(released.counter.store.reader)
        assert (maker.who, maker.second) == ("县医保局", OTHER)

    def test_an_unsigned_one_cannot_be_installed(self, released: Clerk, tmp_path: Path) -> None:
        path = tmp_path / "new.toml"
        path.write_bytes(text(1))
        page = at_install(released)
        opened(released, page, path)
        assert "没有签名" in page.details.toPlainText()
        assert not page.install_button.isEnabled()

    def test_a_maker_is_listed_and_taken_back_by_two(self, released: Clerk) -> None:
        one = AcceptedMaker(
            who="县医保局", public=COUNTY_KEY.public.hex(), at="2025-06-10 09:00:00", operator=OPERATOR, second=OTHER
        )
        with released.counter.store.write() as connection:
            accept_maker(connection, one)
        released.counter.store.hand_over()
        page = at_install(released)
        page.makers_button.click()
        sheet = released.sheet
        assert isinstance(sheet, MakersSheet)
        assert sheet.table.current == one
        sheet.second.setFocus()
        released.type(OTHER)
        released.press("Enter")
        released.type(OTHER_PASSWORD)
        released.press("Enter", "Enter")
        released.settle_down()
        assert accepted_makers(released.counter.store.reader) == ()
        assert not sheet.remove_button.isEnabled()
        released.press("Esc")
