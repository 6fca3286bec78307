"""选定机构: what a patient chose is in the book, in the queue, and with the platform before the visit."""

from typing import Any

import pytest
from msgspec import json

from gongji.core.outbox.replies import Answered, Unknown
from gongji.core.outbox.states import State
from gongji.desk.session import Session
from gongji.desk.settlements.settle import AtCounter, settle_text
from gongji.sandbox import people
from gongji.store.people import choices
from tests.support.circle import Circle
from tests.support.clinic import INSTITUTION, line, text, visit

HERE = INSTITUTION["id"]
ELSEWHERE = "H44530200009"
PERSON = "445302198001010019"


def yunfu(visit_no: str, institution: str | None = HERE, **more: Any) -> dict[str, Any]:
    """Somebody insured where the fund pays only at the institution they have chosen."""
    person = {"id": PERSON, "name": "赵一", "status": "employed", "selected_institution": institution}
    asked = {"area": "445300", "parameters": {"average_wage": {"2023": "80000"}}, "person": person}
    return visit(visit_no, line("100.00"), **{**asked, **more})


def chosen(session: Session) -> list[choices.InstitutionChoice]:
    return choices.of_person(session.store.reader, PERSON)


def settle(circle: Circle, one: dict[str, Any], *, selects: bool = True) -> None:
    done = settle_text(circle.counter, text(one), AtCounter(selects=selects))
    assert done.stored is not None, done.problems


def messages(circle: Circle) -> list[str]:
    """What left, in order, but for sign-ins and questions."""
    rows = circle.counter.store.reader.execute("SELECT infno FROM attempt ORDER BY msgid").fetchall()
    return [infno for (infno,) in rows if infno in {"2505", "2506", "2201", "2207"}]


def known_there(circle: Circle) -> str | None:
    found = people.find(circle.there.payer.platform.connection, PERSON)
    assert found is not None
    value: str | None = found.facts.get("selected_institution")
    return value


def known_to_have_chosen(circle: Circle, institution: str) -> None:
    """The platform has its own word on the patient, and does not take the clinic's."""
    facts = {"area": "445300", "status": "employed", "employment": "unit", "selected_institution": institution}
    people.keep(circle.there.payer.platform.connection, PERSON, facts, own=True)


class TestTheBook:
    def test_has_the_choice_with_its_settlement(self, circle: Circle) -> None:
        settle(circle, yunfu("V1"))
        (one,) = chosen(circle.counter)
        assert (one.settlement, one.institution, one.before, one.begins) == (1, HERE, "", "2025-06-10")
        assert one.state == "pending"

    def test_has_none_where_nothing_was_chosen(self, circle: Circle) -> None:
        settle(circle, yunfu("V1"), selects=False)
        settle(circle, yunfu("V2"))  # it is theirs already
        assert chosen(circle.counter) == []

    def test_never_changes_it(self, circle: Circle) -> None:
        settle(circle, yunfu("V1"))
        with pytest.raises(Exception, match="only ever added to"), circle.counter.store.write() as connection:
            connection.execute("UPDATE selection SET institution = 'x'")


class TestTheQueue:
    def test_tells_the_platform_before_the_visit_which_then_agrees(self, circle: Circle) -> None:
        known_to_have_chosen(circle, ELSEWHERE)
        settle(circle, yunfu("V1"))
        circle.drain()
        assert messages(circle) == ["2505", "2201", "2207"]
        assert circle.states() == [State.ACCEPTED]
        assert known_there(circle) == HERE
        (one,) = chosen(circle.counter)
        assert one.state == "accepted"
        assert one.number

    def test_without_it_the_platform_would_pay_nothing(self, circle: Circle) -> None:
        known_to_have_chosen(circle, ELSEWHERE)
        settle(circle, yunfu("V1"), selects=False)
        circle.drain()
        assert "2505" not in messages(circle)
        assert circle.states() == [State.DIFF]

    def test_a_change_withdraws_what_was_told_before(self, circle: Circle) -> None:
        settle(circle, yunfu("V1"))
        circle.drain()
        settle(circle, yunfu("V2", ELSEWHERE, referral=True))
        circle.drain()
        assert messages(circle) == ["2505", "2201", "2207", "2506", "2505", "2201", "2207"]
        assert [one.state for one in chosen(circle.counter)] == ["withdrawn", "accepted"]
        assert known_there(circle) == ELSEWHERE

    def test_is_told_once_for_two_visits(self, circle: Circle) -> None:
        settle(circle, yunfu("V1"))
        settle(circle, yunfu("V2"), selects=True)
        circle.drain()
        assert messages(circle).count("2505") == 1


class TestTrouble:
    def told(self, circle: Circle) -> Any:
        """The message that tells of the choice, just before it leaves."""
        for _ in range(6):
            outgoing = circle.uploader.claim()
            assert outgoing is not None
            if outgoing.infno == "2505":
                return outgoing
            circle.uploader.record(outgoing, circle.gateway.send(outgoing.infno, outgoing.body))
        raise AssertionError(messages(circle))

    def test_an_outcome_nobody_knows_is_tried_again(self, circle: Circle) -> None:
        settle(circle, yunfu("V1"))
        circle.uploader.record(self.told(circle), Unknown("超时"))
        (one,) = chosen(circle.counter)
        assert (one.state, one.failures) == ("pending", 1)
        circle.drain()
        assert [found.state for found in chosen(circle.counter)] == ["accepted"]
        assert circle.states() == [State.ACCEPTED]

    def test_after_some_times_a_person_has_to_see_to_it_and_the_visit_goes_on(self, circle: Circle) -> None:
        settle(circle, yunfu("V1"))
        for _ in range(5):
            circle.uploader = circle.new_uploader()
            circle.uploader.record(self.told(circle), Unknown("超时"))
        (one,) = chosen(circle.counter)
        assert one.state == "stuck"
        circle.uploader = circle.new_uploader()
        circle.drain()
        assert messages(circle)[-2:] == ["2201", "2207"]

    def test_a_refusal_is_kept_in_its_words_and_the_visit_goes_on(self, circle: Circle) -> None:
        known_to_have_chosen(circle, ELSEWHERE)
        settle(circle, yunfu("V1"))
        outgoing = self.told(circle)
        refused = {"infcode": -1, "err_msg": "本年度已选定其他机构", "infno": "2505", "msgid": outgoing.msgid}
        refused |= {"inf_refmsgid": "1" * 30, "refmsg_time": "20250610090000000", "respond_time": "20250610090000000"}
        recorded = circle.uploader.record(outgoing, Answered(json.encode(refused)))
        assert "本年度已选定其他机构" in recorded.text
        (one,) = chosen(circle.counter)
        assert (one.state, one.text) == ("refused", "本年度已选定其他机构")
        log = circle.counter.store.reader.execute("SELECT act FROM audit ORDER BY serial DESC LIMIT 1").fetchone()
        assert log == ("selection_refused",)
        circle.drain()
        assert circle.states() == [State.DIFF]
