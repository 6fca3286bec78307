"""The publisher's keys: the two public halves pinned in the program, and the files of the secret ones.

They sign releases on sticks and policy packs. Neither signature can be taken for the other's: a release's is over a
list in JSON, a pack's over a text that ends with the comment lines that name its signer.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import DecodeError, Struct, ValidationError, toml

from gongji.errors import GongjiError
from gongji.files import is_there, read_whole, resource_folder, write_whole
from gongji.store.book_file.keys import new_key

if TYPE_CHECKING:
    from gongji.store.signing import Signer  # brings in the ciphers, which the window opens without


class PinnedKeys(Struct, frozen=True, forbid_unknown_fields=True):
    """The publisher's public keys: the current one, and the next one; 64 hexadecimal digits."""

    current: str
    next: str


def pinned_keys(file: Path | None = None) -> list[bytes]:
    """Return the publisher's public keys that this program knows; none in a program that is not a release.

    Raises `GongjiError` for a file without any.
    """
    place = file or resource_folder() / "update_keys.toml"
    try:
        kept = toml.decode(read_whole(place), type=PinnedKeys)
        return [bytes.fromhex(one) for one in (kept.current, kept.next) if one]
    except (DecodeError, ValidationError, ValueError) as error:
        raise GongjiError(f"{place.name} 不对，认不出更新公钥", "请重新安装程序") from error


def make_key(path: Path) -> str:
    """Write a new secret key into a new file; return the public half, 64 hexadecimal digits.

    Raises `GongjiError` for an existing file.
    """
    if is_there(path):
        raise GongjiError(f"{path} 已经有了", "请换一个文件名：写在上面的旧钥匙就找不回来了")
    from gongji.store.signing import Signer  # noqa: PLC0415  # the ciphers

    key = new_key()
    write_whole(path, key.hex().encode() + b"\n")
    if os.name != "nt":
        path.chmod(0o600)
    return Signer(key).public.hex()


def read_key(path: Path) -> "Signer":
    """Return the signer of a secret key's file. Raises `GongjiError` for any other file."""
    from gongji.store.signing import Signer  # noqa: PLC0415  # the ciphers

    try:
        return Signer(bytes.fromhex(read_whole(path).decode("ascii", "replace").strip()))
    except ValueError as error:
        raise GongjiError(f"{path.name} 不是签名钥匙", "请用 gongji update key 生成的文件") from error
