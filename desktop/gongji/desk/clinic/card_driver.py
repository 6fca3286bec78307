"""读卡器: which reader of cards this counter has, by its vendor's driver; for training a simulated one."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

from gongji.core.ledger.audit import Act
from gongji.desk.clinic.people_to_try import to_try
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.desk.visits.card_reader import CardReader, SimulatedCardReader, SsCardReader
from gongji.errors import GongjiError
from gongji.store import audit, settings

DRIVER_SETTING: Final = "card_reader"


def reader_of(session: Session) -> CardReader:
    """Return the counter's reader: by the driver somebody has named, for training a simulated one.

    `GongjiError` where there is none.
    """
    driver = settings.get(session.store.reader, DRIVER_SETTING)
    if driver:
        return SsCardReader(Path(driver))
    if session.clinic.training:
        return SimulatedCardReader(_practice_cards(session))
    raise GongjiError("还没有设读卡器", "由管理员在“设置 → 机构”填读卡器驱动的位置；没有读卡器的看证件登记")


def driver_of(session: Session) -> str:
    """Return where the reader's driver is; nothing where nobody has said."""
    return settings.get(session.store.reader, DRIVER_SETTING) or ""


@only("clinic")
def set_driver(session: Session, driver: str) -> None:
    """Keep where the reader's driver is; `GongjiError` where there is no such file."""
    where = driver.strip()
    if where and not Path(where).is_file():
        raise GongjiError(f"没有文件 {where}", "请填读卡器厂家的 SSCardDriver.dll 所在的位置")
    with session.store.write() as connection:
        if (settings.get(connection, DRIVER_SETTING) or "") != where:
            settings.put(connection, DRIVER_SETTING, where)
            told = f"读卡器驱动：{where or '（没有）'}"
            audit.append(connection, session.now(), session.operator, Act.CLINIC, session.clinic.counter, told)


def _practice_cards(session: Session) -> Iterator[str]:
    """Yield the cards of people of the training data, one after another, round and round."""
    known = to_try(session.clinic.area)
    for place in count():
        number, name = known[place % len(known)] if known else ("530399195001010013", "张秀英")
        code = f"{session.clinic.area}D156000005{int(number[6:14]):016X}"
        yield f"{session.clinic.area}|{number}|X{place % len(known or '1'):08d}|{code}|{name}|"
