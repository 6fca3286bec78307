"""What `gongji policy` prints for people, and what it says about files that are wrong."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gongji.errors import GongjiError
from gongji.main import main
from gongji.pack_files.library import Library
from gongji.pack_files.read_pack import BadPackError
from tests.core.packs.minimal import AREA, bar, exclude, gate, pack_text, parameter, visit
from tests.support.visits import YUNFU, ZUNYI

CLAIM = """
[claim]
rule = "R2"
text = "回参保地报销"
papers = ["票据", "清单"]
deadline = "03-31"
final = true
"""
EVERYTHING = pack_text(
    ('title = "测试市门诊费用试行办法"', 'title = "测试市门诊费用试行办法"\nissued = 2023-12-05'),
    ('name = "二级"', 'name = "二级"\nsame_as = "1"\nreading = "二级按一级。"'),
    ('{ when = { level = "2" }, ratio = "50%" },', ""),
    ('yuan = "20"', 'parameter = "wage"'),
    add=gate("{ entitled = false }", 'benefits = ["general"]\nreading = "看当天。"\n')
    + exclude('{ use = "fitness" }')
    + bar('{ use = "fitness" }')
    + parameter()
    + CLAIM
    + '\n[[not_modelled]]\narticles = ["第三条", "第四条(二)"]\nwhy = "附则。"\n',
)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The program on a wide terminal: its status, and what it printed without white space."""
    monkeypatch.setenv("COLUMNS", "200")

    def with_arguments(*arguments: str | Path) -> tuple[int, str, str]:
        status = main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        return status, "".join(out.split()), "".join(err.split())

    return with_arguments


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "packs"
    path.mkdir()
    (path / "everything.toml").write_text(EVERYTHING, encoding="utf-8")
    return path


def edition(path: Path, starts: str, end: str = "open_end = true", **more: str) -> Path:
    text = pack_text(("starts = 2024-01-01", f"starts = {starts}"), ("open_end = true", end), **more)
    path.write_text(text, encoding="utf-8")
    return path


class TestShow:
    """`policy show`."""

    def test_everything_a_pack_says(self, run: Run, folder: Path, tmp_path: Path) -> None:
        status, out, _ = run("policy", "show", AREA, "--policies", folder, "--data", tmp_path)
        assert status == 0
        for words in (
            "《测试市门诊费用试行办法》（2023-12-05印发）",
            "统筹不付的情形：不付（普通门诊；不在待遇享受期；账户可付）（我们的理解：看当天。）",
            "不予支付的明细：不付（体育健身）",
            "个人账户不能付的明细：账户不付（体育健身）",
            "手工报销办法：回参保地报销",
            "手工报销截止：次年03-31",
            "手工报销逾期：不再受理",
            "手工报销材料：票据、清单",
            "机构级别二级按“一级”的规定（我们的理解：二级按一级。）",
            "须另行填写的数额平均工资（元）第一条提到而未给出",
            "未写入计算的条文第三条、第四条(二)附则。",
        ):
            assert words in out, words

    def test_one_article_has_its_own_provisions(self, run: Run, folder: Path, tmp_path: Path) -> None:
        _, out, _ = run("policy", "show", AREA, "--article", "1", "--policies", folder, "--data", tmp_path)
        assert "统筹不付的情形：" in out
        assert "个人账户不能付的明细" not in out
        assert "未写入计算" not in out

    @pytest.mark.parametrize(
        ("area", "article", "found", "absent"),
        [
            (ZUNYI, "2", ["二(一)", "二(五)", "未写入计算的条文二"], "三(一)"),
            (ZUNYI, "二(二)", ["二(二)"], "二(一)"),
            (YUNFU, "二十", ["第二十条(一)", "第二十条(二)"], "第二十一条"),
            (YUNFU, "20", ["第二十条(一)", "第二十条(二)"], "第二十一条"),
            (YUNFU, "第二十条(二)", ["第二十条(二)"], "第二十条(一)"),
        ],
    )
    def test_articles_however_they_are_named(
        self, run: Run, area: str, article: str, found: list[str], absent: str
    ) -> None:
        status, out, _ = run("policy", "show", area, "--article", article)
        assert status == 0
        assert all(words in out for words in found)
        assert absent not in out

    def test_articles_that_are_not_there(self, run: Run, folder: Path) -> None:
        more = ("--policies", folder)
        status, out, err = run("policy", "show", AREA, "--article", "4", *more)
        assert (status, err) == (0, "")
        assert "第四条(二)附则。" in out
        status, out, err = run("policy", "show", AREA, "--article", "7", *more)
        assert (status, out) == (2, "")
        assert "没有引用7。引用的条文有：第一条、第二条、" in err


