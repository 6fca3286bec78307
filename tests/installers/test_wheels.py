"""What a bundle is frozen from is a part of what is tested; pip gets no conditions it would misjudge."""

import re
import tomllib
from pathlib import Path

import pytest
from installers.wheels import LOCK, PLATFORMS, wanted

from tests.installers.packages.place import dropped

ROOT = Path(__file__).parents[2]
SOME = """both==1.0 \\
    --hash=sha256:aa
only-windows==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
later==3.0 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
"""


def pins(text: str) -> set[str]:
    return set(re.findall(r"^(\S+==\S+)", text, re.MULTILINE))


def test_conditions_are_those_of_the_system_built_for() -> None:
    assert pins(wanted(SOME, "linux")) == {"both==1.0"}
    assert pins(wanted(SOME, "windows")) == {"both==1.0", "only-windows==2.0"}
    assert "--hash=sha256:bb \\\n    --hash=sha256:cc\n" in wanted(SOME, "windows")
    assert ";" not in wanted(SOME, "windows")


def test_what_an_old_program_asks_for_and_the_lock_has_no_more_is_found_with_its_hashes() -> None:
    assert dropped(SOME + "gone==1.1 \\\n    --hash=sha256:ee\n", SOME) == "gone==1.1 \\\n    --hash=sha256:ee\n"
    assert dropped(SOME, SOME.replace("both==1.0", "both==2.0")) == ""


def test_what_is_frozen_is_what_is_tested() -> None:
    tested = pins((ROOT / "requirements.lock").read_text("utf-8"))
    assert pins(LOCK.read_text("utf-8")) <= tested


@pytest.mark.parametrize("system", sorted(PLATFORMS))
def test_every_dependency_is_frozen(system: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["sm2"], "pyinstaller"]
    names = {re.split(r"[^A-Za-z0-9_-]", one, maxsplit=1)[0].lower() for one in asked}
    assert names <= {one.partition("==")[0] for one in pins(wanted(LOCK.read_text("utf-8"), system))}


def test_the_lock_names_no_place_to_fetch_from() -> None:
    assert "://" not in LOCK.read_text("utf-8")
