"""显示完整证件号: the whole of a number that is masked everywhere else, shown to who may see it, and logged."""

from gongji.core.identity import masked
from gongji.core.ledger.audit import Act
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.store import audit


@only("reveal")
def reveal(session: Session, person_id: str, where: str) -> str:
    """Return a person's number once the log has it that it was shown, to whom and where; `NotAllowedError`."""
    with session.store.write() as connection:
        audit.append(connection, session.now(), session.operator, Act.REVEAL, masked(person_id), f"在{where}显示证件号")
    return person_id
