"""设置 and 开放参数: what may be kept, who entered what, and what is refused in a sentence."""

from pathlib import Path

import pytest
from msgspec import structs

from gongji.desk.clinic.backup.backup import back_up, copies
from gongji.desk.clinic.backup.check_copy import check_copy
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.first_start.create import start_own, start_training
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.operators import add_operator, change_password, make_recovery_key, operators, remove_operator
from gongji.desk.clinic.printing_settings import PaperSettings, paper_ways, set_paper_ways
from gongji.desk.clinic.settings import set_clinic
from gongji.desk.policies.parameters import enter, entered, places_of, value_of
from gongji.desk.records import find_records, record_of
from gongji.desk.roles import Role, attend
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.upload.gateway.gateway_settings import set_gateway
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings, gateway
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD, text, visit
from tests.support.clock import Clock

OTHER = "另一个口令 2025"


class TestOperators:
    def test_somebody_new_opens_the_book_and_may_be_dismissed(
        self, session: Session, library: Library, clock: Clock
    ) -> None:
        add_operator(session, PASSWORD, "王芳", OTHER, Role.MANAGER)
        assert operators(session) == (OPERATOR, "王芳")
        path = session.folder.path
        session.close()
        second = open_counter(path, library, clock, "王芳", OTHER)
        attend(second, OPERATOR, PASSWORD)
        remove_operator(second, OTHER, OPERATOR)
        second.close()
        with pytest.raises(GongjiError, match="不对"):
            open_counter(path, library, clock, OPERATOR, PASSWORD)

    def test_a_changed_password_is_the_only_one(self, session: Session, library: Library, clock: Clock) -> None:
        change_password(session, PASSWORD, OTHER)
        path = session.folder.path
        session.close()
        with pytest.raises(GongjiError, match="不对"):
            open_counter(path, library, clock, OPERATOR, PASSWORD)
        open_counter(path, library, clock, OPERATOR, OTHER).close()

    @pytest.mark.parametrize(
        ("own", "name", "password", "words"),
        [
            ("错的口令", "王芳", OTHER, "不对"),
            (PASSWORD, OPERATOR, OTHER, "已有"),
            (PASSWORD, " ", OTHER, "姓名"),
            (PASSWORD, "王芳", "123", "太短"),
            (PASSWORD, "王芳", "红\u200b\u200c\u200d\u2060旗", "看不见的字符"),
            (PASSWORD, "王芳", "第一行\n第二行", "换行"),
        ],
    )
    def test_what_is_wrong_is_said(self, session: Session, own: str, name: str, password: str, words: str) -> None:
        with pytest.raises(GongjiError, match=words):
            add_operator(session, own, name, password)
        assert operators(session) == (OPERATOR,)

    def test_nobody_removes_themselves(self, session: Session) -> None:
        with pytest.raises(GongjiError, match="自己"):
            remove_operator(session, PASSWORD, OPERATOR)


class TestTheClinic:
    def test_a_new_name_counts_from_now_on(self, session: Session) -> None:
        set_clinic(session, {**INSTITUTION, "name": "曲水镇中心卫生院"})
        assert session.clinic.institution["name"] == "曲水镇中心卫生院"

    @pytest.mark.parametrize("change", [{"id": "H2"}, {"type": "castle"}, {"level": ""}])
    def test_what_cannot_be_is_refused(self, session: Session, change: dict[str, str]) -> None:
        with pytest.raises(GongjiError):
            set_clinic(session, {**INSTITUTION, **change})
        assert session.clinic.institution == INSTITUTION

    def test_papers_and_gateway_are_kept(self, session: Session) -> None:
        ways = PaperSettings(paper="80", checker="赵敏", always_explained=True)
        set_paper_ways(session, ways)
        assert paper_ways(session) == ways
        set_gateway(session, GatewaySettings(address="https://10.1.2.3/fsi", region="plain"))
        assert gateway(session).address == "https://10.1.2.3/fsi"
        with pytest.raises(GongjiError, match="不加密"):
            set_gateway(session, GatewaySettings(address="http://10.1.2.3", region="plain"))
        with pytest.raises(GongjiError, match="没有纸张"):
            set_paper_ways(session, PaperSettings(paper="B5", checker="", always_explained=False))

    def test_a_copy_holds_what_was_settled(self, session: Session, tmp_path: Path) -> None:
        settle_text(session, text(visit("V1")))
        make_recovery_key(session, PASSWORD)
        place = back_up(session, tmp_path)
        assert place is not None
        assert [name for name, _ in copies(session)] == ["book-20250610090000.db"]
        assert check_copy(session, place).settlements == 1


