"""网关: setting where records are sent, checked by guard and region; for training this PC's practice platform."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, json

from gongji.core.ledger.audit import Act
from gongji.desk.roles import only, second, with_second
from gongji.desk.session import Session
from gongji.desk.upload.gateway.gateway_guard import PLAIN_HTTP_WARNING, check_destination, check_region, needs_approval
from gongji.desk.upload.gateway.kept_gateway import (
    ADDRESS_SETTING,
    APPROVED_SETTING,
    AUTHORITIES_SETTING,
    CARE_AREA_SETTING,
    REGION_SETTING,
    GatewaySettings,
    gateway,
)
from gongji.errors import GongjiError
from gongji.files import read_whole
from gongji.payer import OWN
from gongji.payer.authorities import check_authorities
from gongji.payer.check_region import check_region as check_profile
from gongji.payer.check_region import check_text
from gongji.payer.gateway import Address, address_from
from gongji.payer.regions import profile, profile_in, profile_names
from gongji.store import audit, settings

CLINIC_REGION = OWN
"""The region of the clinic's own file, for the window, which does not know the payer."""
_AREA_DIGITS = 6


def regions() -> dict[str, str]:
    """Return the regions that have a profile, with their titles."""
    return {name: profile(name).title for name in profile_names()}


def region_findings(name: str, own: str = "") -> list[str]:
    """Return what a region's profile lacks or has open, a sentence each, the gravest first.

    `own` is the text of the clinic's own profile, which is checked where the name is `CLINIC_REGION`.
    """
    found = check_text(own) if name == OWN else check_profile(name)
    return [f"{'不能用' if one.level == 'error' else '待核实'}：{one.place}：{one.text}" for one in found]


def own_profile_in(path: Path) -> str:
    """Return the text of the clinic's own profile in a file.

    Raises `GongjiError` where it cannot be used, with everything that is wrong with it.
    """
    wrong = GongjiError(f"{path} 不是 UTF-8 编码的文字", "请实施人员把配置文件另存为 UTF-8")
    return _checked_text(path, wrong, _check_own)


def authority_in(path: Path) -> str:
    """Return the PEM in a file. Raises `GongjiError` where it is none."""
    wrong = GongjiError(f"{path} 不是证书文件", "请向医保经办机构索取网关的 CA 证书（PEM）")
    return _checked_text(path, wrong, check_authorities)


def _checked_text(path: Path, wrong: GongjiError, check: Callable[[str], None]) -> str:
    """Return a file's text that passes a check. Raises `wrong` for one that is not UTF-8, and what `check` raises."""
    try:
        text = read_whole(path).decode()
    except UnicodeDecodeError as error:
        raise wrong from error
    check(text)
    return text


def _check_own(text: str) -> None:
    wrong = [f"{one.place}：{one.text}" for one in check_text(text) if one.level == "error"]
    if wrong:
        raise GongjiError(f"地区配置文件有 {len(wrong)} 处不能用（{'；'.join(wrong)}）", "请实施人员改正后再取")


def own_title(text: str) -> str:
    """Return the title of the clinic's own profile; empty where there is none."""
    return profile_in(text).title if text else ""


@only("gateway")
def set_gateway(session: Session, one: GatewaySettings) -> None:
    """Set where records are sent. Raises `GongjiError` where the guard, region, authority or area forbids it.

    Plain http needs the operator and a second person who has given a password (`roles.attend`); both are recorded.
    """
    address, training = one.address.strip().rstrip("/"), session.clinic.training
    if one.region == OWN:
        _check_own(one.own_profile)
    else:
        profile(one.region)
    plain = needs_approval(address) and not training
    other = second(session, "gateway") if plain else ""
    if plain and not other:
        raise GongjiError(
            "不加密的地址要两个人各用自己的口令同意", "请先在“设置 → 操作员”再设一位管理员，由这位在这里输入姓名和口令"
        )
    approved = (session.operator, other or "培训") if needs_approval(address) else ()
    if address:
        check_destination(address, one.region, training=training, is_named=False, approved=approved)
    else:
        check_region(one.region, training=training)
    if one.authorities:
        check_authorities(one.authorities)
    area = one.care_area.strip()
    if area and not (area.isascii() and area.isdigit() and len(area) == _AREA_DIGITS):
        raise GongjiError("就医地区划应为 6 位数字", "由经办机构提供，例如 350302；与参保地相同的可以不填")
    other = other or second(session, "gateway")
    with session.store.write() as connection:
        settings.put(connection, ADDRESS_SETTING, address)
        settings.put(connection, REGION_SETTING, one.region)
        settings.put(connection, settings.OWN_PROFILE, one.own_profile)
        settings.put(connection, AUTHORITIES_SETTING, one.authorities)
        settings.put(connection, CARE_AREA_SETTING, area)
        settings.put(connection, APPROVED_SETTING, json.encode(approved).decode())
        detail = with_second(f"{address or '（未填）'} {_region_words(one)}{f' 就医地 {area}' if area else ''}", other)
        audit.append(connection, session.now(), session.operator, Act.GATEWAY, session.clinic.counter, detail)
        if plain:
            sentence = f"{address} 不加密，署名：{'、'.join(approved)}；{PLAIN_HTTP_WARNING}"
            audit.append(connection, session.now(), session.operator, Act.GATEWAY, session.clinic.counter, sentence)


def _region_words(one: GatewaySettings) -> str:
    """Return a region's name for the log; for the clinic's own profile also its title and the start of its SHA-256."""
    if one.region != OWN:
        return one.region
    return f"{one.region}（{own_title(one.own_profile)}，{hashlib.sha256(one.own_profile.encode()).hexdigest()[:12]}）"


class OnceOnly(Struct, frozen=True, kw_only=True):
    """Overrides for one run: address, region, certificate authority, who approved plain http."""

    address: str
    region: str
    is_named: bool = False
    authorities: Path | None = None
    approved: tuple[str, ...] = ()


def line_address(session: Session, environment: Mapping[str, str], once: OnceOnly | None = None) -> Address:
    """Return the address to send to, checked by the guard: the stored one, or the override.

    Raises `GongjiError` where none is set or it may not be used.
    """
    chosen = gateway(session)
    address = chosen.address if once is None else once.address
    if not address:
        raise GongjiError(
            "还没有填医保网关的地址", "请在“设置”的“网关”里填写；没有网络的可以“导出到U盘”，由联网的电脑转送"
        )
    is_kept = address.strip().rstrip("/") == chosen.address
    asked = once or OnceOnly(address=address, region=chosen.region)
    approved = chosen.approved if is_kept and chosen.approved else asked.approved
    training = session.clinic.training
    check_destination(address, asked.region, training=training, is_named=asked.is_named, approved=approved)
    return address_from(address, environment, asked.authorities or (chosen.authorities if is_kept else "") or None)
