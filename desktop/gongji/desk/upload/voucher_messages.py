"""医保电子凭证: a scanned code is decoded to a token by the platform (1162) before the first message of its visit.

A code is valid for minutes, so one that waited without a network is usually refused. Then, where it is somebody
else's, and where the answer cannot be read, the visit uses the identity number, and the reason is recorded.
"""

from collections.abc import Mapping
from typing import Any

from gongji.core.outbox.replies import Exchange, Unknown
from gongji.desk.upload.record_answer import Outgoing, Recorded, RecordingContext, keep_answer
from gongji.payer import read_answers
from gongji.payer.read_answers import Answer
from gongji.payer.regions import Profile
from gongji.payer.wire_leg import LegData
from gongji.store.engine import Connection
from gongji.store.upload import payer_answers
from gongji.store.upload.payer_answers import DECODED, REFUSED, DecodedVoucher

DECODE = "1162"
_PURPOSE = "01101"
"""用码业务类型: 挂号 and what follows at the window, as the terminals' documents number it."""


def voucher_due(connection: Connection, sheet: LegData, profile: Profile) -> str:
    """Return the code that is to be decoded before a visit's next message; empty where there is none."""
    if profile.voucher != "decoded" or (profile.services and DECODE not in profile.services):
        return ""
    code = sheet.voucher
    return code if code and payer_answers.voucher(connection, code) is None else ""


def content_of(code: str, operator: str, sheet: LegData, profile: Profile) -> dict[str, Any]:
    """Return the input of a 1162."""
    doctor = sheet.care.get("doctor") or {}
    return {
        "data": {
            "ecQrCode": code,
            "businessType": _PURPOSE,
            "operatorId": operator[:30],
            "operatorName": operator[:50],
            "officeId": str(doctor.get("department_code") or profile.department_no),
            "officeName": str(doctor.get("department") or profile.department),
        }
    }


def record_voucher(frame: RecordingContext, outgoing: Outgoing, exchange: Exchange) -> Recorded:
    """Record the platform's answer on a voucher; the lane's visit goes on with it, or without."""
    answer = read_answers.read_answer(exchange, outgoing.infno, outgoing.msgid, frame.profile)
    keep_answer(frame, outgoing, exchange, answer)
    if not isinstance(answer, Answer):
        if isinstance(answer, Unknown):  # asking has no effect there, and a code is valid for minutes: once is enough
            _refused(frame, outgoing, answer.reason)
        return Recorded(text=answer.reason or "平台忙", usable=False)
    if not answer.ok:
        _refused(frame, outgoing, answer.text)
        return Recorded(text=f"医保电子凭证没有解开，按身份证上传：{answer.text}")
    told = answer.output.get("data") or answer.output
    if not isinstance(told, Mapping) or not told.get("ecToken"):
        _refused(frame, outgoing, "平台没有给凭证的令牌")
        return Recorded(text="医保电子凭证没有解开，按身份证上传")
    if str(told.get("idNo") or outgoing.person).upper() != outgoing.person.upper():
        _refused(frame, outgoing, "扫到的凭证是另一个人的")
        return Recorded(text="扫到的医保电子凭证是另一个人的，按身份证上传")
    one = DecodedVoucher(code=outgoing.voucher, person_id=outgoing.person, state=DECODED, token=str(told["ecToken"]))
    payer_answers.put_voucher(frame.connection, one, frame.at)
    return Recorded()


def _refused(frame: RecordingContext, outgoing: Outgoing, why: str) -> None:
    one = DecodedVoucher(code=outgoing.voucher, person_id=outgoing.person, state=REFUSED, text=why)
    payer_answers.put_voucher(frame.connection, one, frame.at)
