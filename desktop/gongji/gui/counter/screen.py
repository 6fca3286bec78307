"""收费: the counter's screen: the form of one visit, its keys, and what they do."""

from collections.abc import Callable
from functools import partial

from gongji.core.engine.without_benefit import pays_nothing
from gongji.desk.changes import Changed
from gongji.gui.counter import words
from gongji.gui.counter.actions import Asking
from gongji.gui.counter.arriving import Arriving
from gongji.gui.counter.entitlement_question import EntitlementQuestion
from gongji.gui.counter.hints import Hints
from gongji.gui.counter.put_aside import Aside
from gongji.gui.counter.settle_key import SettleKey
from gongji.gui.counter.visit_form import VisitForm
from gongji.gui.kit.form import begin_in
from gongji.gui.shell.screen import ScreenKey, shortcut
from gongji.gui.shell.workspace import Workspace


class CounterScreen(VisitForm):
    """Patient, lines and settlement of one visit."""

    watches = Changed.SETTLEMENTS | Changed.PEOPLE | Changed.SETTINGS

    def __init__(self, station: Workspace) -> None:
        """Begin with the visit that was being entered, if there is one."""
        super().__init__(station)
        self.advice = Hints(self)
        self.settle_key = SettleKey(self, self.advice)
        self.aside = Aside(self, self.advice, self.settle_key)
        self.arriving = Arriving(self, self.advice, self.aside)
        self.asking = Asking(self, self.advice, self.arriving, self.aside)
        self.entitlement = EntitlementQuestion(self.state)
        self._keys = self._make_keys()
        self._connect()
        self.aside.take_up_again()

    def _connect(self) -> None:
        asking, wanted = self.asking, self.advice.wanted
        self.patient.field.taken.connect(lambda one: self.arriving.open_patient(one.id))
        self.patient.field.not_found.connect(self.arriving.unknown)
        self.patient.card_wanted.connect(lambda: self._ask(self.arriving.read_card))
        self.panel.why.connect(asking.explain)
        tender = self.panel.tender
        tender.means_pressed.connect(lambda means: self._ask(partial(tender.pay_by, means)))
        self.panel.button.clicked.connect(self.settle)
        wanted.visit.connect(asking.visit)
        wanted.person.connect(asking.person)
        wanted.year_figures.connect(asking.year_figures)
        wanted.line.connect(asking.line)
        wanted.patient.connect(self.arriving.open_patient)
        wanted.full_payment.connect(self.toggle_full_payment)
        for place, means in enumerate(words.MEANS, 1):
            shortcut(f"Alt+{place}", self, partial(self._ask, partial(tender.pay_by, means)))
        for place in range(3):  # the suggested sums of notes, after the means
            shortcut(f"Alt+{place + len(words.MEANS) + 1}", self, partial(self._ask, partial(tender.hand_over, place)))
        for key, act in (
            ("Shift+F2", asking.person),
            ("Shift+F3", self.arriving.read_card),
            ("Shift+F4", asking.visit),
            ("Shift+F5", asking.year_figures),
        ):
            shortcut(key, self, partial(self._ask, act))

    def _make_keys(self) -> tuple[ScreenKey, ...]:
        return (
            ScreenKey("F2", "病人", partial(begin_in, self.patient.field)),
            ScreenKey("F3", "项目", partial(begin_in, self.lines.field)),
            ScreenKey("F4", "待遇", self.asking.benefit),
            ScreenKey("F5", "账户", self.asking.accounts),
            ScreenKey("F6", "挂单", self.aside.put),
            ScreenKey("F7", "取单", self.aside.take),
            ScreenKey("F8", "依据", self.asking.explain),
            ScreenKey("F9", "结算并打印", self.settle),
            ScreenKey("F10", "退费", self.asking.refund),
            ScreenKey("F11", "全额垫付", self.toggle_full_payment),
            ScreenKey("F12", "试算", self.asking.compare),
            ScreenKey("Esc", "撤销", self.undo),
        )

    def keys(self) -> tuple[ScreenKey, ...]:
        """Return the counter's keys."""
        return self._keys

    def go(self) -> None:
        """Store the visit being entered."""
        super().go()
        self.keeping.keep_now()

    def refresh(self) -> None:
        """Read again what is known of the patient, since another settlement may have changed it."""
        self.lines.forget_use()
        self.advice.look_again()
        if self.state.patient is not None:
            self.state.notice()

    def undo(self) -> None:
        """Clear what is half entered, or undo the last step."""
        if self.patient.field.text():
            self.patient.field.clear()
        elif self.lines.is_busy:
            self.lines.clear()
            self.lines.field.setFocus()
        elif self.panel.tender.field.hasFocus() and self.panel.tender.field.text():
            self.panel.tender.clear()
        elif self.state.is_taken_up and not self.state.can_undo:
            self.aside.ask_to_throw_away()
        elif self.state.undo() or self.panel.tender.field.hasFocus() or self.panel.button.hasFocus():
            self.enter()

    def toggle_full_payment(self) -> None:
        """Switch full payment (to be claimed later) on or off."""
        policy = self.state.policy
        if policy is not None and pays_nothing(policy.id):
            self.advice.note("自费、居民医保的病人本来就全额收取，不用全额垫付")
        elif self.state.patient is not None:
            self.state.set_visit(full_payment=not self.state.draft.full_payment)

    def refuse_key(self, why: str) -> None:
        """Show why a key does nothing now."""
        self.advice.note(why, wrong=True)

    def _ask(self, act: Callable[[], None]) -> None:
        """Act for a key that is not in the key bar, once the cell being edited is committed."""
        wrong = self.finish_typing()
        if wrong:
            self.refuse_key(wrong)
        else:
            act()

    def settle(self) -> None:
        """F9: settle for good what is on the screen, if nothing prevents it."""
        unread, self.is_unread = self.is_unread, False
        self.settle_key.settle(unread=unread)
