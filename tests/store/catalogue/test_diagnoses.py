"""The clinic's lists for what a visit carries: diagnoses, doctors, national codes, limits; all dated."""

import datetime
from pathlib import Path

import pytest

from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.session import Session
from gongji.desk.visits.care import usual_care
from gongji.store.catalogue.code_mappings import (
    is_national,
    keep_accepted,
    mappings_to_tell,
    national_codes,
    unmapped_items,
)
from gongji.store.catalogue.diagnoses import find_diagnoses
from gongji.store.catalogue.doctors import doctors_on
from gongji.store.catalogue.items import restrictions_on
from tests.support.tables import AT, item, load_rows

DAY = datetime.date(2025, 6, 10)
COLD = {"诊断编码": "J06.900", "诊断名称": "急性上呼吸道感染", "起始": "2024-01-01"}
PRESSURE = {"诊断编码": "I10.x00x002", "诊断名称": "高血压", "起始": "2024-01-01"}


@pytest.fixture
def listed(session: Session, tmp_path: Path) -> Session:
    ended = {"诊断编码": "J00.x00", "诊断名称": "急性鼻咽炎", "起始": "2020-01-01", "终止": "2024-12-31"}
    renamed = {**PRESSURE, "诊断名称": "原发性高血压", "起始": "2026-01-01"}
    rows = [{"终止": "", **row} for row in (COLD, PRESSURE, ended, renamed)]
    assert load_rows(session.store, "diagnoses", tmp_path, *rows).kept
    return session


@pytest.mark.parametrize("typed", ["J06", "j06.9", "急性上", "呼吸道", "jxshxdgr", "jixingshang"])
def test_a_diagnosis_is_found_as_an_item_is(listed: Session, typed: str) -> None:
    assert [one.code for one in find_diagnoses(listed.store.reader, typed, DAY, 5)] == ["J06.900"]


def test_the_edition_in_force_counts(listed: Session) -> None:
    def names(typed: str, day: datetime.date) -> list[str]:
        return [one.name for one in find_diagnoses(listed.store.reader, typed, day, 5)]

    assert names("I10", DAY) == ["高血压"]
    assert names("I10", datetime.date(2026, 6, 1)) == ["原发性高血压"]
    assert names("J00", DAY) == []
    assert names("J00", datetime.date(2024, 6, 1)) == ["急性鼻咽炎"]


def test_the_same_list_again_changes_nothing(listed: Session, tmp_path: Path) -> None:
    report = load_rows(listed.store, "diagnoses", tmp_path, COLD)
    assert (report.counts.unchanged, report.counts.new, report.counts.changed) == (1, 0, 0)
    corrected = load_rows(listed.store, "diagnoses", tmp_path, {**COLD, "诊断名称": "上呼吸道感染"})
    assert corrected.counts.changed == 1
    (found,) = find_diagnoses(listed.store.reader, "shxd", DAY, 5)
    assert found.name == "上呼吸道感染"
    assert list(verify(listed.folder, listed.store, listed.library, lambda *_: None)) == []


def doctor(code: str, name: str, starts: str, ends: str = "") -> dict[str, str]:
    return {
        "医师编码": code, "姓名": name, "科室编码": "A03.01", "科室": "呼吸内科", "起始": starts, "终止": ends,
    }  # fmt: skip


def test_a_doctor_works_from_a_day_to_a_day(session: Session, tmp_path: Path) -> None:
    load_rows(
        session.store, "doctors", tmp_path,
        doctor("D530302000123", "王医生", "2024-01-01"),
        doctor("D530302000124", "李医生", "2025-06-11"),
        doctor("D530302000125", "赵医生", "2023-01-01", "2025-06-09"),
    )  # fmt: skip
    assert [one.name for one in doctors_on(session.store.reader, DAY)] == ["王医生"]
    assert usual_care(session, DAY).doctor == doctors_on(session.store.reader, DAY)[0]
    later = datetime.date(2025, 6, 11)
    assert [one.name for one in doctors_on(session.store.reader, later)] == ["李医生", "王医生"]
    assert usual_care(session, later).doctor is None


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("XA10BAE037A001010104022", True),
        ("ZA01AAA0002010101234", True),
        ("T001700040", True),
        ("C0101010010000100005", True),
        ("001101000010000", True),
        ("X1", False),
        ("YP-000123", False),
        ("6901234567892", False),
    ],
)
def test_a_national_code_is_known_by_its_shape(code: str, known: bool) -> None:
    assert is_national(code) is known


def test_what_has_no_national_code_is_listed_until_it_is_mapped(session: Session, tmp_path: Path) -> None:
    national = item(编码="XA10BAE037A001010104022", 名称="二甲双胍片", 起始="2024-01-01")
    load_rows(session.store, "catalogue", tmp_path, item(编码="YP-1", 名称="甲药", 起始="2024-01-01"), national)
    reader = session.store.reader
    assert [one.code for one in unmapped_items(reader, DAY)] == ["YP-1"]
    mapping = {"本院编码": "YP-1", "国家编码": "XJ01CAA040E001010101445", "起始": "2025-01-01", "终止": "2025-12-31"}
    load_rows(session.store, "mappings", tmp_path, mapping)
    assert unmapped_items(reader, DAY) == []
    assert [one.code for one in unmapped_items(reader, datetime.date(2026, 1, 1))] == ["YP-1"]
    assert national_codes(reader, ["YP-1", "X"], "2025-06-10") == {"YP-1": mapping["国家编码"]}
    (told,) = mappings_to_tell(reader, 100)
    assert (told.code, told.national_code, told.name, told.category) == ("YP-1", mapping["国家编码"], "甲药", "drug")
    with session.store.write() as connection:
        keep_accepted(connection, [told], AT)
    assert mappings_to_tell(reader, 100) == []
    load_rows(session.store, "mappings", tmp_path, {**mapping, "国家编码": "XJ01CAA040E001010101446"})
    assert national_codes(reader, ["YP-1"], "2025-06-10") == {"YP-1": "XJ01CAA040E001010101446"}
    assert len(mappings_to_tell(reader, 100)) == 1  # the corrected one is to be told anew


def test_a_limit_holds_from_a_day_until_it_is_lifted(session: Session, tmp_path: Path) -> None:
    limit = {"编码": "YP-1", "限定支付范围": "限二级及以上医疗机构", "起始": "2025-01-01"}
    load_rows(session.store, "restrictions", tmp_path, limit, {**limit, "限定支付范围": "", "起始": "2026-01-01"})
    reader = session.store.reader
    assert restrictions_on(reader, ["YP-1", "YP-2"], "2025-06-10") == {"YP-1": limit["限定支付范围"]}
    assert restrictions_on(reader, ["YP-1"], "2024-12-31") == {}
    assert restrictions_on(reader, ["YP-1"], "2026-06-10") == {}


def test_days_the_wrong_way_round_are_refused(session: Session, tmp_path: Path) -> None:
    report = load_rows(session.store, "doctors", tmp_path, doctor("D1", "王医生", "2025-01-01", "2024-01-01"))
    assert not report.kept
    assert [wrong.column for row in report.refused for wrong in row.wrong] == ["终止"]
