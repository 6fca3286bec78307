"""A paper is made once and kept as the same bytes, made anew when lost; printed again it is marked and counted."""

import hashlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from gongji.desk.closing import day_report
from gongji.desk.genuine import check_receipt
from gongji.desk.papers import PAPER_SETTING, print_receipt, receipt_for, reprint
from gongji.desk.reversing import void
from gongji.desk.slips import print_claim, print_difference, print_reckoning, print_report
from gongji.errors import GongjiError
from gongji.policies import Library
from gongji.printing.pdf import render
from gongji.printing.reading import text_of
from gongji.store import papers, settings
from tests.printing.conftest import Office
from tests.printing.making import counter_in, hard_visits, settled, visit


def whole(path: Path) -> str:
    """The text of a file without breaks."""
    return "".join("".join(text_of(path.read_bytes())).split())


def test_the_paper_lies_under_its_number(office: Office) -> None:
    stored = office.settled["zero"]
    path = print_receipt(office.counter, stored)
    assert path == office.counter.folder.receipts / "2026" / "11" / f"{stored.no}.pdf"
    kept = papers.newest(office.counter.store.reader, stored.serial)
    assert kept is not None
    assert hashlib.sha256(path.read_bytes()).hexdigest() == kept.sha256


def test_a_second_call_changes_nothing(office: Office) -> None:
    stored = office.settled["zero"]
    path = print_receipt(office.counter, stored)
    before = path.stat().st_mtime_ns
    assert print_receipt(office.counter, stored) == path
    assert path.stat().st_mtime_ns == before


def test_a_paper_lost_or_changed_is_made_anew_the_same(office: Office) -> None:
    stored = office.settled["five payers"]
    path = print_receipt(office.counter, stored)
    content = path.read_bytes()
    with office.counter.store.write() as connection:  # what it is made from is frozen: later settings change nothing
        settings.put(connection, PAPER_SETTING, "58")
    path.unlink()
    assert print_receipt(office.counter, stored).read_bytes() == content
    path.write_bytes(content.replace(b"2026", b"2027"))
    assert print_receipt(office.counter, stored).read_bytes() == content
    with office.counter.store.write() as connection:
        settings.put(connection, PAPER_SETTING, "A5")


def test_a_folder_that_cannot_be_written_is_told_and_mended_later(library: Library, tmp_path: Path) -> None:
    counter = counter_in(tmp_path / "data", library)
    stored = settled(counter, visit("V1"))
    counter.folder.receipts.write_bytes(b"")
    with pytest.raises(GongjiError, match="写不了"):
        print_receipt(counter, stored)
    counter.folder.receipts.unlink()
    assert print_receipt(counter, stored).is_file()
    counter.close()


def test_a_reprint_is_marked_counted_and_logged(office: Office) -> None:
    stored = office.settled["two benefits"]
    original = print_receipt(office.counter, stored).read_bytes()
    first, second = reprint(office.counter, stored), reprint(office.counter, stored)
    assert "补打第1次" in whole(first)
    assert "补打第2次" in whole(second)
    assert stored.no in whole(second)
    assert print_receipt(office.counter, stored).read_bytes() == original
    counted = papers.reprints(office.counter.store.reader, stored.serial)
    assert [(nth, operator) for nth, operator, _ in counted] == [(1, "培训员"), (2, "培训员")]
    acts = office.counter.store.reader.execute("SELECT subject, detail FROM audit WHERE act = 'reprint'").fetchall()
    assert acts[-1] == (stored.no, "补打 第 2 次")


def test_a_genuine_paper_is_known_by_code_and_by_file(office: Office) -> None:
    stored = office.settled["five payers"]
    path = print_receipt(office.counter, stored)
    for given in (receipt_for(office.counter, stored).code.encode(), path.read_bytes()):
        verdict = check_receipt(office.counter.store, given)
        assert verdict.genuine, verdict.sentences
        assert any("1050.00" in one for one in verdict.sentences)
    assert check_receipt(office.counter.store, reprint(office.counter, stored).read_bytes()).genuine


