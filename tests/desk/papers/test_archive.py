"""A paper is made by a script: laid out by any thread, stored by the one that writes the book, and once."""

from threading import Thread
from typing import Any

from gongji.desk.papers.archive import bytes_of
from gongji.desk.papers.receipts import receipt_steps, reprint_steps
from gongji.desk.papers.slips import reckoning_steps
from gongji.desk.session import Session
from gongji.printing.read_pdf import text_of
from gongji.store.settlements import printed_files, receipts
from tests.desk.settlements.test_settle import settle
from tests.support.clinic import visit
from tests.support.printed import print_receipt


def beside(work: Any) -> Any:
    """Do something on a thread that may not write the book."""
    found: list[Any] = []
    thread = Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


def finished(steps: Any, written: Any = None) -> Any:
    try:
        steps.send(written)
    except StopIteration as end:
        return end.value
    raise AssertionError


def test_a_paper_is_laid_out_beside_the_thread_that_writes(session: Session) -> None:
    stored = settle(session, visit("V1"))
    for begin in (receipt_steps, reckoning_steps, reprint_steps):
        steps, written = begin(session, stored), None
        while callable(write := beside(lambda steps=steps, written=written: advance(steps, written))):
            written = write()
        assert bytes_of(session, write).startswith(b"%PDF")
    names = printed_files.names_of(session.store.reader, stored.serial)
    assert names == [
        f"{stored.at[:4]}/{stored.at[5:7]}/{stored.no}{end}.pdf" for end in ("", "-reckoning", "-reprint-1")
    ]


def advance(steps: Any, written: Any) -> Any:
    try:
        return steps.send(written)
    except StopIteration as end:
        return end.value


def test_a_paper_made_twice_at_once_is_one_paper(session: Session) -> None:
    stored = settle(session, visit("V1"))
    first, second = receipt_steps(session, stored), receipt_steps(session, stored)
    made_first = advance(first, None)()  # the signing key, which the first paper of a book makes
    one = advance(first, made_first)
    other = next(second)
    one()
    other()
    path = finished(first)
    assert finished(second) == path
    assert print_receipt(session, stored) == path
    assert len(printed_files.names_of(session.store.reader, stored.serial)) == 1


def test_a_reprint_that_another_came_before_is_marked_as_the_later_one(session: Session) -> None:
    stored = settle(session, visit("V1"))
    print_receipt(session, stored)
    first, second = reprint_steps(session, stored), reprint_steps(session, stored)
    one, other = next(first), next(second)  # both believe to be the first
    paths = [finished(first, one()), finished(second, other())]
    assert [path.stem.removeprefix(stored.no) for path in paths] == ["-reprint-1", "-reprint-2"]
    for nth, path in enumerate(paths, 1):
        assert f"补打 第 {nth} 次" in "".join(text_of(bytes_of(session, path)))
    assert [one[0] for one in receipts.reprints(session.store.reader, stored.serial)] == [1, 2]
