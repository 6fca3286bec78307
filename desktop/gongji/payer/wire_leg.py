"""One part of a settlement with all that its messages need, and the practice extension.

What the interface's fields cannot hold is sent to the practice platform in expContent, in the contract's form.
"""

from typing import Any

from msgspec import Struct

from gongji.core.money import parse_fen, yuan
from gongji.payer.regions import Profile

E_VOUCHER = "01"
"""The certificate type of an e-voucher (mdtrt_cert_type)."""


class LegData(Struct, frozen=True, kw_only=True):
    """One part of a settlement with all that its messages need.

    `record` is the queue's own content, decoded; `benefits` the benefit of each of its lines; `split` the four sums of
    the platform's answer to the bill, in yuan by field, once there is one. `psn_type`, `cert_type` and `area` are from
    1101's answer about the person; a platform wants its own words back. `national` are the national codes of the
    clinic's own, `token` is the platform's for the scanned e-voucher.
    """

    record: dict[str, Any]
    part: int
    benefits: tuple[str, ...]
    psn_no: str
    mdtrt_id: str = ""
    setl_id: str = ""
    split: dict[str, str] = {}
    psn_type: str = ""
    cert_type: str = ""
    area: str = ""
    national: dict[str, str] = {}
    token: str = ""

    @property
    def insured_area(self) -> str:
        """Where the person is insured, as the platform says, else as it was settled."""
        return self.area or str(self.record["area"])

    @property
    def number(self) -> str:
        """The part's number, unique in the institution for ever: that of the settlement and the part's place."""
        return f"{self.record['settlement_no'].replace('-', '')}-{self.part}"

    @property
    def benefit(self) -> str:
        """The part's benefit."""
        return str(self.record["parts"][self.part]["benefit"])

    @property
    def amounts(self) -> dict[str, int]:
        """The part's amounts in fen."""
        found: dict[str, int] = self.record["parts"][self.part]["amounts"]
        return found

    @property
    def care(self) -> dict[str, Any]:
        """What the payer requires of the visit besides its figures."""
        return self.record["visit"].get("care") or {}

    @property
    def voucher(self) -> str:
        """The e-voucher that was scanned at the counter; empty where none was."""
        shown = self.care.get("certificate") or {}
        return str(shown["number"] if shown.get("type") == E_VOUCHER else self.visit["person"].get("voucher") or "")

    @property
    def visit(self) -> dict[str, Any]:
        """The visit as it was settled."""
        found: dict[str, Any] = self.record["visit"]
        return found

    def line_number(self, place: int) -> str:
        """Return a line's number: digits only, not 0, at most fifteen, always the same; unique within its visit."""
        serial = int(str(self.record["settlement_no"]).rpartition("-")[2])
        return f"{serial}{self.part}{place + 1:04d}"


def psn_type(person: dict[str, Any], profile: Profile) -> str:
    """Return a region's code for what kind of insured person somebody is."""
    status = str(person["status"])
    if "civil_servant" in (person.get("supplements") or ()):
        kind = "civil_servant"
    elif person.get("employment") == "flexible":
        kind = "flexible"
    else:
        return profile.psn_type[status]
    return profile.psn_type[kind if status == "employed" else f"{kind}_{status}"]


def without_lines(record: dict[str, Any], part: int) -> dict[str, Any]:
    """Return the visit of a record without its lines, under a part's benefit; limits less what earlier parts used."""
    visit = {name: value for name, value in record["visit"].items() if name != "lines"}
    used_fen: dict[str, int] = {}
    for paid in record["payments"]:
        if paid["part"] < part and paid["account_id"]:
            used_fen[paid["account_id"]] = used_fen.get(paid["account_id"], 0) + paid["amount_fen"]
    accounts = visit.get("accounts") or {}
    if used_fen and accounts:
        own = accounts.get("own")
        family = accounts.get("family") or ()
        visit["accounts"] = {
            "own": None if own is None else _less(own, used_fen.get(record["person_id"], 0)),
            "family": [_less(one, used_fen.get(one["id"], 0)) for one in family],
        }
    return {**visit, "benefit": record["parts"][part]["benefit"]}


def _less(account: dict[str, Any], used_fen: int) -> dict[str, Any]:
    if not used_fen or account.get("limit") is None:
        return account
    limit_fen = int(parse_fen(str(account["limit"])))
    return {**account, "limit": yuan(max(0, limit_fen - used_fen))}


def line_alone(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line as it would stand in a visit under its own benefit."""
    return {name: value for name, value in line.items() if name != "benefit"}
