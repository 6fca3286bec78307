"""End to end over loopback: what is settled here is there once, at the same fen, whatever happened on the way."""

from decimal import Decimal
from typing import Any

import pytest

from gongji.core.outbox.message_ids import counter_of
from gongji.core.outbox.states import State
from gongji.desk.clinic.backup.restored_doubts import distrust_restored_legs
from gongji.desk.session import ClockError
from gongji.desk.settlements.find import find
from gongji.desk.settlements.void import void
from gongji.desk.upload.differences import differences
from gongji.desk.upload.scripts.reconcile import EQUAL, UNEQUAL
from gongji.payer.gateway import Address, Gateway
from gongji.store.upload import decisions, legs, payer_answers
from tests.support.circle import Circle
from tests.support.clinic import INSTITUTION, PERSON, line, visit
from tests.support.clock import Clock, set_back_after
from tests.support.in_the_book import messages_of_leg

ELSEWHERE = {"id": "H53030200777", "name": "县医院", "type": "hospital", "level": "1"}
SCOPE = "530300/2025-01-01"
PARAMETERS = {
    "inpatient_ratio": {"employed": {"1": "0.90"}, "retired": {"1": "0.95"}},
    "inpatient_deductible": {"1": "200"},
    "inpatient_cap": "50000",
}


def chronic(number: str) -> dict[str, Any]:
    """A visit under two benefits, paid from both accounts too."""
    person = {**PERSON, "registrations": {"chronic": ["高血压"]}}
    accounts = {
        "own": {"balance": "50.00", "limit": "40.00"},
        "family": [{"id": "530302197505050017", "relation": "parent", "balance": "9.00", "authorised": True}],
    }
    lines = (line("100.00"), line("80.00", code="X2", benefit="chronic"), line("30.00", code="X3", **{"class": "C"}))
    return visit(number, *lines, person=person, accounts=accounts)


def test_a_settlement_is_there_with_every_amount(circle: Circle) -> None:
    one = circle.settle(visit("V1"))
    circle.upload()
    assert circle.states() == [State.ACCEPTED]
    (there,) = circle.there_live()
    assert there["visit_no"] == "V1"
    ours = one.parts[0].amounts
    for name, value in there["amounts"].items():
        assert Decimal(value) * 100 == getattr(ours, f"{name}_fen"), name


def test_two_benefits_are_two_visits_there(circle: Circle) -> None:
    one = circle.settle(chronic("V1"))
    assert len(one.parts) == 2
    circle.upload()
    assert circle.states() == [State.ACCEPTED]
    assert [there["benefit"] for there in circle.there_live()] == [part.benefit for part in one.parts]
    for part, there in zip(one.parts, circle.there_live(), strict=True):
        for name, value in there["amounts"].items():
            assert Decimal(value) * 100 == getattr(part.amounts, f"{name}_fen"), name


def test_every_message_is_kept_before_it_goes_with_a_number_of_its_own(circle: Circle) -> None:
    one = circle.settle(visit("V1"))
    circle.upload()
    sent = messages_of_leg(circle.counter.store.reader, one.serial, 0)
    assert [each.infno for each in sent] == ["1101", "2201", "2203", "2204", "2206", "2207"]
    assert len({each.msgid for each in sent}) == 6
    assert all(len(each.msgid) == 30 and each.msgid.startswith("H53030200001") for each in sent)
    assert {counter_of(each.msgid, INSTITUTION["id"]) for each in sent} == {"01"}


def test_a_void_takes_it_back_there(circle: Circle) -> None:
    one = circle.settle(visit("V1"))
    circle.upload()
    void(circle.counter, one.no, "退药")
    circle.upload()
    assert circle.there_live() == []
    assert circle.states() == [State.REVERSED, State.ACCEPTED]


def test_what_was_voided_before_it_ever_left_is_not_sent(circle: Circle) -> None:
    one = circle.settle(visit("V1"))
    void(circle.counter, one.no, "退药")
    circle.upload()
    assert circle.states() == [State.VOID, State.VOID]
    assert messages_of_leg(circle.counter.store.reader, one.serial, 0) == []


def test_what_the_patient_claims_later_is_not_sent(circle: Circle) -> None:
    one = circle.settle(visit("V1", full_payment=True))
    circle.settle(visit("V2"))
    circle.upload()
    assert circle.states() == [State.VOID, State.ACCEPTED]
    assert messages_of_leg(circle.counter.store.reader, one.serial, 0) == []


def test_a_void_behind_another_settlement_keeps_the_order(circle: Circle) -> None:
    first = circle.settle(visit("V1"))
    circle.settle(visit("V2"))
    void(circle.counter, first.no, "退药")
    circle.upload()
    assert circle.states() == [State.REVERSED, State.ACCEPTED, State.ACCEPTED]
    assert [there["visit_no"] for there in circle.there_live()] == ["V2"]


