"""An answer (2001) is for one person, benefit, disease and day, and stays for minutes of this PC's own clock."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from gongji.desk.session import Session
from gongji.desk.upload.gateway.gateway_settings import set_gateway
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings
from gongji.desk.upload.scripts.ask_entitlement import AskedPerson, RecentQuestions, should_ask
from tests.desk.upload.gateway.test_gateway_guard import session
from tests.support.clinic import AREA, PERSON

_ = session

ASKED = AskedPerson(
    person_id=PERSON["id"], name="龙天军", area=AREA, benefit="outpatient", settled_on="2025-06-10", disease="高血压"
)
AT = "2025-06-10 09:00:00"


def set_region(session: Session, folder: Path, *, entitlement: bool) -> None:
    region = folder / "region.toml"
    title = 'title = "某地区"\nbased_on = "plain"\n'
    region.write_text(f"{title}entitlement = {str(entitlement).lower()}\n", encoding="utf-8")
    set_gateway(session, GatewaySettings(address="https://10.1.2.3", region=str(region)))


@pytest.mark.parametrize(
    "other", [{"benefit": "chronic"}, {"disease": "糖尿病"}, {"settled_on": "2025-06-11"}, {"person_id": "1"}]
)
def test_the_same_is_not_asked_again_and_another_is(session: Session, tmp_path: Path, other: dict[str, str]) -> None:
    set_region(session, tmp_path, entitlement=True)
    recent = RecentQuestions()
    assert should_ask(session, ASKED, recent, AT)
    recent.note(ASKED, AT)
    assert not should_ask(session, ASKED, recent, "2025-06-10 09:09:00")
    assert should_ask(session, replace(ASKED, **other), recent, AT)
    assert should_ask(session, ASKED, recent, "2025-06-10 09:11:00")
    assert should_ask(session, ASKED, recent, "2025-06-10 08:40:00")  # this PC's clock was put back


def test_where_a_region_has_none_it_is_not_asked(session: Session, tmp_path: Path) -> None:
    assert not should_ask(session, ASKED, RecentQuestions(), AT)
    set_region(session, tmp_path, entitlement=False)
    assert not should_ask(session, ASKED, RecentQuestions(), AT)
