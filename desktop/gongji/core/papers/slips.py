"""The other papers, as data: reckoning, claim notice, quotation, difference slip, reports.

A slip is a title, entries that say whose it is, and sections of sentences and figures; how it looks is `printing`'s.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from gongji.core.engine.later_claim import how_to_claim
from gongji.core.engine.quote import Quote
from gongji.core.engine.settlement import Settlement
from gongji.core.engine.trace import Step
from gongji.core.identity import masked
from gongji.core.labels import AMOUNT_WORDS
from gongji.core.ledger.giving_back import ByMeans, in_words
from gongji.core.ledger.ledger import BALANCE
from gongji.core.ledger.stored_settlement import Movement, StoredSettlement
from gongji.core.money import capitals, yuan
from gongji.core.packs.language import Pack
from gongji.core.papers.receipt import Issuer
from gongji.core.papers.receipt_split import Split
from gongji.core.visits import Visit


class SlipLine(Struct, frozen=True, kw_only=True):
    """A sentence; `level` 0 is the statement, 1 its explanation; `amount_fen` where it decided an amount."""

    text: str
    level: int = 0
    amount_fen: int | None = None


class Section(Struct, frozen=True, kw_only=True):
    """A part of a slip under its own heading; `is_grid` where it is nothing but labelled figures."""

    heading: str
    said: tuple[SlipLine, ...] = ()
    is_grid: bool = False


class SlipContent(Struct, frozen=True, kw_only=True):
    """A paper beside the receipt; `entries` are labelled texts, `signed` the labels of those who sign it.

    `code` is the text of a square code at the end, with `code_words` beside it; empty where there is none.
    """

    title: str
    no: str
    issuer: Issuer
    entries: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    signed: tuple[str, ...] = ()
    code: str = ""
    code_words: str = ""


def reckoning_slip(stored: StoredSettlement, name: str, issuer: Issuer, pack: Pack) -> SlipContent:
    """为什么是这个数: each amount with its sentence, its article and gist (said once), our reading where it is one."""
    cited: set[str] = set()
    sections = [_steps(part, pack, cited) for part in stored.parts]
    moved = [
        SlipLine(
            text=f"{_moved_title(pack, one, stored)}：本次 {_signed(one.amount_fen)}，此后为 {yuan(one.after_fen)}"
        )
        for one in stored.moved
    ]
    if moved:
        sections.append(Section(heading="累计与余额", said=tuple(moved)))
    return SlipContent(
        title="结算说明（为什么是这个数）",
        no=stored.no,
        issuer=issuer,
        entries=(*_whose(stored, name), ("参保地", pack.area_name), ("依据", _documents(pack))),
        sections=tuple(sections),
    )


def quotation_slip(quote: Quote, visit: Visit, name: str, issuer: Issuer, pack: Pack, at: str) -> SlipContent:
    """预结算说明: what a visit would come to at a moment (a stamp), before anything is settled or paid."""
    cited: set[str] = set()
    amounts = quote.totals
    due = f"按现在录入的项目，总费用 {yuan(amounts.total_fen)}，医保支付 {yuan(amounts.fund_total_fen)}，"
    accounts = f"账户支付 {yuan(amounts.account_own_fen + amounts.account_family_fen)}，"
    first = Section(
        heading="说明",
        said=(
            SlipLine(text="这是结算前算给患者看的，还没有收费，也没有结算，不能作为报销或付款的凭据；以结算单为准。"),
            SlipLine(text=f"{due}{accounts}应付现金", amount_fen=amounts.cash_fen),
        ),
    )
    moved = [
        SlipLine(text=f"{pack.accumulator[key].name if key in pack.accumulator else key}：结算后为 {yuan(fen)}")
        for key, fen in quote.accumulators.items()
    ]
    return SlipContent(
        title="预结算说明（不是结算单）",
        no="",
        issuer=issuer,
        entries=(
            ("姓名", name),
            ("证件号码", masked(visit.person.id)),
            ("就诊日期", visit.settled_on.isoformat()),
            ("试算时间", at),
            ("参保地", pack.area_name),
            ("依据", _documents(pack)),
        ),
        sections=(
            first,
            *(_steps(part, pack, cited) for part in quote.settlements),
            *([Section(heading="年度累计", said=tuple(moved))] if moved else []),
        ),
    )


def _steps(part: Settlement, pack: Pack, cited: set[str]) -> Section:
    benefit = pack.benefit.get(part.benefit)
    said = [one for step in part.trace for one in _step(step, pack, cited)]
    said += [SlipLine(text=f"{notice.text}（{notice.article}）") for notice in part.notices]
    amounts = part.amounts
    figures = "，".join(
        f"{AMOUNT_WORDS[name]} {yuan(getattr(amounts, f'{name}_fen'))}"
        for name in ("total", "fund_total", "account_own", "account_family", "cash")
    )
    return Section(heading=f"{part.benefit if benefit is None else benefit.name}：{figures}", said=tuple(said))


def _step(step: Step, pack: Pack, cited: set[str]) -> Iterator[SlipLine]:
    """Yield a step's sentence with its articles, the gist of each not yet given, and our reading."""
    yield SlipLine(text=f"{step.text}（{step.article}）", amount_fen=step.amount_fen)
    for article in step.article.split("、"):
        gist = pack.gist.get(article)
        if gist and article not in cited:
            cited.add(article)
            yield SlipLine(text=f"{article}：{gist}", level=1)
    if step.reading:
        yield SlipLine(text=f"我们的理解：{step.reading}", level=1)


