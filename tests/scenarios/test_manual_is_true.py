"""The manual is true: the sentences, buttons, keys and pictures it names are there; what there is has its page."""

import re
from itertools import chain

import pytest

from gongji.core import problems
from gongji.core.manual import ManualPage
from gongji.desk.manual import manual, manual_folder, said_sentences
from gongji.gui.shell.screen_stack import SCREENS, ScreenEntry
from tests.gui.manual_pictures import PICTURES
from tests.support.pack_words import refusals
from tests.support.program_words import fits, sentences, words

PAGES = manual().pages
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#]*)(?:#[^)]*)?\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
BUTTON = re.compile("〔([^〕]+)〕")
KEY = re.compile(r"\*\*((?:Ctrl|Shift|Alt)\+[\w+←]+|F\d+|Enter|Esc|Delete|Tab|PgUp|PgDn)\*\*")
EVERYWHERE = {"Enter", "Esc", "Delete", "Tab", "PgUp", "PgDn", "F1", "Ctrl+L", "Ctrl+Shift+L", "Shift+Tab"}
EVERYWHERE |= {f"Ctrl+{place}" for place in range(1, len(SCREENS) + 1)}
COUNTER = {f"Shift+F{number}" for number in (2, 3, 4, 5)} | {f"Alt+{number}" for number in range(1, 8)}
MOST_BYTES = 3_000_000


def named(one: ManualPage) -> str:
    return one.name


def test_every_sentence_of_the_program_has_its_page() -> None:
    """What the program says is quoted by a page as it says it, so that F1 and the search lead there."""
    missing = [
        f"{said.place}: 「{said.text}」"
        for said in sentences()
        if (found := said_sentences().explained(said.text)) is None or not whole(found.quoted, said.text)
    ]
    assert not missing, "quote each on a page of resources/manual, with what to do:\n" + "\n".join(missing)


def whole(quoted: str, said: str) -> bool:
    """Tell whether a sentence is quoted as a whole."""
    return quoted == said or re.fullmatch(".+".join(map(re.escape, quoted.split("…"))), said, re.DOTALL) is not None


def test_every_refusal_of_a_pack_has_its_page() -> None:
    assert [text for text in refusals() if said_sentences().explained(text) is None] == []


def test_every_code_of_a_problem_has_its_page() -> None:
    codes = [value for name, value in vars(problems).items() if name.isupper() and isinstance(value, str)]
    assert codes
    assert {*codes} <= {code for page in manual().pages for code in page.codes}


@pytest.mark.parametrize("entry", SCREENS, ids=lambda one: one.name)
def test_every_screen_has_its_page(entry: ScreenEntry) -> None:
    assert manual().of_screen(entry.name) is not None


@pytest.mark.parametrize("page", PAGES, ids=named)
class TestWhatAPageNames:
    def test_what_it_quotes_is_said(self, page: ManualPage) -> None:
        assert [one for one in page.said if not is_said(one, words() | refusals())] == []

    def test_its_buttons_are_there(self, page: ManualPage) -> None:
        assert [one for one in BUTTON.findall(page.text) if not is_said(one, words())] == []

    def test_its_sheets_are_there(self, page: ManualPage) -> None:
        assert [one for one in page.windows if not is_said(one, words())] == []

    def test_its_keys_are_keys(self, page: ManualPage) -> None:
        functions = {f"F{number}" for number in range(1, 13)}
        known = EVERYWHERE | COUNTER | functions | {"Alt+←", "Alt+Y"}
        assert [one for one in KEY.findall(page.text) if one not in known] == []

    def test_its_links_lead_somewhere(self, page: ManualPage) -> None:
        targets = [one.removesuffix(".md") for one in LINK.findall(page.text)]
        assert [one for one in targets if manual().page(one) is None] == []

    def test_its_pictures_are_taken_of_the_window(self, page: ManualPage) -> None:
        taken = {f"pictures/{name}.png" for name, _ in PICTURES.values()}
        for shows, path in PICTURE.findall(page.text):
            assert shows
            assert path in taken
            assert (manual_folder() / path).is_file()

    def test_it_can_be_reached(self, page: ManualPage) -> None:
        linked = {one.removesuffix(".md") for one in chain.from_iterable(LINK.findall(each.text) for each in PAGES)}
        assert page.name in linked or page.screen or page is PAGES[0]


def test_no_picture_lies_about_and_all_are_small() -> None:
    files = sorted((manual_folder() / "pictures").iterdir())
    shown = {path for page in PAGES for _, path in PICTURE.findall(page.text)}
    assert {f"pictures/{one.name}" for one in files} == shown
    assert sum(one.stat().st_size for one in files) < MOST_BYTES


def test_no_page_has_a_screen_or_name_twice() -> None:
    screens = [page.screen for page in PAGES if page.screen]
    assert len(screens) == len(set(screens)) == len(SCREENS)


def is_said(quoted: str, known: frozenset[str]) -> bool:
    """Tell whether the program says a text, alone or put together with what differs."""
    return quoted in known or any(fits(quoted, one) for one in known if "…" in quoted or "…" in one)
