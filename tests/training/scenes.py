"""Sample visits: for each area a dozen people at the counter, so that each of its benefits comes up."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.training.people import Link, Someone

Who = Callable[["Crowd"], Someone]
FLEXIBLE = {"employment": "flexible", "near": None, "entitled": True}
MUCH, LITTLE = 10_000, 5_000
Item = tuple[str, str] | tuple[str, str, dict[str, Any]]


class Crowd(NamedTuple):
    """The people of a set, whose accounts pay for them, and of whose year something is known."""

    home: str
    people: list[Someone]
    links: list[Link]
    years: dict[str, dict[str, int]]
    balances: dict[str, int]

    def first(self, fits: Callable[[Someone], bool], area: str = "") -> Someone:
        """Return the first who fits, of those insured here or in the area named."""
        found = next((one for one in self.people if one.area == (area or self.home) and fits(one)), None)
        if found is None:
            raise LookupError("nobody fits a scene")
        return found


class Scene(NamedTuple):
    """Somebody's visit: who, what for, and what else is to be said of it."""

    who: Who
    items: tuple[Item, ...]
    more: dict[str, Any] = {}


def near(accumulator: str, position: str, **wanted: Any) -> Who:
    """Somebody near a threshold."""

    def who(crowd: Crowd) -> Someone:
        return crowd.first(
            lambda one: (
                one.near is not None
                and one.near.accumulator.startswith(accumulator)
                and one.position == position
                and _is(one, wanted)
            )
        )

    return who


def plain(**wanted: Any) -> Who:
    """Somebody entitled who is near no threshold."""
    asked = {"entitled": True, "near": None, **wanted}
    return lambda crowd: crowd.first(lambda one: _is(one, asked) and one.id in crowd.years)


def guest(area: str) -> Who:
    """Somebody insured in another area."""
    return lambda crowd: crowd.first(lambda _: True, area)


def registered(disease: str) -> Who:
    """Somebody registered for a chronic disease, whose cap is not near."""
    return lambda crowd: crowd.first(lambda one: disease in one.diseases and one.near is None and one.entitled)


def unregistered(crowd: Crowd) -> Someone:
    """Return somebody with no registered disease who has used some of the year."""
    return crowd.first(lambda one: not one.diseases and one.near is None and one.id in crowd.years and one.entitled)


def accountless(crowd: Crowd) -> Someone:
    """Return a flexible worker, with a balance though there may be no account."""
    return crowd.first(lambda one: one.insured.status == "employed" and _is(one, FLEXIBLE) and one.id in crowd.balances)


def linked(relation: str, *, authorised: bool = True, area: str | None = None) -> Who:
    """Somebody with little of their own, for whom a relative's account that holds something may pay, or may not."""

    def fits(crowd: Crowd, link: Link, one: Someone) -> bool:
        right_area = not authorised or link.area == (area or one.area)
        useful = crowd.balances.get(link.account, 0) > MUCH and crowd.balances.get(one.id, 0) < LITTLE
        right = link[2:4] == (relation, authorised) and right_area and one.entitled
        return link.person == one.id and right and useful

    return lambda crowd: crowd.first(lambda one: any(fits(crowd, link, one) for link in crowd.links))


def not_entitled(crowd: Crowd) -> Someone:
    """Return somebody who is not entitled at present."""
    return crowd.first(lambda one: not one.entitled)


def _is(one: Someone, wanted: dict[str, Any]) -> bool:
    return all(getattr(one, name) == value for name, value in wanted.items())