class TestParameters:
    def test_each_entry_stays_with_who_and_from_where(self, session: Session, library: Library) -> None:
        policy = library.editions(AREA)[-1]
        enter(session, policy, "inpatient_cap", "61500", "曲靖医保 2025 年 1 号")
        enter(session, policy, "inpatient_cap", "62000", "曲靖医保 2025 年 9 号")
        newest, before = entered(session, AREA)
        assert (newest.value, newest.notice, newest.operator) == ("62000", "曲靖医保 2025 年 9 号", OPERATOR)
        assert before.value == "61500"

    def test_places_cover_every_key_and_say_what_the_document_fixes(self, library: Library) -> None:
        policy = library.editions(AREA)[-1]
        found = places_of(policy, policy.pack.parameter["inpatient_deductible"], ())
        assert [(one.words, one.fixed) for one in found] == [("一级及以下", None), ("二级", None), ("三级", "600")]
        ratios = places_of(policy, policy.pack.parameter["inpatient_ratio"], ())
        value = value_of({one.keys: "0.9" for one in ratios if one.keys[0] == "employed"})
        assert value == {"employed": {"1": "0.9", "2": "0.9", "3": "0.9"}}

    @pytest.mark.parametrize(
        ("value", "notice", "words"),
        [("61500", " ", "通知"), ("", "1 号", "没有填"), ("很多", "1 号", "金额"), ({}, "1 号", "没有填")],
    )
    def test_what_is_wrong_is_said(
        self, session: Session, library: Library, value: object, notice: str, words: str
    ) -> None:
        with pytest.raises(GongjiError, match=words):
            enter(session, library.editions(AREA)[-1], "inpatient_cap", value, notice)
        assert entered(session, AREA) == []


class TestFinding:
    def test_by_name_initials_number_receipt_identity_and_amount(self, session: Session) -> None:
        done = settle_text(session, text(visit("V1")))
        assert done.stored is not None
        one = done.stored
        for typed in ("张秀", "zxy", one.no, one.no[-4:], one.receipt_no, one.person_id[:10], "100.00", "100"):
            assert [head.no for head in find_records(session, typed)] == [one.no], typed
        for typed in ("李", "99.99", "02-2025", "100%"):
            assert find_records(session, typed) == [], typed
        assert record_of(session, one.no).quote.totals == one.totals

    def test_only_of_the_days_asked_for(self, session: Session, clock: Clock) -> None:
        settle_text(session, text(visit("V1")))
        today = clock.moment.date()
        before = today.replace(day=1)
        assert len(find_records(session, "", (today, today))) == 1
        assert find_records(session, "", (before, before)) == []


class TestStarting:
    def test_a_folder_of_ones_own(self, library: Library, clock: Clock, tmp_path: Path) -> None:
        one = Beginning(
            counter="01", area=AREA, institution=INSTITUTION, operator="李红", password=OTHER, training=False
        )
        path = start_own(tmp_path / "own", one, "", library, clock)
        open_counter(path, library, clock, "李红", OTHER).close()

    def test_training_is_made_once(self, library: Library, clock: Clock, tmp_path: Path) -> None:
        clock.set("2026-11-22 10:00:00")
        path = start_training(tmp_path / "training", library, clock)
        made = (path / "folder.json").read_bytes()
        assert (start_training(path, library, clock) / "folder.json").read_bytes() == made


class TestNames:
    def test_a_clinic_and_a_checker_are_called_what_is_seen(self, session: Session) -> None:
        set_clinic(session, {**INSTITUTION, "name": "曲水镇卫生院\r\n"})
        assert session.clinic.institution["name"] == "曲水镇卫生院"
        with pytest.raises(GongjiError, match="看不见的字符"):
            set_clinic(session, {**INSTITUTION, "name": "曲水镇\u202e卫生院"})
        ways = PaperSettings(paper=paper_ways(session).paper, checker="赵敏\t", always_explained=False)
        set_paper_ways(session, ways)
        assert paper_ways(session).checker == "赵敏"
        with pytest.raises(GongjiError, match="看不见的字符"):
            set_paper_ways(session, structs.replace(ways, checker="赵\u200b敏"))

    def test_a_new_counter_is_called_what_is_seen(self, tmp_path: Path, library: Library, clock: Clock) -> None:
        named = {**INSTITUTION, "name": "曲水乡\n卫生院"}
        one = Beginning(counter="01", area=AREA, institution=named, operator=OPERATOR, password=None, training=True)
        with pytest.raises(GongjiError, match="看不见的字符"):
            begin(tmp_path / "new", one, library, clock)
        assert not (tmp_path / "new").exists()
