"""A training book with some months of work in it, for screens that show past work."""

import datetime
import json
from pathlib import Path
from typing import Any

from gongji.core.dates import CHINA
from gongji.desk.clinic.first_start.create import begin_training
from gongji.desk.clinic.open import open_counter
from gongji.desk.closing.shifts import close_shift
from gongji.desk.session import Session
from gongji.desk.settlements.settle import AtCounter, settle_text
from gongji.desk.settlements.void import void
from gongji.files import resource_folder
from gongji.pack_files.library import Library

TODAY = "2026-11-22 10:05:33"


class Clock:
    """A clock that stays where it is set."""

    def __init__(self, text: str) -> None:
        self.moment = moment(text)

    def __call__(self) -> datetime.datetime:
        return self.moment

    def set(self, text: str) -> None:
        self.moment = moment(text)


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)


def samples(area: str = "530300") -> list[dict[str, Any]]:
    """The sample visits of an area that settle."""
    text = (resource_folder() / "training" / area / "visits.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def empty_book(folder: Path, library: Library, area: str = "530300", at: str = TODAY) -> tuple[Session, Clock]:
    """A training counter nobody has worked at yet."""
    clock = Clock(at)
    begin_training(folder, area, library, clock)
    return open_counter(folder, library, clock), clock


def settle(session: Session, clock: Clock, one: dict[str, Any], no: str, tender: str = "cash") -> str | None:
    """Settle a sample on the clock's day under a number of its own; return its number where it settles."""
    visit = {**one, "visit_no": no, "settled_on": clock.moment.date().isoformat()}
    visit.pop("accumulators", None)
    visit.pop("accounts", None)
    done = settle_text(session, json.dumps(visit, ensure_ascii=False).encode())
    if done.stored is None:
        return None
    del tender
    return done.stored.no


def full_book(folder: Path, library: Library, area: str = "530300", *, months: int = 8, a_day: int = 3) -> Session:
    """A counter with months of work, some refunds, closed shifts, and an open one of today."""
    first = moment(TODAY).replace(day=1) - datetime.timedelta(days=31 * (months - 1))
    counter, clock = empty_book(folder, library, area)
    clock.moment = first
    visits = samples(area)
    number, day = 0, first
    today = moment(TODAY)
    while day.date() < today.date():
        for turn in range(a_day + day.day % 3):
            clock.moment = day.replace(hour=9 + turn, minute=(7 * day.day) % 60)
            number += 1
            no = settle(counter, clock, visits[number % len(visits)], f"S{number:04d}")
            if no is not None and number % 23 == 0:
                clock.moment += datetime.timedelta(minutes=9)
                void(counter, no, "药品退回")
        clock.moment = day.replace(hour=17, minute=30)
        close_shift(counter)
        day += datetime.timedelta(days=5)
    clock.set(TODAY)
    for turn in range(9):
        clock.moment = today.replace(hour=8, minute=10 * turn // 2 % 60) + datetime.timedelta(minutes=6 * turn)
        number += 1
        no = settle(counter, clock, visits[turn], f"S{number:04d}")
        if no is not None and turn == 5:
            void(counter, no, "录错项目")
    clock.set(TODAY)
    return counter


def with_tender(fen: int) -> AtCounter:
    """Half the cash by WeChat."""
    return AtCounter(tender=(("cash", fen - fen // 2), ("wechat", fen // 2)))
