"""Who may open the book and do what: keys, names, passwords, roles, a second person, a folder that was copied."""

import hashlib
import importlib
import json
import pkgutil
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import gongji.desk
from gongji.desk import roles
from gongji.desk.clinic import locks
from gongji.desk.clinic.backup.backup import back_up
from gongji.desk.clinic.backup.check_copy import check_copy
from gongji.desk.clinic.backup.relocate import CopiedFolderError, Whereabouts
from gongji.desk.clinic.backup.restore import restore
from gongji.desk.clinic.locks import LockedError
from gongji.desk.clinic.open import open_counter, open_to_read_with, recover
from gongji.desk.clinic.operators import (
    add_operator,
    admit_reader,
    make_recovery_key,
    operators,
    remove_operator,
    reset_password,
    set_role,
    try_recovery_key,
)
from gongji.desk.imports.forget_person import forget_person
from gongji.desk.roles import BY_TWO, GUARDED, TABLE, NeedsSecondError, NotAllowedError, Role, attend, attended
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.store import audit, settings
from gongji.store.book_file import keys
from gongji.store.errors import StoreError
from gongji.store.settlements import settlements
from gongji.store.upload import stick_packages
from tests.desk.settlements.test_settle import findings, settle
from tests.support.clinic import OPERATOR, PASSWORD, PERSON, text, visit
from tests.support.clock import Clock

OTHER = "王芳的口令 1"
ROOT = Path(__file__).parents[2]


def roles_table() -> str:
    """Who may do what as a Markdown table, for docs/roles.md."""
    named = [one for one in Role if one is not Role.NONE]
    lines = [
        f"| 做什么 | {' | '.join(roles.ROLE_WORDS[one] for one in named)} | 两个人 |",
        f"|---|{'---|' * (len(named) + 1)}",
    ]
    for act, (words, allowed) in TABLE.items():
        marks = " | ".join("是" if one in allowed else "" for one in named)
        lines.append(f"| {words} | {marks} | {'是' if act in BY_TWO else ''} |")
    return "\n".join(lines) + "\n"


def details(session: Session, act: str) -> list[str]:
    return [one.detail for one in audit.of_acts(session.store.reader, [act])]


