"""网关: where records are sent, as stored, and for training this PC's practice platform.

Apart from setting it and sending, which import ciphers and certificates: the window needs this at its start.
"""

from msgspec import Struct, json
from msgspec.structs import replace

from gongji.desk.session import Session
from gongji.files import practice_address
from gongji.payer import PRACTICE, USUAL
from gongji.store import settings

ADDRESS_SETTING, REGION_SETTING = "gateway", settings.REGION
AUTHORITIES_SETTING, CARE_AREA_SETTING, APPROVED_SETTING = "gateway_ca", settings.CARE_AREA, "gateway_approved"


class GatewaySettings(Struct, frozen=True, kw_only=True):
    """Where records are sent: the address, and the region whose profile applies.

    `authorities` is the PEM of its certificate authority, empty for those the system trusts. `care_area` is the
    institution's own area code (mdtrtarea_admvs) where it is not the policies' area. `approved` are the names of those
    who confirmed the warning about plain http, for this very address. `own_profile` is the text of the clinic's own
    region profile, which applies where the region is `payer.OWN`.
    """

    address: str
    region: str
    authorities: str = ""
    care_area: str = ""
    approved: tuple[str, ...] = ()
    own_profile: str = ""


def kept_gateway(session: Session) -> GatewaySettings:
    """Return the stored setting; without an address where none is set."""
    connection = session.store.reader
    usual = PRACTICE if session.clinic.training else USUAL
    approved = settings.get(connection, APPROVED_SETTING)
    return GatewaySettings(
        address=settings.get(connection, ADDRESS_SETTING) or "",
        region=settings.get(connection, REGION_SETTING) or usual,
        authorities=settings.get(connection, AUTHORITIES_SETTING) or "",
        care_area=settings.get(connection, CARE_AREA_SETTING) or "",
        approved=json.decode(approved, type=tuple[str, ...]) if approved else (),
        own_profile=settings.get(connection, settings.OWN_PROFILE) or "",
    )


def gateway(session: Session) -> GatewaySettings:
    """Return where records are sent; for training the running practice platform where nothing else is set."""
    kept = kept_gateway(session)
    if kept.address or not session.clinic.training:
        return kept
    return replace(kept, address=practice_address(), authorities="", approved=())


def has_gateway(session: Session) -> bool:
    """Return whether there is a gateway."""
    return bool(gateway(session).address)


def care_area(session: Session) -> str:
    """Return the area code of care in messages."""
    return settings.get(session.store.reader, CARE_AREA_SETTING) or session.clinic.area
