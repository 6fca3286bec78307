"""The book is given another key while other threads read: each goes on, with the old key or with the new one."""

import threading

import pytest

from gongji.desk.session import Session
from gongji.store.book_file import keys

READERS, KEYS = 2, 12


@pytest.mark.parametrize("anew", [False, True], ids=["threads that read on", "threads that begin to read"])
def test_those_who_read_meanwhile_go_on(session: Session, *, anew: bool) -> None:
    """A window reads while somebody is removed: nobody's connection is taken away while it is in use."""
    over, faults, counted = threading.Event(), list[Exception](), set[int]()

    def look() -> None:
        try:
            counted.update(session.store.reader.execute("SELECT count(*) FROM enrolment").fetchone())
        except Exception as error:  # noqa: BLE001  # whatever it is
            faults.append(error)

    def look_on() -> None:
        while not over.is_set():
            if anew:
                one = threading.Thread(target=look)
                one.start()
                one.join()
            else:
                look()

    others = [keys.new_key() for _ in range(KEYS)]
    readers = [threading.Thread(target=look_on) for _ in range(READERS)]
    for one in readers:
        one.start()
    try:
        for key in others:
            session.store.rekey(key)
    finally:
        over.set()
        for one in readers:
            one.join()
    assert faults == []
    assert counted == {session.store.reader.execute("SELECT count(*) FROM enrolment").fetchone()[0]}
    assert session.store.key == others[-1]
