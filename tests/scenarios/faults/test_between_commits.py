"""Dead between any two transactions of an act: the book is as before it or as after it, and the act can be done again.

Every act of the desk that a role guards is walked. A child does it and is gone right after its first transaction, its
second, and so on, until one comes to the end; each time the folder is opened again, verified and looked at.
"""

import importlib
import multiprocessing
import os
import pkgutil
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import structs

import gongji.desk
from gongji.core.ledger.draft import Draft
from gongji.desk.clinic.backup import relocate, restored_witness
from gongji.desk.clinic.backup import restore as restore_module
from gongji.desk.clinic.backup.backup import back_up, set_second_device
from gongji.desk.clinic.backup.restore import restore
from gongji.desk.clinic.begin import begin
from gongji.desk.clinic.explain import explain
from gongji.desk.clinic.locks import set_lock_minutes
from gongji.desk.clinic.open import open_counter
from gongji.desk.clinic.operators import (
    add_operator,
    admit_reader,
    change_password,
    make_recovery_key,
    remove_operator,
    reset_password,
    set_role,
    try_recovery_key,
)
from gongji.desk.clinic.printing_settings import set_printing
from gongji.desk.clinic.settings import set_clinic
from gongji.desk.clinic.verify.verify_book import verify
from gongji.desk.closing.shifts import close_shift
from gongji.desk.imports.by_hand import keep_by_hand
from gongji.desk.imports.forget_person import forget_person, set_retention_years
from gongji.desk.imports.import_table import keep_table, read_import
from gongji.desk.imports.unlisted_registrations import decide_registration
from gongji.desk.papers.paper_files import keeps_files, without_files
from gongji.desk.policies.accepted_makers import AcceptedMaker, accept_maker, remove_maker
from gongji.desk.policies.install_packs import from_files, take_in_packs
from gongji.desk.policies.parameters import enter
from gongji.desk.policies.signed_packs import sign_as_publisher
from gongji.desk.roles import GUARDED, Role, attend, reveal
from gongji.desk.session import Session
from gongji.desk.settlements.find import find
from gongji.desk.settlements.refund import refund
from gongji.desk.settlements.settle import settle_text
from gongji.desk.settlements.void import void
from gongji.desk.upload.differences.differences import adopt, release, retry, reverse
from gongji.desk.upload.gateway.gateway_settings import set_gateway
from gongji.desk.upload.gateway.kept_gateway import GatewaySettings
from gongji.desk.upload.gateway.plain_http_consent import consent_at_counter
from gongji.desk.upload.leg_data import figures_at, sheet_of
from gongji.desk.upload.stick.stick import export, give_up, trust_carrier
from gongji.desk.visits.held_visits import keep
from gongji.desk.witnessing import Witnessing
from gongji.errors import GongjiError
from gongji.payer.regions import profile
from gongji.payer.stick.carrier import CarrierCard
from gongji.payer.stick.package import new_identity, recipient_of
from gongji.store import concerns
from gongji.store.book_file import tally_check
from gongji.store.book_file.db import Store
from gongji.store.concerns import Concern
from gongji.store.engine import Connection
from gongji.store.people import people
from gongji.store.settlements import settlements
from gongji.store.signing import Signer, key_fingerprint
from gongji.store.upload import legs, messages, payer_answers
from tests.scenarios.faults.child import BEGINNING, LIBRARY, now
from tests.support.clinic import AREA, INSTITUTION, OPERATOR, PASSWORD, PERSON, text, visit
from tests.support.lying_open import lying_open
from tests.support.making import printing_of
from tests.support.passwords import passwords_cost_little
from tests.support.printed import print_receipt, reprint
from tests.support.tables import number, person

