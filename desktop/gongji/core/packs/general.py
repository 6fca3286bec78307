"""一般不予支付: exclusions that hold for every pack of format 2, so that a new area cannot pay what nobody may.

Each has a name, under which a pack may cite it by a rule of its own or switch it off with an article
(`[general.NAME]`), and a rule here with the national provision behind it, cited where the pack has no rule of that id.
"""

from collections.abc import Callable
from typing import Any

from msgspec import Struct, structs

from gongji.core.packs.accounts import AccountBar, Relation, Relations
from gongji.core.packs.benefits import Refuse
from gongji.core.packs.language import Pack, PackRule, PackSource, Parameter
from gongji.core.packs.lines import LineExclude, LineRefuse, PackGate, VisitNotice

NEAR_RELATIVES = "near_relatives"
"""The parameter, a date, from which further relatives may use an account (G21)."""

_LAW = "社会保险法"
_GUIDANCE = "国办发〔2021〕14号"
_ENROLMENT = "国办发〔2024〕38号"

_SOURCES = {
    "social_insurance_law": PackSource(title="中华人民共和国社会保险法", short=_LAW),
    "outpatient_guidance": PackSource(
        title="国务院办公厅关于建立健全职工基本医疗保险门诊共济保障机制的指导意见", number=_GUIDANCE, short=_GUIDANCE
    ),
    "enrolment_guidance": PackSource(
        title="国务院办公厅关于健全基本医疗保险参保长效机制的指导意见", number=_ENROLMENT, short=_ENROLMENT
    ),
}

# Read against public texts in November 2026: 社会保险法 第二十三、二十八、三十、三十一条 word for word.
# Of 国办发〔2021〕14号 the sentences, but not the numbers of items 二(三) and 二(五); 国办发〔2024〕38号 not at all.
_GISTS = {
    "社会保险法第二十三条": "职工由单位和个人按规定缴费参加职工医保；没有参保、没有按规定缴费的，统筹不付。",
    "社会保险法第二十八条": "符合目录和标准的费用，以及急诊、抢救的费用，按规定由医保基金付。",
    "社会保险法第三十条": (
        "工伤、第三人负担、公共卫生负担和境外就医的费用，医保基金不付；第三人不付或找不到的，基金可先行支付再追偿。"
    ),
    "社会保险法第三十一条": "经办机构与医疗机构、药品经营单位签服务协议，在签了协议的机构发生的费用才由基金结算。",
    "国办发〔2021〕14号二(三)": "普通门诊纳入统筹支付；药店凭外配处方可以结算；符合条件的互联网医疗服务可以纳入。",
    "国办发〔2021〕14号二(五)": "个人账户付定点机构里自己负担的费用；公共卫生、健身、养生保健等花费不能付。",
    "国办发〔2024〕38号": "个人账户共济的范围扩大到近亲属，各地按通知的日期开始。",
}

RULES = {
    "G10": PackRule(article="社会保险法第三十一条", title="非定点机构"),
    "G10-claim": PackRule(
        article="社会保险法第二十八条",
        title="在非定点机构急诊抢救",
        reading="急诊、抢救的费用当场不能结算，仍可向参保地经办机构申请报销。",
    ),
    "G12": PackRule(article="国办发〔2021〕14号二(五)", title="不属医保保障范围的用途"),
    "G12-fund": PackRule(
        article="国办发〔2021〕14号二(五)",
        title="不属医保保障范围的用途，统筹不付",
        reading="条文只写个人账户不能付；这些费用既然不属医保保障范围，统筹也不付。",
    ),
    "G12-checkup": PackRule(
        article="国办发〔2021〕14号二(五)",
        title="健康体检",
        reading="健康体检也看作不属医保保障范围的花费，统筹和个人账户都不付。",
    ),
    "G12-tcm": PackRule(
        article="国办发〔2021〕14号二(五)",
        title="中医治未病",
        reading="“治未病”归入养生保健，统筹和个人账户都不付。",
    ),
    "G14": PackRule(article="社会保险法第三十条", title="医保不予支付的情形"),
    "G14-public-health": PackRule(article="社会保险法第三十条、国办发〔2021〕14号二(五)", title="公共卫生负担的费用"),
    "G15": PackRule(
        article="国办发〔2021〕14号二(三)",
        title="药店购药",
        reading="药店凭处方才由统筹支付，按开方机构的级别结算，且只付药品。",
    ),
    "G15-internet": PackRule(
        article="国办发〔2021〕14号二(三)",
        title="互联网医院",
        reading="本地文件没有写互联网医院；我们按所依托（开方）的实体机构级别结算。",
    ),
    "G17": PackRule(
        article="国办发〔2021〕14号二(三)",
        title="非门诊统筹定点",
        reading="普通门诊只在门诊统筹定点机构由统筹支付。",
    ),
    "G18": PackRule(article="社会保险法第二十三条", title="不在待遇享受期"),
    "G21": PackRule(article="国办发〔2024〕38号", title="近亲属使用共济账户"),
}

