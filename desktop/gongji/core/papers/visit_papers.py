"""What a settlement's paper says of the papers a visit rests on: the prescription, the referral."""

from gongji.core.visits import Prescription, ReferralSlip, Visit


def papers_sentence(visit: Visit) -> str:
    """Return which prescription and which referral a visit rests on; nothing where neither was told."""
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
