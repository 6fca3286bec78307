"""地区配置的检查: everything that is missing in a region's profile or contradicts itself, at once and in words.

An error is what would lose, double or stop something, or what the program cannot read: it prevents sending.
A note is what an integrator has to fill in or to ask about before a first visit is sent.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, get_type_hints

from msgspec import Struct, ValidationError, convert

from gongji.errors import GongjiError
from gongji.payer import USUAL
from gongji.payer.interface import INPUTS
from gongji.payer.regions import Profile, contents_in, contents_of, profile, profile_names
from gongji.payer.sample_messages import unfit_messages
from gongji.payer.schema import fields

_ALWAYS = (
    "1101", "2201", "2203", "2204", "2205", "2206", "2207", "2208", "2601", "3201", "3202", "5203", "9001", "9101",
    "9102",
)  # fmt: skip
_BY_ASKING = ("5201", "5204")
_KINDS = ("employed", "retired", "flexible", "flexible_retired", "civil_servant", "civil_servant_retired")
_BESIDE = {"1162": "扫到的医保电子凭证按身份证上传", "3301": "目录对照不能上传", "2505": "选定机构不能上传"}
"""Transactions that settling does without, and what is not done where their path is missing."""
_OWN_OF_A_MESSAGE = frozenset(
    {
        "infno", "msgid", "inf_time", "sign_no", "cainfo", "signtype", "infver", "fixmedins_code", "fixmedins_name",
        "opter", "opter_name", "mdtrtarea_admvs", "insuplc_admdvs", "recer_sys_code", "input",
    }
)  # fmt: skip
"""Fields that the program fills in message by message, which no profile may fix for all."""
_SAMPLE_DOCTOR = "D000000000001"
_LONGEST_NUMBER = 6
_OF_SINGLE_RECORDS = {"psn_type", "med_type"}
"""Without these single records are set aside, each with its reason; the others go on."""


class Finding(Struct, frozen=True, kw_only=True):
    """One finding about a profile: its place in the file, a sentence, whether it forbids using it."""

    level: Literal["error", "note"]
    place: str
    text: str


def check_region(name: str) -> list[Finding]:
    """Return all that is wrong with a region's profile, by its name or its file, errors first.

    Raises `GongjiError` where there is no such file or it is no TOML.
    """
    return _checked(contents_of(name))


def check_text(text: str) -> list[Finding]:
    """Return the same for the text of the clinic's own profile. Raises `GongjiError` as `contents_in` does."""
    return _checked(contents_in(text))


def _checked(content: dict[str, Any]) -> list[Finding]:
    found = list(_unreadable(content))
    if not found:
        found = list(findings(convert(content, Profile)))
    return sorted(found, key=lambda one: one.level != "error")


def _unreadable(content: dict[str, Any]) -> Iterator[Finding]:
    """Yield every entry that cannot be read, not only the first."""
    kinds = get_type_hints(Profile, include_extras=True)
    for name, value in content.items():
        if name not in kinds:
            yield _error(name, "没有这一项；请核对拼写")
            continue
        try:
            convert(value, kinds[name])
        except ValidationError as error:
            yield _error(name, f"写得不对：{error}")
    lacking = [name for name in ("title", "psn_type", "med_type", "stmt_rslt") if name not in content]
    for name in lacking:
        yield _error(name, "缺少")
    if len(lacking) > 1:
        text = f"没有写以哪个为基础；以最接近的一个开头，只写不同之处：{'、'.join(profile_names())}"
        yield _error("based_on", text)


def findings(one: Profile) -> Iterator[Finding]:
    """Yield what is missing in a profile that can be read, or contradicts itself."""
    yield from _paths(one)
    yield from _codes(one)
    yield from _gateway(one)
    yield from _names(one)
    for infno, why in unfit_messages(one):
        yield _error(f"报文 {infno}", f"照这个配置写出来不合接口规范：{why}")
    yield from _to_fill_in(one)


def refuse_incomplete(one: Profile) -> None:
    """Raise `GongjiError` with everything that a profile lacks for recovery, or that contradicts itself."""
    errors = [each for each in findings(one) if each.level == "error" and each.place not in _OF_SINGLE_RECORDS]
    wrong = [f"{each.place}：{each.text}" for each in errors]
    if wrong:
        raise GongjiError(
            f"地区配置“{one.title}”不完整，不能上传（{'；'.join(wrong)}）",
            "请改正后再核对（命令行：gongji region check）",
        )


