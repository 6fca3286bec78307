"""The whole circle: a counter, its uploader, a gateway, the practice platform."""

import time
from collections.abc import Callable
from typing import Any

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.core.outbox.replies import Exchange
from gongji.core.outbox.states import State
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.scripts.reconcile import Reconciled, reconciliation
from gongji.desk.upload.sending_loop import SendingLoop
from gongji.payer.gateway import Gateway
from gongji.sandbox.control import live
from gongji.store.settlements import ledger
from gongji.store.upload import outbox_records
from tests.support.claiming import Uploader
from tests.support.clinic import text
from tests.support.clock import Clock
from tests.support.serving import Running

FAST = 10  # how many times faster than a real clock the waiting clock runs


def ticks() -> float:
    return time.monotonic() * FAST


class Circle:
    """Settle here, upload, look there."""

    def __init__(
        self, session: Session, uploader: Callable[[], Uploader], gateway: Gateway, there: Running, clock: Clock
    ) -> None:
        self.counter = session
        self.new_uploader = uploader
        self.uploader = uploader()
        self.gateway = gateway
        self.there = there
        self.clock = clock

    def settle(self, one: dict[str, Any]) -> StoredSettlement:
        done = settle_text(self.counter, text(one))
        assert done.stored is not None, done.problems
        return done.stored

    def upload(self) -> int:
        return self.loop().send_all(lambda _: False, lambda _: None)

    def loop(self) -> SendingLoop:
        """The uploader that sends what is due."""
        return SendingLoop(self.uploader, self.send, self.uploader.profile.lanes)

    def send(self, outgoing: Outgoing) -> Exchange:
        return self.gateway.send(outgoing.infno, outgoing.body)

    def reconcile(self, first: str = "2025-06-10", last: str = "2025-06-10") -> Reconciled:
        """Compare some days with the platform."""
        talk = reconciliation(self.uploader, first, last)
        while (outgoing := talk.claim()) is not None:
            talk.record(outgoing, self.send(outgoing))
        return talk.told

    def drain(self, seconds: float = 20) -> None:
        """Upload until nothing waits for its time; the clocks advance by themselves."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.upload()
            wait = self.uploader.seconds_to_wait()
            if wait is None:
                return
            time.sleep(min(wait, 0.2) / FAST)
            self.clock.forward(seconds=0.2)
        raise AssertionError(self.states())

    def states(self) -> list[State]:
        return [State(row.state) for row in outbox_records.rows(self.counter.store.reader)]

    def there_live(self) -> list[dict[str, Any]]:
        mine = self.counter.clinic.institution["id"]
        return [one for one in live(self.there.payer.platform.connection) if one["institution"] == mine]

    def figures(self, person_id: str, scope: str) -> dict[str, int]:
        return {
            name: one.amount_fen for name, one in ledger.standings(self.counter.store.reader, person_id, scope).items()
        }


def accumulators(connection: Any, table: str, owner: str | None = None) -> dict[tuple[str, str, str], int]:
    """Return the accumulators' sums in the book's entries or the platform's figures, without zeros."""
    rows = connection.execute(
        f"SELECT owner, scope, name, sum(amount_fen) FROM {table} "  # noqa: S608  # our own names
        "WHERE scope <> '' AND (?1 IS NULL OR owner = ?1) GROUP BY owner, scope, name",
        (owner,),
    )
    return {(who, scope, name): fen for who, scope, name, fen in rows.fetchall() if fen}