VISIT_FEE: Item = ("一般诊疗费", "1")
COLD: tuple[Item, ...] = (VISIT_FEE, ("阿莫西林胶囊", "2"), ("感冒灵颗粒", "1"), ("对乙酰氨基酚片", "1"))
INFUSION: tuple[Item, ...] = (
    VISIT_FEE,
    ("静脉输液", "1"),
    ("静脉输液（第二组起）", "1"),
    ("注射用头孢曲松钠", "2"),
    ("氯化钠注射液", "2"),
    ("一次性使用输液器", "1"),
    ("血常规（五分类）", "1"),
    ("C反应蛋白测定", "1"),
)
PRESCRIPTION: tuple[Item, ...] = (
    ("中医辨证论治费", "1"),
    ("黄芪", "105"),
    ("白术", "70"),
    ("防风", "42.5"),
    ("甘草", "35"),
    ("川贝母", "21"),
    ("中药煎药费", "7"),
)
ACUPUNCTURE: tuple[Item, ...] = (
    VISIT_FEE,
    ("普通针刺", "5"),
    ("电针治疗", "5"),
    ("拔火罐", "3"),
    ("一次性使用针灸针", "40"),
    ("消痛贴膏", "2"),
)
EXAMINED: tuple[Item, ...] = (
    VISIT_FEE,
    ("心电图（十二导联）", "1"),
    ("腹部B超", "1"),
    ("颈部血管彩超", "1"),
    ("CT平扫（胸部）", "1"),
    ("肝功能八项", "1"),
    ("血脂四项", "1"),
)
PRESSURE: tuple[Item, ...] = (("苯磺酸氨氯地平片", "2"), ("厄贝沙坦氢氯噻嗪片", "2"), ("非洛地平缓释片", "1"))
SUGAR: tuple[Item, ...] = (("盐酸二甲双胍缓释片", "3"), ("阿卡波糖片", "4"), ("甘精胰岛素注射液", "2"))
OUTSIDE: tuple[Item, ...] = (VISIT_FEE, ("复方阿胶浆", "1"), ("维生素C泡腾片", "1"), ("医用胶布", "1"))
DEAR: tuple[Item, ...] = (("他克莫司胶囊", "3"), ("吗替麦考酚酯胶囊", "2"), VISIT_FEE)


RESUSCITATED: tuple[Item, ...] = (
    ("急诊诊察费", "1"),
    ("心肺复苏术", "1"),
    ("盐酸肾上腺素注射液", "3"),
    ("心电监测", "6"),
    ("吸氧", "6"),
)


