"""The counter's keys that open a sheet: what is asked of the clerk, and what is done with the answer.

病人到窗口: from a name typed, a card read or a barcode scanned to the visit of that patient.

挂单与取单: putting the visit aside, taking one back, and taking up what a power cut interrupted.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import structs

from gongji.core.engine.policy import Policy
from gongji.core.engine.quote import Quote
from gongji.core.engine.without_benefit import pays_nothing
from gongji.core.ledger.draft import AccountChoice
from gongji.core.money import yuan
from gongji.desk.policies.documents import words_of
from gongji.desk.visits.drafts import visit_of
from gongji.desk.visits.quote import Quoted
from gongji.desk.visits.what_if import try_all
from gongji.gui.background.lazy import paperwork, refund_list, sheets
from gongji.gui.counter import words
from gongji.gui.kit.choice import Choice, Option, doing

if TYPE_CHECKING:
    from gongji.gui.counter.screen import CounterScreen
from typing import TYPE_CHECKING, Any

from gongji.core.identifiers import person_id
from gongji.core.identity import looks_like_identity_number
from gongji.core.scanned_code import CodeKind, ScannedCode
from gongji.desk.visits.card_reader import CardRead, CardReader, reader_of
from gongji.desk.visits.drafts import items_of_code
from gongji.desk.visits.search import ItemFound, find_people
from gongji.errors import GongjiError

if TYPE_CHECKING:
    from gongji.gui.counter.screen import CounterScreen
from typing import TYPE_CHECKING

from gongji.core.ledger.giving_back import in_words, kept_of, less
from gongji.desk.visits.held_visits import HeldVisit
from gongji.gui.kit import dialogs

if TYPE_CHECKING:
    from gongji.desk.settlements.refund import Refunded  # brings in what makes papers
    from gongji.gui.counter.screen import CounterScreen


class Asking:
    """Opens the sheets above the counter."""

    def __init__(self, screen: "CounterScreen") -> None:
        """Ask on behalf of a counter's screen."""
        self._screen = screen

    def benefit(self) -> None:
        """F4: ask under which benefit the chosen line stands; without a line, about the visit as a whole."""
        state, place = self._screen.state, self._screen.lines.table.place
        policy = state.policy
        if policy is None or place < 0:
            self.visit()
            return
        line = state.draft.lines[place]
        mine = line.benefit or state.draft.benefit or policy.pack.default_benefit
        benefits = words.benefits_of(policy)
        options: list[Option] = [
            (word, remark or self._better(place, name), doing(self._put_under, place, name))
            for name, word, remark in benefits
        ]
        options += [
            (f"用途：{words.USE[line.use]}…", "公共卫生、体检、养生保健等医保不付", doing(self._use, place)),
            ("就诊情况…", "日期、病种、原因、转诊、选定机构  Shift+F4", self.visit),
            ("病人情况…", "在职退休、参保地、补充保险、登记病种  Shift+F2", self.person),
            ("本项情况…", "单价、先行自付、限价", doing(self.line, place)),
        ]
        chosen = next((at for at, (name, _, _) in enumerate(benefits) if name == mine), 0)
        Choice(self._screen.window(), f"第 {place + 1} 行“{line.name}”按什么待遇", options, chosen)

    def _better(self, place: int, benefit: str) -> str:
        found = [one for one in self._screen.state.proposals if (one.place, one.benefit) == (place, benefit)]
        return f"多报 {yuan(found[0].better_fen)}：{found[0].why}" if found else ""

    def _put_under(self, place: int, benefit: str) -> None:
        self._screen.state.set_benefit(place, benefit)
        self._screen.lines.table.choose(place)
        self._screen.lines.field.setFocus()

    def _use(self, place: int) -> None:
        state = self._screen.state
        options: list[Option] = [(word, "", doing(state.set_use, place, use)) for use, word in words.USE.items()]
        Choice(self._screen.window(), f"第 {place + 1} 行是什么用途", options)

    def visit(self) -> None:
        """Shift+F4: ask about the visit as a whole."""
        sheets().VisitSheet(self._screen.window(), self._screen.state)

    def person(self) -> None:
        """Shift+F2: ask about the patient."""
        state = self._screen.state
        if state.patient is None:
            typed = self._screen.patient.field.text().strip()
            self._screen.arriving.enrol(typed if _is_name(typed) else "", "")
        else:
            sheets().PersonSheet(
                self._screen.window(), state, lambda person, area: state.set_visit(person=person, area=area)
            )

    def line(self, place: int) -> None:
        """Ask about one line."""
        if 0 <= place < len(self._screen.state.draft.lines):
            sheets().LineSheet(self._screen.window(), self._screen.state, place)

    def told(self) -> None:
        """Shift+F5: ask for figures of the year that somebody has just told."""
        state = self._screen.state
        if state.patient is None:
            self._screen.advice.say_what_is_missing()
        else:
            sheets().ToldSheet(self._screen.window(), state, state.patient)

    def accounts(self) -> None:
        """F5: ask whose accounts pay."""
        sheets().AccountsSheet(self._screen.window(), self._screen.state)

    def explain(self) -> None:
        """F8: show the whole reckoning, to be printed where a patient asks; with nothing entered, the last visit's."""
        screen = self._screen
        quoted, policy = screen.state.quoted, screen.state.policy
        if quoted is not None and quoted.quote is not None and quoted.visit is not None and policy is not None:
            print_it = doing(screen.settling.quotation, quoted.visit, quoted.quote, policy)
            self._show_reckoning(quoted.quote, policy, print_it)
        elif screen.advice.last is not None and screen.state.draft.is_empty:
            record = paperwork().record(screen.station.counter, screen.advice.last.no)
            self._show_reckoning(record.quote, record.policy, doing(screen.settling.explain, record.stored))
        else:
            screen.advice.note("录入病人和项目后，这里说明每个数是怎么来的")

    def _show_reckoning(self, quote: Quote, policy: Policy, print_it: Callable[[], None]) -> None:
        screen = self._screen
        own_words = words_of(policy, screen.station.counter.folder.path)
        sheets().ReckoningSheet(screen.window(), quote, policy, own_words, print_it)

    def refund(self) -> None:
        """F10: ask which settlement is refunded, and then how much of it and why."""
        refund_list().RefundList(self._screen.window(), self._screen.station, self._screen.aside.go_on_with)

    def compare(self) -> None:
        """F12: show the visit side by side for every level, status and use of accounts."""
        state = self._screen.state
        if state.policy is not None and pays_nothing(state.policy.id):
            self._screen.advice.note("自费、居民医保的病人全额收取，没有可以比较的待遇")
            return
        if state.quote is None or state.policy is None or state.patient is None:
            self._screen.advice.note("录入病人和项目后，可以比较不同级别、人员和账户的结果")
            return
        totals = state.quote.totals
        used = totals.account_own_fen + totals.account_family_fen > 0
        choice = state.draft.accounts if used else AccountChoice()
        visit = visit_of(structs.replace(state.draft, full_payment=False, accounts=choice), state.patient)
        if not isinstance(visit, Quoted):
            tried = try_all(self._screen.station.counter.library, visit, state.policy, uses_accounts=used)
            sheets().TryingSheet(self._screen.window(), tried, totals)


