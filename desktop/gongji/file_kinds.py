"""What a chosen file is where it is not what was asked for, by its first bytes: a picture, a PDF, a policy pack, …."""

import codecs
import re
from collections.abc import Iterable

from msgspec import Struct


class OtherFile(Struct, frozen=True):
    """What a file is, in a word, and what to do with it."""

    word: str
    advice: str


_ASK_FOR_TABLE = "请向给表的单位要原来的表格文件（.xlsx、.xls 或 .csv）"
_PDF = OtherFile("PDF 文件", f"PDF 里的表格读不准；{_ASK_FOR_TABLE}")
_PICTURE = OtherFile("图片", f"图片里的字读不了；{_ASK_FOR_TABLE}")
_ARCHIVE = OtherFile("压缩包", "请先解压，再选里面的文件")
_DOCUMENT = OtherFile("文字处理程序的文档", "请把其中的表格复制到表格程序里，另存为 .xlsx 再试")
_SLIDES = OtherFile("幻灯片", _ASK_FOR_TABLE)
_OTHER_TABLE = OtherFile("另一种格式的工作簿", "请用表格程序打开后另存为 .xlsx 再试")
_PROGRAM = OtherFile("程序", "请核对是不是选错了文件，来路不明的不要打开")
_BOOK = OtherFile("数据文件", "备份和数据文件夹请在“设置 → 备份”里恢复")
PACK = OtherFile("政策包", "政策包请在“政策 → 安装新版”里打开（命令行用 gongji policy install）")
_SETUP = OtherFile("配置文件", "地区配置请在“设置 → 网关”里从文件取；其他的请问给文件的人")

_TABLE = OtherFile("表格", "人员、目录、累计等表格请在“资料 → 导入”里导入（命令行用 gongji load）")
_EMPTY = OtherFile("空的文件", "请核对是不是选错了文件，或重新复制一次")
_CHOSEN_WRONGLY = "请核对是不是选错了文件"
_SAYS_WHERE = (PACK, _ARCHIVE, _TABLE, _EMPTY)
"""What has a place of its own, or something to be done with it."""

_SEALED = b"age-encryption.org/"
_BEGINNINGS: tuple[tuple[bytes, OtherFile], ...] = (
    (b"%PDF", _PDF),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"Rar!", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (rb"{\rtf", _DOCUMENT),
    (b"MZ\x90\0", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"SQLite format 3\0", _BOOK),
    (_SEALED, _BOOK),
)
_BITMAP = re.compile(rb"BM.{4}\0{4}|RIFF.{4}WEBP", re.DOTALL)
_PARTS = (
    ("word/document.xml", _DOCUMENT),
    ("ppt/presentation.xml", _SLIDES),
    ("xl/workbook.bin", _OTHER_TABLE),
    ("content.xml", _OTHER_TABLE),
)
"""A part by which each kind of archive is known: OOXML's, and OpenDocument's."""
_ASSIGNED = re.compile(r"^[a-z_]+ *= *\S", re.MULTILINE)
_PACK = re.compile(r"^area *= *[\"']\d{6}[\"']", re.MULTILINE)
_LEAST_ASSIGNED = 3
_LEAST_CELLS = 3
_HEAD = 4096


def called(head: bytes) -> OtherFile | None:
    """Return what a file is that begins so and is no table; None where it may be one, or anything."""
    found = next((other for begins, other in _BEGINNINGS if head.startswith(begins)), None)
    if found is not None:
        return found
    if _BITMAP.match(head):
        return _PICTURE
    text = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    if len(_ASSIGNED.findall(text)) < _LEAST_ASSIGNED:
        return None
    return PACK if _PACK.search(text) else _SETUP


def no_pack(content: bytes) -> OtherFile | None:
    """Return what a file is that was taken for a policy pack; None where it may be one that is only wrong."""
    other = _whatever(content)
    return None if other is None or other.word in {PACK.word, _SETUP.word} else other


def no_package(content: bytes) -> OtherFile | None:
    """Return what a file is that was taken for a sealed package; None where it may be one that is damaged."""
    return None if content.startswith(_SEALED) else _whatever(content)


def _whatever(content: bytes) -> OtherFile | None:
    """Return what a file is, a table or nothing at all included."""
    if not content.strip():
        return _EMPTY
    if content.startswith(b"PK"):
        inside = [part for part, _ in _PARTS if part.encode() in content]
        other: OtherFile | None = _TABLE if b"xl/workbook.xml" in content else archive_called(inside)
    else:
        other = called(content[:_HEAD]) or (_TABLE if _is_table(content[:_HEAD]) else None)
    return other if other is None or other in _SAYS_WHERE else OtherFile(other.word, _CHOSEN_WRONGLY)


def _is_table(head: bytes) -> bool:
    """Return whether a text's first two lines have as many cells, three at least."""
    lines = [line for line in head.decode("utf-8", "replace").splitlines() if line.strip()][:2]
    cells = {max(line.count(sign) for sign in ",\t;") for line in lines}
    return len(lines) > 1 and len(cells) == 1 and min(cells) >= _LEAST_CELLS - 1 and "=" not in lines[0]


def archive_called(names: Iterable[str]) -> OtherFile:
    """Return what an archive with these parts is that is no workbook."""
    there = set(names)
    return next((other for part, other in _PARTS if part in there), _ARCHIVE)
