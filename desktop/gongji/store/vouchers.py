"""What the platform made of scanned e-vouchers (医保电子凭证): a token for the visit, or why there is none."""

from msgspec import Struct

from gongji.store.engine import Connection

DECODED, REFUSED = "decoded", "refused"


class DecodedVoucher(Struct, frozen=True, kw_only=True):
    """What came of asking after a voucher; without a token the visit goes by the identity number."""

    code: str
    person_id: str
    state: str
    token: str = ""
    text: str = ""

    def __repr__(self) -> str:
        """Return nobody's number."""
        return f"DecodedVoucher({self.state})"


def voucher(connection: Connection, code: str) -> DecodedVoucher | None:
    """Return what came of a voucher; None where it was not asked after yet."""
    row = connection.execute("SELECT person_id, state, token, text FROM voucher WHERE code = ?", (code,)).fetchone()
    if row is None:
        return None
    return DecodedVoucher(code=code, person_id=row[0], state=row[1], token=row[2], text=row[3])


def put_voucher(connection: Connection, one: DecodedVoucher, at: str) -> None:
    """Keep what came of a voucher; again changes nothing."""
    connection.execute(
        "INSERT OR IGNORE INTO voucher (code, person_id, state, token, text, at) VALUES (?, ?, ?, ?, ?, ?)",
        (one.code, one.person_id, one.state, one.token, one.text, at),
    )
