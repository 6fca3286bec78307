"""Imported by the server that children are forked from: does once what is slow the first time it is done."""

import tempfile
from pathlib import Path

from gongji.desk.clinic.begin import begin
from gongji.desk.clinic.open import open_counter
from tests.scenarios.faults.child import BEGINNING, LIBRARY, do, now
from tests.support.clinic import OPERATOR, PASSWORD

with tempfile.TemporaryDirectory() as folder:
    begin(Path(folder) / "data", BEGINNING, LIBRARY, now)
    counter = open_counter(Path(folder) / "data", LIBRARY, now, OPERATOR, PASSWORD)
    settled, _ = do(counter, "settle V0")
    do(counter, f"void {settled.no}")
    counter.close()
