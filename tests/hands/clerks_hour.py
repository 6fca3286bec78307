"""A clerk's hour: thirty visits of all kinds at the real window, at a person's pace; keys and seconds of each are told.

Run as `python -m tests.hands.clerks_hour [FOLDER]`, where FOLDER is for a picture after every visit. It says at once
where a visit did not come out as meant: how many were settled, and whether that was what the screen showed.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gongji.desk.clinic.first_start.create import begin_training
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from tests.hands.display import Display
from tests.hands.seat import MOMENT, Seat
from tests.support.clerk import at

AREA = "530300"
PACE_MS = 150
Visit = Callable[["Clerk"], None]


class Clerk:
    """Hands at the pace of somebody who knows the keys, and eyes that wait for what a key brings."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.keys = 0

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        self.seat.press(*keys, pause_ms=PACE_MS)

    def scan(self, code: str) -> None:
        self.keys += 1
        self.seat.scan(code)

    def patient(self, initials: str, *then: str) -> None:
        self.press("F2", *initials, *(then or ("Enter",)))
        self.seat.until(lambda now: now["visit"]["person"])

    def item(self, initials: str, quantity: str = "1") -> None:
        before = len(self.seat.visit["lines"])
        self.press(*initials, "Enter", *quantity, "Enter")
        self.seat.until(lambda now: len(now["visit"]["lines"]) > before)

    def sheet(self, key: str) -> None:
        self.press(key)
        self.seat.until(lambda now: now["sheets"] and now["sheets"][-1]["active"])

    def settle(self) -> None:
        self.press("F9")
        self.seat.until(lambda now: now["idle"] and now["visit"]["person"] is None)


def no_account(clerk: Clerk) -> None:
    """Leave the patient's account alone: there is something to pay."""
    clerk.sheet("F5")
    clerk.press("Space", "Enter")
    clerk.seat.until(lambda now: not now["sheets"])


def plain(patient: str, *items: tuple[str, str], given: str = "") -> Visit:
    """A patient, items, what is handed over where the account is left alone, F9."""

    def visit(clerk: Clerk) -> None:
        clerk.patient(patient)
        for initials, quantity in items:
            clerk.item(initials, quantity)
        if given:
            no_account(clerk)
            clerk.press("F3", "Enter", *given)
        clerk.settle()

    return visit


def by_wechat(clerk: Clerk) -> None:
    clerk.patient("lx")
    clerk.item("ybzl")
    clerk.press("Alt+2")
    clerk.settle()


def in_two_ways(clerk: Clerk) -> None:
    clerk.patient("ltj")
    clerk.item("ybzl")
    clerk.item("amxl", "3")
    no_account(clerk)
    clerk.press("F3", "Enter", "Alt+2", "1", "0")
    clerk.settle()


def scanned(clerk: Clerk) -> None:
    clerk.scan("530399194905028607")
    clerk.seat.until(lambda now: now["visit"]["person"])
    clerk.scan("2990000000019")
    clerk.scan("2990000000125")
    clerk.seat.until(lambda now: len(now["visit"]["lines"]) == 2)
    clerk.settle()


def by_last_four(clerk: Clerk) -> None:
    clerk.patient("8607")
    clerk.item("ybzl")
    clerk.settle()


def held_and_taken_up(clerk: Clerk) -> None:
    clerk.patient("ltj")
    clerk.item("ybzl")
    clerk.press("F6")
    clerk.seat.until(lambda now: now["visit"]["person"] is None)
    clerk.patient("lgr")
    clerk.item("amxl")
    clerk.settle()
    clerk.sheet("F7")
    clerk.press("Enter")
    clerk.seat.until(lambda now: now["visit"]["person"] and not now["sheets"])
    clerk.settle()


def explained(clerk: Clerk) -> None:
    clerk.patient("zmf")
    clerk.item("ybzl")
    clerk.sheet("F8")
    clerk.press("Esc")
    clerk.seat.until(lambda now: not now["sheets"])
    clerk.settle()


def without_the_account(clerk: Clerk) -> None:
    clerk.patient("zp")
    clerk.item("ybzl")
    no_account(clerk)
    clerk.settle()


def paid_in_full(clerk: Clerk) -> None:
    clerk.patient("yl")
    clerk.item("ybzl")
    clerk.press("F11")
    clerk.settle()


def given_back(clerk: Clerk) -> None:
    plain("pf", ("ybzl", "1"))(clerk)
    clerk.sheet("F10")
    clerk.press("Enter")
    clerk.seat.until(
        lambda now: now["sheets"] and now["sheets"][-1]["kind"] == "RefundSheet" and now["sheets"][-1]["active"]
    )
    clerk.press("Enter", *"tuiyao", "Enter")
    clerk.seat.until(lambda now: now["idle"] and now["sheets"] and now["sheets"][-1]["kind"] != "RefundSheet")
    clerk.press("Enter")
    clerk.seat.until(lambda now: not now["sheets"])


