"""Where records may be sent: a real clinic's to no practice platform, invented ones to no real one.

Window, command and relay are each tried with the program's own code and a real folder.
"""

import random
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gongji.core.outbox.replies import Exchange
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.operators import add_operator
from gongji.desk.roles import NeedsSecondError, Role, attend
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.upload.gateway.gateway_guard import check_destination, is_this_pc, needs_approval
from gongji.desk.upload.gateway.gateway_settings import OnceOnly, line_address, set_gateway
from gongji.desk.upload.gateway.kept_gateway import ADDRESS_SETTING, GatewaySettings, gateway
from gongji.desk.upload.scripts.payer_line import open_line
from gongji.desk.upload.stick.relay import Destination, RelayPatience, relay
from gongji.desk.upload.stick.stick import export, trust_carrier
from gongji.desk.upload.uploader import TimeAndChance
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.payer.regions import profile
from gongji.payer.stick.carrier import Carrier
from gongji.payer.stick.package import opened
from gongji.store import settings
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD, text, visit
from tests.support.clock import Clock

HERE = (
    "http://127.0.0.1:8000", "https://127.0.0.1", "http://localhost:8000", "http://LOCALHOST.:8000", "http://[::1]:8000",
    "http://127.1:8000", "http://2130706433:8000", "http://0x7f000001:8000", "http://0.0.0.0:8000",
    "http://[::ffff:127.0.0.1]:8000", "http://practice.localhost", f"https://{socket.gethostname()}:8000",
)  # fmt: skip
ELSEWHERE = ("https://10.1.2.3:8443/fsi", "https://gateway.example.cn", "https://127.0.0.1.example.cn")
NOWHERE = (
    "",
    "http://",
    "ftp://10.1.2.3",
    "10.1.2.3",
    "https://a:b@10.1.2.3",
    "https://10.1.2.3:99999",
    "https://[::1",
)
IN_CLEAR = ("http://10.1.2.3", "http://127.0.0.1.example.cn", "http://localhost.example.cn:8000")


@pytest.mark.parametrize("address", HERE)
def test_this_pc_is_for_training(address: str) -> None:
    check_destination(address, "practice", training=True, is_named=False)
    with pytest.raises(GongjiError, match="练习平台"):
        check_destination(address, "plain", training=False, is_named=False)
    check_destination(address, "plain", training=False, is_named=True)  # a front end of the payer's


@pytest.mark.parametrize("address", ELSEWHERE)
def test_elsewhere_is_for_a_real_clinic(address: str) -> None:
    check_destination(address, "plain", training=False, is_named=False)
    for is_named in (False, True):
        with pytest.raises(GongjiError, match="培训"):
            check_destination(address, "plain", training=True, is_named=is_named)


PRIVATE = ("http://172.16.33.244", "http://10.109.1.2:8080", "http://192.168.3.4/mss/web/api/fsi")
OPEN = (
    "http://8.8.8.8", "http://gateway", "http://172.32.0.1", "http://192.169.0.1", "http://169.254.1.1",
    "http://100.64.0.1", "http://[2001:db8::1]", "http://10.1.2.3.evil.example", "http://10.1.2.3@evil.example",
    "http://3232235777", "http://0x0a010203", "https://gw.example/?x=1", "https://gw.example/#x", "http://１０.1.2.3",
    "http://10.1.2.3\\@evil.example", "http://10.1.2.3 evil",
)  # fmt: skip
TWO = ("李红", "王强")
SECOND = "另一个人的 2025"


@pytest.mark.parametrize("address", PRIVATE)
def test_plain_http_inside_the_insurance_network_wants_two_names(address: str) -> None:
    assert needs_approval(address)
    for names in ((), ("李红",), ("李红", " 李红 "), ("李红", "")):
        with pytest.raises(GongjiError, match="不加密"):
            check_destination(address, "plain", training=False, is_named=True, approved=names)
    check_destination(address, "plain", training=False, is_named=False, approved=TWO)
    with pytest.raises(GongjiError, match="培训"):
        check_destination(address, "practice", training=True, is_named=False, approved=TWO)


@pytest.mark.parametrize("address", OPEN)
def test_elsewhere_no_names_help(address: str) -> None:
    assert not needs_approval(address)
    with pytest.raises(GongjiError, match="https://"):
        check_destination(address, "plain", training=False, is_named=True, approved=TWO)


@pytest.mark.parametrize("address", [*NOWHERE, *IN_CLEAR])
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("is_named", [True, False])
def test_what_is_no_address_or_goes_in_clear_is_refused(address: str, training: bool, is_named: bool) -> None:
    with pytest.raises(GongjiError, match="https://"):
        check_destination(address, "plain", training=training, is_named=is_named)


def test_a_real_clinic_does_not_speak_as_in_practice() -> None:
    with pytest.raises(GongjiError, match="地区接口"):
        check_destination("https://10.1.2.3", "practice", training=False, is_named=False)


@pytest.mark.parametrize("host", ["10.0.0.1", "example.cn", "localhost.example.cn", "192.168.1.1", "::2"])
def test_another_pc_is_not_this_one(host: str) -> None:
    assert not is_this_pc(host)


def folder(place: Path, library: Library, clock: Clock, *, training: bool) -> Session:
    begun = Beginning(
        counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR,
        password=None if training else PASSWORD, training=training,
    )  # fmt: skip
    begin(place / "data", begun, library, clock)
    return open_counter(place / "data", library, clock, OPERATOR, None if training else PASSWORD)