_ADVANCE = "第三人不支付或者无法确定第三人的，可凭有关材料向参保地经办机构申请基金先行支付（社会保险法第三十条第二款）"

_BEYOND = ["public_health", "fitness", "wellness"]
_NOT_INSURED = "不属医保保障范围"
_PHARMACY_BENEFITS = {"emergency": "急诊抢救", "day_surgery": "日间手术"}


class Parts(Struct):
    """The records that the general exclusions add to a pack."""

    gates: list[PackGate] = []
    notices: list[VisitNotice] = []
    excludes: list[LineExclude] = []
    refuses: list[LineRefuse] = []
    bars: list[AccountBar] = []
    relations: list[Relations] = []
    pharmacy_refusals: list[tuple[str, Refuse]] = []
    prescriber_level: dict[str, str] = {}


def _gate(notice: str, when: Any, text: str, **more: Any) -> Callable[[Parts, Pack, str], None]:
    def add(parts: Parts, _: Pack, rule: str) -> None:
        parts.gates.append(PackGate(notice=notice, rule=rule, when=when, text=text, **more))

    return add


def _claim_at_agency(parts: Parts, pack: Pack, rule: str) -> None:
    text = "急诊抢救的费用当场不能结算，请收好票据，可到参保地医保经办机构申请报销"
    others = tuple(name for name in pack.benefit if name != "emergency")
    outside = {"designated": False}
    if others:
        rescue = {"designated": False, "rescue": True}
        parts.notices.append(VisitNotice(notice="claim_at_agency", rule=rule, when=rescue, text=text, benefits=others))
    if "emergency" in pack.benefit:
        parts.notices.append(
            VisitNotice(notice="claim_at_agency", rule=rule, when=outside, text=text, benefits=("emergency",))
        )


def _causes(parts: Parts, pack: Pack, rule: str) -> None:
    for cause, text, advice in (
        ("work_injury", "属于应由工伤保险支付的费用", None),
        ("third_party", "属于应由第三人负担的费用", _ADVANCE),
        ("overseas", "属于在境外就医的费用", None),
    ):
        _gate("cause_not_covered", {"cause": cause}, text, advice=advice)(parts, pack, rule)


def _not_pooled(parts: Parts, pack: Pack, rule: str) -> None:
    when, text = {"designated": True, "pooled": False}, "不是门诊统筹定点机构"
    benefits = tuple(name for name in pack.benefit if name == pack.default_benefit)
    _gate("not_pooled_institution", when, text, benefits=benefits)(parts, pack, rule)


def _exclude(when: Any, text: str) -> Callable[[Parts, Pack, str], None]:
    def add(parts: Parts, _: Pack, rule: str) -> None:
        parts.excludes.append(LineExclude(rule=rule, when=when, text=text))

    return add


def _bar(use: Any) -> Callable[[Parts, Pack, str], None]:
    def add(parts: Parts, _: Pack, rule: str) -> None:
        parts.bars.append(AccountBar(rule=rule, when={"use": use}, text="个人账户不能支付"))

    return add


def _pharmacy_services(parts: Parts, pack: Pack, rule: str) -> None:
    when = {"institution_type": "pharmacy", "category": "service"}
    text = "药店不能结算诊疗项目，请删去这一行或更正类别"
    parts.refuses.append(LineRefuse(rule=rule, field="category", when=when, text=text))
    for name, words in _PHARMACY_BENEFITS.items():
        if name in pack.benefit:
            refusal = f"药店不能按{words}结算，请改按其他待遇结算"
            refuse = Refuse(code="invalid_input", rule=rule, when={"institution_type": "pharmacy"}, text=refusal)
            parts.pharmacy_refusals.append((name, refuse))


def _at(kind: str) -> Callable[[Parts, Pack, str], None]:
    def add(parts: Parts, _: Pack, rule: str) -> None:
        parts.prescriber_level[kind] = rule

    return add


def _near_relatives(parts: Parts, _: Pack, rule: str) -> None:
    allowed: tuple[Relation, ...] = ("sibling", "grandparent", "grandchild")
    parts.relations.append(Relations(rule=rule, allowed=allowed, parameter=NEAR_RELATIVES))


