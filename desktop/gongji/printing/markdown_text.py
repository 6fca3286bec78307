"""Markdown as parts to lay out: headings, paragraphs, points of a list, quotations and pictures.

CommonMark is read by markdown-it-py. Bold text and links are plain on paper; a picture is a paragraph of its own.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Struct

Kind = Literal["heading", "paragraph", "point", "quotation", "picture"]


class MarkdownPart(Struct, frozen=True):
    """A part: its kind, its text (a picture's description), its depth, its bullet, a picture's file."""

    kind: Kind
    text: str
    depth: int = 0
    bullet: str = ""
    path: str = ""


def parts_of(text: str) -> list[MarkdownPart]:
    """Return the parts of a Markdown text in their order."""
    return list(_parts(MarkdownIt("commonmark").parse(text)))


def _parts(tokens: Sequence[Token]) -> Iterator[MarkdownPart]:
    counts: list[int] = []  # of the lists around: what the last point's number was; 0 where points have none
    quoted, heading, is_first = 0, 0, False
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                counts.append(0)
            case "ordered_list_open":
                counts.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                counts.pop()
            case "list_item_open":
                is_first = True
            case "list_item_close":
                counts[-1] += 1 if counts[-1] else 0
            case "blockquote_open":
                quoted += 1
            case "blockquote_close":
                quoted -= 1
            case "heading_open":
                heading = int(token.tag[1:])
            case "inline":
                yield from _inline(token, counts, quoted, heading, is_first=is_first)
                heading, is_first = 0, False


def _inline(token: Token, counts: list[int], quoted: int, heading: int, *, is_first: bool) -> Iterator[MarkdownPart]:
    children = token.children or []
    for picture in (one for one in children if one.type == "image"):
        yield MarkdownPart("picture", picture.content, path=str(picture.attrs["src"]))
    text = "".join(_plain(one) for one in children if one.type != "image").strip()
    if not text:
        return
    if heading:
        yield MarkdownPart("heading", text, heading)
    elif counts:
        bullet = "" if not is_first else f"{counts[-1]}." if counts[-1] else "·"
        yield MarkdownPart("point", text, len(counts), bullet)
    else:
        yield MarkdownPart("quotation" if quoted else "paragraph", text)


def _plain(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content
