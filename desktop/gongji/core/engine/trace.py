"""Steps: which rule decided an amount, under which article, and how, in a sentence for the patient."""

from msgspec import Struct


class Step(Struct, frozen=True, gc=False):
    """One decided amount in fen; `reading` holds the words of our reading where the rule is one."""

    rule: str
    article: str
    text: str
    amount_fen: int
    reading: str | None


class Notice(Struct, frozen=True, gc=False):
    """Something the clerk should tell the patient."""

    code: str
    article: str
    text: str
