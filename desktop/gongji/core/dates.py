"""Points in time as the book keeps them: China's time to the second, as texts that sort by themselves."""

import datetime

CHINA = datetime.timezone(datetime.timedelta(hours=8))
_FORM = "%Y-%m-%d %H:%M:%S"


def stamp(moment: datetime.datetime) -> str:
    """Return a moment (aware of its zone) as "2026-11-22 10:05:33" in China's time, whatever zone the PC is set to."""
    return moment.astimezone(CHINA).strftime(_FORM)


def moment_of(text: str) -> datetime.datetime:
    """Return the moment a stamp stands for; ValueError when it is none, a date alone included."""
    return datetime.datetime.strptime(text, _FORM).replace(tzinfo=CHINA)


def day_of(text: str) -> datetime.date:
    """Return the day of a stamp."""
    return datetime.date.fromisoformat(text[:10])
