"""A pack's content by article, for display: the rules, with their figures and provisions in words."""

from msgspec import Struct

from gongji.core.packs.figures import figures
from gongji.core.packs.language import Pack
from gongji.core.packs.provisions import provisions


class DescribedRule(Struct, frozen=True, kw_only=True):
    """A rule under an article: its name and title, our reading, why it is not computed, and its content."""

    name: str
    title: str
    reading: str | None
    aside: str | None
    says: tuple[str, ...]


class DescribedArticle(Struct, frozen=True, kw_only=True):
    """An article: how it is cited, its gist, and its rules."""

    article: str
    gist: str
    rules: tuple[DescribedRule, ...]

    @property
    def figures(self) -> int:
        """How many figures and provisions it has."""
        return sum(len(rule.says) for rule in self.rules)


def described(pack: Pack) -> list[DescribedArticle]:
    """Return every article of a pack with its rules, in the pack's order."""
    under = said_by_rule(pack)
    return [
        DescribedArticle(
            article=article,
            gist=gist,
            rules=tuple(
                DescribedRule(
                    name=name,
                    title=rule.title,
                    reading=rule.reading,
                    aside=rule.aside,
                    says=tuple(under.get(name, ())),
                )
                for name, rule in pack.rule.items()
                if article in rule.article.split("、")
            ),
        )
        for article, gist in pack.gist.items()
    ]


def said_by_rule(pack: Pack) -> dict[str, list[str]]:
    """Return each rule's figures and provisions in words, by its name."""
    lines = [(one.rule, f"{one.what}：{one.says}") for one in figures(pack)]
    lines += [(one.rule, f"{one.what}（{one.says}）{reading_in_words(one.reading)}") for one in provisions(pack)]
    found: dict[str, list[str]] = {}
    for rules, line in lines:
        for rule in rules.split("、"):
            found.setdefault(rule, []).append(line)
    return found


def reading_in_words(reading: str | None) -> str:
    """Return our reading in brackets; empty where there is none."""
    return f"（我们的理解：{reading}）" if reading else ""
