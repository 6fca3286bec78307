"""I1 to I10 of a simulated world, looked at after every step: what is wrong is raised the moment it is.

What cannot have changed is not looked at again: a settlement once it stands, a leg until its state, its numbers or what
the payer has of it are others, a message once the payer and the book were found to hold the same.
"""

from collections import Counter as Counted
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gongji.core.outbox.payer_figures import Figures, differing
from gongji.core.outbox.states import FINAL, LIVE, State
from gongji.desk.upload.leg_data import figures_at, sheet_of
from gongji.desk.upload.scripts.reconcile import EQUAL, reconciliation
from gongji.desk.upload.uploader import SIGN_IN
from gongji.store.book_file import witness
from gongji.store.settlements import ledger, settlements
from gongji.store.upload import decisions, legs, outbox_records, payer_answers
from tests.support.clinic import AREA
from tests.support.in_the_book import body_of

if TYPE_CHECKING:
    from tests.scenarios.upload.world import World

DECIDED = {"adopt", "collect", "refund"}


class ViolatedError(AssertionError):
    """An invariant that does not hold."""


class Checker:
    """What has been found in order of a world so far."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self._whole = 0
        self._orders = 0
        self._same: set[str] = set()
        self._legs: dict[tuple[int, int], Any] = {}

    @property
    def reader(self) -> Any:
        return self.world.counter.store.reader

    def after_step(self) -> None:
        """I1 to I8."""
        if self.world.uploader.faults:  # a record over which the program stumbles is set aside, and must not be
            raise ViolatedError(self.world.uploader.faults[0])
        if self.world.payer.wrong:  # I2 and I6 at the payer's side, noticed by itself when a message comes
            raise ViolatedError(self.world.payer.wrong[0])
        self._one_for_one()
        self._figures_add_up()
        self._one_each()
        for serial, part in self._changed():
            self.leg(serial, part)
        self._in_order()
        self._same_bytes()
        self._nothing_before_a_good_certificate()

    # ---- I1, I8: the book

    def _one_for_one(self) -> None:
        """I1: settlement, record, legs, audit entry and witness line belong together; I8 of each new one."""
        (count,) = self.reader.execute("SELECT count(*) FROM settlement").fetchone()
        if count == self._whole:
            return
        for sql, why in (
            ("SELECT count(*) FROM settlement WHERE serial NOT IN (SELECT serial FROM record)", "no record"),
            ("SELECT count(*) FROM settlement WHERE serial NOT IN (SELECT serial FROM leg)", "no leg"),
            ("SELECT count(*) FROM settlement WHERE audit NOT IN (SELECT serial FROM audit)", "no audit entry"),
            ("SELECT count(*) FROM record WHERE serial NOT IN (SELECT serial FROM settlement)", "no settlement"),
            ("SELECT count(*) FROM leg WHERE serial NOT IN (SELECT serial FROM record)", "a leg of nothing"),
        ):
            if self.reader.execute(sql).fetchone()[0]:
                raise ViolatedError(f"I1: {why}")
        seen = [None if one is None else one.serial for one in witness.lines(self.world.counter.folder.witness)]
        mine = [serial for (serial,) in self.reader.execute("SELECT serial FROM settlement ORDER BY serial")]
        if seen != mine:
            raise ViolatedError(f"I1: the witness has {seen}, the book {mine}")
        for one in settlements.heads(self.reader, self._whole + 1):
            parts = one.totals
            paid = parts.fund_total_fen + parts.account_own_fen + parts.account_family_fen + parts.cash_fen
            sql = "SELECT coalesce(sum(amount_fen), 0) FROM fee_line WHERE settlement = ?"
            (lines_fen,) = self.reader.execute(sql, (one.serial,)).fetchone()
            if one.kind == "settle" and not lines_fen == parts.total_fen == paid:
                raise ViolatedError(f"I8: {one.no} {lines_fen} {parts.total_fen} {paid}")
        self._whole = count

    def _figures_add_up(self) -> None:
        """I8: what accumulators were moved by is what the settlements that still stand moved them by."""
        unequal = self.reader.execute(
            "SELECT owner, name FROM entry GROUP BY owner, scope, name HAVING sum(amount_fen) <> coalesce(sum("
            "amount_fen) FILTER (WHERE settlement NOT IN (SELECT after FROM record WHERE kind = 'void' UNION "
            "SELECT serial FROM record WHERE kind = 'void')), 0)"
        ).fetchall()
        if unequal:
            raise ViolatedError(f"I8: {unequal}")
        payer = self.world.payer
        theirs: dict[tuple[str, str], Counted[str]] = {}
        for one in [*payer.live.values(), *payer.elsewhere]:
            theirs.setdefault((one["psn_no"], one["year"]), Counted()).update(one["moved"])
        for key, figures in payer.figures.items():
            found = theirs.get(key, Counted())
            if any(figures.get(name, 0) != found.get(name, 0) for name in {*figures, *found}):
                raise ViolatedError(f"I8: the payer's {figures}, its settlements {found}")

    # ---- I2 to I4: the payer's side of each leg

    def _one_each(self) -> None:
        """I2."""
        held = Counted(one["number"] for one in self.world.payer.live.values())
        twice = [number for number, count in held.items() if count > 1]
        if twice:
            raise ViolatedError(f"I2: {twice} live twice")

    def _changed(self) -> Iterator[tuple[int, int]]:
        """Yield the legs of which the book or the payer says something else than at the last look."""
        live: dict[str, list[str]] = {}
        for setl_id, one in self.world.payer.live.items():
            live.setdefault(one["number"], []).append(setl_id)
        rows = self.reader.execute(
            "SELECT serial, part, state, setl_id, msgid, no FROM leg JOIN settlement USING (serial) "
            "WHERE leg.voids IS NULL"
        ).fetchall()
        for serial, part, *told, no in rows:
            now = (*told, live.get(f"{no.replace('-', '')}-{part}"))
            if self._legs.get((serial, part)) != now:
                self._legs[serial, part] = now
                yield serial, part

    def leg(self, serial: int, part: int) -> None:
        """I3 and I4 of one leg."""
        leg = legs.get(self.reader, serial, part)
        number = self._number(serial, part)
        live = [one for one in self.world.payer.live.values() if one["number"] == number]
        if leg.state in LIVE and len(live) != 1:
            raise ViolatedError(f"I3: {number} {leg.state.name}, the payer has {len(live)}")
        if leg.state in FINAL and live:
            raise ViolatedError(f"I4: {number} {leg.state.name}, the payer has it")
        if leg.state is State.ACCEPTED and not self._is_decided(serial, part):
            told = payer_answers.newest(self.reader, serial, part)
            ours = self.figures(serial, part)
            theirs = live[0]["info"]["fund_pay_sumamt"], live[0]["info"]["psn_cash_pay"]
            if told is None or differing(ours, told.figures):
                raise ViolatedError(f"I3: {number} accepted at other amounts")
            if (f"{ours.fund_total_fen / 100:.2f}", f"{ours.cash_fen / 100:.2f}") != theirs:
                raise ViolatedError(f"I3: {number} accepted at {theirs}")

    def _is_decided(self, serial: int, part: int) -> bool:
        """Tell whether a person has taken over the platform's figures of a leg."""
        return any(one.part == part and one.kind in DECIDED for one in decisions.of_serial(self.reader, serial))

    def figures(self, serial: int, part: int) -> Figures:
        return figures_at(sheet_of(self.reader, legs.get(self.reader, serial, part)), self.world.profile)

    def _number(self, serial: int, part: int) -> str:
        (no,) = self.reader.execute("SELECT no FROM settlement WHERE serial = ?", (serial,)).fetchone()
        return f"{no.replace('-', '')}-{part}"

    # ---- I5 to I7: order, bytes, certificates

    def _in_order(self) -> None:
        """I5: the payer settled each person's visits first in the order in which they were made here."""
        order = self.world.payer.order
        if len(order) == self._orders:
            return
        self._orders = len(order)
        first = list(dict.fromkeys(order))
        for person in {psn_no for psn_no, _ in first}:
            numbers = [int(number[10:16]) for psn_no, number in first if psn_no == person]
            if numbers != sorted(numbers) and not self._has_let_go(person):
                raise ViolatedError(f"I5: {person} {numbers}")

    def _has_let_go(self, psn_no: str) -> bool:
        """Tell whether a person has let later visits go on before a held one."""
        row = self.reader.execute("SELECT 1 FROM leg WHERE released = 1 AND lane LIKE ?", (f"{psn_no[1:]}/%",))
        return row.fetchone() is not None

    def _same_bytes(self) -> None:
        """I6: whatever reached the payer was kept before, byte for byte; records are as they were queued."""
        for msgid in self.world.payer.bodies.keys() - self._same:
            if body_of(self.reader, msgid) != self.world.payer.bodies[msgid]:
                raise ViolatedError(f"I6: {msgid} is not in the book as the payer has it")
            self._same.add(msgid)
        if list(outbox_records.misfits(self.reader)):
            raise ViolatedError("I6: a record's content has changed")
        lost = "SELECT count(*) FROM leg WHERE msgid <> '' AND msgid NOT IN (SELECT msgid FROM attempt)"
        if self.reader.execute(lost).fetchone()[0]:
            raise ViolatedError("I6: a message that is not kept")

    def _nothing_before_a_good_certificate(self) -> None:
        """I7: what met a bad certificate never reached the payer, nor is it sent again later."""
        seen = self.world.never_left & self.world.payer.bodies.keys()
        if seen:
            raise ViolatedError(f"I7: {seen}")

    # ---- I9, I10: the end

    def at_end(self) -> None:
        """I9: nothing is left to do. I10: totals and accumulators are the platform's."""
        self._legs.clear()
        self.after_step()
        states = {State(state) for (state,) in self.reader.execute("SELECT state FROM leg")}
        if states - {State.ACCEPTED, *FINAL}:
            raise ViolatedError(f"I9: {states}")
        self._accumulators()
        self._statement()

    def _accumulators(self) -> None:
        """Accumulators equal the platform's: as told by it, and, where only we moved them as we said, as reckoned."""
        payer = self.world.payer
        for (psn_no, year), theirs in payer.figures.items():
            scope, person_id = f"{AREA}/{year}-01-01", psn_no[1:]
            if not self._was_ever_there(person_id):
                continue  # nobody has asked the platform what it knows of a person from elsewhere
            mine = {name: one.amount_fen for name, one in ledger.standings(self.reader, person_id, scope).items()}
            self._equal("told", psn_no, mine, theirs)
            if not any(one["psn_no"] == psn_no for one in payer.elsewhere) and not self._any_decided(person_id):
                self._equal("reckoned", psn_no, self._reckoned(person_id, scope), theirs)

    def _was_ever_there(self, person_id: str) -> bool:
        row = self.reader.execute(
            "SELECT 1 FROM leg WHERE lane LIKE ? AND state IN ('accepted', 'reversed')", (f"{person_id}/%",)
        )
        return row.fetchone() is not None

    @staticmethod
    def _equal(how: str, psn_no: str, mine: dict[str, int], theirs: dict[str, int]) -> None:
        unequal = {
            name: (mine.get(name, 0), theirs.get(name, 0))
            for name in {*mine, *theirs}
            if mine.get(name, 0) != theirs.get(name, 0)
        }
        if unequal:
            raise ViolatedError(f"I10: {psn_no} as {how} {unequal}")

    def _reckoned(self, person_id: str, scope: str) -> dict[str, int]:
        """Return what the settlements that the platform has moved a person's accumulators by."""
        rows = self.reader.execute(
            "SELECT name, sum(amount_fen) FROM entry JOIN record_state ON serial = settlement "
            "WHERE owner = ? AND scope = ? AND state = 'accepted' AND settlement IN (SELECT serial FROM record WHERE "
            "kind = 'settle') GROUP BY name",
            (person_id, scope),
        )
        return dict(rows.fetchall())

    def _any_decided(self, person_id: str) -> bool:
        """Tell whether something of a person stands at other figures there, or in part only."""
        rows = self.reader.execute(
            "SELECT leg.serial, part, leg.state FROM leg JOIN settlement USING (serial) WHERE person_id = ? "
            "AND leg.voids IS NULL",
            (person_id,),
        ).fetchall()
        states: dict[int, set[str]] = {}
        for serial, _, state in rows:
            states.setdefault(serial, set()).add(state)
        mixed = any(len(found) > 1 and "accepted" in found for found in states.values())
        return mixed or any(self._is_decided(serial, part) for serial, part, _ in rows)

    def _statement(self) -> None:
        """3201: as many and as much as the platform counts over all days."""
        self.world.counter.confirm_clock()  # clocks have jumped
        task = reconciliation(self.world.uploader, *self.world.payer_days)
        while (outgoing := task.claim()) is not None:
            if outgoing.infno not in {SIGN_IN, "3201"}:
                raise ViolatedError("I10: the platform's totals are others")
            task.record(outgoing, self.world.send(outgoing))
        assert task.told.result == EQUAL