class TestKeys:
    def test_who_left_opens_nothing_not_even_with_an_old_file_of_keys(
        self, session: Session, data: Path, library: Library, clock: Clock, opened: Callable[[], Session]
    ) -> None:
        settle(session, visit("V1"))
        add_operator(session, PASSWORD, "王芳", OTHER)
        before = (data / "keys.json").read_bytes()
        copy = back_up(session)
        assert copy is not None
        remove_operator(session, PASSWORD, "王芳")
        assert operators(session) == (OPERATOR,)
        assert findings(session) == []
        assert check_copy(session, copy).settlements == 1  # made under the key of before
        settle(session, visit("V2"))
        session.close()
        now = (data / "keys.json").read_bytes()
        for name in ("keys.json", "keys.copy.json"):
            (data / name).write_bytes(before)
        with pytest.raises(StoreError):
            open_counter(data, library, clock, "王芳", OTHER)
        for name in ("keys.json", "keys.copy.json"):
            (data / name).write_bytes(now)
        again = opened()
        restore(again, copy)
        assert settlements.count(opened().store.reader) == 1

    @pytest.mark.parametrize("stops", ["before the book", "after the book"])
    def test_stopped_between_keys_and_book_it_opens_and_finishes(
        self, session: Session, opened: Callable[[], Session], stops: str
    ) -> None:
        settle(session, visit("V1"))
        key = keys.new_key()
        session.folder.prepare(key, None)
        if stops == "after the book":
            session.store.rekey(key)
        session.close()
        again = opened()
        assert not again.folder.is_being_rekeyed
        assert again.store.key == (key if stops == "after the book" else again.folder.key(OPERATOR, PASSWORD))
        assert findings(again) == []
        again.close()
        assert opened().store.key == again.folder.key(OPERATOR, PASSWORD)

    def test_a_key_that_lies_open_in_a_clinics_folder_is_not_taken(
        self, session: Session, data: Path, library: Library, clock: Clock
    ) -> None:
        key = session.store.key.hex()
        session.close()
        for name in ("keys.json", "keys.copy.json"):
            (data / name).write_text(json.dumps({"training": key}))
        with pytest.raises(GongjiError, match="不对"):
            open_counter(data, library, clock, "任何人", "任何口令")

    def test_a_clinics_own_book_is_not_opened_as_training_nor_training_as_a_clinics(
        self, session: Session, data: Path, library: Library, clock: Clock
    ) -> None:
        """The card and the file of keys are anybody's to write who has a key; the book says itself what it is."""
        key = session.store.key.hex()
        session.close()
        card = json.loads((data / "folder.json").read_text())
        (data / "folder.json").write_text(json.dumps({**card, "training": True}))
        for name in ("keys.json", "keys.copy.json"):
            (data / name).write_text(json.dumps({"training": key}))
        before = (data / "book.db").read_bytes()
        with pytest.raises(GongjiError, match="与数据文件不符"):
            open_counter(data, library, clock)
        assert (data / "book.db").read_bytes() == before

    def test_costs_beyond_reason_are_not_paid(self, session: Session) -> None:
        one = keys.wrap(session.store.key, "王芳", OTHER)
        assert keys.unwrap(one, OTHER) == session.store.key
        for name, value in (("memory_kib", 3 << 20), ("iterations", 10**6), ("lanes", 1000), ("memory_kib", 0)):
            changed = type(one)(**{**{each: getattr(one, each) for each in one.__struct_fields__}, name: value})
            assert keys.unwrap(changed, OTHER) is None

    def test_the_recovery_key_lets_somebody_in_again_and_goes_along_alone(
        self, session: Session, data: Path, library: Library, clock: Clock, tmp_path: Path
    ) -> None:
        settle(session, visit("V1"))
        with pytest.raises(GongjiError, match="还没有恢复钥匙"):
            back_up(session, tmp_path)
        secret = make_recovery_key(session, PASSWORD)
        with pytest.raises(GongjiError, match="打不开"):
            try_recovery_key(session, keys.new_paper_key(bytes(32), "x")[1])
        assert session.folder.recovery is not None
        assert not session.folder.recovery.tried
        try_recovery_key(session, f" {secret.lower()} \n")
        tried = session.folder.recovery
        assert tried is not None
        assert tried.tried
        assert secret not in "".join(one.read_text("utf-8", "replace") for one in data.glob("*.json"))
        stick = back_up(session, tmp_path)
        assert stick is not None
        told = json.loads((stick / "keys.json").read_bytes())
        assert (told.get("wrappings", []), told["recovery"]["recipient"]) == ([], session.folder.recovery.recipient)
        assert OPERATOR not in (stick / "keys.json").read_text("utf-8")
        with pytest.raises(GongjiError, match="不对"):
            open_counter(stick, library, clock, OPERATOR, PASSWORD)
        recover(stick, secret, "赵敏", "赵敏的口令 9", library, clock)
        with pytest.raises(CopiedFolderError):
            open_counter(stick, library, clock, "赵敏", "赵敏的口令 9")
        with pytest.raises(GongjiError, match="打不开"):
            recover(stick, keys.new_paper_key(bytes(32), "x")[1], "赵敏", "赵敏的口令 9", library, clock)

    def test_a_reviewer_looks_with_a_key_of_their_own_and_no_operator_s_password(
        self, session: Session, data: Path
    ) -> None:
        settle(session, visit("V1"))
        mine, secret = keys.new_paper_key(bytes(32), "县审计")
        admit_reader(session, PASSWORD, "县审计", mine.recipient)
        with pytest.raises(GongjiError, match="不是 age 公钥"):
            admit_reader(session, PASSWORD, "县审计", "age1nothing")
        session.close()
        store = open_to_read_with(data, secret, None, None)
        assert settlements.count(store.reader) == 1
        store.close()


