"""Sending a paper to the chosen printer, and what to do where it does not come out."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtPrintSupport import QPrinterInfo

from gongji.core.ledger.stored_settlement import StoredSettlement
from gongji.desk.papers.chosen_printer import choose_printer, chosen_printer
from gongji.errors import GongjiError
from gongji.gui.background.lazy import paperwork
from gongji.gui.background.printer import print_on
from gongji.gui.kit.choice import Choice
from gongji.gui.kit.dialogs import Dialog, button
from gongji.gui.printing.make_paper import make_paper
from gongji.gui.shell.workspace import Workspace

Done = Callable[[], None]
Failed = Callable[[BaseException], None]


def send(station: Workspace, stored: StoredSettlement, done: Done, failed: Failed) -> None:
    """Make a settlement's paper and print it on the chosen printer; where none is chosen it is only stored."""
    counter = station.counter
    name = chosen_printer(counter)

    def made(papers: tuple[bytes, ...]) -> None:
        if papers:
            station.jobs.device(lambda: _print_all(name, papers), lambda _: done(), failed, owner=station)
        else:
            done()

    make_paper(station.jobs, lambda: paperwork().handed_out(counter, stored, name), made, failed, station)


def send_file(station: Workspace, path: Path, done: Done, failed: Failed) -> None:
    """Print a paper's file on the chosen printer; where none is chosen ask for one first."""
    counter, name = station.counter, chosen_printer(station.counter)
    if not name:
        choose(station, lambda: _send_chosen(station, path, done, failed))
        return

    def made(content: bytes) -> None:
        station.jobs.device(lambda: print_on(name, content), lambda _: done(), failed, owner=station)

    station.jobs.device(lambda: paperwork().file_for_printer(counter, path, name), made, failed, owner=station)


def _send_chosen(station: Workspace, path: Path, done: Done, failed: Failed) -> None:
    if chosen_printer(station.counter):
        send_file(station, path, done, failed)


def not_printed(station: Workspace, stored: StoredSettlement, error: BaseException, again: Done) -> None:
    """Say that the money is safe and the paper is not there, and offer to try again or another printer."""
    if not isinstance(error, GongjiError):
        station.fail(error)
        return
    sheet = Dialog(station.window, "已经记下，单子没有打出来")
    sheet.say(f"{stored.no} 已经记好，不要重新收费或退费。")
    sheet.say(f"{error.title}。{error.advice}。")

    def once_more() -> None:
        sheet.accept()
        again()

    def another() -> None:
        sheet.accept()
        choose(station, again)

    sheet.buttons(button("重打", once_more, "main"), button("换一台打印机", another), button("以后再打", sheet.reject))
    sheet.open_by_itself()


def _print_all(name: str, papers: tuple[bytes, ...]) -> None:
    for one in papers:
        print_on(name, one)


def choose(station: Workspace, then: Done) -> Choice:
    """Ask which printer to use from now on: the system's, and receipt printers that were set up by their address."""
    counter = station.counter

    def take(name: str) -> Done:
        return lambda: station.jobs.write(
            lambda: choose_printer(counter, name), lambda _: then(), station.fail, owner=station
        )

    names = dict.fromkeys([*QPrinterInfo.availablePrinterNames(), *paperwork().printers(counter)])
    options = [(name, "", take(name)) for name in names]
    options.append(("不打印", "单据在账里，随时可以补打或另存", take("")))
    return Choice(station.window, "用哪台打印机", options)
