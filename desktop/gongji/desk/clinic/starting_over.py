"""重新建立: a wrong choice at the first start can be undone until something was settled. Nothing is deleted."""

import datetime
from pathlib import Path

from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.files import reason
from gongji.store import settlements


def can_start_over(session: Session) -> bool:
    """Tell whether nothing was settled here yet."""
    return not session.clinic.training and not settlements.count(session.store.reader)


def put_aside(path: Path, moment: datetime.datetime) -> Path:
    """Rename a data folder that is closed, so that another can be begun in its place; return where it is now.

    Raises `GongjiError` where the disk refuses, and then it stays as it was.
    """
    place = path.with_name(f"{path.name}-undone-{moment:%Y%m%d%H%M%S}")
    try:
        return path.rename(place)
    except OSError as error:
        advice = f"文件夹 {path} 没有动；请关掉打开着它的程序再试"
        raise GongjiError(f"不能重新建立（{reason(error)}）", advice) from error
