"""Square codes (QR) for what a paper carries to be checked by."""

import segno

QUIET_MODULES = 4


def modules_of(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules of a text's QR code without its quiet zone, row by row, true for dark."""
    code = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(bool(one) for one in row) for row in code.matrix)
