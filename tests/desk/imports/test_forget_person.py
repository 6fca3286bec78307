"""按规定删除: nothing plain of a person can be read any more, and of money nothing has changed."""

import base64
import gc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gongji.cli.main import run
from gongji.core.ledger.audit import Act
from gongji.core.ledger.draft import Draft
from gongji.desk.clinic.backup.backup import back_up
from gongji.desk.clinic.backup.check_copy import check_copy
from gongji.desk.clinic.backup.restore import restore
from gongji.desk.clinic.operators import add_operator
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.closing.pharmacy_ledgers import pharmacy_ledgers
from gongji.desk.closing.statistics import Period
from gongji.desk.imports.by_hand import keep_by_hand
from gongji.desk.imports.forget_person import (
    forget_person,
    remains_in_words,
    retention_years,
    set_retention_years,
    what_remains,
)
from gongji.desk.imports.import_table import import_file
from gongji.desk.papers.archive import bytes_of
from gongji.desk.papers.receipts import visit_of
from gongji.desk.roles import NeedsSecondError, Role, attend
from gongji.desk.session import Session
from gongji.desk.settlements.find import find
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.desk.visits.held_visits import keep
from gongji.desk.visits.search import find_people
from gongji.errors import GongjiError
from gongji.printing.read_pdf import text_of
from gongji.store import compressed_text
from gongji.store.book_file import tally, tally_check
from gongji.store.engine import Connection
from gongji.store.errors import StoreError
from gongji.store.people import people, person_keys
from gongji.store.people.person_keys import FORGOTTEN
from gongji.store.settlements import receipts, settlement_search, settlement_sums, settlements
from gongji.store.upload import outbox_records
from gongji.store.upload.outbox_records import FrozenRecord
from tests.support.circle import Circle
from tests.support.clinic import AREA, diagnosed, line, text
from tests.support.clock import Clock
from tests.support.elsewhere import read_meanwhile
from tests.support.in_the_book import entries_of, record_body_of
from tests.support.printed import print_receipt, reprint
from tests.support.tables import person

NAME, NUMBER, PHONE = "欧阳紫薇茗", "530399195803120028", "13987650321"
SICK = {"id": NUMBER, "name": NAME, "status": "retired"}
TABLE = (
    "身份证号,姓名,性别,出生日期,电话,参保地,人员状态,就业类型,补助,待遇享受,选定机构,状态起始,慢特病登记,登记起始,虚构\n"
    f"{NUMBER},{NAME},女,1958-03-12,{PHONE},{AREA},退休,单位,,是,,2025-01-01,,,否\n"
)
ZLIB = (b"\x48\x89", b"\x78")
"""How compressed content begins: a short message, anything longer."""
OTHER, OTHER_PASSWORD = "王芳", "王芳的口令 2025"
WHY = "保存期满，第 3 号销毁清册"