def _moved_title(pack: Pack, one: Movement, stored: StoredSettlement) -> str:
    if one.key.name == BALANCE:
        return "个人账户余额" if one.key.owner == stored.person_id else f"共济账户（{masked(one.key.owner)}）余额"
    known = pack.accumulator.get(one.key.name)
    return one.key.name if known is None else known.name


def _documents(pack: Pack) -> str:
    return "、".join(f"《{source.title}》{source.number}" for source in pack.source.values())


def _whose(stored: StoredSettlement, name: str) -> tuple[tuple[str, str], ...]:
    return (("姓名", name), ("证件号码", masked(stored.person_id)), ("结算号", stored.no), ("结算时间", stored.at))


def _signed(fen: int) -> str:
    return yuan(fen) if fen < 0 else f"+{yuan(fen)}"


def claim_slip(
    pack: Pack, issuer: Issuer, entries: Iterable[tuple[str, str]], no: str, settled_on: datetime.date, total_fen: int
) -> SlipContent:
    """手工报销告知: what a patient who paid in full on a day does next: how, until when, with which papers."""
    advice = how_to_claim(pack, settled_on, issuer.id)
    article = f"（{pack.rule[pack.claim.rule].article}）" if pack.claim is not None else ""
    said = [
        SlipLine(text=f"本次费用 {yuan(total_fen)} 元没有由医保当场结算，已由您全额支付。"),
        SlipLine(text=f"{advice.sentences[0]}{article}。"),
        *(SlipLine(text=f"{one}。") for one in advice.sentences[1:]),
    ]
    bring = tuple(SlipLine(text=f"{index}. {paper}") for index, paper in enumerate(("本单", *advice.papers), 1))
    how = Section(heading="能否报销" if advice.closed else "怎样报销", said=tuple(said))
    return SlipContent(
        title="全额垫付告知单" if advice.closed else "医保费用报销告知单",
        no=no,
        issuer=issuer,
        entries=tuple(entries),
        sections=(how,) if advice.closed else (how, Section(heading="要带的材料", said=bring)),
        signed=("经办人", "患者签名"),
    )


_FIGURES = {
    "total_fen": "金额合计",
    "fund_fen": "医保统筹基金支付",
    "other_fen": "其他支付",
    "account_fen": "个人账户支付",
    "cash_fen": "个人现金支付",
}


def difference_slip(
    stored: StoredSettlement,
    name: str,
    issuer: Issuer,
    ours: Split,
    theirs: Mapping[str, int],
    no: str = "",
    moved: ByMeans = (),
) -> SlipContent:
    """差额单（多退少补）: what the clinic settled, the result of the agency's review, and the cash difference.

    `theirs` gives the agency's figures in fen under the names of `Split`; a missing one is as ours. `no` is the
    slip's own number, `moved` the means by which the difference is paid.
    """
    said = []
    for figure, label in _FIGURES.items():
        mine, other = getattr(ours, figure), theirs.get(figure, getattr(ours, figure))
        off = f"，相差 {_signed(other - mine)}" if other != mine else "，一致"
        said.append(SlipLine(text=f"{label}：本单位 {yuan(mine)}，经办机构 {yuan(other)}{off}"))
    more_fen = theirs.get("cash_fen", ours.cash_fen) - ours.cash_fen
    act = "应向患者补收" if more_fen > 0 else "应退还患者" if more_fen < 0 else "不需补收或退还"
    words = in_words(moved) if moved else f"现金 {yuan(abs(more_fen))}"
    done = [SlipLine(text=f"{act}{words} 元（{capitals(abs(more_fen))}）" if more_fen else act)]
    return SlipContent(
        title="医保结算差额单（多退少补）",
        no=no or stored.no,
        issuer=issuer,
        entries=(("差额单号", no), *_whose(stored, name)) if no else _whose(stored, name),
        sections=(Section(heading="核对", said=tuple(said)), Section(heading="处理", said=tuple(done))),
        signed=("经办人", "患者签名"),
    )


def report_slip(
    title: str,
    issuer: Issuer,
    entries: Iterable[tuple[str, str]],
    sections: Mapping[str, Iterable[tuple[str, int]]],
    code: tuple[str, str] = ("", ""),
) -> SlipContent:
    """班次、日、月报表: figures (fen) under headings; `code` is the text of a square code and the words beside it."""
    return SlipContent(
        title=title,
        no="",
        issuer=issuer,
        entries=tuple(entries),
        sections=tuple(
            Section(
                heading=heading, said=tuple(SlipLine(text=label, amount_fen=fen) for label, fen in rows), is_grid=True
            )
            for heading, rows in sections.items()
        ),
        signed=("制表人", "复核人"),
        code=code[0],
        code_words=code[1],
    )


class StatementTable(Struct, frozen=True, kw_only=True):
    """Rows under titles; the first `texts` columns are words, the others figures. `total` is the row they add up to."""

    heading: str
    titles: tuple[str, ...]
    texts: int
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    note: str = ""


class StatementContent(Struct, frozen=True, kw_only=True):
    """A report: labelled texts, tables one under the other, the labels of those who sign it."""

    title: str
    issuer: Issuer
    entries: tuple[tuple[str, str], ...]
    tables: tuple[StatementTable, ...]
    signed: tuple[str, ...]
