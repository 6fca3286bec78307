"""网关: where records go, as somebody has set it, and for training this PC's practice platform.

Apart from what sets it and what is sent, which bring ciphers and certificates along: the window asks at its start.
"""

from msgspec import Struct, json

from gongji.desk.session import Session
from gongji.files import practice_address
from gongji.payer import PRACTICE, USUAL
from gongji.store import settings

ADDRESS_SETTING, REGION_SETTING = "gateway", settings.REGION
AUTHORITIES_SETTING, CARE_AREA_SETTING, APPROVED_SETTING = "gateway_ca", "gateway_area", "gateway_approved"


class GatewaySettings(Struct, frozen=True, kw_only=True):
    """Where records go: the address, and the region whose ways it has.

    `authorities` is the PEM of who vouches for its certificate, nothing for whom the system trusts. `care_area` is the
    institution's own area code (mdtrtarea_admvs) where it is not the policies' area. `approved` are the names of those
    who have read the warning about plain http, for this very address.
    """

    address: str
    region: str
    authorities: str = ""
    care_area: str = ""
    approved: tuple[str, ...] = ()


def kept_gateway(session: Session) -> GatewaySettings:
    """Return where records go as somebody has set it; no address where nobody has."""
    connection = session.store.reader
    usual = PRACTICE if session.clinic.training else USUAL
    approved = settings.get(connection, APPROVED_SETTING)
    return GatewaySettings(
        address=settings.get(connection, ADDRESS_SETTING) or "",
        region=settings.get(connection, REGION_SETTING) or usual,
        authorities=settings.get(connection, AUTHORITIES_SETTING) or "",
        care_area=settings.get(connection, CARE_AREA_SETTING) or "",
        approved=json.decode(approved, type=tuple[str, ...]) if approved else (),
    )


def gateway(session: Session) -> GatewaySettings:
    """Return where records go; for training the practice platform where nobody has set another and it is running."""
    kept = kept_gateway(session)
    if kept.address or not session.clinic.training:
        return kept
    return GatewaySettings(address=practice_address(), region=kept.region, care_area=kept.care_area)


def has_gateway(session: Session) -> bool:
    """Return whether there is anywhere to send records to."""
    return bool(gateway(session).address)


def care_area(session: Session) -> str:
    """Return the area code of care that messages carry."""
    return settings.get(session.store.reader, CARE_AREA_SETTING) or session.clinic.area