OTHER, OTHER_PASSWORD, THIRD = "王芳", "王芳的口令 1", "吴刚"
MAKER = Signer(bytes(range(32)))
CARD = CarrierCard(name="转送机", seal_to=recipient_of(new_identity()), verify="ab" * 32)
NEVER_SETTLED = "530399196002020018"
SEEDED = (PERSON["id"], PERSON["name"], "欧阳兰", NEVER_SETTLED, number(1), "欧阳紫薇", "530399195803120028")
"""Who is known to the book, or comes to be: they may stand in it alone."""
SECRET_FILE, COPY, TABLE, PACK_FILE = "secret.txt", "copy.db", "people.csv", "01-spending-bands.toml"
PROFILE = profile("practice")
PEOPLE = "身份证号,姓名,性别,出生日期,参保地,人员状态,就业类型,待遇享受,状态起始,虚构\n"
ROW = "530399195803120028,欧阳紫薇,女,1958-03-12,530300,退休,单位,是,2025-01-01,否\n"
_SERVER = multiprocessing.get_context("forkserver")
_PATIENCE = 300
_LAZY = {"setting", "arrival"}
"""Tables that say nothing of an act: keys that are made when first asked for, and where rows of others came."""


def by_two(session: Session) -> None:
    """A second person stands by."""
    attend(session, OTHER, OTHER_PASSWORD)


def no_of(session: Session, place: int) -> str:
    return settlements.numbers(session.store.reader)[place][1]


def _settle(session: Session) -> None:
    assert settle_text(session, text(visit("V9"))).stored is not None


def _refund(session: Session) -> None:
    refund(session, no_of(session, 0), "多收了一盒", {0: "0.5"})


def _hold(session: Session) -> None:
    keep(session, Draft(visit_no="H", person={"id": "530399195001010013"}), "甲", aside=True)


def _forget(session: Session) -> None:
    by_two(session)
    forget_person(session, NEVER_SETTLED, "本人要求")


def _years(session: Session) -> None:
    by_two(session)
    set_retention_years(session, 15)


def _set_clinic(session: Session) -> None:
    set_clinic(session, {**INSTITUTION, "name": "曲水镇卫生院"})


def _restore(session: Session) -> None:
    by_two(session)
    restore(session, session.folder.path.parent / COPY)


def _add(session: Session) -> None:
    by_two(session)
    add_operator(session, PASSWORD, "赵敏", "赵敏的口令 1")


def _set_role(session: Session) -> None:
    by_two(session)
    set_role(session, PASSWORD, THIRD, Role.CHIEF)


def _remove(session: Session) -> None:
    by_two(session)
    remove_operator(session, PASSWORD, THIRD)


def _reset(session: Session) -> None:
    by_two(session)
    reset_password(session, PASSWORD, THIRD, "吴刚的新口令 2")


def _try_key(session: Session) -> None:
    try_recovery_key(session, (session.folder.path.parent / SECRET_FILE).read_text(encoding="ascii"))


def _gateway(session: Session) -> None:
    by_two(session)
    set_gateway(session, GatewaySettings(address="https://10.1.2.3", region="plain"))


def _carrier(session: Session) -> None:
    by_two(session)
    trust_carrier(session, CarrierCard(name="另一台", seal_to=recipient_of(new_identity()), verify="cd" * 32))


def _export(session: Session) -> None:
    export(session, "plain")


def _give_up(session: Session) -> None:
    made = export(session, "plain")
    give_up(session, made.serial, destroyed=True)


def _import(session: Session) -> None:
    read = read_import(session.store, "people", session.folder.path.parent / TABLE, at=session.now())
    assert keep_table(session, read).kept


def _pack(session: Session) -> None:
    by_two(session)
    assert take_in_packs(session, from_files(session, [session.folder.path.parent / PACK_FILE])).taken


def _remove_maker(session: Session) -> None:
    by_two(session)
    remove_maker(session, key_fingerprint(MAKER.public))


def _enter(session: Session) -> None:
    by_two(session)
    policy = session.library.editions(AREA)[-1]
    enter(session, policy, "inpatient_cap", "250000", "曲医保发〔2025〕1 号")


