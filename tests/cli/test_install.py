"""gongji policy install, makers, sign, in a program as it is released: with the publisher's keys pinned."""

import json
import sys
from pathlib import Path

import pytest

from gongji.cli.session import PASSWORD as PASSWORD_NAME
from gongji.cli.session import SECOND
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.operators import add_operator
from gongji.desk.policies.signed_packs import sign_as_publisher
from gongji.desk.publisher_keys import make_key
from gongji.desk.roles import Role
from gongji.files import resource_folder
from gongji.main import main
from gongji.pack_files.library import Library
from gongji.store.book_file.keys import new_key
from gongji.store.signing import Signer, key_fingerprint
from tests.desk.policies.test_install_packs import EDITION
from tests.desk.policies.test_judge_pack import text
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.clock import Clock

OTHER, OTHER_PASSWORD = "王芳", "王芳的口令 1"


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The publisher's secret key, whose public half is pinned in the program's resources."""
    made = tmp_path / "now.key"
    public = make_key(made)
    place = tmp_path / "frozen" / "resources"
    place.mkdir(parents=True)
    for one in resource_folder().iterdir():
        (place / one.name).symlink_to(one, target_is_directory=one.is_dir())
    (place / "update_keys.toml").unlink()
    (place / "update_keys.toml").write_text(f'current = "{public}"\nnext = ""\n')
    monkeypatch.setattr(sys, "_MEIPASS", str(place.parent), raising=False)
    return made


@pytest.fixture
def where(data: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv(PASSWORD_NAME, PASSWORD)
    return ["--data", str(data), "--operator", OPERATOR, "--clock-confirmed"]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    made = tmp_path / "one.toml"
    made.write_bytes(text(1))
    return made


def said(capsys: pytest.CaptureFixture[str]) -> str:
    told = capsys.readouterr()
    return told.out + told.err


def test_what_the_publisher_signs_is_taken_and_told(
    key: Path, where: list[str], pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "install", str(pack), *where]) == 2
    assert "没有签名" in said(capsys)
    out = tmp_path / "signed.toml"
    assert main(["policy", "sign", str(pack), "--key", str(key), "--out", str(out)]) == 0
    assert "本程序内置这把公钥" in said(capsys)
    assert main(["policy", "check", str(out)]) == 0
    capsys.readouterr()
    assert main(["policy", "install", str(out), *where, "--json"]) == 0
    answer = json.loads(said(capsys))
    assert answer["packs"] == [EDITION]
    assert answer["signed"][EDITION]["by"] == "publisher"
    assert main(["policy", "install", str(out), *where]) == 0
    assert "没有新的" in said(capsys)
    pack.write_bytes(text(2))
    assert main(["policy", "sign", str(pack), "--key", str(key), "--out", str(out), "--by", "省局"]) == 0
    capsys.readouterr()
    assert main(["policy", "install", str(out), *where]) == 0
    assert "发布方签名（“省局”" in said(capsys)


def test_a_lower_revision_is_refused(
    key: Path, where: list[str], pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for revision, status in ((3, 0), (2, 2)):
        pack.write_bytes(text(revision))
        assert main(["policy", "sign", str(pack), "--key", str(key), "--out", str(tmp_path / "out.toml")]) == 0
        assert main(["policy", "install", str(tmp_path / "out.toml"), *where]) == status
    assert "不能退回" in said(capsys)


@pytest.mark.usefixtures("key")
def test_a_maker_is_accepted_by_two_persons_listed_and_taken_back(
    where: list[str],
    pack: Path,
    data: Path,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    counter = open_counter(data, library, Clock("2025-06-10 09:00:00"), OPERATOR, PASSWORD)
    add_operator(counter, PASSWORD, OTHER, OTHER_PASSWORD, Role.MANAGER)
    counter.close()
    county = Signer(new_key())
    mine = key_fingerprint(county.public)
    pack.write_bytes(sign_as_publisher(county, "one.toml", text(1), "县医保局"))
    assert main(["policy", "makers", *where]) == 0
    assert "没有认可过" in said(capsys)
    assert main(["policy", "install", str(pack), *where]) == 2
    assert f"--accept '{mine}'" in said(capsys)
    assert main(["policy", "install", str(pack), *where, "--accept", mine]) == 2
    assert "要两个人" in said(capsys)
    assert main(["policy", "install", str(pack), *where, "--accept", mine, "--second", OTHER]) == 2
    assert SECOND in said(capsys)
    monkeypatch.setenv(SECOND, OTHER_PASSWORD)
    assert main(["policy", "install", str(pack), *where, "--accept", mine, "--second", OTHER]) == 0
    assert "从此收“县医保局”签名的政策包" in said(capsys)
    assert main(["policy", "makers", *where, "--json"]) == 0
    told = json.loads(said(capsys))
    assert (told["fingerprint"], told["second"]) == (mine, OTHER)
    assert main(["policy", "makers", *where, "--remove", mine]) == 2
    assert main(["policy", "makers", *where, "--remove", mine, "--second", OTHER]) == 0
    capsys.readouterr()
    assert main(["policy", "makers", *where]) == 0
    assert "没有认可过" in said(capsys)


def test_signing_with_what_is_no_key_or_no_pack_writes_nothing(
    key: Path, pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.toml"
    assert main(["policy", "sign", str(pack), "--key", str(pack), "--out", str(out)]) == 2
    assert "不是签名钥匙" in said(capsys)
    pack.write_text("format = 2\n", encoding="utf-8")
    assert main(["policy", "sign", str(pack), "--key", str(key), "--out", str(out)]) == 2
    assert "处问题" in said(capsys)
    assert not out.exists()
