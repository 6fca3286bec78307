"""The official documents' own texts, attached to a policy by a user: kept in the data folder, shown with the gists."""

from collections.abc import Iterable
from pathlib import Path

from gongji.core.packs.articles import cut, squeezed
from gongji.core.packs.checks import articles_of
from gongji.core.packs.language import Pack
from gongji.errors import GongjiError
from gongji.files import is_file, reason, write_whole

_TITLE_WITHIN = 1000
"""A title counts only within this many characters, white space left out, from a document's beginning."""


def read_text(path: Path) -> str:
    """Return a document's text, from UTF-8 or GB 18030. Raises `GongjiError` when it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GongjiError(f"读不到文件 {path}（{reason(error)}）", "请检查文件名和权限") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise GongjiError(f"{path.name} 不是 UTF-8 或 GB18030 编码的文本", "请另存为纯文本后再试")


def own_words(pack: Pack, source: str, text: str) -> dict[str, str]:
    """Return the articles of a document by the names under which the pack cites them."""
    prefix = pack.source[source].short
    return {prefix + name: words for name, words in cut(text).items()}


def source_of(pack: Pack, text: str, titles: Iterable[str]) -> str | None:
    """Return which of the pack's sources a text is, judged by its title; None where it is none.

    A title that is contained in a longer known title does not count where the longer one is found.
    """
    beginning = squeezed(text)[:_TITLE_WITHIN]
    found = [title for title in map(squeezed, titles) if title in beginning]
    whole = {title for title in found if not any(title != other and title in other for other in found)}
    return next((key for key, source in pack.source.items() if squeezed(source.title) in whole), None)


def missing_articles(pack: Pack, source: str, words: dict[str, str]) -> list[str]:
    """Return the articles of a source that the pack cites and a text does not have."""
    return [article for article in articles_of(pack) if _belongs(pack, source, article) and article not in words]


def unmentioned_articles(pack: Pack, words: dict[str, str]) -> list[str]:
    """Return the articles of the main document that the pack neither cites nor lists as not modelled."""
    mentioned = [*articles_of(pack), *(article for one in pack.not_modelled for article in one.articles)]
    return [
        article
        for article in words
        if "(" not in article and not any(one == article or one.startswith(f"{article}(") for one in mentioned)
    ]


def _belongs(pack: Pack, source: str, article: str) -> bool:
    """Return whether an article belongs to this source: the one named before its number, else the main one."""
    named = [key for key, one in pack.source.items() if one.short and article.startswith(one.short)]
    return source in named if named else source == "main"


def attach(pack: Pack, source: str, text: str, folder: Path) -> Path:
    """Store a document's text for a policy; return the path of the file."""
    path = _path(pack, source, folder)
    write_whole(path, text.encode())
    return path


def attached(pack: Pack, folder: Path) -> dict[str, str]:
    """Return the documents' own words for each article of the sources that were attached."""
    paths = {source: _path(pack, source, folder) for source in pack.source}
    return {
        name: words
        for source, path in paths.items()
        if is_file(path)
        for name, words in own_words(pack, source, read_text(path)).items()
    }


def _path(pack: Pack, source: str, folder: Path) -> Path:
    return folder / "documents" / f"{pack.area}@{pack.starts}.{source}.txt"
