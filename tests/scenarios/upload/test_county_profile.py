"""A county that nobody has programmed: the page's own example is checked, tried, taken into the book, and used."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import fields

from gongji.core.outbox.states import State
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.region_profile import region_profile
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.desk.upload.gateway.gateway_settings import own_profile_in, set_gateway
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings, kept_gateway
from gongji.desk.upload.scripts.conversation import Conversation
from gongji.desk.upload.scripts.payer_line import open_line
from gongji.desk.upload.scripts.reconcile import EQUAL
from gongji.desk.upload.scripts.try_region import TrialVisit, trying
from gongji.desk.upload.stick.relay import Destination, RelayPatience, relay, wanted_profile, wanted_region
from gongji.desk.upload.stick.stick import export, trust_carrier
from gongji.desk.upload.stick.stick_answers import import_answers
from gongji.desk.upload.uploader import TimeAndChance
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.payer import OWN
from gongji.payer.check_region import check_region
from gongji.payer.gateway import Address, Gateway
from gongji.payer.regions import Profile
from gongji.payer.stick.carrier import Carrier
from gongji.payer.stick.package import Manifest, fingerprint, opened
from gongji.store import settings
from tests.support.circle import Circle, ticks
from tests.support.claiming import Uploader
from tests.support.clinic import AREA, DIAGNOSED, INSTITUTION, OPERATOR, PERSON, line, visit
from tests.support.clock import Clock
from tests.support.county_gateway import CALLER, SECRET, CountyGateway, county_gateway
from tests.support.serving import running

PAGE = (Path(__file__).parents[3] / "docs" / "regions.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.partition("```toml\n")[2].partition("```")[0]
HURRIED = {"deadline_s": 2, "quiet_s": 4, "first_s": 1, "most_s": 1}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The example, in a hurry."""
    text = EXAMPLE
    for name, seconds in HURRIED.items():
        text, count = re.subn(rf"^{name} = \d+$", f"{name} = {seconds}", text, flags=re.MULTILINE)
        assert count == 1
    path = tmp_path / "county.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock("2025-06-10 09:00:00")


@pytest.fixture
def session(tmp_path: Path, library: Library, clock: Clock) -> Iterator[Session]:
    one = Beginning(counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=None, training=True)
    begin(tmp_path / "data", one, library, clock)
    counter = open_counter(tmp_path / "data", library, clock)
    yield counter
    counter.close()


@pytest.fixture
def circle(
    session: Session, file: Path, tmp_path: Path, library: Library, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Circle, CountyGateway]]:
    """A counter that has taken the file into its book, whose file is gone, and the county's gateway."""
    monkeypatch.setenv("GONGJI_GATEWAY_ID", CALLER)
    monkeypatch.setenv("GONGJI_GATEWAY_SECRET", SECRET)
    told = {"id": PERSON["id"], "area": AREA, "status": PERSON["status"], "name": PERSON["name"], "balance": "50.00"}
    with running(tmp_path, library, region="hunan") as there, county_gateway(there.url) as county:
        there.control("people", told)
        set_gateway(session, GatewaySettings(address=county.url, region=OWN, own_profile=own_profile_in(file)))
        file.unlink()
        chosen = region_profile(session.store.reader, kept_gateway(session).region)
        with Gateway(Address(url=county.url, identity=CALLER, secret=SECRET), chosen, clock) as gateway:

            def uploader() -> Uploader:
                return Uploader(session, chosen, TimeAndChance(clock, ticks, random.Random(1).random))

            yield Circle(session, uploader, gateway, there, clock), county


def diagnosed(visit_no: str, *lines: dict[str, object]) -> dict[str, object]:
    return visit(visit_no, *lines, care=DIAGNOSED)


def test_every_entry_is_on_the_page() -> None:
    """What an integrator may write stands on the page that an integrator is given, and nothing else."""
    named = set(re.findall(r"`(\w+)`", PAGE.partition("## Every entry")[2]))
    assert {one.name for one in fields(Profile)} - named == set()


def test_the_pages_own_example_has_no_error(file: Path) -> None:
    file.write_text(EXAMPLE, encoding="utf-8")
    assert [one for one in check_region(str(file)) if one.level == "error"] == []


def test_it_is_tried_and_settles_nothing(circle: tuple[Circle, CountyGateway]) -> None:
    here, county = circle
    trial = TrialVisit(person_id=PERSON["id"], name=PERSON["name"], item="X1", diagnosis="J06.900 急性上呼吸道感染")
    talk = Conversation(here.uploader, trying(here.counter, here.uploader.profile, trial))
    while (outgoing := talk.claim()) is not None:
        talk.record(outgoing, here.gateway.send(outgoing.infno, outgoing.body))
    assert county.seen == ["9001", "1101", "2201", "2203A", "2204", "2206A", "2205", "2202"]
    assert "没有结算" in talk.told
    assert here.there_live() == []