def test_accumulators_are_the_platforms_afterwards(circle: Circle) -> None:
    given = {"accumulators": {"general.fund": "100.00"}}
    circle.settle(visit("V1", **given))
    circle.there.control("elsewhere", visit("E1", line("500.00"), institution=ELSEWHERE))
    circle.settle(visit("V2", line("33.33")))
    circle.drain()
    mine = circle.figures(PERSON["id"], SCOPE)
    rows = circle.there.payer.platform.connection.execute(
        "SELECT name, amount_fen FROM figure WHERE scope <> ''"
    ).fetchall()
    theirs = {row[0]: row[1] for row in rows}
    assert mine
    assert {name: theirs.get(name, 0) for name in mine} == mine


FAULTS = (
    "drop_before", "drop_after", "status_before", "status_after", "malformed", "truncated", "stranger", "doubled_key",
    "not_a_number", "portal", "redirect", "duplicate",
)  # fmt: skip


@pytest.mark.parametrize(
    ("infno", "kind"),
    [
        *(("2207", kind) for kind in FAULTS),
        *((infno, "drop_after") for infno in ("1101", "2201", "2203", "2204", "2206")),
    ],
)
def test_a_fault_at_any_step_ends_with_one_settlement(circle: Circle, infno: str, kind: str) -> None:
    circle.settle(visit("V1"))
    circle.there.control("faults", {"kind": kind, "infno": infno})
    circle.drain()
    assert circle.states() == [State.ACCEPTED]
    assert len(circle.there_live()) == 1


def test_a_crash_before_the_answer_is_kept_is_asked_after(circle: Circle) -> None:
    circle.settle(visit("V1"))
    while (outgoing := circle.uploader.claim()) is not None:
        exchange = circle.gateway.send(outgoing.infno, outgoing.body)
        if outgoing.infno == "2207":
            break  # the program dies here: the platform has it, the book does not know
        circle.uploader.record(outgoing, exchange)
    circle.uploader = circle.new_uploader()
    assert circle.states() == [State.UNKNOWN]
    circle.drain()
    assert circle.states() == [State.ACCEPTED]
    assert len(circle.there_live()) == 1


def test_offline_is_no_error_and_is_over_when_the_network_is_back(circle: Circle) -> None:
    circle.settle(visit("V1"))
    there, circle.gateway = (
        circle.gateway,
        Gateway(Address(url="http://127.0.0.1:9"), circle.uploader.profile, circle.clock),
    )
    for _ in range(5):
        circle.upload()
        circle.uploader.try_now()
    assert circle.states() == [State.PENDING]
    assert "没有发出" in circle.uploader.trouble
    circle.gateway.close()
    circle.gateway = there
    circle.upload()
    assert circle.states() == [State.ACCEPTED]


def test_a_week_offline_drains_in_order(circle: Circle) -> None:
    for number in range(30):
        person = {**PERSON, "id": f"53039919500101{number % 3:04d}"}
        circle.settle(visit(f"V{number}", line(f"{30 + number}.00"), person=person))
        circle.clock.forward(hours=6)
    circle.upload()
    assert set(circle.states()) == {State.ACCEPTED}
    for tail in range(3):
        mine = [int(one["visit_no"][1:]) for one in circle.there_live() if one["person"].endswith(f"{tail:04d}")]
        assert mine == sorted(mine)
        assert len(mine) == 10


