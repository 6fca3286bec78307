"""Steps: which rule decided an amount, under which article, with a sentence for the patient."""

from collections.abc import Iterable

from msgspec import Struct


class Step(Struct, frozen=True, gc=False):
    """One decided amount in fen; `reading` holds the words of our reading where the rule is one.

    `amount` is the key of the contract's amount that the step explains ("fund", "deductible"); a bar on accounts
    explains what is left: "cash".
    """

    rule: str
    article: str
    text: str
    amount_fen: int
    reading: str | None
    amount: str


def steps_of(trace: Iterable[Step], *amounts: str) -> list[Step]:
    """Return the steps that explain any of these amounts."""
    return [step for step in trace if step.amount in amounts]


class Notice(Struct, frozen=True, gc=False):
    """Something the clerk should tell the patient."""

    code: str
    article: str
    text: str
