"""The messages a payer takes, field by field as the interface documents have them: types, lengths, required fields.

Written from the documents and not shared with the program that sends them, so that each checks the other. Extra
fields of a region are let through; `expContent` carries our own facts.
"""

from typing import Annotated, Any

from msgspec import Meta, Struct, ValidationError, convert, field

from gongji.core.money import E4, Fen, parse_e4, parse_fen
from gongji.core.strict_json import JsonNumber

C3 = Annotated[str, Meta(max_length=3)]
C20 = Annotated[str, Meta(max_length=20)]
C30 = Annotated[str, Meta(max_length=30)]
C50 = Annotated[str, Meta(max_length=50)]
C100 = Annotated[str, Meta(max_length=100)]
C200 = Annotated[str, Meta(max_length=200)]
C500 = Annotated[str, Meta(max_length=500)]
C1000 = Annotated[str, Meta(max_length=1000)]
Need1 = Annotated[str, Meta(min_length=1, max_length=1)]
Need3 = Annotated[str, Meta(min_length=1, max_length=3)]
Need6 = Annotated[str, Meta(min_length=1, max_length=6)]
Need10 = Annotated[str, Meta(min_length=1, max_length=10)]
Need20 = Annotated[str, Meta(min_length=1, max_length=20)]
Need30 = Annotated[str, Meta(min_length=1, max_length=30)]
Need50 = Annotated[str, Meta(min_length=1, max_length=50)]
Need100 = Annotated[str, Meta(min_length=1, max_length=100)]
Need150 = Annotated[str, Meta(min_length=1, max_length=150)]
Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")]


class RefusedError(Exception):
    """The message was read and will not be done; the text is what `err_msg` says."""


class Envelope(Struct, frozen=True, kw_only=True):
    """交易输入: what every message begins with."""

    infno: Annotated[str, Meta(pattern=r"^\d{4}A?$")]
    msgid: Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{12}\d{18}$")]
    mdtrtarea_admvs: Need6
    insuplc_admdvs: Annotated[str, Meta(max_length=6)] = ""
    recer_sys_code: Need10
    dev_no: C100 = ""
    dev_safe_info: Annotated[str, Meta(max_length=2000)] = ""
    cainfo: Annotated[str, Meta(max_length=1024)] = ""
    signtype: Annotated[str, Meta(max_length=10)] = ""
    infver: Need6
    opter_type: Need3
    opter: Need30
    opter_name: Need50
    inf_time: Moment
    fixmedins_code: Annotated[str, Meta(min_length=12, max_length=12)]
    fixmedins_name: Need20
    sign_no: C30 = ""
    input: dict[str, Any]


class SignIn(Struct, frozen=True, kw_only=True):
    """9001 `signIn`."""

    opter_no: Need20
    mac: Need20
    ip: Need20


class WhoIs(Struct, frozen=True, kw_only=True):
    """1101 `data`."""

    mdtrt_cert_type: Need3
    mdtrt_cert_no: Need50
    certno: C50 = ""
    psn_name: C50 = ""


class Registering(Struct, frozen=True, kw_only=True):
    """2201 `data`."""

    psn_no: Need30
    insutype: Need6
    begntime: Moment
    mdtrt_cert_type: Need3
    mdtrt_cert_no: Need50
    ipt_otp_no: Need30
    atddr_no: Need30
    dr_name: Need50
    dept_code: Need30
    dept_name: Need100
    caty: Need10


class Encountered(Struct, frozen=True, kw_only=True):
    """2202 `data`."""

    psn_no: Need30
    mdtrt_id: Need30
    ipt_otp_no: Need30


class Described(Struct, frozen=True, kw_only=True):
    """2203 `mdtrtinfo`."""

    mdtrt_id: Need30
    psn_no: Need30
    med_type: Need6
    begntime: Moment
    main_cond_dscr: C1000 = ""
    dise_codg: C30 = ""
    dise_name: C500 = ""
    extension: Annotated[str, Meta(max_length=40000)] = field(default="", name="expContent")