def test_a_voided_paper_is_genuine_and_said_to_be_void(office: Office) -> None:
    stored = office.settled["two benefits"]
    verdict = check_receipt(office.counter.store, print_receipt(office.counter, stored).read_bytes())
    assert verdict.genuine
    assert any(office.settled["void"].no in one for one in verdict.sentences)


def test_a_changed_code_is_not_genuine(office: Office) -> None:
    code = receipt_for(office.counter, office.settled["five payers"]).code
    assert "*105000*" in code
    for changed in (code.replace("*105000*", "*205000*"), code[:-3], code.replace("GJ1", "GJ2"), "", "你好"):
        assert not check_receipt(office.counter.store, changed.encode()).genuine


def test_every_changed_sign_of_a_code_is_noticed(office: Office) -> None:
    code = receipt_for(office.counter, office.settled["zero"]).code
    print_receipt(office.counter, office.settled["zero"])
    for index in range(len(code) - 1):  # the last sign holds bits that mean nothing
        other = "A" if code[index] != "A" else "B"
        assert not check_receipt(office.counter.store, (code[:index] + other + code[index + 1 :]).encode()).genuine


def test_another_counters_paper_is_not_this_ones(office: Office, library: Library, tmp_path: Path) -> None:
    counter = counter_in(tmp_path / "other", library)
    path = print_receipt(counter, settled(counter, hard_visits()["zero"]))
    content = path.read_bytes()
    counter.close()
    assert not check_receipt(office.counter.store, content).genuine


def test_a_file_with_another_text_under_a_genuine_code_is_noticed(office: Office) -> None:
    stored = office.settled["hundred thousand"]
    print_receipt(office.counter, stored)
    receipt = receipt_for(office.counter, stored)
    forged = render(replace(receipt, patient_name="别人"))
    verdict = check_receipt(office.counter.store, forged)
    assert not verdict.genuine
    assert "改动" in verdict.sentences[0]


def test_the_reckoning_says_each_amount_with_article_and_gist(office: Office) -> None:
    text = whole(print_reckoning(office.counter, office.settled["five payers"]))
    assert "(1000.00−150.00)×70%=595.00（第十三条(二)）" in text
    assert "第十三条(二)：三级医院和药店一个比例" in text
    assert "我们的理解：" in text
    with pytest.raises(GongjiError, match="冲销"):
        print_reckoning(office.counter, office.settled["void"])


def test_the_notice_for_a_claim_says_until_when_and_what_to_bring(office: Office) -> None:
    text = whole(print_claim(office.counter, office.settled["five payers"]))
    assert "2028年6月30日前" in text
    assert "身份证明或医保凭证复印件" in text
    assert "没有写明" in whole(print_claim(office.counter, office.settled["zero"]))


def test_the_difference_is_evened_out_in_cash(office: Office) -> None:
    path = print_difference(office.counter, office.settled["five payers"], {"fund_fen": 58500, "cash_fen": 7860})
    assert "应向患者补收现金10.00元" in whole(path)


def test_a_report_shows_the_days_figures(office: Office) -> None:
    report = day_report(office.counter.store.reader, "2026-11-20")
    text = whole(print_report(office.counter, report, "2026-11-20 18:00:00", "day-2026-11-20"))
    assert f"总费用{report.totals.total_fen // 100}.{report.totals.total_fen % 100:02d}" in text


def test_a_void_is_printed_like_any_other(library: Library, tmp_path: Path) -> None:
    counter = counter_in(tmp_path / "data", library)
    stored = settled(counter, visit("V1"))
    reversal = void(counter, stored.no, "录错").stored
    path = print_receipt(counter, reversal)
    assert path.name == f"{reversal.no}.pdf"
    assert "原因：录错" in whole(path)
    counter.close()
