"""gongji policy impact, amend and prove."""

import json
from pathlib import Path

import pytest

from gongji.desk.clinic.clock import VARIABLE
from gongji.main import main
from gongji.pack_files.read_pack import read_pack
from tests.desk.policies.test_amend import GIST

PINGLIANG = "620800"
CLINIC = {"id": "H62080200001", "name": "某诊所", "type": "clinic", "level": "1"}
NOTICE = f"""title = "关于调整门诊共济待遇的补充通知"
number = "平医保〔2026〕1号"
issued = 2026-11-01
short = "2026年补充通知"
starts = 2027-01-01

[[change]]
figure = "普通门诊起付标准（每年）：所有人"
value = "100.00"
article = "第二条"
gist = "{GIST}"
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A training folder of 平凉 with a visit in it, on a day when the shipped edition is in force."""
    monkeypatch.setenv(VARIABLE, "2026-11-22T10:00:00")
    institution = tmp_path / "clinic.json"
    institution.write_text(json.dumps(CLINIC, ensure_ascii=False), encoding="utf-8")
    where = ["--data", str(tmp_path / "data")]
    assert main(["init", "--training", "--area", PINGLIANG, *where]) == 0
    visit = {
        "visit_no": "V1",
        "area": PINGLIANG,
        "institution": CLINIC,
        "person": {"id": "P1", "status": "employed"},
        "lines": [{"code": "D1", "category": "drug", "class": "A", "unit_price": "300", "quantity": "1"}],
    }
    (tmp_path / "visit.json").write_text(json.dumps(visit, ensure_ascii=False), encoding="utf-8")
    assert main(["settle", str(tmp_path / "visit.json"), "--no-receipt", *where]) == 0
    return where


def test_a_notice_from_file_to_file_and_what_it_would_change(
    data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notice, out = tmp_path / "notice.toml", tmp_path / "new.toml"
    capsys.readouterr()
    assert main(["policy", "amend", PINGLIANG, *data]) == 0
    assert "普通门诊起付标准（每年）：所有人：200.00" in capsys.readouterr().out
    notice.write_text(NOTICE, encoding="utf-8")
    assert main(["policy", "amend", PINGLIANG, str(notice), "--out", str(out), *data]) == 0
    assert "200.00 元 → 100.00 元（2026年补充通知第二条）" in capsys.readouterr().out
    assert main(["policy", "check", str(out)]) == 0
    assert main(["policy", "install", str(out), *data]) == 0
    capsys.readouterr()
    assert main(["policy", "impact", str(out), "--workbook", str(tmp_path / "impact.xlsx"), *data]) == 0
    said = capsys.readouterr().out
    assert "基金合计：65.00 → 130.00，相差 65.00" in said
    assert "少付不到 100：1 人" in said
    assert "个人负担 235.00 → 170.00" in said
    assert (tmp_path / "impact.xlsx").stat().st_size > 1000


def test_a_further_edition_is_made_of_one_that_is_only_in_a_file(data: list[str], tmp_path: Path) -> None:
    notice, first, second = tmp_path / "notice.toml", tmp_path / "first.toml", tmp_path / "second.toml"
    notice.write_text(NOTICE, encoding="utf-8")
    assert main(["policy", "amend", PINGLIANG, str(notice), "--out", str(first), *data]) == 0
    later = NOTICE.replace("2027-01-01", "2028-01-01").replace("100.00", "80.00").replace("2026年补", "2027年补")
    notice.write_text(later, encoding="utf-8")
    assert main(["policy", "amend", str(first), str(notice), "--out", str(second), *data]) == 0
    made = read_pack(second)
    assert made.starts.isoformat() == "2028-01-01"
    assert second.read_text("utf-8").count("# signature ") == 1


def test_a_case_that_comes_out_otherwise_is_not_signed(
    data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notice, out = tmp_path / "notice.toml", tmp_path / "new.toml"
    change = NOTICE.replace("普通门诊起付标准（每年）：所有人", "普通门诊支付比例：在职、三级、甲等或特等")
    notice.write_text(change.replace('"100.00"', '"50%"'), encoding="utf-8")
    assert main(["policy", "amend", PINGLIANG, str(notice), "--out", str(out), *data]) == 2
    said = capsys.readouterr().err
    assert "三级特等在职：100.00 × 55% = 55.00" in said
    assert "人工另算 fund" in said
    assert "50.00" not in said, "what the program reckons is not told"
    assert not out.exists()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("普通门诊起付标准（每年）：所有人", "没有的数额", "没有“没有的数额”这个数额"),
        ("100.00", "一百", "应写作元"),
        ("title =", "titel =", "不是通知文件"),
    ],
)
def test_a_notice_that_is_wrong_is_told(
    data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, sentence: str
) -> None:
    notice = tmp_path / "notice.toml"
    notice.write_text(NOTICE.replace(old, new, 1), encoding="utf-8")
    assert main(["policy", "amend", PINGLIANG, str(notice), *data]) == 2
    assert sentence in capsys.readouterr().err


def test_proofs_are_printed_with_what_is_not_proved(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("z3")
    assert main(["policy", "prove", "530300", "620800"]) == 0
    said = capsys.readouterr().out
    assert "530300@2022-10-01 曲靖市：证明了" in said
    assert "已知的例外，例如" in said
    assert "没有证明的：证明的是按列计算的算式" in said
