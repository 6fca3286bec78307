"""一般不予支付: exclusions that hold for every pack of format 2, so that a new area cannot pay what nobody may.

Each has a name, under which a pack may cite it by a rule of its own or switch it off with an article
(`[general.NAME]`), and a rule here with the national provision behind it, cited where the pack has no rule of that id.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from msgspec import structs

from gongji.core.packs.accounts import AccountBar, Relations
from gongji.core.packs.benefits import Benefit, Refuse
from gongji.core.packs.entries import PackEntry
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
        article="国办发〔2021〕14号二(五)", title="中医治未病", reading="“治未病”归入养生保健，统筹和个人账户都不付。"
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
        article="国办发〔2021〕14号二(三)", title="非门诊统筹定点", reading="普通门诊只在门诊统筹定点机构由统筹支付。"
    ),
    "G18": PackRule(article="社会保险法第二十三条", title="不在待遇享受期"),
    "G21": PackRule(article="国办发〔2024〕38号", title="近亲属使用共济账户"),
}

_ADVANCE = "第三人不支付或者无法确定第三人的，可凭有关材料向参保地经办机构申请基金先行支付（社会保险法第三十条第二款）"

_BEYOND = ["public_health", "fitness", "wellness"]
_NOT_INSURED = "不属医保保障范围"
_PHARMACY_BENEFITS = {"emergency": "急诊抢救", "day_surgery": "日间手术"}

Adds = Callable[[Pack, str], Iterable[PackEntry]]
"""Returns the records that an exclusion adds to a pack, under a rule."""


def _adding(kind: Callable[..., PackEntry], **fields: Any) -> Adds:
    """Return what adds one record, the same to every pack."""
    return lambda _, rule: [kind(rule=rule, **fields)]


def _gate(notice: str, when: Any, text: str, **more: Any) -> Adds:
    return _adding(PackGate, notice=notice, when=when, text=text, **more)


def _claim_at_agency(pack: Pack, rule: str) -> Iterator[VisitNotice]:
    text = "急诊抢救的费用当场不能结算，请收好票据，可到参保地医保经办机构申请报销"
    others = tuple(name for name in pack.benefit if name != "emergency")
    if others:
        rescue = {"designated": False, "rescue": True}
        yield VisitNotice(notice="claim_at_agency", rule=rule, when=rescue, text=text, benefits=others)
    if "emergency" in pack.benefit:
        outside = {"designated": False}
        yield VisitNotice(notice="claim_at_agency", rule=rule, when=outside, text=text, benefits=("emergency",))


def _causes(_: Pack, rule: str) -> Iterator[PackGate]:
    for cause, text, advice in (
        ("work_injury", "属于应由工伤保险支付的费用", None),
        ("third_party", "属于应由第三人负担的费用", _ADVANCE),
        ("overseas", "属于在境外就医的费用", None),
    ):
        yield PackGate(notice="cause_not_covered", rule=rule, when={"cause": cause}, text=text, advice=advice)


def _not_pooled(pack: Pack, rule: str) -> Iterable[PackEntry]:
    when, text = {"designated": True, "pooled": False}, "不是门诊统筹定点机构"
    benefits = tuple(name for name in pack.benefit if name == pack.default_benefit)
    return _gate("not_pooled_institution", when, text, benefits=benefits)(pack, rule)


def _exclude(when: Any, text: str) -> Adds:
    return _adding(LineExclude, when=when, text=text)


def _bar(use: Any) -> Adds:
    return _adding(AccountBar, when={"use": use}, text="个人账户不能支付")


GENERAL: dict[str, tuple[str, str, Adds]] = {
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
    "tcm": ("中医治未病，统筹不付", "G12-tcm", _exclude({"use": "tcm_prevention"}, "中医“治未病”不属统筹支付范围")),
    "account_uses": ("公共卫生、健身、养生保健，账户不付", "G12", _bar(_BEYOND)),
    "account_checkup": ("健康体检，账户不付", "G12-checkup", _bar("checkup")),
    "account_tcm": ("中医治未病，账户不付", "G12-tcm", _bar("tcm_prevention")),
    "pharmacy_goods": (
        "药店里只有药品由统筹付",
        "G15",
        _exclude({"institution_type": "pharmacy", "category": "consumable"}, "药店只有药品可由统筹支付"),
    ),
    "pharmacy_services": (
        "药店不结算诊疗项目、急诊抢救和日间手术",
        "G15",
        _adding(
            LineRefuse,
            field="category",
            when={"institution_type": "pharmacy", "category": "service"},
            text="药店不能结算诊疗项目，请删去这一行或更正类别",
        ),
    ),
    "pharmacy_level": ("药店按开方机构的级别", "G15", lambda _, __: ()),
    "internet_level": ("互联网医院按依托机构的级别", "G15-internet", lambda _, __: ()),
    "near_relatives": (
        "近亲属按通知的日期使用共济账户",
        "G21",
        _adding(Relations, allowed=("sibling", "grandparent", "grandchild"), parameter=NEAR_RELATIVES),
    ),
}
"""Each general exclusion: its meaning, the rule cited where a pack has none, and the records it adds."""

_OF_ACCOUNTS = {"account_uses", "account_checkup", "account_tcm", "near_relatives"}
"""Those about accounts, which do not apply where there are none."""

_LEVELS = {"pharmacy_level": "pharmacy", "internet_level": "internet_hospital"}
"""Those that add no record, but say of a type of institution that the prescriber's level counts there."""

