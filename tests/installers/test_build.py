"""What the build scripts share: only what is committed is built, whatever lies in the checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHARED = Path(__file__).parents[2] / "installers" / "build.sh"
BUILD = """#!/bin/sh
set -eu
. "$(dirname "$0")/../build.sh"
PYTHON=$1
lay_source "$BUILD/source"
committed "$BUILD/source" installers.told "$VERSION"
"""
TOLD = "import sys\nprint({word!r}, sys.argv[1])\n"


def test_a_module_of_the_build_runs_as_it_is_committed(tmp_path: Path) -> None:
    program = tmp_path / "installers" / "linux" / "build.sh"
    program.parent.mkdir(parents=True)
    program.write_text(BUILD, "utf-8")
    shutil.copy(SHARED, tmp_path / "installers")
    version = tmp_path / "desktop" / "gongji" / "__init__.py"
    version.parent.mkdir(parents=True)
    version.write_text('__version__ = "1.2.3"\n', "utf-8")
    told = tmp_path / "installers" / "told.py"
    told.write_text(TOLD.format(word="committed"), "utf-8")
    told.with_name("__init__.py").touch()
    whose = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "A version"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, env={**os.environ, **whose})  # noqa: S607
    version.write_text('__version__ = "9.9.9"\n', "utf-8")
    told.write_text(TOLD.format(word="not committed"), "utf-8")

    said = subprocess.run(["sh", str(program), sys.executable], capture_output=True, text=True, check=True)  # noqa: S607

    assert said.stdout == "committed 1.2.3\n"
