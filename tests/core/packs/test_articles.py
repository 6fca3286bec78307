"""Documents cut by article, and attached to a policy; every document here is invented."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gongji.core.packs.articles import chinese_number, cut, squeezed
from gongji.main import main
from tests.core.packs.minimal import AREA, pack_text, visit_text

TITLE = "测试市门诊费用试行办法"

ARTICLES = """\
# 测试市门诊费用
试行办法

## 第一章 总则

**第一条** 看病的人先付一小部分，剩下的由
大家凑的钱来付，道理同
第三条 说的一样。

第二条　办事的人要做到：
（一）窗口不排长队，按照
第一条的意思办；
(二) 电话有人接，
一天之内答复：
1. 先听完再说；
（三）`账目`看得懂。

— 1 —

第二章 怎么付

第三条 每次先扣二十元，
- 2 -
其余付六成。
多付的要退。
第四条 本办法自印发之日起试行。
---

抄送：各街道、各村。
第五条 这一句不是正文。
"""

PARTS = """\
测试市门诊费用试行方案

各单位：现将有关安排通知如下。

一、总的想法
把钱花在看病上，参照
三、里说的步骤来做。
二、具体做法
（一）起付线。一年扣一次，
扣满为止。
（二）比例。
分两档：
医院一档，卫生院一档。
- 12 -
三、步骤
(一)先试一个街道。
(二)再推到全市。
抄 送: 各街道。
四、不是正文
"""

DIGITS = {
    1: "一",
    2: "二",
    9: "九",
    10: "十",
    11: "十一",
    19: "十九",
    20: "二十",
    21: "二十一",
    30: "三十",
    55: "五十五",
    90: "九十",
    99: "九十九",
    100: "一百",
    101: "一百零一",
    109: "一百零九",
    110: "一百一十",
    111: "一百一十一",
    112: "一百一十二",
    119: "一百一十九",
    120: "一百二十",
    121: "一百二十一",
    190: "一百九十",
    199: "一百九十九",
}


@pytest.mark.parametrize(("number", "written"), DIGITS.items())
def test_chinese_number(number: int, written: str) -> None:
    assert chinese_number(number) == written


def test_chinese_numbers_are_all_different() -> None:
    written = [chinese_number(number) for number in range(1, 200)]
    assert len(set(written)) == 199
    assert set("".join(written)) == set("一二三四五六七八九十百零")


def test_articles() -> None:
    assert cut(ARTICLES) == {
        "第一条": "第一条 看病的人先付一小部分，剩下的由大家凑的钱来付，道理同第三条 说的一样。",
        "第二条": "第二条　办事的人要做到：\n（一）窗口不排长队，按照第一条的意思办；\n"
        "(二) 电话有人接，一天之内答复：\n1. 先听完再说；\n（三）账目看得懂。",
        "第二条(一)": "（一）窗口不排长队，按照第一条的意思办；",
        "第二条(二)": "(二) 电话有人接，一天之内答复：\n1. 先听完再说；",
        "第二条(三)": "（三）账目看得懂。",
        "第三条": "第三条 每次先扣二十元，其余付六成。\n多付的要退。",
        "第四条": "第四条 本办法自印发之日起试行。",
    }


def test_parts() -> None:
    assert cut(PARTS) == {
        "一": "一、总的想法把钱花在看病上，参照三、里说的步骤来做。",
        "二": "二、具体做法\n（一）起付线。一年扣一次，扣满为止。\n（二）比例。\n分两档：\n医院一档，卫生院一档。",
        "二(一)": "（一）起付线。一年扣一次，扣满为止。",
        "二(二)": "（二）比例。\n分两档：\n医院一档，卫生院一档。",
        "三": "三、步骤\n(一)先试一个街道。\n(二)再推到全市。",
        "三(一)": "(一)先试一个街道。",
        "三(二)": "(二)再推到全市。",
    }


@pytest.mark.parametrize("count", [9, 10, 11, 20, 21, 99, 100, 112])
def test_so_many_articles(count: int) -> None:
    text = "".join(f"第{chinese_number(number)}条 这是第 {number} 句。\n\n" for number in range(1, count + 1))
    assert cut(text) == {
        f"第{chinese_number(number)}条": f"第{chinese_number(number)}条 这是第 {number} 句。"
        for number in range(1, count + 1)
    }


@pytest.mark.parametrize("count", [1, 10, 31])
def test_so_many_items(count: int) -> None:
    items = "".join(f"（{chinese_number(number)}）第 {number} 项；\n" for number in range(1, count + 1))
    found = cut(f"第一条 包括：\n{items}第二条 完。\n")
    assert list(found) == [
        "第一条",
        *(f"第一条({chinese_number(number)})" for number in range(1, count + 1)),
        "第二条",
    ]
    assert found[f"第一条({chinese_number(count)})"] == f"（{chinese_number(count)}）第 {count} 项；"


@pytest.mark.parametrize(
    "reference",
    [
        "第一条 所说的",
        "第一条的",
        "第二条 本身",
        "第五条 所说的",
        "第一百条 所说的",
        "第三条的",
        "（三）所说的",
        "(九) 所说的",
    ],
)
def test_a_wrapped_line_that_begins_with_a_reference(reference: str) -> None:
    text = f"第一条 头一句。\n第二条 有两项：\n（一）甲，按照\n{reference}办法；\n（二）乙。\n第三条 末一句。\n"
    found = cut(text)
    assert list(found) == ["第一条", "第二条", "第二条(一)", "第二条(二)", "第三条"]
    assert squeezed(f"（一）甲，按照{reference}办法；") == squeezed(found["第二条(一)"])
    assert found["第三条"] == "第三条 末一句。"


@pytest.mark.parametrize("text", ["", "\n\n", "没有编号的一段话。\n又一段。", "第二条 从二开始。", "二、从二开始"])
def test_text_without_articles(text: str) -> None:
    assert cut(text) == {}


@pytest.mark.parametrize("footer", ["— 3 —", "—3—", "- 3 -", "-12-", "  — 104 —  ", "---", "-----", "**— 3 —**"])
def test_page_footers(footer: str) -> None:
    assert cut(f"第一条 前半句，\n{footer}\n后半句。\n{footer}\n") == {"第一条": "第一条 前半句，后半句。"}


@pytest.mark.parametrize(
    "heading", ["第二章 细则", "  第二章 细则", "## 第二章 细则", "**第二章　细则**", "第二节 附则", "第二章"]
)
def test_chapter_headings(heading: str) -> None:
    assert cut(f"第一条 头一句。\n{heading}\n第二条 后一句。\n") == {
        "第一条": "第一条 头一句。",
        "第二条": "第二条 后一句。",
    }


DOCUMENT = f"""\
**{TITLE[:4]}
{TITLE[4:]}**

