"""网关: where records go, an address and the region whose ways it has; for training this PC's practice platform."""

from msgspec import Struct

from gongji.core.ledger.audit import Act
from gongji.desk.session import Session
from gongji.desk.upload.gateway_guard import check_destination, check_region
from gongji.files import practice_address
from gongji.payer.regions import PRACTICE, USUAL, profile, profile_names
from gongji.store import audit, settings

ADDRESS_SETTING, REGION_SETTING = "gateway", "region"


class GatewaySettings(Struct, frozen=True, kw_only=True):
    """Where records go: the address, and the region whose ways it has."""

    address: str
    region: str


def regions() -> dict[str, str]:
    """Return the regions whose ways are known, with their titles."""
    return {name: profile(name).title for name in profile_names()}


def kept_gateway(counter: Session) -> GatewaySettings:
    """Return where records go as somebody has set it; no address where nobody has."""
    connection = counter.store.reader
    usual = PRACTICE if counter.clinic.training else USUAL
    return GatewaySettings(
        address=settings.get(connection, ADDRESS_SETTING) or "",
        region=settings.get(connection, REGION_SETTING) or usual,
    )


def gateway(counter: Session) -> GatewaySettings:
    """Return where records go; for training the practice platform where nobody has set another and it is running."""
    kept = kept_gateway(counter)
    if kept.address or not counter.clinic.training:
        return kept
    return GatewaySettings(address=practice_address(), region=kept.region)


def has_gateway(counter: Session) -> bool:
    """Tell whether there is anywhere to send records to."""
    return bool(gateway(counter).address)


def set_gateway(counter: Session, one: GatewaySettings) -> None:
    """Send records there from now on. Raises `GongjiError` where they may not be sent there."""
    address = one.address.strip()
    profile(one.region)
    training = counter.clinic.training
    if address:
        check_destination(address, one.region, training=training, is_named=False)
    else:
        check_region(one.region, training=training)
    with counter.store.write() as connection:
        settings.put(connection, ADDRESS_SETTING, address)
        settings.put(connection, REGION_SETTING, one.region)
        detail = f"{address or '（未填）'} {one.region}"
        audit.append(connection, counter.now(), counter.operator, Act.GATEWAY, counter.clinic.counter, detail)
