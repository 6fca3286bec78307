"""结算单 from a settlement: what must be on a patient's receipt, as data; how it looks is `printing`'s.

A receipt is made from what the book holds and is frozen with it: reprinting never computes anything. Every
figure is checked against the identities A1 to A5 (docs/receipts.md) before anything may print.
"""

from collections.abc import Mapping

from msgspec import Struct

from gongji.core.care import Prescription, ReferralSlip
from gongji.core.engine.without_benefit import WORDS as WITHOUT_BENEFIT_WORDS
from gongji.core.engine.without_benefit import pays_nothing
from gongji.core.identity import is_identity_number, masked, sex
from gongji.core.labels import AMOUNT_WORDS, TENDER_WORDS
from gongji.core.ledger.ledger import account_key
from gongji.core.ledger.stored_settlement import FUNDS, TENDERS, StoredSettlement
from gongji.core.money import line_fen, yuan
from gongji.core.packs.dimensions import CONTRACT
from gongji.core.papers.printable import printable
from gongji.core.papers.receipt import (
    SIGN,
    Issuer,
    Receipt,
    ReceiptLine,
    ReceiptNotice,
    ReceiptPart,
    ReceiptPayment,
    check_receipt_sums,
)
from gongji.core.papers.receipt_extra import OtherInfo, other_items
from gongji.core.papers.receipt_split import fee_category, fees_of, split_of
from gongji.core.visits import FeeLine, Visit

INSURANCE = "职工基本医疗保险"


class Catalogued(Struct, frozen=True, kw_only=True):
    """The catalogue's data of an item that a visit lacks: its official heading and its unit."""

    fee_category: str
    unit: str


class ReceiptContext(Struct, frozen=True, kw_only=True):
    """What a receipt says besides the settlement: names of patient, area and benefits, the catalogue, the order.

    `seal` is that of the settlement's log entry, `checker` the 复核人. `year_known` says whether any source had given
    the patient's year when it was settled; `selected` says who was chosen as 选定机构 with this visit, `rests_on` which
    prescription and referral it is based on; `insurance_no` is the payer's number of the patient (医保编号), if known.
    """

    other: OtherInfo
    patient_name: str
    area_name: str
    default_benefit: str
    benefit_names: Mapping[str, str]
    catalogue: Mapping[str, Catalogued]
    seal: str
    checker: str = ""
    year_known: bool = True
    selected: str = ""
    rests_on: str = ""
    insurance_no: str = ""


YEAR_UNKNOWN = "结算时没有获知您本年度的累计，按本机构的记录计算；医保经办机构审核时按全年累计重算，有出入的多退少补。"
"""Printed on the receipt of a visit that was settled on what the clinic knows."""


def receipt_of(
    stored: StoredSettlement,
    visit: Visit,
    issuer: Issuer,
    around: ReceiptContext,
    *,
    original: StoredSettlement | None = None,
) -> Receipt:
    """Return the receipt of a settlement, or of a void with the `original` it reverses and that one's visit.

    Raises `BrokenReceiptError` where the identities do not hold.
    """
    sign = SIGN[stored.kind]
    lines = tuple(_line(one, visit, sign, around) for one in visit.lines)
    custom = around.other.of(stored.area)
    split = split_of(stored.totals, custom.over_price, custom.excluded)
    receipt = Receipt(
        kind=stored.kind,
        no=stored.no,
        receipt_no=stored.receipt_no,
        original_no=stored.voids or "",
        original_receipt_no="" if original is None else original.receipt_no,
        reason=printable(stored.reason),
        visit_no=printable(stored.visit_no),
        at=stored.at,
        settled_on=stored.settled_on,
        issuer=issuer,
        patient_name=around.patient_name,
        patient_id=masked(stored.person_id),
        area=stored.area,
        area_name=around.area_name,
        policy=stored.policy,
        operator=printable(stored.operator),
        checker=around.checker,
        lines=lines,
        fees=fees_of((one.fee_category, one.amount_fen) for one in lines),
        split=split,
        payments=tuple(_payments(stored)),
        parts=tuple(
            ReceiptPart(name=around.benefit_names.get(one.benefit, one.benefit), amounts=one.amounts)
            for one in stored.parts
        ),
        other=other_items(
            around.other,
            stored.area,
            _texts(stored, issuer, around.insurance_no, _in_full(stored)),
            split,
            stored.totals,
        ),
        notices=tuple(_notices(stored, around)),
        seal=around.seal,
        offline=not pays_nothing(stored.policy),
        in_full=_in_full(stored),
    )
    check_receipt_sums(receipt)
    return receipt


