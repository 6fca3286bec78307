"""Whose packs are taken: the publisher's, this counter's, a maker's whose fingerprint two persons compared."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gongji.desk.clinic.operators import add_operator
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.policies.accepted_makers import accepted_makers, asks_who_signed, remove_maker
from gongji.desk.policies.install_packs import PacksTaken, examine_packs, from_texts, take_in_packs
from gongji.desk.policies.signed_packs import sign, sign_as_publisher
from gongji.desk.publisher_keys import make_key, pinned_keys, read_key
from gongji.desk.roles import NeedsSecondError, Role, attend
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit
from gongji.store.book_file.keys import new_key
from gongji.store.signing import Signer, key_fingerprint
from gongji.store.upload import downloads
from tests.desk.policies.test_install_packs import AREA, EDITION
from tests.desk.policies.test_judge_pack import install, kept, text
from tests.support.circle import Circle
from tests.support.clinic import OPERATOR, PASSWORD

OTHER, OTHER_PASSWORD = "王芳", "王芳的口令 1"
COUNTY = "某县医疗保障局 张三"


@pytest.fixture
def publisher() -> tuple[Signer, Signer]:
    """The keys that sign now and next."""
    return Signer(new_key()), Signer(new_key())


@pytest.fixture
def county() -> Signer:
    return Signer(new_key())


@pytest.fixture
def release(session: Session, publisher: tuple[Signer, Signer]) -> Session:
    """A clinic's counter with a released program."""
    session.publisher_keys = lambda: [one.public for one in publisher]
    return session


def signed(by: Signer, revision: int = 1, who: str = COUNTY) -> bytes:
    return sign_as_publisher(by, "one.toml", text(revision), who)


def accepting(session: Session, one: bytes, fingerprint: str) -> PacksTaken:
    return take_in_packs(session, from_texts(session, [("one.toml", one)]), fingerprint)


def refusal(session: Session, one: bytes) -> str:
    """Why a pack is refused; examining it says no other."""
    told = install(session, one)
    assert told.taken == ()
    (why,) = told.refused
    (found,) = examine_packs(session, from_texts(session, [("one.toml", one)]))
    assert found.to_accept or found.wrong == why.wrong
    return why.wrong[0]


def logged(session: Session) -> list[str]:
    return [f"{one.subject} {one.detail}" for one in audit.of_acts(session.store.reader, ["policy"])]


class TestTheReleasedProgram:
    @pytest.mark.parametrize("which", [0, 1])
    def test_takes_what_either_pinned_key_signed_and_logs_it(
        self, release: Session, publisher: tuple[Signer, Signer], which: int
    ) -> None:
        one = sign_as_publisher(publisher[which], "one.toml", text(1))
        (found,) = examine_packs(release, from_texts(release, [("one.toml", one)]))
        assert found.maker is not None
        assert (found.maker.is_publisher, found.to_accept) == (True, False)
        assert found.maker.in_words.startswith("发布方签名")
        assert install(release, one).taken == (EDITION,)
        assert "发布方签名" in logged(release)[-1]

    def test_takes_what_this_counter_signed(self, release: Session) -> None:
        assert install(release, sign(release, text(1))).taken == (EDITION,)

    def test_refuses_what_nobody_signed(self, release: Session) -> None:
        assert "没有签名" in refusal(release, text(1))
        assert kept(release) == []

    def test_refuses_a_stranger_and_says_the_fingerprint(self, release: Session, county: Signer) -> None:
        why = refusal(release, signed(county))
        assert key_fingerprint(county.public) in why
        assert "打电话" in why

    def test_is_not_talked_round_by_what_a_stranger_calls_himself(self, release: Session, county: Signer) -> None:
        for who in ("共济结算台发布方", "发布方签名", "（本机制作）", "曲水乡卫生院 李红"):
            assert "还没有认可" in refusal(release, signed(county, who=who))

    def test_a_stranger_s_signature_below_the_publisher_s_counts_as_the_stranger_s(
        self, release: Session, publisher: tuple[Signer, Signer], county: Signer
    ) -> None:
        first = sign_as_publisher(publisher[0], "one.toml", text(1))
        body = first + b"\n# \xe5\x88\xb6\xe4\xbd\x9c\xef\xbc\x9ax\n# public " + county.public.hex().encode() + b"\n"
        below = body + b"# signature " + county.sign(body).hex().encode() + b"\n"
        assert "还没有认可" in refusal(release, below)

    SPOILT: dict[str, Callable[[bytes], bytes]] = {  # a table of cases
        "a figure": lambda one: one.replace(b'"2200.00"', b'"2300.00"', 1),
        "the maker's words": lambda one: one.replace("张三".encode(), "李四".encode(), 1),
        "more below": lambda one: one + b"# more\n",
        "no signature any more": lambda one: one[: one.rindex(b"# signature")],
        "lines ended as Windows does": lambda one: one.replace(b"\n", b"\r\n"),
        "a signature of nothing": lambda one: one[: one.rindex(b"# signature ") + 12] + b"0" * 128 + b"\n",
    }

    @pytest.mark.parametrize("name", SPOILT)
    def test_refuses_what_was_changed_since(
        self, release: Session, publisher: tuple[Signer, Signer], name: str
    ) -> None:
        one = signed(publisher[0])
        spoilt = self.SPOILT[name](one)
        assert spoilt != one
        assert "签名" in refusal(release, spoilt)
        assert kept(release) == []

    def test_whose_keys_cannot_be_read_installs_nothing(self, session: Session, tmp_path: Path) -> None:
        (tmp_path / "keys.toml").write_text("current = 1")
        session.publisher_keys = lambda: pinned_keys(tmp_path / "keys.toml")
        with pytest.raises(GongjiError, match="更新公钥"):
            install(session, text(1))
        assert kept(session) == []

    def test_says_what_is_there_already_without_asking_who_signed(self, session: Session, county: Signer) -> None:
        install(session, text(1))
        session.publisher_keys = lambda: [county.public]
        told = install(session, text(1))
        assert (told.taken, told.refused) == ((), ())


