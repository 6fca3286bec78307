"""The agency's list of diseases, imported: known under all names, in the book under one, and recomputed for ever."""

import datetime
import json
from pathlib import Path

from gongji.core.engine.policy import Policy
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.imports.import_table import import_file
from gongji.desk.imports.read_table import context_of
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.store.people import people
from gongji.store.settlements import settlements
from tests.support.clinic import AREA, PERSON, line, text, visit
from tests.support.tables import AT, person

TABLE = "统筹区,类别,病种名称,其他名称,国家病种编码\n530300,慢性病,类风湿关节炎,类风湿性关节炎；类风湿,M06900\n"


def bring(session: Session, folder: Path, kind: str, content: str) -> None:
    path = folder / f"{kind}.csv"
    path.write_text(content, encoding="utf-8")
    report = import_file(session.store, kind, path, at=AT, operator="甲", told=context_of(session.library))
    assert report.kept, report.refused
    session.refresh_library()


def chronic(number: str, *diseases: str) -> dict[str, object]:
    registered = {**PERSON, "registrations": {"chronic": list(diseases)}}
    return visit(number, line("100.00"), benefit="chronic", person=registered)


def test_a_disease_is_known_once_the_agencys_table_is_in(session: Session, tmp_path: Path) -> None:
    before = settle_text(session, text(chronic("V1", "类风湿性关节炎")))
    assert [one.field for one in before.problems] == ["person.registrations.chronic"]
    bring(session, tmp_path, "diseases", TABLE)
    done = settle_text(session, text(chronic("V1", "类风湿性关节炎", "类风湿")))
    assert done.stored is not None, done.problems
    assert done.stored.totals.fund_fen == 8_000  # 80 %
    body = settlements.visit_body(session.store.reader, done.stored.serial)
    assert body is not None
    assert json.loads(body)["person"]["registrations"]["chronic"] == ["类风湿关节炎"]
    known = people.find(session.store.reader, PERSON["id"], "2026-12-31")
    assert known is not None
    assert known.diseases == ("类风湿关节炎",)
    assert list(verify(session.folder, session.store, session.library, lambda *_: None)) == []


def test_registrations_are_imported_under_the_names_of_the_list(session: Session, tmp_path: Path) -> None:
    row = person(慢特病登记="高血压病；2型糖尿病；没有的病", 登记起始="2025-03-01", 参保地=AREA)
    bring(session, tmp_path, "people", f"{','.join(row)}\n{','.join(row.values())}\n")
    known = people.find(session.store.reader, row["身份证号"], "2026-11-22")
    assert known is not None
    assert known.diseases == ("高血压", "糖尿病", "没有的病")


def test_a_disease_is_found_by_its_national_code(session: Session, tmp_path: Path) -> None:
    bring(session, tmp_path, "diseases", TABLE)
    policy = session.library.in_force(AREA, datetime.date(2026, 11, 22))
    assert isinstance(policy, Policy)
    for typed in ("M06900", "m06900", "类风湿"):
        found = policy.diseases.find("registered", typed)
        assert found is not None
        assert found.name == "类风湿关节炎"
