"""采用平台数的差异, as the month's statement, the day's close and the statistics count them."""

from gongji.desk.upload.kept_gateway import REGION_SETTING
from gongji.payer.region_names import PRACTICE, USUAL
from gongji.payer.regions import profile
from gongji.store import accepted_differences, settings
from gongji.store.accepted_differences import Accepted
from gongji.store.engine import Connection


def accepted_in(connection: Connection, after: str, until: str, operator: str | None = None) -> list[Accepted]:
    """Return what was accepted after one moment and up to another (stamps or ISO days), by an operator where named."""
    usual = PRACTICE if settings.get(connection, "training") == "1" else USUAL
    region = profile(settings.get(connection, REGION_SETTING) or usual)
    excluded_is_self_paid = region.excluded_is_self_paid
    return accepted_differences.between(
        connection, after, until, excluded_is_self_paid=excluded_is_self_paid, operator=operator
    )
