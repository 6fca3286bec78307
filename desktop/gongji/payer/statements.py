"""The messages of a reconciliation: the sums (3201), the file (9101), its comparison (3202), its answer (9102)."""

import base64
import io
import zipfile
from typing import Any

from msgspec import Struct

from gongji.core.money import yuan
from gongji.core.outbox.reconcile import ReconciledTotals
from gongji.payer.feeds import opened_zip
from gongji.payer.regions import Profile

_LARGEST = 16 << 20


class StatementOf(Struct, frozen=True, order=True):
    """The scope of a statement: the clearing agency, the insurance, the kind of clearing, each by its code."""

    agency: str
    insutype: str
    clr_type: str


def sums(totals: ReconciledTotals, first: str, last: str, of: StatementOf, profile: Profile) -> dict[str, Any]:
    """Return the input of 3201."""
    return {
        "data": {
            "insutype": of.insutype,
            "clr_type": of.clr_type,
            "setl_optins": of.agency,
            "stmt_begndate": first,
            "stmt_enddate": last,
            "medfee_sumamt": yuan(totals.total_fen),
            "fund_pay_sumamt": yuan(totals.fund_total_fen),
            "acct_pay": yuan(totals.account_fen),
            "fixmedins_setl_cnt": str(totals.count),
            "refd_setl_flag": profile.refd_setl_flag.no,
        }
    }


def file_up(text: str, name: str, institution: str, profile: Profile) -> dict[str, Any]:
    """Return the input of 9101: the text, zipped, as the region carries bytes in JSON.

    Where it is sent as a multipart form (`envelope.as_form`) the content here is base64 as well, decoded again there.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("result.txt", text)
    content = out.getvalue()
    match profile.file_encoding:
        case "bytes":
            spelt: str | list[int] = list(content)
        case "signed_bytes":  # a Java byte[]
            spelt = [one - 256 if one > 127 else one for one in content]  # noqa: PLR2004
        case _:
            spelt = base64.b64encode(content).decode()
    return {"fsUploadIn": {"in": spelt, "filename": name, "fixmedins_code": institution}}


def _days(first: str, last: str, profile: Profile) -> dict[str, str]:
    if not profile.statement_times:
        return {"stmt_begndate": first, "stmt_enddate": last}
    return {"stmt_begndate": f"{first} 00:00:00", "stmt_enddate": f"{last} 23:59:59"}


def details(
    totals: ReconciledTotals, file_no: str, first: str, last: str, of: StatementOf, profile: Profile
) -> dict[str, Any]:
    """Return the input of 3202."""
    return {
        "data": {
            "setl_optins": of.agency,
            "file_qury_no": file_no,
            **_days(first, last, profile),
            "medfee_sumamt": yuan(totals.total_fen),
            "fund_pay_sumamt": yuan(totals.fund_total_fen),
            "cash_payamt": yuan(totals.cash_fen),
            "fixmedins_setl_cnt": str(totals.count),
            "clr_type": of.clr_type,
            "refd_setl_flag": profile.refd_setl_flag.no,
        }
    }


def file_down(file_no: str, name: str, institution: str) -> dict[str, Any]:
    """Return the input of 9102."""
    return {"fsDownloadIn": {"file_qury_no": file_no, "filename": name, "fixmedins_code": institution}}


def text_of(content: bytes) -> str | None:
    """Return the one text in a downloaded zip; None for anything else, or an incomplete one."""
    try:
        with opened_zip(content, _LARGEST) as archive:
            (entry,) = archive.infolist()
            return archive.read(entry).decode()
    except ValueError:
        return None
