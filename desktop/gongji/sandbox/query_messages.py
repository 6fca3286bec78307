"""Questions, statements, files and chosen institutions, field by field as the interface has them (see messages)."""

from typing import Annotated, Any

from msgspec import Meta, Struct, field

from gongji.sandbox.messages import C3, C30, C200, Day, Moment, Need3, Need6, Need30

Need200 = Annotated[str, Meta(min_length=1, max_length=200)]


class Visits(Struct, frozen=True, kw_only=True):
    """5201 `data`."""

    psn_no: Need30
    begntime: Annotated[str, Meta(min_length=10, max_length=19)]
    endtime: Annotated[str, Meta(min_length=10, max_length=19)]
    med_type: Need6
    mdtrt_id: C30 = ""


class ComparedCode(Struct, frozen=True, kw_only=True):
    """3301, one of at most a hundred rows."""

    fixmedins_hilist_id: Annotated[str, Meta(min_length=1, max_length=150)]
    fixmedins_hilist_name: Annotated[str, Meta(min_length=1, max_length=200)]
    list_type: Need3
    med_list_codg: Annotated[str, Meta(min_length=1, max_length=50)]
    begndate: Day
    enddate: Day


class EntitlementQuery(Struct, frozen=True, kw_only=True):
    """2001."""

    psn_no: Need30
    insutype: Need6
    fixmedins_code: Annotated[str, Meta(min_length=1, max_length=12)]
    med_type: Need6
    begntime: Moment
    endtime: str = ""
    dise_codg: C30 = ""
    dise_name: Annotated[str, Meta(max_length=500)] = ""


class VoucherQuery(Struct, frozen=True, kw_only=True):
    """1162."""

    ecQrCode: Annotated[str, Meta(min_length=1, max_length=64)]  # noqa: N815  # the interface's
    businessType: C30  # noqa: N815
    operatorId: C30 = ""  # noqa: N815
    operatorName: C200 = ""  # noqa: N815
    officeId: C30 = ""  # noqa: N815
    officeName: C200 = ""  # noqa: N815


class LinesQuery(Struct, frozen=True, kw_only=True):
    """5204 `data`."""

    psn_no: Need30
    mdtrt_id: Need30
    setl_id: C30 = ""


class TotalsQuery(Struct, frozen=True, kw_only=True):
    """5206 `data`."""

    psn_no: Need30
    cum_ym: Annotated[str, Meta(max_length=6)] = ""


class Choosing(Struct, frozen=True, kw_only=True):
    """2505 `data`, from memory."""

    psn_no: Need30
    biz_appy_type: Need3
    begndate: Day
    fixmedins_code: Annotated[str, Meta(min_length=12, max_length=12)]
    fixmedins_name: Annotated[str, Meta(min_length=1, max_length=200)]


class Unchoosing(Struct, frozen=True, kw_only=True):
    """2506 `data`, from memory."""

    psn_no: Need30
    trt_dcla_detl_sn: Need30
    memo: Annotated[str, Meta(min_length=1, max_length=500)]


class ChoiceQuery(Struct, frozen=True, kw_only=True):
    """5302 `data`."""

    psn_no: Need30
    biz_appy_type: Need3


class StatementQuery(Struct, frozen=True, kw_only=True):
    """3201 `data`."""

    insutype: Need6
    clr_type: Need6
    setl_optins: Need6
    stmt_begndate: Day
    stmt_enddate: Day
    medfee_sumamt: Any
    fund_pay_sumamt: Any
    acct_pay: Any
    fixmedins_setl_cnt: int | str
    refd_setl_flag: Annotated[str, Meta(max_length=6)] = ""


class Details(Struct, frozen=True, kw_only=True):
    """3202 `data`."""

    setl_optins: Need6
    file_qury_no: Need200
    stmt_begndate: Annotated[str, Meta(min_length=10, max_length=19)]
    stmt_enddate: Annotated[str, Meta(min_length=10, max_length=19)]
    medfee_sumamt: Any
    fund_pay_sumamt: Any
    cash_payamt: Any
    fixmedins_setl_cnt: int | str
    clr_type: C3 = ""


class Uploading(Struct, frozen=True, kw_only=True):
    """9101 `fsUploadIn`; the file is a list of bytes, or in base64."""

    content: Any = field(name="in")
    filename: Annotated[str, Meta(min_length=1, max_length=200)]
    fixmedins_code: C30


class Downloading(Struct, frozen=True, kw_only=True):
    """9102 `fsDownloadIn`."""

    file_qury_no: Need200
    filename: C200
    fixmedins_code: C30
