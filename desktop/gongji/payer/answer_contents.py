"""The contents of a reliable answer: rows, amounts, sums of a bill, accumulators, entitlement, a person."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gongji.core.money import yuan
from gongji.payer.regions import Profile
from gongji.payer.schema import InterfaceField, fault, is_empty, plain

_WORDS = 200
AMOUNT = InterfaceField(name="", kind="n", length=16, decimals=2, required=False)
"""How the interface writes an amount in yuan."""


def fen(value: Any) -> int:
    """Return a checked number of a message in fen; anything finer than fen is dropped."""
    text = plain(value) or "0"
    whole, _, decimals = text.lstrip("-").partition(".")
    amount = int(whole) * 100 + int((decimals + "00")[:2])
    return -amount if text.startswith("-") else amount


def _told_fen(value: Any) -> int | None:
    """Return a number of a message in fen; None where there is none, or one that cannot be read."""
    return None if is_empty(value) or fault(AMOUNT, value) is not None else fen(value)


def rows_of(output: Mapping[str, Any], node: str) -> list[Mapping[str, Any]]:
    """Return the rows of a node: an array by rule, a single object in some answers, the whole output in others.

    Empty where it is null, empty or missing.
    """
    value = output.get(node, output.get(""))
    found = value if isinstance(value, list) else [value]
    return [row for row in found if isinstance(row, Mapping)]


def bill_sums(output: Mapping[str, Any]) -> dict[str, str]:
    """Return the four sums over the platform's answer to a bill, in yuan, by the fields of a settlement.

    Empty where a line does not give its parts: then our own sums are sent.
    """
    names = {
        "fulamt_ownpay_amt": "fulamt_ownpay_amt",
        "overlmt_selfpay": "overlmt_amt",
        "preselfpay_amt": "preselfpay_amt",
        "inscp_scp_amt": "inscp_scp_amt",
    }
    found = rows_of(output, "result")
    if not found or all(is_empty(row.get(field)) for row in found for field in names.values()):
        return {}
    return {name: yuan(sum(fen(row.get(field) or "0") for row in found)) for name, field in names.items()}


def accumulators(output: Mapping[str, Any], year_from: str, profile: Profile) -> list[tuple[str, int]]:
    """Return the platform's accumulators of a benefit year, under our names, in fen."""
    found = []
    for row in rows_of(output, "cuminfo"):
        code = plain(row.get("cum_type_code")) or ""
        name = code if profile.own_accumulator_names else profile.accumulator.get(code)
        ours = plain(row.get("insutype")) == profile.insutype and plain(row.get("year")) == year_from[:4]
        amount_fen = _told_fen(row.get("cum"))
        if name and ours and amount_fen is not None and not plain(row.get("cum_ym")):
            found.append((name, amount_fen))
    return found


def entitled(output: Mapping[str, Any]) -> tuple[bool, str] | None:
    """Return whether 2001 says that a person is entitled, and why not; None where it does not say.

    One positive check is enough: a platform checks each fund, and a person does not have all of them.
    """
    rows = rows_of(output, "trtinfo")
    said = [plain(row.get("trt_enjymnt_flag")) for row in rows]
    if "1" in said:
        return True, ""
    if "0" not in said:
        return None
    words = (plain(row.get("trt_chk_rslt")) or "" for row in rows)
    return False, "；".join(dict.fromkeys(one.strip() for one in words if one.strip()))[:_WORDS]


class PayerPerson(Struct, frozen=True, kw_only=True):
    """A person as the platform knows them by 1101: their number, and area and kind of the insurance in force.

    `balance_fen` is what the own account holds; None where no row in force says it.
    """

    psn_no: str
    cert_type: str = ""
    psn_type: str = ""
    area: str = ""
    balance_fen: int | None = None

    def __repr__(self) -> str:
        """Show no number."""
        return f"PayerPerson({self.area})"


IN_FORCE = "1"


def insured(output: Mapping[str, Any], profile: Profile) -> PayerPerson:
    """Return the person in 1101's answer. Of several rows of one insurance (after a move) only one in force counts."""
    base = rows_of(output, "baseinfo")[0]
    mine = [row for row in rows_of(output, "insuinfo") if plain(row.get("insutype")) == profile.insutype]
    with_state = [row for row in mine if plain(row.get("psn_insu_stas")) not in {None, ""}]
    live = [row for row in with_state if plain(row.get("psn_insu_stas")) == IN_FORCE] if with_state else mine
    row: Mapping[str, Any] = live[0] if live else {}
    return PayerPerson(
        psn_no=plain(base["psn_no"]) or "",
        cert_type=plain(base.get("psn_cert_type")) or "",
        psn_type=plain(row.get("psn_type")) or "",
        area=plain(row.get("insuplc_admdvs")) or "",
        balance_fen=_told_fen(row.get("balc")),
    )
