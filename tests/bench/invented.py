"""Invented people and items, as many as are wanted, as tables to import."""

import datetime
from collections.abc import Iterator
from random import Random

from gongji.core.identity import check_character

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢"
    "蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟"
    "龙万段雷钱汤尹黎易常武乔贺赖龚文单解仇查盖朴"
)
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂香玉梅红国建华志永春东海文燕云莲珍荣"
    "贵福生金凤兴学成林晓宇佳欣怡子涵雨轩浩然梓萱思远长乐朝阳"
)
_SALTS = "盐酸 硫酸 苯磺酸 马来酸 复方 注射用 重组人 枸橼酸 甲磺酸".split() + [""]  # noqa: SIM905, RUF005  # a long list
_STEMS = """阿莫西林 氨氯地平 二甲双胍 头孢曲松 左氧氟沙星 奥美拉唑 辛伐他汀 丹参 板蓝根 黄连 银杏叶 维生素B12 维生素C
    布洛芬 对乙酰氨基酚 利血平 硝苯地平 缬沙坦 格列美脲 胰岛素 氯化钠 葡萄糖 地塞米松 甲硝唑 罗红霉素 阿奇霉素 甘草
    当归 川芎 三七 胺碘酮 长春西汀 降钙素 血常规 尿常规 肝功能 输液器 注射器 导尿管 纱布 缝合线 支架 穿刺针 留置针
    心电图 超声 CT 核磁共振 针灸 推拿 换药 清创""".split()  # noqa: SIM905  # a long list
_FORMS = """片 胶囊 注射液 颗粒 口服液 滴丸 软膏 缓释片 分散片 肠溶片 糖浆 气雾剂 丸 散 贴膏 测定 检查 术 一次性
    Ⅱ型""".split()  # noqa: SIM905  # a long list

ITEM_HEADINGS = """编码 名称 类别 甲乙丙 单价 先行自付比例 限价 谈判药 单位 规格 剂型 生产企业 票据类别 条码 起始 终止
    虚构""".split()  # noqa: SIM905  # a long list
PERSON_HEADINGS = """身份证号 姓名 电话 参保地 人员状态 就业类型 补助 选定机构 状态起始 慢特病登记 登记起始
    虚构""".split()  # noqa: SIM905  # a long list


def items(random: Random, count: int) -> Iterator[list[str]]:
    """Yield items; one in twenty has ended."""
    for index in range(count):
        class_ = random.choice("甲乙丙")
        yield [
            f"XN{index:09d}",
            _item_name(random),
            random.choice(("药品", "诊疗", "耗材")),
            class_,
            f"{random.randrange(1, 500_000) / 100:.2f}",
            random.choice(("10%", "0.15", "")) if class_ == "乙" else "",
            f"{random.randrange(1, 500_000) / 100:.2f}" if random.random() < 0.2 else "",
            random.choice(("是", "否", "", "")),
            random.choice(("盒", "支", "次", "个")),
            f"{random.randrange(1, 500)}mg×{random.randrange(1, 60)}",
            "片剂",
            f"{random.choice(_SURNAMES)}{random.choice(_GIVEN)}虚构制药有限公司",
            random.choice(("西药费", "中成药费", "检查费", "治疗费")),
            f"69{index:011d}",
            random.choice(("2024-01-01", "2025-07-01", "2026-01-01")),
            "2026-06-30" if random.random() < 0.05 else "",
            "是",
        ]


def _item_name(random: Random) -> str:
    name = random.choice(_SALTS) + random.choice(_STEMS)
    if random.random() < 0.3:
        name += random.choice(_STEMS)
    name += random.choice(_FORMS)
    return name if random.random() < 0.5 else f"{name}（{''.join(random.choices(_GIVEN, k=2))}）"


def people(random: Random, count: int) -> Iterator[list[str]]:
    """Yield people; some of the retired are registered."""
    for index in range(count):
        born = datetime.date(1930, 1, 1) + datetime.timedelta(days=random.randrange(30_000))
        first = f"{530300 + index // 1000:06d}{born:%Y%m%d}{index % 1000:03d}"
        retired = born.year < 1964
        registered = retired and random.random() < 0.3
        yield [
            first + check_character(first),
            random.choice(_SURNAMES) + "".join(random.choices(_GIVEN, k=random.choice((1, 2, 2, 2)))),
            f"139{index:08d}",
            "530300",
            "退休" if retired else "在职",
            "单位",
            random.choice(("", "", "公务员", "公务员；大额")),
            "H53030200001",
            "2024-01-01",
            "高血压；糖尿病" if registered else "",
            "2024-05-01" if registered else "",
            "是",
        ]