class TestACheckout:
    def test_takes_unsigned_packs_and_anybody_s_until_a_maker_is_accepted(
        self, session: Session, county: Signer
    ) -> None:
        assert session.publisher_keys() == []
        assert not asks_who_signed(session)
        assert install(session, text(1)).taken == (EDITION,)
        assert install(session, signed(county, 2)).taken == (EDITION,)
        assert accepting(session, signed(county, 3), key_fingerprint(county.public)).taken == (EDITION,)
        assert asks_who_signed(session)
        assert "没有签名" in refusal(session, text(4))
        assert install(session, signed(county, 4)).taken == (EDITION,)
        remove_maker(session, key_fingerprint(county.public))
        assert install(session, text(5)).taken == (EDITION,)


class TestTraining:
    def test_takes_the_practice_platform_s_unsigned_packs_in_a_released_program(
        self, circle: Circle, publisher: tuple[Signer, Signer]
    ) -> None:
        circle.counter.publisher_keys = lambda: [one.public for one in publisher]
        assert not asks_who_signed(circle.counter)
        assert install(circle.counter, text(1)).taken == (EDITION,)


class TestAcceptingAMaker:
    def test_by_the_fingerprint_at_the_moment_of_installing(self, release: Session, county: Signer) -> None:
        mine = key_fingerprint(county.public)
        assert accepting(release, signed(county), mine.replace(" ", "").lower()).taken == (EDITION,)
        (maker,) = accepted_makers(release.store.reader)
        assert (maker.who, maker.fingerprint, maker.operator, maker.second) == (COUNTY, mine, OPERATOR, "")
        accepted, installed = logged(release)
        assert county.public.hex() in accepted
        assert accepted.endswith("没有第二人")
        assert "本机构认可的制作人" in installed
        assert install(release, signed(county, 2)).taken == (EDITION,), "and from then on"
        assert len(logged(release)) == 3
        assert list(verify(release.folder, release.store, release.library, lambda *_: None)) == []

    def test_another_fingerprint_changes_nothing(self, release: Session, county: Signer) -> None:
        other = key_fingerprint(Signer(new_key()).public)
        with pytest.raises(GongjiError, match="没有一个文件是指纹"):
            accepting(release, signed(county), other)
        assert accepted_makers(release.store.reader) == ()
        assert downloads.packs_current(release.store.reader) == []

    @pytest.mark.parametrize("typed", ["----", "0", " "])
    def test_what_is_no_fingerprint_accepts_nobody(self, release: Session, county: Signer, typed: str) -> None:
        with pytest.raises(GongjiError, match="没有一个文件是指纹"):
            take_in_packs(release, from_texts(release, [("a.toml", text(1)), ("b.toml", signed(county))]), typed)
        assert accepted_makers(release.store.reader) == ()

    def test_accepts_no_other_maker_of_the_same_folder(self, release: Session, county: Signer) -> None:
        stranger = Signer(new_key())
        texts = [("a.toml", signed(stranger)), ("b.toml", signed(county))]
        told = take_in_packs(release, from_texts(release, texts), key_fingerprint(county.public))
        assert (told.taken, [one.place for one in told.refused]) == ((EDITION,), ["a.toml"])
        assert [one.public for one in accepted_makers(release.store.reader)] == [county.public.hex()]

    def test_nobody_is_accepted_by_a_pack_that_cannot_be_installed(self, release: Session, county: Signer) -> None:
        install(release, sign(release, text(3)))
        told = accepting(release, signed(county, 2), key_fingerprint(county.public))
        assert len(told.refused) == 1
        assert accepted_makers(release.store.reader) == ()

    def test_takes_two_persons_and_so_does_taking_one_back(self, release: Session, county: Signer) -> None:
        add_operator(release, PASSWORD, OTHER, OTHER_PASSWORD, Role.MANAGER)
        mine = key_fingerprint(county.public)
        with pytest.raises(NeedsSecondError):
            accepting(release, signed(county), mine)
        assert accepted_makers(release.store.reader) == ()
        assert kept(release) == []
        attend(release, OTHER, OTHER_PASSWORD)
        assert accepting(release, signed(county), mine).taken == (EDITION,)
        assert accepted_makers(release.store.reader)[0].second == OTHER
        assert logged(release)[0].endswith(f"第二人 {OTHER}")
        with pytest.raises(NeedsSecondError):
            remove_maker(release, mine)
        attend(release, OTHER, OTHER_PASSWORD)
        assert remove_maker(release, mine).who == COUNTY
        assert "不再认可" in logged(release)[-1]
        assert accepted_makers(release.store.reader) == ()
        assert "还没有认可" in refusal(release, signed(county, 2))
        assert [one.id for one in release.library.editions(AREA)] == [EDITION], "what is installed stays"

    def test_who_is_not_accepted_cannot_be_taken_back(self, release: Session) -> None:
        with pytest.raises(GongjiError, match="没有认可过"):
            remove_maker(release, "0000 0000 0000 0000")

    def test_an_accepted_maker_brings_no_old_text_back(self, release: Session, county: Signer) -> None:
        accepting(release, signed(county, 3), key_fingerprint(county.public))
        assert "不能退回" in refusal(release, signed(county, 2))


