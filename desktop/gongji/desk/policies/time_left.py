"""Reminders about an area's policy: before it ends, once it has ended, and when nobody has reviewed it."""

import datetime
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from gongji.core.engine.policy import Policy
from gongji.desk.editions import library_with
from gongji.pack_files.library import Library, spans
from gongji.store import settings
from gongji.store.engine import Connection

NOTICE_DAYS = 90
"""This many days before an edition's end the reminders begin."""

ReminderKind = Literal["ends", "ended", "review"]


class PolicyReminder(Struct, frozen=True, kw_only=True):
    """Something about an area's policy that needs action: what it is, and what to do in this program."""

    area: str
    kind: ReminderKind
    text: str

    @property
    def is_urgent(self) -> bool:
        """Return whether nothing can be settled under the area's policy any more."""
        return self.kind == "ended"


_INSTALL = (
    "收到新政策包后，由管理员在“政策 → 安装新版”装上，可以提前装好；只收到补充通知的，在“政策 → 补充通知”里做成新版"
)


def policy_reminders(library: Library, areas: Iterable[str], today: datetime.date) -> list[PolicyReminder]:
    """Return today's reminders for the policies of these areas, the urgent ones first."""
    found = []
    for area in dict.fromkeys(areas):
        editions = library.editions(area)
        if editions:
            found += _of_area(area, editions, today)
    return sorted(found, key=lambda one: not one.is_urgent)


def reminders_of_book(connection: Connection, shipped: Library, today: datetime.date) -> list[PolicyReminder]:
    """Return today's reminders for the policy of a book's own area, from all its packs."""
    library, _ = library_with(shipped, connection)
    area = settings.get(connection, "area")
    return policy_reminders(library, [] if area is None else [area], today)


def _of_area(area: str, editions: tuple[Policy, ...], today: datetime.date) -> list[PolicyReminder]:
    name = editions[0].pack.area_name
    current = next((one for one in editions if one.in_force(today)), None)
    if current is None:
        return [PolicyReminder(area=area, kind="ended", text=_ended(name, editions, today))]
    found = []
    left = None if current.last_day is None else (current.last_day - today).days
    if left is not None and left <= NOTICE_DAYS and not _goes_on(current, editions):
        days = "今天是最后一天" if not left else f"还有 {left} 天"
        text = (
            f"{name}的政策到 {current.last_day} 为止，{days}；到期后不能再按医保结算，自费和全额垫付照常。{_INSTALL}。"
        )
        found.append(PolicyReminder(area=area, kind="ends", text=text))
    review_by = current.pack.review_by
    if review_by is not None and review_by < today and current.pack.verified_on < review_by:
        text = (
            f"{name}的政策应在 {review_by} 前重新核对，还没有核对过（上次核对 {current.pack.verified_on}）："
            f"请向经办机构问明有没有新通知。{_INSTALL}。"
        )
        found.append(PolicyReminder(area=area, kind="review", text=text))
    return found


def _goes_on(current: Policy, editions: tuple[Policy, ...]) -> bool:
    """Return whether another edition begins the day after this one ends."""
    assert current.last_day is not None  # only asked of an edition with an end
    after = current.last_day + datetime.timedelta(days=1)
    return any(one.in_force(after) for one in editions)


def _ended(name: str, editions: tuple[Policy, ...], today: datetime.date) -> str:
    later = [one for one in editions if one.pack.starts > today]
    coming = f"新版已装好，{later[0].pack.starts} 起施行。" if later else f"{_INSTALL}。"
    return (
        f"{name}今天没有有效的政策（{spans(editions)}），不能按医保结算；"
        f"自费照常收费，要事后报销的按 F11 全额垫付。{coming}"
    )
