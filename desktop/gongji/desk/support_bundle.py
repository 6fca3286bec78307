"""支持包: what somebody who helps from afar needs to know, as one text that the user reads before passing it on.

It holds no personal data: no name, number, amount, password or key, nor any path. Settings are
chosen from a list of harmless ones, never by excluding others.
"""

import platform
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import disk_usage

from msgspec import DecodeError, json

from gongji import __version__
from gongji.desk.clinic.backup.restored_doubts import RECONCILE_FIRST
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.papers.receipts import PAPER_SETTING
from gongji.desk.upload.gateway.kept_gateway import ADDRESS_SETTING, REGION_SETTING
from gongji.errors import GongjiError, places
from gongji.log import FILE_NAME
from gongji.pack_files.library import Library
from gongji.store import engine, settings
from gongji.store.book_file.db import Store
from gongji.store.book_file.folder import Folder
from gongji.store.engine import Connection
from gongji.store.errors import store_errors
from gongji.store.people import forgetting
from gongji.store.upload import legs

_HARMLESS = ("training", "area", "epoch", PAPER_SETTING, REGION_SETTING, RECONCILE_FIRST)
_OF_INSTITUTION = ("type", "level", "grade", "designated", "pooled")
_FIGURES = re.compile(r"\d[\d,]*\.\d+|[A-Za-z]*\d{3,}[0-9A-Za-z-]*|\d+-\d+(?:-\d+)*")
"""Amounts, and all identifying numbers: settlements, receipts, persons, accounts, institutions."""
_LOG_BYTES, _MOST_FINDINGS = 200_000, 200
_SHORTEST_WORD = 2
Section = Callable[[], Iterator[str]]


def support_bundle(path: Path, at: str, library: Library, store: Store | None) -> str:
    """Return the support text of a data folder at a moment (a stamp), a section for each subject.

    `store` is the open book; without one (nobody can open it, or no operator was named) it says what can be seen from
    outside. A section that fails says why, and the others are still there.
    """
    parts: list[tuple[str, Section]] = [
        ("版本", lambda: _versions(library)),
        ("数据文件夹", lambda: _folder(path)),
    ]
    if store is None:
        parts.append(("数据文件", lambda: iter(["没有打开数据文件，以下各项没有"])))
    else:
        parts += [
            ("设置（不含口令、密钥和机构名称）", lambda: _settings(store.reader)),
            ("数量", lambda: _counts(store.reader)),
            ("核对", lambda: _integrity(Folder(path), store, library)),
        ]
    parts.append(("运行记录", lambda: _log(path)))
    sentences = [f"共济结算台支持包 {at[:16]}", "不含姓名、号码、金额和口令；发出前可以通读一遍。"]
    for title, section in parts:
        sentences += ["", f"== {title} ==", *_made(section)]
    return "\n".join(sentences) + "\n"


def _made(section: Section) -> Iterator[str]:
    try:
        with store_errors():
            yield from section()
    except GongjiError as error:
        yield f"读不到：{_FIGURES.sub('~', error.title) if '/' not in error.title else '文件读不到'}"
        yield from places(error)


def _versions(library: Library) -> Iterator[str]:
    yield f"gongji {__version__}"
    yield f"Python {platform.python_version()}，SQLite {'.'.join(map(str, engine.VERSION))}"
    yield f"{platform.system()} {platform.release()} {platform.machine()}"
    for area in library.areas:
        yield f"政策包 {'、'.join(one.id for one in library.editions(area))}"


def _folder(path: Path) -> Iterator[str]:
    folder = Folder(path)
    card = folder.card()
    yield f"{'培训数据' if card.training else '正式数据'}，格式 {card.format}"
    for one in sorted(path.iterdir()):
        if one.is_file() and re.fullmatch(r"[a-z.\-]+", one.name):
            yield f"{one.name} {one.stat().st_size:,} 字节"
    copies = list(folder.copies.glob("*.db")) if folder.copies.is_dir() else []
    newest = max((one.name[5:13] for one in copies if one.name.startswith("book-")), default="没有")
    yield f"备份 {len(copies)} 份，最新 {newest}"
    yield f"操作员 {len(folder.operators())} 位，{'有' if folder.recovery else '没有'}恢复钥匙"
    yield f"磁盘还剩 {disk_usage(path).free // (1 << 20):,} MB"


def _settings(connection: Connection) -> Iterator[str]:
    for name in _HARMLESS:
        yield f"{name} = {settings.get(connection, name) or ''}"
    address = settings.get(connection, ADDRESS_SETTING) or ""
    yield f"网关 {address.partition('://')[0] if address else '没有填'}"
    try:
        institution = json.decode(settings.get(connection, "institution") or "{}")
    except DecodeError:
        institution = {}
    for name in _OF_INSTITUTION:
        yield f"institution.{name} = {institution.get(name, '')}"
    yield f"设过的项目：{'、'.join(forgetting.setting_names(connection))}"


def _counts(connection: Connection) -> Iterator[str]:
    for name, count in forgetting.row_counts(connection).items():
        yield f"{name} {count:,}"
    for state, count in legs.counts(connection).items():
        yield f"上传 {state} {count:,}"


def _integrity(folder: Folder, store: Store, library: Library) -> Iterator[str]:
    if store.needs_migration:
        yield "数据文件还是旧版本的，打开一次结算台升级后再核对"
        return
    found = list(verify(folder, store, library, lambda *_: None))
    yield f"发现 {len(found)} 处" if found else "核对无误"
    if not found:
        return
    known = _known_words(store.reader)
    for one in found[:_MOST_FINDINGS]:
        yield _nameless(f"{one.place}：{one.text}", known)


def _known_words(connection: Connection) -> list[str]:
    institution = json.decode(settings.get(connection, "institution") or "{}")
    found = {*forgetting.words(connection), str(institution.get("id", "")), str(institution.get("name", ""))}
    return sorted((one for one in found if len(one) >= _SHORTEST_WORD), key=len, reverse=True)


def _nameless(text: str, known: list[str]) -> str:
    """Return a sentence without the names and numbers in it."""
    for word in known:
        if word in text:
            text = text.replace(word, "~")
    return _FIGURES.sub("~", text)


def _log(path: Path) -> Iterator[str]:
    """Yield the log's lines, which hold no personal data; anything it missed is removed here."""
    lines: list[str] = []
    for name in (f"{FILE_NAME}.1", FILE_NAME):
        if (path / name).is_file():
            lines += (path / name).read_text(encoding="utf-8", errors="replace").splitlines()
    text = "\n".join(lines)[-_LOG_BYTES:]
    yield text or "（空）"