class Diagnosis(Struct, frozen=True, kw_only=True):
    """2203 `diseinfo`."""

    diag_type: Need3
    diag_srt_no: Annotated[int, Meta(ge=0, le=99)] | Annotated[str, Meta(min_length=1, max_length=2)]
    diag_code: Need20
    diag_name: Need100
    diag_dept: Need50
    dise_dor_no: Need30
    dise_dor_name: Need50
    diag_time: Moment
    vali_flag: Need3


class Charged(Struct, frozen=True, kw_only=True):
    """2204 `feedetail`."""

    feedetl_sn: Need30
    mdtrt_id: Need30
    psn_no: Need30
    chrg_bchno: Need30
    dise_codg: C30 = ""
    rxno: C30 = ""
    rx_circ_flag: Need3
    fee_ocur_time: Moment
    med_list_codg: Need50
    medins_list_codg: Need150
    det_item_fee_sumamt: Fen
    cnt: E4
    pric: E4
    bilg_dept_codg: Need30
    bilg_dept_name: Need100
    bilg_dr_codg: Need30
    bilg_dr_name: Need50
    hosp_appr_flag: Need3
    extension: Annotated[str, Meta(max_length=4000)] = field(default="", name="expContent")


class ClearLines(Struct, frozen=True, kw_only=True):
    """2205 `data`."""

    mdtrt_id: Need30
    chrg_bchno: Need30
    psn_no: Need30


class SettleRequest(Struct, frozen=True, kw_only=True):
    """2206 and 2207 `data`; the four amounts are 2207's."""

    psn_no: Need30
    mdtrt_cert_type: Need3
    mdtrt_cert_no: C50 = ""
    med_type: Need6
    medfee_sumamt: Fen
    psn_setlway: Need6
    mdtrt_id: Need30
    chrg_bchno: Need30
    insutype: Need6
    acct_used_flag: Need1
    invono: C20 = ""
    fulamt_ownpay_amt: Fen | None = None
    overlmt_selfpay: Fen | None = None
    preselfpay_amt: Fen | None = None
    inscp_scp_amt: Fen | None = None


class Cancelling(Struct, frozen=True, kw_only=True):
    """2208 `data`, and what 5203 asks by."""

    setl_id: Need30
    mdtrt_id: Need30
    psn_no: Need30


class Reversing(Struct, frozen=True, kw_only=True):
    """2601 `data`."""

    psn_no: Need30
    omsgid: Need30
    oinfno: Annotated[str, Meta(min_length=4, max_length=5)]


def amount(kind: type, value: Any) -> Any:
    """Return what was written as `Fen` or `E4`; zeros beyond our precision are dropped. Raises `ValueError`."""
    if isinstance(value, bool) or not isinstance(value, str | int | JsonNumber):
        raise ValueError("应为数")  # noqa: TRY004  # msgspec makes a sentence of it
    text = value.text if isinstance(value, JsonNumber) else str(value)
    whole, dot, decimals = text.partition(".")
    places = 2 if kind is Fen else 4
    while len(decimals) > places and decimals.endswith("0"):
        decimals = decimals[:-1]
    return (parse_fen if kind is Fen else parse_e4)(whole + dot + decimals)


def signed_fen(value: Any) -> int:
    """Return an amount that may be below zero, in fen; ValueError when it is none."""
    text = value.text if isinstance(value, JsonNumber) else str(value)
    return -amount(Fen, text[1:]) if text.startswith("-") else int(amount(Fen, text))


class MisshapenError(ValueError):
    """A message that is not as the interface has it; says where."""


def read(value: Any, kind: type[Struct], node: str) -> Any:
    """Return a node as its record; `MisshapenError` names the field."""
    try:
        return convert(value, kind, dec_hook=amount)
    except ValidationError as error:
        raise MisshapenError(f"{node} 不合接口规范：{error}") from error
