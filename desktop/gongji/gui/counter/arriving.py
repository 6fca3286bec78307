"""病人到窗口: from a name typed, a card read or a barcode scanned to the visit of that patient."""

from typing import TYPE_CHECKING, Any

from gongji.core.identifiers import person_id
from gongji.core.identity import looks_like_identity_number
from gongji.core.scanned_code import CodeKind, ScannedCode
from gongji.desk.visits.card_reader import CardRead, CardReader, reader_of
from gongji.desk.visits.drafts import items_of_code
from gongji.desk.visits.search import ItemFound, find_people
from gongji.errors import GongjiError
from gongji.gui.background.lazy import sheets
from gongji.gui.counter import words
from gongji.gui.kit.choice import Choice, Option, doing

if TYPE_CHECKING:
    from gongji.gui.counter.screen import CounterScreen


class Arriving:
    """Handles patients and scanned codes for the counter's screen."""

    def __init__(self, screen: "CounterScreen") -> None:
        self._screen = screen
        self._reader: CardReader | None = None
        self._card: CardRead | None = None

    def use(self, reader: CardReader) -> None:
        """Use this card reader from now on."""
        self._reader = reader

    def read_card(self) -> None:
        """Shift+F3: read the card in the reader."""
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
        """Open a patient of the book and go on to the items."""
        self.take({"id": person_id})

    def take(self, person: dict[str, Any], area: str | None = None) -> None:
        """Take a patient in the contract's form, insured in an area if given.

        Where another patient has lines already, the clerk is asked whose they are.
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
        """Register a person the book does not know, by a whole identity number, valid or not."""
        number = _number(text)
        if looks_like_identity_number(number):
            sheets().PersonSheet(self._screen.window(), self._screen.state, self.take, number)
        elif is_name(text):
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
        """Register a person by name; without an employees' insurance a number is not needed."""
        screen = self._screen
        screen.patient.field.clear()
        sheets().PersonSheet(screen.window(), screen.state, self.take, new=sheets().Newcomer(name=name, status=status))

    def scanned(self, code: ScannedCode) -> None:
        """Open the patient of a scanned number, or add the item of a scanned barcode; report anything else."""
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
        """Store an e-voucher with the current patient; only the platform can decode it."""
        screen = self._screen
        if screen.state.patient is None:
            screen.advice.note("这是医保电子凭证，脱机时看不出是谁的：请先选病人，再扫一次", wrong=True)
        else:
            screen.state.tell_person(voucher=code)
            screen.advice.note(
                f"已记下 {screen.state.patient.name} 的医保电子凭证（尾号 {code[-4:]}），随这一单保存，联网时可用"
            )

    def unknown_code(self, code: ScannedCode) -> str:
        """Return a sentence for a scanned code that is unknown; empty where it is known."""
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


def is_name(text: str) -> bool:
    """Return whether a text may be a person's name: letters beyond ASCII, and ·."""
    return all((one.isalpha() and not one.isascii()) or one == "·" for one in text.strip())


def _unknown(code: ScannedCode) -> str:
    """Return the sentence for an unknown code."""
    if code.kind is CodeKind.ARTICLE:
        return f"目录里没有条码 {code.text} 的项目"
    if code.kind is CodeKind.TRACE:
        return f"目录里没有药品标识码 {code.key} 的项目（追溯码 {code.text}），请扫药盒上的商品条码，或按名称录入"
    return f"不认识扫到的码 {code.text}，没有录入"


def _apart(item: ItemFound) -> str:
    """Return what distinguishes similar items."""
    return "  ".join(part for part in (item.specification, item.maker, f"{words.priced(item)} 元") if part)


def _number(text: str) -> str:
    """Return a typed number in its normal form; unchanged where it has none."""
    try:
        return person_id(text)
    except ValueError:
        return text
