"""Where records may be sent: one rule for the window, the command and the relay.

What a practice platform takes or refuses is over for the queue, so a real clinic's records go to none unless a person
names the region; and what is invented goes to no real platform. Patients' data goes over no line in clear.
"""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from gongji.errors import GongjiError
from gongji.payer.regions import PRACTICE

_PORTS = range(1, 1 << 16)


def check_destination(address: str, region: str, *, training: bool, is_named: bool) -> None:
    """Raise `GongjiError` where records may not be sent to an address under a region's ways.

    `training` says whether the records are invented, `is_named` whether a person named the region for this very run: a
    gateway of the payer's may have a front end on this PC, which by its address looks like the practice platform.
    """
    parts = _parsed(address)
    is_here = is_this_pc(str(parts.hostname))
    if parts.scheme != "https" and not is_here:
        raise GongjiError(f"地址 {address} 应以 https:// 开头", "只有本机的练习平台可用 http://127.0.0.1:端口")
    if training and not is_here:
        raise GongjiError(
            f"{address} 不在本机上，培训资料不能发到那里", "培训只用本机的练习平台：http://127.0.0.1:端口"
        )
    if not training and is_here and not is_named:
        advice = "正式的记录一经练习平台收下或拒绝就不再上传；确是网关或前置机的，请用命令，以 --profile 写明地区配置"
        raise GongjiError(f"{address} 在本机上，多半是练习平台", advice)
    if not training and not is_named:
        check_region(region, training=training)


def check_region(region: str, *, training: bool) -> None:
    """Raise `GongjiError` where records may not be meant for a region: a real clinic's not for practice."""
    if region == PRACTICE and not training:
        raise GongjiError("正式的记录不能用练习平台的地区接口", "请选择经办机构告知的地区接口")


def is_this_pc(host: str) -> bool:
    """Tell whether a host, a name or an address in any spelling the system takes, is this PC."""
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
        is_whole = bool(parts.hostname) and (parts.port is None or parts.port in _PORTS)
    except ValueError:
        is_whole = False
        parts = urlsplit("")
    if not is_whole or parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        raise GongjiError(f"网关地址 {address} 不对", "应以 https:// 开头，例如 https://10.1.2.3:8443/fsi")
    return parts
