"""Two threads may read the first visit, pack or draft at the same moment: each in a program of its own, a few times."""

import subprocess
import sys

import pytest

_PROGRAM = """
import sys, threading
sys.setswitchinterval(1e-6)
{imports}
ready = threading.Barrier(6)
def work():
    ready.wait()
    {act}
threads = [threading.Thread(target=work) for _ in range(6)]
[one.start() for one in threads]
[one.join() for one in threads]
"""
_READ_VISIT = 'read_visit({"visit_no": "1", "person": {"id": "1"}, "lines": [{"code": "1"}]})'
_LIBRARY = """from gongji.files import resource_folder
from gongji.pack_files.library import Library
library = Library(resource_folder() / "policies")"""
_READ_PACK = 'assert library.editions("620800")'


@pytest.mark.parametrize(
    ("imports", "act"),
    [("from gongji.core.visits import read_visit", _READ_VISIT), (_LIBRARY, _READ_PACK)],
    ids=["visit", "pack"],
)
def test_the_first_ones_read_at_once(imports: str, act: str) -> None:
    for _ in range(5):  # before, two of three programs ended at once
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM.format(imports=imports, act=act)], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
