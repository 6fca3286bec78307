"""A stick made before is read: its format is not the program's records."""

import json
from pathlib import Path

import msgspec

from gongji.core.outbox.legs import Leg, Message, Purpose
from gongji.core.outbox.states import State
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.stick.stick_format import (
    StickFinding,
    leg_of,
    outgoing_of,
    read_answers,
    stick_leg,
    stick_outgoing,
    write_answers,
)
from gongji.payer.stick.package import opened
from gongji.store.upload.payer_answers import Inquiry

KEPT = Path(__file__).parent / "kept" / "answers_format_2.gjp"
"""Answers of three settlements, made on 2026-11-30: one of them voided, one whose answer was lost on its way."""


def test_a_stick_made_in_2026_is_read_and_would_be_written_the_same() -> None:
    manifest, content = opened(KEPT.read_bytes(), KEPT.with_suffix(".identity").read_text(encoding="ascii"))
    assert (manifest.format, manifest.kind, manifest.legs) == (2, "answers", 4)
    hops, findings = read_answers(content)
    assert findings == []
    assert len(hops) == content.count(b"\n")
    assert write_answers(hops, findings) == content
    steps = [hop.outgoing.infno for hop in hops]
    assert steps[:2] == ["9001", "1101"]
    assert "5204" in steps  # asked after, for the one whose answer was lost
    for hop in hops:
        sent = outgoing_of(hop.outgoing, hop.body)
        assert stick_outgoing(sent) == hop.outgoing
        assert (sent.message is None) == (sent.leg is None)
        if hop.before is not None:
            assert stick_leg(leg_of(hop.before)) == hop.before


def test_what_stands_on_a_stick_is_field_by_field_what_it_was() -> None:
    message = Outgoing(
        msgid="M", infno="2601", body=b"not carried here", lane="L", leg=(3, 1), message=Message("2207", Purpose.UNDO),
        number="N", void=4, inquiry=Inquiry(lane="L", infno="5206", serial=3, failures=2), undoes="U", voucher="E",
        person="P",
    )  # fmt: skip
    leg = Leg(
        serial=3, part=1, state=State.REVERSING, step="2207", want_reverse=True, sent=True, left=2, failures=3, sends=4,
        asks=5, waited_s=6, doubt=True, restored=True, mdtrt_id="A", setl_id="B", msgid="C", last_error="D",
        told="absent",
    )  # fmt: skip
    assert json.loads(msgspec.json.encode(stick_outgoing(message))) == {
        "msgid": "M", "infno": "2601", "body": "", "lane": "L", "leg": [3, 1],
        "message": {"infno": "2207", "purpose": "undo"}, "number": "N", "void": 4,
        "inquiry": {"lane": "L", "infno": "5206", "serial": 3, "failures": 2}, "selection": None, "undoes": "U",
        "voucher": "E", "person": "P",
    }  # fmt: skip
    assert json.loads(msgspec.json.encode(stick_leg(leg))) == {
        "serial": 3, "part": 1, "state": "reversing", "step": "2207", "want_reverse": True, "sent": True, "left": 2,
        "failures": 3, "sends": 4, "asks": 5, "waited_s": 6, "doubt": True, "restored": True, "mdtrt_id": "A",
        "setl_id": "B", "msgid": "C", "last_error": "D", "told": "absent",
    }  # fmt: skip
    assert leg_of(stick_leg(leg)) == leg
    assert outgoing_of(stick_outgoing(message), b"x") == msgspec.structs.replace(message, body=b"x")


def test_a_leg_that_could_not_be_sent_is_a_line_of_its_own() -> None:
    content = write_answers([], [StickFinding(leg=(2, 0), unfit="?")])
    assert content == b'{"finding":{"leg":[2,0],"unfit":"?"}}\n'
    assert read_answers(content) == ([], [StickFinding(leg=(2, 0), unfit="?")])
