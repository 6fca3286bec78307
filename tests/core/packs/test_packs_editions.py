"""What changed between two editions, in sentences."""

import pytest

from gongji.core.packs.changes import changes
from gongji.core.packs.language import Pack
from gongji.main import main
from gongji.pack_files.read_pack import parse_pack
from tests.core.packs.minimal import CAPITATION, CREDIT, pack, pack_text
from tests.core.packs.mutations import TEXTS

RULE = '\n[rule.R3]\narticle = "第三条"\ntitle = "又一条"\n{}\n'
GIST = ("[gist]", '[gist]\n"第三条" = "不付的情形。"')
GATE = '\n[[gate]]\nnotice = "closed"\nrule = "R1"\nwhen = {}\ntext = "不在待遇期"\n{}'
EXCLUDE = '\n[[lines.exclude]]\nrule = "R1"\nwhen = {}\ntext = "健身不报"\n'
SECOND = """
[benefit.special]
name = "特殊门诊"

[[benefit.special.pay]]
rule = "R1"
ratio = [{ ratio = "70%" }]
uncapped = true
"""
TIER = '\n[fact.tier]\nof = "person"\nkind = "flag"\nname = "低保"\n' + GATE.format("{ tier = true }", "")
PAYER = ("[[benefit.general.pay]]", '[[benefit.general.pay]]\nname = "互助金"')
CLAIM = '\n[claim]\nrule = "R1"\ntext = "到窗口报"\n{}'
MODIFY = 'modify = [{ when = { status = "retired" }, points = "+10", rule = "R1" }]'


def told(old: Pack, new: Pack) -> list[str]:
    """The differences that are figures, provisions and rules, without what those rest on."""
    return [one for one in changes(old, new) if " · " not in one and "要旨" not in one]


