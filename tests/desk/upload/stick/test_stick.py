"""A package on a stick: whom it opens for, what it proves, and that no record goes twice because of it."""

import datetime
import json
import random
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import json as fast_json
from msgspec.structs import replace

from gongji.core.dates import CHINA
from gongji.core.imports.rows import MappingRow
from gongji.core.ledger.audit import Act
from gongji.core.outbox.replies import Answered, Exchange, Unknown
from gongji.desk.clinic.begin import Beginning, begin
from gongji.desk.clinic.open import open_counter
from gongji.desk.imports.import_table import imports
from gongji.desk.session import Session
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.desk.upload.gateway.gateway_settings import set_gateway
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings
from gongji.desk.upload.stick.relay import Destination, Relayed, RelayPatience, relay
from gongji.desk.upload.stick.stick import export, give_up, trust_carrier
from gongji.desk.upload.stick.stick_answers import import_answers
from gongji.desk.upload.stick.stick_format import StickFinding, read_answers, write_answers
from gongji.desk.upload.uploader import TimeAndChance
from gongji.errors import GongjiError
from gongji.pack_files.library import Library
from gongji.payer.regions import profile
from gongji.payer.stick.carrier import Carrier, read_card
from gongji.payer.stick.package import (
    FORMAT,
    Manifest,
    PackageError,
    digest,
    new_identity,
    opened,
    packed,
    recipient_of,
)
from gongji.sandbox.control import live
from gongji.sandbox.db import Platform
from gongji.sandbox.handlers.queries import TOKEN
from gongji.sandbox.payer import Payer
from gongji.sandbox.request import Options
from gongji.store import audit, settings
from gongji.store.book_file.db import Store
from gongji.store.bulk_import import KEEPERS
from gongji.store.row_outcomes import ImportSource
from gongji.store.upload import legs, outbox_records, payer_answers, stick_packages
from gongji.store.upload.payer_answers import DECODED, DecodedVoucher
from tests.support.claiming import Uploader
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PERSON, line, text, visit
from tests.support.in_the_book import entries_of

PROFILE = profile("practice")
THERE = Destination(address="http://127.0.0.1:8701", region="practice", profile=PROFILE, is_named=False)


class Time:
    """A clock and ticks that a test moves."""

    def __init__(self) -> None:
        self.moment = datetime.datetime(2025, 6, 10, 9, 0, tzinfo=CHINA)
        self.seconds = 0.0

    def __call__(self) -> datetime.datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.moment += datetime.timedelta(seconds=seconds)

    @property
    def outside(self) -> TimeAndChance:
        return TimeAndChance(clock=self, ticks=lambda: self.seconds, dice=random.Random(1).random)


class World:
    """A clinic without a network, a carrier that has one, and the platform."""

    def __init__(self, path: Path, data: Path, library: Library) -> None:
        self.path = path
        self.library = library
        self.time = Time()
        self.platform = Platform(path / "sandbox.db")
        self.payer = Payer(self.platform, library, self.time, Options())
        self.counter: Session = open_counter(data, library, self.time)
        self.carrier = Carrier(path / "carrier", "县医保转送机")
        self.received: list[bytes] = []
        self.faults: Callable[[str, bytes, Callable[[], bytes]], Exchange] | None = None

    def close(self) -> None:
        self.counter.close()
        self.platform.close()

    def settle(self, *visits: dict[str, Any]) -> list[str]:
        found = [settle_text(self.counter, text(one)).stored for one in visits]
        assert all(found)
        return [one.no for one in found if one is not None]

    def send(self, infno: str, body: bytes) -> Exchange:
        self.received.append(body)
        if self.faults is not None:
            return self.faults(infno, body, lambda: self.payer.answer(body))
        return Answered(self.payer.answer(body))

    def export(self) -> Path:
        trust_carrier(self.counter, self.carrier.card)
        return export(self.counter, "practice").kept

    def relay(self, package: Path, seconds: float = 600) -> Relayed:
        return relay(
            self.carrier,
            package.read_bytes(),
            THERE,
            self.send,
            self.time.outside,
            RelayPatience(seconds, self.time.sleep),
        )

    def bring_back(self, relayed: Relayed) -> dict[str, int]:
        return import_answers(self.counter, relayed.answers.read_bytes()).states

    def states(self) -> list[str]:
        return [one.state for one in outbox_records.rows(self.counter.store.reader)]

    def live(self) -> list[str]:
        return [one["visit_no"] for one in live(self.platform.connection)]


