"""`gongji --selftest`: does this installation work? The window is tried by main, which alone may open it."""

from gongji.cli.io import DONE, REFUSED, complain_of
from gongji.desk.self_test import self_test
from gongji.desk.session import Clock
from gongji.errors import GongjiError
from gongji.files import resource_folder
from gongji.packs_on_disk import Library


def try_everything(clock: Clock) -> int:
    """Try book, settlements and paper for each area, printing a line each; return the exit status."""
    try:
        for sentence in self_test(Library(resource_folder() / "policies"), clock):
            print(sentence, flush=True)
    except GongjiError as error:
        complain_of(error)
        return REFUSED
    return DONE
