"""对账: our days against the platform's, message by message as the uploader does it; what is found is kept and told."""

import datetime
from collections.abc import Iterator, Sequence

from msgspec import Struct

from gongji.core.ledger.audit import Act
from gongji.core.outbox.judge_answer import moved
from gongji.core.outbox.message_ids import counter_of
from gongji.core.outbox.reconcile import (
    NEIGHBOUR,
    OURS,
    Discrepancy,
    Ours,
    ReconciledEntry,
    ReconciledTotals,
    Theirs,
    Whose,
    of_book,
    of_platform,
    read_result,
    result_of,
    statement,
    totals,
)
from gongji.core.outbox.replies import Answered, Exchange, NotSent, Unknown
from gongji.core.outbox.states import Event, State
from gongji.desk.clinic.restored_doubts import RECONCILE_FIRST
from gongji.desk.session import Session
from gongji.desk.upload.gateway_settings import care_area
from gongji.desk.upload.record_answer import Outgoing
from gongji.desk.upload.uploader import SIGN_IN, Uploader
from gongji.payer import read_answers, statements
from gongji.payer.read_answers import Answer
from gongji.payer.schema import plain
from gongji.payer.statements import StatementOf
from gongji.store import audit, legs, messages, payer_answers, receipts, reconciliations, settings, settlements
from gongji.store.engine import Connection
from gongji.store.reconciliations import Reconciliation

EQUAL, UNEQUAL, FAILED = "equal", "unequal", "failed"


def days(first: str, last: str) -> Iterator[str]:
    """Yield the days from one to another (ISO)."""
    day, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    while day <= end:
        yield day.isoformat()
        day += datetime.timedelta(days=1)


class Reconciled(Struct, frozen=True, kw_only=True):
    """What a comparison came to: equal, unequal or failed, our totals, everything that does not agree, the words."""

    result: str
    totals: ReconciledTotals
    found: tuple[Discrepancy, ...]
    text: str


def kept(counter: Session, first: str, last: str) -> tuple[str, list[Discrepancy]] | None:
    """Return what the newest comparison of some days (ISO) came to and found; None where there was none."""
    return reconciliations.newest(counter.store.reader, first, last)


