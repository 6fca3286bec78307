"""What is on a stick: the signature before anything else, then everything that speaks against it, at once."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Literal

import pytest

from gongji.core.releases import Release
from gongji.desk.publisher_keys import make_key, pinned_keys
from gongji.desk.updates.apply_release import update_without_book
from gongji.desk.updates.make_release import make_release
from gongji.desk.updates.program_layout import ProgramLayout, layout_of, this_system
from gongji.desk.updates.read_stick import LIST, SIGNATURE, ReleaseOffer, check_offer, read_offer
from gongji.desk.updates.unpack import unpack
from gongji.errors import GongjiError
from gongji.store.signing import Signer
from tests.support.releases import Keys, make_keys


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return make_keys(tmp_path)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program's folder with all that a real one has: a file that runs, one that does not, a link, Chinese names."""
    folder = tmp_path / "program"
    (folder / "_internal" / "资料").mkdir(parents=True)
    (folder / "gongji").write_text("#!/bin/sh\n")
    (folder / "gongji").chmod(0o755)
    (folder / "_internal" / "lib.so.1").write_bytes(b"\x7fELF" * 1000)
    (folder / "_internal" / "lib.so").symlink_to("lib.so.1")
    (folder / "_internal" / "资料" / "病种.csv").write_text("高血压\n", encoding="utf-8")
    return folder


@pytest.fixture
def stick(tmp_path: Path, keys: Keys, program: Path) -> Path:
    deb = tmp_path / "gongji_0.2.0_amd64.deb"
    deb.write_bytes(b"!<arch>\n")
    about = Release(format=1, version="0.2.0", oldest="0.1.0", notes=("更快",))
    make_release(
        tmp_path / "stick" / "gongji-update", about, {this_system(): program}, [(this_system(), deb)], keys.files[0]
    )
    return tmp_path / "stick"


@pytest.fixture
def layout(tmp_path: Path) -> ProgramLayout:
    return installed(tmp_path / "Gongji", "0.1.0")


def installed(top: Path, version: str) -> ProgramLayout:
    (top / "versions" / version).mkdir(parents=True)
    (top / "current").write_text(f"{version}\n")
    return layout_of(top / "versions" / version)


def public(keys: Keys) -> list[bytes]:
    return [bytes.fromhex(one) for one in keys.public]


def signed_anew(stick: Path, keys: Keys, change: dict[str, object]) -> ReleaseOffer:
    """The list changed by somebody who has the key."""
    folder = stick / "gongji-update"
    text = json.dumps({**json.loads((folder / LIST).read_text()), **change}).encode()
    (folder / LIST).write_bytes(text)
    key = Signer(bytes.fromhex(keys.files[0].read_text()))
    (folder / SIGNATURE).write_text(key.sign(text).hex())
    return read_offer(stick, public(keys))


class TestTheSignature:
    @pytest.mark.parametrize("which", [0, 1])
    def test_of_either_pinned_key_is_taken(self, stick: Path, keys: Keys, which: int) -> None:
        text = (stick / "gongji-update" / LIST).read_bytes()
        signature = Signer(bytes.fromhex(keys.files[which].read_text())).sign(text)
        (stick / "gongji-update" / SIGNATURE).write_text(signature.hex())
        for place in (stick, stick / "gongji-update"):
            assert read_offer(place, public(keys)).release.version == "0.2.0"

    def test_of_another_key_is_not(self, stick: Path, tmp_path: Path) -> None:
        stranger = bytes.fromhex(make_key(tmp_path / "stranger.key"))
        with pytest.raises(GongjiError, match="签名不对"):
            read_offer(stick, [stranger])

    @pytest.mark.parametrize("signature", ["", "00" * 64, "no hex", "00" * 63, "中文"])
    def test_that_is_none(self, stick: Path, keys: Keys, signature: str) -> None:
        (stick / "gongji-update" / SIGNATURE).write_text(signature, encoding="utf-8")
        with pytest.raises(GongjiError, match="签名不对"):
            read_offer(stick, public(keys))

    def test_is_over_every_byte_of_the_list(self, stick: Path, keys: Keys) -> None:
        place = stick / "gongji-update" / LIST
        place.write_bytes(place.read_bytes().replace(b"0.2.0", b"0.9.0", 1))
        with pytest.raises(GongjiError, match="签名不对"):
            read_offer(stick, public(keys))

    def test_is_missing(self, stick: Path, keys: Keys) -> None:
        (stick / "gongji-update" / SIGNATURE).unlink()
        with pytest.raises(GongjiError, match="更新盘不完整"):
            read_offer(stick, public(keys))

    def test_no_stick_and_two_updates_on_one(self, stick: Path, keys: Keys, tmp_path: Path) -> None:
        with pytest.raises(GongjiError, match="没有更新"):
            read_offer(tmp_path / "nowhere", public(keys))
        shutil.copytree(stick / "gongji-update", stick / "older")
        with pytest.raises(GongjiError, match="几个更新"):
            read_offer(stick, public(keys))

    def test_a_checkout_pins_no_key_and_says_so(self, stick: Path) -> None:
        assert pinned_keys() == []
        with pytest.raises(GongjiError, match="没有内置更新公钥"):
            read_offer(stick, pinned_keys())

    def test_keys_that_are_none(self, tmp_path: Path) -> None:
        file = tmp_path / "keys.toml"
        for text in ('current = "xyz"\nnext = ""\n', "current = 1", 'current = ""'):
            file.write_text(text)
            with pytest.raises(GongjiError, match="更新公钥"):
                pinned_keys(file)


