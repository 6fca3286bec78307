"""One part of a settlement with all that its messages need."""

from typing import Any

from msgspec import Struct

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
    return profile.psn_type[_kind(person)]


def _kind(person: dict[str, Any]) -> str:
    """Return the name by which a profile knows what kind of insured person somebody is."""
    status = str(person["status"])
    if "civil_servant" in (person.get("supplements") or ()):
        return "civil_servant" if status == "employed" else f"civil_servant_{status}"
    if person.get("employment") == "flexible":
        return "flexible" if status == "employed" else f"flexible_{status}"
    return status
