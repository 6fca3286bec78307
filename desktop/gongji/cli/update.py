"""`gongji update`: a release from a stick, verified and installed; and the maker's side of it."""

import sys
from argparse import Namespace
from pathlib import Path

from msgspec import to_builtins

from gongji.cli.arguments import data_folder
from gongji.cli.io import DONE, REFUSED, escaped, line, say
from gongji.cli.session import clock_of, needed_password, open_session
from gongji.core.releases import Release, ReleaseFile
from gongji.desk.clinic.open import is_data_folder
from gongji.desk.publisher_keys import make_key, pinned_keys
from gongji.desk.updates.apply_release import cannot_update_itself, update, update_without_book
from gongji.desk.updates.make_release import make_release
from gongji.desk.updates.new_program import DataFolder, go_back, try_copy
from gongji.desk.updates.program_layout import layout_of
from gongji.desk.updates.read_stick import ReleaseOffer, check_offer, read_offer
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.pack_files.library import Library


def check(options: Namespace) -> int:
    """Print what is on a stick, and whether it would be accepted."""
    offer, layout = read_offer(options.stick, pinned_keys()), layout_of()
    problems = check_offer(offer, layout)
    by_itself = layout.kind == "versions"
    answer = {
        "ok": not problems,
        "version": offer.release.version,
        "installed": layout.version,
        "by_itself": by_itself,
        "notes": list(offer.release.notes),
        "problems": [{"field": one.field, "message": one.message} for one in problems],
    }
    lines = [_about(offer, layout.version), *(f"  {one.message}" for one in problems)]
    if not problems:
        lines.append(
            "  签名和内容都对，可以更新" if by_itself else f"  签名和内容都对。{cannot_update_itself(offer, layout)}"
        )
    say(options, answer, "\n".join(lines))
    return REFUSED if problems else DONE


def apply(options: Namespace) -> int:
    """Update the program from a stick, the book copied and the new version tried first."""
    offer, layout, path = read_offer(options.stick, pinned_keys()), layout_of(), data_folder(options)
    if is_data_folder(path):
        with open_session(options) as counter:
            version = update(counter, offer, layout, _tell)
    else:
        version = update_without_book(offer, layout, _tell)
    text = f"已更新：{layout.version} → {version}，下次打开就是新版本"
    return say(options, {"ok": True, "version": version, "before": layout.version}, text)


def back(options: Namespace) -> int:
    """Make the previous version the one that starts, if it opens the book."""
    layout, path = layout_of(), data_folder(options)
    data = None
    if is_data_folder(path):
        password = needed_password(path, options.operator)
        data = DataFolder(path=path, operator=options.operator, password=password, clock=clock_of(options))
    version = go_back(layout, data)
    text = f"已退回：{layout.version} → {version}，下次打开就是它"
    return say(options, {"ok": True, "version": version, "before": layout.version}, text)


def make(options: Namespace) -> int:
    """Make a signed folder for sticks. Raises `GongjiError` without a key to sign with."""
    programs = dict(_pair(one, "--program") for one in options.program)
    installers = [_pair(one, "--installer") for one in options.installer]
    about = Release(format=1, version=options.version, oldest=options.oldest, notes=tuple(options.note))
    release = make_release(options.out, about, programs, installers, options.key)
    files: list[ReleaseFile] = [*release.programs, *release.installers]
    sentences = [f"  {one.file}  {one.size:,} 字节" for one in files]
    text = "\n".join([f"更新 {release.version} 已做好并签名：{options.out}", *sentences])
    return say(options, {"ok": True, "out": str(options.out), **to_builtins(release)}, text)


def key(options: Namespace) -> int:
    """Make a pair of keys: the secret half into a file, the public half to be pinned."""
    public = make_key(options.file)
    text = f"私钥在 {options.file}，不要放进代码仓库，不要放在诊所的电脑上。公钥：\n{public}"
    return say(options, {"ok": True, "public": public}, text)


def try_it(options: Namespace) -> int:
    """Answer the previous version: migrate and verify a copy of a book (the key comes on standard input)."""
    tried = try_copy(options.copy, sys.stdin.buffer.read(), Library(resource_folder() / "policies"))
    line(to_builtins(tried))
    return DONE


def _pair(text: str, what: str) -> tuple[str, Path]:
    system, found, path = text.partition("=")
    if not found:
        raise GongjiError(f"{what} {text} 不对", "写作 系统=路径，例如 linux-x86_64=dist/gongji")
    return system, Path(path)


def _about(offer: ReleaseOffer, installed: str) -> str:
    notes = "".join(f"\n  · {one}" for one in offer.release.notes)
    return f"更新 {offer.release.version}（这里是 {installed}）{notes}"


def _tell(step: str) -> None:
    print(escaped(f"{step}……"), file=sys.stderr, flush=True)