def under(benefit: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Say of each line which benefit it belongs to."""
    return tuple((item[0], item[1], {"benefit": benefit}) for item in items)


SCENES: dict[str, tuple[Scene, ...]] = {
    "530300": (
        Scene(unregistered, COLD),
        Scene(registered("高血压"), (*COLD, *under("chronic", PRESSURE))),
        Scene(near("general.fund", "below"), EXAMINED),
        Scene(near("general.fund", "at"), INFUSION),
        Scene(near("chronic.fund", "below"), SUGAR, {"benefit": "chronic"}),
        Scene(plain(status="retired"), DEAR, {"benefit": "special", "disease": "器官移植术后抗排异治疗"}),
        Scene(
            near("special.deductible", "below"),
            (("甲氨蝶呤片", "2"), ("硫酸羟氯喹片", "4"), ("依托考昔片", "2")),
            {"benefit": "special", "disease": "系统性红斑狼疮"},
        ),
        Scene(
            plain(employment="flexible"),
            (*RESUSCITATED, ("CT平扫（头部）", "1"), ("清创缝合（大）", "1"), ("破伤风人免疫球蛋白", "1")),
            {"benefit": "emergency", "rescue": True},
        ),
        Scene(
            near("negotiated.", "below"),
            (("司美格鲁肽注射液", "1"), ("度拉糖肽注射液", "4")),
            {"benefit": "negotiated"},
        ),
        Scene(
            plain(status="employed"),
            (("混合痔外剥内扎术", "1"), ("盐酸利多卡因注射液", "2"), ("凝血四项", "1"), ("可吸收缝合线", "2")),
            {"benefit": "day_surgery"},
        ),
        Scene(linked("parent"), PRESCRIPTION),
        Scene(linked("parent", area="440100"), ACUPUNCTURE),
        Scene(not_entitled, OUTSIDE),
        Scene(plain(), (VISIT_FEE, ("头孢拉定胶囊", "1"), ("益母草颗粒", "1"))),  # 29.99: under the deductible
        Scene(plain(), (VISIT_FEE, ("心电图（十二导联）", "1"))),  # 30.00
        Scene(plain(), (VISIT_FEE, ("柏子养心丸", "1"), ("元胡止痛片", "1"))),  # 30.01: one fen is paid
        Scene(guest("520300"), INFUSION),
        Scene(guest("445300"), COLD),
    ),
    "520300": (
        Scene(near("general.deductible", "unknown"), COLD),
        Scene(near("general.deductible", "below"), INFUSION),
        Scene(near("general.deductible", "at"), INFUSION),
        Scene(near("general.deductible", "above"), ACUPUNCTURE),
        Scene(near("general.fund", "below"), EXAMINED),
        Scene(near("general.fund", "at"), COLD),
        Scene(plain(status="retired"), PRESCRIPTION),
        Scene(linked("parent"), EXAMINED),
        Scene(linked("parent", area="330100"), COLD),
        Scene(linked("parent", authorised=False), OUTSIDE),
        Scene(plain(status="employed"), (*INFUSION, ("清创缝合（小）", "1")), {"cause": "third_party"}),
        Scene(guest("530300"), COLD),
        Scene(plain(status="retired"), PRESSURE, {"benefit": "chronic"}),
    ),
    "620800": (
        Scene(near("general.deductible", "unknown"), EXAMINED),
        Scene(near("general.deductible", "below"), INFUSION),
        Scene(near("general.deductible", "at"), ACUPUNCTURE),
        Scene(near("general.fund", "below"), EXAMINED),
        Scene(near("general.fund", "at"), PRESCRIPTION),
        Scene(accountless, EXAMINED),
        Scene(plain(status="retired"), (VISIT_FEE, ("非奈利酮片", "2"), ("达格列净片", "2"))),
        Scene(plain(status="retired"), (VISIT_FEE, ("布洛芬混悬液", "1"), ("骨密度测定", "1"))),
        Scene(plain(status="employed", employment="unit"), (VISIT_FEE, ("产科B超", "1", {"use": "antenatal"}))),
        Scene(linked("parent"), (VISIT_FEE, *PRESSURE, *SUGAR)),
        Scene(not_entitled, COLD),
        Scene(
            plain(status="retired", employment="unit"),
            (("急诊诊察费", "1"), ("清创缝合（小）", "1"), ("破伤风人免疫球蛋白", "1")),
        ),
        Scene(guest("530300"), COLD),
        Scene(plain(status="employed"), (("急诊诊察费", "1"), ("洗胃", "1")), {"benefit": "emergency"}),
    ),
    "511900": (
        Scene(near("general.deductible", "below", status="employed"), INFUSION),
        Scene(near("general.deductible", "at", status="retired"), INFUSION),
        Scene(near("general.fund", "below", status="employed"), EXAMINED),
        Scene(near("general.fund", "below", status="retired"), EXAMINED),
        Scene(near("civil_servant.fund", "below"), EXAMINED),
        Scene(near("large_medical.fund", "at"), INFUSION),
        Scene(plain(supplements=("civil_servant", "large_medical")), (*EXAMINED, *ACUPUNCTURE)),
        Scene(near("hypertension.fund", "below"), PRESSURE, {"benefit": "hypertension"}),
        Scene(near("diabetes.fund", "at"), SUGAR, {"benefit": "diabetes"}),
        Scene(unregistered, (*COLD, *under("hypertension", PRESSURE), *under("diabetes", SUGAR))),
        Scene(linked("spouse_parent"), PRESCRIPTION),
        Scene(plain(), (*COLD, ("健康体检套餐（基础）", "1", {"use": "checkup"}))),
        Scene(registered("高血压"), PRESSURE, {"benefit": "hypertension"}),
    ),
    "445300": (
        Scene(near("general.fund", "below"), EXAMINED),
        Scene(near("general.fund", "at"), INFUSION),
        Scene(near("general.fund", "above"), COLD),
        Scene(near("general.fund", "unknown"), COLD),
        Scene(plain(selected=None), COLD),
        Scene(plain(selected="H44539900002"), INFUSION),
        Scene(plain(selected="H44539900002", status="retired"), EXAMINED, {"referral": True}),
        Scene(plain(selected=None), (("急诊诊察费", "1"), ("洗胃", "1")), {"rescue": True}),
        Scene(plain(selected="H44539900001"), ACUPUNCTURE, {"inpatient": True}),
        Scene(
            plain(selected="H44539900001", status="retired"),
            (VISIT_FEE, ("冬病夏治三伏贴", "3", {"use": "tcm_prevention"})),
        ),
        Scene(linked("parent"), PRESCRIPTION),
        Scene(guest("530300"), COLD),
        Scene(plain(selected="H44539900001"), DEAR, {"benefit": "special", "disease": "器官移植术后抗排异治疗"}),
    ),
}
