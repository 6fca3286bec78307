"""An invented text of the document a policy rests on: its title and articles, none of its words."""

from gongji.core.engine.policy import Policy

_TENS = ("", "十", "二十", "三十")
_ONES = "一二三四五六七八九"
_MOST = 30


def made_up_document(policy: Policy) -> str:
    """Return a text that is found to be a policy's main document, with articles 1 to 30."""
    articles = [f"第{_in_words(number)}条" for number in range(1, _MOST + 1)]
    title = policy.pack.source["main"].title
    return "\n\n".join([title, *(f"{one} 这是虚构的{one}原文。" for one in articles)])


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (_ONES[ones - 1] if ones else "")
