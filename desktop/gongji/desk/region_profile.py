"""地区配置 of a book: a profile that is shipped with the program, or the clinic's own file, stored whole in the book.

There it survives updates of the program, and is part of every copy, also on another PC and on a stick.
"""

from functools import lru_cache

from gongji.errors import GongjiError
from gongji.payer import OWN
from gongji.payer.regions import Profile, profile, profile_in
from gongji.store import settings
from gongji.store.engine import Connection


def region_profile(connection: Connection, name: str) -> Profile:
    """Return a region's profile by its name or file, the clinic's own from the book.

    A shipped profile may change with the program, so only its name is stored. Raises `GongjiError` where there is no
    such profile or it cannot be used.
    """
    if name != OWN:
        return profile(name) if name.endswith(".toml") else _shipped(name)
    text = settings.get(connection, settings.OWN_PROFILE)
    if not text:
        raise GongjiError("数据文件里没有本院的地区配置文件", "请在“设置 → 网关”从文件取来，或选自带的一个")
    return _own(text)


@lru_cache
def _shipped(name: str) -> Profile:
    return profile(name)


@lru_cache(maxsize=4)
def _own(text: str) -> Profile:
    return profile_in(text)
