"""The log: what happened is in it, and nothing about anybody; no identifier of the whole book is found in it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gongji.core.money import grouped, yuan
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.log import FILE_NAME, close_log, open_log
from tests.gui.background.test_upload_service import connect, going, states, there
from tests.gui.conftest import USUAL_DAY
from tests.gui.printing.test_printing import words
from tests.gui.test_gui_whole_job import NEWCOMER, whole_job
from tests.support.clerk import Clerk
from tests.support.serving import Running
from tests.support.working import settle_samples

_ = there
COLUMNS = (
    ("person", "id"), ("person", "name"), ("family_link", "holder_id"), ("item", "name"), ("item", "code"),
    ("settlement", "no"), ("settlement", "receipt_no"), ("settlement", "visit_no"), ("settlement", "operator"),
    ("message", "msgid"),
)  # fmt: skip


def seeded(session: Session) -> Iterator[str]:
    """Everything in a book by which somebody or something could be told, and every amount of a settlement."""
    reader = session.store.reader
    tables = {name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    for table, column in COLUMNS:
        if table in tables and column in {row[1] for row in reader.execute(f"PRAGMA table_info({table})")}:
            yield from (str(one) for (one,) in reader.execute(f"SELECT DISTINCT {column} FROM {table}"))  # noqa: S608  # names of ours
    for (fen,) in reader.execute("SELECT DISTINCT amount_fen FROM entry"):
        yield from (yuan(abs(fen)), grouped(abs(fen)))
    yield from (NEWCOMER, "欧阳小明", session.clinic.institution["id"], session.clinic.institution["name"])


def said(session: Session) -> str:
    return Path(session.folder.path, FILE_NAME).read_text(encoding="utf-8")


def test_a_day_s_work_leaves_nothing_about_anybody(sit_down: Callable[..., Clerk], there: Running) -> None:
    clerk = sit_down(clock=going(USUAL_DAY))
    settle_samples(clerk, 4)
    whole_job(clerk, NEWCOMER)
    connect(clerk, there.url)
    clerk.until(lambda: set(states(clerk)) <= {"accepted", "reversed", "void"})
    somebody, number = clerk.counter.store.reader.execute("SELECT name, id FROM person LIMIT 1").fetchone()
    for error in (ValueError(f"{somebody} {number} 12.50"), GongjiError(f"{somebody} 的 {number}", "应收 1,234.56")):
        clerk.station.fail(error)
        clerk.counter.log.error("about %s, %s: %s", somebody, number, "12.50", exc_info=error)
        clerk.close_sheet()
    log, found = said(clerk.counter), set(seeded(clerk.counter))
    assert re.search("opened, training data: gongji [0-9.]+, Python 3[.]11", log)
    assert "upload: SENDING" in log
    assert "ValueError" in log
    assert len(found) > 1000
    assert [one for one in found if len(one) > 1 and one in log] == []


def test_the_report_of_a_fault_names_it(clerk: Clerk) -> None:
    clerk.station.fail(ValueError("x"))
    assert str(clerk.counter.folder.path / FILE_NAME) in words(clerk.sheet)


def test_it_rotates_and_does_without_a_disk(tmp_path: Path) -> None:
    log = open_log(tmp_path)
    for _turn in range(9000):
        log.info("something of more or less the usual length happened, and then something else")
    close_log(log)
    assert {path.name for path in tmp_path.iterdir()} == {FILE_NAME, f"{FILE_NAME}.1"}
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 2 * 512 * 1024
    nowhere = open_log(tmp_path / "not there")
    nowhere.info("nobody reads this")
    close_log(nowhere)


@pytest.mark.parametrize(
    "secret", ["530399194410303996", "53039919441030399X", "龙天军", "12.50", "1,234.56", "T1-20261122"]
)
def test_whatever_is_handed_to_it_is_left_out(secret: str, tmp_path: Path) -> None:
    log = open_log(tmp_path)
    log.info("of %s: it is so", secret)
    close_log(log)
    assert secret not in (tmp_path / FILE_NAME).read_text(encoding="utf-8")
