"""Points in time as the book keeps them: China's time to the second, as texts that sort by themselves."""

import datetime
import re

CHINA = datetime.timezone(datetime.timedelta(hours=8))
_FORM = "%Y-%m-%d %H:%M:%S"
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")


def stamp(moment: datetime.datetime) -> str:
    """Return a moment (aware of its zone) as "2026-11-22 10:05:33" in China's time, whatever zone the PC is set to."""
    return moment.astimezone(CHINA).strftime(_FORM)


def moment_of(text: str) -> datetime.datetime:
    """Return the moment of a stamp. Raises ValueError for any other text, a date without a time included."""
    if _STAMP.fullmatch(text):  # each settlement reads several of these, and strptime takes twenty times as long
        return datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)
    return datetime.datetime.strptime(text, _FORM).replace(tzinfo=CHINA)


def day_of(text: str) -> datetime.date:
    """Return the day of a stamp."""
    return datetime.date.fromisoformat(text[:10])