def _error(place: str, text: str) -> Finding:
    return Finding(level="error", place=place, text=text)


def _note(place: str, text: str) -> Finding:
    return Finding(level="note", place=place, text=text)


def needed(one: Profile) -> tuple[str, ...]:
    """Return the transactions that a region must have for every possible outcome of a settlement."""
    return (*_ALWAYS, *(_BY_ASKING if one.unknown == "query" else ()), *(("2001",) if one.entitlement else ()))


def _paths(one: Profile) -> Iterator[Finding]:
    if one.services:
        lacking = [infno for infno in needed(one) if infno not in one.services]
        if lacking:
            why = "结果不明时要靠它们查询、撤销和对账；[services] 是整张表，不与 based_on 的合并，要一条条写全"
            yield _error("services", f"缺少 {'、'.join(lacking)} 的路径；{why}")
        for infno, loss in _BESIDE.items():
            if infno not in one.services:
                yield _note("services", f"缺少 {infno} 的路径，{loss}")
        for infno in sorted({*one.feeds} - {*one.services}):
            yield _note("services", f"缺少 {infno} 的路径，这一类目录不能下载")
    for infno, path in one.services.items():
        if infno not in INPUTS:
            national = next((known for known, theirs in one.infno.items() if theirs == infno), "")
            yield _error(
                "services", f"{infno} 本程序不发" + (f"；路径写在国家的交易号 {national} 下" if national else "")
            )
        if not path.startswith("/"):
            yield _error("services", f"{infno} 的路径 {path} 应以 / 开头")
    for place, path in (("path", one.path), ("token_path", one.token_path)):
        if path and not path.startswith("/"):
            yield _error(place, f"{path} 应以 / 开头")


def _names(one: Profile) -> Iterator[Finding]:
    for infno, theirs in one.infno.items():
        if infno not in INPUTS:
            yield _error("infno", f"没有交易 {infno}")
        if not 0 < len(theirs) <= _LONGEST_NUMBER:
            yield _error("infno", f"{infno} 改成的 {theirs} 太长")
    for theirs, several in _shared((one.number(infno), infno) for infno in INPUTS):
        yield _error("infno", f"{several} 同用一个号 {theirs}")
    yield from _renamed(one)
    for name in sorted({*one.envelope} & _OWN_OF_A_MESSAGE):
        yield _error("envelope", f"{name} 由程序逐条填写，这里不能写死")
    if one.anchor in _OWN_OF_A_MESSAGE or one.anchor in one.envelope:
        yield _error("anchor", f"{one.anchor} 已经另有用处，不能放锚；国家接口里常用 dev_safe_info")
    for infno in one.recer_sys_codes:
        if infno not in INPUTS:
            yield _note("recer_sys_codes", f"{infno} 本程序不发")


def _renamed(one: Profile) -> Iterator[Finding]:
    """Yield what is wrong with renamed nodes and fields: an unknown name, or two under one."""
    for place, names in (("node", one.node), ("field", one.field)):
        taken: dict[tuple[str, str], str] = {}
        for name, theirs in names.items():
            infno, dot, inner = name.partition(".")
            if not dot or not inner or infno not in INPUTS:
                yield _error(place, f"{name} 应写成“交易号.名字”")
                continue
            known = {node.strip("[]?") for node in INPUTS[infno]}
            if place == "field":
                known = {field.name for short in INPUTS[infno].values() for field in fields(short)}
            if inner not in known:
                yield _error(place, f"交易 {infno} 里没有 {inner}，有 {'、'.join(sorted(known))}")
            other = taken.setdefault((infno, theirs), inner)
            if other != inner or (theirs in known and f"{infno}.{theirs}" not in names):
                yield _error(place, f"交易 {infno} 里有两样都叫 {theirs}")