@pytest.fixture
def session(tmp_path: Path, library: Library, clock: Clock) -> Iterator[Session]:
    """A real clinic's."""
    one = folder(tmp_path, library, clock, training=False)
    yield one
    one.close()


@pytest.fixture
def practising(tmp_path: Path, library: Library, clock: Clock) -> Iterator[Session]:
    """One for training."""
    one = folder(tmp_path, library, clock, training=True)
    yield one
    one.close()


class TestWindow:
    @pytest.mark.parametrize("address", HERE)
    def test_a_real_clinic_cannot_set_this_pc_as_its_gateway(self, session: Session, address: str) -> None:
        with pytest.raises(GongjiError, match="练习平台"):
            set_gateway(session, GatewaySettings(address=address, region="plain"))
        assert gateway(session).address == ""

    def test_nor_the_ways_of_practice(self, session: Session) -> None:
        for address in ("", "https://10.1.2.3"):
            with pytest.raises(GongjiError, match="地区接口"):
                set_gateway(session, GatewaySettings(address=address, region="practice"))

    def test_one_that_was_set_before_is_not_sent_to(self, session: Session, clock: Clock) -> None:
        with session.store.write() as connection:
            settings.put(connection, ADDRESS_SETTING, "http://127.0.0.1:8000")
        with pytest.raises(GongjiError, match="练习平台"):
            open_line(session, clock)

    def test_what_is_set_beside_the_address_is_kept_for_it(self, session: Session) -> None:
        one = GatewaySettings(address="http://10.1.2.3:8080/fsi/", region="plain", care_area="350302", approved=TWO)
        with pytest.raises(GongjiError, match="两个人"):  # names alone are nobody's consent
            set_gateway(session, one)
        add_operator(session, PASSWORD, "王强", SECOND, Role.MANAGER)
        with pytest.raises(NeedsSecondError):
            set_gateway(session, one)
        with pytest.raises(GongjiError, match="口令"):
            attend(session, "王强", "不是这个口令 2025")
        attend(session, "王强", SECOND)
        set_gateway(session, one)
        kept = gateway(session)
        assert (kept.address, kept.care_area, kept.approved) == ("http://10.1.2.3:8080/fsi", "350302", TWO)
        assert line_address(session, {}).url == "http://10.1.2.3:8080/fsi"
        once = OnceOnly(address="http://10.9.9.9", region="plain")
        with pytest.raises(GongjiError, match="不加密"):  # the names stand for one address
            line_address(session, {}, once)
        attend(session, "王强", SECOND)
        set_gateway(session, replace(one, address="https://10.1.2.3"))
        assert gateway(session).approved == ()
        for wrong in ({"care_area": "3503"}, {"authorities": "no certificate"}):
            attend(session, "王强", SECOND)
            with pytest.raises(GongjiError) as caught:
                set_gateway(session, replace(one, **wrong))
            assert not isinstance(caught.value, NeedsSecondError)

    def test_training_data_stays_on_this_pc(self, practising: Session, clock: Clock) -> None:
        with pytest.raises(GongjiError, match="培训"):
            set_gateway(practising, GatewaySettings(address="https://10.1.2.3", region="practice"))
        set_gateway(practising, GatewaySettings(address="http://127.0.0.1:8000", region="practice"))
        open_line(practising, clock).close()


class TestRelay:
    def carried(
        self, session: Session, place: Path, clock: Clock, address: str, region: str, *, is_named: bool = False
    ) -> list[Any]:
        """Settle a visit, carry it, relay it to an address; return what left."""
        assert settle_text(session, text(visit("V1"))).stored
        carrier, sent = Carrier(place / "carrier", "转送机"), []

        def send(infno: str, _: bytes) -> Exchange:
            sent.append(infno)
            raise AssertionError

        trust_carrier(session, carrier.card)
        made = export(session, region)
        package = made.kept.read_bytes()
        if not session.clinic.training:
            carrier.enrol(opened(package, carrier.identity)[0], made.fingerprint)
        there = Destination(address=address, region=region, profile=profile(region), is_named=is_named)
        outside = TimeAndChance(clock, time.monotonic, random.random)
        with pytest.raises((GongjiError, AssertionError)) as raised:
            relay(carrier, package, there, send, outside, RelayPatience(0))
        return [*sent, raised.value]

    def test_a_real_clinic_s_package_goes_to_no_practice_platform(
        self, session: Session, tmp_path: Path, clock: Clock
    ) -> None:
        (refused,) = self.carried(session, tmp_path, clock, "http://127.0.0.1:8000", "plain")
        assert "练习平台" in str(refused)

    def test_but_to_a_front_end_that_somebody_names(self, session: Session, tmp_path: Path, clock: Clock) -> None:
        left = self.carried(session, tmp_path, clock, "http://127.0.0.1:8000", "plain", is_named=True)
        assert left[0] == "9001"

    def test_invented_records_go_to_no_real_platform(self, practising: Session, tmp_path: Path, clock: Clock) -> None:
        (refused,) = self.carried(practising, tmp_path, clock, "https://10.1.2.3", "practice", is_named=True)
        assert "培训" in str(refused)

    def test_a_real_clinic_makes_no_package_for_practice(self, session: Session, tmp_path: Path) -> None:
        trust_carrier(session, Carrier(tmp_path / "carrier", "转送机").card)
        with pytest.raises(GongjiError, match="地区接口"):
            export(session, "practice")