GENERAL: dict[str, tuple[str, str, Callable[[Parts, Pack, str], None]]] = {
    "not_designated": (
        "非定点机构，统筹和账户都不付",
        "G10",
        _gate("not_designated", {"designated": False}, "不是定点医药机构", accounts=False),
    ),
    "claim_at_agency": ("非定点机构急诊抢救，可事后报销", "G10-claim", _claim_at_agency),
    "not_entitled": (
        "不在待遇享受期，统筹不付",
        "G18",
        _gate("not_entitled", {"entitled": False}, "患者当日不在医保待遇享受期"),
    ),
    "cause": ("工伤、第三人、境外就医，统筹不付", "G14", _causes),
    "cause_public_health": (
        "公共卫生负担的，统筹和账户都不付",
        "G14-public-health",
        _gate("cause_not_covered", {"cause": "public_health"}, "属于应由公共卫生负担的费用", accounts=False),
    ),
    "not_pooled": ("非门诊统筹定点，普通门诊统筹不付", "G17", _not_pooled),
    "no_prescription": (
        "药店没有处方，统筹不付",
        "G15",
        _gate(
            "no_prescription",
            {"designated": True, "institution_type": "pharmacy", "prescribed": False},
            "在药店购药没有处方",
        ),
    ),
    "uses": ("公共卫生、健身、养生保健，统筹不付", "G12-fund", _exclude({"use": _BEYOND}, _NOT_INSURED)),
    "checkup": ("健康体检，统筹不付", "G12-checkup", _exclude({"use": "checkup"}, _NOT_INSURED)),
    "tcm": (
        "中医治未病，统筹不付",
        "G12-tcm",
        _exclude({"use": "tcm_prevention"}, "中医“治未病”不属统筹支付范围"),
    ),
    "account_uses": ("公共卫生、健身、养生保健，账户不付", "G12", _bar(_BEYOND)),
    "account_checkup": ("健康体检，账户不付", "G12-checkup", _bar("checkup")),
    "account_tcm": ("中医治未病，账户不付", "G12-tcm", _bar("tcm_prevention")),
    "pharmacy_goods": (
        "药店里只有药品由统筹付",
        "G15",
        _exclude({"institution_type": "pharmacy", "category": "consumable"}, "药店只有药品可由统筹支付"),
    ),
    "pharmacy_services": ("药店不结算诊疗项目、急诊抢救和日间手术", "G15", _pharmacy_services),
    "pharmacy_level": ("药店按开方机构的级别", "G15", _at("pharmacy")),
    "internet_level": ("互联网医院按依托机构的级别", "G15-internet", _at("internet_hospital")),
    "near_relatives": ("近亲属按通知的日期使用共济账户", "G21", _near_relatives),
}
"""Each general exclusion: its meaning, the rule cited where a pack has none, and the records it adds."""


_OF_ACCOUNTS = {"account_uses", "account_checkup", "account_tcm", "near_relatives"}
"""Those about accounts, which do not apply where there are none."""


def complete(pack: Pack) -> Pack:
    """Return a pack of format 2 with the general exclusions added; one of format 1 unchanged.

    What a pack writes itself comes before what is added, so that its own citation counts where both hold.
    """
    if pack.format == 1:
        return pack
    parts, cited = Parts(), set[str]()
    for name, (_, usual, add) in GENERAL.items():
        said = pack.general.get(name)
        if (said is not None and said.off) or (pack.accounts.none and name in _OF_ACCOUNTS):
            continue
        rule = usual if said is None else said.rule
        add(parts, pack, rule)
        cited.add(rule)
    added = {rule: RULES[rule] for rule in RULES if rule in cited and rule not in pack.rule}
    benefits = dict(pack.benefit)
    for name, refuse in parts.pharmacy_refusals:
        benefits[name] = structs.replace(benefits[name], refuse=(*benefits[name].refuse, refuse))
    articles = [article for rule in added.values() for article in rule.article.split("、")]
    parameters = dict(pack.parameter)
    if parts.relations:
        rule, name = parts.relations[0].rule, "近亲属使用共济账户的开始日期"
        parameter = Parameter(kind="date", unit="日期，如 2025-01-01", name=name, rule=rule)
        parameters.setdefault(NEAR_RELATIVES, parameter)
    return structs.replace(
        pack,
        source={**pack.source, **_sources(pack, articles)},
        gist={**pack.gist, **{one: _GISTS[one] for one in articles if one not in pack.gist}},
        rule={**pack.rule, **added},
        prescriber_level={**parts.prescriber_level, **pack.prescriber_level},
        parameter=parameters,
        lines=structs.replace(
            pack.lines,
            refuse=(*pack.lines.refuse, *parts.refuses),
            exclude=(*pack.lines.exclude, *parts.excludes),
        ),
        gate=(*pack.gate, *parts.gates),
        notice=(*pack.notice, *parts.notices),
        benefit=benefits,
        accounts=structs.replace(
            pack.accounts,
            relations=(*pack.accounts.relations, *parts.relations),
            bar=(*pack.accounts.bar, *parts.bars),
        ),
    )


def _sources(pack: Pack, articles: list[str]) -> dict[str, PackSource]:
    """Return the national documents whose articles were added and which the pack does not name itself."""
    titles = {one.title for one in pack.source.values()}
    return {
        key: source
        for key, source in _SOURCES.items()
        if source.title not in titles and any(one.startswith(source.short) for one in articles)
    }
