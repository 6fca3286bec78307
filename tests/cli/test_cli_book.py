"""The commands that work in a data folder, from outside, as the command-line contract has them."""

import json
from pathlib import Path
from typing import Any

import pytest

from gongji.cli.main import run
from gongji.files import resource_folder
from tests.cli.test_cli_commands import Ran, gongji
from tests.support.clinic import INSTITUTION, visit
from tests.support.clock import Clock

PASSWORD = {"GONGJI_PASSWORD": "不要告诉别人 2025"}
LOGIN = ("--operator", "李红")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a password, made by the program."""
    institution = tmp_path / "institution.json"
    institution.write_text(json.dumps(INSTITUTION), encoding="utf-8")
    folder = tmp_path / "data"
    named = ("--area", "530300", "--institution", institution, *LOGIN)
    ran = gongji("init", "--data", folder, *named, env=PASSWORD)
    assert (ran.status, ran.err) == (0, "")
    return folder


def book(data: Path, command: str, *arguments: str, given: str = "") -> Ran:
    return gongji(command, "--data", data, *LOGIN, *arguments, given=given, env=PASSWORD)


def settled(data: Path, *visits: dict[str, Any]) -> list[dict[str, Any]]:
    ran = book(data, "settle", given="\n".join(json.dumps(one) for one in visits))
    assert ran.status == 0, ran.out
    return ran.answers


class TestSettle:
    def test_the_quotes_object_a_number_and_a_paper(self, data: Path) -> None:
        (quoted,) = gongji("quote", given=json.dumps(visit("V1"))).answers
        (answer,) = settled(data, visit("V1"))
        no = answer["settlement_no"]
        assert answer == {**quoted, "settlement_no": no, "receipt": answer["receipt"]}
        assert (data / answer["receipt"]).read_bytes().startswith(b"%PDF")

    def test_again_says_the_same_and_other_content_is_refused(self, data: Path) -> None:
        first = settled(data, visit("V1"))
        assert settled(data, visit("V1")) == first
        ran = book(data, "settle", given=json.dumps(visit("V1", cause="work_injury")))
        assert ran.status == 2
        assert ran.answers[0]["error"]["code"] == "visit_no_taken"
        assert len(book(data, "list", "--json").answers) == 1

    def test_each_visit_is_its_own_transaction(self, data: Path) -> None:
        ran = book(data, "settle", given="\n".join([json.dumps(visit("V1")), "{", json.dumps(visit("V3"))]))
        assert ran.status == 2
        assert [answer["ok"] for answer in ran.answers] == [True, False, True]
        assert [row["visit_no"] for row in book(data, "list", "--json").answers] == ["V1", "V3"]

    def test_the_paper_can_wait(self, data: Path) -> None:
        ran = book(data, "settle", "--no-receipt", given=json.dumps(visit("V1")))
        assert ran.answers[0]["receipt"] is None
        assert not (data / "receipts").exists()
        (answer,) = settled(data, visit("V1"))
        assert (data / answer["receipt"]).exists()

    def test_what_is_known_fills_what_is_left_out(self, data: Path) -> None:
        settled(data, visit("V1", accumulators={"general.fund": "5940.00"}))
        one = visit("V2")
        bare = {name: one[name] for name in ("visit_no", "settled_on", "lines")} | {
            "person": {"id": one["person"]["id"]}
        }
        ran = book(data, "settle", given=json.dumps(bare))
        assert ran.answers[0]["error"]["code"] == "missing_parameter"  # the cap is crossed by what V1 used


class TestVoid:
    def test_a_void_and_again(self, data: Path) -> None:
        (one,) = settled(data, visit("V1"))
        ran = book(data, "void", one["settlement_no"], "--reason", "药品退回", "--json")
        (done,) = ran.answers
        assert (ran.status, done["ok"], done["settlement_no"]) == (0, True, one["settlement_no"])
        assert done["amounts"]["total"] == "-100.00"
        assert (data / done["receipt"]).exists()
        assert book(data, "void", one["settlement_no"], "--reason", "药品退回", "--json").answers == [done]
        assert len(book(data, "list", "--json").answers) == 2

    def test_for_people(self, data: Path) -> None:
        (one,) = settled(data, visit("V1"))
        said = book(data, "void", one["settlement_no"], "--reason", "药品退回").out
        assert f"{one['settlement_no']} 已冲销，冲销号" in said
        assert "退现金 54.50" in said

    def test_what_is_not_there(self, data: Path) -> None:
        ran = book(data, "void", "01-20250101-000009", "--reason", "x")
        assert (ran.status, ran.out) == (2, "")
        assert "没有结算 01-20250101-000009" in ran.err
        ran = book(data, "void", "01-20250101-000009", "--reason", "x", "--json")
        assert (ran.status, ran.answers[0]["ok"]) == (2, False)
        assert "没有结算" in ran.answers[0]["error"]["message"]


class TestLooking:
    def test_show(self, data: Path) -> None:
        (one,) = settled(data, visit("V1"))
        (shown,) = book(data, "show", one["settlement_no"], "--json").answers
        assert shown["settlements"] == one["settlements"]
        assert shown["state"] == "pending"
        assert {paid["means"]: paid["amount"] for paid in shown["payments"]} == {"fund": "45.50", "cash": "54.50"}
        assert "起付标准 30.00" in book(data, "show", one["settlement_no"]).out

    def test_list_of_a_day(self, data: Path) -> None:
        (one,) = settled(data, visit("V1"))
        day = f"{one['settlement_no'][3:7]}-{one['settlement_no'][7:9]}-{one['settlement_no'][9:11]}"
        assert [row["settlement_no"] for row in book(data, "list", "--date", day, "--json").answers] == [
            one["settlement_no"]
        ]
        assert book(data, "list", "--date", "2020-01-01", "--json").answers == []
        assert book(data, "list", "--date", "gestern").status == 2

    def test_queue(self, data: Path) -> None:
        (one,) = settled(data, visit("V1"))
        book(data, "void", one["settlement_no"], "--reason", "x")
        rows = book(data, "queue", "--json").answers
        assert [(row["kind"], row["state"], row["after"]) for row in rows] == [
            ("settle", "pending", None),
            ("void", "pending", one["settlement_no"]),
        ]

    def test_verify(self, data: Path) -> None:
        settled(data, visit("V1"), visit("V2"))
        assert book(data, "verify", "--json").answers == [{"ok": True, "findings": []}]
        assert "核对无误" in book(data, "verify").out
        (data / "witness.jsonl").unlink()
        ran = book(data, "verify", "--json")
        assert (ran.status, ran.answers[0]["ok"], len(ran.answers[0]["findings"])) == (2, False, 2)

    def test_day_report_and_shift(self, data: Path) -> None:
        (one, other) = settled(data, visit("V1"), visit("V2"))
        book(data, "void", one["settlement_no"], "--reason", "x")
        day = f"{one['settlement_no'][3:7]}-{one['settlement_no'][7:9]}-{one['settlement_no'][9:11]}"
        (report,) = book(data, "day-report", "--date", day, "--json").answers
        assert (report["settlements"], report["voids"], report["not_uploaded"]) == (2, 1, 3)
        assert (report["totals"]["cash"], report["payments"]) == ("54.50", {"cash": "54.50", "fund": "45.50"})
        assert report["receipts"] == {"first": "0100000001", "last": "0100000003", "voided": ["0100000001"]}
        assert "未上传 3 笔" in book(data, "day-report", "--date", day).out
        (closed,) = book(data, "close-shift", "--json").answers
        assert closed["totals"] == report["totals"]
        (empty,) = book(data, "close-shift", "--json").answers
        assert (empty["settlements"], empty["totals"]["total"]) == (0, "0.00")
        assert other["ok"]


class TestPaper:
    def test_genuine_or_not(self, data: Path) -> None:
        (one,) = settled(data, visit("V1"))
        paper = data / one["receipt"]
        said = book(data, "check-receipt", str(paper))
        assert (said.status, f"真实有效：{one['settlement_no']}" in said.out) == (0, True)
        other = paper.with_name("other.pdf")
        other.write_bytes(paper.read_bytes().replace(b"/Keywords (", b"/Keywords (x"))
        (verdict,) = book(data, "check-receipt", str(other), "--json").answers
        assert not verdict["ok"]
        assert book(data, "check-receipt", "-", given="随便什么").status == 2

    def test_again_is_counted(self, data: Path) -> None:
        (one,) = settled(data, visit("V1"))
        papers = [book(data, "reprint", one["settlement_no"], "--json").answers[0]["receipt"] for _ in range(2)]
        assert [paper.rsplit("-", 1)[1] for paper in papers] == ["1.pdf", "2.pdf"]
        assert all((data / paper).exists() for paper in papers)

    @pytest.mark.parametrize("kind", ["reckoning", "claim"])
    def test_slips(self, data: Path, kind: str) -> None:
        (one,) = settled(data, visit("V1", full_payment=kind == "claim"))
        ran = book(data, "slip", one["settlement_no"], kind, "--json")
        assert (data / ran.answers[0]["slip"]).read_bytes().startswith(b"%PDF")

    def test_the_notice_for_a_claim_only_where_there_is_something_to_claim(self, data: Path) -> None:
        (one,) = settled(data, visit("V1"))
        assert book(data, "slip", one["settlement_no"], "claim").status == 2

    def test_a_difference_slip_only_where_a_difference_was_settled(self, data: Path) -> None:
        (one,) = settled(data, visit("V1"))
        ran = book(data, "slip", one["settlement_no"], "difference")
        assert ran.status == 2
        assert "没有按平台金额处理过的差额" in ran.err

    def test_the_statement_of_a_month_and_of_a_year(self, data: Path) -> None:
        (one,) = settled(data, visit("V1"))
        (listed,) = book(data, "list", "--json").answers
        month = listed["at"][:7]
        (answer,) = book(data, "statement", "--month", month, "--json").answers
        assert (answer["period"], answer["visits"], answer["total"]) == (month, 1, one["totals"]["total"])
        assert answer["statement"] == f"receipts/{month.replace('-', '/')}/statement-{month}.pdf"
        assert (data / answer["statement"]).read_bytes().startswith(b"%PDF")
        (whole,) = book(data, "statement", "--year", month[:4], "--json").answers
        assert whole["statement"] == f"receipts/{month[:4]}/statement-{month[:4]}.pdf"
        assert book(data, "statement", "--month", "2026-13").status == 2


class TestLoad:
    def test_a_look_then_all_or_nothing(self, data: Path, tmp_path: Path) -> None:
        table, refused = tmp_path / "目录.csv", tmp_path / "refused.csv"
        rows = [
            "编码,名称,类别,甲乙丙,单价,起始",
            "X1,阿莫西林胶囊,药品,甲,12.50,2025-01-01",
            "X2,一般诊疗费,诊疗,丁,10,2025-01-01",
        ]
        table.write_text("\n".join(rows), encoding="gb18030")
        looked = book(data, "load", "catalogue", str(table), "--preview")
        assert (looked.status, "甲乙丙" in looked.out) == (2, True)
        ran = book(data, "load", "catalogue", str(table), "--refused", str(refused))
        assert ran.status == 2
        assert "丁" in refused.read_text(encoding="utf-8-sig")
        bare = {**visit("V1"), "lines": [{"code": "X1", "quantity": "2"}]}
        assert book(data, "settle", given=json.dumps(bare)).status == 2
        assert book(data, "load", "catalogue", str(table), "--skip-refused").status == 2
        assert settled(data, bare)[0]["totals"]["total"] == "25.00"


class TestFolders:
    def test_training_needs_nothing(self, tmp_path: Path) -> None:
        folder = tmp_path / "training"
        assert gongji("init", "--training", "--data", folder, "--json").answers == [
            {"ok": True, "data": str(folder), "training": True, "area": "530300"}
        ]
        ran = gongji("settle", "--data", folder, resource_folder() / "training" / "530300" / "visits.jsonl")
        assert sum(answer["ok"] for answer in ran.answers) == len(ran.answers) - 1  # one is there to be refused
        assert gongji("verify", "--data", folder).status == 0

    @pytest.mark.parametrize("area", ["530300", "520300", "620800", "511900", "445300"])
    def test_training_in_each_area(self, tmp_path: Path, area: str) -> None:
        assert gongji("init", "--training", "--area", area, "--data", tmp_path / "t").status == 0
        clinic = resource_folder() / "training" / area
        ran = gongji("settle", "--no-receipt", "--data", tmp_path / "t", clinic / "visits.jsonl")
        assert [answer["ok"] for answer in ran.answers].count(False) == 1
        assert gongji("verify", "--data", tmp_path / "t").status == 0

    def test_there_is_one_already(self, data: Path) -> None:
        ran = gongji("init", "--training", "--data", data)
        assert (ran.status, ran.out) == (2, "")
        assert "已有数据" in ran.err

    def test_none_yet(self, tmp_path: Path) -> None:
        for command in ("list", "settle"):
            ran = gongji(command, "--data", tmp_path / "none", given=json.dumps(visit("V1")))
            assert ran.status == 2
            assert "这里没有数据文件夹" in ran.err
        assert not (tmp_path / "none").exists()

    @pytest.mark.parametrize(
        ("login", "env", "said"),
        [
            ((), {}, "要操作员登录"),
            (LOGIN, {"GONGJI_PASSWORD": "x"}, "姓名或口令不对"),
            (("--operator", "王五"), PASSWORD, "姓名或口令不对"),
            (LOGIN, {}, "没有口令"),
        ],
    )
    def test_nobody_gets_in_without(self, data: Path, login: tuple[str, ...], env: dict[str, str], said: str) -> None:
        ran = gongji("list", "--data", data, *login, env=env)
        assert (ran.status, ran.out) == (2, "")
        assert said in ran.err

    def test_nothing_readable_lies_in_the_folder(self, data: Path) -> None:
        settled(data, visit("V1"))
        person = visit("V1")["person"]
        for path in data.rglob("*"):
            if path.is_file() and path.suffix != ".pdf":
                content = path.read_bytes()
                assert person["id"].encode() not in content, path
                assert person["name"].encode() not in content, path
                assert b"SQLite format 3" not in content, path

    def test_what_init_asks_for(self, tmp_path: Path) -> None:
        ran = gongji("init", "--data", tmp_path / "d", "--area", "530300")
        assert "还缺少" in ran.err
        institution = tmp_path / "i.json"
        institution.write_text(json.dumps({**INSTITUTION, "type": "station", "x": 1}), encoding="utf-8")
        named = ("--area", "530300", "--institution", institution, *LOGIN)
        ran = gongji("init", "--data", tmp_path / "d", *named, env=PASSWORD)
        assert ran.status == 2
        assert "type：" in ran.err
        assert "x：" in ran.err
        assert not (tmp_path / "d").exists()


def test_the_turn_of_the_year_with_the_clock_as_an_argument(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program itself, in this process, on 31 December 23:59 and on 1 January."""
    monkeypatch.setenv("GONGJI_PASSWORD", PASSWORD["GONGJI_PASSWORD"])
    clock = Clock("2025-12-31 23:59:00")
    data, institution, visits = tmp_path / "data", tmp_path / "institution.json", tmp_path / "visits.jsonl"
    institution.write_text(json.dumps(INSTITUTION), encoding="utf-8")
    begin = ("init", "--data", str(data), "--area", "530300", "--institution", str(institution), *LOGIN)
    assert run(begin, clock) == 0
    capsysbinary.readouterr()
    years = []
    for number in range(2):
        visits.write_text(json.dumps(visit(f"V{number}", settled_on=None)), encoding="utf-8")
        assert run(["settle", "--data", str(data), *LOGIN, str(visits)], clock) == 0
        answer = json.loads(capsysbinary.readouterr().out)
        years.append((answer["year_from"], answer["settlement_no"], answer["accumulators"]))
        clock.forward(minutes=1)
    assert years == [
        ("2025-01-01", "01-20251231-000001", {"general.fund": "45.50"}),
        ("2026-01-01", "01-20260101-000002", {"general.fund": "45.50"}),
    ]
    clock.forward(days=-1)
    visits.write_text(json.dumps(visit("V9")), encoding="utf-8")
    assert run(["settle", "--data", str(data), *LOGIN, str(visits)], clock) == 2
    assert "早于上一笔记录的时间" in capsysbinary.readouterr().err.decode()
    assert run(["settle", "--data", str(data), *LOGIN, "--clock-confirmed", str(visits)], clock) == 0
