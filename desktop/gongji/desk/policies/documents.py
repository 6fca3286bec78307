"""附上原文: a document's own text, stored for the policies based on it, to be shown beside what cites it."""

from pathlib import Path

from msgspec import Struct

from gongji.core.engine.policy import Policy
from gongji.desk.policies.packs import editions_named
from gongji.errors import GongjiError
from gongji.pack_files.attached_documents import (
    attach,
    attached,
    missing_articles,
    own_words,
    read_text,
    source_of,
    unmentioned_articles,
)
from gongji.pack_files.library import Library


class Attached(Struct, frozen=True, kw_only=True):
    """A document stored for a policy; `unmentioned` are its articles that the policy does not cite."""

    policy: str
    title: str
    articles: int
    path: Path
    unmentioned: tuple[str, ...]


def attach_document(library: Library, area: str, file: Path, data: Path) -> list[Attached]:
    """Store a document for an area's editions based on it, once every article they cite is found in it.

    Raises `GongjiError` where the title or an article is not found.
    """
    text = read_text(file)
    editions = editions_named(library, area)
    titles = [source.title for policy in editions for source in policy.pack.source.values()]
    found = [(policy, source) for policy in editions if (source := source_of(policy.pack, text, titles)) is not None]
    if not found:
        named = "、".join(f"《{title}》" for title in dict.fromkeys(titles))
        raise GongjiError(f"{file.name} 开头没有找到 {area} 所依据文件的标题", f"所依据的文件是：{named}")
    for policy, source in found:
        missing = missing_articles(policy.pack, source, own_words(policy.pack, source, text))
        if missing:
            raise GongjiError(f"{file.name} 里没有找到 {policy.id} 引用的{'、'.join(missing)}", "请检查文本是否完整")
    return [_attached(policy, source, text, data) for policy, source in found]


def _attached(policy: Policy, source: str, text: str, data: Path) -> Attached:
    words = own_words(policy.pack, source, text)
    return Attached(
        policy=policy.id,
        title=policy.pack.source[source].title,
        articles=len(words),
        path=attach(policy.pack, source, text, data),
        unmentioned=tuple(unmentioned_articles(policy.pack, words)) if source == "main" else (),
    )


def words_of(policy: Policy, data: Path) -> dict[str, str]:
    """Return the documents' own words for each article of a policy, as far as attached."""
    return attached(policy.pack, data)
