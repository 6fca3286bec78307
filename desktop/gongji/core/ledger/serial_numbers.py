"""Numbers this counter issues: each carries its code and the settlement's serial, which is never used again."""

import datetime
import re

COUNTER_CODE = re.compile(r"[0-9A-Z]{2}\Z", re.ASCII)


def settlement_no(counter: str, day: datetime.date, serial: int) -> str:
    """Return the number of a settlement or a void: counter, day, serial."""
    return f"{counter}-{day:%Y%m%d}-{serial:06d}"


def receipt_no(counter: str, serial: int) -> str:
    """Return the number of a receipt."""
    return f"{counter}{serial:08d}"
