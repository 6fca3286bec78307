"""One update at a time, and nothing left of what a killed one or a killed drill has left beside the book."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store.book_file.updating import alone_in, trial_folder


def test_a_second_update_is_told_to_wait(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(GongjiError, match="正在更新"), alone_in(tmp_path):
        pass
    with alone_in(tmp_path):  # and when the first is over it may
        pass


def test_a_folder_that_may_not_be_written_is_the_administrators(tmp_path: Path) -> None:
    (tmp_path / "update.lock").mkdir()
    with pytest.raises(GongjiError, match="不能写"), alone_in(tmp_path):
        pass


def test_a_copy_is_gone_after_its_trial_whatever_came_of_it(tmp_path: Path) -> None:
    def fails() -> None:
        with trial_folder(tmp_path) as place:
            (place / "book.db").write_bytes(b"x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["updating-abc", "drill-abc"])
def test_what_a_killed_program_left_is_cleared_when_the_folder_is_opened(
    session: Session, data: Path, opened: Callable[[], Session], name: str
) -> None:
    session.close()
    (data / name).mkdir()
    (data / name / "book.db").write_bytes(b"x")
    opened()
    assert not (data / name).exists()
