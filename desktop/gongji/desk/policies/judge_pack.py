"""Whether a pack from outside may be installed here: who signed it, what it says, what is installed already.

An edition is only ever replaced by a higher revision of it, so that nobody brings an old fault back by an old file,
and two texts of one edition never take turns.
"""

from collections.abc import Mapping

from msgspec import Struct

from gongji.core.packs.language import Pack
from gongji.desk.editions import in_effect, joined
from gongji.desk.policies.accepted_makers import asks_who_signed
from gongji.desk.policies.packs import failed_cases
from gongji.desk.policies.signed_packs import BrokenSignatureError, PackMaker, maker_of, unsigned
from gongji.desk.session import Session
from gongji.pack_files.read_pack import BadPackError, parse_pack
from gongji.store.upload.downloads import KeptPack

_MOST_AHEAD = 100
"""How far a revision may be ahead: one that is far higher would keep every later correction out."""


class JudgedPack(Struct, frozen=True, kw_only=True):
    """A pack's text as judged: who signed it, and the pack, or what is wrong with it.

    `maker` is None without a signature, `pack` where it cannot be installed. `is_there` where the same text is
    installed or comes with the program; `to_accept` where the maker has to be accepted before it may be installed.
    """

    maker: PackMaker | None = None
    pack: Pack | None = None
    wrong: tuple[str, ...] = ()
    is_there: bool = False
    to_accept: bool = False


def judge(session: Session, text: bytes, known: Mapping[str, KeptPack]) -> JudgedPack:
    """Return what is to be said of a pack's text beside the installed ones, by their editions; nothing is stored."""
    try:
        maker = maker_of(session, text)
    except BrokenSignatureError:
        return JudgedPack(wrong=("签名与内容不符：文件在签发之后被改动过，请向签发的机构重新索取",))
    pack = parse_pack(text)
    there = {} if isinstance(pack, list) else _texts(session, pack, known)
    is_there = any(unsigned(text) == unsigned(one) for one in there.values())
    asked = asks_who_signed(session)
    if maker is None and asked and not is_there:
        return JudgedPack(wrong=(_UNSIGNED,))
    if isinstance(pack, list):
        return JudgedPack(maker=maker, wrong=tuple(f"{one.field or '（整个文件）'}：{one.message}" for one in pack))
    wrong = () if is_there else _wrong(session, pack, text, known, max(there, default=0))
    return JudgedPack(
        maker=maker,
        pack=None if wrong else pack,
        wrong=wrong,
        is_there=is_there,
        to_accept=asked and maker is not None and not maker.is_known,
    )


_UNSIGNED = (
    "文件没有签名，或末尾签名的几行不完整：这里只收发布方、本机、本机构认可的制作人签名的政策包，"
    "请向给文件的机构要签过名的"
)


def unknown_maker(maker: PackMaker) -> str:
    """Return what to do about a pack whose maker nobody has accepted here."""
    return (
        f"签名的人本机构还没有认可（自称“{maker.who}”，指纹 {maker.fingerprint}）：请打电话向制作单位核对指纹，"
        f"一致的，安装时认可（命令行加 --accept '{maker.fingerprint}'）；不一致的不要装"
    )


def _texts(session: Session, pack: Pack, known: Mapping[str, KeptPack]) -> dict[int, bytes]:
    """Return the texts of a pack's edition that are here, by revision: the program's own, the newest installed."""
    own = f"{pack.area}@{pack.starts.isoformat()}"
    found = {}
    for one in session.shipped.editions(pack.area):
        if one.id == own:
            found[one.pack.revision] = session.shipped.text_of(one)[1]
    kept = known.get(own)
    if kept is not None:
        before = parse_pack(kept.text)
        found[0 if isinstance(before, list) else before.revision] = kept.text
    return found


def _wrong(session: Session, pack: Pack, text: bytes, known: Mapping[str, KeptPack], newest: int) -> tuple[str, ...]:
    """Return what speaks against installing a pack, whose newest revision here is given (0 for none)."""
    if pack.exercise is not None:
        return (f"这是练习用的政策包（{pack.exercise}），不能收下来结算",)
    if pack.scheme != "employees":
        return ("这是居民医保的政策包，本程序只能用它试算（命令行：gongji quote --policies），不能收下来结算",)
    failures = failed_cases(pack)
    if failures:
        return tuple(f"例子“{failure.name}”：{failure.difference}" for failure in failures)
    own = f"{pack.area}@{pack.starts.isoformat()}"
    mine = {one.id: one.pack.revision for one in session.shipped.editions(pack.area)}
    if mine.get(own, 0) >= pack.revision:
        return (f"{own} 这一版是程序自带的，更正随新版程序来",)
    if newest >= pack.revision:
        return (_no_higher(own, newest, pack.revision),)
    if pack.revision > newest + _MOST_AHEAD:
        return (f"{own} 的 revision 写成了 {pack.revision}，这里才到 {newest}：跳得太多，请与制作单位核对",)
    others = [one for one in in_effect(session.shipped, known.values()) if one.id != own]
    try:
        joined(session.shipped, [*others, KeptPack(area=pack.area, starts="", sha256="", text=text, as_of="")])
    except BadPackError as bad:
        return tuple(problem.message for problem in bad.problems)
    return ()


def _no_higher(edition: str, newest: int, revision: int) -> str:
    """Return why a text of an edition takes the place of none: the installed one has this revision or a higher one."""
    if newest > revision:
        return f"{edition} 装的是第 {newest} 次文本（revision），这个文件是第 {revision} 次：只能换成更高的，不能退回"
    return (
        f"{edition} 装的是第 {newest} 次文本（revision），这个文件也写第 {revision} 次，内容却不同："
        f"请与制作单位核对，确是更正的，请其写明 revision = {newest + 1} 再签发"
    )
