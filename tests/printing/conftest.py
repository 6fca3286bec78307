"""A counter with hard visits settled and one of them voided."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.session import Session
from gongji.desk.settlements.void import void
from gongji.pack_files.library import Library
from tests.support.making import counter_in, hard_visits, settled


class Office(NamedTuple):
    """A counter and what it has settled, by what is hard about it."""

    counter: Session
    settled: dict[str, StoredSettlement]


@pytest.fixture(scope="module")
def office(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Made once for a module; its tests only add papers."""
    counter = counter_in(tmp_path_factory.mktemp("office"), library)
    done = {name: settled(counter, one) for name, one in hard_visits().items()}
    done["void"] = void(counter, done["two benefits"].no, "药品退回").stored
    yield Office(counter, done)
    counter.close()