@pytest.mark.parametrize(
    ("new", "sentences"),
    [
        (pack(('yuan = "20"', 'yuan = "25.5"')), ["普通门诊起付标准（每次）：所有人：20.00 元 → 25.50 元（第一条）"]),
        (pack(('ratio = "60%"', 'ratio = "62.5%"')), ["普通门诊支付比例：一级：60% → 62.5%（第一条）"]),
        (
            pack(('points = "+10"', 'points = "-5"')),
            ["普通门诊支付比例的增减：退休：+10 个百分点 → −5 个百分点（第一条）"],
        ),
        (pack(('yuan = "1000"', "none = true")), ["普通门诊限额（门诊年度支付）：所有人：1000.00 元 → 无（第一条）"]),
        (
            pack((f"{MODIFY}\n", "")),
            ["取消 普通门诊支付比例的增减：退休：原为 +10 个百分点（原第一条）"],
        ),
        (
            pack(
                (
                    'amount = [{ yuan = "20" }]',
                    'amount = [{ when = { level = "2" }, yuan = "40" }, { otherwise = true, yuan = "20" }]',
                )
            ),
            [
                "新增 普通门诊起付标准（每次）：二级：40.00 元（第一条）",
                "新增 普通门诊起付标准（每次）：其余：20.00 元（第一条）",
                "取消 普通门诊起付标准（每次）：所有人：原为 20.00 元（原第一条）",
            ],
        ),
        (
            pack(add='\n[[lines.prepay]]\nrule = "R1"\nratio = "8%"\n'),
            ["新增 乙类先行自付比例：所有人：8%（第一条）"],
        ),
        (
            pack(add=CREDIT),
            ["新增 个人账户每月计入：在职：缴费基数 × 2%（第二条）", "新增 个人账户每月计入：退休：50.00 元（第二条）"],
        ),
        (
            pack(('allowed = ["spouse"]', 'allowed = ["spouse", "child"]')),
            ["共济账户的使用人是账户持有人的：配偶 → 配偶、子女（第二条）"],
        ),
        (pack(add=SECOND), ["新增待遇：特殊门诊", "新增 特殊门诊支付比例：所有人：70%（第一条）"]),
        (
            pack(add=GATE.format("{ entitled = false }", "")),
            ["新增统筹不付的情形：不在待遇期（不在待遇享受期；账户可付）"],
        ),
        (pack(add=EXCLUDE.format('{ use = "fitness" }')), ["新增不予支付的明细：健身不报（体育健身）"]),
        (pack(("open_end = true", "ends = 2025-12-31")), ["有效期：2024-01-01 起 → 2024-01-01 至 2025-12-31"]),
        (pack(("starts = 2024-01-01", "starts = 2024-03-01")), ["有效期：2024-01-01 起 → 2024-03-01 起"]),
        (
            pack(("open_end = true", 'open_end = true\nyear_starts = "07-01"')),
            ["待遇年度的第一天：01-01 → 07-01"],
        ),
        (
            pack(('area = "990100"', 'area = "990200"'), ('area_name = "测试市"', 'area_name = "试验市"')),
            ["统筹区不同：测试市（990100）→ 试验市（990200）"],
        ),
        (
            pack(('title = "测试市门诊费用试行办法"', 'title = "测试市门诊费用办法"\nnumber = "测府〔2025〕1号"')),
            ["依据文件：《测试市门诊费用试行办法》 → 《测试市门诊费用办法》测府〔2025〕1号"],
        ),
        (
            pack(('article = "第二条"', 'article = "第二条、第一条"')),
            ["规则 R2（账户）的条文：第二条 → 第二条、第一条"],
        ),
        (
            pack(('title = "门诊报销"', 'title = "门诊报销"\nreading = "每次都扣。"')),
            ["规则 R1（门诊报销）的理解：无 → 每次都扣。"],
        ),
    ],
    ids=[
        "deductible",
        "ratio",
        "modifier",
        "cap taken away",
        "modifier removed",
        "figure split in two",
        "prepay added",
        "credit added",
        "relations",
        "benefit added",
        "gate added",
        "exclusion added",
        "end",
        "start",
        "first day of the year",
        "area",
        "document",
        "article of a rule",
        "reading",
    ],
)
def test_change(new: Pack, sentences: list[str]) -> None:
    old = pack()
    assert told(old, new) == sentences


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        (pack(add=SECOND), pack(), ["取消待遇：特殊门诊", "取消 特殊门诊支付比例：所有人：原为 70%（原第一条）"]),
        (
            pack(add=GATE.format("{ entitled = false }", "")),
            pack(),
            ["取消统筹不付的情形：不在待遇期（原为不在待遇享受期；账户可付）"],
        ),
        (
            pack(add=GATE.format("{ entitled = false }", "")),
            pack(add=GATE.format("{ entitled = false, rescue = false }", "")),
            ["统筹不付的情形“不在待遇期”：不在待遇享受期；账户可付 → 不在待遇享受期、非急救抢救；账户可付"],
        ),
        (
            pack(add=GATE.format("{ entitled = false }", "")),
            pack(add=GATE.format("{ entitled = false }", "accounts = false\n")),
            ["统筹不付的情形“不在待遇期”：不在待遇享受期；账户可付 → 不在待遇享受期；账户不可付"],
        ),
        (pack(add=EXCLUDE.format('{ use = "fitness" }')), pack(), ["取消不予支付的明细：健身不报（原为体育健身）"]),
        (
            pack(add=EXCLUDE.format('{ use = "fitness" }')),
            pack(add=EXCLUDE.format('{ use = ["fitness", "checkup"] }')),
            ["不予支付的明细“健身不报”：体育健身 → 体育健身或健康体检"],
        ),
        (
            pack(add=CAPITATION),
            pack(add=CAPITATION.replace('kept = "20%"', 'kept = "25%"')),
            ["结余留用：使用率低于 50%：20% → 25%（第一条）"],
        ),
        (
            pack(('title = "门诊报销"', 'title = "门诊报销"\nreading = "每次都扣。"')),
            pack(('title = "门诊报销"', 'title = "门诊报销"\nreading = "只扣一次。"')),
            ["规则 R1（门诊报销）的理解：每次都扣。 → 只扣一次。"],
        ),
    ],
    ids=[
        "benefit removed",
        "gate removed",
        "gate narrowed",
        "gate that shuts accounts",
        "exclusion removed",
        "exclusion widened",
        "capitation",
        "another reading",
    ],
)
def test_change_between(old: Pack, new: Pack, sentences: list[str]) -> None:
    assert told(old, new) == sentences


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_the_same_pack_twice(text: bytes) -> None:
    old, new = parse_pack(text), parse_pack(text)
    assert isinstance(old, Pack)
    assert isinstance(new, Pack)
    assert changes(old, new) == []


