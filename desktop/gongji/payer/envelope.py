"""A message whole, as the platform wants it; what leaves is held to the interface first."""

from typing import Any

from msgspec import Struct, json

from gongji.payer.interface import INPUTS, REQUEST
from gongji.payer.regions import Profile
from gongji.payer.schema import UnfitError, faults
from gongji.payer.signing import cainfo


class SignedInAs(Struct, frozen=True, kw_only=True):
    """Who sends: the institution (code and name), the area of care, the operator, and the sign-in's number."""

    institution: str
    institution_name: str
    area: str
    operator: str
    sign_no: str


def envelope(
    infno: str,
    content: dict[str, Any],
    msgid: str,
    at: str,
    sender: SignedInAs,
    profile: Profile,
    insured_area: str = "",
) -> bytes:
    """Return a message whole; `UnfitError` when the interface would refuse it, `GongjiError` where it cannot sign."""
    head = {
        "infno": profile.number(infno),
        "msgid": msgid,
        "mdtrtarea_admvs": sender.area,
        "insuplc_admdvs": insured_area,
        "recer_sys_code": profile.recer_sys_codes.get(infno, profile.recer_sys_code),
        "dev_no": "",
        "dev_safe_info": "",
        "cainfo": "",
        "signtype": profile.signtype,
        "infver": profile.infver,
        "opter_type": "1",
        "opter": sender.operator[:30],
        "opter_name": sender.operator[:50],
        "inf_time": at,
        "fixmedins_code": sender.institution,
        "fixmedins_name": sender.institution_name[: profile.name_length],
        "sign_no": sender.sign_no,
        **profile.envelope,
    }
    wrong = [*faults({"": REQUEST}, head), *faults(INPUTS[infno], content)]
    if wrong:
        raise UnfitError("；".join(wrong[:5]))
    spelt = _spelt(infno, content, profile)
    head["cainfo"] = cainfo(profile.digest, json.encode(spelt))
    return json.encode({**head, "input": spelt})


def _spelt(infno: str, content: dict[str, Any], profile: Profile) -> dict[str, Any]:
    """Return an input under the names its region has for nodes and fields."""

    def row(one: dict[str, Any]) -> dict[str, Any]:
        return {profile.field.get(f"{infno}.{name}", name): value for name, value in one.items()}

    return {
        profile.node.get(f"{infno}.{node}", node): list(map(row, value)) if isinstance(value, list) else row(value)
        for node, value in content.items()
    }


def reversal(psn_no: str, msgid: str, infno: str, profile: Profile) -> dict[str, Any]:
    """Return the input of a 2601: take back what a message did."""
    return {"data": {"psn_no": psn_no, "omsgid": msgid, "oinfno": profile.number(infno)}}
