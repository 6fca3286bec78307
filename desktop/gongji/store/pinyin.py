"""The words by which a name is found: itself, its initials, its pinyin. The only module that uses pypinyin.

Every word and every search text is folded first: letters and digits in lower case and half width, nothing else.
Full pinyin begins with `FULL`, so that it is never confused with initials.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice, product

from msgspec import Struct, toml

from gongji.core.identifiers import without_radicals
from gongji.files import read_whole, resource_folder

FULL = "'"
_MOST_READINGS = 12
_LONGEST_PHRASE = 5
_DROPPED = frozenset("ZPSC")  # separators, punctuation, symbols, control characters
_NO_PHRASES: Mapping[str, tuple[str, ...]] = {}
# characters newer than this Python, or a system's private ones: part of a person's name
_UNASSIGNED = frozenset({"Cn", "Co"})


def load() -> None:
    """Load the dictionaries now, so that the first conversion does not wait for them."""
    _phrases()
    item_phrases()


def fold(text: str) -> str:
    """Return a text folded for comparison: 维生素Ｂ１２（注射液） → 维生素b12注射液, 买买提·艾力 → 买买提艾力."""
    plain = unicodedata.normalize("NFKC", without_radicals(text)).casefold()
    return plain if plain.isalnum() else "".join(filter(_kept, plain))


@lru_cache(1 << 16)
def _kept(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] not in _DROPPED or category in _UNASSIGNED


def characters(folded: str) -> str:
    """Return a folded name character by character, for the full-text index."""
    return " ".join(folded)


def person_words(name: str) -> set[str]:
    """Return the words a person is found by: with every reading of the surname, in initials of the rest as well."""
    folded = fold(name)
    usual = _usual(folded)
    first = _surname(folded)
    whole = [(*one, *usual[len(one) :]) for one in first]
    rest = [_readings(character) or (character,) for character in folded[len(first[0]) :]] if first else []
    others = islice(product(map(_initials, first), *map(_first_letters, rest)), _MOST_READINGS)
    return _words(folded, [*map(_initials, whole), *map("".join, others)], map("".join, whole))


@lru_cache(1 << 12)  # the same drug has many makers
def item_words(name: str) -> frozenset[str]:
    """Return the words an item is found by: read as phrases (丹参 ds), and character by character (dc)."""
    folded = fold(name)
    if not folded:
        return frozenset()
    usual = _usual(folded, item_phrases().readings)
    plain = "".join([_read_alone(character)[0] for character in folded])
    return frozenset((folded, _initials(usual), plain, FULL + "".join(usual)))


def _words(folded: str, initials: Iterable[str], full: Iterable[str]) -> set[str]:
    return {folded, *initials, *(FULL + one for one in full)} - {"", FULL}


def _initials(syllables: Sequence[str]) -> str:
    return "".join([syllable[0] for syllable in syllables])


@cache
def _first_letters(readings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reading[0] for reading in readings))


def _surname(folded: str) -> list[tuple[str, ...]]:
    """Return the readings of a name's surname, a surname of two characters as one."""
    double = _DOUBLE_SURNAMES.get(folded[:2])
    if double is not None:
        return [double, *((one, double[1]) for one in _readings(folded[0]) if one != double[0])]
    return [(one,) for one in _readings(folded[0]) or (folded[0],)] if folded else []


def _usual(folded: str, first: Mapping[str, tuple[str, ...]] = _NO_PHRASES) -> list[str]:
    """Return the syllables of a name, known phrases read as phrases; a letter or digit is itself.

    The phrases in `first` come before those of the language; a single character counts where neither has more.
    """
    phrases, lengths = _phrases(), _lengths(of_items=bool(first))
    found: list[str] = []
    here = 0
    while here < len(folded):
        sign = folded[here]
        for length in lengths.get(sign, ()):
            part = folded[here : here + length]
            phrase = first.get(part) or (phrases.get(part) if length > 1 else None)
            if phrase is not None:
                found += phrase
                here += length
                break
        else:
            found.append(_read_alone(sign))
            here += 1
    return found


