"""验单: is a receipt genuine and unchanged, and what did it settle; from the book alone, without a network."""

from msgspec import Struct, json

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.money import yuan
from gongji.core.papers.receipt import Receipt
from gongji.core.papers.receipt_code import Claimed, claimed, digest_of
from gongji.printing.read_pdf import keywords_of, text_of
from gongji.printing.receipt.render import render
from gongji.store.book_file.db import Store
from gongji.store.settlements import receipts, settlements
from gongji.store.settlements.printed_files import fingerprint, is_kept
from gongji.store.signing import signer_of

PDF_BEGINS = b"%PDF"


class Verdict(Struct, frozen=True, kw_only=True):
    """The result for a receipt: is it genuine, the sentences that say why, and what the book has of it."""

    genuine: bool
    sentences: tuple[str, ...]
    claimed: Claimed | None = None
    stored: StoredSettlement | None = None


def check_receipt(store: Store, given: bytes) -> Verdict:
    """Return the verdict on a receipt, from its PDF file or from the text of its square code."""
    if not given.startswith(PDF_BEGINS):
        return _check_code(store, given.decode(errors="replace"))
    verdict = _check_code(store, keywords_of(given))
    if not verdict.genuine or verdict.stored is None:
        return verdict
    return _check_file(store, given, verdict, verdict.stored)


def _check_code(store: Store, text: str) -> Verdict:
    claim = claimed(text)
    if claim is None:
        return _false("没有读到本系统的结算单码；如是扫描的，请把码放平重扫，或改查结算号")
    if not signer_of(store).signed(claim.message, claim.signature):
        return _false("签名不对：不是本收费台开出的，或码里的内容被改动过", claim)
    stored = settlements.by_no(store.reader, claim.no)
    if stored is None:
        return _false(f"签名是本收费台的，但账上没有 {claim.no}，请联系维护人员核对备份", claim)
    kept = receipts.newest(store.reader, stored.serial)
    if kept is None or digest_of(json.decode(kept.content, type=Receipt)) != claim.digest:
        return _false(f"{claim.no} 的码与账上保存的结算单内容不符", claim, stored)
    return Verdict(genuine=True, sentences=tuple(_told(claim, stored)), claimed=claim, stored=stored)


def _false(sentence: str, claim: Claimed | None = None, stored: StoredSettlement | None = None) -> Verdict:
    return Verdict(genuine=False, sentences=(sentence,), claimed=claim, stored=stored)


def _told(claim: Claimed, stored: StoredSettlement) -> list[str]:
    """Return what a genuine receipt settled, to be compared with what is printed on it."""
    split = claim.split
    figures = (
        f"金额合计 {yuan(split.total_fen)}：统筹基金 {yuan(split.fund_fen)}，其他支付 {yuan(split.other_fen)}，"
        f"个人账户 {yuan(split.account_fen)}，现金 {yuan(split.cash_fen)}"
    )
    kind = f"冲销 {stored.voids} 的退费单" if stored.kind == "void" else "结算单"
    sentences = [f"真实有效：{stored.no} 是本收费台 {stored.at} 开出的{kind}，经办 {stored.operator}", figures]
    if stored.voided_by is not None:
        sentences.append(f"注意：这笔结算后来已由 {stored.voided_by} 冲销，此单不再作数")
    return [*sentences, "请核对纸面上的结算号和金额与此一致"]


def _check_file(store: Store, pdf: bytes, verdict: Verdict, stored: StoredSettlement) -> Verdict:
    """Return the verdict on a PDF file: its bytes are the stored ones, or at least every line of text is."""
    kept = receipts.newest(store.reader, stored.serial)
    assert kept is not None
    sha256 = fingerprint(pdf)
    if sha256 == kept.sha256 or is_kept(store.reader, stored.serial, sha256):
        return verdict
    mine = text_of(render(json.decode(kept.content, type=Receipt), kept.format))
    given = text_of(pdf)
    stamps = {f"补打 第 {nth} 次  {at}  {by}" for nth, by, at in receipts.reprints(store.reader, stored.serial)}
    if len(given) == len(mine) and all(_same(one, other, stamps) for one, other in zip(given, mine, strict=True)):
        return verdict
    return _false(f"文件里的文字与账上保存的 {stored.no} 不一致，被改动过", verdict.claimed, stored)


def _same(given: str, mine: str, stamps: set[str]) -> bool:
    """Return whether a page has the same text, apart from the line of a reprint that the book has counted."""
    wanted = {"".join(stamp.split()) for stamp in stamps}
    lines = [line for line in map(_squeezed, given.splitlines()) if line not in wanted]
    return "".join(lines) == _squeezed(mine)


def _squeezed(text: str) -> str:
    return "".join(text.split())
