"""verify notices whatever somebody with the key, or a failing disk, has done to the book or its witness."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import json, structs

from gongji.core.progress import StoppedError
from gongji.desk.clinic.verify.verify_book import BookFinding, verify
from gongji.desk.clinic.verify.verify_state import VerifyState
from gongji.desk.clinic.verify.verify_tasks import BookCheck, VerifyTask
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.desk.witnessing import ShortBookError, witness_key
from gongji.store.book_file import witness
from gongji.store.engine import Connection
from tests.desk.settlements.test_settle import findings, settle
from tests.support.children import children_begun
from tests.support.clinic import visit
from tests.support.in_the_book import wholes
from tests.support.printed import print_receipt

FAMILY = [{"id": "A9", "relation": "parent", "balance": "1.00", "authorised": True}]


@pytest.fixture
def book(session: Session) -> Session:
    """Three settlements and a void, checked, and then every trigger taken away."""
    one = settle(session, visit("V1", accounts={"family": FAMILY}))
    settle(session, visit("V2"))
    void(session, one.no, "退药")
    settle(session, visit("V3"))
    assert findings(session) == []
    writer = raw(session)
    for (name,) in writer.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        writer.execute(f"DROP TRIGGER {name}")
    writer.execute("PRAGMA ignore_check_constraints = 1")
    return session


OTHER_HANDS = "被程序以外的手改过"


def others(session: Session) -> list[str]:
    """What is found but for the tallies, which notice what this test itself has changed."""
    return [one for one in findings(session) if OTHER_HANDS not in one]


def raw(session: Session) -> Connection:
    return session.store._writer  # noqa: SLF001  # what somebody with the key has


TAMPERED = {
    "a payment": ("UPDATE payment SET amount_fen = amount_fen + 1 WHERE settlement = 2 AND means = 'cash'", "不符"),
    "a part": ("UPDATE part SET cash_fen = cash_fen + 1 WHERE settlement = 2", "不符"),
    "a line": ("UPDATE fee_line SET amount_fen = 1 WHERE settlement = 2", "收费明细合计 0.01 与总费用 100.00 不符"),
    "a void's amount": ("UPDATE settlement SET fund_fen = 0 WHERE serial = 3", "不是相反数"),
    "a void's entry": ("UPDATE entry SET amount_fen = 0 WHERE settlement = 3 AND name = 'general.fund'", "如数退回"),
    "a settlement, all of it": (
        (
            "UPDATE settlement SET fund_fen = fund_fen + 1, fund_total_fen = fund_total_fen + 1, patient_fen = "
            "patient_fen - 1, cash_fen = cash_fen - 1 WHERE serial = 2; "
            "UPDATE part SET fund_fen = fund_fen + 1, fund_total_fen = fund_total_fen + 1, patient_fen = patient_fen "
            "- 1, cash_fen = cash_fen - 1 WHERE settlement = 2; UPDATE payment SET amount_fen = amount_fen + "
            "CASE means WHEN 'cash' THEN -1 ELSE 1 END WHERE settlement = 2"
        ),
        "按所存政策重算，现金应为 54.50，存的是 54.49",
    ),
    "the visit": (
        "UPDATE visit SET body = CAST(replace(plain_text(body), '100.00', '200.00') AS BLOB) WHERE settlement = 2",
        "按所存政策重算",
    ),
    "the visit's text": ("UPDATE visit SET body = x'7B' WHERE settlement = 2", "读不出来"),
    "the policy": (
        "UPDATE policy_text SET text = CAST(replace(text, '60%', '61%') AS BLOB)",
        "所存的政策文本与其指纹不符",
    ),
    "an audit entry": ("UPDATE audit SET detail = 'x' WHERE serial = 3", "内容与封印不符"),
    "an audit entry away": ("DELETE FROM audit WHERE serial = 1", "前面缺少日志"),
    "the visit's compressed text": (
        "UPDATE visit SET body = substr(body, 1, length(body) - 4) WHERE settlement = 2",
        "读不出来",
    ),
    "the steps": ("UPDATE trace SET parts = x'0100' WHERE settlement = 2", "读不出来"),
    "a record's body": ("UPDATE record SET body = x'78' WHERE serial = 2", "上传内容与登记的指纹不符"),
    "a record away": ("DELETE FROM record_state WHERE serial = 4; DELETE FROM record WHERE serial = 4", "没有上传记录"),
    "its legs away": ("DELETE FROM leg WHERE serial = 4", "上传记录没有它的各部分"),
    "a record it must not have": ("UPDATE settlement SET policy = '000000@x' WHERE serial = 2", "不应有上传记录"),
    "a settlement away": ("DELETE FROM settlement WHERE serial = 2", "数据文件丢失了这一笔"),
    "an orphan": ("DELETE FROM settlement WHERE serial = 2", "指向不存在的记录"),
    "a gap": ("DELETE FROM settlement WHERE serial = 2", "前面缺少第 2 号"),
    "the figures of a concern": (
        "INSERT INTO concern (kind, subject, text, detail, at) VALUES ('lost', 'V9', '少了一笔', '{', '')",
        "少了一笔",
    ),
    "the witnessed total": ("UPDATE settlement SET total_fen = 9 WHERE serial = 2", "见证文件与数据文件所记不一致"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_found(book: Session, name: str) -> None:
    statements, said = TAMPERED[name]
    raw(book).execute("PRAGMA foreign_keys = 0")
    for statement in statements.split(";"):
        raw(book).execute(statement)
    assert any(said in text for text in findings(book)), findings(book)


PAPERS = {
    "another's bytes": ("UPDATE printed SET parts = (SELECT parts FROM printed LIMIT 1) WHERE settlement = 4", 1),
    "the fingerprint": ("UPDATE printed SET sha256 = printf('%064d', 1) WHERE settlement = 4", 1),
    "bytes that are not compressed": ("UPDATE printed SET parts = x'00' WHERE settlement = 4", 1),
    "an outline": ("UPDATE outline SET bytes = zeroblob(length(bytes))", 4),
    "an outline away": ("DELETE FROM outline", 4),
}


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_whose_bytes_are_not_what_was_printed_is_found(book: Session, name: str) -> None:
    for stored in list(wholes(book.store.reader)):
        print_receipt(book, stored)
    assert others(book) == []
    statement, count = PAPERS[name]
    raw(book).execute(statement)
    found = others(book)
    assert len(found) == count, found
    assert found[-1].startswith("2025/06/01-20250610-000004.pdf：所存的单据与打印时的指纹不符")


def test_a_paper_under_anothers_number_is_found(book: Session) -> None:
    for stored in list(wholes(book.store.reader)):
        print_receipt(book, stored)
    raw(book).execute("UPDATE printed SET settlement = 2 WHERE settlement = 4")
    assert others(book) == ["2025/06/01-20250610-000004.pdf：这张单据登记在 01-20250610-000002 名下，与它的编号不符"]


def test_a_paper_of_a_settlement_that_is_not_there_is_found(book: Session) -> None:
    print_receipt(book, next(wholes(book.store.reader)))
    raw(book).execute("PRAGMA foreign_keys = 0")
    raw(book).execute("UPDATE printed SET settlement = 99")
    assert any("登记在 不存在的结算 名下" in text for text in others(book))


class TestWitness:
    def test_a_line_changed(self, book: Session, data: Path) -> None:
        content = (data / "witness.jsonl").read_text(encoding="utf-8")
        (data / "witness.jsonl").write_text(content.replace("10000", "10001", 1), encoding="utf-8")
        assert others(book) == ["01-20250610-000001：见证文件与数据文件所记不一致"]

    def test_a_line_that_a_power_cut_left_half_is_ended_and_written_anew(
        self, book: Session, data: Path, opened: Callable[[], Session]
    ) -> None:
        mark = (data / "witness.mark").read_bytes()  # a mark is written after its line
        settle(book, visit("V4"))
        lines = (data / "witness.jsonl").read_bytes().splitlines(keepends=True)
        (data / "witness.jsonl").write_bytes(b"".join(lines[:-1]) + lines[-1][:40])
        (data / "witness.mark").write_bytes(mark)
        assert others(book) == ["01-20250610-000005：数据文件有，见证文件还没有；下次结算时会补上"]
        book.close()
        later = opened()
        assert others(later) == []

    def test_what_is_settled_while_it_is_read_is_no_fault(
        self, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settle(session, visit("V1"))
        numbers, read = iter(range(2, 9)), witness.lines

        def settling(path: Path) -> Iterator[witness.WitnessLine | None]:
            with monkeypatch.context() as once:
                once.setattr(witness, "lines", read)
                settle(session, visit(f"V{next(numbers)}"))
            yield from read(path)

        monkeypatch.setattr(witness, "lines", settling)
        check = BookCheck(session.folder, session.store.reader, session.library)
        assert check.do(VerifyTask("见证文件")) == []
        assert next(numbers) > 2

    def test_a_line_damaged_in_the_middle(self, book: Session, data: Path) -> None:
        lines = (data / "witness.jsonl").read_bytes().splitlines(keepends=True)
        (data / "witness.jsonl").write_bytes(lines[0] + lines[1][:40] + b"\n" + b"".join(lines[2:]))
        assert others(book) == [
            "见证文件：有 1 行读不出来",
            "01-20250610-000002：见证文件缺了这一笔，请联系维护人员",
        ]

    def test_a_line_twice_says_nothing_new(self, book: Session, data: Path) -> None:
        content = (data / "witness.jsonl").read_bytes()
        (data / "witness.jsonl").write_bytes(content + content.splitlines(keepends=True)[-1])
        assert others(book) == []

    def test_none_any_more(self, book: Session, data: Path) -> None:
        (data / "witness.jsonl").unlink()
        (data / "witness.mark").unlink()
        assert others(book)[:3] == [
            f"01-20250610-00000{serial}：见证文件缺了这一笔，请联系维护人员" for serial in (1, 2, 3)
        ]

    def test_a_shorter_book_is_not_opened(self, book: Session, data: Path, opened: Callable[[], Session]) -> None:
        book.close()
        before = (data / "book.db").read_bytes()
        later = opened()
        settle(later, visit("V4"))
        later.close()
        (data / "book.db").write_bytes(before)
        with pytest.raises(ShortBookError, match="见证到 01-20250610-000005，数据文件只到 01-20250610-000004"):
            opened()

    def test_a_forged_line_shuts_nobody_out_and_is_told(
        self, book: Session, data: Path, opened: Callable[[], Session]
    ) -> None:
        book.close()
        content = (data / "witness.jsonl").read_text(encoding="utf-8")
        last = content.splitlines()[-1].replace('"serial":4', '"serial":999999').replace("000004", "999999")
        (data / "witness.jsonl").write_text(content + last + "\n", encoding="utf-8")
        later = opened()
        settle(later, visit("V4"))
        said = "见证文件：见证文件有 1 行不是本程序写的，或与数据文件所记不一致"
        assert others(later)[0].startswith(said)
        assert len(witness_serials(data, later)) == 5


def witness_serials(data: Path, session: Session) -> list[int]:
    """The settlements that the witness genuinely has."""
    key = witness_key(session.store.reader)
    assert key is not None
    found = [one for one in witness.lines(data / "witness.jsonl") if one is not None]
    return [one.serial for one in found if witness.is_genuine(one, key)]


def test_an_empty_book_is_in_order(session: Session) -> None:
    assert findings(session) == []


class TestInProcesses:
    """As a large book is checked: by further processes, stopped, gone on with."""

    def test_they_find_what_one_finds(self, book: Session) -> None:
        raw(book).execute("PRAGMA foreign_keys = 0")
        for name in ("a payment", "the visit's text", "an audit entry", "a record's body", "the witnessed total"):
            raw(book).execute(TAMPERED[name][0])
        assert [f"{one.place}：{one.text}" for one in checked(book, processes=2)] == findings(book)

    def test_a_process_that_is_ended_is_done_without(self, session: Session) -> None:
        settle(session, visit("V1"))
        raw(session).execute("DROP TRIGGER payment_never_update")
        raw(session).execute("UPDATE payment SET amount_fen = amount_fen + 1 WHERE means = 'cash'")
        ended = []
        others = children_begun()

        def end_them(*_: object) -> None:
            for child in set(children_begun()) - set(others):
                os.kill(child, signal.SIGKILL)
                ended.append(child)

        found = [f"{one.place}：{one.text}" for one in checked(session, end_them, processes=1)]
        assert ended
        assert found == findings(session)

    @pytest.mark.parametrize("given", [0, 1])
    def test_where_the_system_gives_fewer_they_do_it_or_this_one_alone(
        self, session: Session, monkeypatch: pytest.MonkeyPatch, given: int
    ) -> None:
        settle(session, visit("V1"))
        begin, begun = subprocess.Popen, iter(range(given))

        def beginning(*words: Any, **how: Any) -> object:
            if next(begun, None) is None:
                raise BlockingIOError
            return begin(*words, **how)

        monkeypatch.setattr(subprocess, "Popen", beginning)
        others = children_begun()
        assert list(checked(session, processes=2)) == []
        assert set(children_begun()) <= set(others)

    @pytest.mark.parametrize("processes", [0, 1])
    def test_what_was_stopped_is_gone_on_with(self, session: Session, data: Path, processes: int) -> None:
        """Ranges of what never changes are not looked at again; what is about the whole book is."""
        settle(session, visit("V1"))
        every = told_of(session, processes=processes)
        with pytest.raises(StoppedError):
            list(checked(session, stopping_after(6), processes=processes))
        assert (data / "verify.json").exists()
        expected = [one for one in every if one[0] != "结算"]
        assert len(expected) == len(every) - 1
        assert told_of(session, resume=True, processes=processes) == expected
        assert not (data / "verify.json").exists()
        assert told_of(session, resume=True, processes=processes) == every

    def test_nobody_else_can_say_that_it_was_checked(self, session: Session, data: Path) -> None:
        settle(session, visit("V1"))
        every = told_of(session, processes=1)
        with pytest.raises(StoppedError):
            list(checked(session, stopping_after(5), processes=1))
        state = json.decode((data / "verify.json").read_bytes(), type=VerifyState)
        forged = structs.replace(state, done=(*state.done, VerifyTask("日志")))
        (data / "verify.json").write_bytes(json.encode(forged))
        assert told_of(session, resume=True, processes=1) == every

    def test_it_goes_on_while_the_counter_works(self, session: Session) -> None:
        settle(session, visit("V1"))
        numbers = iter(range(2, 100))

        def settle_one(*_: object) -> None:
            settle(session, visit(f"V{next(numbers)}"))

        found = list(checked(session, settle_one, processes=1))
        assert found == []
        assert next(numbers) > 20  # it was at work all the while


def checked(
    session: Session, progress: Callable[[str, int, int], object] = lambda *_: None, **how: Any
) -> Iterator[BookFinding]:
    return verify(session.folder, session.store, session.library, progress, **how)  # type: ignore[arg-type]


def told_of(session: Session, **how: Any) -> list[tuple[str, int, int]]:
    """What a check that finds nothing tells of, in order."""
    told: list[tuple[str, int, int]] = []
    assert list(checked(session, lambda *one: told.append(one), **how)) == []
    return told


def stopping_after(count: int) -> Callable[[str, int, int], bool]:
    left = iter(range(count - 1, -1, -1))
    return lambda *_: next(left) > 0
