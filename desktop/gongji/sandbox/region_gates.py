"""地区网关: the paths of a region's gateway, how callers identify themselves, how a file is encoded.

Written from public clients of several provinces and not shared with the program that sends, so that each checks the
other. A message sent to a wrong path gets status 404, as from a gateway.
"""

from typing import Any, Literal

from msgspec import Struct

from gongji.sandbox.auth import Scheme

Paths = Literal["any", "root", "service", "number"]
_ROOT = "fsi/api"
_SERVICES = {
    "fsiPsnInfoService": {"1101": "queryPsnInfo"},
    "hsecfc": {"1162": "localQrCodeQuery"},
    "fsiPsnPriorityInfoService": {"2001": "queryPsnPriorityInfo"},
    "outpatientDocInfoService": {
        "2201": "outpatientRregistration",
        "2202": "outpatientRegistrationCancel",
        "2203": "outpatientMdtrtinfoUp",
        "2203A": "outpatientMdtrtinfoUpA",
        "2204": "outpatientFeeListUp",
        "2205": "outpatientFeeListUpCancel",
    },
    "outpatientSettleService": {
        "2206": "preSettletment",
        "2206A": "preSettletmentA",
        "2207A": "saveSettletment",
        "2208": "cancleSettletment",
    },
    "fsiPsnFixedRegEvtService": {"2505": "addEvtInfo", "2506": "revokeReg"},
    "reverseService": {"2601": "revsMethod"},
    "ybSettlementStmtService": {"3201": "stmtTotal", "3202": "stmtDetail"},
    "catalogCompService": {"3301": "catalogCompUp"},
    "fsiIntegratedQueryService": {
        "5201": "queryMdtrtInfo",
        "5203": "querySetlInfo",
        "5204": "queryFeeList",
        "5206": "queryFixmedinsPracPsnSum",
        "5302": "query",
    },
    "signInSignOutService": {"9001": "signIn"},
    "fileupload": {"9101": "upload", "9102": "download"},
    "catalogdownservice": {f"13{number:02d}": f"downCatalog13{number:02d}" for number in (1, 2, 5, 6)},
    "catalogqueryservice": {"1312": "queryHilist", "1318": "queryLmtprcByPage", "1319": "querySelfpayByPage"},
}
_PATHS = {infno: f"{_ROOT}/{service}/{name}" for service, named in _SERVICES.items() for infno, name in named.items()}


class RegionGate(Struct, frozen=True, kw_only=True):
    """How one region's gateway is spoken to.

    `paths`: one address for all (root), one for each service, or the transaction's number. `api_name` is the one name
    of all transactions where `_api_name` is constant. `signed_bytes` wants a file as an array of signed bytes.
    """

    scheme: Scheme | None = None
    paths: Paths = "any"
    api_name: str = ""
    signed_bytes: bool = False

    def is_misplaced(self, path: str, infno: str, national: str) -> bool:
        """Return whether a message came at a path that its number (the region's or the national one) does not have."""
        match self.paths:
            case "root":
                return path.strip("/") not in {"", _ROOT}
            case "service":
                return path.strip("/") != _PATHS.get(infno, _PATHS.get(national))
            case "number":
                return path.strip("/") not in {f"{_ROOT}/{infno}", f"{_ROOT}/{national}"}
            case _:
                return False

    def file_objection(self, national: str, content: dict[str, Any]) -> str:
        """Return why an uploaded file is refused; empty where it is accepted."""
        node = content.get("fsUploadIn")
        sent = node.get("in") if isinstance(node, dict) else None
        if not self.signed_bytes or national != "9101":
            return ""
        is_array = isinstance(sent, list) and all(type(one) is int and -128 <= one <= 127 for one in sent)  # noqa: PLR2004
        return "" if is_array else "文件内容应为有符号字节的数组"
