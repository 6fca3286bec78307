"""Which text of an edition counts: only ever a higher revision than the one at hand, by whatever door it comes."""

from pathlib import Path

import pytest

from gongji.desk.clinic.open import open_counter
from gongji.desk.policies.install_packs import PacksTaken, examine_packs, from_files, from_texts, take_in_packs
from gongji.desk.policies.signed_packs import sign, sign_as_publisher
from gongji.desk.session import Session
from gongji.files import resource_folder
from gongji.pack_files.library import Library
from gongji.store.book_file.keys import new_key
from gongji.store.signing import Signer
from gongji.store.upload import downloads
from tests.desk.policies.test_install_packs import AREA, EDITION, ONE, download, offer
from tests.support.circle import Circle
from tests.support.clinic import OPERATOR, PASSWORD
from tests.support.clock import Clock

DATED = Path(__file__).parents[2] / "shapes" / "21-mid-year-b.toml"


def text(revision: int, words: str = "") -> bytes:
    """The edition's text as its so manieth revision; other words make other bytes, and no other rule."""
    head = "open_end = true" if revision == 1 else f"open_end = true\nrevision = {revision}"
    return (f"# {words}\n" if words else "").encode() + ONE.replace("open_end = true", head, 1).encode()


def install(session: Session, *texts: bytes) -> PacksTaken:
    return take_in_packs(session, from_texts(session, [(f"{place}.toml", one) for place, one in enumerate(texts)]))


def kept(session: Session) -> list[bytes]:
    return [one.text for one in downloads.packs_current(session.store.reader)]


class TestAnInstalledEdition:
    def test_gives_way_to_a_higher_revision(self, session: Session) -> None:
        for revision in (1, 2, 5):
            assert install(session, text(revision)).taken == (EDITION,)
        assert kept(session) == [text(5)]
        (policy,) = session.library.editions(AREA)
        assert policy.pack.revision == 5

    def test_never_gives_way_to_a_lower_one(self, session: Session) -> None:
        install(session, text(3))
        told = install(session, text(2))
        assert (told.taken, len(told.refused)) == ((), 1)
        assert "装的是第 3 次" in told.refused[0].wrong[0]
        assert "不能退回" in told.refused[0].wrong[0]
        assert kept(session) == [text(3)]
        (found,) = examine_packs(session, from_texts(session, [("old.toml", text(2))]))
        assert (found.pack, found.wrong) == (None, told.refused[0].wrong)

    def test_nor_to_one_so_far_ahead_that_no_correction_could_follow(self, session: Session) -> None:
        install(session, text(2))
        for ahead in (103, 999):
            assert "跳得太多" in install(session, text(ahead)).refused[0].wrong[0]
        assert install(session, text(102)).taken == (EDITION,)

    def test_nor_to_another_text_of_the_same_revision_which_is_told_what_to_write(self, session: Session) -> None:
        install(session, text(3))
        told = install(session, text(3, "更正"))
        assert told.taken == ()
        assert "revision = 4" in told.refused[0].wrong[0]
        assert kept(session) == [text(3)]

    @pytest.mark.parametrize("signed", [False, True])
    def test_is_there_already_as_the_same_text_whoever_signed_it(self, session: Session, *, signed: bool) -> None:
        install(session, text(3))
        again = sign(session, text(3)) if signed else text(3)
        told = install(session, again)
        assert (told.taken, told.refused) == ((), ())
        (found,) = examine_packs(session, from_texts(session, [("again.toml", again)]))
        assert found.is_there
        assert kept(session) == [text(3)]

    def test_of_several_in_one_folder_the_highest_stays(self, session: Session) -> None:
        told = install(session, text(2), text(3), text(1), text(3, "更正"))
        assert told.taken == (EDITION, EDITION)
        assert [one.place for one in told.refused] == ["2.toml", "3.toml"]
        assert kept(session) == [text(3)]

    def test_comes_down_no_other_way(self, circle: Circle) -> None:
        offer(circle, EDITION, text(3).decode())
        assert download(circle).taken == (EDITION,)
        for lower in (text(2), text(3, "更正")):
            offer(circle, EDITION, lower.decode())
            told = download(circle)
            assert (told.taken, len(told.refused)) == ((), 1)
        assert kept(circle.counter) == [text(3)]

    def test_that_was_signed_does_not_take_turns_with_its_bare_text(self, session: Session) -> None:
        signed = sign_as_publisher(Signer(new_key()), "one.toml", text(2))
        install(session, signed)
        assert install(session, text(2)).refused == ()
        assert kept(session) == [signed]
        assert len(install(session, text(1)).refused) == 1


class TestAnEditionOfTheProgram:
    OWN = next((resource_folder() / "policies" / "530300").glob("*.toml")).read_bytes()

    def test_is_there_already(self, session: Session) -> None:
        told = install(session, self.OWN)
        assert (told.taken, told.refused) == ((), ())
        assert kept(session) == []

    def test_gives_way_to_no_other_text_of_its_revision(self, session: Session) -> None:
        told = install(session, b"# \xe6\x9b\xb4\xe6\xad\xa3\n" + self.OWN)
        assert "自带" in told.refused[0].wrong[0]

    def test_that_took_an_installed_one_s_place_stops_no_other_edition(
        self, session: Session, data: Path, library: Library, clock: Clock, tmp_path: Path
    ) -> None:
        late = DATED.read_text(encoding="utf-8")
        install(session, late.encode())
        session.close()
        area = tmp_path / "shipped" / "990021"
        area.mkdir(parents=True)
        (area / "2023-06-01.toml").write_text(f"# 随程序来的\n{late}", encoding="utf-8")
        for one in library.folders[0].iterdir():
            if one.is_dir():
                (tmp_path / "shipped" / one.name).symlink_to(one, target_is_directory=True)
        again = open_counter(data, Library(tmp_path / "shipped"), clock, OPERATOR, PASSWORD)
        early = DATED.with_name("21-mid-year-a.toml")
        told = take_in_packs(again, from_files(again, [early]))
        assert (told.taken, told.refused) == (("990021@2023-02-01",), ())
        again.close()
