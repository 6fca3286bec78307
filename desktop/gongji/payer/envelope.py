"""A whole message, as the platform wants it; it is checked against the interface before it leaves.

A sign-in (9001) also says the number of this machine's network card, and its network address.
"""

import base64
import ipaddress
import os
import socket
import uuid
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, json

from gongji.errors import GongjiError
from gongji.payer.gm_ciphers import sm4_deciphered, sm4_enciphered, sm4_key
from gongji.payer.interface import INPUTS, REQUEST
from gongji.payer.regions import Profile
from gongji.payer.schema import UnfitError, faults
from gongji.payer.signing import IDENTITY, SECRET, cainfo, sm3


class SignedInAs(Struct, frozen=True, kw_only=True):
    """The sender: the institution (code and name), the area of care, the operator, and the sign-in's number.

    `anchor` is the line of the book's newest anchor, empty where there is none yet.
    """

    institution: str
    institution_name: str
    area: str
    operator: str
    sign_no: str
    anchor: str = ""


_EACH_TIME = frozenset({"msgid", "inf_time"})
"""What is another in each message's head."""
_CHANGING, _LASTING = (
    "; ".join(short for short in REQUEST.split("; ") if (short.partition(" ")[0] in _EACH_TIME) is changing)
    for changing in (True, False)
)


def envelope(
    infno: str,
    content: dict[str, Any],
    msgid: str,
    at: str,
    sender: SignedInAs,
    profile: Profile,
    insured_area: str = "",
) -> bytes:
    """Return a whole message. Raises `UnfitError` where the interface refuses it, `GongjiError` if signing fails."""
    head = {
        "infno": profile.number(infno),
        "msgid": msgid,
        "mdtrtarea_admvs": sender.area,
        "insuplc_admdvs": insured_area,
        "recer_sys_code": profile.recer_sys_codes.get(infno, profile.recer_sys_code),
        "dev_no": "",
        "dev_safe_info": "",
        "cainfo": "",
        "signtype": profile.signtype,
        "infver": profile.infver,
        "opter_type": "1",
        "opter": sender.operator[:30],
        "opter_name": sender.operator[:50],
        "inf_time": at,
        "fixmedins_code": sender.institution,
        "fixmedins_name": sender.institution_name[: profile.name_length],
        "sign_no": sender.sign_no,
        **profile.envelope,
    }
    if profile.anchor and sender.anchor:
        head[profile.anchor] = sender.anchor
    lasting = tuple((name, value) for name, value in head.items() if name not in _EACH_TIME)
    wrong = [*faults({"": _CHANGING}, head), *_lasting_faults(lasting), *faults(INPUTS[infno], content)]
    if wrong:
        raise UnfitError("；".join(wrong[:5]))
    spelt = _spelt(infno, content, profile)
    plain = json.encode(spelt)
    text = plain if profile.sm2_text == "input" else _sorted(head, profile)
    proven = plain if profile.digest == "sm3" else text
    head["cainfo"] = cainfo(profile.digest, proven, profile.sm2_form, _sm2_identity(profile))
    carried = sm4_enciphered(_sm4_key(profile), plain) if profile.cipher else spelt
    if profile.wrapper:
        return json.encode({"baseData": head, "bizData": carried})
    return json.encode({**head, "input": carried})


@lru_cache(128)
def _lasting_faults(head: tuple[tuple[str, Any], ...]) -> tuple[str, ...]:
    """Return what is wrong with what a head has in common with others, which is nearly all of it."""
    return tuple(faults({"": _LASTING}, dict(head)))


def _sorted(head: dict[str, Any], profile: Profile) -> bytes:
    """Return the fields of a head as `name=value` sorted by name, the caller's secret last."""
    named = [f"{name}={value}" for name, value in sorted(head.items()) if value and name != "cainfo"]
    return "&".join([*named, f"key={_credentials(profile)[1]}"]).encode()


def _sm2_identity(profile: Profile) -> bytes:
    """Return under whose name a region wants an SM2 signature; empty where it is the usual one."""
    if not profile.sm2_id:
        return b""
    identity, secret = _credentials(profile)
    return (identity if profile.sm2_id == "identity" else secret).encode()


def _sm4_key(profile: Profile) -> bytes:
    identity, secret = _credentials(profile)
    return sm4_key(identity if profile.sm4_key == "identity" else secret, profile.sm4_key, identity)


