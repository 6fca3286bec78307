"""对账: some days of the book compared with the platform's, as a conversation; findings are stored."""

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
from gongji.core.outbox.states import Event, State
from gongji.desk.clinic.backup.restored_doubts import RECONCILE_FIRST
from gongji.desk.session import Session
from gongji.desk.upload.gateway.kept_gateway import care_area
from gongji.desk.upload.scripts.conversation import Conversation, Steps, UnansweredError, answer_of
from gongji.desk.upload.uploader import Uploader
from gongji.payer import statements
from gongji.payer.regions import Profile
from gongji.payer.schema import plain
from gongji.payer.statements import StatementOf
from gongji.store import audit, settings
from gongji.store.engine import Connection
from gongji.store.settlements import receipts, settlements
from gongji.store.upload import legs, messages, payer_answers, reconciliations
from gongji.store.upload.reconciliations import PastComparison

EQUAL, UNEQUAL, FAILED = "equal", "unequal", "failed"
_TOLD = ("part", "setl_id", "mdtrt_id", "reverses", "agency", "insutype", "clr_type")
_SUMS = ("total_fen", "fund_total_fen", "account_fen", "cash_fen")


def days(first: str, last: str) -> Iterator[str]:
    """Yield the days from one to another (ISO)."""
    day, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    while day <= end:
        yield day.isoformat()
        day += datetime.timedelta(days=1)


class Reconciled(Struct, frozen=True, kw_only=True):
    """The result of a comparison: equal, unequal or failed, our totals, all discrepancies, a sentence."""

    result: str
    totals: ReconciledTotals
    found: tuple[Discrepancy, ...]
    text: str


def kept(session: Session, first: str, last: str) -> tuple[str, list[Discrepancy]] | None:
    """Return the result and findings of the newest comparison of some days (ISO); None where there was none."""
    return reconciliations.newest(session.store.reader, first, last)


def reconciliation(uploader: Uploader, first: str, last: str) -> Conversation[Reconciled]:
    """Return a comparison of some days (ISO) as a conversation; the platform's files are stored whole."""
    return Conversation(uploader, _script(uploader.session, uploader.profile, first, last), stores_files=True)


def _script(session: Session, profile: Profile, first: str, last: str) -> Steps[Reconciled]:
    """Return the script that compares some days (ISO, by the platform's clock), a statement after another.

    It ends with the findings, which are stored; a platform that does not answer makes a failed comparison.
    Raises `StoreError` where the book cannot be written.
    """
    book = _BookDays(session, profile, first, last)
    theirs: list[Theirs] = []
    is_uneven = False
    for asked in book.statements():
        try:
            rows = yield from _compared(book, asked)
        except UnansweredError as error:
            why = f"平台拒绝了对账：{error.reason}" if error.is_refusal else error.reason
            return _finished(book, FAILED, (), why)
        except UnreadableFileError as error:
            return _finished(book, FAILED, (), f"对账结果文件没有取到：{error}" if str(error) else "对账结果文件读不懂")
        if rows is not None:
            is_uneven = True
            theirs += rows
    return _finished(book, UNEQUAL if is_uneven else EQUAL, theirs, "")


def _compared(book: "_BookDays", asked: StatementOf) -> Steps[list[Theirs] | None]:
    """Compare one statement: sums first, and line by line where those differ; None where they agree.

    Raises `UnansweredError` where the platform does not answer or refuses, `UnreadableFileError` for a bad file.
    """
    profile, institution = book.profile, book.session.clinic.institution["id"]
    first, last = book.first, book.last
    flags = (profile.refd_setl_flag.no, profile.refd_setl_flag.yes)
    answer = yield "3201", statements.sums(totals(book.stated(asked)), first, last, asked, profile)
    result = plain(answer_of(answer).output["stmtinfo"]["stmt_rslt"]) or ""
    if result_of(result, profile.stmt_rslt) == "equal":
        return None
    content = statement(book.stated(asked), flags)
    answer = yield "9101", statements.file_up(content, f"stmt_{first}.zip", institution, profile)
    file_no = str(answer_of(answer).output["file_qury_no"])
    answer = yield "3202", statements.details(totals(book.stated(asked)), file_no, first, last, asked, profile)
    info = answer_of(answer).output["fileinfo"]
    try:
        received = yield "9102", statements.file_down(str(info["file_qury_no"]), str(info["filename"]), institution)
    except UnansweredError as error:
        raise UnreadableFileError(error.reason) from error
    text = statements.text_of(received) if isinstance(received, bytes) else None
    if text is None:
        raise UnreadableFileError
    try:
        return list(read_result(text, profile.stmt_rslt))
    except ValueError as error:
        raise UnreadableFileError from error


class UnreadableFileError(Exception):
    """The platform's file with its result did not come, or cannot be read; the text says why."""