SUPPLEMENT = """
[[benefit.general.supplement]]
fund = "civil_servant"
rule = "R1"
on = ["share"]
ratio = [{ ratio = "50%" }]
uncapped = true
"""


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            pack(),
            pack(('"第二条" = "账户里', '"第二条" = "卡里')),
            "要旨 第二条：账户里的钱可以付自己负担的部分。 → 卡里的钱可以付自己负担的部分。",
        ),
        (pack(), pack(('name = "二级"', 'name = "二级医院"')), "机构级别“二级”改称“二级医院”"),
        (
            pack(add='\n[[level]]\nid = "3"\nname = "三级"\nsame_as = "1"\n'),
            pack(add='\n[[level]]\nid = "3"\nname = "三级"\nsame_as = "2"\n'),
            "机构级别“三级”：按“一级”的规定 → 按“二级”的规定",
        ),
        (
            pack(),
            pack(('name = "门诊年度支付"', 'name = "一年的门诊支付"')),
            "年度累计 general.fund 改称：门诊年度支付 → 一年的门诊支付",
        ),
        (
            pack(),
            pack(
                ('[accumulator."general.fund"]', '[accumulator."pool.fund"]'),
                ('accumulator = "general.fund"', 'accumulator = "pool.fund"'),
            ),
            "年度累计“门诊年度支付”的编号：general.fund → pool.fund；以前用掉的不会接着算",
        ),
        (
            pack(add=SUPPLEMENT),
            pack(add=SUPPLEMENT.replace('["share"]', '["deductible", "share"]')),
            "待遇 · “普通门诊” · 补充保险 · 基数：个人分担部分 → 起付标准、个人分担部分",
        ),
        (pack(), pack(add=TIER), "新增本地专用的事实 · “低保”"),
        (
            pack(),
            pack(add='\n[prescriber_level]\npharmacy = "R1"\n'),
            "按开方机构级别结算的机构 · 药店：G15 → R1",
        ),
        (
            pack(),
            pack(add='\n[[not_modelled]]\narticles = ["第九条"]\nwhy = "附则"\n'),
            "未写入计算的条文：无 → 第九条（附则）",
        ),
        (
            pack(),
            pack(add='\n[undefined.x]\nname = "别的"\nrule = "R1"\ntext = "没有规定"\n'),
            "新增未规定的待遇 · “别的”",
        ),
        (
            pack(),
            pack(('counts = "fund"', 'counts = "fund"\nper = "month"')),
            "年度累计“门诊年度支付”按什么期间：每年 → 每月",
        ),
        (pack(), pack(('[lines]\nrule = "R1"', '[lines]\nrule = "R2"')), "明细的处理 · 依据的规则：R1 → R2"),
        (pack(), pack(PAYER), "待遇 · “普通门诊” · 支付 · 名称：统筹基金 → 互助金"),
        (
            pack(add=SUPPLEMENT),
            pack(add=SUPPLEMENT + 'when = { status = "retired" }\n'),
            "待遇 · “普通门诊” · 补充保险 · 适用情形：无 → 退休",
        ),
        (
            pack(add=SUPPLEMENT + 'when = { status = "retired" }\n'),
            pack(add=SUPPLEMENT + 'when = [{ status = "retired" }, { rescue = true }]\n'),
            "待遇 · “普通门诊” · 补充保险 · 适用情形：退休 → 退休；或 急救抢救",
        ),
    ],
)
def test_what_figures_rest_on_is_told_in_words_too(old: Pack, new: Pack, sentence: str) -> None:
    found = changes(old, new)
    assert sentence in found
    assert not any("写法" in one for one in found)


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        (
            pack(add=CLAIM.format('deadline = "03-31"\n')),
            pack(add=CLAIM.format('deadline = "06-30"\nfinal = true\npapers = ["票据", "清单"]\n')),
            [
                "手工报销截止：次年 03-31 → 次年 06-30（第一条）",
                "新增 手工报销逾期：不再受理（第一条）",
                "新增 手工报销材料：票据、清单（第一条）",
            ],
        ),
        (
            pack(add=CREDIT),
            pack(add=CREDIT.replace('"2%"', '"3%"')),
            ["个人账户每月计入：在职：缴费基数 × 2% → 缴费基数 × 3%（第二条）"],
        ),
        (
            pack(add=GATE.format("{ entitled = false }", "")),
            pack(add=GATE.format("{ entitled = false }", 'benefits = ["general"]\nreading = "只管普通门诊。"\n')),
            [
                "统筹不付的情形“不在待遇期”：不在待遇享受期；账户可付 → 普通门诊；不在待遇享受期；账户可付",
                "统筹不付的情形“不在待遇期”的理解：无 → 只管普通门诊。",
            ],
        ),
        (
            pack(add=EXCLUDE.format('{ use = "fitness" }')),
            pack(add=EXCLUDE.format('{ use = "fitness" }').replace('"R1"', '"R2"')),
            ["不予支付的明细“健身不报”依据的规则：R1 → R2"],
        ),
    ],
    ids=["claim", "credit", "gate", "rule of an exclusion"],
)
def test_what_has_its_sentence_is_not_named_again(old: Pack, new: Pack, sentences: list[str]) -> None:
    assert changes(old, new) == sentences