class TestNamesAndPasswords:
    @pytest.mark.parametrize(
        "name",
        ["李\u00a0红", "李 红", "李红", "\u202e红李", "李\x1b[2J", "李\n红", "李" * 21, "李\u200b红", "Ив\u0430н"],
    )
    def test_a_name_is_what_it_looks_like(self, session: Session, name: str) -> None:
        with pytest.raises(GongjiError):
            add_operator(session, PASSWORD, name, OTHER)
        assert operators(session) == (OPERATOR,)

    def test_it_is_kept_in_one_spelling(self, session: Session) -> None:
        add_operator(session, PASSWORD, "王芳０１", OTHER)
        assert operators(session)[1] == "王芳01"
        with pytest.raises(GongjiError, match="已有"):
            add_operator(session, PASSWORD, "王芳 O1", OTHER)

    @pytest.mark.parametrize(
        "password", ["", " ", "      ", "12345", "123456", "111111111111", "password", "aaaaaaaaaa"]
    )
    def test_a_password_that_is_guessed_at_once_is_refused(self, session: Session, password: str) -> None:
        with pytest.raises(GongjiError, match="口令"):
            add_operator(session, PASSWORD, "王芳", password)

    def test_wrong_ones_make_the_next_wait_longer_across_restarts_and_are_logged(
        self, session: Session, data: Path, library: Library, clock: Clock
    ) -> None:
        session.close()
        for name in (OPERATOR, "没有的人"):
            waits = []
            for _ in range(7):
                with pytest.raises(GongjiError, match="不对"):
                    open_counter(data, library, clock, name, "不对的口令")
                try:
                    open_counter(data, library, clock, name, PASSWORD if name == OPERATOR else "x" * 9).close()
                except LockedError as error:
                    waits.append(str(error))
                    clock.forward(minutes=30)
                except GongjiError:
                    pass
                else:
                    break
            assert bool(waits) == (name != OPERATOR)
        for _ in range(5):
            with pytest.raises(GongjiError, match="不对"):
                open_counter(data, library, clock, OPERATOR, "不对的口令")
        with pytest.raises(LockedError, match="30 秒"):
            open_counter(data, library, clock, OPERATOR, PASSWORD)
        clock.forward(seconds=31)
        again = open_counter(data, library, clock, OPERATOR, PASSWORD)
        assert details(again, "locked") == ["登录前连续输错口令 5 次"]
        again.close()

    def test_a_clock_that_is_put_back_makes_nobody_wait_until_that_day(
        self, session: Session, data: Path, library: Library, clock: Clock
    ) -> None:
        session.close()
        clock.forward(days=400)
        for _ in range(5):
            with pytest.raises(GongjiError, match="不对"):
                open_counter(data, library, clock, OPERATOR, "不对的口令")
        clock.forward(days=-400)
        with pytest.raises(LockedError, match="30 秒"):
            open_counter(data, library, clock, OPERATOR, PASSWORD)
        clock.forward(seconds=31)
        open_counter(data, library, clock, OPERATOR, PASSWORD).close()

    def test_a_file_of_wrong_passwords_that_is_damaged_or_forged_locks_nobody_out(
        self, session: Session, data: Path, library: Library, clock: Clock
    ) -> None:
        session.close()
        name = hashlib.sha256(OPERATOR.encode()).hexdigest()[:16]
        for failures in (-1, 10**12, "x", 6):
            for until in ("x", "2025-13-45 99:99:99", "9999-12-31 23:59:59", 5):
                (data / "lockout.json").write_text(json.dumps({name: {"failures": failures, "until": until}}))
                with suppress(LockedError):
                    locks.refuse_while_locked(data, OPERATOR, clock())
                clock.forward(hours=1, seconds=1)
                locks.refuse_while_locked(data, OPERATOR, clock())
                locks.failed(data, OPERATOR, clock())
        locks.passed(data, OPERATOR)
        open_counter(data, library, clock, OPERATOR, PASSWORD).close()


