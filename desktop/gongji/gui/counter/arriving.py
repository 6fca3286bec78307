"""病人到窗口: from a name typed, a card read or a barcode scanned to the visit of that patient."""

from functools import partial
from typing import Any

from gongji.core.identity import looks_like_identity_number
from gongji.core.problems import quoted
from gongji.core.scanned_code import CodeKind, ScannedCode
from gongji.desk.visits.card_reader import CardRead, CardReader, reader_of
from gongji.desk.visits.search import ItemFound, find_items_of_code, find_people
from gongji.errors import GongjiError
from gongji.gui.background.lazy import sheets
from gongji.gui.counter import words
from gongji.gui.counter.hints import Hints
from gongji.gui.counter.put_aside import Aside
from gongji.gui.counter.visit_form import VisitForm
from gongji.gui.kit.choice import Choice, Option


class Arriving:
    """Handles patients and scanned codes for the counter's form."""

    def __init__(self, form: VisitForm, hints: Hints, aside: Aside) -> None:
        self._form = form
        self._hints = hints
        self._aside = aside
        self._reader: CardReader | None = None
        self._card: CardRead | None = None

    def use(self, reader: CardReader) -> None:
        """Use this card reader from now on."""
        self._reader = reader

    def read_card(self) -> None:
        """Shift+F3: read the card in the reader."""
        form = self._form

        def read() -> CardRead:
            if self._reader is None:
                self._reader = reader_of(form.station.counter)
            return self._reader.read()

        self._hints.note("正在读卡……")
        form.station.jobs.device(read, self._card_read, self._not_read, owner=form)

    def _card_read(self, card: CardRead) -> None:
        form, self._card = self._form, card
        self._hints.note(f"读到 {card.name} 的社保卡（卡号尾 {card.number[-4:]}）")
        if self._is_known(card.person_id):
            self.open_patient(card.person_id)
        else:
            new = sheets().Newcomer(name=card.name)
            sheets().PersonSheet(form.window(), form.state, self.take, card.person_id, new)

    def _not_read(self, error: BaseException) -> None:
        self._reader = None
        if isinstance(error, GongjiError):
            self._hints.note(f"{error.title}：{error.advice}", wrong=True)
        else:
            self._form.station.fail(error)

    def open_patient(self, person_id: str) -> None:
        """Open a patient of the book and go on to the items."""
        self.take({"id": person_id})

    def take(self, person: dict[str, Any], area: str | None = None) -> None:
        """Take a patient in the contract's form, insured in an area if given.

        Where another patient has lines already, the clerk is asked whose they are.
        """
        state = self._form.state
        if state.patient is None or not state.draft.lines or state.patient.id == person["id"]:
            self._take(person, area)
            return
        self._form.patient.field.clear()
        name, count = state.patient.name, len(state.draft.lines)
        options: list[Option] = [
            ("不动", f"还是 {name}，{count} 项都留着", self._form.enter),
            (
                f"先把 {name} 挂单",
                f"{count} 项挂起，F7 取回；给新来的开单",
                partial(self._put_aside, person, area),
            ),
            ("换成这个人", f"这 {count} 项原来就是新来的这位的，刚才选错了人", partial(self._take, person, area)),
        ]
        Choice(self._form.window(), f"{name} 的单子还没有结算", options).gives_way = False

    def _put_aside(self, person: dict[str, Any], area: str | None) -> None:
        self._aside.put()
        self._take(person, area)

    def _take(self, person: dict[str, Any], area: str | None) -> None:
        form = self._form
        self._hints.clear_done()
        form.patient.field.clear()
        form.panel.tender.clear()
        form.state.choose_patient(person, area)
        if self._card is not None and self._card.person_id == person["id"]:
            form.state.show_certificate(self._card.certificate)
        self._card = None
        form.lines.field.setFocus()

    def unknown(self, text: str) -> None:
        """Register a person the book does not know, by a whole identity number, valid or not."""
        number = words.number_of(text)
        if looks_like_identity_number(number):
            sheets().PersonSheet(self._form.window(), self._form.state, self.take, number)
        elif is_name(text):
            acts = (
                ("登记为自费", partial(self.enrol, text, "uninsured")),
                ("登记为居民医保", partial(self.enrol, text, "resident")),
                ("登记为职工", partial(self.enrol, text, "")),
            )
            self._hints.note(
                f"没有找到“{quoted(text)}”；输入完整的身份证号可登记新病人，没有证件的按 Shift+F2",
                wrong=True,
                acts=acts,
            )
        else:
            self._hints.note(f"没有找到“{quoted(text)}”；输入完整的身份证号可登记新病人", wrong=True)

    def enrol(self, name: str, status: str) -> None:
        """Register a person by name; without an employees' insurance a number is not needed."""
        form = self._form
        form.patient.field.clear()
        sheets().PersonSheet(form.window(), form.state, self.take, new=sheets().Newcomer(name=name, status=status))

    def scanned(self, code: ScannedCode) -> None:
        """Open the patient of a scanned number, or add the item of a scanned barcode; report anything else."""
        form = self._form
        if wrong := form.finish_typing():
            self._hints.note(f"{wrong}；改好后再扫一次", wrong=True)
        elif code.kind is CodeKind.PERSON:
            self._person(code.key)
        elif code.kind is CodeKind.VOUCHER:
            self._voucher(code.key)
        else:
            self._item(code)

    def _voucher(self, code: str) -> None:
        """Store an e-voucher with the current patient; only the platform can decode it."""
        form = self._form
        if form.state.patient is None:
            self._hints.note("这是医保电子凭证，脱机时看不出是谁的：请先选病人，再扫一次", wrong=True)
        else:
            form.state.tell_person(voucher=code)
            self._hints.note(
                f"已记下 {form.state.patient.name} 的医保电子凭证（尾号 {code[-4:]}），随这一单保存，联网时可用"
            )

    def unknown_code(self, code: ScannedCode) -> str:
        """Return a sentence for a scanned code that is unknown; empty where it is known."""
        form = self._form
        is_known = code.kind in {CodeKind.PERSON, CodeKind.VOUCHER} or find_items_of_code(
            form.station.counter.store, code, form.state.day
        )
        return "" if is_known else _unknown(code)

    def _is_known(self, number: str) -> bool:
        return any(one.id == number for one in find_people(self._form.station.counter.store, number, 1))

    def _person(self, number: str) -> None:
        if self._is_known(number):
            self.open_patient(number)
        else:
            self.unknown(number)

    def _item(self, code: ScannedCode) -> None:
        form = self._form
        found = find_items_of_code(form.station.counter.store, code, form.state.day)
        if not found:
            self._hints.note(_unknown(code), wrong=True)
        elif wrong := form.lines.finish_item():
            self._hints.note(f"{wrong}；改好后再扫一次", wrong=True)
        elif len(found) == 1:
            self._add(found[0], code)
        else:
            options = [(one.name, _apart(one), partial(self._add, one, code)) for one in found]
            Choice(form.window(), f"条码 {code.text} 有 {len(found)} 个项目，是哪一个", options).gives_way = False

    def _add(self, item: ItemFound, code: ScannedCode) -> None:
        form = self._form
        if code.kind is not CodeKind.TRACE:
            form.added(form.state.add_one(item), item)
            return
        try:
            place = form.state.add_traced(item, code.text)
        except ValueError as error:
            self._hints.note(f"{error}，没有再加", wrong=True)
        else:
            form.added(place, item)


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
