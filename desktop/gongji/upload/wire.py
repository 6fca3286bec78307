"""A message whole, as the platform wants it; what leaves is held to the interface first."""

from typing import Any

from msgspec import Struct, json

from gongji.upload.interface import INPUTS, REQUEST
from gongji.upload.profiles import Profile
from gongji.upload.schema import UnfitError, faults
from gongji.upload.signing import sm3


class Sender(Struct, frozen=True, kw_only=True):
    """Who sends: the institution (code and name), the area of care, the operator, and the sign-in's number."""

    institution: str
    institution_name: str
    area: str
    operator: str
    sign_no: str


def envelope(
    infno: str, content: dict[str, Any], msgid: str, at: str, sender: Sender, profile: Profile, insured_area: str = ""
) -> bytes:
    """Return a message whole; `UnfitError` when the interface would refuse it."""
    content = {profile.node.get(f"{infno}.{node}", node): rows for node, rows in content.items()}
    head = {
        "infno": infno,
        "msgid": msgid,
        "mdtrtarea_admvs": sender.area,
        "insuplc_admdvs": insured_area,
        "recer_sys_code": profile.recer_sys_code,
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
        "fixmedins_name": sender.institution_name[:20],
        "sign_no": sender.sign_no,
    }
    if profile.digest == "sm3":
        head["cainfo"] = sm3(json.encode(content))
    named = {node.strip("[]"): node for node in INPUTS[infno]}
    renamed = {profile.node.get(f"{infno}.{node}", node): node for node in named}
    usual = {renamed.get(node, node): rows for node, rows in content.items()}
    wrong = [*faults({"": REQUEST}, head), *faults(INPUTS[infno], usual)]
    if wrong:
        raise UnfitError("；".join(wrong[:5]))
    return json.encode({**head, "input": content})


def reversal(psn_no: str, msgid: str, infno: str) -> dict[str, Any]:
    """Return the input of a 2601: take back what a message did."""
    return {"data": {"psn_no": psn_no, "omsgid": msgid, "oinfno": infno}}