def _decide(session: Session) -> None:
    assert decide_registration(session, "高血压三级", "高血压", [number(1)]) == 1


def _print(session: Session) -> None:
    print_receipt(session, find(session.store, no_of(session, 0)))


ACTS: dict[str, tuple[str, Callable[[Session], object]]] = {
    "settle": ("settlements.settle.settle_text", _settle),
    "void": ("settlements.void.void", lambda one: void(one, no_of(one, 0), "录错了人")),
    "refund": ("settlements.refund.refund", _refund),
    "hold": ("visits.held_visits.keep", _hold),
    "close": ("closing.shifts.close_shift", close_shift),
    "explain": ("clinic.explain.explain", lambda one: explain(one, 1, "硬盘坏道，已换新盘")),
    "reveal": ("roles.reveal", lambda one: reveal(one, "530399195001010013", "收费台")),
    "forget": ("imports.forget_person.forget_person", _forget),
    "clinic": ("clinic.settings.set_clinic", _set_clinic),
    "files": ("papers.paper_files.put_files_wanted", lambda one: set_printing(one, printing_of(one, as_files=True))),
    "years": ("imports.forget_person.set_retention_years", _years),
    "lock": ("clinic.locks.set_lock_minutes", lambda one: set_lock_minutes(one, 5)),
    "backup": ("clinic.backup.backup.back_up", back_up),
    "second device": (
        "clinic.backup.backup.set_second_device", lambda one: set_second_device(one, str(one.folder.path.parent))
    ),
    "driver": (
        "clinic.settings.set_clinic", lambda one: set_clinic(one, INSTITUTION, str(one.folder.path.parent / TABLE))
    ),
    "restore": ("clinic.backup.restore.restore", _restore),
    "add": ("clinic.operators.add_operator", _add),
    "role": ("clinic.operators.set_role", _set_role),
    "reset": ("clinic.operators.reset_password", _reset),
    "remove": ("clinic.operators.remove_operator", _remove),
    "new key": ("clinic.operators.make_recovery_key", lambda one: make_recovery_key(one, PASSWORD)),
    "try key": ("clinic.operators.try_recovery_key", _try_key),
    "reader": (
        "clinic.operators.admit_reader",
        lambda one: admit_reader(one, PASSWORD, "审计", recipient_of(new_identity())),
    ),
    "gateway": ("upload.gateway.gateway_settings.set_gateway", _gateway),
    "consent": (
        "upload.gateway.plain_http_consent.consent_at_counter",
        lambda one: consent_at_counter(one, "http://10.1.2.3", [OTHER], lambda *_: OTHER_PASSWORD),
    ),
    "carrier": ("upload.stick.stick.trust_carrier", _carrier),
    "export": ("upload.stick.stick.export", _export),
    "retry": ("upload.differences.differences.retry", lambda one: retry(one, no_of(one, 1), 0, "改好了")),
    "release": ("upload.differences.differences.release", lambda one: release(one, no_of(one, 1), 0, "先放行")),
    "import": ("imports.import_table.keep_table", _import),
    "adopt": ("upload.differences.differences.adopt", lambda one: adopt(one, PROFILE, no_of(one, 2), 0, "以平台为准")),
    "reverse": (
        "upload.differences.differences.reverse", lambda one: reverse(one, no_of(one, 2), 0, "对不上，重新结算")
    ),
    "pack": ("policies.install_packs.take_in_packs", _pack),
    "maker": ("policies.accepted_makers.remove_maker", _remove_maker),
    "parameter": ("policies.parameters.enter", _enter),
    "decide": ("imports.unlisted_registrations.decide_registration", _decide),
    "password": ("", lambda one: change_password(one, PASSWORD, "新的口令 2026")),
    "print": ("", _print),
    "reprint": ("", lambda one: reprint(one, find(one.store, no_of(one, 2)))),
}  # fmt: skip
"""Acts by a name: which guarded function of the desk each is (nothing: one that any operator may), how it is done."""
TWO_ACTS = {"upload.stick.stick.give_up": _give_up}
ELSEWHERE = {
    "policies.amend.release",  # its one entry comes before its file: tests/desk/policies/test_amend.py
    "upload.stick.stick_answers.import_answers",  # every hop is one: tests/desk/upload/stick/test_stick.py
    "updates.apply_release.update",  # writes nothing in the book: tests/desk/updates
}  # fmt: skip


