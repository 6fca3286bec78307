"""A clinic that sends single messages to the practice platform, with the program's own message contents."""

import datetime
import json
from typing import Any

from msgspec import json as fast_json
from msgspec.structs import replace

from gongji.core.dates import CHINA
from gongji.core.engine.amounts import Amounts
from gongji.core.engine.quote import Quote
from gongji.core.outbox.payer_figures import Figures, figures_of
from gongji.core.outbox.replies import Answered, Done, Exchange, Reply, Settled
from gongji.desk.visits.quote import quote_text
from gongji.pack_files.library import Library
from gongji.payer.envelope import SignedInAs, envelope, reversal
from gongji.payer.interpret_answers import interpret
from gongji.payer.message_contents import content as step
from gongji.payer.read_answers import Answer, read_answer
from gongji.payer.regions import Profile, profile
from gongji.payer.wire_leg import LegData
from gongji.sandbox.payer import Payer
from tests.support.clinic import INSTITUTION
from tests.support.clinic import visit as plain_visit

PROFILE = profile("practice")
NOW = datetime.datetime(2025, 6, 10, 9, 0, tzinfo=CHINA)
PARAMETERS = {
    "inpatient_ratio": {
        "employed": {"1": "0.90", "2": "0.85", "3": "0.80"},
        "retired": {"1": "0.95", "2": "0.90", "3": "0.85"},
    },
    "inpatient_deductible": {"1": "200", "2": "400", "3": "600"},
    "inpatient_cap": "50000",
}
SENDER = SignedInAs(
    institution=INSTITUTION["id"], institution_name="曲水乡卫生院", area="530300", operator="李红", sign_no=""
)
BEFORE_SETTLING = ("1101", "2201", "2203", "2204", "2206")


def reply(exchange: Exchange, infno: str, msgid: str, number: str, profile: Profile) -> Reply:
    """The outcome of a message of a leg with its number in the institution."""
    return interpret(read_answer(exchange, infno, msgid, profile), infno, number, profile)


def visit(visit_no: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A visit as in the book's tests, with what is asked for above the year's cap."""
    return plain_visit(visit_no, *lines, **{"parameters": PARAMETERS, **more})


class Clinic:
    """Sends messages straight to a payer."""

    def __init__(self, payer: Payer, library: Library, institution: str = INSTITUTION["id"], count: int = 0) -> None:
        self.payer = payer
        self.library = library
        self.institution = institution
        self._count = count

    def sheet(self, one: dict[str, Any], part: int = 0) -> tuple[LegData, Amounts]:
        """Settle a visit as the counter would, and return what the wire needs of one of its parts."""
        quote = quote_text(json.dumps(one).encode(), self.library).quote
        assert quote is not None
        self._count += 1
        record = _record(one, quote, f"01-20250610-{self._count:06d}")
        benefits = tuple(line.get("benefit") or one.get("benefit") or "general" for line in one["lines"])
        sheet = LegData(record=record, part=part, benefits=benefits, psn_no=one["person"]["id"])
        return sheet, quote.settlements[part].amounts

    def message(self, infno: str, content: dict[str, Any], chosen: Profile = PROFILE) -> tuple[str, bytes]:
        self._count += 1
        msgid = f"{self.institution:0<12}20250610090000{self._count:04d}"
        sender = replace(SENDER, institution=self.institution)
        return msgid, envelope(infno, content, msgid, "2025-06-10 09:00:00", sender, chosen, "530300")

    def say(self, infno: str, content: dict[str, Any]) -> Answer:
        """Send a message and return its answer, which must be as the interface has it."""
        msgid, body = self.message(infno, content)
        answer = read_answer(Answered(self.payer.answer(body)), infno, msgid, PROFILE)
        assert isinstance(answer, Answer), answer
        return answer

    def do(self, infno: str, sheet: LegData) -> tuple[str, Reply]:
        msgid, body = self.message(infno, step(infno, sheet, PROFILE))
        return msgid, reply(Answered(self.payer.answer(body)), infno, msgid, sheet.number, PROFILE)

    def prepared(self, one: dict[str, Any], part: int = 0) -> tuple[LegData, Figures]:
        """Take a visit through every step before settling."""
        sheet, amounts = self.sheet(one, part)
        for infno in BEFORE_SETTLING:
            _, found = self.do(infno, sheet)
            assert isinstance(found, Done | Settled), (infno, found)
            if isinstance(found, Done) and found.mdtrt_id:
                sheet = LegData(
                    record=sheet.record,
                    part=part,
                    benefits=sheet.benefits,
                    psn_no=sheet.psn_no,
                    mdtrt_id=found.mdtrt_id,
                )
        return sheet, figures_of(amounts)

    def settled(self, one: dict[str, Any], part: int = 0) -> tuple[LegData, str, Settled, Figures]:
        """Settle a visit with the payer; return its data, the msgid, the payer's answer and our own figures."""
        sheet, ours = self.prepared(one, part)
        msgid, found = self.do("2207", sheet)
        assert isinstance(found, Settled), found
        known = LegData(
            record=sheet.record,
            part=part,
            benefits=sheet.benefits,
            psn_no=sheet.psn_no,
            mdtrt_id=sheet.mdtrt_id,
            setl_id=found.setl_id,
        )
        return known, msgid, found, ours

    def reverse(self, sheet: LegData, msgid: str, infno: str = "2207") -> tuple[str, Reply]:
        mine, body = self.message("2601", reversal(sheet.psn_no, msgid, infno, PROFILE))
        return mine, reply(Answered(self.payer.answer(body)), "2601", mine, sheet.number, PROFILE)

    def figures(self, person: str) -> dict[str, str]:
        rows = self.say("5206", {"data": {"psn_no": person}}).output["cuminfo"]
        return {row["cum_type_code"]: str(row["cum"]) for row in rows}


def _record(one: dict[str, Any], quote: Quote, no: str) -> dict[str, Any]:
    payments = [
        {"part": place, "account_id": account, "amount_fen": fen}
        for place, part in enumerate(quote.settlements)
        for account, fen in (
            (one["person"]["id"], part.amounts.account_own_fen),
            *((paid.id, paid.amount_fen) for paid in part.family_payments),
        )
        if fen
    ]
    parts = [{"benefit": part.benefit, "amounts": part.amounts} for part in quote.settlements]
    found: dict[str, Any] = {
        "settlement_no": no,
        "receipt_no": no[-10:],
        "person_id": one["person"]["id"],
        "settled_on": one["settled_on"],
        "at": "2025-06-10 09:00:00",
        "operator": "李红",
        "parts": parts,
        "payments": payments,
        "visit": one,
    }
    return dict(json.loads(fast_json.encode(found, enc_hook=int)))


__all__ = ["NOW", "Clinic", "visit"]