def test_a_visit_is_settled_voided_and_settled_anew_and_the_day_is_even(circle: tuple[Circle, CountyGateway]) -> None:
    here, county = circle
    one = here.settle(diagnosed("V1", line("120.00"), line("3.33", code="X2")))
    county.lose = ["2207A"]
    here.drain()
    assert here.states() == [State.ACCEPTED]
    assert len(here.there_live()) == 1
    assert "2601" in county.seen
    assert here.reconcile().result == EQUAL
    void(here.counter, one.no, "退药")
    here.settle(diagnosed("V2", line("60.00")))
    county.tokens.clear()  # the gateway was started anew and knows none any more
    here.drain()
    assert here.states() == [State.REVERSED, State.ACCEPTED, State.ACCEPTED]
    assert len(here.there_live()) == 1
    assert here.reconcile().result == EQUAL


def test_it_goes_along_on_a_stick_and_the_carrier_needs_no_file(
    circle: tuple[Circle, CountyGateway], tmp_path: Path, clock: Clock
) -> None:
    here, county = circle
    here.settle(diagnosed("V1"))
    carrier = Carrier(tmp_path / "carrier", "县医保转送机")
    trust_carrier(here.counter, carrier.card)
    package = export(here.counter, OWN).kept.read_bytes()
    carrier.enrol(*enrolment(package, carrier))
    ways = wanted_profile(carrier, package)
    assert (wanted_region(carrier, package), ways.title) == (OWN, "某县")
    outside = TimeAndChance(clock, ticks, random.Random(1).random)
    where = Destination(address=county.url, region=wanted_region(carrier, package), profile=ways, is_named=False)
    relayed = relay(carrier, package, where, here.gateway.send, outside, RelayPatience(60))
    assert import_answers(here.counter, relayed.answers.read_bytes()).states == {"accepted": 1}
    assert here.states() == [State.ACCEPTED]


def enrolment(package: bytes, carrier: Carrier) -> tuple[Manifest, str]:
    manifest = opened(package, carrier.identity)[0]
    return manifest, fingerprint(manifest.verify)


def test_a_carrier_that_names_a_file_brings_home_what_can_be_read(
    circle: tuple[Circle, CountyGateway], tmp_path: Path, clock: Clock
) -> None:
    here, county = circle
    here.settle(diagnosed("V1"))
    carrier = Carrier(tmp_path / "carrier", "县医保转送机")
    trust_carrier(here.counter, carrier.card)
    package = export(here.counter, OWN).kept.read_bytes()
    carrier.enrol(*enrolment(package, carrier))
    outside = TimeAndChance(clock, ticks, random.Random(1).random)
    ways = here.uploader.profile
    where = Destination(address=county.url, region=str(tmp_path / "c.toml"), profile=ways, is_named=True)
    relayed = relay(carrier, package, where, here.gateway.send, outside, RelayPatience(60))
    assert import_answers(here.counter, relayed.answers.read_bytes()).states == {"accepted": 1}


def test_a_package_is_not_made_for_a_file_that_the_carrier_has_not(
    circle: tuple[Circle, CountyGateway], tmp_path: Path
) -> None:
    here, _ = circle
    here.settle(diagnosed("V1"))
    trust_carrier(here.counter, Carrier(tmp_path / "carrier", "县医保转送机").card)
    with pytest.raises(GongjiError, match="设置 → 网关"):
        export(here.counter, str(tmp_path / "county.toml"))
    assert export(here.counter, OWN).legs == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('title = "某县"\nbased_on = "plain"\nlanes = 99\nfirst_s = "x"\n', "first_s"),
        ('title = "某县"\nbased_on = "/tmp/other.toml"\n', "自带"),
        ('title = "某县\n', "读不懂"),
        ("", "title"),
    ],
)
def test_what_cannot_be_used_is_not_taken(session: Session, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GongjiError, match=words):
        own_profile_in(path)
    with pytest.raises(GongjiError, match=words):
        set_gateway(session, GatewaySettings(address="", region=OWN, own_profile=text))
    path.write_bytes(text.encode("gbk") + b"\xff")
    with pytest.raises(GongjiError, match="UTF-8"):
        own_profile_in(path)


def test_a_line_is_opened_in_its_ways(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGJI_GATEWAY_ID", CALLER)
    monkeypatch.setenv("GONGJI_GATEWAY_SECRET", SECRET)
    set_gateway(session, GatewaySettings(address="http://127.0.0.1:9", region=OWN, own_profile=EXAMPLE))
    with open_line(session, session.clock) as payer_line:
        assert payer_line.uploader.profile.title == "某县"
    with session.store.write() as connection:
        settings.put(connection, settings.OWN_PROFILE, "")
    with pytest.raises(GongjiError, match="从文件取"):
        open_line(session, session.clock)
