"""Run schedules: `python -m tests.scenarios.upload.simulate FIRST COUNT`."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from gongji.desk.clinic.begin import Beginning, begin
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.payer.regions import Profile, profile
from gongji.sandbox.manners import MANNERS
from tests.scenarios.upload.world import QUIET_S, World
from tests.support.clinic import AREA, INSTITUTION, OPERATOR
from tests.support.clock import Clock


def fast_folder() -> Path | None:
    """Return a folder in memory, where there is one: flushes cost nothing there and prove nothing here."""
    memory = Path("/dev/shm")  # noqa: S108
    return memory if memory.is_dir() else None


@contextmanager
def template(library: Library) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        one = Beginning(
            counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=None, training=True
        )
        begin(Path(folder) / "template", one, library, Clock("2025-06-01 08:00:00"))
        yield Path(folder)


REGIONS = ("", *MANNERS)
"""Who the payer speaks like in one schedule after another: the practice platform, then each region that is played."""


def region(name: str, unknown: str) -> Profile:
    """Return the profile of a region, with what lets a payer of ours settle, and in a hurry."""
    chosen = profile(name or "practice")
    ours = replace(chosen, extension=True, own_accumulator_names=True, unknown=unknown)
    return replace(ours, quiet_s=QUIET_S, most_s=900, first_s=5, deadline_s=QUIET_S // 2)


def run(seed: int, folder: Path, library: Library, *, records: int = 8) -> World:
    """Run one schedule to its end; raises `ViolatedError`."""
    name = REGIONS[seed // 3 % len(REGIONS)]
    chosen = region(name, "query" if seed % 3 else "reverse")
    world = World(seed, folder / f"s{seed}", folder / "template", library, chosen)
    world.payer.manner = MANNERS.get(name)
    try:
        made = 0
        while made < records:
            if world.random.random() < 0.25:
                world.settle()
                made += 1
            elif world.random.random() < 0.04:
                world.void()
            elif world.random.random() < 0.01:
                psn_no = f"P{world.random.choice(['530399195001010013', '530399195002020020'])}"
                world.payer.visit_elsewhere(psn_no, "2025", {"general.fund": 590000})
            elif world.random.random() < 0.02:
                world.decide()
            else:
                world.step()
            world.checker.after_step()
        for _ in range(120):
            world.step()
            world.checker.after_step()
        world.drain()
        for _ in range(40 * records):
            if not world.decide():
                break
            world.drain()
        world.ask_after_everybody()
        world.drain()
        world.checker.at_end()
    finally:
        world.close()
    return world


def main() -> None:
    first, count = int(sys.argv[1]), int(sys.argv[2])
    library = Library(resource_folder() / "policies")
    began = time.monotonic()
    requests = crashes = steps = 0
    with template(library) as folder:
        for seed in range(first, first + count):
            try:
                world = run(seed, folder, library)
            except BaseException:
                print("seed", seed)
                raise
            requests, crashes, steps = requests + world.requests, crashes + world.crashes, steps + world.steps
    print(f"{count} schedules, {steps} steps, {requests} requests, {crashes} crashes, {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