class TestRoles:
    @pytest.fixture
    def as_role(self, session: Session, library: Library, clock: Clock) -> Iterator[Callable[[Role], Session]]:
        add_operator(session, PASSWORD, "王芳", OTHER)
        path = session.folder.path
        session.close()
        sessions: list[Session] = []

        def sit(role: Role) -> Session:
            if sessions and sessions[-1].is_open:
                sessions[-1].close()
            first = open_counter(path, library, clock, OPERATOR, PASSWORD)
            attend(first, "王芳", OTHER)
            set_role(first, PASSWORD, "王芳", role)
            first.close()
            sessions.append(open_counter(path, library, clock, "王芳", OTHER))
            return sessions[-1]

        yield sit
        sessions[-1].close()

    def test_every_act_is_refused_to_every_role_that_may_not_do_it(self, as_role: Callable[[Role], Session]) -> None:
        """Each function that a row of the table guards, with each role: refused before anything else is looked at."""
        for found in pkgutil.walk_packages(gongji.desk.__path__, "gongji.desk."):
            importlib.import_module(found.name)  # so that every guard is known
        walked = 0
        for role in (one for one in Role if one is not Role.NONE):
            counter = as_role(role)
            for act, names in GUARDED.items():
                for name in names:
                    module, function = name.rsplit(".", 1)
                    act_of_desk = getattr(importlib.import_module(module), function)
                    walked += 1
                    if role in TABLE[act][1]:
                        roles.allow(counter, act)
                        continue
                    with pytest.raises(NotAllowedError):
                        act_of_desk(counter)
        print(f"{walked} acts × roles")
        assert {*GUARDED} | {"void_closed", "explain", "reveal", "import"} >= {*TABLE}
        assert walked > 80

    def test_the_documents_have_the_table_as_it_is(self) -> None:
        assert roles_table() in (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")

    def test_two_passwords_and_both_named(self, session: Session, library: Library, clock: Clock) -> None:
        add_operator(session, PASSWORD, "王芳", OTHER, Role.MANAGER)
        with pytest.raises(NeedsSecondError):
            add_operator(session, PASSWORD, "赵敏", "赵敏的口令 9")
        with pytest.raises(GongjiError, match="不对"):
            attend(session, "王芳", "不对的口令")
        with pytest.raises(GongjiError, match="自己"):
            attend(session, OPERATOR, PASSWORD)
        attend(session, "王芳", OTHER)
        add_operator(session, PASSWORD, "赵敏", "赵敏的口令 9")
        assert details(session, "operator")[-1] == "增加操作员 赵敏（cashier）；第二人 王芳"
        with pytest.raises(NeedsSecondError):  # each act anew
            remove_operator(session, PASSWORD, "赵敏")
        attend(session, "王芳", OTHER)
        clock.forward(minutes=3)
        with pytest.raises(NeedsSecondError):
            remove_operator(session, PASSWORD, "赵敏")
        assert details(session, "operator")[0].endswith("没有第二人")
        assert {*BY_TWO} <= {*TABLE}
        assert library is not None
        assert roles.role_of(session) is Role.MANAGER

    def test_what_was_confirmed_for_an_act_that_is_refused_confirms_no_other(self, session: Session) -> None:
        add_operator(session, PASSWORD, "王芳", OTHER, Role.MANAGER)
        settle(session, visit("V1"))
        with pytest.raises(GongjiError, match="没有写明依据"):
            attended(session, "王芳", OTHER, lambda: forget_person(session, PERSON["id"], ""))
        with pytest.raises(NeedsSecondError):
            add_operator(session, PASSWORD, "赵敏", "赵敏的口令 9")
        with pytest.raises(GongjiError, match="不对"):
            attended(session, "", OTHER, lambda: add_operator(session, PASSWORD, "赵敏", "赵敏的口令 9"))
        attend(session, "王芳", OTHER)
        attended(session, None, "", lambda: add_operator(session, PASSWORD, "赵敏", "赵敏的口令 9"))
        attended(session, "王芳", OTHER, lambda: remove_operator(session, PASSWORD, "赵敏"))
        assert details(session, "operator")[-1].endswith("第二人 王芳")

    def test_a_forgotten_password_is_set_anew(self, session: Session, library: Library, clock: Clock) -> None:
        new = "王芳的新口令 3"
        add_operator(session, PASSWORD, "王芳", OTHER)
        for own, name, password, why in (
            (PASSWORD, OPERATOR, new, "自己"),
            (PASSWORD, "没有的人", new, "没有操作员"),
            (PASSWORD, "王芳", "1234", "太短"),
            ("不对的口令", "王芳", new, "不对"),
        ):
            with pytest.raises(GongjiError, match=why):
                reset_password(session, own, name, password)
        path = session.folder.path
        for _ in range(6):
            locks.failed(path, "王芳", clock())
        reset_password(session, PASSWORD, "王芳", new)
        assert details(session, "operator")[-1] == "重设 王芳 的口令；没有第二人"
        session.close()
        with pytest.raises(GongjiError, match="不对"):
            open_counter(path, library, clock, "王芳", OTHER)
        theirs = open_counter(path, library, clock, "王芳", new)
        assert roles.role_of(theirs) is Role.CASHIER
        with pytest.raises(NotAllowedError):
            reset_password(theirs, new, OPERATOR, "新的口令 2026")
        theirs.close()

    def test_who_would_stand_by_is_not_made_up(self, session: Session) -> None:
        """With two managers one could set the other's password and be both; a third has to stand by, or the paper."""
        add_operator(session, PASSWORD, "王芳", OTHER, Role.MANAGER)
        with pytest.raises(GongjiError, match="只有“王芳”能做第二人") as refused:
            reset_password(session, PASSWORD, "王芳", "王芳的新口令 3")
        assert "恢复钥匙" in refused.value.advice
        attend(session, "王芳", OTHER)
        add_operator(session, PASSWORD, "赵敏", "赵敏的口令 9", Role.MANAGER)
        with pytest.raises(NeedsSecondError):
            reset_password(session, PASSWORD, "王芳", "王芳的新口令 3")
        attend(session, "赵敏", "赵敏的口令 9")
        reset_password(session, PASSWORD, "王芳", "王芳的新口令 3")
        assert details(session, "operator")[-1] == "重设 王芳 的口令；第二人 赵敏"

    def test_the_last_manager_stays(self, session: Session, library: Library, clock: Clock) -> None:
        add_operator(session, PASSWORD, "王芳", OTHER, Role.MANAGER)
        path = session.folder.path
        session.close()
        second = open_counter(path, library, clock, "王芳", OTHER)
        attend(second, OPERATOR, PASSWORD)
        remove_operator(second, OTHER, OPERATOR)
        with pytest.raises(GongjiError, match="自己"):
            remove_operator(second, OTHER, "王芳")
        second.close()
        with pytest.raises(GongjiError, match="不对"):
            open_counter(path, library, clock, OPERATOR, PASSWORD)


class TestPlaces:
    @pytest.fixture
    def copied(self, session: Session, tmp_path: Path) -> Path:
        settle(session, visit("V1"))
        session.close()
        return Path(shutil.copytree(session.folder.path, tmp_path / "copy"))

    def open_it(self, path: Path, library: Library, clock: Clock, said: Whereabouts | None = None) -> Session:
        return open_counter(path, library, clock, OPERATOR, PASSWORD, whereabouts=said or Whereabouts())

    def test_a_copied_folder_is_not_opened_without_an_answer(
        self, copied: Path, opened: Callable[[], Session], library: Library, clock: Clock
    ) -> None:
        before = {one.name: one.read_bytes() for one in copied.glob("*.db*")}
        with pytest.raises(CopiedFolderError, match="复制出来的"):
            self.open_it(copied, library, clock)
        assert {one.name: one.read_bytes() for one in copied.glob("*.db*")} == before
        assert settle(opened(), visit("V2")).no == "01-20250610-000002"  # the first one goes on

    def test_it_becomes_another_counter_and_leaves_the_firsts_queue_alone(
        self, copied: Path, library: Library, clock: Clock
    ) -> None:
        other = self.open_it(copied, library, clock, Whereabouts(another="02"))
        one = settle(other, visit("V2", person={"id": "530399198501010012", "name": "李强", "status": "employed"}))
        assert (one.no[:3], one.receipt_no[:2]) == ("02-", "02")
        assert len(stick_packages.out(other.store.reader)) == 1
        assert any("复制成为 02" in one for one in findings(other))
        other.close()
        self.open_it(copied, library, clock).close()  # at home here from now on

    @pytest.mark.parametrize("code", ["01", "2", "abc", ""])
    def test_a_code_that_cannot_be_is_refused(self, copied: Path, library: Library, clock: Clock, code: str) -> None:
        with pytest.raises(GongjiError, match="代码"):
            self.open_it(copied, library, clock, Whereabouts(another=code))

    def test_moved_for_good_it_skips_numbers_that_may_be_on_paper_and_asks_first(
        self, copied: Path, tmp_path: Path, library: Library, clock: Clock
    ) -> None:
        """Two folders set up from one copy: neither gives a number the first one gave, nor each other's."""
        twin = Path(shutil.copytree(copied, tmp_path / "twin"))
        numbers, origins = [], []
        for path in (copied, twin):
            moved = self.open_it(path, library, clock, Whereabouts(moved=True))
            assert moved.store.reader.execute(
                "SELECT value FROM setting WHERE name = 'reconcile_first'"
            ).fetchone() == ("1",)
            moved.close()
            again = self.open_it(path, library, clock)
            done = settle_text(again, text(visit("V9")))
            assert done.stored is not None
            numbers.append(done.stored.serial)
            origins.append(settings.get(again.store.reader, "origin"))
            again.close()
        assert min(numbers) > 500
        assert len({*origins}) == 2
