"""The states as a table for people, made from the function itself; a test holds docs/outbox.md to it."""

from collections.abc import Iterator
from itertools import product

from gongji.core.outbox.states import Event, ImpossibleError, LegStanding, State, after

BEGIN, END = "<!-- made from core/outbox/states.py: begin -->", "<!-- end -->"


def table() -> str:
    """Return the table in Markdown: a row a state, a column an event."""
    events = list(Event)
    rows = [["State ↓", *(event.value for event in events)], ["---"] * (len(events) + 1)]
    rows += [[state.name, *(cell(state, event) for event in events)] for state in State]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def cell(state: State, event: Event) -> str:
    """Return what an event leads to in a state, and on what that depends."""
    found = {
        (wanted, sent): _shown(LegStanding(state, want_reverse=wanted, sent=sent), event)
        for wanted, sent in product((False, True), repeat=2)
    }
    plain = found[False, True]
    if len(set(found.values())) == 1:
        return plain
    return "; ".join([plain, *dict.fromkeys(_exceptions(found, plain))])


def _exceptions(found: dict[tuple[bool, bool], str], plain: str) -> Iterator[str]:
    if found[False, False] != plain:
        yield f"never sent → {found[False, False]}"
    if found[True, True] != plain:
        yield f"flagged → {found[True, True]}"


def _shown(now: LegStanding, event: Event) -> str:
    try:
        then = after(now, event)
    except ImpossibleError:
        return "–"
    return "flag" if then.want_reverse and event is Event.CANCEL else then.state.name