def values(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Every value of every table, those of full-text indexes too, with its table; what is compressed as it was."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  # the schema's own names
            for one in row:
                value = one if isinstance(one, bytes) else str(one).encode()
                yield name, value
                if value.startswith(ZLIB) and name in {"attempt", "answer", "printed"}:  # a hash may begin so, too
                    yield name, zlib.decompressobj().decompress(value)
                elif value[:1] == b"\x01" and name == "record":
                    yield name, outbox_records.sealed_body_of(connection, row[0])
                elif value[:1] == b"\x01" and name in {"visit", "trace", "paper"}:
                    yield name, compressed_text.plain(value)


def plain(connection: Connection) -> set[str]:
    """The tables in which the name, a part of it as an index has it, or the telephone stands."""
    needles = [one.encode() for one in (NAME, NAME[2:], " ".join(NAME), PHONE)]
    return {table for table, value in values(connection) if any(needle in value for needle in needles)}


def known(session: Session, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(TABLE, encoding="utf-8")
    import_file(session.store, "people", tmp_path / "people.csv", at=session.now(), operator=session.operator)


def settle(session: Session, number: str) -> str:
    given = diagnosed(
        number, person=SICK, prescription={"number": "CF1", "issued_on": "2025-06-10", "doctor": "陈医生"}
    )
    done = settle_text(session, text(given))
    assert done.stored is not None, done.problems
    return done.stored.no


def money(connection: Connection) -> list[object]:
    """What settlements come to and what the platform said, with seals."""
    return [
        *settlement_sums.sums_by_means(connection).items(),
        *settlements.witness_lines(connection, 0),
        *connection.execute("SELECT * FROM platform_figure ORDER BY msgid").fetchall(),
        *connection.execute("SELECT * FROM entry ORDER BY settlement, position").fetchall(),
    ]


def records_of(connection: Connection) -> list[settlement_search.Head]:
    return settlement_search.find(connection, settlement_search.SearchWords(), ("2025-01-01", "2026-12-31"), 9)


def name_in_the_queue(session: Session, no: str) -> str:
    """The name as messages would be made with it."""
    record = outbox_records.frozen_record(session.store.writer, find(session.store, no).serial)
    return str(record.content["visit"]["person"]["name"])


def shown_on(pdf: bytes) -> str:
    return "".join(text_of(pdf))


def faults(session: Session) -> list[str]:
    return [
        f"{one.place}：{one.text}" for one in verify(session.folder, session.store, session.library, lambda *_: None)
    ]


def forgotten(session: Session, clock: Clock) -> None:
    """Forget once the years are over."""
    set_retention_years(session, 1)
    clock.set("2026-09-01 09:00:00")
    session.confirm_clock()
    forget_person(session, NUMBER, WHY)


def test_a_person_who_went_all_the_way_is_forgotten_and_money_stands(circle: Circle, tmp_path: Path) -> None:
    counter = circle.counter
    known(counter, tmp_path)
    no, voided = settle(counter, "V1"), settle(counter, "V2")
    circle.drain()
    void(counter, voided, "录错了人")
    circle.drain()
    path = print_receipt(counter, find(counter.store, no))
    reprint(counter, find(counter.store, no))
    printed = bytes_of(counter, path)
    keep(counter, Draft(visit_no="H", person={"id": NUMBER, "name": NAME}), NAME, aside=True)
    connection = counter.store.reader
    assert NAME in shown_on(printed)
    assert plain(connection) == {"person", "person_word", "held_visit"}, "rows that never change hold no name"
    before = money(connection)
    assert name_in_the_queue(counter, no) == NAME

    assert NAME in shown_on(path.read_bytes()), "practice keeps its papers as files, too"
    anothers = path.with_stem(f"{no[:-1]}9")
    anothers.write_bytes(printed)
    forgotten(counter, circle.clock)

    anothers.unlink()
    assert [one for one in counter.folder.receipts.rglob("*.pdf") if NAME in shown_on(one.read_bytes())] == []
    with pytest.raises(GongjiError, match="已按规定删除"):
        bytes_of(counter, path)
    connection = counter.store.reader
    assert plain(connection) == set()
    assert not any(isinstance(one, FrozenRecord) and NAME in repr(one) for one in gc.get_objects())
    assert name_in_the_queue(counter, no) == FORGOTTEN, "though the uploader had read it before"
    assert money(connection) == before
    assert faults(counter) == []
    assert find_people(counter.store, NAME[:2]) == []
    assert [one.name for one in find_people(counter.store, NUMBER[-4:])] == [FORGOTTEN]
    assert visit_of(counter, find(counter.store, no)).person.name == FORGOTTEN
    again = shown_on(bytes_of(counter, print_receipt(counter, find(counter.store, no))))
    assert FORGOTTEN in again
    assert NAME not in again
    assert NAME not in shown_on(bytes_of(counter, reprint(counter, find(counter.store, no))))
    assert {one.name for one in outbox_records.in_states(connection, ["accepted", "void", "reversed"], 9)} == {
        FORGOTTEN
    }
    assert {one.name for one in records_of(connection)} == {FORGOTTEN}
    rows = pharmacy_ledgers(counter, Period(2025, 6)).prescriptions
    assert {one for row in rows for one in row} & {NAME, FORGOTTEN} == {FORGOTTEN}
    entry = entries_of(connection, Act.FORGOTTEN)[0]
    assert NUMBER not in entry.subject
    assert WHY in entry.detail
    assert faults(counter) == [], "papers made since are as whole as those before"


def test_what_remains_is_said_and_what_may_not_go_is_refused(session: Session, clock: Clock, tmp_path: Path) -> None:
    known(session, tmp_path)
    settle(session, "V1")
    back_up(session)
    told = "".join(remains_in_words(what_remains(session, NUMBER)))
    assert "1 笔结算" in told
    assert "1 个备份" in told
    for number, why, sentence in (
        (NUMBER, " ", "没有写明依据"),
        ("530399195001010013", WHY, "没有这个人"),
        (NUMBER, WHY, "没有上传完"),
    ):
        with pytest.raises(GongjiError, match=sentence):
            forget_person(session, number, why)
    with session.store.write() as connection:
        connection.execute("UPDATE leg SET state = 'accepted', open = 0, head = 0")
    with pytest.raises(GongjiError, match="保存期到 2055-06-10 才满（最后一次结算后 30 年）"):
        forget_person(session, NUMBER, WHY)
    assert plain(session.store.reader) == {"person", "person_word"}
    for years in (0, 101):
        with pytest.raises(GongjiError, match="年数应在"):
            set_retention_years(session, years)
    forgotten(session, clock)
    with pytest.raises(GongjiError, match="已按规定删除过"):
        forget_person(session, NUMBER, WHY)
    assert retention_years(session) == 1


def test_two_persons_forget(session: Session, tmp_path: Path) -> None:
    known(session, tmp_path)
    add_operator(session, "不要告诉别人 2025", OTHER, OTHER_PASSWORD, Role.MANAGER)
    with pytest.raises(NeedsSecondError):
        forget_person(session, NUMBER, WHY)
    assert plain(session.store.reader)
    attend(session, OTHER, OTHER_PASSWORD)
    forget_person(session, NUMBER, WHY)
    assert f"第二人 {OTHER}" in entries_of(session.store.reader, Act.FORGOTTEN)[0].detail
    assert plain(session.store.reader) == set()
    files = list(session.folder.path.glob("book.db*"))
    assert sum(one.stat().st_size for one in files if one.name.endswith("-wal")) == 0, "the log was cut"


def test_nothing_is_forgotten_while_somebody_reads_the_key(session: Session, tmp_path: Path) -> None:
    known(session, tmp_path)
    keep(session, Draft(visit_no="H", person={"id": NUMBER, "name": NAME}), NAME, aside=True)
    with read_meanwhile(session), pytest.raises(StoreError, match="被另一个程序占用"):
        forget_person(session, NUMBER, WHY)
    assert plain(session.store.reader), "nothing has changed"
    forget_person(session, NUMBER, WHY)
    assert not session.store.has_log()


def test_a_copy_from_before_does_not_bring_them_back(
    opened: Callable[[], Session], clock: Clock, tmp_path: Path
) -> None:
    counter = opened()
    known(counter, tmp_path)
    settle(counter, "V1")
    with counter.store.write() as connection:
        connection.execute("UPDATE leg SET state = 'accepted', open = 0, head = 0")
    copy = back_up(counter)
    assert copy is not None
    forgotten(counter, clock)
    assert check_copy(counter, copy).forgotten == 1
    restore(counter, copy)
    again = opened()
    assert plain(again.store.reader) == set()
    assert "恢复时再次删除" in entries_of(again.store.reader, Act.FORGOTTEN)[0].detail
    assert [one for one in faults(again) if "待说明" not in one] == []


def test_a_table_does_not_bring_them_back_but_a_visit_and_a_hand_do(
    session: Session, clock: Clock, tmp_path: Path
) -> None:
    known(session, tmp_path)
    no = settle(session, "V1")
    with session.store.write() as connection:
        connection.execute("UPDATE leg SET state = 'accepted', open = 0, head = 0")
    forgotten(session, clock)
    known(session, tmp_path)
    assert plain(session.store.reader) == set()
    later = settle_text(
        session, text(diagnosed("V2", person=SICK | {"name": "欧阳紫"}, settled_on="2026-09-01"))
    ).stored
    assert later is not None
    assert visit_of(session, later).person.name == "欧阳紫"
    assert visit_of(session, find(session.store, no)).person.name == FORGOTTEN
    assert faults(session) == []
    assert keep_by_hand(session, "people", person(1, 身份证号=NUMBER, 姓名=NAME)).wrong == ()
    assert [one.name for one in find_people(session.store, NAME)] == [NAME]
    assert visit_of(session, find(session.store, no)).person.name == FORGOTTEN, "the key of then is gone"


def test_what_was_kept_before_people_had_keys_stays_and_is_not_shown(
    session: Session, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(session, tmp_path)
    with monkeypatch.context() as older:
        older.setattr(person_keys, "_key_made", lambda *_: None)
        no = settle(session, "V1")
        print_receipt(session, find(session.store, no))
    with session.store.write() as connection:
        connection.execute("UPDATE leg SET state = 'accepted', open = 0, head = 0")
    bytes_before = connection.execute("SELECT body FROM visit").fetchall()
    assert NAME.encode() in compressed_text.plain(bytes_before[0][0])
    assert what_remains(session, NUMBER).older == 1
    forgotten(session, clock)
    reader = session.store.reader
    assert reader.execute("SELECT body FROM visit").fetchall() == bytes_before, "bytes that are frozen stay"
    assert plain(reader) == {"visit", "record", "paper"}
    assert visit_of(session, find(session.store, no)).person.name == FORGOTTEN
    shown = shown_on(bytes_of(session, print_receipt(session, find(session.store, no))))
    assert FORGOTTEN in shown
    assert NAME not in shown
    assert faults(session) == []


@pytest.mark.parametrize("harm", ["DELETE FROM person_key", "UPDATE person_key SET key = randomblob(32)"])
def test_a_key_that_is_lost_is_not_a_person_forgotten(session: Session, tmp_path: Path, harm: str) -> None:
    known(session, tmp_path)
    no = settle(session, "V1")
    print_receipt(session, find(session.store, no))
    reader, serial = session.store.reader, find(session.store, no).serial
    assert outbox_records.frozen_record(reader, serial).content["visit"]["person"]["name"] == NAME
    session.store.writer.execute(harm)
    for read in (settlements.visit_body, record_body_of, outbox_records.frozen_record, receipts.newest):
        with pytest.raises(StoreError, match="已损坏"):
            read(reader, serial)
    with pytest.raises(StoreError, match="已损坏"):
        bytes_of(session, session.folder.receipts / f"2025/06/{no}.pdf")
    found = "".join(faults(session))
    assert "上传内容与登记的指纹不符" in found
    assert "所存的单据与打印时的指纹不符" in found


SEALED_LONG = "gongji-sealed:" + base64.b64encode(bytes(60)).decode()


@pytest.mark.parametrize("words", ["gongji-sealed:AAA", "gongji-sealed:AAAA", SEALED_LONG])
def test_words_that_look_like_a_sealed_name_are_read_as_they_are(session: Session, words: str) -> None:
    care = {"diagnoses": [{"code": "J06.900", "name": words}]}
    settled = settle_text(session, text(diagnosed("V1", line("9.00", name=words), person=SICK, care=care))).stored
    nameless = settle_text(
        session, text(diagnosed("V2", line("9.00", name=words), person=SICK | {"name": ""}, care=care))
    ).stored
    assert settled is not None
    assert nameless is not None
    assert visit_of(session, settled).person.name == NAME
    assert [visit_of(session, one).lines[0].name for one in (settled, nameless)] == [words, words]
    assert faults(session) == []


def test_without_a_settlement_nothing_has_to_be_waited_for(session: Session, tmp_path: Path) -> None:
    known(session, tmp_path)
    assert what_remains(session, NUMBER).until is None
    forget_person(session, NUMBER, "本人要求")
    assert plain(session.store.reader) == set()
    assert people.find(session.store.reader, NUMBER, "2025-06-10") is not None
    _, kept = tally.kept(session.store.reader)
    assert list(tally_check.misfits(session.store.reader, kept)) == []


def test_the_command_says_first_and_does_it_with_a_reason(
    opened: Callable[[], Session],
    clock: Clock,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counter = opened()
    known(counter, tmp_path)
    add_operator(counter, "不要告诉别人 2025", OTHER, OTHER_PASSWORD, Role.MANAGER)
    where = ["--data", str(counter.folder.path), "--operator", counter.operator]
    counter.close()
    monkeypatch.setenv("GONGJI_PASSWORD", "不要告诉别人 2025")
    assert run(["forget", NUMBER, *where], clock) == 0
    assert "不能再读出" in capsys.readouterr().out
    assert run(["forget", NUMBER, "--reason", WHY, *where], clock) == 2
    assert "要两个人" in capsys.readouterr().err
    assert run(["forget", NUMBER, "--reason", WHY, "--second", OTHER, *where], clock) == 2
    assert f"缺少第二人 {OTHER} 的口令" in capsys.readouterr().err
    monkeypatch.setenv("GONGJI_SECOND_PASSWORD", OTHER_PASSWORD)
    assert run(["forget", "--years", "15", "--second", OTHER, *where], clock) == 0
    assert run(["forget", NUMBER, "--reason", WHY, "--second", OTHER, *where], clock) == 0
    assert run(["forget", *where], clock) == 2
    again = opened()
    assert retention_years(again) == 15
    assert plain(again.store.reader) == set()