class TestCheck:
    """`policy check`."""

    def test_a_file_that_cannot_be_read_does_not_end_it(self, run: Run, folder: Path, tmp_path: Path) -> None:
        one = folder / "everything.toml"
        status, out, err = run("policy", "check", tmp_path / "none.toml", tmp_path, one)
        assert (status, err) == (2, "")
        assert "none.toml：（整个文件）：读不到（文件不存在），请检查文件名和权限" in out
        assert "：（整个文件）：读不到（这是文件夹）" in out
        assert "everything.toml：没有问题，15条规则，" in out

    @pytest.mark.parametrize(
        ("end", "says"),
        [
            ("ends = 2025-01-01", "测试市（990100）的各版：2024-01-01至2025-01-01与2025-01-01起两版的日期重叠"),
            ("ends = 2024-12-30", "之间有几天没有政策"),
            ("ends = 2024-12-31", ""),
            ("open_end = true", ""),
        ],
    )
    def test_editions_of_an_area_against_each_other(self, run: Run, tmp_path: Path, end: str, says: str) -> None:
        files = [
            edition(tmp_path / "later.toml", "2025-01-01"),
            edition(tmp_path / "earlier.toml", "2024-01-01", end),
        ]
        status, out, _ = run("policy", "check", *files)
        assert says in out
        assert status == (2 if says else 0)

    def test_areas_are_not_compared(self, run: Run, tmp_path: Path) -> None:
        other = tmp_path / "other.toml"
        other.write_text(pack_text(('area = "990100"', 'area = "990200"')), encoding="utf-8")
        assert run("policy", "check", other, edition(tmp_path / "one.toml", "2024-01-01"))[0] == 0


class TestLibrary:
    """Editions that cannot stand beside each other are told before anything is answered."""

    def test_at_once(self, tmp_path: Path) -> None:
        shipped, extra = tmp_path / "shipped", tmp_path / "extra"
        (shipped / AREA).mkdir(parents=True)
        extra.mkdir()
        edition(shipped / AREA / "one.toml", "2024-01-01", "ends = 2025-06-30")
        edition(extra / "two.toml", "2025-01-01")
        with pytest.raises(BadPackError, match=AREA):
            Library(shipped, [extra])
        Library(shipped)

    def test_no_visit_of_a_batch_is_answered(self, run: Run, tmp_path: Path) -> None:
        edition(tmp_path / "one.toml", "2024-01-01")
        edition(tmp_path / "two.toml", "2024-01-01")
        batch = tmp_path / "batch.jsonl"
        batch.write_text(f"{json.dumps({'visit_no': 'V1'})}\n{json.dumps(visit())}\n", encoding="utf-8")
        status, out, err = run("quote", batch, "--policies", tmp_path)
        assert (status, out) == (2, "")
        assert "重叠" in err

    def test_a_pack_that_cannot_be_read_says_why(self, tmp_path: Path) -> None:
        (tmp_path / "pack.toml").mkdir()
        with pytest.raises(GongjiError) as told:
            Library(tmp_path, [tmp_path])
        assert isinstance(told.value, BadPackError)
        assert [one.message for one in told.value.problems] == ["读不到（这是文件夹），请检查文件名和权限"]