def test_what_figures_rest_on_is_told_beside_them() -> None:
    """A section is not passed over because something else in it was told."""
    new = pack(('yuan = "20"', 'yuan = "25"'), PAYER)
    assert changes(pack(), new) == [
        "普通门诊起付标准（每次）：所有人：20.00 元 → 25.00 元（第一条）",
        "待遇 · “普通门诊” · 支付 · 名称：统筹基金 → 互助金",
    ]


def test_the_sentence_of_a_refused_credit_is_told() -> None:
    row = '{ when = { status = "retired" }, yuan = "50", rule = "R2" }'
    texts = [CREDIT.replace(row, row.replace('yuan = "50"', f'undefined = "{text}"')) for text in ("没写", "没有写")]
    old, new = (pack(add=text) for text in texts)
    assert changes(old, new) == ["个人账户计入 · 各行 · 没有规定时的说明：没写 → 没有写"]


def test_two_provisions_of_the_same_words() -> None:
    fitness, checkup = EXCLUDE.format('{ use = "fitness" }'), EXCLUDE.format('{ use = "checkup" }')
    assert changes(pack(add=fitness), pack(add=fitness + checkup)) == ["新增不予支付的明细：健身不报（健康体检）"]
    assert changes(pack(add=fitness + checkup), pack(add=checkup)) == ["取消不予支付的明细：健身不报（原为体育健身）"]
    assert changes(pack(add=fitness + checkup), pack(add=checkup + fitness)) == [
        "明细的处理 · 不予支付的明细：先后次序有变"
    ]


def test_several_changes_in_their_order() -> None:
    new = pack(
        GIST,
        ("open_end = true", "ends = 2024-12-31"),
        ('ratio = "50%"', 'ratio = "55%"'),
        ('article = "第一条"', 'article = "第一条、第三条"'),
        add=GATE.format("{ entitled = false }", ""),
    )
    assert changes(pack(), new) == [
        "有效期：2024-01-01 起 → 2024-01-01 至 2024-12-31",
        "普通门诊支付比例：二级：50% → 55%（第一条、第三条）",
        "新增统筹不付的情形：不在待遇期（不在待遇享受期；账户可付）",
        "规则 R1（门诊报销）的条文：第一条 → 第一条、第三条",
        "新增要旨 第三条：不付的情形。",
    ]


def test_diff_on_the_command_line(tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path_factory.mktemp("packs")
    (folder / "old.toml").write_text(pack_text(), encoding="utf-8")
    (folder / "new.toml").write_text(pack_text(('ratio = "50%"', 'ratio = "55%"')), encoding="utf-8")
    assert main(["policy", "diff", str(folder / "old.toml"), str(folder / "new.toml")]) == 0
    assert "普通门诊支付比例：二级：50% → 55%（第一条）" in capsys.readouterr().out
    assert main(["policy", "diff", str(folder / "old.toml"), str(folder / "old.toml")]) == 0
    assert capsys.readouterr().out == "两版没有区别\n"
