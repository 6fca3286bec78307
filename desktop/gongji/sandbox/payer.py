"""The payer: takes a message, enforces the interface, does what it asks once, and answers."""

import datetime
import hashlib
from collections.abc import Callable
from sqlite3 import Connection
from typing import Any

from msgspec import ValidationError, convert, json
from msgspec.structs import replace

from gongji.core.dates import CHINA, stamp
from gongji.core.strict_json import decode
from gongji.pack_files.library import Library
from gongji.sandbox import manners
from gongji.sandbox.auth import digest_objection
from gongji.sandbox.db import Platform
from gongji.sandbox.handlers import catalogue, queries, registration, settlement, statements
from gongji.sandbox.messages import Envelope, MisshapenError, RefusedError
from gongji.sandbox.request import Call, Options

Clock = Callable[[], datetime.datetime]
Handler = Callable[[Call], dict[str, Any]]

_LONGEST_WORDS = 200
_HANDLERS: dict[str, Handler] = {
    "9001": queries.sign_in,
    "1101": queries.who_is,
    "1162": queries.decode_voucher,
    "2001": queries.entitlement,
    "5206": queries.totals,
    "5302": registration.chosen,
    "2201": registration.register,
    "2202": registration.withdraw,
    "2203": registration.describe,
    "2204": registration.charge,
    "2205": registration.clear,
    "2206": settlement.preview,
    "2207": settlement.settle,
    "2208": settlement.cancel,
    "2601": settlement.reverse,
    "2505": registration.choose,
    "2506": registration.unchoose,
    "3301": catalogue.compare_codes,
    "5201": queries.visits,
    "5203": queries.settlement,
    "5204": queries.lines,
    "3201": statements.compare_totals,
    "3202": statements.compare_details,
    "9101": statements.upload,
    **dict.fromkeys(catalogue.FILES, catalogue.download),
    **dict.fromkeys(catalogue.PAGES, catalogue.query),
}
_EFFECTIVE = {"2201", "2202", "2203", "2204", "2205", "2207", "2208", "2505", "2506", "2601"}
"""Messages that change something: these are stored, and recognised by their msgid."""


class Payer:
    """Answers messages from its own file, by the packs."""

    def __init__(self, platform: Platform, library: Library, clock: Clock, options: Options) -> None:
        """Take the file, the packs, the time and how to behave."""
        self.platform = platform
        self.library = library
        self.options = options
        self._clock = clock
        self._serial = 0

    def now(self) -> str:
        """Return the stamp of now by the payer's clock."""
        return stamp(self._clock())

    def answer(self, body: bytes) -> bytes:
        """Return the answer to a message; what it changes is kept before this returns."""
        value, problems = decode(body)
        if problems:
            return self._told(None, problem=f"报文不是合法的 JSON：{problems[0].message}")
        try:
            envelope = convert(value, Envelope)
        except ValidationError as error:
            return self._told(None, problem=f"报文头不合接口规范：{error}")
        manner = self.options.manner
        handler = _HANDLERS.get(envelope.infno.removesuffix("A"))
        if handler is None:
            return self._told(envelope, problem=f"练习平台不办 {envelope.infno}")
        objection = digest_objection(body) or ("" if manner is None else manners.objection(manner, envelope))
        if objection:
            return self._told(envelope, problem=objection)
        if manner is not None:
            envelope = replace(envelope, input=manners.understood(manner, envelope))
        with self.platform.write() as connection:
            return self._answered(connection, envelope, handler, hashlib.sha256(body).hexdigest())

    def file(self, body: bytes) -> bytes | None:
        """Return the file that a 9102 asks for; None where there is none."""
        value, problems = decode(body)
        return None if problems else statements.download(self.platform.connection, value)

    def _answered(self, connection: Connection, envelope: Envelope, handler: Handler, sha256: str) -> bytes:
        keeps = envelope.infno.removesuffix("A") in _EFFECTIVE
        if keeps and self.options.dedupe:
            row = connection.execute("SELECT sha256, answer FROM message WHERE msgid = ?", (envelope.msgid,)).fetchone()
            if row is not None:
                return bytes(row[1]) if row[0] == sha256 else self._told(envelope, problem="报文 ID 重复，内容不同")
        barred = connection.execute("SELECT 1 FROM barred WHERE msgid = ?", (envelope.msgid,)).fetchone()
        if keeps and barred is not None:
            return self._told(envelope, problem="该报文在到达之前已被冲正，不予办理")
        call = Call(connection, self.library, self.options, envelope, self.now())
        connection.execute("SAVEPOINT one")
        done = True
        try:
            answer = self._told(envelope, output=handler(call))
        except (RefusedError, MisshapenError) as error:
            connection.execute("ROLLBACK TO one")
            done, answer = False, self._told(envelope, problem=str(error))
        connection.execute("RELEASE one")
        for msgid in call.bars:
            connection.execute("INSERT OR IGNORE INTO barred (msgid, at) VALUES (?, ?)", (msgid, call.at))
        if keeps:
            connection.execute(
                "INSERT OR REPLACE INTO message (msgid, infno, certno, sha256, done, answer, at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (envelope.msgid, envelope.infno, call.certno, sha256, done, answer, call.at),
            )
        return answer

    def _told(self, envelope: Envelope | None, output: dict[str, Any] | None = None, problem: str = "") -> bytes:
        """Return an answer; it repeats the message's infno and msgid, as the profile `practice` asks."""
        moment = self._clock().astimezone(CHINA)
        at = moment.strftime("%Y%m%d%H%M%S")
        self._serial = (self._serial + 1) % 10**10
        infcode: int | str = -1 if output is None else 0
        found: dict[str, Any] = {
            "infcode": infcode if self.options.infcode == "number" else str(infcode),
            "inf_refmsgid": f"{'000000' if envelope is None else envelope.mdtrtarea_admvs}{at}{self._serial:010d}",
            "refmsg_time": f"{at}{moment.microsecond // 1000:03d}",
            "respond_time": f"{at}{moment.microsecond // 1000:03d}",
            "err_msg": problem[:_LONGEST_WORDS],
            "output": output or {},
        }
        if envelope is not None:
            found = {"infno": envelope.infno, "msgid": envelope.msgid, **found}
        manner = self.options.manner
        if manner is None:
            return json.encode(found)
        return manners.as_the_region_answers(manner, "" if envelope is None else envelope.infno, json.encode(found))