class TestWhatAMakerCallsItself:
    @pytest.mark.parametrize(
        ("said", "shown"),
        [
            (b"\x1b[31m\xe5\x8e\xbf", "[31m县"),
            ("县\u202e局".encode(), "县 局"),
            (b"\xff\xfe", "\ufffd\ufffd"),
            (b"a" * 5000, f"{'a' * 99}…"),
            ("县局”（本机构认可的制作人） · 发布方签名（“x".encode(), "县局  本机构认可的制作人    发布方签名  x"),
        ],
    )
    def test_is_shown_as_one_short_line(self, session: Session, county: Signer, said: bytes, shown: str) -> None:
        body = text(1) + b"\n# \xe5\x88\xb6\xe4\xbd\x9c\xef\xbc\x9a" + said + b"\n# public "
        body += county.public.hex().encode() + b"\n"
        one = body + b"# signature " + county.sign(body).hex().encode() + b"\n"
        (found,) = examine_packs(session, from_texts(session, [("one.toml", one)]))
        assert found.maker is not None
        assert found.maker.who == shown


class TestThePublisher:
    def test_signs_the_same_bytes_each_time_and_in_the_place_of_an_older_signature(
        self, session: Session, tmp_path: Path
    ) -> None:
        make_key(tmp_path / "now.key")
        signer = read_key(tmp_path / "now.key")
        one = sign_as_publisher(signer, "one.toml", text(1))
        assert sign_as_publisher(signer, "one.toml", one) == one
        assert sign_as_publisher(signer, "one.toml", sign(session, text(1))) == one

    def test_signs_nothing_that_does_not_read_clean(self, county: Signer) -> None:
        with pytest.raises(GongjiError, match="处问题"):
            sign_as_publisher(county, "one.toml", b"format = 2\n")
        wrong = text(1).replace(b'patient = "2200.00"', b'patient = "2200.01"', 1)
        with pytest.raises(GongjiError, match=r"2200\.01"):
            sign_as_publisher(county, "one.toml", wrong)

    def test_signs_nothing_that_was_changed_since_another_signed_it(self, session: Session, county: Signer) -> None:
        changed = sign(session, text(1)).replace(b"\nopen_end", b"\n# more\nopen_end", 1)
        with pytest.raises(GongjiError, match="改动过"):
            sign_as_publisher(county, "one.toml", changed)
