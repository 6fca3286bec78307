"""A paper is made once and kept as the same bytes, made anew when lost; printed again it is marked and counted."""

import hashlib
from pathlib import Path

import pytest
from msgspec import json
from msgspec.structs import replace

from gongji.desk.closing.report_papers import report_steps
from gongji.desk.closing.shifts import day_report
from gongji.desk.papers.archive import made
from gongji.desk.papers.printers import job_steps, set_up
from gongji.desk.papers.receipts import PAPER_SETTING, receipt_for
from gongji.desk.papers.slips import difference_steps
from gongji.desk.papers.verify_receipt import check_receipt
from gongji.desk.settlements.void import void
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.printing.read_pdf import shared_in, text_of
from gongji.printing.receipt.render import render
from gongji.store import settings
from gongji.store.engine import Error
from gongji.store.settlements import printed_files, receipts
from tests.printing.conftest import Office
from tests.support.making import counter_in, hard_visits, settled, visit
from tests.support.printed import print_claim, print_receipt, print_reckoning, reprint


def whole(path: Path) -> str:
    """The text of a file without breaks."""
    return "".join("".join(text_of(path.read_bytes())).split())


def test_the_paper_lies_under_its_number(office: Office) -> None:
    stored = office.settled["zero"]
    path = print_receipt(office.counter, stored)
    assert path == office.counter.folder.receipts / "2026" / "11" / f"{stored.no}.pdf"
    kept = receipts.newest(office.counter.store.reader, stored.serial)
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


def test_what_was_printed_comes_back_however_it_would_be_laid_out_today(office: Office) -> None:
    counter, stored = office.counter, office.settled["long names"]
    path = print_receipt(counter, stored)
    name = path.relative_to(counter.folder.receipts).as_posix()
    earlier = render(receipt_for(counter, stored), "A4")  # as a program before this one may have laid it out
    with counter.store.write() as connection:
        printed_files.keep(connection, name, stored.serial, stored.at, earlier, shared_in(earlier))
    path.unlink()
    assert print_receipt(counter, stored).read_bytes() == earlier
    assert check_receipt(counter.store, earlier).genuine


def test_every_kind_of_paper_is_kept_as_its_bytes(office: Office) -> None:
    counter, stored = office.counter, office.settled["paid in full"]
    set_up(counter, "小票", b'{"paper": "80", "dots": 576}')
    made(job_steps(counter, stored, "小票"))
    papers = [
        print_receipt(counter, stored),
        print_receipt(counter, stored).with_name(f"{stored.no}-80.pdf"),
        reprint(counter, stored),
        print_reckoning(counter, stored),
        print_claim(counter, stored),
    ]
    for path in papers:
        name = path.relative_to(counter.folder.receipts).as_posix()
        assert printed_files.bytes_of(counter.store.reader, name) == path.read_bytes()
        verdict = check_receipt(counter.store, path.read_bytes())
        assert verdict.genuine == (path in papers[:3])  # the slips carry no code


@pytest.mark.parametrize("table", ["paper", "reprint", "printed", "outline"])
def test_the_database_itself_refuses_to_change_what_was_printed(office: Office, table: str) -> None:
    reprint(office.counter, office.settled["zero"])
    writer = office.counter.store._writer  # noqa: SLF001  # what a careless program with the key would have
    column = {"paper": "sha256", "reprint": "at", "printed": "parts", "outline": "bytes"}[table]
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):  # noqa: S608  # our own names
        with pytest.raises(Error, match="only ever added to"):
            writer.execute(statement)


def test_a_paper_costs_the_book_little_because_outlines_are_kept_once(library: Library, tmp_path: Path) -> None:
    counter = counter_in(tmp_path / "data", library)
    for number in range(30):
        print_receipt(counter, settled(counter, visit(f"V{number}")))
    reader = counter.store.reader
    (bytes_a_paper,) = reader.execute("SELECT avg(length(parts)) FROM printed").fetchone()
    (outlines,) = reader.execute("SELECT count(*) FROM outline").fetchone()
    counter.close()
    assert bytes_a_paper < 10_000
    assert outlines < 300


def test_a_paper_of_a_program_that_kept_no_bytes_is_taken_in_as_it_lies_there(library: Library, tmp_path: Path) -> None:
    counter = counter_in(tmp_path / "data", library)
    stored = settled(counter, visit("V1"))
    receipt = receipt_for(counter, stored)
    earlier = render(receipt, "A4")
    sha256 = printed_files.fingerprint(earlier)
    with counter.store.write() as connection:
        receipts.keep(
            connection,
            receipts.IssuedReceipt(
                settlement=stored.serial, format="A5", at=stored.at, content=json.encode(receipt), sha256=sha256
            ),
        )
    path = counter.folder.receipts / "2026" / "11" / f"{stored.no}.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(earlier)
    assert print_receipt(counter, stored).read_bytes() == earlier
    path.unlink()
    assert print_receipt(counter, stored).read_bytes() == earlier
    counter.close()


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
    counted = receipts.reprints(office.counter.store.reader, stored.serial)
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
    assert "(1000.00−150.00)×70%=595.00；" in text
    assert "（第十三条(二)、第十三条(三)）" in text
    assert "第十三条(二)：三级医院和药店一个比例" in text
    assert "我们的理解：" in text
    with pytest.raises(GongjiError, match="冲销"):
        print_reckoning(office.counter, office.settled["void"])


def test_the_notice_for_a_claim_says_until_when_and_what_to_bring(office: Office) -> None:
    text = whole(print_claim(office.counter, office.settled["paid in full"]))
    assert "最迟2027-06-30前办理" in text
    assert "身份证明或医保凭证复印件" in text
    assert "本次费用1050.00元没有由医保当场结算" in text
    with pytest.raises(GongjiError, match="不是全额垫付"):
        print_claim(office.counter, office.settled["five payers"])


def test_the_difference_is_evened_out_in_cash(office: Office) -> None:
    path = made(difference_steps(office.counter, office.settled["five payers"], {"fund_fen": 58500, "cash_fen": 7860}))
    assert "应向患者补收现金10.00元（壹拾元整）" in whole(path)
    numbered = made(difference_steps(office.counter, office.settled["five payers"], {"cash_fen": 6000}, "01C000001"))
    assert "差额单号：01C000001" in whole(numbered)
    assert "应退还患者现金8.60元（捌元陆角整）" in whole(numbered)
    assert numbered != path


def test_a_report_shows_the_days_figures(office: Office) -> None:
    report = day_report(office.counter.store.reader, "2026-11-20")
    text = whole(made(report_steps(office.counter, report, "2026-11-20 18:00:00", "day-2026-11-20")))
    assert f"总费用{report.totals.total_fen // 100}.{report.totals.total_fen % 100:02d}" in text


def test_a_void_is_printed_like_any_other(library: Library, tmp_path: Path) -> None:
    counter = counter_in(tmp_path / "data", library)
    stored = settled(counter, visit("V1"))
    reversal = void(counter, stored.no, "录错").stored
    path = print_receipt(counter, reversal)
    assert path.name == f"{reversal.no}.pdf"
    assert "原因：录错" in whole(path)
    counter.close()
