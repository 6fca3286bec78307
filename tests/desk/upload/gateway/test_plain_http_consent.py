"""Two passwords, not two names: for plain http of one run, at a counter and at a carrier's PC."""

import datetime
from pathlib import Path

import pytest
from msgspec import json

from gongji.core.dates import CHINA
from gongji.desk.clinic.locks import LockedError
from gongji.desk.clinic.operators import add_operator
from gongji.desk.roles import Role
from gongji.desk.session import Session
from gongji.desk.upload.gateway.gateway_guard import check_destination
from gongji.desk.upload.gateway.gateway_settings import OnceOnly, line_address
from gongji.desk.upload.gateway.plain_http_consent import Ask, consent_at_carrier, consent_at_counter
from gongji.errors import GongjiError
from gongji.store import audit
from gongji.store.book_file import keys
from tests.desk.upload.gateway.test_gateway_guard import session
from tests.support.clinic import OPERATOR, PASSWORD

_ = session

ADDRESS = "http://10.1.2.3:8080/fsi"
NOW = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=CHINA)
FIRST, SECOND = "李红的口令 1", "王强的口令 2"


def says(**passwords: str) -> Ask:
    def ask(name: str, _new: bool) -> str:  # as the desk calls it
        return passwords[name]

    return ask


def enrol(folder: Path, **passwords: str) -> None:
    with pytest.raises(GongjiError, match="还没有署名"):
        consent_at_carrier(folder, list(passwords), says(**passwords), NOW)


class TestAtTheCounter:
    def test_the_operator_and_another_who_gives_a_password(self, session: Session) -> None:
        add_operator(session, PASSWORD, "王强", SECOND, Role.MANAGER)
        with pytest.raises(GongjiError, match="不对"):
            consent_at_counter(session, ADDRESS, ["王强"], says(王强="不是这个"))
        agreed = consent_at_counter(session, ADDRESS, [OPERATOR, "王强"], says(王强=SECOND))
        assert agreed == (OPERATOR, "王强")
        once = OnceOnly(address=ADDRESS, region="plain", is_named=True, approved=agreed)
        assert line_address(session, {}, once).url == ADDRESS
        told = [one.detail for one in audit.of_acts(session.store.reader, ["gateway"])]
        assert told[-1].startswith(f"{ADDRESS} 不加密，仅这一次，署名：{OPERATOR}、王强")

    def test_who_may_not_change_the_gateway_is_no_second(self, session: Session) -> None:
        add_operator(session, PASSWORD, "王强", SECOND)
        agreed = consent_at_counter(session, ADDRESS, [OPERATOR], says())
        with pytest.raises(GongjiError, match="不加密"):
            check_destination(ADDRESS, "plain", training=False, is_named=True, approved=agreed)
        with pytest.raises(GongjiError, match="王强 不能改网关"):
            consent_at_counter(session, ADDRESS, ["王强"], says(王强=SECOND))

    def test_nor_is_that_one_where_somebody_else_could_be(self, session: Session) -> None:
        add_operator(session, PASSWORD, "王强", SECOND)
        add_operator(session, PASSWORD, "赵敏", FIRST, Role.MANAGER)
        with pytest.raises(GongjiError, match="王强 不能改网关"):
            consent_at_counter(session, ADDRESS, ["王强"], says(王强=SECOND))

    def test_a_name_twice_is_one(self, session: Session) -> None:
        agreed = consent_at_counter(session, ADDRESS, [OPERATOR, OPERATOR], says())
        assert agreed == (OPERATOR,)


class TestAtACarrier:
    def test_each_chooses_a_password_once_and_gives_it_ever_after(self, tmp_path: Path) -> None:
        asked: list[tuple[str, bool]] = []

        def ask(name: str, new: bool) -> str:  # as the desk calls it
            asked.append((name, new))
            return FIRST if name == "李红" else SECOND

        with pytest.raises(GongjiError, match="李红、王强 的口令设好了，这一次还没有署名"):
            consent_at_carrier(tmp_path, ["李红", "王强"], ask, NOW)
        for _ in range(2):
            assert consent_at_carrier(tmp_path, ["李红", "王强", " 李红"], ask, NOW) == ("李红", "王强")
        assert asked == [("李红", True), ("王强", True), *[("李红", False), ("王强", False)] * 2]
        kept = tmp_path / "approvers.json"
        assert FIRST not in kept.read_text("utf-8")
        with pytest.raises(GongjiError, match="王强 的口令不对"):
            consent_at_carrier(tmp_path, ["李红", "王强"], says(李红=FIRST, 王强=FIRST), NOW)
        kept.write_text("{", "utf-8")
        with pytest.raises(GongjiError, match="已损坏"):
            consent_at_carrier(tmp_path, ["李红", "王强"], ask, NOW)

    def test_one_person_under_two_spellings_is_one(self, tmp_path: Path) -> None:
        with pytest.raises(GongjiError, match="张三- 与 张三 看起来一样"):
            consent_at_carrier(tmp_path, ["张三", "张三-"], says(**{"张三": FIRST, "张三-": SECOND}), NOW)
        enrol(tmp_path, 张三=FIRST)
        with pytest.raises(GongjiError, match="张 三 与 张三 看起来一样"):
            consent_at_carrier(tmp_path, ["张 三"], says(**{"张 三": SECOND}), NOW)

    def test_one_password_is_no_second(self, tmp_path: Path) -> None:
        with pytest.raises(GongjiError, match="张三、李四 的口令相同"):
            consent_at_carrier(tmp_path, ["张三", "李四"], says(张三=FIRST, 李四=FIRST), NOW)
        enrol(tmp_path, 张三=FIRST)
        with pytest.raises(GongjiError, match="张三、李四 的口令相同"):
            consent_at_carrier(tmp_path, ["李四"], says(李四=FIRST), NOW)
        both = [keys.wrap(keys.new_key(), name, FIRST) for name in ("张三", "李四")]  # as an older program let them
        (tmp_path / "approvers.json").write_bytes(json.encode(both))
        with pytest.raises(GongjiError, match="张三、李四 的口令相同"):
            consent_at_carrier(tmp_path, ["张三", "李四"], says(张三=FIRST, 李四=FIRST), NOW)

    def test_too_easy_odd_names_and_tries_in_a_row(self, tmp_path: Path) -> None:
        with pytest.raises(GongjiError, match="太短"):
            consent_at_carrier(tmp_path, ["李红"], says(李红="1234"), NOW)
        with pytest.raises(GongjiError, match="姓名"):
            consent_at_carrier(tmp_path, ["李红/王强"], says(**{"李红/王强": FIRST}), NOW)
        enrol(tmp_path, 李红=FIRST)
        for _ in range(5):
            with pytest.raises(GongjiError, match="不对"):
                consent_at_carrier(tmp_path, ["李红"], says(李红=SECOND), NOW)
        with pytest.raises(LockedError):
            consent_at_carrier(tmp_path, ["李红"], says(李红=FIRST), NOW)
