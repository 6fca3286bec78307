"""The counter's keys that open a sheet, and what is done with the answer."""

from collections.abc import Callable
from functools import partial

from msgspec import structs

from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.engine.without_benefit import pays_nothing
from gongji.core.ledger.draft import AccountChoice
from gongji.core.money import yuan
from gongji.desk.visits.drafts import visit_of
from gongji.desk.visits.quote import Quoted
from gongji.desk.visits.what_if import try_all
from gongji.gui.background.lazy import paperwork, refund_list, sheets
from gongji.gui.counter import words
from gongji.gui.counter.arriving import Arriving, is_name
from gongji.gui.counter.hints import Hints
from gongji.gui.counter.put_aside import Aside
from gongji.gui.counter.visit_form import VisitForm
from gongji.gui.kit.choice import Choice, Option


class Asking:
    """Opens the sheets above the counter."""

    def __init__(self, form: VisitForm, hints: Hints, arriving: Arriving, aside: Aside) -> None:
        self._form = form
        self._hints = hints
        self._arriving = arriving
        self._aside = aside

    def benefit(self) -> None:
        """F4: choose the benefit of the chosen line; without a line, of the whole visit."""
        state, place = self._form.state, self._form.lines.table.place
        policy = state.policy
        if policy is None or place < 0:
            self.visit()
            return
        line = state.draft.lines[place]
        mine = line.benefit or state.draft.benefit or policy.pack.default_benefit
        benefits = words.benefits_of(policy)
        options: list[Option] = [
            (word, remark or self._better(place, name), partial(self._put_under, place, name))
            for name, word, remark in benefits
        ]
        options += [
            (f"用途：{words.USE[line.use]}…", "公共卫生、体检、养生保健等医保不付", partial(self._use, place)),
            ("就诊情况…", "日期、病种、原因、转诊、选定机构  Shift+F4", self.visit),
            ("病人情况…", "在职退休、参保地、补充保险、登记病种  Shift+F2", self.person),
            ("本项情况…", "单价、先行自付、限价", partial(self.line, place)),
        ]
        chosen = next((at for at, (name, _, _) in enumerate(benefits) if name == mine), 0)
        Choice(self._form.window(), f"第 {place + 1} 行“{line.name}”按什么待遇", options, chosen)

    def _better(self, place: int, benefit: str) -> str:
        found = [one for one in self._form.state.proposals if (one.place, one.benefit) == (place, benefit)]
        return f"多报 {yuan(found[0].better_fen)}：{found[0].why}" if found else ""

    def _put_under(self, place: int, benefit: str) -> None:
        self._form.state.set_benefit(place, benefit)
        self._form.lines.table.choose(place)
        self._form.lines.field.setFocus()

    def _use(self, place: int) -> None:
        state = self._form.state
        options: list[Option] = [(word, "", partial(state.set_line, place, use=use)) for use, word in words.USE.items()]
        Choice(self._form.window(), f"第 {place + 1} 行是什么用途", options)

    def visit(self) -> None:
        """Shift+F4: edit the visit as a whole."""
        sheets().VisitSheet(self._form.window(), self._form.state)

    def person(self) -> None:
        """Shift+F2: edit the patient's data."""
        state = self._form.state
        if state.patient is None:
            typed = self._form.patient.field.text().strip()
            self._arriving.enrol(typed if is_name(typed) else "", "")
        else:
            sheets().PersonSheet(
                self._form.window(), state, lambda person, area: state.set_visit(person=person, area=area)
            )

    def line(self, place: int) -> None:
        """Edit one line."""
        if 0 <= place < len(self._form.state.draft.lines):
            sheets().LineSheet(self._form.window(), self._form.state, place)

    def year_figures(self) -> None:
        """Shift+F5: enter figures of the year that the patient or the agency has just given."""
        state = self._form.state
        if state.patient is None:
            self._hints.say_what_is_missing()
        else:
            sheets().YearFiguresSheet(self._form.window(), state, state.patient)

    def accounts(self) -> None:
        """F5: choose whose accounts pay."""
        sheets().AccountsSheet(self._form.window(), self._form.state)

    def explain(self) -> None:
        """F8: show all steps, to be printed for the patient; with nothing entered, the last visit's."""
        form = self._form
        quoted, policy = form.state.quoted, form.state.policy
        if quoted is not None and quoted.quote is not None and quoted.visit is not None and policy is not None:
            print_it = partial(form.settling.quotation, quoted.visit, quoted.quote, policy)
            self._show_reckoning(quoted.quote, policy, print_it)
        elif self._hints.last is not None and form.state.draft.is_empty:
            record = paperwork().record_of(form.station.counter, self._hints.last.no)
            self._show_reckoning(record.quote, record.policy, partial(form.settling.explain, record.stored))
        else:
            self._hints.note("录入病人和项目后，这里说明每个数是怎么来的")

    def _show_reckoning(self, quote: Quote, policy: Policy, print_it: Callable[[], None]) -> None:
        form = self._form
        from gongji.desk.policies.documents import words_of  # noqa: PLC0415  # not before somebody asks why

        own_words = words_of(policy, form.station.counter.folder.path)
        sheets().ReckoningSheet(form.window(), quote, policy, own_words, print_it)

    def refund(self) -> None:
        """F10: choose which settlement is refunded, and then how much of it and why."""
        refund_list().RefundList(self._form.window(), self._form.station, self._aside.go_on_with)

    def compare(self) -> None:
        """F12: show the visit side by side for every level, status and use of accounts."""
        state = self._form.state
        if state.policy is not None and pays_nothing(state.policy.id):
            self._hints.note("自费、居民医保的病人全额收取，没有可以比较的待遇")
            return
        if state.quote is None or state.policy is None or state.patient is None:
            self._hints.note("录入病人和项目后，可以比较不同级别、人员和账户的结果")
            return
        totals = state.quote.totals
        used = totals.account_own_fen + totals.account_family_fen > 0
        choice = state.draft.accounts if used else AccountChoice()
        visit = visit_of(structs.replace(state.draft, full_payment=False, accounts=choice), state.patient)
        if not isinstance(visit, Quoted):
            tried = try_all(self._form.station.counter.library, visit, state.policy, uses_accounts=used)
            sheets().TryingSheet(self._form.window(), tried, totals)
