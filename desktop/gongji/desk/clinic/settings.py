"""设置: the clinic, its card reader, and whom to call."""

from typing import Any, get_args

from msgspec import json, structs

from gongji.core.identifiers import typed_name
from gongji.core.ledger.audit import Act
from gongji.core.packs.dimensions import CONTRACT
from gongji.core.visits import InstitutionType, read_institution
from gongji.desk.roles import only
from gongji.desk.session import Clinic, Session
from gongji.desk.visits.card_reader import checked_driver, put_driver
from gongji.errors import GongjiError
from gongji.store import audit, settings

INSTITUTION_TYPES = {name: CONTRACT["institution_type"].words[name] for name in get_args(InstitutionType)}
"""The types of institution and their Chinese names."""


@only("clinic")
def set_clinic(session: Session, institution: dict[str, Any], driver: str | None = None) -> Clinic:
    """Store the clinic's facts, in the contract's form, and with them the path of its card reader's driver, if given.

    Earlier settlements keep the clinic as it was. Raises `GongjiError` that says what is wrong; then nothing is stored.
    """
    found = read_institution(institution)
    if isinstance(found, list):
        places = "；".join(f"{problem.field}：{problem.message}" for problem in found)
        raise GongjiError(f"机构资料不对（{places}）", "请改正后再保存")
    try:
        institution = institution | ({"name": typed_name(found.name)} if "name" in institution else {})
    except ValueError as error:
        raise GongjiError(f"机构资料不对（机构名称{error}）", "请改正后再保存") from error
    if institution["id"] != session.clinic.institution["id"]:
        raise GongjiError("机构代码不能改", "代码变更的，请另建一个数据文件夹；单据号和上传记录都跟着它")
    where = None if driver is None else checked_driver(driver)
    before = session.clinic.institution
    changed = [name for name in institution if institution.get(name) != before.get(name)]
    with session.store.write() as connection:
        if where is not None:
            put_driver(session, connection, where)
        settings.put(connection, "institution", json.encode(institution).decode())
        detail = "；".join(f"{name}：{before.get(name)} → {institution.get(name)}" for name in changed)
        audit.append(connection, session.now(), session.operator, Act.CLINIC, session.clinic.counter, detail or "未改")
    session.clinic = structs.replace(session.clinic, institution=institution)
    return session.clinic


def levels_of(session: Session, area: str) -> dict[str, str]:
    """Return an area's levels of institution, with their names."""
    editions = session.library.editions(area)
    return {one.id: one.name for one in editions[-1].pack.level} if editions else {}


_SUPPORT = "support"


def support(session: Session) -> str:
    """Return the person to call when something is wrong, as entered; empty where nothing was."""
    return settings.get(session.store.reader, _SUPPORT) or ""


def set_support(session: Session, who: str) -> None:
    """Set the person to call."""
    session.keep_setting(_SUPPORT, who, "维护联系人")
