"""目录下载: what comes down reaches the clinic's own items whole, or changes nothing at all."""

import datetime
from contextlib import nullcontext
from typing import Any

import pytest

from gongji.core.imports.rows import ItemRow
from gongji.core.money import E4
from gongji.desk.upload.scripts.conversation import Conversation
from gongji.desk.upload.scripts.download_catalogue import TakenIn, fetching, take_in
from gongji.errors import GongjiError
from gongji.store.catalogue import items as catalogue
from gongji.store.upload import downloads
from tests.support.circle import Circle

CODE, OTHER = "XJ01CA0001E001010199902", "XJ01CA0002E001010199903"
PERSONS = {"selfpay_prop_psn_type": "310", "selfpay_prop_type": "10"}


def item(code: str, **more: Any) -> ItemRow:
    plain = ItemRow(
        code=code, name="阿莫西林胶囊", category="drug", class_="A", unit_price=E4(48600), prepay_ratio=None,
        price_ceiling=None, negotiated=False, unit="盒", specification="0.25g×24粒", form="", maker="", fee_category="",
        barcode="", starts=datetime.date(2024, 1, 1), ends=None, invented=True,
    )  # fmt: skip
    return ItemRow(**{**{name: getattr(plain, name) for name in ItemRow.__struct_fields__}, **more})


def keep(circle: Circle, *items: ItemRow) -> None:
    with circle.counter.store.write() as connection:
        for one in items:
            catalogue.save_items(connection, [one])


def offer(circle: Circle, infno: str, *rows: dict[str, str]) -> None:
    answer = circle.there.control("catalogue", {"infno": infno, "rows": list(rows)})
    assert "error" not in answer, answer


def insured(code: str, begins: str = "2025-01-01", **more: str) -> dict[str, str]:
    return {"hilist_code": code, "insu_admdvs": "530300", "begndate": begins, **more}


def drug(code: str, **more: str) -> dict[str, str]:
    return {"med_list_codg": code, "reg_name": "某药", "begndate": "2025-01-01", **more}


def talk(circle: Circle, infno: str, *, anew: bool = False) -> Conversation[Any]:
    return Conversation(circle.uploader, fetching(circle.counter, circle.uploader.profile, infno, anew=anew))


def download(circle: Circle, infno: str, *, anew: bool = False) -> TakenIn:
    one = talk(circle, infno, anew=anew)
    while (outgoing := one.claim()) is not None:
        one.record(outgoing, circle.gateway.send(outgoing.infno, outgoing.body))
    return take_in(circle.counter, circle.uploader.profile, one.told)


def editions(circle: Circle, code: str = CODE) -> list[ItemRow]:
    return catalogue.editions(circle.counter.store.reader, code)


def held(circle: Circle) -> tuple[int, int, list[ItemRow]]:
    reader = circle.counter.store.reader
    (rows,) = reader.execute("SELECT count(*) FROM agency_row").fetchone()
    (taken,) = reader.execute("SELECT count(*) FROM download").fetchone()
    return rows, taken, editions(circle)


def test_what_the_agency_says_reaches_the_clinic_s_items_and_the_price_stays(circle: Circle) -> None:
    keep(circle, item(CODE))
    offer(circle, "1312", insured(CODE, chrgitm_lv="02", list_type="101", med_chrgitm_type="09"))
    offer(circle, "1319", insured(CODE, "2025-03-01", selfpay_prop="0.20000", **PERSONS))
    offer(circle, "1318", insured(CODE, hilist_lmtpric_type="1", hilist_pric_uplmt_amt="4.000000"),
          insured(CODE, hilist_lmtpric_type="2", hilist_pric_uplmt_amt="5.0"))  # fmt: skip
    offer(circle, "1301", drug(CODE, reg_name="别的名字", hi_nego_drug_flag="1", enddate="2099-12-31"))
    found = [download(circle, infno) for infno in ("1312", "1319", "1318", "1301")]
    assert [(one.kept, one.rows, one.elsewhere) for one in found] == [
        (True, 1, 0),
        (True, 1, 0),
        (True, 2, 0),
        (True, 1, 0),
    ]
    assert {one.as_of for one in found} == {"2025-06-10 09:00:00"}
    first, from_january, from_march = editions(circle)
    assert first == item(CODE)  # what was settled before stands on it
    assert (from_january.class_, from_january.fee_category, from_january.negotiated) == ("B", "西药费", True)
    assert (from_january.prepay_ratio, from_january.price_ceiling) == (None, 40_000)  # the clinic is of level 1
    assert (from_march.starts, from_march.prepay_ratio) == (datetime.date(2025, 3, 1), 2 * 10**11)
    assert {(one.unit_price, one.unit, one.name) for one in editions(circle)} == {(48600, "盒", "阿莫西林胶囊")}


def test_the_next_download_goes_on_from_the_last(circle: Circle) -> None:
    keep(circle, item(CODE), item(OTHER))
    offer(circle, "1301", drug(CODE, hi_nego_drug_flag="1"))
    first = download(circle, "1301")
    assert (first.since, first.version, first.changed) == ("", "1", 1)
    again = download(circle, "1301")
    assert (again.since, again.version, again.rows, again.changed) == ("1", "1", 0, 0)
    offer(circle, "1301", drug(OTHER, hi_nego_drug_flag="1"), drug("NOBODYS"))
    later = download(circle, "1301")
    assert (later.since, later.version, later.rows, later.changed, later.elsewhere) == ("1", "3", 2, 1, 1)
    whole = download(circle, "1301", anew=True)
    assert (whole.since, whole.version, whole.rows, whole.changed) == ("", "3", 3, 0)
    newest = downloads.newest(circle.counter.store.reader, "1301")
    assert newest is not None
    assert (newest.operator, len(newest.sha256)) == ("培训员", 64)


