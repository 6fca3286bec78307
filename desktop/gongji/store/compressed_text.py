"""Compressed texts in the book, with a dictionary of what they have in common and a related text read first.

A compressed text begins with the number of its format, which no JSON begins with; uncompressed texts of older books
stay as they are. A format with its dictionary never changes once a book was written with it: a new one is added.
"""

import zlib

from gongji.store.errors import StoreError

_FORM = b"\x01"
_MEMORY = 5  # of 9: as good for texts of a few thousand bytes, and four times as fast to start
_ZEROES = '_fen":0,"self_paid_fen":0,"over_price_fen":0,"prepaid_fen":0,"excluded_fen":0,"eligible_fen":'
# The most frequent last. Only words of our own: what packs and catalogues say cannot be foreseen.
_DICTIONARY = (
    "notices四舍五入 支付限额 付后还剩 不予支付（不属医保保障范围）：个人账户不能支付：统筹基金不支付：第 1 个共济账户"
    "丙类项目全自费：超过限价的部分由个人负担：起付标准（每次）年度本次 中先由个人负担 公务员医疗补助大额医疗费用补助"
    "统筹基金（一级及以下，退休）本人个人账户可用 ，应付 ，支付 乙类先行自付：政策范围内费用：self_paidover_price"
    "prepaidexcludedaccount_ownaccount_familycivil_servantlarge_medicaldeductiblecasheligiblefund"
    '"referral":true,"rescue":true,"cause":"prescriber":{"id":"H"grade":"A","disease":"benefit":"chronic","parameters":{'
    '"accounts":{"family":[{"area":"authorised":true,"balance":"relation":"spouse"}],"own":{"balance":"'
    '"accumulators":{"general.deductible":"general.fund":"diagnoses":[{"code":"doctor":{"code":"department":"'
    '{"area":"at":"claim_key":"kind":"void","operator":"original":null,"parts":[{"amounts":{"total'
    f"{_ZEROES}"
    '0,"deductible_fen":0,"fund_fen":0,"civil_servant_fen":0,"large_medical_fen":0,"fund_total_fen":0,"patient_fen":0,'
    '"account_own_fen":0,"account_family_fen":0,"cash_fen":0},"benefit":"general"}],"payments":[{"part":0,"means":"fund",'
    '"account_id":null,"amount_fen":0},{"part":0,"means":"account_own","account_id":"},{"part":0,"means":"cash",'
    '"account_id":null,"amount_fen":0}],"person_id":"policy":"reason":"","receipt_no":"settled_on":"settlement_no":"'
    f'"totals":{{"total{_ZEROES}0,"deductible_fen":0,"visit":{{"area":"institution":{{"grade":"A","id":"H","level":"1",'
    '"name":"卫生院","type":"township_clinic"},"lines":[{"amount":"benefit":"category":"service","class":"C","code":"'
    '"name":"price_ceiling":"quantity":"use":"negotiated":true,"unit_price":"{"category":"consumable","class":"A","code":"'
    '{"category":"drug","class":"B","code":"XA","name":"","prepay_ratio":"0.10","quantity":"1","unit_price":"0.00"},'
    '"person":{"birth_date":"employment":"flexible","entitled":true,"id":"name":"registrations":{"chronic":["'
    '"selected_institution":"status":"employed","supplements":["status":"retired"},"settled_on":"20","visit_no":"'
    '"},"visit_no":"","voids":null,"year_from":"20-01-01"}'
).encode()


def compressed(text: bytes, near: bytes = b"") -> bytes:
    """Return the stored form of a text; `near`, a text that it largely repeats, is needed again to read it."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY + near)
    return _FORM + packer.compress(text) + packer.flush()


def plain(kept: bytes, near: bytes = b"") -> bytes:
    """Return a stored text, compressed or not. Raises `StoreError` where it cannot be read."""
    if kept[:1] != _FORM:
        return kept
    reader = zlib.decompressobj(-zlib.MAX_WBITS, _DICTIONARY + near)
    try:
        text = reader.decompress(kept[1:])
    except zlib.error as error:
        raise StoreError("SQLITE_CORRUPT") from error
    if not reader.eof or reader.unused_data:
        raise StoreError("SQLITE_CORRUPT")
    return text
