"""The data for a leg's messages: the frozen record, and what the platform has answered since."""

from msgspec.structs import asdict, replace

from gongji.core.engine.amounts import Amounts
from gongji.core.outbox.legs import Leg
from gongji.core.outbox.payer_figures import Figures, figures_of
from gongji.desk.session import Session
from gongji.payer.answer_contents import bill_sums
from gongji.payer.envelope import SignedInAs
from gongji.payer.read_answers import output_of
from gongji.payer.regions import Profile
from gongji.payer.wire_leg import LegData
from gongji.store import settings
from gongji.store.catalogue.code_mappings import national_codes
from gongji.store.engine import Connection
from gongji.store.upload import messages, outbox_records, payer_answers
from gongji.store.upload.outbox_records import FrozenRecord
from gongji.store.upload.payer_answers import KnownPerson


def sheet_of(connection: Connection, leg: Leg) -> LegData:
    """Return the current data of a leg."""
    sheet = _sheet_of(connection, leg, outbox_records.frozen_record(connection, leg.serial))
    decoded = payer_answers.voucher(connection, sheet.voucher) if sheet.voucher else None
    return sheet if decoded is None else replace(sheet, token=decoded.token)


def _sheet_of(connection: Connection, leg: Leg, kept: FrozenRecord) -> LegData:
    record = kept.content
    known = payer_answers.person(connection, record["person_id"]) or KnownPerson(psn_no=record["person_id"])
    return LegData(
        record=record,
        part=leg.part,
        benefits=kept.benefits,
        mdtrt_id=leg.mdtrt_id,
        setl_id=leg.setl_id,
        **asdict(known),
    )


def with_codes(connection: Connection, sheet: LegData) -> LegData:
    """Return the data with the national codes of the clinic's own, which the leg's bill needs."""
    codes = (line["code"] for line in sheet.visit["lines"])
    return replace(sheet, national=national_codes(connection, codes, sheet.record["settled_on"]))


def with_bill(connection: Connection, leg: Leg, sheet: LegData, profile: Profile) -> LegData:
    """Return the data with the four sums of the platform's answer to the leg's bill, if there is one."""
    body = messages.last_accepted(connection, leg.serial, leg.part, "2204")
    if body is None:
        return sheet
    return replace(sheet, split=bill_sums(output_of(body, profile) or {}))


def figures_at(sheet: LegData, profile: Profile) -> Figures:
    """Return our figures of a leg, under the platform's names."""
    return figures_of(Amounts(**sheet.amounts), excluded_is_self_paid=profile.excluded_is_self_paid)


def sender_of(session: Session, connection: Connection, sign_no: str) -> SignedInAs:
    """Return the sender's identity at this counter."""
    clinic, kept = session.clinic, settings.several(connection, settings.CARE_AREA, settings.ANCHOR)
    return SignedInAs(
        institution=clinic.institution["id"],
        institution_name=clinic.institution.get("name") or clinic.institution["id"],
        area=kept.get(settings.CARE_AREA) or clinic.area,
        operator=session.operator,
        sign_no=sign_no,
        anchor=kept.get(settings.ANCHOR, ""),
    )
