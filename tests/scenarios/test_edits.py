"""Some of the edits of `tests.scenarios.edits`, looked at by the commands from the first word of theirs to the last."""

from pathlib import Path

import pytest

from gongji.store.engine import Error
from tests.scenarios.edits import FOUND, Lab, audited, begun, copied, cover, edits, made, other_tool, verified
from tests.scenarios.faults.test_between_commits import cheap_here
from tests.support.clinic import PASSWORD

EACH = 90
"""Of so many edits one is made here; all of them take an hour."""
ALWAYS = (
    "a trigger sqliteXstat1", "the setting area", "leg.state of the first", "receipt: the first row out",
    "policy_text.sha256 of the first", "concern.detail of the first", "the setting institution",
)  # fmt: skip
"""What was not found once."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    with pytest.MonkeyPatch.context() as patch:
        cheap_here(patch)
        return begun(tmp_path_factory.mktemp("edited"), whole=False)


def test_what_another_hand_changed_is_found_and_covered_up_found_by_an_anchor(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One folder for all of them: a book to make and two commands to open it are what costs here."""
    cheap_here(monkeypatch)
    monkeypatch.setenv("GONGJI_PASSWORD", PASSWORD)
    work = copied(lab, tmp_path / "work")
    assert (verified(work), audited(lab, work)) == (0, 0)
    connection = other_tool(lab, lab.data)
    every = {one.name: one for one in edits(connection)}
    connection.close()
    found = {}
    for name in [*list(every)[::EACH], *ALWAYS]:
        work = copied(lab, tmp_path / "work")
        try:
            changes = made(lab, work, every[name])
        except Error:  # what the file itself refuses, whoever asks
            assert name not in ALWAYS
            continue
        assert changes, name
        naive = verified(work)
        cover(lab, work)
        found[name] = (naive, audited(lab, work))
    assert found == dict.fromkeys(found, (FOUND, FOUND))
    assert len(found) > 2 * len(ALWAYS)
    assert len(every) > 280  # what is aimed at
