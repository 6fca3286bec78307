"""The clinic's own codes beside the national ones: told to the payer once, a hundred at a time."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gongji.desk.upload.scripts.conversation import Conversation
from gongji.desk.upload.scripts.tell_mappings import telling_mappings, unmapped, untold
from gongji.errors import GongjiError
from gongji.payer.envelope import envelope
from gongji.payer.regions import profile
from tests.support.circle import Circle
from tests.support.driving import SENDER
from tests.support.in_the_book import body_of
from tests.support.tables import item, load_rows

NATIONAL = "XJ01CAA040E0010101{:05d}"


def stock(circle: Circle, folder: Path, count: int, mapped: int) -> None:
    rows = [item(编码=f"YP-{place}", 名称=f"药{place}", 起始="2024-01-01", 终止="") for place in range(count)]
    load_rows(circle.counter.store, "catalogue", folder, *rows)
    mappings = [
        {"本院编码": f"YP-{place}", "国家编码": NATIONAL.format(place), "起始": "2025-01-01"} for place in range(mapped)
    ]
    load_rows(circle.counter.store, "mappings", folder, *mappings)


def tell(circle: Circle) -> int:
    talk = Conversation(circle.uploader, telling_mappings(circle.counter, circle.uploader.profile))
    while (outgoing := talk.claim()) is not None:
        talk.record(outgoing, circle.gateway.send(outgoing.infno, outgoing.body))
    return talk.told


def sent(circle: Circle) -> list[list[dict[str, Any]]]:
    reader = circle.counter.store.reader
    numbers = reader.execute("SELECT msgid FROM attempt WHERE infno = '3301' ORDER BY msgid").fetchall()
    bodies = [body_of(reader, msgid) for (msgid,) in numbers]
    return [json.loads(body)["input"]["data"] for body in bodies if body is not None]


def test_what_is_mapped_is_told_once_and_the_rest_stays_on_the_list(circle: Circle, tmp_path: Path) -> None:
    stock(circle, tmp_path, count=103, mapped=102)
    assert [one.code for one in unmapped(circle.counter)] == ["YP-102"]
    assert untold(circle.counter) == 102
    assert tell(circle) == 102
    assert [len(rows) for rows in sent(circle)] == [100, 2]
    row = sent(circle)[0][0]
    assert (row["fixmedins_hilist_id"], row["med_list_codg"], row["list_type"]) == ("YP-0", NATIONAL.format(0), "101")
    assert (row["begndate"], row["enddate"]) == ("2025-01-01", "2099-12-31")
    assert untold(circle.counter) == 0
    assert tell(circle) == 0


def test_what_was_not_accepted_is_told_anew(circle: Circle, tmp_path: Path) -> None:
    stock(circle, tmp_path, count=2, mapped=2)
    circle.there.control("faults", {"kind": "zero_and_error", "infno": "3301"})
    with pytest.raises(GongjiError):
        tell(circle)
    assert untold(circle.counter) == 2
    assert tell(circle) == 2


def test_a_region_has_its_own_node() -> None:
    content = {"data": [{"fixmedins_hilist_id": "A", "fixmedins_hilist_name": "甲", "list_type": "101",
                         "med_list_codg": "X", "begndate": "2025-01-01", "enddate": "2099-12-31"}]}  # fmt: skip
    chosen = replace(profile("guangdong"), deadline_s=60)
    body = envelope("3301", content, "M" * 30, "2025-06-10 09:00:00", SENDER, chosen, "")
    assert list(json.loads(body)["input"]) == ["catalogcompin"]