def _credentials(profile: Profile) -> tuple[str, str]:
    """Return our identity at the gateway and the secret, from the environment."""
    identity, secret = os.environ.get(IDENTITY, ""), os.environ.get(SECRET, "")
    if not (identity and secret):
        raise GongjiError(
            f"{profile.title}的报文要签名或加密，还没有账号和密钥", f"请放在环境变量 {IDENTITY} 和 {SECRET} 里"
        )
    return identity, secret


def deciphered(text: str, profile: Profile) -> bytes | None:
    """Return a decrypted output; None where it was not encrypted under our key.

    Raises `GongjiError` where no key was set.
    """
    try:
        return sm4_deciphered(_sm4_key(profile), text)
    except ValueError:
        return None


def as_form(body: bytes) -> tuple[bytes, str]:
    """Return a 9101 as a multipart form, and its content type: the message as `jsonStr`, its file as `file`."""
    value = json.decode(body)
    asked = value["input"]["fsUploadIn"]
    content = base64.b64decode(asked["in"])
    asked["in"] = ""
    boundary = f"gongji{sm3(body)[:24]}"
    name = str(asked["filename"])
    parts = (
        b'Content-Disposition: form-data; name="jsonStr"\r\n\r\n' + json.encode(value),
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode()
        + b"Content-Type: application/octet-stream\r\n\r\n"
        + content,
    )
    rule = f"--{boundary}".encode()
    form = b"".join(rule + b"\r\n" + part + b"\r\n" for part in parts) + rule + b"--\r\n"
    return form, f"multipart/form-data; boundary={boundary}"


def _spelt(infno: str, content: dict[str, Any], profile: Profile) -> dict[str, Any]:
    """Return an input under the region's names for nodes and fields."""
    if not (profile.node or profile.field):
        return content

    def row(one: dict[str, Any]) -> dict[str, Any]:
        return {profile.field.get(f"{infno}.{name}", name): value for name, value in one.items()}

    return {
        profile.node.get(f"{infno}.{node}", node): list(map(row, value)) if isinstance(value, list) else row(value)
        for node, value in content.items()
    }


def reversal(psn_no: str, msgid: str, infno: str, profile: Profile) -> dict[str, Any]:
    """Return the input of a 2601, which reverses what a message did."""
    return {"data": {"psn_no": psn_no, "omsgid": msgid, "oinfno": profile.number(infno)}}


def choice_made(psn_no: str, institution: str, name: str, begins: str, profile: Profile) -> dict[str, Any]:
    """Return the input of a 2505, by which a person chooses an institution (code and name) from a day on (ISO)."""
    return {
        "data": {
            "psn_no": psn_no,
            "tel": "",
            "addr": "",
            "biz_appy_type": profile.biz_appy_type,
            "begndate": begins,
            "enddate": "",
            "fix_srt_no": "1",
            "fixmedins_code": institution,
            "fixmedins_name": name,
            "memo": "",
        }
    }


def choice_withdrawn(psn_no: str, number: str, reason: str) -> dict[str, Any]:
    """Return the input of a 2506, which takes a choice back; `number` is from 2505's answer."""
    return {"data": {"psn_no": psn_no, "trt_dcla_detl_sn": number, "memo": reason}}


NO_CARD = "000000000000"
LOOPBACK = "127.0.0.1"
_MADE_UP = 1 << 40  # no card was found: the number is random, which this bit marks
# a documentation address: nothing is sent, the system only says which source address it would use
_ANYWHERE = "192.0.2.1"
_PORT = 9


@lru_cache(1)
def card_number() -> str:
    """Return the number of the network card, twelve hexadecimal digits; zeros where there is no card."""
    found = uuid.getnode()
    return NO_CARD if found & _MADE_UP else f"{found:012X}"


def own_address(gateway: str) -> str:
    """Return this machine's source address towards a gateway; loopback where there is no network."""
    host = urlsplit(gateway).hostname or _ANYWHERE
    try:
        there = str(ipaddress.ip_address(host))
    except ValueError:  # a name: looking it up might take long
        there = LOOPBACK if host == "localhost" else _ANYWHERE
    family = socket.AF_INET6 if ":" in there else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as line:
            line.connect((there, _PORT))
            found = str(line.getsockname()[0])
    except OSError:
        return LOOPBACK
    return found[:20]  # the interface's limit
