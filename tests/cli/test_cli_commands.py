"""The program from outside: what goes in, what comes out, and the exit status."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gongji.core.visits import Visit, read_visit
from gongji.files import resource_folder
from gongji.main import main
from tests.support.visits import BAZHONG, INPATIENT, PINGLIANG, QUJING, WAGES, YUNFU, ZUNYI, line, visit

GONGJI = Path(sys.executable).with_name("gongji")
FULL = Path("/dev/full")


class Ran:
    """What a run of the program left."""

    def __init__(self, done: "subprocess.CompletedProcess[bytes]") -> None:
        self.status = done.returncode
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def gongji(*arguments: str | Path, given: bytes | str = b"", env: dict[str, str] | None = None) -> Ran:
    """Run the installed program as a child."""
    text = given.encode() if isinstance(given, str) else given
    wide = {**os.environ, "COLUMNS": "160", **(env or {})}
    return Ran(subprocess.run([GONGJI, *arguments], input=text, capture_output=True, check=False, env=wide))


ONE = json.dumps(visit(ZUNYI, line("350.00")), ensure_ascii=False)
PERSONAL = "张秀英 530302195001010011"
REFUSED = json.dumps(visit("110000", visit_no="V2"))


class TestForms:
    """One object, an array, or one object a line; files or standard input."""

    @pytest.mark.parametrize(
        "text",
        [
            ONE,
            ONE + "\n",
            "\n\n" + ONE + "\r\n\r\n",
            "\ufeff" + ONE,
            json.dumps(json.loads(ONE), indent=2),
            f"[{ONE}]",
            json.dumps([json.loads(ONE)], indent=2),
        ],
    )
    def test_one_visit(self, text: str) -> None:
        ran = gongji("quote", given=text)
        assert ran.status == 0
        assert [answer["totals"]["fund"] for answer in ran.answers] == ["140.00"]

    @pytest.mark.parametrize(
        "text", [f"{ONE}\n{REFUSED}\n{ONE}\n", f"[{ONE},{REFUSED},{ONE}]", f"{ONE}\n\n{REFUSED}\n{ONE}"]
    )
    def test_several_in_order_the_refused_among_them(self, text: str) -> None:
        ran = gongji("quote", "-", given=text)
        assert ran.status == 2
        assert [(answer["visit_no"], answer["ok"]) for answer in ran.answers] == [
            ("V1", True),
            ("V2", False),
            ("V1", True),
        ]
        assert ran.err == ""

    @pytest.mark.parametrize(
        "bad", ['{"visit_no": "V9", ', "nonsense", '{"visit_no": NaN}', "[1, 2", '"text"', "[1]", "17"]
    )
    @pytest.mark.parametrize("first", [True, False])
    def test_a_broken_line_is_refused_by_itself(self, bad: str, first: bool) -> None:
        lines = [bad, ONE] if first else [ONE, bad]
        ran = gongji("quote", given="\n".join([*lines, ONE]))
        assert ran.status == 2
        assert sorted(answer["ok"] for answer in ran.answers) == [False, True, True]
        assert next(answer for answer in ran.answers if not answer["ok"])["error"]["code"] == "invalid_input"

    @pytest.mark.parametrize("text", [ONE[:-1], json.dumps(json.loads(ONE), indent=2)[:-3], f"[{ONE},", "{", "["])
    def test_a_broken_document_is_one_refusal(self, text: str) -> None:
        ran = gongji("quote", given=text)
        assert (ran.status, len(ran.answers)) == (2, 1)

    def test_an_array_of_what_is_no_visit(self) -> None:
        ran = gongji("quote", given='[1, {}, null, "x", []]')
        assert (ran.status, [answer["error"]["code"] for answer in ran.answers]) == (2, ["invalid_input"] * 5)

    def test_files(self, tmp_path: Path) -> None:
        one, two = tmp_path / "one.json", tmp_path / "二.jsonl"
        one.write_text(ONE, encoding="utf-8")
        two.write_text(f"{ONE}\n{ONE}\n", encoding="utf-8")
        ran = gongji("quote", one, two, tmp_path / "missing.json", one)
        assert (ran.status, len(ran.answers)) == (2, 4)
        assert "missing.json" in ran.err
        assert len(ran.err.splitlines()) == 1

    def test_nothing_given(self) -> None:
        ran = gongji("quote")
        assert (ran.status, ran.out) == (0, "")
        assert "没有读到" in ran.err

    def test_answers_come_as_visits_come(self) -> None:
        """A caller may keep the program running and ask one visit after another."""
        with subprocess.Popen([GONGJI, "quote"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
            assert running.stdin is not None
            assert running.stdout is not None
            for price in ("350.00", "250.00"):
                running.stdin.write(json.dumps(visit(ZUNYI, line(price))).encode() + b"\n")
                running.stdin.flush()
                assert json.loads(running.stdout.readline())["totals"]["total"] == price
            running.stdin.close()
            assert running.wait(20) == 0

    def test_a_reader_that_goes_away_is_no_failure(self, tmp_path: Path) -> None:
        many = tmp_path / "many.jsonl"
        many.write_text((ONE + "\n") * 3_000, encoding="utf-8")
        with subprocess.Popen([GONGJI, "quote", many], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            running.stdout.readline()
            running.stdout.close()
            assert running.wait(20) == 0
            assert running.stderr.read() == b""


class TestContract:
    """The shapes the contract fixes."""

    def test_a_quote(self) -> None:
        asked = visit(
            BAZHONG, line("500.00"), person={"supplements": ["civil_servant"]}, accounts={"own": {"balance": "30"}}
        )
        (answer,) = gongji("quote", given=json.dumps(asked)).answers
        assert list(answer) == [
            *("visit_no", "ok", "policy", "policy_revision", "settlements", "totals", "accumulators", "year_from")
        ]
        assert (answer["policy"], answer["year_from"]) == ("511900@2023-01-01", "2023-01-01")
        (one,) = answer["settlements"]
        assert list(one) == ["benefit", "amounts", "family_payments", "trace", "notices"]
        assert (
            one["amounts"]
            == answer["totals"]
            == {
                "total": "500.00",
                "self_paid": "0.00",
                "over_price": "0.00",
                "prepaid": "0.00",
                "excluded": "0.00",
                "eligible": "500.00",
                "deductible": "200.00",
                "fund": "180.00",
                "civil_servant": "192.00",
                "large_medical": "0.00",
                "fund_total": "372.00",
                "patient": "128.00",
                "account_own": "30.00",
                "account_family": "0.00",
                "cash": "98.00",
            }
        )
        assert {"rule", "article", "text", "amount"} <= set(one["trace"][0])
        assert any("(500.00 − 200.00) × 60% = 180.00" in step["text"] for step in one["trace"])

    def test_a_reading_is_marked(self) -> None:
        asked = visit(ZUNYI, line("100.00"), accumulators={"general.deductible": "150", "general.fund": "1999"})
        (answer,) = gongji("quote", given=json.dumps(asked)).answers
        (cap,) = [step for step in answer["settlements"][0]["trace"] if "支付限额 2000.00" in step["text"]]
        assert "支付额" in cap["reading"]

    def test_numbers_are_read_by_their_text(self) -> None:
        text = ONE.replace('"unit_price": "350.00"', '"unit_price": 350.10').replace('"quantity": "1"', '"quantity": 3')
        (answer,) = gongji("quote", given=text).answers
        assert answer["totals"]["total"] == "1050.30"
        (answer,) = gongji("quote", given=text.replace("350.10", "0.30000000000000004")).answers
        assert answer["error"]["field"] == "lines.0.unit_price"

    def test_packs_of_a_folder_are_added(self, tmp_path: Path) -> None:
        text = (resource_folder() / "policies" / ZUNYI / "2023-01-01.toml").read_text(encoding="utf-8")
        later = text.replace("starts = 2023-01-01", "starts = 2030-01-01").replace('yuan = "150"', 'yuan = "100"')
        (tmp_path / "later.toml").write_text(later.split("# ---- 例子")[0], encoding="utf-8")
        asked = [visit(ZUNYI, line("350.00"), settled_on=day) for day in ("2029-12-31", "2030-01-01")]
        ran = gongji("quote", "--policies", tmp_path, given=json.dumps(asked))
        assert [answer["policy"] for answer in ran.answers] == ["520300@2023-01-01", "520300@2030-01-01"]
        assert [answer["totals"]["deductible"] for answer in ran.answers] == ["150.00", "100.00"]

    def test_a_bad_pack_is_told_with_its_places(self, tmp_path: Path) -> None:
        (tmp_path / "bad.toml").write_text('format = 3\narea = "1"\n', encoding="utf-8")
        ran = gongji("quote", "--policies", tmp_path, given=ONE)
        assert (ran.status, ran.out) == (2, "")
        assert "bad.toml" in ran.err
        assert "format" in ran.err
        missing = gongji("quote", "--policies", tmp_path / "none", given=ONE)
        assert (missing.status, len(missing.err.splitlines())) == (2, 1)

    @pytest.mark.parametrize(
        ("request_", "credit"),
        [
            ({"area": PINGLIANG, "person": {"status": "employed"}, "base": "5123.45"}, "102.47"),
            ({"area": PINGLIANG, "person": {"status": "retired"}}, "90.00"),
            ({"area": YUNFU, "person": {"status": "retired", "paying_past_retirement_age": True}}, "0.00"),
            (
                {
                    "area": BAZHONG,
                    "person": {"status": "retired", "employment": "flexible"},
                    "parameters": {"average_pension_2022": {"enterprise": "2345.67"}},
                },
                "65.68",  # 2345.67 × 2.8% = 65.67876
            ),
        ],
    )
    def test_credit(self, request_: dict[str, Any], credit: str) -> None:
        ran = gongji("credit", given=json.dumps({"month": "2023-05", **request_}))
        assert ran.status == 0
        assert ran.answers[0]["credit"] == credit
        assert ran.answers[0]["trace"][0]["article"]

    @pytest.mark.parametrize(
        ("request_", "code", "field"),
        [
            ({"area": ZUNYI, "person": {"status": "retired"}}, "missing_parameter", "parameters.average_pension_2021"),
            ({"area": ZUNYI, "person": {"status": "employed", "employment": "flexible"}}, "benefit_not_defined", None),
            ({"area": ZUNYI, "person": {"status": "employed"}}, "invalid_input", "base"),
            ({"area": BAZHONG, "person": {"status": "retired"}}, "invalid_input", "person.pension_class"),
            ({"area": ZUNYI, "month": "2022-12", "person": {"status": "employed"}}, "no_policy_in_force", "month"),
            ({"area": "110000", "person": {"status": "employed"}}, "unknown_area", "area"),
            ({"area": ZUNYI, "month": "2023-13", "person": {"status": "employed"}}, "invalid_input", "month"),
        ],
    )
    def test_credit_refused(self, request_: dict[str, Any], code: str, field: str | None) -> None:
        ran = gongji("credit", given=json.dumps({"month": "2023-05", **request_}))
        assert (ran.status, ran.answers[0]["error"]["code"]) == (2, code)
        assert field is None or ran.answers[0]["error"]["field"] == field

    def test_capitation(self) -> None:
        # cap 85321.55 × 2% = 1706.43; a month 1000 × 1706.43 × 30% ÷ 12 = 42660.75; a year 511929.00
        # used 255964.50 is 50 % exactly: 30 % is kept, less 1 point for a direct rate half a point short
        asked = {
            "area": YUNFU,
            "year": 2023,
            "parameters": WAGES,
            "headcount": [1000] * 12,
            "used": "200000.00",
            "manual_claims": "55964.50",
            "direct_rate": "0.8950",
        }
        (answer,) = gongji("capitation", given=json.dumps(asked)).answers
        assert answer["prepayments"] == ["42660.75"] * 12
        wanted = {
            "budget": "511929.00",
            "use_rate": "0.5000",
            "surplus": "255964.50",
            "kept_share": "0.29",
            "kept": "74229.71",  # 74229.705, half up
            "returned": "181734.79",
            "overage": "0.00",
        }
        assert {name: answer[name] for name in wanted} == wanted

    @pytest.mark.parametrize(
        ("more", "code", "field"),
        [
            ({"headcount": [0] * 12}, "invalid_input", "headcount"),
            ({"headcount": [1] * 11}, "invalid_input", "headcount"),
            ({"headcount": [1] * 13}, "invalid_input", "headcount"),
            ({"headcount": [1.5] * 12}, "invalid_input", "headcount.0"),
            ({"area": QUJING}, "benefit_not_defined", "area"),
            ({"year": 2026}, "no_policy_in_force", "year"),
            ({"parameters": {}}, "missing_parameter", "parameters.average_wage.2021"),
            ({"direct_rate": "1.01"}, "invalid_input", "direct_rate"),
            ({"year": "2023"}, "invalid_input", "year"),
        ],
    )
    def test_capitation_refused(self, more: dict[str, Any], code: str, field: str) -> None:
        asked = {
            "area": YUNFU,
            "year": 2023,
            "parameters": WAGES,
            "headcount": [1] * 12,
            "used": "0",
            "direct_rate": "1",
        }
        (answer,) = gongji("capitation", given=json.dumps({**asked, **more})).answers
        assert (answer["error"]["code"], answer["error"]["field"]) == (code, field)


class TestSize:
    """Much input is read, or refused, without fuss."""

    def test_ten_thousand_lines(self) -> None:
        lines = [line("0.01", code=f"D{index}") for index in range(10_000)]
        lines[9_999] = line("0.01", "B", prepay_ratio="0.5")
        (answer,) = gongji("quote", given=json.dumps(visit(ZUNYI, *lines))).answers
        assert (answer["totals"]["total"], answer["totals"]["prepaid"]) == ("100.00", "0.01")
        many = [line("1.00", "C", code=f"D{index}") for index in range(10_000)]
        (answer,) = gongji("quote", given=json.dumps(visit(ZUNYI, *many))).answers
        (step, _) = answer["settlements"][0]["trace"][:2]
        assert "等共 10000 项" in step["text"]
        assert len(step["text"]) < 1_000

    def test_fifty_megabytes_in_one_visit(self) -> None:
        lines = [line("1.00", code=f"D{index}", name="药" * 100) for index in range(125_000)]
        text = json.dumps(visit(QUJING, *lines, parameters=INPATIENT), ensure_ascii=False)
        assert len(text.encode()) > 50_000_000
        (answer,) = gongji("quote", given=text).answers
        assert (answer["totals"]["total"], answer["totals"]["deductible"]) == ("125000.00", "30.00")

    def test_fifty_megabytes_of_nonsense(self) -> None:
        for text in (b"[" * 50_000_000, b"\xff" * 50_000_000, b'{"visit_no": "' + b"x" * 50_000_000):
            ran = gongji("quote", given=text)
            assert (ran.status, len(ran.answers)) == (2, 1)
            assert len(ran.out) < 1_000


class TestPeople:
    """What is printed for people."""

    def test_a_reckoning(self) -> None:
        asked = visit(QUJING, line("168.00", name="阿莫西林"), line("20.00", "C", name="维生素C"))
        ran = gongji("quote", "--explain", given=json.dumps(asked))
        assert ran.status == 0
        for words in ("普通门诊", "(168.00 − 30.00) × 60% = 82.80", "第九条", "QJ2", "维生素C 20.00", "个人负担"):
            assert words in ran.out
        assert "超出部分转按住院办法报" in ran.out  # the gist of 第九条

    def test_all_problems_at_once(self) -> None:
        asked = visit(
            QUJING,
            line("1.00", amount="2.00"),
            line("1.00", "B"),
            line("x"),
            line("1.00", prepay_ratio="0.1", amount="3.00"),
            benefit="special",
            persn={},
            accumulators={"general.fund": "-1"},
        )
        ran = gongji("quote", "--explain", given=json.dumps(asked))
        assert ran.status == 2
        fields = ["persn", "accumulators.general.fund", "lines.2.unit_price", "lines.0.amount", "lines.1.prepay_ratio"]
        fields += ["lines.3.amount", "lines.3.prepay_ratio", "disease"]
        assert "8 处" in ran.out
        for field in fields:
            assert field in ran.out, field
        (answer,) = gongji("quote", given=json.dumps(asked)).answers
        assert answer["error"]["field"] in {"persn", "lines.2.unit_price"}

    def test_without_arguments_the_samples_are_settled(self) -> None:
        ran = gongji()
        assert ran.status == 0
        for words in ("曲靖", "遵义", "平凉", "巴中", "云浮", "不能结算"):
            assert words in ran.out

    @pytest.mark.parametrize("encoding", ["ascii", "gbk"])
    def test_output_is_utf_8_whatever_the_terminal_says(self, encoding: str) -> None:
        ran = gongji("policy", "list", env={"PYTHONIOENCODING": encoding, "LC_ALL": "C"})
        assert (ran.status, "曲靖市" in ran.out) == (0, True)

    def test_policy_list_show_check_diff(self, tmp_path: Path) -> None:
        ran = gongji("policy", "list", "--on", "2022-12-31")
        assert [word for word in ran.out.split() if word in {"有效", "未开始", "已失效"}].count("未开始") == 3
        shown = gongji("policy", "show", QUJING, "--article", "9")
        assert shown.status == 0
        assert "6000.00 元" in shown.out
        assert "QJ4" not in shown.out
        assert gongji("policy", "show", QUJING, "--article", "第四条").status == 0
        not_modelled = gongji("policy", "show", QUJING, "--article", "33")
        assert (not_modelled.status, "施行日期" in not_modelled.out) == (0, True)
        unknown = gongji("policy", "show", "110000")
        assert (unknown.status, len(unknown.err.splitlines())) == (2, 1)
        path = resource_folder() / "policies" / ZUNYI / "2023-01-01.toml"
        assert gongji("policy", "check", path).status == 0
        edition = tmp_path / "edition.toml"
        text = path.read_text(encoding="utf-8")
        edition.write_text(text.replace('yuan = "150"', 'yuan = "160"'), encoding="utf-8")
        checked = gongji("policy", "check", edition)
        assert checked.status == 2
        assert "deductible 应为 150.00，算得 160.00" in checked.out
        diff = gongji("policy", "diff", f"{ZUNYI}@2023-01-01", edition)
        assert "150.00 元 → 160.00 元（二(二)）" in diff.out
        assert gongji("policy", "diff", path, path).out == "两版没有区别\n"

    def test_arguments_that_are_wrong(self) -> None:
        for arguments in (["nonsense"], ["quote", "--nonsense"], ["policy"], ["policy", "list", "--on", "x"]):
            ran = gongji(*arguments)
            assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1), arguments
        assert gongji("--version").out.startswith("gongji ")
        assert "试算" in gongji("--help").out


class TestSafety:
    """A bug says where it is, and nothing about anybody."""

    def test_a_bug_is_told_without_what_it_met(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        class Broken(io.TextIOWrapper):
            @property
            def buffer(self) -> Any:
                raise RuntimeError(PERSONAL)

        monkeypatch.setattr(sys, "stdin", Broken(io.BytesIO()))
        assert main(["quote"]) == 1
        told = capsys.readouterr().err
        assert "RuntimeError" in told
        assert not any(part in told for part in PERSONAL.split())

    def test_identity_numbers_are_not_shown_by_records(self) -> None:
        read = read_visit(visit(QUJING, person={"id": "530302195001010011", "name": "张秀英"}))
        assert isinstance(read, Visit)
        assert "5303021950" not in repr(read)
        assert "张秀英" not in repr(read)

    def test_quoting_starts_without_window_database_or_network(self) -> None:
        code = (
            "import sys; from gongji.main import main; main(['quote']); "
            "print([name for name in ('PySide6', 'sqlite3', 'sqlite_utils', 'sqlcipher3', 'reportlab', 'rich', 'http', "
            "'urllib.request', 'httpx2', 'socket', 'asyncio', 'ssl') if name in sys.modules], file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], input=ONE.encode(), capture_output=True, check=True)
        assert done.stderr.decode().strip() == "[]"


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ("<&-", "读不到文件 -（"),
        (">&-", "标准输出没有打开"),
        pytest.param(
            ">/dev/full",
            "结果写不出去（",
            marks=pytest.mark.skipif(
                not Path("/dev/full").exists(), reason="only Linux has a device that is always full"
            ),
        ),
    ],
)
def test_what_cannot_be_read_or_written_is_a_sentence(ends: str, told: str, tmp_path: Path) -> None:
    given = tmp_path / "visit.json"
    given.write_text(ONE, encoding="utf-8")
    named = "" if ends.startswith("<") else str(given)
    today = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}  # it opens files itself
    words = f"{GONGJI} quote {named} {ends}"
    ran = subprocess.run(words, shell=True, capture_output=True, check=False, env=today)  # noqa: S602  # our own words
    assert (ran.returncode, ran.stderr.decode().count("\n")) == (2, 1)
    assert told in ran.stderr.decode()


class TestLongArguments:
    """A page pasted behind a command: one short sentence, and no report of a fault of the program."""

    @pytest.mark.parametrize(
        "arguments",
        [("list", "--data"), ("sandbox", "--data"), ("import",), ("load",), ("load", "people"), ("region", "check")],
    )
    def test_are_refused_in_one(self, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as left:
            raise SystemExit(main([*arguments, "9" * 5_000]))
        assert left.value.code == 2
        said = capsys.readouterr().err
        assert "程序出错" not in said
        assert len(said) < 600
