"""说明: a person explains a concern; it is then closed and stays on record."""

from gongji.core.ledger.audit import Act
from gongji.desk.reasons import reason_of
from gongji.desk.roles import only
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit, concerns
from gongji.store.concerns import Kept

__all__ = ["Kept", "explain", "to_explain"]

_LEAST = 4
"""The least length of an explanation: a dot is none."""


def to_explain(session: Session) -> list[Kept]:
    """Return the open concerns, the oldest first."""
    return concerns.open_ones(session.store.reader)


@only("explain")
def explain(session: Session, number: int, text: str) -> None:
    """Store a person's explanation of a concern. Raises `GongjiError` where there is none, or the text is empty."""
    text = reason_of(text, "没有写明原因", "请写清楚是怎么回事，例如 硬盘坏道，已换新盘", _LEAST)
    if number not in {one.id for one in concerns.open_ones(session.store.reader)}:
        raise GongjiError(f"没有第 {number} 条待说明，或已说明过", "现有的都在“设置 → 备份”里（命令行：gongji verify）")
    at = session.newest(session.stamp())
    with session.store.write() as connection:
        concerns.explain(connection, number, text, session.operator, "", at)
        audit.append(connection, at, session.operator, Act.EXPLAIN, str(number), text)
