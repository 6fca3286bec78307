"""What the platform holds, a line a live settlement, for anybody to compare with."""

from collections.abc import Iterator
from sqlite3 import Connection
from typing import Any

from gongji.core.engine.amounts import in_yuan
from gongji.sandbox import records
from gongji.sandbox.handlers.settlement import amounts_node


def live(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield every settlement that counts, in order of its number.

    Amounts are in yuan, as our contract names them and as the interface does.
    """
    for one in records.settled(connection, "live = 1"):
        yield {
            "visit_no": one.visit_no,
            "setl_id": str(one.id),
            "msgid": one.msgid,
            "mdtrt_id": "" if one.encounter is None else str(one.encounter),
            "institution": one.institution,
            "person": one.certno,
            "benefit": one.benefit,
            "setl_time": one.at,
            "amounts": in_yuan(one.amounts),
            **amounts_node(one.amounts),
        }
