"""地区配置 as this book has it: one that comes with the program, or the clinic's own file, kept whole in the book.

There it outlives an update of the program, goes along with every copy, to another PC and onto a stick.
"""

from functools import lru_cache

from gongji.errors import GongjiError
from gongji.payer import OWN
from gongji.payer.regions import Profile, profile, profile_in
from gongji.store import settings
from gongji.store.engine import Connection


def region_profile(connection: Connection, name: str) -> Profile:
    """Return a region's profile by its name or file, the clinic's own from the book; `GongjiError` says what is wrong.

    A region that comes with the program may change with it, so its name is all that is kept.
    """
    if name != OWN:
        return profile(name) if name.endswith(".toml") else _shipped(name)
    text = settings.get(connection, settings.OWN_REGION)
    if not text:
        raise GongjiError("数据文件里没有本院的地区配置文件", "请在“设置 → 网关”从文件取来，或选自带的一个")
    return _own(text)


@lru_cache
def _shipped(name: str) -> Profile:
    return profile(name)


@lru_cache(maxsize=4)
def _own(text: str) -> Profile:
    return profile_in(text)
