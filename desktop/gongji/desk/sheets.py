"""What a leg's messages are written from: the record as it was frozen, and what the platform has said since."""

from msgspec import json
from msgspec.structs import replace

from gongji.core.outbox.figures import Figures, figures_of
from gongji.core.outbox.legs import Leg
from gongji.core.reckoning.amounts import Amounts
from gongji.core.strict_json import decode
from gongji.desk.counter import Counter
from gongji.store import attempts, platform, queue
from gongji.store.engine import Connection
from gongji.upload.profiles import Profile
from gongji.upload.reading import bill_sums
from gongji.upload.sheets import Sheet
from gongji.upload.wire import Sender


def sheet_of(connection: Connection, leg: Leg) -> Sheet:
    """Return the sheet of a leg as it stands."""
    record = json.decode(queue.body_of(connection, leg.serial))
    known = platform.person_no(connection, record["person_id"])
    return Sheet(
        record=record,
        part=leg.part,
        benefits=queue.benefits_of(connection, leg.serial),
        psn_no=record["person_id"] if known is None else known,
        mdtrt_id=leg.mdtrt_id,
        setl_id=leg.setl_id,
    )


def with_bill(connection: Connection, leg: Leg, sheet: Sheet) -> Sheet:
    """Return the sheet with the four sums of the platform's answer to the leg's bill, where there is one."""
    body = attempts.last_accepted(connection, leg.serial, leg.part, "2204")
    if body is None:
        return sheet
    value, _ = decode(body)
    return replace(sheet, split=bill_sums(value["output"]))


def figures_at(sheet: Sheet, profile: Profile) -> Figures:
    """Return our figures of a leg, as the platform would name them."""
    return figures_of(Amounts(**sheet.amounts), excluded_is_self_paid=profile.excluded_is_self_paid)


def sender_of(counter: Counter, sign_no: str) -> Sender:
    """Return who sends from this counter."""
    clinic = counter.clinic
    return Sender(
        institution=clinic.institution["id"],
        institution_name=clinic.institution.get("name") or clinic.institution["id"],
        area=clinic.area,
        operator=counter.operator,
        sign_no=sign_no,
    )
