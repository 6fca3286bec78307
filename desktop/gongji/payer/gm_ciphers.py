"""国密 beyond what a library offers: SM2 signatures under an identity, SM4 for inputs and outputs, SM3.

SM2 here is for signing alone, by the curve and formulas of GB/T 32918: the library we have supports neither another
identity than the default nor the plain form r‖s. Tests compare it with openssl.
"""

import base64
import binascii
import hashlib
import re
import secrets

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gongji.errors import GongjiError


def sm3_bytes(content: bytes) -> bytes:
    """Return the SM3 digest: OpenSSL's where this Python has it, else cryptography's."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", content).digest()
    found = hashes.Hash(hashes.SM3())
    found.update(content)
    return found.finalize()


_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_Point = tuple[int, int] | None
_HEX = re.compile(r"[0-9a-fA-F]{64}\Z")
_IN_DER = b"\x02\x01\x01\x04\x20"  # version 1 and the 32 bytes of an EC private key
_LENGTH = 32
_BLOCK = 16


def _added(one: _Point, other: _Point) -> _Point:
    if one is None or other is None:
        return other if one is None else one
    if one[0] == other[0]:
        if (one[1] + other[1]) % _P == 0:
            return None
        slope = (3 * one[0] * one[0] + _A) * pow(2 * one[1], -1, _P) % _P
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, _P) % _P
    x = (slope * slope - one[0] - other[0]) % _P
    return x, (slope * (one[0] - x) - one[1]) % _P


def _times(number: int, point: _Point = _G) -> tuple[int, int]:
    found: _Point = None
    while number:
        if number & 1:
            found = _added(found, point)
        point = _added(point, point)
        number >>= 1
    assert found is not None
    return found


def private_key(content: bytes) -> int:
    """Return a private key: 64 hexadecimal digits, their base64, or PEM without a password; `GongjiError` if none."""
    text = content.decode("ascii", "replace").strip()
    if _HEX.match(text):
        found = int(text, 16)
    else:
        inside = "".join(line for line in text.splitlines() if not line.startswith("-----"))
        try:
            raw = base64.b64decode(inside, validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        place = raw.find(_IN_DER)
        part = raw if len(raw) == _LENGTH else raw[place + len(_IN_DER) :][:_LENGTH] if place >= 0 else b""
        found = int.from_bytes(part) if len(part) == _LENGTH else 0
    if not 0 < found < _N - 1:
        raise GongjiError("SM2 私钥文件读不懂", "应为 PEM 格式、没有口令的 SM2 私钥，或 64 位十六进制")
    return found


def sm2_signed(key: int, content: bytes, identity: bytes) -> bytes:
    """Return the signature r‖s (64 bytes) of a content under a private key and an identity."""
    public = _times(key)
    numbers = (_A, _B, *_G, *public)
    entity = (len(identity) * 8).to_bytes(2) + identity + b"".join(one.to_bytes(_LENGTH) for one in numbers)
    digest = int.from_bytes(sm3_bytes(sm3_bytes(entity) + content))
    while True:
        nonce = secrets.randbelow(_N - 1) + 1
        r = (digest + _times(nonce)[0]) % _N
        if r == 0 or r + nonce == _N:
            continue
        s = pow(1 + key, -1, _N) * (nonce - r * key) % _N
        if s:
            return r.to_bytes(_LENGTH) + s.to_bytes(_LENGTH)


def as_der(signature: bytes) -> bytes:
    """Return a signature r‖s as the ASN.1 sequence of both."""
    parts = b""
    for half in (signature[:_LENGTH], signature[_LENGTH:]):
        number = half.lstrip(b"\0")
        number = b"\0" + number if number[0] & 0x80 else number
        parts += bytes((2, len(number))) + number
    return bytes((0x30, len(parts))) + parts


def hmac_sm3(secret: bytes, content: bytes) -> bytes:
    """Return the HMAC-SM3 of a content, by the formula: not every Python's hmac knows SM3."""
    padded = (sm3_bytes(secret) if len(secret) > 64 else secret).ljust(64, b"\0")  # noqa: PLR2004  # SM3's block
    inner = sm3_bytes(bytes(one ^ 0x36 for one in padded) + content)
    return sm3_bytes(bytes(one ^ 0x5C for one in padded) + inner)


def sm4_key(text: str, how: str, identity: str) -> bytes:
    """Return the sixteen bytes of an SM4 key: a text's first sixteen, or derived from identity and text.

    "derived" is how the national mobile payment has it: the text enciphered under the identity's first sixteen signs,
    in capital hexadecimal, of that the first sixteen. `GongjiError` where there are too few.
    """
    if how == "derived":
        text = _sm4(_sixteen(identity), text.encode(), enciphers=True).hex().upper()
    return _sixteen(text)


def _sixteen(text: str) -> bytes:
    key = text.encode()[:_BLOCK]
    if len(key) < _BLOCK:
        raise GongjiError("SM4 密钥不足 16 位", "请核对网关的账号和密钥")
    return key


def _sm4(key: bytes, content: bytes, *, enciphers: bool) -> bytes:
    cipher, pad = Cipher(algorithms.SM4(key), modes.ECB()), padding.PKCS7(_BLOCK * 8)  # noqa: S305  # as regions have it
    if enciphers:
        padder, encryptor = pad.padder(), cipher.encryptor()
        return encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()
    decryptor, unpadder = cipher.decryptor(), pad.unpadder()
    whole = decryptor.update(content) + decryptor.finalize()
    return unpadder.update(whole) + unpadder.finalize()


def sm4_enciphered(key: bytes, content: bytes) -> str:
    """Return a content enciphered by SM4-ECB, in base64."""
    return base64.b64encode(_sm4(key, content, enciphers=True)).decode()


def sm4_deciphered(key: bytes, text: str) -> bytes:
    """Return what was enciphered; ValueError where it was not under this key."""
    try:
        return _sm4(key, base64.b64decode(text, validate=True), enciphers=False)
    except binascii.Error as error:
        raise ValueError("not base64") from error
