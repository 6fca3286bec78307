"""Every region that the practice platform can play, spoken to under the profile shipped for it: whole circles."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gongji.core.money import yuan
from gongji.core.outbox.states import State
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.settlements.void import void
from gongji.desk.upload.differences import differences
from gongji.desk.upload.scripts.reconcile import EQUAL, UNEQUAL
from gongji.desk.upload.uploader import TimeAndChance
from gongji.pack_files.library import Library
from gongji.payer.gateway import Address, Gateway
from gongji.payer.regions import profile
from gongji.sandbox.auth import CallerRules, Gatekeeper
from gongji.sandbox.manners import MANNERS
from tests.support.circle import Circle, ticks
from tests.support.claiming import Uploader
from tests.support.clinic import AREA, DIAGNOSED, INSTITUTION, OPERATOR, PERSON, line
from tests.support.clinic import visit as plain_visit
from tests.support.clock import Clock
from tests.support.serving import running

WHO_WE_ARE = ("gongji-clinic-0001", "secret-of-the-clinic")
FAULTS = (
    "drop_before", "drop_after", "status_after", "malformed", "said_to_fail", "zero_and_error", "sign_in_ran_out",
    "stumbles",
)  # fmt: skip


@pytest.fixture(params=MANNERS)
def region(
    request: pytest.FixtureRequest, tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Circle]:
    """A counter and a platform that speaks as one region does."""
    name, clock = str(request.param), Clock("2025-06-10 09:00:00")
    monkeypatch.setenv("GONGJI_GATEWAY_ID", WHO_WE_ARE[0])
    monkeypatch.setenv("GONGJI_GATEWAY_SECRET", WHO_WE_ARE[1])
    one = Beginning(counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=None, training=True)
    begin(tmp_path / "data", one, library, clock)
    counter = open_counter(tmp_path / "data", library, clock)
    chosen = replace(profile(name), quiet_s=1, deadline_s=2, first_s=1, most_s=1)
    gate = MANNERS[name].gate
    assert gate.scheme is not None
    rules = CallerRules(scheme=gate.scheme, identity=WHO_WE_ARE[0], secret=WHO_WE_ARE[1], api_name=gate.api_name)
    with running(tmp_path, library, gatekeeper=Gatekeeper(rules, clock), region=name) as there:
        told = {
            "id": PERSON["id"],
            "area": AREA,
            "status": PERSON["status"],
            "name": PERSON["name"],
            "balance": "50.00",
        }
        there.control("people", told)
        address = Address(url=there.url, identity=WHO_WE_ARE[0], secret=WHO_WE_ARE[1])
        with Gateway(address, chosen, clock) as gateway:

            def uploader() -> Uploader:
                return Uploader(counter, chosen, TimeAndChance(clock, ticks, random.Random(1).random))

            yield Circle(counter, uploader, gateway, there, clock)
    counter.close()


def visit(visit_no: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A visit with a diagnosis, which every region wants."""
    return plain_visit(visit_no, *lines, **{"care": DIAGNOSED, **more})


def test_a_visit_is_settled_voided_and_settled_anew_and_the_day_is_even(region: Circle) -> None:
    one = region.settle(visit("V1", line("120.00"), line("3.33", code="X2")))
    region.drain()
    assert region.states() == [State.ACCEPTED]
    (there,) = region.there_live()
    assert there["amounts"]["fund"] == yuan(one.totals.fund_fen)
    assert region.reconcile().result == EQUAL
    void(region.counter, one.no, "退药")
    region.settle(visit("V2", line("60.00")))
    region.drain()
    assert region.states() == [State.REVERSED, State.ACCEPTED, State.ACCEPTED]
    assert len(region.there_live()) == 1
    assert region.reconcile().result == EQUAL


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_while_it_is_settled_ends_with_one_settlement(region: Circle, kind: str) -> None:
    region.settle(visit("V1"))
    region.there.control("faults", {"kind": kind, "infno": region.uploader.profile.number("2207")})
    region.drain()
    assert region.states() == [State.ACCEPTED]
    assert len(region.there_live()) == 1
    assert region.reconcile().result == EQUAL


@pytest.mark.parametrize("kind", ["drop_after", "zero_and_error", "said_to_fail"])
def test_a_fault_while_it_is_taken_back_leaves_nothing(region: Circle, kind: str) -> None:
    one = region.settle(visit("V1"))
    region.drain()
    void(region.counter, one.no, "退药")
    region.there.control("faults", {"kind": kind, "infno": "2208"})
    region.drain()
    assert region.states() == [State.REVERSED, State.ACCEPTED]
    assert region.there_live() == []


def test_what_was_refused_though_it_was_done_is_told_by_the_day_and_taken_back_by_a_void(region: Circle) -> None:
    one = region.settle(visit("V1"))
    region.there.control("faults", {"kind": "refused_though_done", "infno": region.uploader.profile.number("2207")})
    region.drain()
    assert region.states() == [State.REJECTED]
    done = region.reconcile()
    assert done.result == UNEQUAL
    assert [each.kind for each in done.found if each.msgid] == ["unclaimed"]
    void(region.counter, one.no, "更正后重新结算")
    region.settle(visit("V2"))
    region.drain()
    assert region.states() == [State.REVERSED, State.ACCEPTED, State.ACCEPTED]
    assert len(region.there_live()) == 1


def test_a_stranger_waits_for_a_person(region: Circle) -> None:
    region.there.control("options", {"strict": True})
    other = {"id": "530399195002020020", "name": "某人", "status": "retired"}
    region.settle(visit("V1", person=other))
    region.drain()
    assert region.states() == [State.QUARANTINE]
    (case,) = differences.cases(region.counter, region.uploader.profile)
    assert "参保" in case.since_error
    told = {"id": other["id"], "area": AREA, "status": "retired"}
    region.there.control("people", told)
    differences.retry(region.counter, case.no, case.part, "已参保登记")
    region.drain()
    assert region.states() == [State.ACCEPTED]


def test_every_region_that_is_played_is_shipped_and_says_what_it_is_made_of() -> None:
    for name in MANNERS:
        chosen = profile(name)
        assert chosen.made_from
        assert chosen.unproven
        assert "样" in chosen.title


def test_a_region_takes_messages_at_its_own_path_and_under_its_own_signature(region: Circle) -> None:
    chosen = region.uploader.profile
    elsewhere = replace(chosen, path="/somewhere", services={})
    stranger = Address(url=region.there.url, identity=WHO_WE_ARE[0], secret="another")  # noqa: S106  # a wrong one
    for wrong, who in ((elsewhere, Address(url=region.there.url, identity=WHO_WE_ARE[0], secret=WHO_WE_ARE[1])),
                       (chosen, stranger)):  # fmt: skip
        with Gateway(who, wrong, region.clock) as gateway:
            signed = region.uploader.post.claim_sign_in()
            assert signed is not None
            found = region.uploader.record(signed, gateway.send(signed.infno, signed.body))
            assert not found.usable
    region.uploader.try_now()
    region.settle(visit("V1"))
    region.drain()
    assert region.states() == [State.ACCEPTED]
