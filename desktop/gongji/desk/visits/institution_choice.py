"""选定机构: chosen at the counter, stored with its settlement, printed on the receipt."""

from gongji.core.packs.conditions import names_used
from gongji.core.packs.language import Pack
from gongji.core.visits import Visit
from gongji.desk.session import Clinic
from gongji.store.engine import Connection
from gongji.store.people import choices, people
from gongji.store.people.choices import InstitutionChoice

_SELECTED = "selected"


def asks_for_selection(pack: Pack) -> bool:
    """Return whether what the fund pays depends on the institution a patient has chosen."""
    return any(_SELECTED in names_used(gate.when) for gate in pack.gate)


def newly_chosen(connection: Connection, visit: Visit, clinic: Clinic) -> InstitutionChoice | None:
    """Return a visit's choice of institution that the book did not know; its settlement is not set yet."""
    chosen = visit.person.selected_institution
    known = people.coverage(connection, visit.person.id, visit.settled_on.isoformat())
    before = "" if known is None else known.selected_institution or ""
    if not chosen or chosen == before:
        return None
    here = chosen == clinic.institution["id"]
    return InstitutionChoice(
        id=0,
        settlement=0,
        person_id=visit.person.id,
        institution=chosen,
        institution_name=str(clinic.institution.get("name") or "") if here else "",
        before=before,
        begins=visit.settled_on.isoformat(),
    )


def selection_sentence(connection: Connection, serial: int, pack: Pack, visit: Visit) -> str:
    """Return what the receipt of a settlement says of the institution chosen with it; empty where none was."""
    one = choices.of_settlement(connection, serial)
    if one is None:
        return ""
    rules = dict.fromkeys(gate.rule for gate in pack.gate if _SELECTED in names_used(gate.when))
    articles = "".join(f"（{pack.rule[rule].article}）" for rule in rules)
    name = f"{one.institution_name} {one.institution}".strip()
    terms = visit.person.selection
    year = "" if terms is None else f"（{terms.year} 年度）"
    reason = "" if terms is None or not terms.reason else f"，变更原因：{terms.reason}"
    return f"选定机构：自 {one.begins} 起为 {name}{year}，此前为 {one.before or '未选定'}{reason}{articles}。"