def given_back_in_part(clerk: Clerk) -> None:
    plain("lyy", ("ybzl", "1"), ("amxl", "3"))(clerk)
    clerk.sheet("F10")
    clerk.press("Enter")
    clerk.seat.until(
        lambda now: now["sheets"] and now["sheets"][-1]["kind"] == "RefundSheet" and now["sheets"][-1]["active"]
    )
    clerk.press("Down", "Enter", "Down", "1", "Enter", "Enter", *"tuiyao", "Enter")
    clerk.seat.until(lambda now: now["idle"] and not now["sheets"] and now["visit"]["lines"])
    clerk.settle()


def quantity_changed(clerk: Clerk) -> None:
    clerk.patient("zyy")
    clerk.item("amxl", "2")
    clerk.item("ybzl")
    clerk.press("Up", "Up", "4", "Enter")
    clerk.settle()


HOUR: tuple[tuple[str, int, Visit], ...] = (
    ("诊疗费一项", 1, plain("ltj", ("ybzl", "1"))),
    ("诊疗费和一种药", 1, plain("zjz", ("ybzl", "1"), ("amxl", "2"))),
    ("收现金、找零", 1, plain("ltj", ("ybzl", "1"), given="50")),
    ("三种药", 1, plain("lgd", ("amxl", "2"), ("hmsc", "1"), ("jxz", "1"))),
    ("微信", 1, by_wechat),
    ("微信加现金", 1, in_two_ways),
    ("扫身份证和条码", 1, scanned),
    ("按证件末四位", 1, by_last_four),
    ("挂单、取单", 2, held_and_taken_up),
    ("看依据再结算", 1, explained),
    ("不用个人账户", 1, without_the_account),
    ("全额垫付", 1, paid_in_full),
    ("结算后整笔退费", 1, given_back),
    ("结算后退一部分", 2, given_back_in_part),
    ("改数量", 1, quantity_changed),
    ("退休", 1, plain("zyx", ("ybzl", "1"), ("nfsx", "1"))),
    ("灵活就业", 1, plain("wy", ("ybzl", "1"))),
    ("公务员", 1, plain("cly", ("ybzl", "1"), ("hmsc", "1"))),
    ("大额", 1, plain("lyj", ("ybzl", "1"))),
    ("外地参保", 1, plain("cj", ("ybzl", "1"))),
    ("一种药十盒", 1, plain("lsw", ("amxl", "10"))),
    ("少数民族姓名", 1, plain("smwn", ("ybzl", "1"))),
    ("诊疗费一项，二", 1, plain("yym", ("ybzl", "1"))),
    ("诊疗费和一种药，二", 1, plain("yjf", ("ybzl", "1"), ("amxl", "1"))),
    ("收现金、找零，二", 1, plain("hjm", ("ybzl", "1"), given="100")),
    ("两种药", 1, plain("zyg", ("amxl", "1"), ("jxz", "2"))),
    ("五种", 1, plain("xxp", ("ybzl", "1"), ("amxl", "1"), ("jxz", "1"), ("nfsx", "1"), ("hmsc", "1"))),
    ("诊疗费一项，三", 1, plain("wsw", ("ybzl", "1"))),
    ("诊疗费一项，四", 1, plain("yjy", ("ybzl", "1"))),
    ("诊疗费一项，五", 1, plain("xzh", ("ybzl", "1"))),
)


def main() -> int:
    pictures = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    wrong = 0
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / AREA
        begin_training(path, AREA, Library(resource_folder() / "policies"), at(MOMENT))
        display = Display(Path(place))
        seat = Seat(display, path, Path(place))
        for number, (name, count, visit) in enumerate(HOUR, 1):
            seat.anew()
            clerk = Clerk(seat)
            begun = time.monotonic()
            try:
                visit(clerk)
            except AssertionError as error:
                wrong += 1
                print(f"{number:2}  {name}: {error}")
            seconds = time.monotonic() - begun
            if pictures is not None:
                pictures.mkdir(parents=True, exist_ok=True)
                seat.picture(pictures / f"{number:02}.png")
            settled = [one for one in seat.booked if one["kind"] == "settle"]
            asked = [[row[1] for row in one["lines"]] for one in seat.ask("asked")]
            seen = all([line[1] for line in one["lines"]] in asked for one in settled)
            wrong += not seen
            if len(settled) != count:
                wrong += 1
                print(f"{number:2}  {name}: {len(settled)} settled, meant {count}")
            wrong_lines = "" if seen else "not what the screen showed"
            print(f"{number:2}  {name:　<12}  {clerk.keys:3} keys  {seconds:5.1f} s  {wrong_lines}")
        seat.close()
        display.close()
    print(f"{len(HOUR)} visits, {wrong} not as meant")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