def test_every_guarded_act_is_walked() -> None:
    for one in pkgutil.walk_packages(gongji.desk.__path__, "gongji.desk."):
        importlib.import_module(one.name)
    guarded = {name.removeprefix("gongji.desk.") for names in GUARDED.values() for name in names}
    assert guarded - {path for path, _ in ACTS.values()} - TWO_ACTS.keys() == ELSEWHERE


def cheaply() -> None:
    """What a password costs, and where a folder lies, is not what is tested here."""
    passwords_cost_little()
    relocate.place_of = lambda _: "here"  # type: ignore[assignment]


def act_and_die(path: str, name: str, nth: int, begins: Callable[[], None] = lambda: None) -> None:
    """Do an act in a folder and be gone right after its nth step, for 0 not at all.

    A step is a transaction, a file of keys that was written, the book given another key, a file that took another's
    place in a restore, or a witness begun.
    """
    cheaply()
    steps = 0

    def stepped() -> None:
        nonlocal steps
        steps += 1
        if steps == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    whole = Store.write

    @contextmanager
    def write(store: Store) -> Iterator[object]:
        with whole(store) as connection:
            yield connection
        stepped()

    counter = open_counter(Path(path), LIBRARY, now, OPERATOR, PASSWORD)
    counter.keeps_paper_files = keeps_files(counter)  # as the window has it
    Store.write = write  # type: ignore[method-assign,assignment]
    for owner, method in (
        (Store, "rekey"),
        (type(counter.folder), "_keep_keys"),
        (restore_module, "put_in_place"),
        (restored_witness, "put_in_place"),
        (Witnessing, "begin"),
    ):
        _step_after(owner, method, stepped)
    begins()
    ACTS[name][1](counter)
    if counter.is_open:
        counter.close()


def _step_after(owner: object, method: str, stepped: Callable[[], None]) -> None:
    before = getattr(owner, method)

    def after(*given: object) -> object:
        done = before(*given)
        stepped()
        return done

    setattr(owner, method, after)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        cheap_here(patch)
        prepare(place)
    return place


def prepare(place: Path) -> None:
    """Make a folder in which something of everything is there to be acted on, and beside it what acts need."""
    path = place / "data"
    begin(path, BEGINNING, LIBRARY, now)
    counter = open_counter(path, LIBRARY, now, OPERATOR, PASSWORD)
    without_files(counter)
    for one in ("V1", "V2"):
        assert settle_text(counter, text(visit(one))).stored is not None
    add_operator(counter, PASSWORD, OTHER, OTHER_PASSWORD, Role.MANAGER)
    attend(counter, OTHER, OTHER_PASSWORD)
    add_operator(counter, PASSWORD, THIRD, "吴刚的口令 1")
    (place / SECRET_FILE).write_text(make_recovery_key(counter, PASSWORD), encoding="ascii")
    attend(counter, OTHER, OTHER_PASSWORD)
    trust_carrier(counter, CARD)
    copy = back_up(counter)
    assert copy is not None
    shutil.copy(copy, place / COPY)
    told = keep_by_hand(counter, "people", person(1, 慢特病登记="高血压三级", 登记起始="2025-01-01", 参保地=AREA))
    assert told.wrong == ()
    three = settle_text(counter, text(visit("V3"))).stored
    assert three is not None
    print_receipt(counter, three)
    with counter.store.write() as connection:
        concerns.put(
            connection,
            [Concern(kind="witness", subject="见证文件", text="缺了一行", detail={"serials": []})],
            "2025-06-10 09:00:00",
        )
        connection.execute("UPDATE leg SET state = 'quarantine' WHERE serial = 2")
        _differ(connection, 3)
        people.save_person(connection, NEVER_SETTLED, "欧阳兰", None)
        maker = AcceptedMaker(
            who="县医保局", public=MAKER.public.hex(), at="2025-06-10 09:00:00", operator=OPERATOR, second=OTHER
        )
        accept_maker(connection, maker)
    counter.close()
    pack = (Path(__file__).parents[2] / "shapes" / PACK_FILE).read_bytes()
    (place / PACK_FILE).write_bytes(sign_as_publisher(MAKER, PACK_FILE, pack, maker.who))
    (place / TABLE).write_text(PEOPLE + ROW, encoding="utf-8")


