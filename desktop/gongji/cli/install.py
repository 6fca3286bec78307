"""`gongji policy install`, `makers`, `sign`: packs from files, whose packs are taken, and the publisher's signature."""

from argparse import Namespace

from msgspec import to_builtins

from gongji.cli.io import DONE, REFUSED, complain, escaped, line, say
from gongji.cli.session import attend_second, open_readonly, open_session
from gongji.desk.policies.accepted_makers import accepted_makers, remove_maker
from gongji.desk.policies.install_packs import PACKS, PacksTaken, from_files, take_in_packs
from gongji.desk.policies.signed_packs import PUBLISHER, sign_as_publisher
from gongji.desk.publisher_keys import pinned_keys, read_key
from gongji.files import read_whole, write_whole
from gongji.pack_files.read_pack import try_pack
from gongji.store.signing import key_fingerprint

_SHOWN = 10


def install(options: Namespace) -> int:
    """Install packs from files."""
    with open_session(options) as counter:
        attend_second(options, counter)
        ok = print_taken(options, take_in_packs(counter, from_files(counter, options.files), options.accept))
    return DONE if ok else REFUSED


def makers(options: Namespace) -> int:
    """Print the makers whose packs are taken here; take one's no longer."""
    if options.remove is None:
        return _list_makers(options)
    with open_session(options) as counter:
        attend_second(options, counter)
        gone = remove_maker(counter, options.remove)
    answer = {"ok": True, "removed": gone.fingerprint}
    return say(options, answer, f"不再收“{gone.who}”签名的政策包；已装的不变")


def _list_makers(options: Namespace) -> int:
    with open_readonly(options) as (_, store):
        known = accepted_makers(store.reader)
    if not known and not options.json:
        print("没有认可过政策包制作人")
    for one in known:
        by = "、".join(filter(None, (one.operator, one.second)))
        answer = {"fingerprint": one.fingerprint, **to_builtins(one)}
        say(options, answer, f"{one.fingerprint}  “{one.who}”  {one.at} 由{by}认可")
    return DONE


def sign(options: Namespace) -> int:
    """Write a pack signed with a publisher's secret key."""
    signer, text = read_key(options.key), read_whole(options.file)
    try_pack(options.file.name, text)
    write_whole(options.out, sign_as_publisher(signer, options.file.name, text, options.by or PUBLISHER))
    pinned = signer.public in pinned_keys()
    answer = {"ok": True, "out": str(options.out), "public": signer.public.hex(), "pinned": pinned}
    known = "本程序内置这把公钥" if pinned else "本程序没有内置这把公钥，只有内置它的程序认作发布方"
    return say(options, answer, f"已签名：{options.out}，指纹 {key_fingerprint(signer.public)}；{known}")


def print_taken(options: Namespace, one: PacksTaken) -> bool:
    """Print which packs were installed and which were not, and why; return whether all were."""
    wrong = [{"pack": each.place, "messages": list(each.wrong)} for each in one.refused]
    known = {edition: maker for edition, maker in one.makers.items() if maker.is_publisher or maker.is_accepted}
    if options.json:
        found = {"since": one.since, "version": one.version, "as_of": one.as_of, "packs": list(one.taken)}
        signed = {
            edition: {"by": "publisher" if maker.is_publisher else "accepted", "fingerprint": maker.fingerprint}
            for edition, maker in known.items()
        }
        more = {**({"signed": signed} if signed else {}), **({"refused": wrong} if wrong else {})}
        line({"ok": not wrong, "kind": PACKS, **found, **more})
    else:
        print(escaped(f"政策包：{'、'.join(one.taken) or '没有新的'}；截至 {one.as_of}"))
        for edition, maker in known.items():
            print(escaped(f"  {edition}：{maker.in_words}"))
        for maker in one.accepted:
            print(escaped(f"  从此收“{maker.who}”签名的政策包，指纹 {maker.fingerprint}"))
        for each in one.refused:
            complain(f"  {each.place} 没有收下：{'；'.join(each.wrong[:_SHOWN])}")
    return not wrong
