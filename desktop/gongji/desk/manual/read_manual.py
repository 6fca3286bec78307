"""The manual's pages from resources/manual, read when somebody first asks for them."""

from functools import cache
from pathlib import Path

from gongji.core.manual.manual_page import Manual, read_page
from gongji.core.manual.said_sentences import SaidSentences
from gongji.errors import GongjiError
from gongji.files import read_whole, resource_folder


def manual_folder() -> Path:
    """Return the folder of the pages; their pictures are in `pictures` beneath it."""
    return resource_folder() / "manual"


@cache
def manual() -> Manual:
    """Return the manual, its pages in the order of their files; `GongjiError` where they are not there."""
    files = sorted(manual_folder().glob("*.md"))
    if not files:
        raise GongjiError("找不到说明书", "请重新安装程序；收费不受影响")
    return Manual(tuple(read_page(file.stem, read_whole(file).decode()) for file in files))


@cache
def said_sentences() -> SaidSentences:
    """Return what tells which page explains a sentence."""
    return SaidSentences(manual())
