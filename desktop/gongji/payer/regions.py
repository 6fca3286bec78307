"""地区配置: how a region's platform differs from the national interface, as a data file in resources/regions."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, ValidationError, convert

from gongji.core.imports.catalogue_feed import Codes, Feed
from gongji.core.outbox.reconcile import Result
from gongji.core.outbox.retry import RetryPolicy
from gongji.core.problems import quoted
from gongji.core.visits import Category, Class
from gongji.errors import GongjiError
from gongji.files import reason, resource_folder

Seconds = Annotated[int, Meta(ge=0, le=86400)]
Scheme = Literal["plain", "x-tif", "_api_", "x-ca", "apikey", "bearer"]


AMBIGUOUS = (
    "超时", "timed out", "timeout", "time out", "系统异常", "系统错误", "系统繁忙", "服务异常", "未知异常",
    "未知错误", "网络", "熔断", "限流", "connection", "gateway", "连接", "exception", "重复提交", "处理中", "稍后",
    "ID 重复", "ID重复", "msgid重复", "报文重复",
)  # fmt: skip
"""Words of a refusal that leave open whether it was done: seen beside settlements that were live."""
NOT_FOUND = ("未找到", "未查询到", "没有查询到", "查询不到", "不存在", "无此", "查无", "没有找到", "NOT-FOUND")
ALREADY_REVERSED = (
    "退费结算标志不为未退费", "已冲正", "已经冲正", "已撤销", "已被撤销", "已退费", "已作废", "-REVERSED",
)  # fmt: skip
ALREADY_SETTLED = ("已结算", "已经结算", "已有结算", "重复结算", "结算过", "已存在结算")
SIGN_IN_AGAIN = (
    "未签到", "没有签到", "签到失效", "签到已失效", "签到过期", "签到已过期", "重新签到", "请先签到", "签到流水号",
)  # fmt: skip

OWN_FILE = "本院的文件"
"""What a clinic's own file is called in sentences."""