@lru_cache(1 << 16)
def _read_alone(character: str) -> str:
    """Return the usual reading of a character outside of phrases; a letter or digit is itself."""
    return (_readings(character) or (character,))[0]


@lru_cache(1 << 16)
def _readings(character: str) -> tuple[str, ...]:
    """Return the readings of a character, without tones, the usual one first; none for a non-Chinese character."""
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415  # a tenth of a second, and not every command searches

    found = (_toneless(one) for one in PINYIN_DICT.get(ord(character), "").split(","))
    return tuple(dict.fromkeys([*filter(None, found), *_SURNAMES.get(character, ())]))


def _toneless(syllable: str) -> str:
    """Return a syllable as typed: lǜ → lv."""
    letters = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(letter for letter in letters if "a" <= letter <= "z")


class ItemPhrases(Struct, frozen=True):
    """Readings of phrases in the names of items, and the day of their edition (ISO)."""

    edition: str
    readings: dict[str, tuple[str, ...]]


@cache
def item_phrases() -> ItemPhrases:
    """Return the phrases of items. Raises ValueError when one has not as many syllables as characters."""
    given = toml.decode(read_whole(resource_folder() / "pinyin" / "items.toml"))
    readings = {phrase: tuple(read.split()) for phrase, read in given["phrases"].items()}
    wrong = [phrase for phrase, read in readings.items() if len(phrase) != len(read)]
    if wrong:
        raise ValueError(wrong)
    return ItemPhrases(given["edition"], readings)


@cache
def _lengths(*, of_items: bool) -> dict[str, tuple[int, ...]]:
    """Return the lengths of the phrases that begin with each character, the longest first."""
    found: dict[str, set[int]] = {}
    for phrase in (*_phrases(), *(item_phrases().readings if of_items else ())):
        found.setdefault(phrase[0], set()).add(len(phrase))
    return {sign: tuple(sorted(lengths, reverse=True)) for sign, lengths in found.items()}


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    """Return the phrases whose reading is not that of their characters."""
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415  # as above

    found = {}
    for phrase, syllables in PHRASES_DICT.items():
        if len(phrase) == len(syllables) <= _LONGEST_PHRASE:
            read = tuple(_toneless(one[0]) for one in syllables)
            if all(read) and read != tuple((_readings(sign) or ("",))[0] for sign in phrase):
                found[phrase] = read
    return found


# Readings that only surnames have and the dictionary lacks or might lose.
_SURNAMES = {
    "单": ("shan",), "曾": ("zeng",), "解": ("xie",), "仇": ("qiu",), "查": ("zha",), "盖": ("ge", "gai"),
    "朴": ("piao",), "任": ("ren",), "区": ("ou",), "尉": ("yu", "wei"), "覃": ("qin", "tan"), "翟": ("zhai",),
    "缪": ("miao",), "晁": ("chao",), "冼": ("xian",), "洗": ("xian",), "折": ("she",), "种": ("chong",),
    "秘": ("bi",), "繁": ("po",), "员": ("yun",), "乐": ("yue", "le"), "召": ("shao",), "那": ("na",),
    "过": ("guo",), "黑": ("he",), "能": ("nai",), "隗": ("kui", "wei"), "句": ("gou",), "逄": ("pang",),
    "适": ("kuo",), "牟": ("mu", "mou"), "乜": ("nie",), "佴": ("nai",), "祭": ("zhai",), "撒": ("sa",),
}  # fmt: skip

_DOUBLE_SURNAMES = {
    "尉迟": ("yu", "chi"), "单于": ("chan", "yu"), "长孙": ("zhang", "sun"), "万俟": ("mo", "qi"),
    "澹台": ("tan", "tai"), "令狐": ("ling", "hu"), "鲜于": ("xian", "yu"),
    "夏侯": ("xia", "hou"), "诸葛": ("zhu", "ge"), "皇甫": ("huang", "fu"), "宇文": ("yu", "wen"),
}  # fmt: skip