def test_a_row_told_again_replaces_what_was_said(circle: Circle) -> None:
    keep(circle, item(CODE, class_="B"))
    offer(circle, "1319", insured(CODE, selfpay_prop="0.2", **PERSONS))
    download(circle, "1319")
    offer(circle, "1319", insured(CODE, selfpay_prop="0.3", **PERSONS))
    assert download(circle, "1319").changed == 1
    assert editions(circle)[-1].prepay_ratio == 3 * 10**11
    offer(circle, "1319", insured(CODE, selfpay_prop="0.3", vali_flag="0", **PERSONS))
    assert download(circle, "1319").changed == 1
    assert editions(circle)[-1].prepay_ratio is None


def test_what_is_for_others_is_left_out(circle: Circle) -> None:
    keep(circle, item(CODE, class_="B"))
    offer(circle, "1319",
          insured(CODE, selfpay_prop="0.9", insu_admdvs="530100", **PERSONS),
          insured(CODE, selfpay_prop="0.8", **{**PERSONS, "selfpay_prop_psn_type": "390"}),
          insured(CODE, selfpay_prop="0.7", **{**PERSONS, "selfpay_prop_type": "20"}),
          insured(CODE, selfpay_prop="0.1", insu_admdvs="530000", **PERSONS))  # fmt: skip
    assert download(circle, "1319").rows == 1
    assert editions(circle)[-1].prepay_ratio == 10**11


OF_FILES = (
    "half_file", "damaged_file", "short_file", "truncated", "malformed", "drop_before", "drop_after", "status_after",
    "portal",
)  # fmt: skip
OF_ANSWERS = ("truncated", "doubled_key", "drop_after", "status_before", "stranger")


@pytest.mark.parametrize(
    ("fault", "infno"), [*((kind, "9102") for kind in OF_FILES), *((kind, "1301") for kind in OF_ANSWERS)]
)
def test_half_a_download_changes_nothing(circle: Circle, fault: str, infno: str) -> None:
    keep(circle, item(CODE))
    rows = (drug(f"X{number}") for number in range(40))
    offer(
        circle,
        "1301",
        drug(CODE, hi_nego_drug_flag="1"),
        *rows,
    )
    before = held(circle)
    circle.there.control("faults", {"kind": fault, "infno": infno})
    with pytest.raises(GongjiError, match=r"没有改动|再下载一次"):
        download(circle, "1301")
    assert held(circle) == before
    assert download(circle, "1301").rows == 41


def test_pages_are_all_or_nothing(circle: Circle) -> None:
    keep(circle, item(CODE, class_="B"))
    rows = [insured(f"X{number}", selfpay_prop="0.1", **PERSONS) for number in range(1200)]
    offer(circle, "1319", insured(CODE, selfpay_prop="0.2", **PERSONS), *rows)
    before = held(circle)
    circle.there.control("faults", {"kind": "drop_after", "infno": "1319", "skip": 2})
    with pytest.raises(GongjiError, match="没有改动"):
        download(circle, "1319")
    assert held(circle) == before
    one = talk(circle, "1319")
    for turn in range(3):  # a sign-in, two pages; then the catalogue moves on
        outgoing = one.claim()
        assert outgoing is not None, turn
        if turn == 2:
            offer(circle, "1319", insured("NEW", selfpay_prop="0.1", **PERSONS))
        with pytest.raises(GongjiError, match="变了") if turn == 2 else nullcontext():
            one.record(outgoing, circle.gateway.send(outgoing.infno, outgoing.body))
    assert held(circle) == before
    assert download(circle, "1319").rows == 1202


def test_every_problem_is_told_with_its_row_and_nothing_is_kept(circle: Circle) -> None:
    keep(circle, item(CODE))
    offer(circle, "1312", insured(CODE, chrgitm_lv="02", list_type="101"))
    offer(circle, "1312", insured("X1", "2025-02-30", chrgitm_lv="09", list_type="101"))
    offer(circle, "1312", insured("", chrgitm_lv="01", list_type="999"))
    before = held(circle)
    found = download(circle, "1312")
    assert not found.kept
    assert held(circle) == before
    wrong = {(row.number, each.column) for row in found.refused for each in row.wrong}
    assert wrong == {(2, "begndate"), (2, "chrgitm_lv"), (3, "hilist_code"), (3, "list_type")}


def test_what_would_set_back_a_newer_word_is_refused(circle: Circle) -> None:
    keep(circle, item(CODE))
    offer(circle, "1301", drug("FIRST"))
    offer(circle, "1301", drug(CODE))
    download(circle, "1301")
    connection = circle.there.payer.platform.connection
    connection.execute("DELETE FROM offered")  # the platform was set back to an older copy, and numbers anew
    offer(circle, "1301", drug(CODE, hi_nego_drug_flag="1"))
    before = held(circle)
    assert download(circle, "1301").rows == 0  # asked for what is newer, it has nothing
    found = download(circle, "1301", anew=True)
    assert not found.kept
    assert "旧" in found.refused[0].wrong[0].message
    assert (held(circle)[0], held(circle)[2]) == (before[0], before[2])


def test_a_region_without_it_says_what_it_has(circle: Circle) -> None:
    with pytest.raises(GongjiError, match="1319"):
        download(circle, "1399")


def test_an_item_that_the_clinic_takes_up_later_is_brought_up_to_it(circle: Circle) -> None:
    offer(circle, "1301", drug(CODE, hi_nego_drug_flag="1"))
    assert download(circle, "1301").elsewhere == 1
    keep(circle, item(CODE))
    assert download(circle, "1301").changed == 1
    assert editions(circle)[-1].negotiated
