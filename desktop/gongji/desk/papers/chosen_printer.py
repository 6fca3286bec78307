"""打印机: which one this counter prints on; known without what lays papers out, which a window opens without."""

from gongji.desk.session import Session
from gongji.store import settings

_SETTING = "printer"


def chosen_printer(session: Session) -> str:
    """Return the printer's name as the system knows it; nothing where papers stay files."""
    return settings.get(session.store.reader, _SETTING) or ""


def choose_printer(session: Session, name: str) -> None:
    """Print on this one from now on; nothing for none."""
    with session.store.write() as connection:
        settings.put(connection, _SETTING, name)