class Arriving:
    """Takes patients, and what a scanner reads, for a counter's screen."""

    def __init__(self, screen: "CounterScreen") -> None:
        """Work for a counter's screen."""
        self._screen = screen
        self._reader: CardReader | None = None
        self._card: CardRead | None = None

    def use(self, reader: CardReader) -> None:
        """Read cards by this reader from now on."""
        self._reader = reader

    def read_card(self) -> None:
        """Shift+F3: ask the reader whose card is in it; the one before is told from the next by the reader."""
        screen = self._screen

        def read() -> CardRead:
            if self._reader is None:
                self._reader = reader_of(screen.station.counter)
            return self._reader.read()

        screen.advice.note("正在读卡……")
        screen.station.jobs.device(read, self._card_read, self._not_read, owner=screen)

    def _card_read(self, card: CardRead) -> None:
        screen, self._card = self._screen, card
        screen.advice.note(f"读到 {card.name} 的社保卡（卡号尾 {card.number[-4:]}）")
        if any(one.id == card.person_id for one in find_people(screen.station.counter.store, card.person_id, 1)):
            self.open_patient(card.person_id)
        else:
            new = sheets().Newcomer(name=card.name)
            sheets().PersonSheet(screen.window(), screen.state, self.take, card.person_id, new)

    def _not_read(self, error: BaseException) -> None:
        self._reader = None
        if isinstance(error, GongjiError):
            self._screen.advice.note(f"{error.title}：{error.advice}", wrong=True)
        else:
            self._screen.station.fail(error)

    def open_patient(self, person_id: str) -> None:
        """Take a patient of the book and go on to the items."""
        self.take({"id": person_id})

    def take(self, person: dict[str, Any], area: str | None = None) -> None:
        """Take a patient as told in the contract's words, insured in an area where that was told.

        Where another patient has lines already, it is asked whose they are.
        """
        state = self._screen.state
        if state.patient is None or not state.draft.lines or state.patient.id == person["id"]:
            self._take(person, area)
            return
        self._screen.patient.field.clear()
        name, count = state.patient.name, len(state.draft.lines)
        options: list[Option] = [
            ("不动", f"还是 {name}，{count} 项都留着", self._screen.enter),
            (
                f"先把 {name} 挂单",
                f"{count} 项挂起，F7 取回；给新来的开单",
                doing(self._put_aside, person, area),
            ),
            ("换成这个人", f"这 {count} 项原来就是新来的这位的，刚才选错了人", doing(self._take, person, area)),
        ]
        Choice(self._screen.window(), f"{name} 的单子还没有结算", options).gives_way = False

    def _put_aside(self, person: dict[str, Any], area: str | None) -> None:
        self._screen.aside.put()
        self._take(person, area)

    def _take(self, person: dict[str, Any], area: str | None) -> None:
        screen = self._screen
        screen.advice.clear_done()
        screen.patient.field.clear()
        screen.panel.tender.clear()
        screen.state.choose_patient(person, area)
        if self._card is not None and self._card.person_id == person["id"]:
            screen.state.show_certificate(self._card.certificate)
        self._card = None
        screen.lines.field.setFocus()

    def unknown(self, text: str) -> None:
        """Enrol somebody the book does not know, where a whole identity number was given, right or not."""
        number = _number(text)
        if looks_like_identity_number(number):
            sheets().PersonSheet(self._screen.window(), self._screen.state, self.take, number)
        elif _is_name(text):
            acts = (
                ("登记为自费", doing(self.enrol, text, "uninsured")),
                ("登记为居民医保", doing(self.enrol, text, "resident")),
                ("登记为职工", doing(self.enrol, text, "")),
            )
            self._screen.advice.note(
                f"没有找到“{text}”；输入完整的身份证号可登记新病人，没有证件的按 Shift+F2", wrong=True, acts=acts
            )
        else:
            self._screen.advice.note(f"没有找到“{text}”；输入完整的身份证号可登记新病人", wrong=True)

    def enrol(self, name: str, status: str) -> None:
        """Enrol somebody by name; without an employees' insurance a number is not needed."""
        screen = self._screen
        screen.patient.field.clear()
        sheets().PersonSheet(screen.window(), screen.state, self.take, new=sheets().Newcomer(name=name, status=status))

    def scanned(self, code: ScannedCode) -> None:
        """Open the patient of a scanned number, or add the item of a scanned barcode; say what is neither."""
        screen = self._screen
        if wrong := screen.finish_typing():
            screen.advice.note(f"{wrong}；改好后再扫一次", wrong=True)
        elif code.kind is CodeKind.PERSON:
            self._person(code.key)
        elif code.kind is CodeKind.VOUCHER:
            self._voucher(code.key)
        else:
            self._item(code)

    def _voucher(self, code: str) -> None:
        """Keep an e-voucher with the patient who shows it; it says who that is only to the platform."""
        screen = self._screen
        if screen.state.patient is None:
            screen.advice.note("这是医保电子凭证，脱机时看不出是谁的：请先选病人，再扫一次", wrong=True)
        else:
            screen.state.tell_person(voucher=code)
            screen.advice.note(
                f"已记下 {screen.state.patient.name} 的医保电子凭证（尾号 {code[-4:]}），随这一单保存，联网时可用"
            )

    def unknown_code(self, code: ScannedCode) -> str:
        """Say what was scanned where nobody and nothing is known by it; nothing where something is."""
        screen = self._screen
        is_known = code.kind in {CodeKind.PERSON, CodeKind.VOUCHER} or items_of_code(
            screen.station.counter, code, screen.state.day
        )
        return "" if is_known else _unknown(code)

    def _person(self, number: str) -> None:
        if any(one.id == number for one in find_people(self._screen.station.counter.store, number, 1)):
            self.open_patient(number)
        else:
            self.unknown(number)

    def _item(self, code: ScannedCode) -> None:
        screen = self._screen
        found = items_of_code(screen.station.counter, code, screen.state.day)
        if not found:
            screen.advice.note(_unknown(code), wrong=True)
        elif wrong := screen.lines.finish_item():
            screen.advice.note(f"{wrong}；改好后再扫一次", wrong=True)
        elif len(found) == 1:
            self._add(found[0], code)
        else:
            options = [(one.name, _apart(one), doing(self._add, one, code)) for one in found]
            Choice(screen.window(), f"条码 {code.text} 有 {len(found)} 个项目，是哪一个", options).gives_way = False

    def _add(self, item: ItemFound, code: ScannedCode) -> None:
        screen = self._screen
        if code.kind is not CodeKind.TRACE:
            screen.added(screen.state.add_one(item), item)
            return
        try:
            place = screen.state.add_traced(item, code.text)
        except ValueError as error:
            screen.advice.note(f"{error}，没有再加", wrong=True)
        else:
            screen.added(place, item)


