"""What the layouts of a receipt share: the same words and the same order on every paper.

The order of 其他信息 is a file: `resources/receipts/other.toml`.
"""

from functools import cache

import msgspec

from gongji.core.ledger.stored_settlement import TENDERS
from gongji.core.money import plain_e4, yuan
from gongji.core.papers.receipt import NOT_FISCAL, NOT_INSURED, OFFLINE, Receipt, ReceiptLine
from gongji.core.papers.receipt_extra import OtherInfo
from gongji.errors import GongjiError
from gongji.files import resource_folder

TRAINING = "培训练习 不作凭证"
SHORT_CLASS = {"甲类": "甲", "乙类": "乙", "丙类": "丙"}


def quantity(line: ReceiptLine) -> str:
    """Return a line's quantity: below zero on a red receipt."""
    return f"-{plain_e4(-line.quantity_e4)}" if line.quantity_e4 < 0 else plain_e4(line.quantity_e4)


def heading(one: Receipt) -> str:
    """Return the paper's title, marked as training if it is."""
    return f"{one.title}（{TRAINING}）" if one.issuer.training else one.title


def head_entries(one: Receipt) -> list[tuple[str, str]]:
    """Return who and when: the labelled texts above the lines."""
    entries = [
        ("姓名", one.patient_name or "（未填）"),
        ("证件号码", one.patient_id),
        ("结算类别", one.in_full) if one.in_full else ("参保地", f"{one.area_name}（{one.area}）"),
        ("结算号", one.no),
        ("单据号", one.receipt_no),
        ("结算时间", one.at),
    ]
    if one.is_void:
        entries += [("冲销原结算", one.original_no), ("原单据号", one.original_receipt_no), ("原因", one.reason)]
    return [(label, text) for label, text in entries if text]


def closing_sentences(one: Receipt) -> list[str]:
    """Return the sentences under the figures: notices of the settlement, then what this paper is and is not."""
    sentences = [f"{notice.text}（{notice.article}）。" if notice.article else notice.text for notice in one.notices]
    return [*sentences, NOT_INSURED if one.in_full else NOT_FISCAL, *([OFFLINE] if one.offline else [])]


def check_words(one: Receipt) -> str:
    """Return the beginning of the log's seal, which links the paper and the book."""
    return f"校验 {one.seal[:12]}" if one.seal else ""


def six_figures(one: Receipt) -> list[tuple[str, int]]:
    """Return the figures of the two splits, in fen: who paid, and what burden the patient's part is."""
    return [(item.label, item.amount_fen) for item in one.other if item.amount_fen is not None]


def other_entries(one: Receipt) -> list[tuple[str, str]]:
    """Return the rest of 其他信息 in its order, and how the cash was paid where not in money alone."""
    entries = [(item.label, item.text) for item in one.other if item.amount_fen is None]
    tenders = [pay for pay in one.payments if pay.means in TENDERS and pay.amount_fen]
    if one.is_void and tenders:
        entries.append(("退款方式", " ".join(f"{pay.label} {yuan(-pay.amount_fen)}" for pay in tenders)))
    elif any(pay.means != "cash" for pay in tenders):
        entries.append(("收款方式", " ".join(f"{pay.label} {yuan(pay.amount_fen)}" for pay in tenders)))
    return entries


@cache
def other_info() -> OtherInfo:
    """Return the order; `GongjiError` where the file is missing or cannot be used."""
    path = resource_folder() / "receipts" / "other.toml"
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=OtherInfo)
    except (OSError, msgspec.DecodeError) as error:
        raise _unusable(str(error)) from error
    unknown = found.unknown()
    if unknown or "default" not in found.area:
        raise _unusable("、".join(unknown) or "default")
    return found


def _unusable(why: str) -> GongjiError:
    return GongjiError(
        f"结算单的项目次序 receipts/other.toml 不能用（{why}），没有打印", "请改正或重新安装程序；结算已经入账不受影响"
    )
