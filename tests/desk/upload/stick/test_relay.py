"""What a carrier takes: packages of counters that a person has enrolled, looked through before anything is kept."""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import json as records
from msgspec.structs import replace

from gongji.core.outbox.replies import Exchange
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.upload.stick.relay import Destination, RelayPatience, relay
from gongji.desk.upload.stick.stick import export, trust_carrier
from gongji.desk.upload.uploader import TimeAndChance
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.payer.regions import profile
from gongji.payer.stick.carrier import Carrier
from gongji.payer.stick.package import Manifest, digest, fingerprint, opened, packed
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD, text, visit
from tests.support.clock import Clock

THERE = Destination(address="https://10.1.2.3", region="plain", profile=profile("plain"), is_named=True)


class ArrivedError(Exception):
    """A message reached the gateway."""


class Case:
    """A clinic that carries, and a connected PC."""

    def __init__(self, session: Session, place: Path, clock: Clock) -> None:
        self.counter = session
        self.place = place
        self.clock = clock
        self.carrier = Carrier(place / "carrier", "转送机")
        trust_carrier(session, self.carrier.card)
        assert settle_text(session, text(visit("V1"))).stored
        made = export(session, "plain")
        self.package, self.fingerprint = made.kept.read_bytes(), made.fingerprint

    def relay(self, package: bytes) -> None:
        def send(_infno: str, _body: bytes) -> Exchange:
            raise ArrivedError

        relay(
            self.carrier,
            package,
            THERE,
            send,
            TimeAndChance(self.clock, time.monotonic, random.random),
            RelayPatience(0),
        )

    def refused(self, package: bytes) -> str:
        before = self.kept()
        with pytest.raises(GongjiError) as raised:
            self.relay(package)
        assert self.kept() == before  # nothing was written
        return str(raised.value)

    def kept(self) -> list[str]:
        return sorted(str(one.relative_to(self.place)) for one in self.place.rglob("*"))

    @property
    def manifest(self) -> Manifest:
        return opened(self.package, self.carrier.identity)[0]

    def forged(self, *, by: Ed25519PrivateKey | None = None, content: bytes | None = None, **changes: Any) -> bytes:
        """A package as a stranger, or with `by` the counter itself, may make it: signed, sealed for this carrier."""
        manifest, mine = opened(self.package, self.carrier.identity)
        signing = by or Ed25519PrivateKey.generate()
        body = mine if content is None else content
        told = replace(manifest, verify=signing.public_key().public_bytes_raw().hex(), sha256=digest(body), **changes)
        out = records.encode(told)
        return packed(out, signing.sign(out), body, self.carrier.card.seal_to)

    def enrol(self, package: bytes) -> None:
        manifest, _ = opened(package, self.carrier.identity)
        self.carrier.enrol(manifest, fingerprint(manifest.verify))


@pytest.fixture
def case(tmp_path: Path, library: Library) -> Iterator[Case]:
    clock = Clock("2026-11-10 09:00:00")
    data = tmp_path / "data"
    one = Beginning(
        counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=PASSWORD, training=False
    )
    begin(data, one, library, Clock("2026-11-01 08:00:00"))
    counter = open_counter(data, library, clock, OPERATOR, PASSWORD)
    yield Case(counter, tmp_path / "carrying", clock)
    counter.close()


class TestEnrolling:
    def test_an_unknown_counters_package_is_refused_with_its_fingerprint(self, case: Case) -> None:
        said = case.refused(case.package)
        assert "还没有在本机登记" in said
        assert case.fingerprint in said

    def test_it_goes_once_somebody_has_enrolled_it(self, case: Case) -> None:
        with pytest.raises(GongjiError, match="指纹不符"):
            case.carrier.enrol(case.manifest, "0000 0000 0000 0000")
        case.refused(case.package)
        case.carrier.enrol(case.manifest, case.fingerprint.lower())
        with pytest.raises(ArrivedError):
            case.relay(case.package)

    def test_a_strangers_package_in_its_name_changes_nothing_for_it(self, case: Case) -> None:
        junk = case.forged(content=b"junk")
        assert "还没有在本机登记" in case.refused(junk)
        case.enrol(case.package)
        assert "与以前的不同" in case.refused(junk)
        with pytest.raises(ArrivedError):
            case.relay(case.package)

    def test_a_package_that_says_it_is_for_practice_is_in_nobodys_way(self, case: Case) -> None:
        case.enrol(case.package)
        case.refused(case.forged(profile="practice", content=b"junk"))
        case.refused(case.forged(profile="practice"))  # a real clinic's book in it
        with pytest.raises(ArrivedError):
            case.relay(case.package)

    def test_a_file_of_the_enrolled_that_is_damaged_is_told(self, case: Case) -> None:
        (case.carrier.folder / "known.json").write_text("{", encoding="ascii")
        assert "已损坏" in case.refused(case.package)


@pytest.mark.parametrize(
    "changes",
    [
        {"institution": "/evil"}, {"institution": "../../evil"}, {"institution": "a" * 5000},
        {"institution": "H\0"}, {"institution": ""}, {"counter": "../01"}, {"counter": "/"}, {"counter": "0\n"},
        {"epoch": 0}, {"epoch": -1}, {"serial": 10**12}, {"profile": "../x"}, {"key": "zz"}, {"key": "\u0663" * 64},
    ],
)  # fmt: skip
def test_names_that_no_program_of_ours_gives_are_refused(case: Case, changes: dict[str, Any]) -> None:
    case.enrol(case.package)
    assert "不成样子" in case.refused(case.forged(**changes))


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (None, {"institution": "H99999999999"}),
        (None, {"counter": "02"}),
        (None, {"epoch": 7}),
        (b"SQLite format 3\0" + b"\0" * 4096, {}),
        (b"", {}),
    ],
)
def test_even_an_enrolled_counters_package_is_looked_through_first(
    case: Case, content: bytes | None, changes: dict[str, Any]
) -> None:
    package = case.forged(by=Ed25519PrivateKey.generate(), content=content, **changes)
    case.enrol(package)
    assert "不是一回事" in case.refused(package)
