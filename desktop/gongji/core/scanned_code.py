"""扫到的码: what kind of code a scanner read, judged by its shape alone.

Identity numbers are GB 11643; article numbers GTIN-8, -12, -13 and -14 of GS1, which are one number with leading zeros;
a drug's traceability code has 20 digits of which the first 7 are the product's mark (药品标识码); the
national e-voucher (医保电子凭证) shows 28 digits; a unique device identifier is a GS1 element string that begins with
01 and a GTIN-14.
"""

import re
from enum import Enum

from msgspec import Struct

from gongji.core.identity import is_identity_number

_IDENTITY = re.compile(r"\d{17}[\dX]", re.ASCII)
_GTIN = re.compile(r"\d{8}|\d{12,14}", re.ASCII)
_TRACE = re.compile(r"\d{20}", re.ASCII)
_VOUCHER = re.compile(r"\d{28}", re.ASCII)
_PAPER = re.compile(r"GJ1\*[0-9A-Z*-]+", re.ASCII)
_SYMBOLOGY = re.compile(r"\](?:C1|E0|d2|Q3|e0)", re.ASCII)
"""Prefixes by which a scanner may say which symbology a GS1 code was in."""
_DEVICE = re.compile(r"\(?01\)?(\d{14})(?:[\x1d(\d].*)?", re.ASCII)
_GTIN_DIGITS = 14
_MARK_DIGITS = 7
_SPELLINGS = (8, 12, 13)


class CodeKind(Enum):
    """What kind of thing a code names."""

    PERSON = "person"
    PAPER = "paper"
    VOUCHER = "voucher"
    ARTICLE = "article"
    TRACE = "trace"
    OTHER = "other"


class ScannedCode(Struct, frozen=True):
    """A scanned code as read, its kind, and `key`, under which the book stores what it names.

    `key` is the identity number, the paper's code, the voucher, a GTIN with 14 digits, or a product's mark.
    """

    text: str
    kind: CodeKind
    key: str


def read_scanned(text: str) -> ScannedCode:
    """Return a scanned code; lower case letters are read as upper case, since some scanners type them."""
    read = text.strip()
    code = read.upper()
    if _IDENTITY.fullmatch(code) and is_identity_number(code):
        return ScannedCode(read, CodeKind.PERSON, code)
    if _PAPER.fullmatch(code):
        return ScannedCode(read, CodeKind.PAPER, code)
    if _VOUCHER.fullmatch(code) and not _holds_article(code):
        return ScannedCode(read, CodeKind.VOUCHER, code)
    if _TRACE.fullmatch(code):
        return ScannedCode(read, CodeKind.TRACE, code[:_MARK_DIGITS])
    if _GTIN.fullmatch(code):
        return ScannedCode(read, CodeKind.ARTICLE, code.zfill(_GTIN_DIGITS))
    device = _DEVICE.fullmatch(_SYMBOLOGY.sub("", read, count=1))
    if device is not None and is_gtin(device.group(1)):
        return ScannedCode(read, CodeKind.ARTICLE, device.group(1))
    return ScannedCode(read, CodeKind.OTHER, code)


def is_gtin(digits: str) -> bool:
    """Return whether an article number ends with its check digit."""
    weighted = sum(int(one) * (3 if place % 2 == 0 else 1) for place, one in enumerate(reversed(digits[:-1])))
    return (10 - weighted % 10) % 10 == int(digits[-1])


def spellings(gtin: str) -> tuple[str, ...]:
    """Return every way to write a GTIN of 14 digits: shorter forms leave out leading zeros."""
    shorter = [gtin[-length:] for length in _SPELLINGS if gtin[:-length].strip("0") == ""]
    return (gtin, *reversed(shorter))


def _holds_article(code: str) -> bool:
    """Return whether 28 digits are a GS1 element string (article and batch) rather than an e-voucher."""
    return code.startswith("01") and is_gtin(code[2:16]) and code[16:18] in {"10", "11", "17", "21"}