class TestDifferences:
    """The platform knows of a visit elsewhere that we do not."""

    @pytest.fixture
    def differing(self, circle: Circle) -> Circle:
        circle.settle(visit("V0", parameters=PARAMETERS))
        circle.upload()
        elsewhere = visit("E1", line("9200.00"), parameters=PARAMETERS, institution=ELSEWHERE)
        circle.there.control("elsewhere", elsewhere)
        circle.settle(visit("V1", line("2000.00"), parameters=PARAMETERS))
        circle.settle(visit("V2", line("50.00"), parameters=PARAMETERS))
        circle.upload()
        assert circle.states() == [State.ACCEPTED, State.DIFF, State.PENDING]  # the next of the lane waits
        return circle

    def test_both_figures_stand_side_by_side(self, differing: Circle) -> None:
        (case,) = differences.cases(differing.counter, differing.uploader.profile)
        found = case.difference
        assert found is not None
        assert "别处" in found.cause
        cash = next(one for one in found.lines if one.name == "cash")
        assert found.cash_fen == cash.theirs_fen - cash.ours_fen < 0  # above the cap the inpatient ratio pays more
        assert found.kind == "refund"
        assert "应退患者现金" in found.advice
        stored = payer_answers.newest(differing.counter.store.reader, 2, 0)
        assert stored is not None
        assert stored.figures.cash_fen == cash.theirs_fen

    def test_the_year_is_asked_after_while_the_difference_stands(self, differing: Circle) -> None:
        differing.upload()
        (case,) = differences.cases(differing.counter, differing.uploader.profile)
        assert case.difference is not None
        assert "平台的年度累计比本机所知的多" in case.difference.cause
        assert differing.states() == [State.ACCEPTED, State.DIFF, State.PENDING]

    def test_adopting_refunds_over_a_slip_and_lets_the_lane_go_on(self, differing: Circle) -> None:
        (case,) = differences.cases(differing.counter, differing.uploader.profile)
        decided = differences.adopt(differing.counter, differing.uploader.profile, case.no, case.part, "已退患者")
        assert decided.slip_no == "01C000001"
        assert decided in decisions.of_day(differing.counter.store.reader, "2025-06-10")
        differing.drain()
        states = differing.states()
        assert states[1] is State.ACCEPTED
        assert states[2] in {State.ACCEPTED, State.DIFF}  # it too was settled before the visit elsewhere was known

    @pytest.mark.parametrize("asked", range(6))
    def test_reversing_is_done_whole_or_not_at_all(self, differing: Circle, clock: Clock, asked: int) -> None:
        counter = differing.counter
        (case,) = differences.cases(counter, differing.uploader.profile)
        serial = find(counter.store, case.no).serial
        clock.forward(hours=1)
        counter.clock = set_back_after(clock, asked)
        try:
            differences.reverse(counter, case.no, case.part, "重新结算")
        except ClockError:
            done = (False, False, False)
        else:
            done = (True, True, True)
        reader = counter.store.reader
        (released,) = reader.execute("SELECT released FROM leg WHERE serial = ?", (serial,)).fetchone()
        voided = find(counter.store, case.no).voided_by is not None
        assert (bool(decisions.of_serial(reader, serial)), bool(released), voided) == done

    def test_reversing_takes_both_back(self, differing: Circle) -> None:
        (case,) = differences.cases(differing.counter, differing.uploader.profile)
        differences.reverse(differing.counter, case.no, case.part, "重新结算")
        differing.drain()
        (later,) = (
            one for one in differences.cases(differing.counter, differing.uploader.profile) if one.no != case.no
        )
        differences.adopt(differing.counter, differing.uploader.profile, later.no, later.part, "已退患者")
        differing.drain()
        assert differing.states()[1] is State.REVERSED
        assert "V1" not in {there["visit_no"] for there in differing.there_live()}


class TestReconciling:
    def test_both_books_agree(self, circle: Circle) -> None:
        one = circle.settle(visit("V1"))
        circle.settle(chronic("V2"))
        circle.upload()
        void(circle.counter, one.no, "退药")
        circle.upload()
        done = circle.reconcile()
        assert done.result == EQUAL
        assert done.totals.count == 2
        assert {found.kind for found in done.found} == {"no_paper"}

    def test_what_only_the_platform_has_is_told_with_its_message(self, circle: Circle) -> None:
        circle.settle(visit("V1"))
        while (outgoing := circle.uploader.claim()) is not None:
            exchange = circle.gateway.send(outgoing.infno, outgoing.body)
            if outgoing.infno == "2207":
                break
            circle.uploader.record(outgoing, exchange)
        done = circle.reconcile()
        assert done.result == UNEQUAL
        assert {"unclaimed"} <= {found.kind for found in done.found}

    def test_what_only_we_have_is_put_aside_and_not_sent_again(self, circle: Circle) -> None:
        one = circle.settle(visit("V1"))
        circle.upload()
        connection = circle.there.payer.platform.connection
        connection.execute("DELETE FROM settlement")
        connection.commit()
        done = circle.reconcile()
        assert done.result == UNEQUAL
        assert "missing_there" in {found.kind for found in done.found}
        assert circle.states() == [State.QUARANTINE]
        before = len(messages_of_leg(circle.counter.store.reader, one.serial, 0))
        circle.upload()
        assert len(messages_of_leg(circle.counter.store.reader, one.serial, 0)) == before
        assert legs.get(circle.counter.store.reader, one.serial, 0).state is State.QUARANTINE


class TestRestored:
    """A book put back from a copy that was made before its records reached the platform."""

    def test_everything_is_asked_after_and_nothing_is_sent_twice(self, circle: Circle) -> None:
        for number in ("V1", "V2"):
            circle.settle(visit(number))
        circle.counter.store.backup(circle.counter.folder.copies / "copy.db")
        circle.upload()
        assert len(circle.there_live()) == 2
        with circle.counter.store.write() as connection:  # as the copy has them: nothing was ever sent
            connection.execute(
                "UPDATE leg SET state = 'pending', step = '1101', sent = 0, mdtrt_id = '', setl_id = '', "
                "msgid = '', open = 1"
            )
            connection.execute("DELETE FROM platform_person")
            connection.execute("UPDATE leg SET head = serial = (SELECT min(serial) FROM leg)")
        assert distrust_restored_legs(circle.counter) == 2
        circle.uploader = circle.new_uploader()
        assert circle.upload() == 0  # before a reconciliation nothing goes out
        assert "对账" in circle.uploader.trouble
        circle.reconcile()
        circle.drain()
        assert circle.states() == [State.ACCEPTED, State.ACCEPTED]
        assert len(circle.there_live()) == 2