class RefundFlags(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a region writes whether a row takes something back."""

    no: str = "0"
    yes: str = "1"


class CatalogueFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a region wants the file of a catalogue fetched; empty fields are as for any file, {ver} is the version.

    "plc" for the institution is what seven clients of five regions send.
    """

    filename: str = ""
    fixmedins_code: str = "plc"


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A region's profile. The defaults are the national baseline, or what most documents agree on.

    `made_from` names the documents and recorded messages it was written from, `unproven` what could not be checked.

    Gateway: `scheme`, `api_name` (the one name of all transactions in `_api_name`), `timestamp` (unit of a header's
    time), `token_path` (where a bearer's token is got), `cipher` with `sm4_key`, `digest` with `sm2_form`, `sm2_id` and
    `sm2_text` (the input, or the head's fields in order), `wrapper` (head and input apart), `answer_in` (the node
    that an answer lies in), `busy` (codes of a gateway that has done nothing), `path` and `services`.

    Names: `infno` are other numbers of transactions (2207A for 2207), `node` and `field` other names in an input, after
    the transaction's number and a dot; `recer_sys_codes` receivers of single transactions, `envelope` further fields of
    every message; `anchor` is the head's field, if any, that carries the book's newest anchor. `file_encoding` is how
    9101 carries its file; `statement_times` writes 3202's days with a time;
    `statement_agency` asks 3201 of the institution's own agency or of each that cleared settlements. `stmt_rslt` are
    the results of a reconciliation that are not equal. `feeds` are the downloads of the catalogue, by their
    transaction;
    `packs` is the transaction that offers policy packs.

    Answers: `echo`, they repeat infno and msgid, and one that does not is not believed. `success_words` (lower case)
    may stand beside infcode 0; `refusals` are codes that refuse besides those below zero. `ambiguous`, `not_found`,
    `already_reversed`, `already_settled` and `sign_in_again` are words that a refusal has anywhere in it and that say
    so. After `most_equal_refusals` in a row sending rests and says why. `unknown` is how an unknown settlement is
    made a known one: its message taken back (2601, which every region has), or asked after (5201, 5204, 5203), where
    5204 finds what is settled without being told its number.

    Visits: `extension`, what the fields cannot say goes along in expContent. `diagnosis_required` wants a diagnosis
    with every visit, `disease_required` a disease code as well, `disease_codes` are those of diseases by our words;
    `med_type` is by benefit, or by benefit and disease with a stroke between (its national code or our word), which
    goes before. `voucher` says how a scanned 医保电子凭证 stands for its bearer: by the token that 1162 makes of it,
    as it was scanned, or not at all (by the identity number). `entitlement` asks 2001, when a patient is chosen and
    after each settlement, whether the person is entitled, for the next visit without a line. `trace_codes` sends those
    of drugs with 2207, as the newer edition has it.
    """

    title: str
    made_from: str = ""
    unproven: str = ""
    scheme: Scheme = "plain"
    api_name: str = ""
    timestamp: Literal["ms", "s"] = "ms"
    token_path: str = "/oauth/token"  # noqa: S105  # where it is got, not what it is
    cipher: Literal["", "sm4"] = ""
    sm4_key: Literal["secret", "identity", "derived"] = "secret"
    sm2_form: Literal["der", "rs"] = "der"
    sm2_id: Literal["", "identity", "secret"] = ""
    sm2_text: Literal["input", "sorted"] = "input"
    wrapper: Literal["", "base_biz"] = ""
    answer_in: str = ""
    path: str = ""
    services: dict[str, str] = {}
    node: dict[str, str] = {}
    field: dict[str, str] = {}
    infno: dict[str, str] = {}
    recer_sys_code: str = "MBS_LOCAL"
    recer_sys_codes: dict[str, str] = {}
    envelope: dict[str, str] = {}
    anchor: str = ""
    name_length: Annotated[int, Meta(ge=1, le=200)] = 20
    file_encoding: Literal["base64", "bytes", "signed_bytes", "multipart"] = "base64"
    statement_times: bool = False
    statement_agency: Literal["institution", "settlement"] = "institution"
    infver: str = "V1.0"
    signtype: str = ""
    digest: Literal["", "sm3", "sm2"] = ""
    echo: bool = False
    extension: bool = False
    own_accumulator_names: bool = False
    lanes: Annotated[int, Meta(ge=1, le=32)] = 1
    unknown: Literal["query", "reverse"] = "reverse"
    deadline_s: Seconds = 60
    quiet_s: Seconds = 600
    first_s: Seconds = 5
    most_s: Seconds = 900
    most_sends: Annotated[int, Meta(ge=1)] = 6
    most_asks: Annotated[int, Meta(ge=1)] = 40
    insutype: str = "310"
    mdtrt_cert_type: str = "02"
    psn_cert_type: str = "01"
    psn_setlway: str = "01"
    clr_type: str = "11"
    diag_type: str = "1"
    refd_setl_flag: RefundFlags = RefundFlags()
    stmt_rslt: dict[str, Result]
    biz_appy_type: str = "03"
    acct_pay_holds_family: bool = True
    excluded_is_self_paid: bool = True
    psn_type: dict[str, str]
    med_type: dict[str, str]
    accumulator: dict[str, str] = {}
    feeds: dict[str, Feed] = {}
    catalogue_file: CatalogueFile = CatalogueFile()
    first_version: str = "0"
    first_time: str = "2000-01-01"
    chrgitm_lv: dict[str, Class] = {}
    list_type: dict[str, Category] = {}
    med_chrgitm_type: dict[str, str] = {}
    lmtpric_type: dict[str, tuple[str, ...]] = {}
    packs: str = ""
    success_words: frozenset[str] = frozenset({"", "success", "成功", "操作成功", "交易成功", "处理成功", "ok"})
    refusals: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = AMBIGUOUS
    not_found: tuple[str, ...] = NOT_FOUND
    already_reversed: tuple[str, ...] = ALREADY_REVERSED
    already_settled: tuple[str, ...] = ALREADY_SETTLED
    sign_in_again: tuple[str, ...] = SIGN_IN_AGAIN
    most_equal_refusals: Annotated[int, Meta(ge=2, le=100)] = 5
    busy: tuple[str, ...] = ("401", "429")
    diagnosis_required: bool = True
    disease_required: bool = False
    disease_codes: dict[str, str] = {}
    trace_codes: bool = False
    entitlement: bool = False
    voucher: Literal["decoded", "as_scanned", "identity"] = "decoded"
    doctor_no: str = "D000000000001"
    department_no: str = "A02"
    department: str = "全科医疗科"

    @property
    def codes(self) -> Codes:
        """Return how the region writes what its catalogue says."""
        return convert(self, Codes, from_attributes=True)

    @property
    def ways(self) -> RetryPolicy:
        """Return what decides how the platform is waited for."""
        return convert(self, RetryPolicy, from_attributes=True)

    def number(self, infno: str) -> str:
        """Return the region's number of a transaction."""
        return self.infno.get(infno, infno)

    def url(self, gateway: str, infno: str) -> str:
        """Return the address for a message: the gateway's, the region's path, the transaction's."""
        return f"{gateway.rstrip('/')}{self.path}{self.services.get(infno, '')}"


def profile_names() -> list[str]:
    """Return the names of the regions shipped with the program."""
    return sorted(one.stem for one in _folder().glob("*.toml"))


def profile(name: str) -> Profile:
    """Return a region's profile by its name, or from a file where the name is a path.

    A file may extend another and then holds only the differences. Raises `GongjiError` that says what is wrong with it.
    """
    return _converted(contents_of(name), name)


def profile_in(text: str) -> Profile:
    """Return the clinic's own profile from its text. Raises `GongjiError` as `profile` does."""
    return _converted(contents_in(text), OWN_FILE)


def contents_in(text: str) -> dict[str, Any]:
    """Return the entries of the clinic's own profile with those of the shipped one it extends.

    Raises `GongjiError` where it extends another file, which would be missing where the text is stored, or is no TOML.
    """
    content = _entries(text, OWN_FILE)
    base = content.get("based_on", "")
    if base and base not in profile_names():
        known = "、".join(profile_names())
        raise GongjiError(f"本院的文件以 {base} 为基础，那不是程序自带的", f"based_on 写自带的一个：{known}")
    return _whole(content, OWN_FILE, ())


def _converted(content: dict[str, Any], name: str) -> Profile:
    try:
        return convert(content, Profile)
    except ValidationError as error:
        advice = "请对照 docs/regions.md 改正，再核对（命令行：gongji region check）"
        raise GongjiError(f"地区配置 {name} 写得不对（{error}）", advice) from error


def contents_of(name: str, seen: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a region's entries by its name or file, with those it extends. Raises `GongjiError` if there are none.

    `seen` are the names of those that extend it.
    """
    if name in seen:
        raise GongjiError(f"地区配置 {name} 以自己为基础", "请改正 based_on")
    path = Path(name) if name.endswith(".toml") else _folder() / f"{name}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        known = "、".join(profile_names())
        raise GongjiError(
            f"没有地区配置 {quoted(name)}（{reason(error)}）", f"现有 {known}；自己的文件以 .toml 结尾"
        ) from error
    except ValueError as error:
        raise GongjiError(f"地区配置 {name} 不是 UTF-8 编码", "请另存为 UTF-8") from error
    return _whole(_entries(text, name), name, seen)


def _entries(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # no TOML, a number too long, or nested beyond use
        raise GongjiError(f"地区配置 {name} 读不懂（{error}）", "请检查这一行的引号、括号和等号") from error


def _whole(content: dict[str, Any], name: str, seen: tuple[str, ...]) -> dict[str, Any]:
    """Return entries with those they extend; an entry, also a table, replaces the base's as a whole."""
    base = content.get("based_on")
    own = {key: value for key, value in content.items() if key != "based_on"}
    return own if base is None else {**contents_of(str(base), (*seen, name)), **own}


def _folder() -> Path:
    return resource_folder() / "regions"
