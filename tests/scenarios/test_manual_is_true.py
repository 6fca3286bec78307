"""The manual is true: every sentence, button, key, screen, link and picture it names is there, and every one has its page."""

import re
from itertools import chain

import pytest

from gongji.core import problems
from gongji.core.manual.manual_page import Manual, ManualPage
from gongji.desk.manual.read_manual import manual, manual_folder, said_sentences
from gongji.gui.shell.screens import SCREENS
from tests.gui.manual_pictures import PICTURES
from tests.support.pack_words import refusals
from tests.support.program_words import Sentence, sentences, words

PAGES = manual().pages
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#]*)(?:#[^)]*)?\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
BUTTON = re.compile("〔([^〕]+)〕")
KEY = re.compile(r"\*\*((?:Ctrl|Shift|Alt)\+\w+|F\d+|Enter|Esc|Delete|Tab|PgUp|PgDn)\*\*")
PLACE = re.compile("“([^”]+)”(?:页|里|按|上|一列|栏)?")
EVERYWHERE = {"Enter", "Esc", "Delete", "Tab", "PgUp", "PgDn", "F1", "Ctrl+L", "Shift+Tab"}
EVERYWHERE |= {f"Ctrl+{place}" for place in range(1, len(SCREENS) + 1)}
COUNTER = {f"Shift+F{number}" for number in (2, 4, 5)} | {f"Alt+{number}" for number in range(1, 8)}
MOST_BYTES = 3_000_000


def named(one: ManualPage | Sentence) -> str:
    return one.name if isinstance(one, ManualPage) else one.text[:40]


@pytest.mark.parametrize("said", sentences(), ids=named)
def test_every_sentence_of_the_program_has_its_page(said: Sentence) -> None:
    """What the program says is quoted by a page as it says it, so that F1 and the search lead there."""
    found = said_sentences().explained(said.text)
    assert found is not None, f"no page of the manual quotes 「{said.text}」 ({said.place})"
    assert re.fullmatch(".+".join(map(re.escape, found.quoted.split("…"))), said.text, re.DOTALL), (
        f"no page of the manual quotes 「{said.text}」 ({said.place}); the nearest is 「{found.quoted}」"
    )


@pytest.mark.parametrize("text", refusals())
def test_every_refusal_of_a_pack_has_its_page(text: str) -> None:
    assert said_sentences().explained(text) is not None, text


def test_every_code_of_a_problem_has_its_page() -> None:
    codes = [value for name, value in vars(problems).items() if name.isupper() and isinstance(value, str)]
    assert codes
    assert [one for one in codes if manual().of_code(one) is None] == []


@pytest.mark.parametrize("entry", SCREENS, ids=lambda one: one.name)
def test_every_screen_has_its_page(entry: object) -> None:
    assert manual().of_screen(entry.name) is not None  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES, ids=named)
class TestWhatAPageNames:
    def test_what_it_quotes_is_said(self, page: ManualPage) -> None:
        said = {one.text for one in sentences()} | words() | refusals()
        plain = {one.strip().rstrip("。") for one in said}
        wrong = [one for one in page.said if one not in plain and not any(_fits(one, text) for text in plain)]
        assert wrong == []

    def test_its_buttons_are_there(self, page: ManualPage) -> None:
        wrong = [one for one in BUTTON.findall(page.text) if one not in words() and not _fits_any(one)]
        assert wrong == []

    def test_its_sheets_are_there(self, page: ManualPage) -> None:
        assert [one for one in page.windows if one not in words() and not _fits_any(one)] == []

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


def _fits(quoted: str, said: str) -> bool:
    """Tell whether a quoted sentence is one that is put together in the program, whatever is put in."""
    if "…" not in said and "…" not in quoted:
        return False
    pattern = ".+".join(map(re.escape, said.split("…")))
    return re.fullmatch(pattern, quoted, re.DOTALL) is not None or bool(
        "…" in quoted and re.fullmatch(".+".join(map(re.escape, quoted.split("…"))), said, re.DOTALL)
    )


def _fits_any(one: str) -> bool:
    """Tell whether a label that ends in … or has it within stands in the program, put together there."""
    return ("…" in one and any(_fits(one, each.text) for each in sentences())) or any(
        one in each for each in words() if "  " in each
    )


def test_a_page_is_found_by_what_it_says() -> None:
    assert isinstance(manual(), Manual)
