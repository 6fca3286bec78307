"""Every refusal is one sentence, what to do and who can do it; nothing is settled and the visit is not lost."""

from collections.abc import Callable

import pytest

from gongji.desk.clinic.settings import set_clinic
from gongji.desk.settlements.find import of_day
from gongji.gui.counter.notes.notes import ALERT, Note
from gongji.gui.counter.sheets.person_sheet import PersonSheet
from tests.support.clerk import Clerk

SOMEBODY = "110101199003078515"
Sit = Callable[..., Clerk]


def enrolled(clerk: Clerk, area: str | None = None) -> None:
    """Take somebody new, employed, insured in an area."""
    clerk.scan(SOMEBODY)
    sheet = clerk.sheet
    assert isinstance(sheet, PersonSheet)
    clerk.type("王小明")
    sheet.status.setCurrentIndex(sheet.status.findData("employed"))
    if area is not None:
        sheet.area.setCurrentIndex(sheet.area.findData(area))
    clerk.press("Enter")


def of_clinic(clerk: Clerk, **changed: object) -> None:
    """Let the clinic be another than the training data's."""
    institution = {**clerk.counter.clinic.institution, **changed}
    clerk.station.jobs.write(lambda: set_clinic(clerk.counter, institution))
    clerk.settle_down()


def expired(sit: Sit) -> Clerk:
    clerk = sit("445300", day="2026-11-22 10:00:00")
    clerk.choose_patient("lcl")
    clerk.add_item("amxl")
    return clerk


def missing_parameter(sit: Sit) -> Clerk:
    """云浮 第六条: the cap is a share of an average wage that nobody has entered at a clinic of 平凉."""
    clerk = sit("620800", day="2025-12-22 10:00:00")
    enrolled(clerk, "445300")
    clerk.screen.state.tell_person(selected_institution=clerk.counter.clinic.institution["id"])
    clerk.add_item("amxl")
    return clerk


def no_grade(sit: Sit) -> Clerk:
    """平凉 第七条 asks for the grade of a level 3 institution."""
    clerk = sit("620800")
    of_clinic(clerk, level="3", grade=None)
    enrolled(clerk)
    clerk.add_item("amxl")
    return clerk


def unknown_level(sit: Sit) -> Clerk:
    clerk = sit()
    of_clinic(clerk, level="9")
    enrolled(clerk)
    clerk.add_item("amxl")
    return clerk


def benefit_not_defined(sit: Sit) -> Clerk:
    """遵义's document gives no figures for chronic diseases."""
    clerk = sit("520300")
    enrolled(clerk)
    clerk.add_item("amxl")
    clerk.screen.state.set_benefit(0, "chronic")
    return clerk


def nothing_registered(sit: Sit) -> Clerk:
    """曲靖 第十条: chronic benefits are for those registered."""
    clerk = sit()
    enrolled(clerk)
    clerk.add_item("amxl")
    clerk.screen.state.set_benefit(0, "chronic")
    return clerk


def no_disease(sit: Sit) -> Clerk:
    """曲靖 第十一条."""
    clerk = sit()
    enrolled(clerk)
    clerk.add_item("amxl")
    clerk.screen.state.set_benefit(0, "special")
    return clerk


def service_at_a_pharmacy(sit: Sit) -> Clerk:
    clerk = sit()
    of_clinic(clerk, type="pharmacy")
    enrolled(clerk)
    clerk.add_item("ybzl")
    return clerk


CASES: dict[str, tuple[Callable[[Sit], Clerk], tuple[str, ...], str]] = {
    "expired policy": (
        expired,
        ("在 2026-11-22 没有有效的政策", "由管理员在“政策 → 安装新版”装上新的政策包"),
        "就诊情况 Shift+F4",
    ),
    "missing parameter": (missing_parameter, ("平均工资", "由管理员按经办机构的通知在“政策”页填写"), ""),
    "no grade": (no_grade, ("等次", "由管理员在“设置 → 机构”改正"), ""),
    "unknown level": (unknown_level, ("没有“9”这个级别", "由管理员在“设置 → 机构”改正"), ""),
    "benefit not defined": (benefit_not_defined, ("没有规定",), "第 1 行的情况"),
    "nothing registered": (nothing_registered, ("登记",), "病人情况 Shift+F2"),
    "no disease": (no_disease, ("须注明病种",), "就诊情况 Shift+F4"),
    "service at a pharmacy": (service_at_a_pharmacy, ("药店",), "第 1 行的情况"),
}


def alerts(clerk: Clerk) -> list[Note]:
    return [note for note in clerk.screen.panel.notes.shown if note.kind == ALERT]


@pytest.mark.parametrize("name", CASES)
def test_a_refusal_is_an_answer(name: str, sit_down: Sit) -> None:
    begin, words, cure = CASES[name]
    clerk = begin(sit_down)
    clerk.settle_down()
    (note,) = alerts(clerk)
    for word in words:
        assert word in note.text
    assert [word for word, _ in note.acts] == ([cure] if cure else [])
    assert note.text.count("。") == 1 or "由管理员" in note.text
    lines = clerk.names
    clerk.settle()
    assert not list(of_day(clerk.counter.store, None))
    clerk.press("F6")
    clerk.settle_down()
    assert clerk.screen.state.draft.is_empty
    clerk.press("F7", "Enter")
    assert clerk.names == lines
    assert [one.text for one in alerts(clerk)] == [note.text]


def test_an_account_that_is_short_is_no_refusal_the_rest_is_cash(sit_down: Sit) -> None:
    clerk = sit_down()
    enrolled(clerk)
    clerk.add_item("amxl", "50")
    clerk.press("Shift+F5")
    sheet = clerk.sheet
    assert sheet is not None
    sheet.own.setFocus()  # type: ignore[attr-defined]  # a YearFiguresSheet
    clerk.type("20")
    clerk.press("Enter")
    clerk.settle_down()
    quote = clerk.screen.state.quote
    assert quote is not None
    assert quote.totals.account_own_fen == 2000
    assert quote.totals.cash_fen == quote.totals.patient_fen - 2000 > 0
    clerk.settle()
    assert len(list(of_day(clerk.counter.store, None))) == 1


def test_somebody_unknown_is_enrolled_by_number_or_said_not_to_be_there(sit_down: Sit) -> None:
    clerk = sit_down()
    clerk.choose_patient("没有这个人")
    assert "没有找到“没有这个人”；输入完整的身份证号可登记新病人" in clerk.notes
    clerk.choose_patient("110101199003078514")  # its last sign is not right
    assert "没有找到" in clerk.notes
    assert clerk.screen.state.patient is None
