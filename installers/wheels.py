"""The wheels a bundle is frozen from, fetched for another system than this one, by hash, from the configured index.

`python -m installers.wheels linux|windows WHEELS SITE` has pip fetch what requirements-freeze.lock names into one
folder and lay it out for Python in another.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.markers import Marker

LOCK = Path(__file__).parents[1] / "requirements-freeze.lock"
_PYTHON = "3.11"
_ENTRY = re.compile(
    r"^(?P<wheel>[^\s;\\]+)\s*(?:;\s*(?P<marker>[^\\]+?))?\s*\\\n(?P<hashes>(?:[ \t]+--hash=.+\n?)+)", re.MULTILINE
)
_GLIBC = (31, 28, 27, 26, 24, 17, 12, 5)
PLATFORMS = {
    "linux": [*(f"manylinux_2_{minor}_x86_64" for minor in _GLIBC), "manylinux2014_x86_64", "manylinux2010_x86_64"],
    "windows": ["win_amd64"],
}
"""What a wheel may be made for; on Linux up to the glibc of Debian 11."""
_MARKERS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}


def wanted(lock: str, system: str) -> str:
    """Return what of a lock holds for a system, without its conditions: pip would judge those by its own system."""
    here = {**_MARKERS[system], "python_version": _PYTHON, "python_full_version": f"{_PYTHON}.0"}
    here |= {
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_machine": "x86_64",
    }
    kept = [
        f"{one['wheel']} \\\n{one['hashes']}"
        for one in _ENTRY.finditer(lock)
        if one["marker"] is None or Marker(one["marker"]).evaluate(here)
    ]
    return "".join(one if one.endswith("\n") else f"{one}\n" for one in kept)


def lay_out(system: str, wheels: Path, site: Path) -> None:
    """Have the wheels of a system in a folder, and installed from there in another, each with a hash of the lock."""
    wheels.mkdir(parents=True, exist_ok=True)
    platforms = [word for one in PLATFORMS[system] for word in ("--platform", one)]
    how = [
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
        "--python-version",
        _PYTHON,
        "--implementation",
        "cp",
    ]
    with TemporaryDirectory() as place:
        needed = Path(place, "requirements.txt")
        needed.write_text(wanted(LOCK.read_text("utf-8"), system), "utf-8")
        what = [*how, *platforms, "--requirement", str(needed)]
        _pip("download", *what, "--dest", str(wheels))
        _pip("install", *what, "--no-index", "--find-links", str(wheels), "--no-compile", "--target", str(site))


def _pip(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", *words], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("system", choices=sorted(PLATFORMS))
    parser.add_argument("wheels", type=Path)
    parser.add_argument("site", type=Path)
    asked = parser.parse_args()
    lay_out(asked.system, asked.wheels, asked.site)