@pytest.fixture(scope="module")
def new_folder(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Path:
    path = tmp_path_factory.mktemp("new") / "data"
    one = Beginning(counter="01", area=AREA, institution=INSTITUTION, operator=OPERATOR, password=None, training=True)
    begin(path, one, library, Time())
    return path


@pytest.fixture
def world(tmp_path: Path, new_folder: Path, library: Library) -> Iterator[World]:
    one = World(tmp_path, Path(shutil.copytree(new_folder, tmp_path / "data")), library)
    yield one
    one.close()


def other(number: int) -> dict[str, Any]:
    return {"id": f"53039919500101{number:04d}", "name": "王五", "status": "retired"}


class TestTheWholeWay:
    def test_records_go_out_and_answers_come_back(self, world: World) -> None:
        world.settle(visit("A"), visit("B"), visit("C", person=other(1)))
        package = world.export()
        assert world.states() == ["pending"] * 3  # a file was written, nothing was sent
        relayed = world.relay(package)
        assert sorted(world.live()) == ["A", "B", "C"]
        assert world.states() == ["pending"] * 3  # and until the answers are here nobody knows
        assert world.bring_back(relayed) == {"accepted": 3}
        assert world.states() == ["accepted"] * 3

    def test_answers_are_no_import_of_a_table(self, world: World) -> None:
        world.settle(visit("A"))
        world.bring_back(world.relay(world.export()))
        counter, at = world.counter, world.counter.now()
        with counter.store.write() as connection:
            audit.append(connection, at, OPERATOR, Act.IMPORT, "0001", "3 条报文的回执")  # as it was logged before
            audit.append(connection, at, OPERATOR, Act.IMPORT, "人员：0001.csv", "1 行")
        assert [entry.subject for entry in imports(counter)] == ["人员：0001.csv"]
        assert [entry.subject for entry in entries_of(counter.store.reader, Act.ANSWERS)] == ["0001"]

    def test_what_is_settled_meanwhile_waits_behind_it_and_goes_next_time(self, world: World) -> None:
        world.settle(visit("A"))
        first = world.export()
        world.settle(visit("B"), visit("C", person=other(1)))
        second = world.export()  # B is the same person's as A, which is away
        assert world.bring_back(world.relay(second)) == {"accepted": 1}
        assert world.live() == ["C"]
        world.bring_back(world.relay(first))
        assert world.bring_back(world.relay(world.export())) == {"accepted": 2}
        assert world.live() == ["C", "A", "B"]

    def test_a_void_goes_along(self, world: World) -> None:
        (no,) = world.settle(visit("A"))
        world.bring_back(world.relay(world.export()))
        assert world.live() == ["A"]
        void(world.counter, no, "退药")
        world.bring_back(world.relay(world.export()))
        assert world.live() == []
        assert world.states() == ["reversed", "accepted"]

    def test_what_was_voided_before_it_was_sent_never_leaves(self, world: World) -> None:
        (no,) = world.settle(visit("A"))
        void(world.counter, no, "录错")
        world.settle(visit("B", person=other(1)))
        relayed = world.relay(world.export())
        assert world.bring_back(relayed) == {"accepted": 1}
        assert world.states() == ["void", "void", "accepted"]
        assert world.live() == ["B"]

    def test_what_a_message_is_written_from_goes_along(self, world: World) -> None:
        """National codes, the institution's own area, an e-voucher's token: beside the records and not in them."""
        code, token = "28A1B2C3D4E5F6G7H8", f"{TOKEN}0123456789"
        voucher = DecodedVoucher(code=code, person_id=PERSON["id"], state=DECODED, token=token)
        national = "XA02BCY136A001010100001"
        row = MappingRow(code="X1", national_code=national, starts=datetime.date(2025, 1, 1), ends=None)
        with world.counter.store.write() as connection:
            KEEPERS["mappings"].keep(connection, [row], ImportSource(world.counter.now(), "对照.csv"))
            payer_answers.put_voucher(connection, voucher, world.counter.now())
        set_gateway(world.counter, GatewaySettings(address="", region="practice", care_area="530302"))
        world.settle(visit("A", line("5.00", code="X1"), line("6.00", code="X2"), person={**PERSON, "voucher": code}))
        assert world.bring_back(world.relay(world.export())) == {"accepted": 1}
        sent = [json.loads(body) for body in world.received]
        assert {one["mdtrtarea_admvs"] for one in sent} == {"530302"}
        (shown,) = (one["input"]["data"] for one in sent if one["infno"] == "2207")
        assert (shown["mdtrt_cert_type"], shown["mdtrt_cert_no"]) == ("01", token)
        (bill,) = (one["input"]["feedetail"] for one in sent if one["infno"] == "2204")
        assert [(row["medins_list_codg"], row["med_list_codg"]) for row in bill] == [("X1", national), ("X2", "X2")]

    def test_a_difference_comes_back_as_one(self, world: World) -> None:
        world.settle(visit("A"))
        connection = world.platform.connection
        facts = {"status": "employed", "area": AREA, "own": True}
        connection.execute(
            "INSERT INTO person (certno, facts) VALUES (?, ?)", ("530399195001010013", json.dumps(facts))
        )
        assert world.bring_back(world.relay(world.export())) == {"difference": 1}

    def test_the_uploader_leaves_alone_what_is_away(self, world: World) -> None:
        world.settle(visit("A"), visit("B", person=other(1)))
        world.export()
        world.settle(visit("C", person=other(2)))
        uploader = Uploader(world.counter, PROFILE, world.time.outside)
        while (out := uploader.claim()) is not None:
            uploader.record(out, world.send(out.infno, out.body))
        assert world.live() == ["C"]
        assert world.states() == ["pending", "pending", "accepted"]


class TestOnce:
    def test_a_package_is_not_relayed_twice(self, world: World) -> None:
        world.settle(visit("A"))
        package = world.export()
        world.relay(package)
        sent = len(world.received)
        with pytest.raises(PackageError, match="已经转送过"):
            world.relay(package)
        assert len(world.received) == sent

    def test_answers_are_not_taken_twice(self, world: World) -> None:
        world.settle(visit("A"))
        relayed = world.relay(world.export())
        world.bring_back(relayed)
        with pytest.raises(PackageError, match="已经导入过"):
            world.bring_back(relayed)

    @pytest.mark.parametrize("cut_off_at", range(1, 8))
    def test_a_relay_that_was_cut_off_goes_on_and_sends_nothing_twice(self, cut_off_at: int, world: World) -> None:
        class CutOffError(Exception):
            pass

        def cut(_: str, __: bytes, do: Callable[[], bytes]) -> Exchange:
            if len(world.received) == cut_off_at:
                do()  # the platform has it, and the PC goes out
                raise CutOffError
            return Answered(do())

        world.settle(visit("A"), visit("B", person=other(1)))
        package = world.export()
        world.payer.options.dedupe = False
        world.faults = cut
        with pytest.raises(CutOffError):
            world.relay(package)
        world.faults = None
        assert world.bring_back(world.relay(package)) == {"accepted": 2}
        assert sorted(world.live()) == ["A", "B"]
        assert len(world.received) == len(set(world.received))

    def test_faults_on_the_carrier_s_line_lose_nothing(self, world: World) -> None:
        dice = random.Random(5)

        def faulty(_: str, __: bytes, do: Callable[[], bytes]) -> Exchange:
            if dice.random() < 0.4:
                if dice.random() < 0.5:
                    do()
                return Unknown("断了")
            return Answered(do())

        world.settle(*(visit(f"V{number}", person=other(number)) for number in range(12)))
        world.payer.options.dedupe = False
        world.faults = faulty
        for _ in range(6):
            if world.states() == ["accepted"] * 12:
                break
            world.bring_back(world.relay(world.export(), seconds=60))
        assert world.states() == ["accepted"] * 12
        assert sorted(world.live()) == sorted(f"V{number}" for number in range(12))

    def test_no_gateway_is_no_relay(self, world: World) -> None:
        world.settle(visit("A"))
        package = world.export()
        world.faults = lambda *_: Unknown("网络不通")
        with pytest.raises(GongjiError, match="没有接通网关"):
            world.relay(package, seconds=30)
        world.faults = None
        assert world.bring_back(world.relay(package)) == {"accepted": 1}

    def test_what_the_carrier_finds_unfit_comes_home_with_its_reason(self, world: World) -> None:
        fit, unfit = world.settle(visit("A"), visit("B", line("100.00", code="X" * 51), person=other(1)))
        assert world.bring_back(world.relay(world.export())) == {"accepted": 1, "quarantine": 1}
        found = {row.no: row for row in outbox_records.rows(world.counter.store.reader)}
        assert found[fit].state == "accepted"
        assert "med_list_codg" in found[unfit].last_error
        assert world.live() == ["A"]

    def test_nothing_but_unfit_records_come_home_as_well(self, world: World) -> None:
        (no,) = world.settle(visit("A"))
        relayed = relay(
            world.carrier,
            world.export().read_bytes(),
            replace(THERE, profile=replace(PROFILE, med_type={})),
            world.send,
            world.time.outside,
            RelayPatience(600, world.time.sleep),
        )
        assert world.bring_back(relayed) == {"quarantine": 1}
        (row,) = outbox_records.rows(world.counter.store.reader)
        assert (row.no, row.away) == (no, None)
        assert "med_type" in row.last_error

    def test_a_finding_about_somebody_else_s_record_is_refused(self, world: World) -> None:
        world.settle(visit("A"))
        world.export()
        world.settle(visit("B", person=other(1)))
        manifest, _ = opened(
            (world.counter.folder.path / "packages" / "1-0001.gjp").read_bytes(), world.carrier.identity
        )
        content = write_answers([], [StickFinding(leg=(2, 0), unfit="?")])
        told = fast_json.encode(
            replace(
                manifest, kind="answers", sha256=digest(content), verify=world.carrier.card.verify, key="", seal_to=""
            )
        )
        package = packed(told, world.carrier.sign(told), content, manifest.seal_to)
        with pytest.raises(PackageError, match="不属于"):
            import_answers(world.counter, package)
        assert world.states() == ["pending", "pending"]

    def test_the_queue_tells_that_a_record_is_away(self, world: World) -> None:
        world.settle(visit("A"), visit("B", person=other(1)))
        package = world.export()
        world.settle(visit("C"), visit("D", person=other(2)))
        assert [row.away for row in outbox_records.rows(world.counter.store.reader)] == [
            1,
            1,
            1,
            None,
        ]  # C must wait for A
        world.bring_back(world.relay(package))
        assert [row.away for row in outbox_records.rows(world.counter.store.reader)] == [None] * 4


class TestLost:
    def test_an_expired_package_is_not_relayed(self, world: World) -> None:
        world.settle(visit("A"))
        package = world.export()
        world.time.sleep(8 * 86400)
        with pytest.raises(PackageError, match="过期"):
            world.relay(package)
        assert world.received == []

    def test_a_package_is_given_up_only_when_it_cannot_turn_up(self, world: World) -> None:
        world.settle(visit("A"))
        world.export()
        with pytest.raises(GongjiError, match="才过期"):
            give_up(world.counter, 1, destroyed=False)
        world.time.sleep(8 * 86400 + 60)
        assert give_up(world.counter, 1, destroyed=False) == 1
        assert world.states() == ["unknown"]  # asked after before anything is sent again

    def test_what_was_given_up_is_asked_after_and_sent_once(self, world: World) -> None:
        world.settle(visit("A"))
        package = world.export()
        world.relay(package)  # it was relayed after all, and the answers were lost
        give_up(world.counter, 1, destroyed=True)
        uploader = Uploader(world.counter, PROFILE, world.time.outside)
        for _ in range(60):
            out = uploader.claim()
            if out is None:
                world.time.sleep(1)
            else:
                uploader.record(out, world.send(out.infno, out.body))
        assert world.live() == ["A"]
        assert world.states() == ["accepted"]


class TestProof:
    def test_only_the_receiver_can_open_it(self, world: World, tmp_path: Path) -> None:
        world.settle(visit("A"))
        package = world.export().read_bytes()
        assert b"530399195001010013" not in package
        with pytest.raises(PackageError, match="不是给本机的"):
            opened(package, Carrier(tmp_path / "stranger", "x").identity)

    def test_a_changed_bit_is_noticed(self, world: World) -> None:
        world.settle(visit("A"))
        package = world.export().read_bytes()
        for place in range(0, len(package), max(1, len(package) // 50)):
            changed = bytearray(package)
            changed[place] ^= 1
            with pytest.raises(PackageError):
                opened(bytes(changed), world.carrier.identity)

    def test_a_package_made_by_another_for_the_same_counter_is_refused(self, world: World) -> None:
        world.settle(visit("A"))
        world.relay(world.export())
        manifest, content = opened(
            (world.counter.folder.path / "packages" / "1-0001.gjp").read_bytes(), world.carrier.identity
        )
        with pytest.raises(GongjiError, match="签名与以前的不同"):
            self._relay_forged(world, replace(manifest, serial=2), content)

    @staticmethod
    def _relay_forged(world: World, manifest: Manifest, content: bytes) -> None:
        key = Ed25519PrivateKey.generate()
        forged = fast_json.encode(replace(manifest, verify=key.public_key().public_bytes_raw().hex()))
        path = world.path / "forged.gjp"
        path.write_bytes(packed(forged, key.sign(forged), content, world.carrier.card.seal_to))
        world.relay(path)

    def test_answers_by_another_than_the_carrier_are_refused(self, world: World) -> None:
        world.settle(visit("A"))
        relayed = world.relay(world.export())
        world.carrier = Carrier(world.path / "other", "别的机器")
        key = Ed25519PrivateKey.generate()
        identity = new_identity()
        manifest = Manifest(
            format=FORMAT, kind="answers", institution=INSTITUTION["id"], counter="01", epoch=1, serial=1,
            made_at="", expires_at="", legs=0, total_fen=0, audit_seal="", sha256=digest(b""),
            verify=key.public_key().public_bytes_raw().hex(), seal_to=recipient_of(identity), profile="practice",
        )  # fmt: skip
        told = fast_json.encode(manifest)
        mine = settings.get(world.counter.store.reader, "sealing_key")
        assert mine is not None
        with pytest.raises(PackageError, match="不是本收费台的转送机"):
            import_answers(world.counter, packed(told, key.sign(told), b"", recipient_of(mine)))
        assert world.states() == ["pending"]
        assert world.bring_back(relayed) == {"accepted": 1}

    @pytest.mark.parametrize("packed_as", ["enormous", "half", "junk"])
    @pytest.mark.parametrize("which", ["body", "answer"])
    def test_what_a_carrier_packed_badly_is_refused_whole(self, world: World, which: str, packed_as: str) -> None:
        world.settle(visit("A"))
        relayed = world.relay(world.export())
        mine = settings.get(world.counter.store.reader, "sealing_key")
        assert mine is not None
        manifest, content = opened(relayed.answers.read_bytes(), mine)
        hops, findings = read_answers(content)
        there = zlib.compress(b"{}" * 999)
        bad = {"enormous": zlib.compress(bytes(1 << 27)), "half": there[: len(there) // 2], "junk": b"junk"}[packed_as]
        place = next(place for place, one in enumerate(hops) if one.outgoing.leg is not None)
        hops[place] = replace(hops[place], **{which: bad})
        spoilt = write_answers(hops, findings)
        told = fast_json.encode(replace(manifest, sha256=digest(spoilt)))
        package = packed(told, world.carrier.sign(told), spoilt, recipient_of(mine))
        with pytest.raises(PackageError, match="读不懂"):
            import_answers(world.counter, package)
        assert world.states() == ["pending"]
        assert world.bring_back(relayed) == {"accepted": 1}

    def test_a_signature_over_something_else_is_refused(self, world: World) -> None:
        world.settle(visit("A"))
        kept = world.export()
        manifest, content = opened(kept.read_bytes(), world.carrier.identity)
        told = fast_json.encode(replace(manifest, legs=99))
        with pytest.raises(PackageError, match="签名"):
            opened(packed(told, b"\x00" * 64, content, world.carrier.card.seal_to), world.carrier.identity)

    def test_a_package_holds_only_what_it_needs(self, world: World) -> None:
        world.settle(visit("A"), visit("B", person=other(1)))
        world.bring_back(world.relay(world.export()))
        world.settle(visit("C", person=other(2)))
        manifest, content = opened(world.export().read_bytes(), world.carrier.identity)
        assert (manifest.legs, manifest.serial, manifest.total_fen) == (1, 2, 100_00)
        path = world.path / "slice.db"
        path.write_bytes(content)
        store = Store(path, bytes.fromhex(manifest.key))
        people = [row[0] for row in store.reader.execute("SELECT id FROM person")]
        assert people == [other(2)["id"]]
        assert stick_packages.legs_of(store.reader, [f"{other(2)['id']}/2025-01-01"]) == {(3, 0)}
        assert len(legs.of_serial(store.reader, 3)) == 1
        store.close()

    def test_a_card_is_read_back_and_nothing_else_is_one(self, world: World, tmp_path: Path) -> None:
        path = tmp_path / "card.json"
        path.write_bytes(fast_json.encode(world.carrier.card))
        assert read_card(path) == world.carrier.card
        assert len(world.carrier.card.fingerprint.replace(" ", "")) == 16
        for wrong in (b"", b"{}", b"[]", b'{"name":"x","seal_to":"age1","verify":"00"}', b"\xff"):
            path.write_bytes(wrong)
            with pytest.raises(GongjiError, match="名片"):
                read_card(path)
        for name in ("", " ", "x" * 61, "转送\x1b[2J机", "\u202e机送转", "a\nb"):
            path.write_bytes(fast_json.encode(replace(world.carrier.card, name=name)))
            with pytest.raises(GongjiError, match="名片"):
                read_card(path)
            with pytest.raises(GongjiError, match="名字"):
                Carrier(tmp_path / "fresh", name)

    def test_the_carrier_is_the_same_when_opened_again(self, world: World) -> None:
        assert Carrier(world.path / "carrier", "别的名字").card == world.carrier.card

    def test_without_a_card_nothing_is_exported(self, world: World) -> None:
        world.settle(visit("A", line("5.00")))
        with pytest.raises(GongjiError, match="名片"):
            export(world.counter, "practice")
