"""试写报文: every message of an invented visit under a region's profile, held to the interface before anything is sent.

Whether what a profile fills in (codes, receivers, a doctor, a department) fits the interface is the same for every
record: an integrator learns it here at once, and not record by record.
"""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from gongji.core.ledger.audit import PREFIX
from gongji.payer.envelope import SignedInAs, envelope, reversal
from gongji.payer.message_contents import content
from gongji.payer.regions import Profile
from gongji.payer.schema import UnfitError
from gongji.payer.wire_leg import LegData

_MSGID = "H00000000001202506100900000001"
_LONGEST_ANCHOR = 800
"""Characters that an anchor's line never exceeds, whatever the sums."""
_AT, _AREA, _INSTITUTION = "2025-06-10 09:00:00", "000000", "H00000000001"
_WRITTEN = ("1101", "2201", "2202", "2203", "2204", "2205", "2206", "2207", "2208", "5201", "5203", "5204", "5206")
_AMOUNTS = (
    "total_fen", "self_paid_fen", "over_price_fen", "prepaid_fen", "excluded_fen", "eligible_fen", "account_own_fen",
    "account_family_fen",
)  # fmt: skip


def unfit_messages(one: Profile) -> Iterator[tuple[str, str]]:
    """Yield the transactions that the interface would refuse whoever the patient is, each with its reason."""
    # neither signed nor encrypted: the secrets for that are in the environment
    plain = replace(one, digest="", cipher="", sm2_id="", sm2_text="input", extension=False)
    sender = SignedInAs(
        institution=_INSTITUTION,
        institution_name="某卫生院",
        area=_AREA,
        operator="某人",
        sign_no="1",
        anchor=PREFIX + "A" * (_LONGEST_ANCHOR - len(PREFIX)),
    )
    sheet = _sheet()
    contents: dict[str, dict[str, Any]] = {"2601": reversal(sheet.psn_no, _MSGID, "2207", plain)}
    for infno in _WRITTEN:
        try:
            contents[infno] = content(infno, sheet, plain)
        except (UnfitError, KeyError):
            continue  # a code is missing, which is a finding of its own
    seen = set()
    for infno, one_content in sorted(contents.items()):
        try:
            envelope(infno, one_content, _MSGID, _AT, sender, plain, _AREA)
        except UnfitError as error:
            if str(error) not in seen:
                yield infno, str(error)
            seen.add(str(error))


def _sheet() -> LegData:
    """Return an invented visit of one yuan."""
    line = {"code": "X1", "name": "某药", "category": "drug", "class": "A", "unit_price": "1.00", "quantity": "1"}
    person = {"id": "000000199001010000", "name": "某人", "status": "employed"}
    visit = {
        "person": person,
        "care": {"diagnoses": [{"code": "J06.900", "name": "急性上呼吸道感染"}]},
        "lines": [line],
        "institution": {"id": _INSTITUTION},
    }
    record = {
        "settlement_no": "0120250610-000001",
        "receipt_no": "1",
        "person_id": person["id"],
        "area": _AREA,
        "settled_on": _AT[:10],
        "at": _AT,
        "operator": "某人",
        "parts": [{"benefit": "general", "amounts": {**dict.fromkeys(_AMOUNTS, 0), "total_fen": 100}}],
        "payments": [],
        "visit": visit,
    }
    return LegData(record=record, part=0, benefits=("general",), psn_no="P1", mdtrt_id="1", setl_id="1")
