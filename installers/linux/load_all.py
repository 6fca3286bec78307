"""Loads every library of a frozen folder, and says which cannot be: `python load_all.py FOLDER/_internal`.

The program itself meets most of them only when a clerk does something; a build must not wait for that.
"""

import ctypes
import sys
from pathlib import Path


def main(folder: Path) -> int:
    """Return 1 where a library does not load."""
    refused = []
    files = sorted(one for one in folder.rglob("*.so*") if one.is_file() and not one.is_symlink())
    for file in files:
        try:
            ctypes.CDLL(str(file), mode=ctypes.RTLD_GLOBAL if file.name.startswith("libpython") else ctypes.RTLD_LOCAL)
        except OSError as error:
            refused.append(f"{file.relative_to(folder)}: {error}")
    print(f"{len(files)} libraries, {len(refused)} of them cannot be loaded", *refused, sep="\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
