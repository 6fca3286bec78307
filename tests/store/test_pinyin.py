"""How the names of drugs and services are read: none with two readings in the training catalogues is unreviewed."""

import csv

import pytest

from gongji.files import resource_folder
from gongji.store.pinyin import FULL, fold, item_words

# The first letter of every character that has readings with different ones, as a pharmacist says it. Written by hand.
_LETTERS = """
丁=d 万=w 乃=n 乐=l 乙=y 任=r 位=w 体=t 便=b 倍=b 儿=e 免=m 内=n 冰=b 净=j 刺=c 前=q 剥=b 副=f 包=b 匮=k 半=b 单=d 卡=k
参=s 可=k 叶=y 号=h 司=s 合=h 吡=b 吲=y 味=w 呼=h 咀=j 咖=k 咳=k 哌=p 唑=z 啡=f 噁=e 圣=s 块=k 声=s 夏=x 大=d 奇=q 奋=f
奥=a 宁=n 射=s 尿=n 帕=p 干=g 平=p 度=d 弹=t 强=q 感=g 抗=k 折=z 拔=b 排=p 接=j 控=k 插=c 支=z 方=f 无=w 昔=x 服=f 术=s
杜=d 杷=p 枇=p 果=g 枝=z 枯=k 枸=j 查=c 柴=c 栓=s 格=g 桃=t 桔=j 椎=z 楂=z 次=c 母=m 比=b 氏=s 汀=t 治=z 泌=m 活=h 浅=q
液=y 混=h 温=w 渴=k 溃=k 溴=x 潘=p 灌=g 炎=y 甘=g 瘟=w 百=b 眼=y 石=s 硝=x 硫=l 碱=j 磺=h 祖=z 穴=x 穿=c 立=l 精=j 系=x
红=h 羧=s 耳=e 肢=z 肺=f 胆=d 胍=g 胜=s 胞=b 胶=j 胺=a 能=n 脾=p 腔=q 舒=s 般=b 艾=a 芍=s 芎=x 芥=j 芩=q 芪=q 苦=k 草=c
葡=p 蒲=p 蚕=c 蛇=s 蛤=g 蝎=x 蝶=d 解=j 调=t 豉=c 超=c 车=c 辨=b 达=d 逐=z 部=b 酮=t 醋=c 重=c 阿=a 附=f 降=j 除=c 青=q
颈=j 食=s 餐=c 齐=q 壳=q
"""
LETTERS = dict(pair.split("=") for pair in _LETTERS.split())
PHRASES = {"白术": "bz", "苍术": "cz", "阿胶": "ej", "枸杞": "gq"}
"""Where a character is read otherwise than usually."""


def names() -> list[str]:
    found = set()
    for path in sorted((resource_folder() / "training").glob("*/catalogue.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found |= {row["名称"] for row in csv.DictReader(file)}
    return sorted(found)


def letters(name: str) -> str:
    """The initials of a name where they are not in doubt elsewhere: those of the hand-written table, others from a
    dictionary in which they have one first letter only."""
    from unicodedata import normalize  # noqa: PLC0415

    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415

    found = ""
    folded = fold(name)
    place = 0
    while place < len(folded):
        phrase = PHRASES.get(folded[place : place + 2])
        if phrase is not None:
            found, place = found + phrase, place + 2
            continue
        sign = folded[place]
        firsts = {normalize("NFD", one)[0] for one in PINYIN_DICT.get(ord(sign), "").split(",") if one}
        if len(firsts) > 1 or sign in LETTERS:
            assert sign in LETTERS, f"{sign} in {name} has several readings and nobody has said which is meant"
            found += LETTERS[sign]
        else:
            found += firsts.pop() if firsts else sign
        place += 1
    return found


def test_every_name_of_the_training_catalogues_is_found_by_its_initials() -> None:
    every = names()
    assert len(every) > 600
    wrong = {name: letters(name) for name in every if letters(name) not in item_words(name)}
    assert wrong == {}


@pytest.mark.parametrize(
    ("name", "initials", "full"),
    [
        ("参苓白术散", "slbzs", "shenlingbaizhusan"),
        ("左炔诺孕酮片", "zqnytp", "zuoquenuoyuntongpian"),
        ("莪术", "ez", "ezhu"),
        ("玄参", "xs", "xuanshen"),
        ("苦参", "ks", "kushen"),
        ("没药", "my", "moyao"),
        ("厚朴", "hp", "houpo"),
        ("重楼", "cl", "chonglou"),
        ("薄荷", "bh", "bohe"),
        ("川芎", "cx", "chuanxiong"),
        ("阿胶", "ej", "ejiao"),
        ("阿司匹林", "aspl", "asipilin"),
        ("淡豆豉", "ddc", "dandouchi"),
        ("复方甘草片", "ffgcp", "fufanggancaopian"),
    ],
)
def test_what_pharmacists_type(name: str, initials: str, full: str) -> None:
    assert {initials, FULL + full} <= item_words(name)


def test_a_radical_from_a_pdf_is_the_character_it_looks_like() -> None:
    assert item_words("⻢来酸氯苯那敏片") == item_words("马来酸氯苯那敏片")
    assert item_words("⻩连上清⽚") == item_words("黄连上清片")
