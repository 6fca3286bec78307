"""Where records may be sent: one rule for the window, the command and the relay.

What a practice platform accepts or refuses is final for the queue, so a real clinic's records go to none unless a
person names the region; and invented records go to no real platform. The host is parsed, never compared as text.
Patients' data is never sent unencrypted except to the private ranges of the insurance network, where plain http is
common, and only after two persons have confirmed the warning.
"""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from gongji.core.problems import quoted
from gongji.errors import GongjiError
from gongji.payer import PRACTICE

_PORTS = range(1, 1 << 16)
_PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_NAMES = 2

PLAIN_HTTP_WARNING = (
    "这个地址不加密：同一网络里的人能看到并改动报文。只有走医保专网、经办机构只给 http 地址时才可使用，"
    "须由两个人核对地址并署名，写入日志。"
)
"""The warning that both persons must have read."""


def check_destination(
    address: str, region: str, *, training: bool, is_named: bool, approved: tuple[str, ...] = ()
) -> None:
    """Raise `GongjiError` where records may not be sent to an address under a region's profile.

    `training` says whether the records are invented, `is_named` whether a person named the region for this very run: a
    gateway of the payer's may have a front end on this PC, whose address looks like the practice platform's.
    `approved` are the names that confirmed the warning about plain http, for this very address.
    """
    parts = _parsed(address)
    is_here = is_this_pc(str(parts.hostname))
    if parts.scheme != "https" and not is_here:
        if not _is_private(str(parts.hostname)):
            raise GongjiError(
                f"地址 {address} 应以 https:// 开头",
                "不加密的 http 只可用于医保专网的 IP（10、172.16–31、192.168 开头）和本机的练习平台",
            )
        if len({one.strip() for one in approved if one.strip()}) < _NAMES:
            advice = "有 https:// 地址的请用它；没有的由两个人在“设置”的“网关”里署名后再用"
            raise GongjiError(PLAIN_HTTP_WARNING.rstrip("。"), advice)
    if training and not is_here:
        raise GongjiError(
            f"{address} 不在本机上，培训资料不能发到那里", "培训只用本机的练习平台：http://127.0.0.1:端口"
        )
    if not training and is_here and not is_named:
        advice = "正式的记录一经练习平台收下或拒绝就不再上传；确是网关的，请实施人员写明地区配置（命令行：--profile）"
        raise GongjiError(f"{address} 在本机上，多半是练习平台", advice)
    if not training and not is_named:
        check_region(region, training=training)


def needs_approval(address: str) -> bool:
    """Return whether an address needs two confirmations; False for an invalid address."""
    try:
        parts = _parsed(address)
    except GongjiError:
        return False
    host = str(parts.hostname)
    return parts.scheme == "http" and not is_this_pc(host) and _is_private(host)


def _is_private(host: str) -> bool:
    """Return whether a host is an address of the private ranges; False for a name, which may resolve to anything."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(found in one for one in _PRIVATE)


def check_region(region: str, *, training: bool) -> None:
    """Raise `GongjiError` where records may not go to a region: a real clinic's never to practice."""
    if region == PRACTICE and not training:
        raise GongjiError("正式的记录不能用练习平台的地区接口", "请选择经办机构告知的地区接口")


def is_this_pc(host: str) -> bool:
    """Return whether a host, as a name or an address in any spelling the system accepts, is this PC."""
    name = host.rstrip(".").lower()
    if name in {"localhost", socket.gethostname().lower()} or name.endswith(".localhost"):
        return True
    try:
        found = ipaddress.ip_address(name)
    except ValueError:
        try:
            found = ipaddress.ip_address(socket.inet_aton(name))  # 127.1, 0x7f000001, 2130706433
        except OSError:
            return False
    inner = getattr(found, "ipv4_mapped", None) or found
    return bool(inner.is_loopback or inner.is_unspecified)


def _parsed(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        is_plain = address.isascii() and address.isprintable() and not set(address) & set(" \\?#")
        is_whole = is_plain and bool(parts.hostname) and (parts.port is None or parts.port in _PORTS)
    except ValueError:
        is_whole = False
        parts = urlsplit("")
    if not is_whole or parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        raise GongjiError(f"网关地址 {quoted(address)} 不对", "应以 https:// 开头，例如 https://10.1.2.3:8443/fsi")
    return parts