class Reconciling:
    """One comparison of some days (ISO, by the platform's clock): claim a message, send it, record its answer."""

    def __init__(self, uploader: Uploader, first: str, last: str) -> None:
        """Take the days; nothing is asked yet."""
        self._uploader = uploader
        self._counter = uploader.counter
        self._first, self._last = first, last
        self._step = "3201"
        self._stated = self._asked_of()
        self._theirs: list[Theirs] = []
        self._is_uneven = False
        self._file_no = self._file_name = ""
        self._done: Reconciled | None = None

    @property
    def told(self) -> Reconciled:
        """What the comparison came to; only once nothing is claimed any more."""
        assert self._done is not None
        return self._done

    def _asked_of(self) -> list[StatementOf]:
        """Return what statements are asked for, one after another: of each agency, insurance and kind of clearing."""
        profile, own = self._uploader.profile, care_area(self._counter)
        agencies = [own]
        if profile.statement_agency == "settlement":
            agencies += sorted(payer_answers.agencies(self._counter.store.reader) - {own})
        usual = [StatementOf(one, profile.insutype, profile.clr_type) for one in agencies]
        told = sorted({self._stated_in(one) for one in self._ours(self._counter.store.reader)} - {*usual})
        return [*usual, *told]

    def _stated_in(self, one: Ours) -> StatementOf:
        """Return in which statement a settlement is: as the platform said when it settled it, else the usual one."""
        profile, own = self._uploader.profile, care_area(self._counter)
        agency = (one.agency or own) if profile.statement_agency == "settlement" else own
        return StatementOf(agency, one.insutype or profile.insutype, one.clr_type or profile.clr_type)

    def _next_statement(self) -> None:
        """Go on with the next statement; after the last one the comparison is at its end."""
        del self._stated[0]
        self._step = "3201"
        if not self._stated:
            self._finish(UNEQUAL if self._is_uneven else EQUAL, self._theirs, "")

    def claim(self) -> Outgoing | None:
        """Return the next message; None when there is none left, or none may be sent now."""
        if self._done is not None:
            return None
        if self._uploader.post.must_sign_in(self._uploader.post.now()):
            return self._uploader.post.claim_sign_in()
        asked = self._stated[0]
        ours = [one for one in self._ours(self._counter.store.reader) if self._stated_in(one) == asked]
        sums = totals(ours)
        institution, chosen = self._counter.clinic.institution["id"], self._uploader.profile
        flags = (chosen.refd_setl_flag.no, chosen.refd_setl_flag.yes)
        match self._step:
            case "3201":
                content = statements.sums(sums, self._first, self._last, asked, chosen)
            case "9101":
                content = statements.file_up(statement(ours, flags), f"stmt_{self._first}.zip", institution, chosen)
            case "3202":
                content = statements.details(sums, self._file_no, self._first, self._last, asked, chosen)
            case _:
                content = statements.file_down(self._file_no, self._file_name, institution)
        return self._uploader.post.claim_other(self._step, content)

    def record(self, outgoing: Outgoing, exchange: Exchange) -> None:
        """Keep an answer and go on, or come to the end."""
        if outgoing.infno == SIGN_IN:
            found = self._uploader.record(outgoing, exchange)
            if not found.usable:
                self._finish(FAILED, (), found.text)
            return
        if outgoing.infno == "9102":
            self._record_file(outgoing, exchange)
            return
        answer = read_answers.read_answer(exchange, outgoing.infno, outgoing.msgid, self._uploader.profile)
        self._uploader.post.record_other(outgoing, exchange, answer)
        if not isinstance(answer, Answer):
            self._finish(FAILED, (), answer.reason if isinstance(answer, NotSent | Unknown) else "平台忙")
        elif not answer.ok:
            self._finish(FAILED, (), f"平台拒绝了对账：{answer.text}")
        else:
            self._go_on(outgoing.infno, answer)

    def _go_on(self, infno: str, answer: Answer) -> None:
        match infno:
            case "3201":
                result = plain(answer.output["stmtinfo"]["stmt_rslt"]) or ""
                if result_of(result, self._uploader.profile.stmt_rslt) == "equal":
                    self._next_statement()
                else:
                    self._step = "9101"
            case "9101":
                self._file_no = str(answer.output["file_qury_no"])
                self._step = "3202"
            case _:
                info = answer.output["fileinfo"]
                self._file_no, self._file_name = str(info["file_qury_no"]), str(info["filename"])
                self._step = "9102"

    def _record_file(self, outgoing: Outgoing, exchange: Exchange) -> None:
        text = statements.text_of(exchange.body) if isinstance(exchange, Answered) else None
        try:
            theirs = None if text is None else read_result(text, self._uploader.profile.stmt_rslt)
        except ValueError:
            theirs = None
        self._uploader.post.record_other(outgoing, exchange, exchange if not isinstance(exchange, Answered) else None)
        if theirs is None:
            self._finish(FAILED, (), "对账结果文件没有取到，或者读不懂")
        else:
            self._theirs += theirs
            self._is_uneven = True
            self._next_statement()

    def _finish(self, result: str, theirs: Sequence[Theirs], text: str) -> None:
        counter = self._counter
        at = counter.now()
        with counter.store.write() as connection:
            ours = self._ours(connection)
            found = list(of_book(self._entries(connection)))
            parted = list(of_platform(ours, theirs, self._known(connection, theirs), self._counters(theirs)))
            if result == UNEQUAL and parted and all(one.kind == NEIGHBOUR for one in parted):
                result, text = EQUAL, f"本机的都与平台一致；平台另有别的收费台的 {len(parted)} 笔"
            found += parted
            sums = totals(ours)
            for one in found:
                if one.kind == "missing_there":
                    self._miss(connection, one, at)
            kept = Reconciliation(
                first_day=self._first,
                last_day=self._last,
                operator=counter.operator,
                at=at,
                result=result,
                totals=sums,
            )
            reconciliations.put(connection, kept, found)
            if result != FAILED:
                settings.put(connection, RECONCILE_FIRST, "0")
            audit.append(connection, at, counter.operator, Act.RECONCILE, f"{self._first} {self._last}", result)
        self._done = Reconciled(result=result, totals=sums, found=tuple(found), text=text)

    @staticmethod
    def _miss(connection: Connection, one: Discrepancy, at: str) -> None:
        """Put aside what we hold for accepted and the platform does not have: it is never sent again by itself."""
        stored = settlements.by_no(connection, one.no)
        if stored is None or one.part is None:
            return
        leg = legs.get(connection, stored.serial, one.part)
        if leg.state in {State.ACCEPTED, State.DIFF}:
            legs.save(connection, moved(leg, Event.MISSED), at)

    def _ours(self, connection: Connection) -> list[Ours]:
        found = []
        for told in payer_answers.of_days(connection, self._first, self._last):
            one = next(settlements.heads(connection, told.serial, told.serial))
            sign = -1 if told.reverses else 1
            found.append(
                Ours(
                    no=one.no,
                    part=told.part,
                    setl_id=told.setl_id,
                    mdtrt_id=told.mdtrt_id,
                    psn_no=payer_answers.person_no(connection, one.person_id) or one.person_id,
                    reverses=told.reverses,
                    total_fen=sign * told.figures.total_fen,
                    fund_total_fen=sign * told.figures.fund_total_fen,
                    account_fen=sign * told.figures.account_fen,
                    cash_fen=sign * told.figures.cash_fen,
                    agency=told.agency,
                    insutype=told.insutype,
                    clr_type=told.clr_type,
                )
            )
        return found

    def _entries(self, connection: Connection) -> list[ReconciledEntry]:
        return [
            ReconciledEntry(
                serial=one.serial,
                no=one.no,
                receipt_no=one.receipt_no,
                state=State(one.state),
                printed=receipts.newest(connection, one.serial) is not None,
            )
            for day in days(self._first, self._last)
            for one in settlements.of_day(connection, day)
            if one.state  # what no payer is told of is not compared with one
        ]

    @staticmethod
    def _known(connection: Connection, theirs: Sequence[Theirs]) -> dict[str, Whose]:
        found = {}
        for row in theirs:
            whose = messages.by_msgid(connection, row.msgid) if row.msgid else None
            if whose is None:
                continue
            head = next(settlements.heads(connection, whose[0], whose[0]))
            leg, told = legs.get(connection, *whose), payer_answers.newest(connection, *whose)
            stands_by = {leg.msgid, "" if told is None else told.msgid}
            found[row.msgid] = Whose(
                no=head.no,
                part=whose[1],
                state=leg.state,
                is_voided=head.voided_by is not None,
                is_other=row.msgid not in stands_by,
            )
        return found

    def _counters(self, theirs: Sequence[Theirs]) -> dict[str, str | None]:
        """Return which counter's number each message has; `OURS` for this one, None for nobody's here."""
        clinic = self._counter.clinic
        found = {row.msgid: counter_of(row.msgid, clinic.institution["id"]) for row in theirs}
        return {number: OURS if whose == clinic.counter else whose for number, whose in found.items()}