def _in_full(stored: StoredSettlement) -> str:
    """Return why no employees' benefit was settled; empty where one was."""
    return WITHOUT_BENEFIT_WORDS[stored.parts[0].benefit] if pays_nothing(stored.policy) else ""


def _line(one: FeeLine, visit: Visit, sign: int, around: ReceiptContext) -> ReceiptLine:
    known = around.catalogue.get(one.code)
    headings = {} if known is None else {one.code: known.fee_category}
    benefit = one.benefit or visit.benefit or around.default_benefit
    return ReceiptLine(
        code=one.code,
        name=printable(one.name or one.code),
        unit="" if known is None else printable(known.unit),
        class_=CONTRACT["class"].words[one.class_],
        fee_category=fee_category(one.code, one.name, one.category, headings),
        benefit=around.benefit_names.get(benefit, benefit),
        unit_price_e4=int(one.unit_price),
        quantity_e4=sign * int(one.quantity),
        amount_fen=sign * line_fen(one.unit_price, one.quantity),
    )


def _payments(stored: StoredSettlement) -> list[ReceiptPayment]:
    """Return who paid how much over all parts; the fund, the account and cash always, others where they paid."""
    sums: dict[str, int] = dict.fromkeys(("fund", "account_own"), 0)
    for one in stored.payments:
        sums[one.means] = sums.get(one.means, 0) + one.amount_fen
    if not any(means in sums for means in TENDERS):
        sums["cash"] = 0
    order = (*FUNDS, "account_own", "account_family", *TENDERS)
    words = {**AMOUNT_WORDS, **TENDER_WORDS}
    return [ReceiptPayment(means=means, label=words[means], amount_fen=sums[means]) for means in order if means in sums]


def _texts(stored: StoredSettlement, issuer: Issuer, insurance_no: str, in_full: str) -> dict[str, str]:
    """Return the texts for the entries of 其他信息 that are not amounts."""
    own = account_key(stored.person_id)
    left = [one.after_fen for one in stored.moved if one.key == own]
    return {
        "visit_no": printable(stored.visit_no),
        "institution_type": CONTRACT["institution_type"].words.get(issuer.type, ""),
        "sex": sex(stored.person_id) if is_identity_number(stored.person_id) else "",
        "settled_on": stored.settled_on,
        "insurance_type": in_full or INSURANCE,
        "insurance_no": printable(insurance_no),
        "settlement_no": stored.no,
        "policy": "" if in_full else stored.policy,
        "account_left": yuan(left[0]) if left else "",
    }


def _notices(stored: StoredSettlement, around: ReceiptContext) -> list[ReceiptNotice]:
    """Return the notices for the patient, each sentence once; what only the book knows comes last."""
    notices = {notice.text: notice.article for part in stored.parts for notice in part.notices}
    if not around.year_known:
        notices[YEAR_UNKNOWN] = ""
    notices |= dict.fromkeys([one for one in (around.selected, around.rests_on) if one], "")
    return [ReceiptNotice(text=text, article=article) for text, article in notices.items()]


def papers_sentence(visit: Visit) -> str:
    """Return which prescription and referral a visit is based on; empty where there is none."""
    said = []
    if visit.prescription is not None:
        said.append(prescription_words(visit.prescription))
    if visit.referral_slip is not None:
        said.append(referral_words(visit.referral_slip))
    return f"{'；'.join(said)}。" if said else ""


def prescription_words(one: Prescription) -> str:
    """Return "处方 CF1，2025-06-16 开，医师 王某，长期处方 28 天"."""
    parts = [f"处方 {one.number}", f"{one.issued_on} 开"]
    parts += [f"医师 {one.doctor}"] if one.doctor else []
    parts += [f"长期处方 {one.long_term_days} 天"] if one.long_term_days else []
    return "，".join(parts)


def referral_words(one: ReferralSlip) -> str:
    """Return "转诊单 ZZ1，有效期 2025-06-01 至 2025-06-30"."""
    return f"转诊单 {one.number}，有效期 {one.valid_from} 至 {one.valid_until}"