def _finished(book: "_BookDays", result: str, theirs: Sequence[Theirs], text: str) -> Reconciled:
    """Store the result of a comparison, with what the book and its receipts alone show."""
    session, days = book.session, (book.first, book.last)
    at = session.now()
    with session.store.write() as connection:
        ours = book.ours(connection)
        found = list(of_book(book.entries(connection)))
        parted = list(of_platform(ours, theirs, _known(connection, theirs), _counters(session, theirs)))
        if result == UNEQUAL and parted and all(one.kind == NEIGHBOUR for one in parted):
            result, text = EQUAL, f"本机的都与平台一致；平台另有别的收费台的 {len(parted)} 笔"
        found += parted
        sums = totals(ours)
        for one in found:
            if one.kind == "missing_there":
                _miss(connection, one, at)
        stored = PastComparison(
            first_day=book.first, last_day=book.last, operator=session.operator, at=at, result=result
        )
        reconciliations.put(connection, stored, sums, found)
        if result != FAILED:
            settings.put(connection, RECONCILE_FIRST, "0")
        audit.append(connection, at, session.operator, Act.RECONCILE, " ".join(days), result)
    return Reconciled(result=result, totals=sums, found=tuple(found), text=text)


def _miss(connection: Connection, one: Discrepancy, at: str) -> None:
    """Set aside a record accepted here that the platform does not have: it is never resent by itself."""
    stored = settlements.by_no(connection, one.no)
    if stored is None or one.part is None:
        return
    leg = legs.get(connection, stored.serial, one.part)
    if leg.state in {State.ACCEPTED, State.DIFF}:
        legs.save(connection, moved(leg, Event.MISSED), at)


def _known(connection: Connection, theirs: Sequence[Theirs]) -> dict[str, Whose]:
    """Return the record of each platform row's message, for those this counter sent."""
    found = {}
    for row in theirs:
        whose = messages.by_msgid(connection, row.msgid) if row.msgid else None
        if whose is None:
            continue
        head = next(settlements.heads(connection, whose[0], whose[0]))
        leg, answer = legs.get(connection, *whose), payer_answers.newest(connection, *whose)
        stands_by = {leg.msgid, "" if answer is None else answer.msgid}
        found[row.msgid] = Whose(
            no=head.no,
            part=whose[1],
            state=leg.state,
            is_voided=head.voided_by is not None,
            is_other=row.msgid not in stands_by,
        )
    return found


def _counters(session: Session, theirs: Sequence[Theirs]) -> dict[str, str | None]:
    """Return which counter's number each message has; `OURS` for this one, None for no known counter's."""
    clinic = session.clinic
    found = {row.msgid: counter_of(row.msgid, clinic.institution["id"]) for row in theirs}
    return {number: OURS if whose == clinic.counter else whose for number, whose in found.items()}


class _BookDays:
    """Some days of the book (ISO), divided as the platform's statements are."""

    def __init__(self, session: Session, profile: Profile, first: str, last: str) -> None:
        self.session, self.profile = session, profile
        self.first, self.last = first, last

    def statements(self) -> list[StatementOf]:
        """Return what statements are asked for: one for each agency, insurance and kind of clearing."""
        profile, own = self.profile, care_area(self.session)
        agencies = [own]
        if profile.statement_agency == "settlement":
            agencies += sorted(payer_answers.agencies(self.session.store.reader) - {own})
        usual = [StatementOf(one, profile.insutype, profile.clr_type) for one in agencies]
        further = sorted({self._statement_of(one) for one in self.ours(self.session.store.reader)} - {*usual})
        return [*usual, *further]

    def _statement_of(self, one: Ours) -> StatementOf:
        """Return the statement a settlement belongs to: as the platform said when settling it, else the default."""
        profile, own = self.profile, care_area(self.session)
        agency = (one.agency or own) if profile.statement_agency == "settlement" else own
        return StatementOf(agency, one.insutype or profile.insutype, one.clr_type or profile.clr_type)

    def stated(self, asked: StatementOf) -> list[Ours]:
        """Return the settlements of one statement, as the book has them now."""
        return [one for one in self.ours(self.session.store.reader) if self._statement_of(one) == asked]

    def ours(self, connection: Connection) -> list[Ours]:
        """Return what the platform accepted on these days, with signs."""
        found = []
        for answered in payer_answers.of_days(connection, self.first, self.last):
            one = next(settlements.heads(connection, answered.serial, answered.serial))
            sign = -1 if answered.reverses else 1
            psn_no = payer_answers.person_no(connection, one.person_id) or one.person_id
            told = {name: getattr(answered, name) for name in _TOLD}
            sums = {name: sign * getattr(answered.figures, name) for name in _SUMS}
            found.append(Ours(no=one.no, psn_no=psn_no, **told, **sums))
        return found

    def entries(self, connection: Connection) -> list[ReconciledEntry]:
        """Return the book's records of these days, each with whether it was printed."""
        return [
            ReconciledEntry(
                serial=one.serial,
                no=one.no,
                receipt_no=one.receipt_no,
                state=State(one.state),
                printed=receipts.newest(connection, one.serial) is not None,
            )
            for day in days(self.first, self.last)
            for one in settlements.of_day(connection, day)
            if one.state  # what is reported to no payer is not compared with one
        ]
