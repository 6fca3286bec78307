"""Names as people of these parts have them: common surnames by weight, given names by generation."""

from random import Random

SURNAMES = {
    "李": 79, "王": 72, "张": 68, "刘": 54, "陈": 45, "杨": 40, "赵": 27, "黄": 22, "周": 21, "吴": 20,
    "徐": 17, "孙": 15, "胡": 13, "朱": 13, "高": 12, "林": 11, "何": 11, "郭": 11, "马": 10, "罗": 9,
    "梁": 8, "宋": 8, "郑": 8, "谢": 7, "韩": 7, "唐": 7, "冯": 6, "于": 6, "董": 6, "程": 5,
    "曹": 5, "袁": 5, "邓": 5, "许": 5, "傅": 5, "沈": 5, "曾": 5, "彭": 5, "吕": 5, "苏": 4,
    "卢": 4, "蒋": 4, "蔡": 4, "贾": 4, "丁": 4, "魏": 4, "薛": 4, "叶": 4, "余": 4, "潘": 4,
    "杜": 4, "戴": 3, "夏": 3, "钟": 3, "汪": 3, "田": 3, "任": 3, "姜": 3, "范": 3, "方": 3,
    "石": 3, "姚": 3, "谭": 3, "廖": 3, "邹": 3, "熊": 3, "金": 3, "陆": 3, "孔": 2, "白": 2,
    "崔": 2, "康": 2, "毛": 2, "邱": 2, "秦": 2, "江": 2, "史": 2, "顾": 2, "侯": 2, "邵": 2,
    "孟": 2, "龙": 2, "段": 2, "雷": 2, "钱": 2, "尹": 2, "黎": 2, "易": 2, "龚": 2, "文": 2,
}  # fmt: skip

# Characters that follow each other in given names, by the last year of birth they are for; one alone now and then.
GIVEN = {
    "男": (
        (1959, "国建文绍志明家正天永光云朝", "华明祥林才富荣贵发昌平生军强", 0.08),
        (1979, "建志永海云光晓立红正", "军强平华明伟东林勇峰斌", 0.30),
        (2020, "子俊宇浩明嘉志泽文", "轩杰豪涛鹏航宇辉阳", 0.30),
    ),
    "女": (
        (1959, "秀桂玉凤兰淑春翠金美琼", "英兰珍芬芳花仙莲香芝华", 0.05),
        (1979, "丽红艳晓海春云雪建", "梅琴萍燕芬霞英玲仙", 0.25),
        (2020, "雨思佳梦晓雅欣诗", "婷琪怡涵雯洁瑶敏", 0.25),
    ),
}

# Namesakes, to be told apart by something else than the name.
NAMESAKES = (
    ("张伟", "男"), ("张伟", "男"), ("张伟", "男"), ("张伟", "男"), ("张伟", "女"), ("李秀英", "女"),
    ("李秀英", "女"), ("李秀英", "女"), ("王芳", "女"), ("王芳", "女"), ("杨丽", "女"), ("杨丽", "女"),
)  # fmt: skip

# Surnames that are read another way than the character usually is; rare characters; compound surnames; names with ·.
UNUSUAL = (
    ("单春梅", "女"), ("曾宪明", "男"), ("解玉珍", "女"), ("仇国栋", "男"), ("查秀兰", "女"), ("区志明", "男"),
    ("朴贞姬", "女"), ("盖文才", "男"), ("覃美莲", "女"), ("乐建华", "男"), ("李𬱖", "男"), ("王㛃", "女"),
    ("陈䶮", "男"), ("张堃", "男"), ("马骉", "男"), ("赵淼", "女"), ("杨犇", "男"), ("欧阳海燕", "女"),
    ("上官云飞", "男"), ("尉迟桂香", "女"), ("吉克·阿呷", "女"), ("沙马·伍牛", "男"),
    ("阿依古丽·买买提", "女"), ("扎西·顿珠", "男"),
)  # fmt: skip


def surname(random: Random, local: str) -> str:
    """Return a surname by its weight; those in `local` are eight times as common here."""
    weights = {**SURNAMES, **{one: 8 * SURNAMES.get(one, 2) for one in local}}
    return random.choices(list(weights), list(weights.values()))[0]


def given_name(random: Random, sex: str, born: int) -> str:
    """Return a given name of somebody's generation."""
    first, last, alone = next((first, last, alone) for until, first, last, alone in GIVEN[sex] if born <= until)
    return random.choice(last) if random.random() < alone else random.choice(first) + random.choice(last)