第一条 看门诊先扣掉一小笔，
其余大家凑钱付。
第二条 卡里的钱随自己用：
（一）付自己的；
（二）付爱人的。
"""

LAW_DOCUMENT = "测试市凑钱总则\n\n第一条 大家凑钱。\n第二条 钱要省着用。\n"
LAW = '\n[source.law]\ntitle = "测试市凑钱总则"\nshort = "总则"\n'

Run = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of policies with an invented one."""
    path = tmp_path / "more"
    path.mkdir()
    (path / "pack.toml").write_text(
        pack_text(
            ('article = "第二条"', 'article = "第二条(一)、总则第二条"'),
            ('"第二条" = "账户', '"总则第二条" = "花钱要节省。"\n"第二条(一)" = "账户'),
            add=LAW,
        ),
        encoding="utf-8",
    )
    return path


@pytest.fixture
def run(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The program with that folder and an empty data folder, on a wide terminal."""
    monkeypatch.setenv("COLUMNS", "200")

    def with_folders(*arguments: str) -> int:
        return main([*arguments, "--policies", str(folder), "--data", str(tmp_path / "data")])

    return with_folders


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document.txt"
    path.write_text(DOCUMENT, encoding="utf-8")
    return path


def said(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """What was printed since, without white space and the lines of tables."""
    out, err = capsys.readouterr()
    return "".join(out.split()).translate(dict.fromkeys(map(ord, "│─"))), "".join(err.split())


def test_attach(run: Run, document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "attach", AREA, str(document)) == 0
    out, err = said(capsys)
    assert f"已附上《{TITLE}》，切分出4处条文" in out
    assert err == ""
    (kept,) = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert kept.read_text(encoding="utf-8") == DOCUMENT
    assert f"{AREA}@2024-01-01" in kept.name


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-8"])
def test_attach_in_an_encoding(run: Run, tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "document.txt"
    path.write_bytes(DOCUMENT.encode(encoding))
    assert run("policy", "attach", AREA, str(path)) == 0
    capsys.readouterr()
    assert run("policy", "show", AREA, "--article", "1") == 0
    assert "原文：第一条看门诊先扣掉一小笔，其余大家凑钱付。" in said(capsys)[0]


def test_attach_another_source(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "law.txt"
    path.write_text(LAW_DOCUMENT, encoding="utf-8")
    assert run("policy", "attach", AREA, str(path)) == 0
    out, err = said(capsys)
    assert "已附上《测试市凑钱总则》" in out
    assert err == ""
    assert run("policy", "show", AREA) == 0
    out, _ = said(capsys)
    assert "原文：第二条钱要省着用。" in out
    assert "看门诊先扣掉" not in out


def test_attach_tells_of_articles_nobody_mentions(run: Run, document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document.write_text(f"{DOCUMENT}第三条 没人提到的一条。\n", encoding="utf-8")
    assert run("policy", "attach", AREA, str(document)) == 0
    assert "既没有引用第三条，也没有说明为何未写入计算" in said(capsys)[1]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (DOCUMENT.replace(TITLE[4:], "别的事情暂行办法").encode(), f"没有找到{AREA}所依据文件的标题"),
        (f"{'开场白' * 400}{DOCUMENT}".encode(), f"没有找到{AREA}所依据文件的标题"),
        (b"", f"没有找到{AREA}所依据文件的标题"),
        (DOCUMENT.partition("（一）")[0].encode(), f"没有找到{AREA}@2024-01-01引用的第二条(一)。"),
        (DOCUMENT.partition("第一条")[0].encode(), "引用的第一条、第二条(一)。"),
        (b"\xff\xfe\xff" + DOCUMENT.encode("utf-16-le"), "不是UTF-8或GB18030编码的文本"),
        (b"%PDF-1.7\n\x80\xff\x00", "不是UTF-8或GB18030编码的文本"),
    ],
    ids=["another title", "title too late", "empty", "an item missing", "all missing", "UTF-16", "PDF"],
)
def test_attach_refused(
    run: Run, document: Path, tmp_path: Path, content: bytes, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    document.write_bytes(content)
    assert run("policy", "attach", AREA, str(document)) == 2
    out, err = said(capsys)
    assert out == ""
    assert says in err
    assert not (tmp_path / "data").exists()


def test_attach_a_file_that_is_not_there(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "attach", AREA, str(tmp_path / "none.txt")) == 2
    assert "读不到文件" in said(capsys)[1]


def test_attach_to_an_unknown_area(run: Run, document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "attach", "999999", str(document)) == 2
    assert "没有政策包999999" in said(capsys)[1]


def test_attach_to_every_edition_of_the_document(
    run: Run, folder: Path, document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = pack_text(("starts = 2024-01-01", "starts = 2025-01-01"))
    (folder / "later.toml").write_text(later, encoding="utf-8")
    assert run("policy", "attach", AREA, str(document)) == 0
    out, _ = said(capsys)
    assert f"{AREA}@2024-01-01：已附上" in out
    assert f"{AREA}@2025-01-01：已附上" in out


def test_attach_refused_for_one_edition_is_kept_for_none(
    run: Run, folder: Path, tmp_path: Path, document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = pack_text(
        ("starts = 2024-01-01", "starts = 2025-01-01"),
        ('article = "第二条"', 'article = "第三条"'),
        ('"第二条" = "账', '"第三条" = "账'),
    )
    (folder / "later.toml").write_text(later, encoding="utf-8")
    assert run("policy", "attach", AREA, str(document)) == 2
    out, err = said(capsys)
    assert f"没有找到{AREA}@2025-01-01引用的第三条" in err
    assert "已附上" not in out
    assert not (tmp_path / "data").exists()


def test_attach_a_document_whose_title_holds_another_title(
    run: Run, folder: Path, document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = pack_text(("starts = 2024-01-01", "starts = 2025-01-01"), (f'"{TITLE}"', f'"{TITLE}（修订）"'))
    (folder / "later.toml").write_text(later, encoding="utf-8")
    document.write_text(DOCUMENT.replace(TITLE[4:], f"{TITLE[4:]}（修订）"), encoding="utf-8")
    assert run("policy", "attach", AREA, str(document)) == 0
    out, _ = said(capsys)
    assert f"{AREA}@2025-01-01：已附上" in out
    assert f"{AREA}@2024-01-01：已附上" not in out


def test_show_has_the_own_words_beside_the_gist(run: Run, document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("policy", "show", AREA) == 0
    before, _ = said(capsys)
    assert "账户里的钱可以付自己负担的部分。" in before
    assert "原文" not in before
    assert run("policy", "attach", AREA, str(document)) == 0
    capsys.readouterr()
    assert run("policy", "show", AREA) == 0
    after, _ = said(capsys)
    gist, words = after.index("账户里的钱可以付自己负担的部分。"), after.index("原文：（一）付自己的；")
    assert gist < words
    assert "原文：第一条看门诊先扣掉一小笔，其余大家凑钱付。" in after
    assert "付爱人的" not in after


def test_explain_has_the_own_words_beside_the_gist(
    run: Run, document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "visit.json"
    path.write_bytes(visit_text())
    assert run("quote", "--explain", str(path)) == 0
    before, _ = said(capsys)
    assert "门诊费用扣过起付线以后按比例报销。" in before
    assert "原文" not in before
    assert run("policy", "attach", AREA, str(document)) == 0
    capsys.readouterr()
    assert run("quote", "--explain", str(path)) == 0
    after, _ = said(capsys)
    assert "48.00" in after  # (100 − 20) × 60%
    gist, words = after.index("门诊费用扣过起付线以后按比例报销。"), after.index("原文：第一条看门诊先扣掉一小笔")
    assert gist < words
    assert "账户里的钱" not in after  # an article that this visit does not rest on
