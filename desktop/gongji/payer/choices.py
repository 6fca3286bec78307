"""选定机构: reporting that a person chooses this institution (2505), and withdrawing that (2506)."""

from typing import Any

from msgspec import Struct

from gongji.payer.regions import Profile


class Selection(Struct, frozen=True, kw_only=True):
    """Which person chooses which institution from which day on (ISO)."""

    psn_no: str
    institution: str
    institution_name: str
    begins: str
    phone: str = ""

    def __repr__(self) -> str:
        """Show only the institution."""
        return f"Selection({self.institution})"


def selection(one: Selection, profile: Profile) -> dict[str, Any]:
    """Return the input of 2505."""
    return {
        "data": {
            "psn_no": one.psn_no,
            "tel": one.phone,
            "addr": "",
            "biz_appy_type": profile.biz_appy_type,
            "begndate": one.begins,
            "enddate": "",
            "fix_srt_no": "1",
            "fixmedins_code": one.institution,
            "fixmedins_name": one.institution_name,
            "memo": "",
        }
    }


def selection_withdrawn(psn_no: str, number: str, reason: str) -> dict[str, Any]:
    """Return the input of 2506; `number` is from 2505's answer."""
    return {"data": {"psn_no": psn_no, "trt_dcla_detl_sn": number, "memo": reason}}
