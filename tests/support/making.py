"""A counter to print at, and visits that are difficult to print."""

import datetime
import json
from pathlib import Path
from typing import Any

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.printing_settings import PrintingSettings, paper_ways
from gongji.desk.session import Clock, Session
from gongji.desk.settlements.settle import settle_text
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.support.visits import INPATIENT

CLINIC = {"id": "H1", "name": "曲水乡卫生院（虚构）", "type": "township_clinic", "level": "1"}
PERSON = {"id": "530302195001010011", "name": "张秀英（虚构）", "status": "retired"}
DAY = "2026-11-20"


def clock() -> datetime.datetime:
    """A Friday morning."""
    return datetime.datetime(2026, 11, 20, 9, 30, 15, tzinfo=datetime.UTC)


def printing_of(session: Session, *, as_files: bool) -> PrintingSettings:
    """The page 打印 as it is, but with or without files of the papers."""
    return PrintingSettings(ways=paper_ways(session), as_files=as_files, printer="", setup=b"{}")


def counter_in(
    folder: Path, library: Library, area: str = "530300", *, training: bool = True, clock: Clock = clock
) -> Session:
    """A counter of a new book; the operator's password is "口令口令 1"."""
    password = None if training else "口令口令 1"
    one = Beginning(counter="01", area=area, institution=CLINIC, operator="李红", password=password, training=training)
    begin(folder, one, library, clock)
    return open_counter(folder, library, clock, None if training else "李红", password)


def item(index: int, price: str = "12.00", quantity: str = "2", **more: Any) -> dict[str, Any]:
    """A line of the bill."""
    made = {"code": f"A{index:02d}", "name": f"药品{index}", "category": "drug", "class": "A"}
    return {**made, "unit_price": price, "quantity": quantity, **more}


def visit(number: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A visit to the clinic on the day."""
    person = {**PERSON, **more.pop("person", {})}
    made = {"visit_no": number, "area": "530300", "settled_on": DAY, "institution": CLINIC, "person": person}
    return {**made, "lines": list(lines) or [item(1)], "parameters": INPATIENT, **more}


def settled(session: Session, one: dict[str, Any]) -> StoredSettlement:
    """The settlement of a visit."""
    done = settle_text(session, json.dumps(one).encode())
    assert done.stored is not None, done.problems
    return done.stored


LONG_NAME = "复方甘草口服溶液（含阿片粉、樟脑、八角茴香油、愈创甘油醚）外用及口服双用途儿童装（100毫升×1瓶/盒，附量杯）"
FIVE_PAYERS: dict[str, Any] = {
    "area": "511900",
    "settled_on": DAY,
    "person": {"supplements": ["civil_servant", "large_medical"]},
    "accounts": {
        "own": {"balance": "20.00"},
        "family": [{"id": "530302197505050017", "relation": "parent", "balance": "10.00", "authorised": True}],
    },
}


LONG_CLINIC = "巴中市恩阳区兴隆场镇中心卫生院（恩阳区第二人民医院兴隆分院）双河口村卫生室"
LONG_PATIENT = "买买提明·阿卜杜热合曼·吐尔逊江"


def hard_visits() -> dict[str, dict[str, Any]]:
    """Visits that are difficult to print, by the reason."""
    sample = json.loads((resource_folder() / "samples/visits.jsonl").read_text(encoding="utf-8").splitlines()[0])
    long_lines = [item(1, name=LONG_NAME), item(2, name=LONG_NAME * 2), item(3)]
    forty = [item(index, f"{index}.{index:02d}", str(index % 3 + 1)) for index in range(1, 41)]
    five = [item(1, "1000.00", "1"), item(2, "50.00", "1", **{"class": "C"})]
    return {
        "two benefits": sample,
        "long names": visit(
            "V-long", *long_lines, institution={**CLINIC, "name": LONG_CLINIC}, person={"name": LONG_PATIENT}
        ),
        "forty lines": visit("V-forty", *forty),
        "zero": visit("V-zero", item(1, "0.00")),
        "hundred thousand": visit("V-big", item(1, "50000.00"), accumulators={"general.fund": "6000.00"}),
        "five payers": visit("V-five", *five, **FIVE_PAYERS),
        "paid in full": visit("V-full", *five, **{**FIVE_PAYERS, "full_payment": True}),
    }
