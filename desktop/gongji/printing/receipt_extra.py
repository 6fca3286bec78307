"""The order of 其他信息, from `resources/receipts/other.toml`."""

from functools import cache

import msgspec

from gongji.core.papers.receipt_extra import OtherInfo
from gongji.errors import GongjiError
from gongji.files import resource_folder


@cache
def other_info() -> OtherInfo:
    """Return the order; `GongjiError` where the file is missing or cannot be used."""
    path = resource_folder() / "receipts" / "other.toml"
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=OtherInfo)
    except (OSError, msgspec.DecodeError) as error:
        raise _unusable(str(error)) from error
    unknown = found.unknown()
    if unknown or "default" not in found.area:
        raise _unusable("、".join(unknown) or "default")
    return found


def _unusable(why: str) -> GongjiError:
    return GongjiError(
        f"结算单的项目次序 receipts/other.toml 不能用（{why}），没有打印", "请改正或重新安装程序；结算已经入账不受影响"
    )