class TestWhatSpeaksAgainstIt:
    def fields(self, offer: ReleaseOffer, layout: ProgramLayout, system: str | None = None) -> list[str]:
        return [one.field for one in check_offer(offer, layout, system)]

    def test_nothing(self, stick: Path, keys: Keys, layout: ProgramLayout) -> None:
        assert self.fields(read_offer(stick, public(keys)), layout) == []

    @pytest.mark.parametrize("version", ["0.2.0", "0.2.1", "1.0.0", "0.10.0"])
    def test_versions_only_rise(self, stick: Path, keys: Keys, tmp_path: Path, version: str) -> None:
        assert self.fields(read_offer(stick, public(keys)), installed(tmp_path / "newer", version)) == ["version"]

    def test_older_than_it_may_be_for_another_system_and_half_copied_all_at_once(
        self, stick: Path, keys: Keys, tmp_path: Path
    ) -> None:
        offer = read_offer(stick, public(keys))
        oldest = installed(tmp_path / "older", "0.0.9")
        assert self.fields(offer, oldest, "windows-x86_64") == ["oldest", "programs"]
        name = f"gongji-0.2.0-{this_system()}.zip"
        place = stick / "gongji-update" / name
        place.write_bytes(place.read_bytes()[:-1])
        assert self.fields(offer, oldest) == ["oldest", name]

    def test_a_byte_that_another_hand_changed(self, stick: Path, keys: Keys, layout: ProgramLayout) -> None:
        place = stick / "gongji-update" / f"gongji-0.2.0-{this_system()}.zip"
        content = bytearray(place.read_bytes())
        content[len(content) // 2] ^= 1
        place.write_bytes(content)
        (problem,) = check_offer(read_offer(stick, public(keys)), layout)
        assert "内容与清单不符" in problem.message
        place.unlink()
        (problem,) = check_offer(read_offer(stick, public(keys)), layout)
        assert "读不到" in problem.message

    def test_where_a_package_is_installed_its_next_one_is_looked_at(self, stick: Path, keys: Keys) -> None:
        packaged = layout_of(Path("/opt/gongji"))
        assert packaged.kind == "package"
        offer = read_offer(stick, public(keys))
        old = ProgramLayout(kind="package", top=packaged.top, version="0.1.0")
        assert self.fields(offer, old) == []
        (stick / "gongji-update" / "gongji_0.2.0_amd64.deb").write_bytes(b"!<arch>\x00")
        assert self.fields(offer, old) == ["gongji_0.2.0_amd64.deb"]


class TestNotBegun:
    """What stands in the way before anything is touched."""

    def refused(self, offer: ReleaseOffer, layout: ProgramLayout, words: str) -> None:
        there = sorted(layout.top.rglob("*"))
        with pytest.raises(GongjiError, match=words):
            update_without_book(offer, layout, lambda _: None)
        assert sorted(layout.top.rglob("*")) == there

    def test_a_disk_that_is_too_small(self, stick: Path, keys: Keys, layout: ProgramLayout) -> None:
        part = read_offer(stick, public(keys)).release.programs[0]
        huge = signed_anew(stick, keys, {"programs": [{**_fields(part), "unpacked": 1 << 44}]})
        self.refused(huge, layout, "磁盘空间不够")

    def test_a_window_that_is_still_the_old_program(self, stick: Path, keys: Keys, layout: ProgramLayout) -> None:
        (layout.top / "current").write_text("0.1.5\n")
        self.refused(read_offer(stick, public(keys)), layout, "程序已经更新到 0.1.5")

    def test_a_pointer_that_names_no_version(self, stick: Path, keys: Keys, layout: ProgramLayout) -> None:
        (layout.top / "current").write_text("../elsewhere\n")
        self.refused(read_offer(stick, public(keys)), layout, "不是版本号")

    @pytest.mark.parametrize(
        ("kind", "words"),
        [("package", "apt install .*/gongji_0.2.0_amd64.deb"), ("folder", "安装程序"), ("checkout", "源码")],
    )
    def test_a_program_that_is_updated_otherwise(
        self, stick: Path, keys: Keys, tmp_path: Path, kind: Literal["package", "folder", "checkout"], words: str
    ) -> None:
        (tmp_path / "program").mkdir(exist_ok=True)
        layout = ProgramLayout(kind=kind, top=tmp_path / "program", version="0.1.0")
        self.refused(read_offer(stick, public(keys)), layout, words)


class TestUnpacking:
    def test_what_was_packed_is_there_again(
        self, stick: Path, keys: Keys, layout: ProgramLayout, program: Path
    ) -> None:
        offer = read_offer(stick, public(keys))
        part = offer.release.programs[0]
        unpack(offer.folder / part.file, part, layout, "0.2.0", None)
        there = layout.folder_of("0.2.0")
        for one in program.rglob("*"):
            other = there / one.relative_to(program)
            assert one.is_symlink() == other.is_symlink()
            if one.is_symlink():
                assert one.readlink() == other.readlink()
            elif one.is_file():
                assert one.read_bytes() == other.read_bytes()
                assert (one.stat().st_mode & 0o100) == (other.stat().st_mode & 0o100)
        assert [one.name for one in (layout.top / "versions").iterdir() if one.name.startswith(".")] == []

    @pytest.mark.parametrize(
        ("name", "link", "words"),
        [
            ("../outside", "", "不该有的文件名"),
            ("a/../../outside", "", "不该有的文件名"),
            ("/etc/outside", "", "不该有的文件名"),
            ("C:/outside", "", "不该有的文件名"),
            ("a\\b", "", "不该有的文件名"),
            ("GONGJI", "", "不该有的文件名"),
            ("inside", "../outside", "不该有的链接"),
            ("inside", "/etc/passwd", "不该有的链接"),
            ("a/inside", "../../outside", "不该有的链接"),
        ],
    )
    def test_a_name_that_leaves_the_folder_is_refused_though_it_was_signed(
        self, tmp_path: Path, keys: Keys, layout: ProgramLayout, program: Path, name: str, link: str, words: str
    ) -> None:
        about = Release(format=1, version="0.2.0")
        out = tmp_path / "bad" / "gongji-update"
        release = make_release(out, about, {this_system(): program}, [], keys.files[0])
        place = out / release.programs[0].file
        with zipfile.ZipFile(place, "a") as archive:
            entry = zipfile.ZipInfo(name)
            entry.filename = name
            entry.external_attr = (0o120777 if link else 0o100644) << 16
            archive.writestr(entry, link or "outside")
        content = place.read_bytes()
        part = {
            "system": this_system(), "file": place.name, "size": len(content), "unpacked": 10**9,
            "sha256": hashlib.sha256(content).hexdigest(),
        }  # fmt: skip
        offer = signed_anew(tmp_path / "bad", keys, {"programs": [part]})
        assert check_offer(offer, layout) == []
        with pytest.raises(GongjiError, match=words):
            unpack(place, offer.release.programs[0], layout, "0.2.0", None)
        assert not layout.folder_of("0.2.0").exists()
        assert list(tmp_path.rglob("outside")) == []

    def test_more_than_the_list_says_and_a_stick_that_changes_while_it_is_copied(
        self, stick: Path, keys: Keys, layout: ProgramLayout
    ) -> None:
        offer = read_offer(stick, public(keys))
        part = offer.release.programs[0]
        small = signed_anew(stick, keys, {"programs": [{**_fields(part), "unpacked": 10}]}).release.programs[0]
        with pytest.raises(GongjiError, match="比清单所说的大"):
            unpack(offer.folder / part.file, small, layout, "0.2.0", None)
        (offer.folder / part.file).write_bytes(b"PK")
        with pytest.raises(GongjiError, match="拷贝时变了"):
            unpack(offer.folder / part.file, part, layout, "0.2.0", None)
        assert not layout.folder_of("0.2.0").exists()


def _fields(part: object) -> dict[str, object]:
    return {name: getattr(part, name) for name in ("system", "file", "size", "sha256", "unpacked")}


class TestMaking:
    def test_the_same_folder_and_key_give_the_same_bytes(self, tmp_path: Path, keys: Keys, program: Path) -> None:
        for name in ("one", "two"):
            about = Release(format=1, version="0.2.0")
            make_release(tmp_path / name, about, {this_system(): program}, [], keys.files[0])
            for one in program.rglob("*"):
                if not one.is_symlink():
                    one.touch()
        for one in (tmp_path / "one").iterdir():
            assert one.read_bytes() == (tmp_path / "two" / one.name).read_bytes()

    def test_what_cannot_be_made_is_said(self, tmp_path: Path, keys: Keys, program: Path) -> None:
        about = Release(format=1, version="0.2.0")
        with pytest.raises(GongjiError, match="没有主程序"):
            make_release(tmp_path / "a", about, {"x": tmp_path}, [], keys.files[0])
        with pytest.raises(GongjiError, match="不是签名钥匙"):
            make_release(tmp_path / "b", about, {"x": program}, [], program / "gongji")
        with pytest.raises(GongjiError, match="版本号"):
            make_release(tmp_path / "c", Release(format=1, version="v2"), {"x": program}, [], keys.files[0])
        with pytest.raises(GongjiError, match="已经有了"):
            make_release(tmp_path, about, {"x": program}, [], keys.files[0])
        with pytest.raises(GongjiError, match="已经有了"):
            make_key(keys.files[0])
        with pytest.raises(GongjiError, match="不是安装包"):
            make_release(tmp_path / "d", about, {}, [("x", program / "gongji")], keys.files[0])
