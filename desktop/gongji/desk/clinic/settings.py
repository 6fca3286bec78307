"""设置: the clinic, and what its papers say."""

from typing import Any, get_args

from msgspec import Struct, json, structs

from gongji.core.identifiers import typed_name
from gongji.core.ledger.audit import Act
from gongji.core.packs.dimensions import CONTRACT
from gongji.core.problems import quoted
from gongji.core.visits import InstitutionType, read_institution
from gongji.desk.papers.receipts import CHECKER_SETTING, PAPER_SETTING
from gongji.desk.papers.slips import ALWAYS_SETTING
from gongji.desk.roles import only
from gongji.desk.session import Clinic, Session
from gongji.errors import GongjiError
from gongji.printing.paper_sizes import PAPERS
from gongji.printing.receipt.render import DEFAULT_PAPER
from gongji.store import audit, settings

INSTITUTION_TYPES = {name: CONTRACT["institution_type"].words[name] for name in get_args(InstitutionType)}
"""The types of institution and their Chinese names."""


class PaperSettings(Struct, frozen=True, kw_only=True):
    """How papers are made: the paper size, who checked, whether a reckoning slip is printed with every receipt."""

    paper: str
    checker: str
    always_explained: bool


@only("clinic")
def set_clinic(session: Session, institution: dict[str, Any]) -> Clinic:
    """Store the clinic's facts, in the contract's form. Raises `GongjiError` that says what is wrong.

    Earlier settlements keep the clinic as it was.
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
    before = session.clinic.institution
    changed = [name for name in institution if institution.get(name) != before.get(name)]
    with session.store.write() as connection:
        settings.put(connection, "institution", json.encode(institution).decode())
        detail = "；".join(f"{name}：{before.get(name)} → {institution.get(name)}" for name in changed)
        audit.append(connection, session.now(), session.operator, Act.CLINIC, session.clinic.counter, detail or "未改")
    session.clinic = structs.replace(session.clinic, institution=institution)
    return session.clinic


def levels_of(session: Session, area: str) -> dict[str, str]:
    """Return an area's levels of institution, with their names."""
    editions = session.library.editions(area)
    return {one.id: one.name for one in editions[-1].pack.level} if editions else {}


def paper_names() -> dict[str, str]:
    """Return the paper sizes, with their names."""
    return {one.name: one.title for one in PAPERS.values()}


def roll_dots(paper: str) -> int:
    """Return how many dots across a receipt printer's roll has; 0 for a sheet."""
    return PAPERS[paper].dots


def paper_ways(session: Session) -> PaperSettings:
    """Return how papers are made."""
    connection = session.store.reader
    return PaperSettings(
        paper=settings.get(connection, PAPER_SETTING) or DEFAULT_PAPER,
        checker=settings.get(connection, CHECKER_SETTING) or "",
        always_explained=settings.get(connection, ALWAYS_SETTING) == "always",
    )


def set_paper_ways(session: Session, ways: PaperSettings) -> None:
    """Set how papers are made from now on; printed ones stay as they are.

    Raises `GongjiError` for an unknown paper size, and for an unreadable name.
    """
    if ways.paper not in PAPERS:
        raise GongjiError(f"没有纸张 {quoted(ways.paper)}", f"可用 {'、'.join(PAPERS)}")
    try:
        checker = typed_name(ways.checker)
    except ValueError as error:
        raise GongjiError(f"复核人不对（姓名{error}）", "请改正后再保存") from error
    with session.store.write() as connection:
        settings.put(connection, PAPER_SETTING, ways.paper)
        settings.put(connection, CHECKER_SETTING, checker)
        settings.put(connection, ALWAYS_SETTING, "always" if ways.always_explained else "")


_SUPPORT = "support"


def support(session: Session) -> str:
    """Return the person to call when something is wrong, as entered; empty where nothing was."""
    return settings.get(session.store.reader, _SUPPORT) or ""


def set_support(session: Session, who: str) -> None:
    """Set the person to call."""
    with session.store.write() as connection:
        settings.put(connection, _SUPPORT, who)
        audit.append(connection, session.now(), session.operator, Act.CLINIC, session.clinic.counter, "维护联系人")
