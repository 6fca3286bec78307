"""读卡: who the patient is, by the card in a reader: one small interface, the vendors' driver, and a simulated reader.

All vendors' drivers that we found export the same call of the national card specification: `iReadCardBas(kind, out)`,
which fills `out` with fields separated by `|`: the area that issued the card, the social-security number, the card's
number, its identification code, the name. Without a reader the clerk looks at the card and says so: `SEEN`. Which
driver a counter has is a setting; training has a simulated reader.
"""

import ctypes
import re
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final, Protocol

from msgspec import Struct

from gongji.core.care import Certificate
from gongji.core.ledger.audit import Act
from gongji.core.problems import quoted
from gongji.desk.session import Session
from gongji.desk.visits.search import to_try
from gongji.errors import GongjiError
from gongji.files import path_of
from gongji.store import audit, settings
from gongji.store.engine import Connection

ID_CARD: Final = "02"
E_VOUCHER: Final = "01"
SOCIAL_CARD: Final = "03"
"""Types of certificate on the wire (mdtrt_cert_type)."""
READ: Final = "read"
SEEN: Final = "seen"
_PERSON = re.compile(r"\d{17}[\dXx]\Z", re.ASCII)
_ANY_KIND = 3  # look for a card, contact cards first
_ROOM = 1024
_FIELDS = 5
_LONGEST_NAME = 50


class CardRead(Struct, frozen=True, kw_only=True):
    """The content of a social-security card: issuing area, holder, number and identification code."""

    area: str
    person_id: str
    number: str
    code: str
    name: str

    def __repr__(self) -> str:
        """Show no number."""
        return f"CardRead({self.area})"

    @property
    def certificate(self) -> Certificate:
        """Return the certificate that a visit stores."""
        return Certificate(type=SOCIAL_CARD, number=self.number, card_sn=self.code, checked=READ)


class CardReader(Protocol):
    """A reader of cards."""

    def read(self) -> CardRead:
        """Return the content of the card in the reader. Raises `GongjiError` where there is none or reading fails."""
        ...


def parsed(text: str) -> CardRead:
    """Return the card that a driver's answer describes. Raises `GongjiError` for an invalid answer."""
    cells = [cell.strip() for cell in text.split("|")]
    if len(cells) < _FIELDS or not _PERSON.match(cells[1]) or not cells[2] or not cells[3]:
        raise GongjiError("读出来的卡信息不全", "请重新插卡再读；仍不行的，看卡登记")
    area, person_id, number, code, name = cells[:_FIELDS]
    if not (name.isprintable() and len(name) <= _LONGEST_NAME):
        raise GongjiError("读出来的姓名不对", "请重新插卡再读；仍不行的，看卡登记")
    return CardRead(area=area, person_id=person_id, number=number, code=code, name=name)


class SsCardReader:
    """The vendors' driver (SSCardDriver.dll) on Windows."""

    _driver: Any

    def __init__(self, driver: Path) -> None:
        """Load the driver. Raises `GongjiError` where this is no Windows or it cannot be loaded."""
        loader = vars(ctypes).get("WinDLL")  # exists on Windows only
        if loader is None:
            raise GongjiError("读卡器的驱动只能在 Windows 上用", "这台电脑上请看卡登记")
        try:
            self._driver = loader(str(driver))
        except OSError as error:
            raise GongjiError(f"读卡器的驱动 {driver.name} 装不上", "请核对驱动的位置和位数（64 位）") from error

    def read(self) -> CardRead:
        """Return the content of the card in the reader. Raises `GongjiError` where there is none or reading fails."""
        out = ctypes.create_string_buffer(_ROOM)
        status = int(self._driver.iReadCardBas(_ANY_KIND, out))
        text = out.value.decode("gbk", "replace")
        if status != 0:
            raise GongjiError(f"没有读到卡（{status}）", text if text.isprintable() and text else "请插好卡再读")
        return parsed(text)


class SimulatedCardReader:
    """A reader for practice and tests: one card after another, then none."""

    def __init__(self, answers: Iterable[str]) -> None:
        self._answers = iter(answers)

    def read(self) -> CardRead:
        """Return the next card. Raises `GongjiError` where there is none."""
        text = next(self._answers, None)
        if text is None:
            raise GongjiError("没有读到卡（-1）", "请插好卡再读")
        return parsed(text)


def by_looking(person_id: str) -> Certificate:
    """Return the certificate for an identity card that the clerk looked at: seen, not read."""
    return Certificate(type=ID_CARD, number=person_id, checked=SEEN)


DRIVER_SETTING: Final = "card_reader"


def reader_of(session: Session) -> CardReader:
    """Return the counter's reader: with the driver that was set, for training a simulated one.

    Raises `GongjiError` where there is none.
    """
    driver = settings.get(session.store.reader, DRIVER_SETTING)
    if driver:
        return SsCardReader(Path(driver))
    if session.clinic.training:
        return SimulatedCardReader(_practice_cards(session))
    raise GongjiError("还没有设读卡器", "由管理员在“设置 → 机构”填读卡器驱动的位置；没有读卡器的看证件登记")


def driver_of(session: Session) -> str:
    """Return the path of the reader's driver; empty where none was set."""
    return settings.get(session.store.reader, DRIVER_SETTING) or ""


def checked_driver(driver: str) -> str:
    """Return the path of a reader's driver as it is stored. Raises `GongjiError` where there is no such file."""
    where = driver.strip()
    if where and not path_of(where, "读卡器驱动").is_file():
        raise GongjiError(f"没有读卡器驱动 {quoted(where)}", "请填读卡器厂家的 SSCardDriver.dll 所在的位置")
    return where


def put_driver(session: Session, connection: Connection, where: str) -> None:
    """Store the checked path of the reader's driver in an open transaction, and log it where it is another."""
    if (settings.get(connection, DRIVER_SETTING) or "") != where:
        settings.put(connection, DRIVER_SETTING, where)
        sentence = f"读卡器驱动：{where or '（没有）'}"
        audit.append(connection, session.now(), session.operator, Act.CLINIC, session.clinic.counter, sentence)


def _practice_cards(session: Session) -> Iterator[str]:
    """Yield the cards of people of the training data, one after another, in a cycle."""
    known = to_try(session.clinic.area)
    for place in count():
        number, name = known[place % len(known)] if known else ("530399195001010013", "张秀英")
        code = f"{session.clinic.area}D156000005{int(number[6:14]):016X}"
        yield f"{session.clinic.area}|{number}|X{place % len(known or '1'):08d}|{code}|{name}|"
