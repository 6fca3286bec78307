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
    (b"age-encryption.org/", _BOOK),
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


def archive_called(names: Iterable[str]) -> OtherFile:
    """Return what an archive with these parts is that is no workbook."""
    there = set(names)
    return next((other for part, other in _PARTS if part in there), _ARCHIVE)
