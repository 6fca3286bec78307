"""目录对照上传 (3301): national codes of the clinic's own items are reported to the payer, a hundred at a time."""

from typing import Any

from gongji.core.dates import day_of
from gongji.desk.session import Session
from gongji.desk.upload.scripts.conversation import Steps
from gongji.payer.regions import Profile
from gongji.store.catalogue.code_mappings import (
    CodeMapping,
    UnmappedItem,
    keep_accepted,
    mappings_to_tell,
    unmapped_items,
)

_MOST_IN_A_MESSAGE = 100
_FOR_EVER = "2099-12-31"
"""The last day for mappings without one: the interface requires it."""


def unmapped(session: Session) -> list[UnmappedItem]:
    """Return the items in force today whose codes the payer would not know, by name."""
    return unmapped_items(session.store.reader, day_of(session.stamp()))


def untold(session: Session) -> int:
    """Return how many mappings the payer has not accepted yet."""
    return len(mappings_to_tell(session.store.reader, -1))


def telling_mappings(session: Session, profile: Profile) -> Steps[int]:
    """Report the mappings that the payer has not accepted yet; return how many it accepted. Refused ones stay due."""
    reported = 0
    while these := mappings_to_tell(session.store.reader, _MOST_IN_A_MESSAGE):
        yield "3301", {"data": [_row(one, profile) for one in these]}
        with session.store.write() as connection:
            keep_accepted(connection, these, session.now())
        reported += len(these)
    return reported


def _row(one: CodeMapping, profile: Profile) -> dict[str, Any]:
    kinds: dict[str, str] = {ours: theirs for theirs, ours in sorted(profile.list_type.items(), reverse=True)}
    row = {
        "fixmedins_hilist_id": one.code,
        "fixmedins_hilist_name": one.name,
        "list_type": kinds.get(one.category, ""),
        "med_list_codg": one.national_code,
        "begndate": one.starts,
        "enddate": one.ends or _FOR_EVER,
        "dosform": one.form,
        "prcunt": one.unit,
        "spec": one.specification,
    }
    return {name: value for name, value in row.items() if value}
