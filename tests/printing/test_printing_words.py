"""What a receipt says: its order, what it is and is not, names that are hard to print."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gongji.core.labels import FEE_CATEGORIES
from gongji.core.papers.printable import printable
from gongji.core.papers.receipt_split import fee_category, fees_of
from gongji.desk.papers.receipts import receipt_for
from gongji.pack_files.library import Library
from gongji.printing.layout.fonts import UnprintableError, width_mm, wrapped
from gongji.printing.paper_sizes import PAPERS
from gongji.printing.read_pdf import images_of, text_of
from gongji.printing.receipt.render import render
from gongji.printing.receipt.text import other_info
from gongji.store.people.people import save_person
from gongji.store.upload.payer_answers import KnownPerson, put_person
from tests.printing.conftest import Office
from tests.support.making import PERSON, counter_in, settled, visit
from tests.support.printed import print_receipt, print_reckoning

RARE = "欧阳𬱖㛃䶮𫖯喆堃頔翀犇"


def whole(pdf: bytes) -> str:
    """The text of a PDF without breaks."""
    return "".join("".join(text_of(pdf)).split())


@pytest.mark.parametrize("paper", PAPERS)
def test_it_says_what_it_is_and_who_decides(office: Office, paper: str) -> None:
    text = whole(render(receipt_for(office.counter, office.settled["zero"]), paper))
    assert "不是财政票据" in text
    assert "以医保经办机构审核为准" in text
    assert "培训练习" in text
    assert "收款人：培训员" in text


def test_the_red_receipt_names_what_it_reverses_and_why(office: Office) -> None:
    text = whole(render(receipt_for(office.counter, office.settled["void"])))
    original = office.settled["two benefits"]
    assert f"冲销原结算：{original.no}原单据号：{original.receipt_no}原因：药品退回" in text
    assert "（红字）" in text
    assert "（大写）负壹佰捌拾陆元捌角整" in text


def test_no_identity_number_is_shown_whole(office: Office) -> None:
    for stored in office.settled.values():
        assert stored.person_id not in whole(render(receipt_for(office.counter, stored)))


def test_rare_characters_are_printed_and_read_back(office: Office) -> None:
    receipt = receipt_for(office.counter, office.settled["zero"])
    for paper in PAPERS:
        pdf = render(replace(receipt, patient_name=RARE), paper)
        assert f"姓名：{RARE}" in whole(pdf)
        boxes = render(replace(receipt, patient_name="欧阳" + "口" * (len(RARE) - 2)), paper)
        assert images_of(pdf, 100) != images_of(boxes, 100)


@pytest.mark.parametrize("character", ["\U000300aa", "\U0002cef0", "\ue000", "\ud840", "\U0001f600"])
def test_what_has_no_glyph_is_refused_before_printing(office: Office, character: str) -> None:
    receipt = receipt_for(office.counter, office.settled["zero"])
    with pytest.raises(UnprintableError, match=f"U\\+{ord(character):04X}"):
        render(replace(receipt, patient_name=f"欧阳{character}"))


def test_a_name_that_cannot_be_printed_is_printed_once_it_is_mended(library: Library, tmp_path: Path) -> None:
    counter = counter_in(tmp_path / "data", library)
    stored = settled(counter, visit("V1", person={"name": "王\U0002cef0"}))
    with pytest.raises(UnprintableError, match="U\\+2CEF0"):
        print_receipt(counter, stored)
    with pytest.raises(UnprintableError):
        print_reckoning(counter, stored)
    with counter.store.write() as connection:
        save_person(connection, stored.person_id, "王某某", None)
    assert "姓名：王某某" in whole(print_receipt(counter, stored).read_bytes())
    assert "姓名：王某某" in whole(print_reckoning(counter, stored).read_bytes())
    counter.close()


def test_names_of_old_systems_get_todays_characters() -> None:
    assert printable("王\ue863") == "王䶮"
    assert printable("李\ue816 \n\t四") == "李\U00020087 四"
    assert printable("Ａ\x00B") == "Ａ B"


def test_headings_stand_in_the_official_order() -> None:
    found = fees_of((one, 100) for one in reversed(FEE_CATEGORIES))
    assert tuple(fee.category for fee in found) == FEE_CATEGORIES


@pytest.mark.parametrize(
    ("name", "category", "catalogue", "heading"),
    [
        ("阿莫西林胶囊", "drug", "", "西药费"),
        ("黄芪饮片", "drug", "", "中药饮片"),
        ("感冒清热颗粒", "drug", "中成药费", "中成药费"),
        ("一般诊疗费", "service", "", "一般诊疗费"),
        ("静脉采血", "service", "", "其他门（急）诊收费"),
        ("静脉采血", "service", "治疗费", "治疗费"),
        ("棉签", "consumable", "", "卫生材料费"),
        ("床位", "service", "床位费", "其他门（急）诊收费"),
    ],
)
def test_the_heading_of_a_line(name: str, category: str, catalogue: str, heading: str) -> None:
    assert fee_category("C1", name, category, {"C1": catalogue} if catalogue else {}) == heading


def test_every_name_in_the_order_of_other_information_is_known() -> None:
    assert other_info().unknown() == []


def test_every_area_of_the_policies_has_an_order_of_its_own(library: Library) -> None:
    assert set(library.areas) <= set(other_info().area)


def test_an_area_may_add_and_rename(office: Office) -> None:
    receipt = receipt_for(office.counter, office.settled["five payers"])
    labels = [item.label for item in receipt.other]
    assert labels[:3] == ["业务流水号", "医疗机构类型", "门诊号"]
    order = ("起付标准", "按比例自付", "公务员医疗补助", "职工大额医疗费用补助", "其中共济账户")
    assert [label for label in labels if label in order] == list(order)


def test_the_payer_s_number_of_a_patient_is_printed_once_it_is_known(library: Library, tmp_path: Path) -> None:
    counter = counter_in(tmp_path / "data", library)
    unknown = receipt_for(counter, settled(counter, visit("V1")))
    with counter.store.write() as connection:
        put_person(connection, PERSON["id"], KnownPerson(psn_no="53000000000012345678"), "2026-11-20 17:00:00")
    known = receipt_for(counter, settled(counter, visit("V2")))
    counter.close()
    assert "医保编号" not in [item.label for item in unknown.other]
    assert [item.text for item in known.other if item.label == "医保编号"] == ["53000000000012345678"]


def test_the_same_receipt_is_the_same_bytes(office: Office) -> None:
    receipt = receipt_for(office.counter, office.settled["two benefits"])
    assert render(receipt) == render(receipt)
    assert receipt_for(office.counter, office.settled["two benefits"]) == receipt


@given(st.text("一二三四五六，。、（）abc12.%… ", max_size=120), st.floats(6, 60))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost(text: str, room_mm: float) -> None:
    lines = wrapped(text, room_mm, 8.5)
    assert all(width_mm(line, 8.5) <= room_mm for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_line_never_begins_with_a_comma_where_a_sign_can_go_along() -> None:
    lines = wrapped("复方甘草口服溶液，含阿片粉、樟脑。", 24, 8.5)
    assert lines == ["复方甘草口服溶", "液，含阿片粉、樟", "脑。"]  # eight signs of 3 mm