def _codes(one: Profile) -> Iterator[Finding]:
    lacking = [kind for kind in _KINDS if kind not in one.psn_type]
    if lacking:
        yield _error("psn_type", f"缺少 {'、'.join(lacking)} 的人员类别")
    if "general" not in one.med_type:
        yield _error("med_type", "缺少普通门诊（general）的医疗类别")
    wrong = [benefit for benefit, code in one.med_type.items() if not 0 < len(code) <= _LONGEST_NUMBER]
    if wrong:
        yield _error("med_type", f"{'、'.join(wrong)} 的代码为空或太长")
    without = [benefit for benefit in profile(USUAL).med_type if benefit not in one.med_type]
    if without:
        why = "用到的就诊会停在“需处理”；[med_type] 是整张表，不与 based_on 的合并"
        yield _note("med_type", f"没有 {'、'.join(without)} 的医疗类别，{why}")
    odd = [each for each in one.med_type if "/" in each and not all(each.split("/", 1))]
    if odd:
        yield _error("med_type", f"{'、'.join(odd)} 应写成“待遇/病种”")
    for first, second in (
        ("not_found", "already_reversed"),
        ("already_settled", "already_reversed"),
        ("ambiguous", "not_found"),
    ):
        both = {*getattr(one, first)} & {*getattr(one, second)}
        if both:
            yield _error(first, f"“{'、'.join(sorted(both))}”同时写在 {second} 里，意思相反")
    if "" in {*one.not_found, *one.already_reversed, *one.already_settled, *one.ambiguous, *one.sign_in_again}:
        yield _error("not_found", "空的词会套上每一句话")
    if any(not code.lstrip("-").isdigit() or code in {"0", ""} for code in one.refusals):
        yield _error("refusals", "应为不等于 0 的数")


def _gateway(one: Profile) -> Iterator[Finding]:
    if not one.quiet_s:
        yield _error("quiet_s", "静默时间为 0：平台还在办的会被当作没有，同一笔会结两次")
    elif one.quiet_s < 2 * one.deadline_s:
        yield _note("quiet_s", f"静默时间 {one.quiet_s} 秒小于时限 {one.deadline_s} 秒的两倍：迟到的报文可能被当作没有")
    if not one.deadline_s:
        yield _error("deadline_s", "时限为 0：每条报文都等不到答复")
    if one.first_s > one.most_s:
        yield _error("first_s", f"第一次等待 {one.first_s} 秒比最长的 {one.most_s} 秒还长")
    if one.digest and one.signtype != one.digest.upper():
        yield _error("signtype", f"digest 是 {one.digest}，signtype 却是“{one.signtype}”")
    if one.file_encoding == "multipart" and (one.cipher or one.wrapper):
        yield _error("file_encoding", "multipart 不能与 cipher、wrapper 同用：文件要从报文里取出来")
    if one.scheme != "_api_" and one.api_name:
        yield _error("api_name", "只有 scheme 为 _api_ 时才用")
    if one.digest != "sm2" and (one.sm2_id or one.sm2_form != "der" or one.sm2_text != "input"):
        yield _error("sm2_form", "digest 不是 sm2，sm2_* 不起作用")
    if one.extension and one.scheme != "plain":
        yield _note("extension", "练习平台的扩展字段会一并送出；真的平台不要它")
    if one.echo and one.scheme != "plain":
        yield _note("echo", "没有见过真的平台回显 infno 和 msgid；不回显的答复会全部不被采信")


def _to_fill_in(one: Profile) -> Iterator[Finding]:
    if not one.made_from:
        yield _note("made_from", "没有写明依据：照哪些文件、哪些报文写成")
    if one.unproven:
        yield _note("unproven", f"还没有证实：{one.unproven}")
    if one.doctor_no == _SAMPLE_DOCTOR:
        yield _note("doctor_no", "还是样板的医师编码；请填本院医师的国家编码")
    if not one.diagnosis_required:
        yield _note("diagnosis_required", "没有录诊断的就诊照样上传，不带诊断；请与经办机构核实")
    if one.disease_required and not one.disease_codes:
        yield _note("disease_codes", "这个地区每次就诊都要病种编码，还没有对照")
    for code, benefits in _shared((code, benefit) for benefit, code in one.med_type.items() if "/" not in benefit):
        yield _note("med_type", f"{benefits} 同用 {code}，平台要靠病种编码区分")


def _shared(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield what several have in common, and the names of these."""
    by_common: dict[str, list[str]] = {}
    for common, name in pairs:
        by_common.setdefault(common, []).append(name)
    for common, names in by_common.items():
        if len(names) > 1:
            yield common, "、".join(names)