def _differ(connection: Connection, serial: int) -> None:
    """Let the platform have said of a settlement that a yuan more is paid in cash."""
    leg = legs.get(connection, serial, 0)
    messages.put(connection, "M1", (serial, 0), "2207", "settle", "2025-06-10 09:00:00", b"{}")
    ours = figures_at(sheet_of(connection, leg), PROFILE)
    theirs = structs.replace(ours, cash_fen=ours.cash_fen + 100, patient_fen=ours.patient_fen + 100)
    told = payer_answers.PayerFigures(
        msgid="M1", serial=serial, part=0, reverses=False, setl_id="S1", mdtrt_id="D1", at="2025-06-10 09:00:00",
        figures=theirs,
    )  # fmt: skip
    payer_answers.put(connection, told, "2025-06-10 09:00:00")
    connection.execute("UPDATE leg SET state = 'difference' WHERE serial = ?", (serial,))


def cheap_here(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(relocate, "place_of", lambda _: "here")


def died(path: Path, name: str, nth: int) -> bool:
    """Let a child do an act; return whether it was gone before it was done."""
    child = _SERVER.Process(target=act_and_die, args=(str(path), name, nth), daemon=True)
    child.start()
    child.join(_PATIENCE)
    assert child.exitcode in {0, -signal.SIGKILL}, (name, nth, child.exitcode)
    return child.exitcode != 0


def opened_again(path: Path) -> tuple[dict[str, int], list[str]]:
    """Open a folder as at the next start; return how many rows each table has then, and what verifying it finds."""
    try:
        counter = open_counter(path, LIBRARY, now, OPERATOR, PASSWORD)
    except GongjiError:
        counter = open_counter(path, LIBRARY, now, OPERATOR, "新的口令 2026")
    try:
        rows = {name: one.count for name, one in tally_check.counted(counter.store.reader).items() if name not in _LAZY}
        found = [
            f"{one.place}：{one.text}"
            for one in verify(counter.folder, counter.store, counter.library, lambda *_: None)
            if "待说明" not in one.text and "下次结算时会补上" not in one.text
        ]
        rows["(operators)"] = len({*counter.folder.operators()} - {"赵敏"})  # whose key follows the log's entry
    finally:
        counter.close()
    return rows, found


@pytest.mark.parametrize("name", ACTS)
def test_the_book_is_as_before_or_as_after(
    prepared: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap_here(monkeypatch)

    def folder(label: str) -> Path:
        shutil.copytree(prepared, tmp_path / label)
        return tmp_path / label / "data"

    before, _ = opened_again(folder("before"))
    whole = folder("whole")
    assert not died(whole, name, 0)
    after, _ = opened_again(whole)
    nth = 1
    while died(path := folder(str(nth)), name, nth):
        rows, found = opened_again(path)
        assert found == [], (name, nth)
        off = {table: (before.get(table), count, after.get(table)) for table, count in rows.items()}
        assert lying_open(SEEDED, path) == [], (name, nth)
        assert rows in (before, after), (name, nth, {table: one for table, one in off.items() if len({*one}) > 1})
        shutil.rmtree(path.parent)
        nth += 1
    assert nth > 1 or name == "backup"
