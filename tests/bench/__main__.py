"""`python -m tests.bench [PART…]`: figures beside their targets, in parts, each in a process of its own.

What a part found replaces what docs/speed.md said of it. Nothing is asserted of a figure; a part that takes longer
than it may is named.

The program is measured as it is installed, with its byte code at hand, whatever Python is told here about writing any.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, strftime

from gongji import __version__
from tests.bench.parts import LEFT, PARTS, measured
from tests.bench.report import Neighbours, machine, print_section
from tests.bench.speed_page import PartResult, keep

_ROOT = Path(__file__).parents[2]
_ONE = "--in-this-process"
_NO_BYTECODE, _BYTECODE = "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"
_MOST_S, _WHOLE_S = 180, 600


def main() -> int:
    """Measure the parts that are named, or all of them; return an exit status."""
    names = sys.argv[1:]
    if names[:1] == [_ONE]:
        _measure(names[1])
        return 0
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"no part {', '.join(unknown)}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    print(machine())
    begun, broken = perf_counter(), []
    with TemporaryDirectory(prefix="gongji-bench-") as compiled, TemporaryDirectory(prefix="gongji-bench-") as left:
        given = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
        environment = {"QT_QPA_PLATFORM": "offscreen", **given, _BYTECODE: compiled, LEFT: left}
        for name in names or PARTS:
            start = perf_counter()
            command = [sys.executable, "-m", "tests.bench", _ONE, name]
            if subprocess.run(command, cwd=_ROOT, env=environment, check=False).returncode:
                broken.append(name)
            _told(f"part {name}", perf_counter() - start, _MOST_S)
    _told("the whole", perf_counter() - begun, _WHOLE_S)
    if broken:
        print(f"broken off: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


def _measure(name: str) -> None:
    """Measure one part, print each section as soon as it is there, and keep what was found."""
    neighbours, start = Neighbours(), perf_counter()
    sections = []
    for section in measured(name):
        print_section(section)
        sys.stdout.flush()
        sections.append(section)
    result = PartResult(
        part=name,
        day=strftime("%Y-%m-%d"),
        version=__version__,
        machine=machine(),
        busy=neighbours.told(),
        seconds=round(perf_counter() - start),
        sections=tuple(sections),
    )
    keep(_ROOT / "docs", result)


def _told(what: str, seconds: float, most: float) -> None:
    late = f", longer than the {most} s it may take" if seconds > most else ""
    print(f"\n({what}: {seconds:.0f} s{late})", flush=True)


if __name__ == "__main__":
    sys.exit(main())