_Kind = TypeVar("_Kind", bound=PackEntry)


def complete(pack: Pack) -> Pack:
    """Return a pack of format 2 with the general exclusions added; one of format 1 unchanged.

    What a pack writes itself comes before what is added, so that its own citation counts where both hold.
    """
    if pack.format == 1:
        return pack
    parts, cited = list[PackEntry](), dict[str, str]()
    for name, (_, usual, adds) in GENERAL.items():
        said = pack.general.get(name)
        if (said is not None and said.off) or (pack.accounts.none and name in _OF_ACCOUNTS):
            continue
        cited[name] = usual if said is None else said.rule
        parts += adds(pack, cited[name])

    def also(kind: type[_Kind], own: tuple[_Kind, ...]) -> tuple[_Kind, ...]:
        return (*own, *(one for one in parts if isinstance(one, kind)))

    rules = {rule: RULES[rule] for rule in RULES if rule in cited.values() and rule not in pack.rule}
    articles = [article for rule in rules.values() for article in rule.article.split("、")]
    parameters = dict(pack.parameter)
    if "near_relatives" in cited:
        unit, name = "日期，如 2025-01-01", "近亲属使用共济账户的开始日期"
        parameters.setdefault(
            NEAR_RELATIVES, Parameter(kind="date", unit=unit, name=name, rule=cited["near_relatives"])
        )
    accounts, lines = pack.accounts, pack.lines
    return structs.replace(
        pack,
        source={**pack.source, **_sources(pack, articles)},
        gist={**pack.gist, **{one: _GISTS[one] for one in articles if one not in pack.gist}},
        rule={**pack.rule, **rules},
        prescriber_level={kind: cited[name] for name, kind in _LEVELS.items() if name in cited} | pack.prescriber_level,
        parameter=parameters,
        lines=structs.replace(lines, refuse=also(LineRefuse, lines.refuse), exclude=also(LineExclude, lines.exclude)),
        gate=also(PackGate, pack.gate),
        notice=also(VisitNotice, pack.notice),
        benefit={name: _refused(name, one, cited.get("pharmacy_services")) for name, one in pack.benefit.items()},
        accounts=structs.replace(
            accounts, relations=also(Relations, accounts.relations), bar=also(AccountBar, accounts.bar)
        ),
    )


def _refused(name: str, benefit: Benefit, rule: str | None) -> Benefit:
    """Return a benefit that a pharmacy cannot settle with the refusal there, under a rule if that holds."""
    if rule is None or name not in _PHARMACY_BENEFITS:
        return benefit
    text = f"药店不能按{_PHARMACY_BENEFITS[name]}结算，请改按其他待遇结算"
    refuse = Refuse(code="invalid_input", rule=rule, when={"institution_type": "pharmacy"}, text=text)
    return structs.replace(benefit, refuse=(*benefit.refuse, refuse))


def _sources(pack: Pack, articles: list[str]) -> dict[str, PackSource]:
    """Return the national documents whose articles were added and which the pack does not name itself."""
    titles = {one.title for one in pack.source.values()}
    return {
        key: source
        for key, source in _SOURCES.items()
        if source.title not in titles and any(one.startswith(source.short) for one in articles)
    }