def _is_name(text: str) -> bool:
    """Tell whether a text may be somebody's name: signs, none of them a digit or a Latin letter."""
    return all((one.isalpha() and not one.isascii()) or one == "·" for one in text.strip())


def _unknown(code: ScannedCode) -> str:
    """Say that nothing is known of what was scanned."""
    if code.kind is CodeKind.ARTICLE:
        return f"目录里没有条码 {code.text} 的项目"
    if code.kind is CodeKind.TRACE:
        return f"目录里没有药品标识码 {code.key} 的项目（追溯码 {code.text}），请扫药盒上的商品条码，或按名称录入"
    return f"不认识扫到的码 {code.text}，没有录入"


def _apart(item: ItemFound) -> str:
    """Return what tells alike items apart."""
    return "  ".join(part for part in (item.specification, item.maker, f"{words.priced(item)} 元") if part)


class Aside:
    """Puts visits aside and takes them back."""

    def __init__(self, screen: "CounterScreen") -> None:
        """Work for a counter's screen."""
        self._screen = screen

    def put(self) -> None:
        """F6: keep this visit for later and make room for the next."""
        screen = self._screen
        if screen.state.draft.is_empty:
            screen.advice.note("没有可以挂起的内容")
        elif wrong := screen.settle_key.half_entered():
            screen.refuse_key(wrong)
        else:
            screen.keeping.put_aside()
            screen.begin_anew()
            screen.advice.note("已挂单，按 F7 取回")

    def take(self) -> None:
        """F7: show what was put aside."""
        if wrong := self._screen.settle_key.half_entered():
            self._screen.refuse_key(wrong)
            return
        self._screen.advice.clear_put_off()
        waiting = self._screen.keeping.waiting
        sheets().HeldSheet(self._screen.window(), waiting, self._taken, self._thrown_away)

    def _taken(self, one: HeldVisit) -> None:
        self._go_on(one)
        today = self._screen.station.today.isoformat()
        if one.draft.settled_on is None and one.at[:10] != today:
            self._screen.advice.note(
                f"这一单是 {one.at[5:16]} 挂起的，现按今天结算；要按就诊当日结算的，按 Shift+F4 改就诊日期"
            )

    def _go_on(self, one: HeldVisit) -> None:
        """Go on with a visit; the one that was being entered is put aside."""
        screen = self._screen
        if not screen.state.draft.is_empty:
            screen.keeping.put_aside()
        screen.keeping.take_up(one.draft.visit_no)
        screen.begin_anew(one.draft)
        screen.keeping.keep_now()
        screen.enter()

    def go_on_with(self, done: "Refunded") -> None:
        """Go on with what is kept of a refunded settlement."""
        if done.prepared is None:
            return
        self._go_on(done.prepared)
        back = done.voided.back
        quote = self._screen.state.quote
        again = () if quote is None else kept_of(done.prepared.draft.paid_before, quote.totals.cash_fen)
        net = "" if quote is None else f"，按原付款方式收 {in_words(again)}，合起来退 {in_words(less(back, again))}"
        self._screen.advice.note(
            f"原单已冲销（应退 {in_words(back)}）；留下的 {done.prepared.lines} 项在这里，核对后按 F9 结算{net}"
        )

    def _thrown_away(self, one: HeldVisit) -> None:
        dialogs.ask(
            self._screen.window(),
            f"作废“{one.label}”这一单？",
            (f"其中有 {one.lines} 项，还没有收费。作废后不能取回。",),
            ("作废", lambda: self._screen.keeping.drop(one.draft.visit_no)),
        )

    def ask_to_throw_away(self) -> None:
        """Esc on a visit that was taken up again as it stood: ask whether it is to be cleared."""
        screen = self._screen
        draft, patient = screen.state.draft, screen.state.patient
        name = "未选病人" if patient is None else patient.name
        dialogs.ask(
            screen.window(),
            f"清掉“{name}”这一单？",
            (f"它是取回或恢复的，有 {len(draft.lines)} 项，还没有收费。清掉后不能取回；想留着的，按 F6 再挂起来。",),
            ("清掉", lambda: self._throw_away(draft.visit_no)),
            "留着",
        )

    def _throw_away(self, visit_no: str) -> None:
        self._screen.keeping.drop(visit_no)
        self._screen.begin_anew()

    def take_up_again(self) -> None:
        """Begin with the visit that was being entered when the program ended, if there is one."""
        left = self._screen.keeping.left_over()
        self._screen.begin_anew(None if left is None else left.draft)
        if left is not None:
            self._screen.advice.note(f"上次没录完的“{left.label}”已恢复（{left.lines} 项）")


def _number(text: str) -> str:
    """Return a typed number in its normal form; as it stands where it has none."""
    try:
        return person_id(text)
    except ValueError:
        return text
