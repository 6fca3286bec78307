"""From outside, as anybody may drive it: processes, kills in between, and the two sides held against each other."""

import json
import random
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gongji.desk.clinic.open import open_to_read
from gongji.store.upload import downloads
from tests.support.clinic import PERSON, line, visit
from tests.support.outside import PROGRAM, TOKEN, gongji, sandbox, settled, summed

ELSEWHERE = {"id": "H53030200777", "name": "县医院", "type": "hospital", "level": "1"}
PARAMETERS = {
    "inpatient_ratio": {"employed": {"1": "0.90"}, "retired": {"1": "0.95"}},
    "inpatient_deductible": {"1": "200"},
    "inpatient_cap": "50000",
}
FAST = 'title = "练习，静默时间 1 秒"\nbased_on = "practice"\nquiet_s = 1\nfirst_s = 1\nmost_s = 1\ndeadline_s = 3\n'
SECRET = {"GONGJI_GATEWAY_ID": "clinic", "GONGJI_GATEWAY_SECRET": "s3cret"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, str]]]:
    """A training folder with the sample visits settled, and what they came to."""
    data = tmp_path_factory.mktemp("sample") / "data"
    return data, settled(data)


@pytest.fixture
def data(sample: tuple[Path, dict[str, dict[str, str]]], tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample[0], tmp_path / "data"))


@pytest.fixture
def totals(sample: tuple[Path, dict[str, dict[str, str]]]) -> dict[str, dict[str, str]]:
    return sample[1]


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A training folder with nothing in it."""
    gongji("init", "--training", "--area", "530300", "--data", tmp_path / "data")
    return tmp_path / "data"


def settle(data: Path, *visits: dict[str, Any]) -> list[dict[str, Any]]:
    text = "\n".join(json.dumps(one) for one in visits)
    return gongji("settle", "--no-receipt", "--data", data, "-", given=text)


def control(address: str, what: str, value: Any) -> Any:
    request = urllib.request.Request(f"{address}/control/{what}", json.dumps(value).encode(), method="POST")  # noqa: S310  # ours
    request.add_header("Authorization", f"Bearer {TOKEN}")
    with urllib.request.urlopen(request) as answer:  # noqa: S310  # the same
        return json.load(answer)


def states(data: Path) -> list[str]:
    return [one["state"] for one in gongji("queue", "--data", data, "--json")]


def drained(data: Path, address: str, *more: str | Path) -> None:
    """Upload again and again until nothing waits."""
    until = time.monotonic() + 300  # the machine may be busy; what is waited for is the state
    while set(states(data)) & {"pending", "sending", "unknown", "reversing"}:
        assert time.monotonic() < until, gongji("queue", "--data", data, "--json")
        gongji("upload", "--gateway", address, "--data", data, *more)
        time.sleep(0.3)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def watching(data: Path, address: str, profile: Path) -> "subprocess.Popen[bytes]":
    command = [*PROGRAM, "upload", "--watch", "--gateway", address, "--profile", profile, "--data", data]
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class TestKilled:
    @pytest.fixture
    def profile(self, tmp_path: Path) -> Path:
        path = tmp_path / "fast.toml"
        path.write_text(FAST, encoding="utf-8")
        return path

    def test_the_platform_is_killed_and_started_again_meanwhile(
        self, data: Path, totals: dict[str, dict[str, str]], profile: Path, tmp_path: Path
    ) -> None:
        file, port, dice = tmp_path / "sandbox.db", free_port(), random.Random(4)
        address = f"http://127.0.0.1:{port}"
        client = watching(data, address, profile)
        try:
            for _ in range(6):
                with sandbox(file, port=port) as (_, process):
                    time.sleep(dice.random() * 0.25)
                    process.kill()
            with sandbox(file, port=port):
                until = time.monotonic() + 60
                while set(states(data)) != {"accepted"} and time.monotonic() < until:
                    time.sleep(0.2)
        finally:
            client.kill()
            client.wait()
        assert set(states(data)) == {"accepted"}
        assert summed(file) == totals
        assert gongji("verify", "--data", data, "--json")[0]["ok"]

    def test_the_client_is_killed_at_random(
        self, data: Path, totals: dict[str, dict[str, str]], profile: Path, tmp_path: Path
    ) -> None:
        dice = random.Random(9)
        with sandbox(tmp_path / "sandbox.db") as (address, _):
            for _ in range(6):
                client = watching(data, address, profile)
                time.sleep(0.4 + dice.random() * 0.6)
                client.kill()
                client.wait()
            drained(data, address, "--profile", profile)
        assert set(states(data)) == {"accepted"}
        assert summed(tmp_path / "sandbox.db") == totals

    def test_a_download_killed_at_random_is_there_whole_or_not_at_all(
        self, fresh: Path, profile: Path, tmp_path: Path
    ) -> None:
        rows = [{"med_list_codg": f"X{number}", "reg_name": "药", "begndate": "2025-01-01"} for number in range(8000)]
        dice = random.Random(2)
        with sandbox(tmp_path / "sandbox.db") as (address, _):
            control(address, "catalogue", {"infno": "1301", "rows": rows})
            command = [*PROGRAM, "download", "1301", "--gateway", address, "--profile", profile, "--data", fresh]
            for _ in range(8):
                client = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(0.5 + dice.random() * 0.9)
                client.kill()
                client.wait()
                assert held(fresh) in {(0, None), (8000, "8000")}
            gongji(*map(str, command[len(PROGRAM) :]))
        assert held(fresh) == (8000, "8000")


def held(data: Path) -> tuple[int, str | None]:
    _, store = open_to_read(data)
    (rows,) = store.reader.execute("SELECT count(*) FROM agency_row").fetchone()
    newest = downloads.newest(store.reader, "1301")
    store.close()
    return rows, None if newest is None else newest.version


class TestOnce:
    def test_the_same_folder_twice_and_two_at_once(
        self, data: Path, totals: dict[str, dict[str, str]], tmp_path: Path
    ) -> None:
        with sandbox(tmp_path / "sandbox.db") as (address, _):
            command = [*PROGRAM, "upload", "--gateway", address, "--data", data, "--json"]
            both = [subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE) for _ in range(2)]
            answers = [json.loads(one.communicate()[0]) for one in both]
            assert any(answer.get("counts") == {"accepted": len(totals)} for answer in answers), answers
            (again,) = gongji("upload", "--gateway", address, "--data", data, "--json")
            assert again["counts"] == {"accepted": len(totals)}
        assert summed(tmp_path / "sandbox.db") == totals

    def test_a_copy_of_the_folder_settles_nothing_a_second_time(
        self, data: Path, totals: dict[str, dict[str, str]], tmp_path: Path
    ) -> None:
        """Two folders of one counter must not be; where it happened, a number of a visit is settled once."""
        copy, profile = Path(shutil.copytree(data, tmp_path / "copy")), tmp_path / "fast.toml"
        profile.write_text(FAST, encoding="utf-8")
        with sandbox(tmp_path / "sandbox.db") as (address, _):
            gongji("upload", "--gateway", address, "--data", data)
            before = gongji("sandbox", "--dump", "--data", tmp_path / "sandbox.db")
            # Its numbers of messages are used already, which does not say whether what they asked was done: it is asked
            # after, and what the platform has of each visit is adopted.
            drained(copy, address, "--profile", profile)
            assert set(states(copy)) == {"accepted"}
        assert gongji("sandbox", "--dump", "--data", tmp_path / "sandbox.db") == before
        assert summed(tmp_path / "sandbox.db") == totals


class TestBothSides:
    def test_what_is_voided_after_the_upload_is_gone_there(self, fresh: Path, tmp_path: Path) -> None:
        one, two = settle(fresh, visit("A"), visit("B", line("30.00")))
        with sandbox(tmp_path / "sandbox.db") as (address, _):
            gongji("upload", "--gateway", address, "--data", fresh)
            assert summed(tmp_path / "sandbox.db") == {"A": one["totals"], "B": two["totals"]}
            (voided,) = gongji("void", one["settlement_no"], "--reason", "退药", "--data", fresh, "--json")
            assert voided["settlement_no"] == one["settlement_no"]
            drained(fresh, address)
        assert summed(tmp_path / "sandbox.db") == {"B": two["totals"]}
        assert states(fresh) == ["reversed", "accepted", "accepted"]

    def test_two_benefits_are_two_rows_there(self, fresh: Path, tmp_path: Path) -> None:
        person = {**PERSON, "registrations": {"chronic": ["高血压"]}}
        lines = (line("100.00"), line("80.00", code="X2", benefit="chronic"))
        (one,) = settle(fresh, visit("A", *lines, person=person))
        with sandbox(tmp_path / "sandbox.db") as (address, _):
            gongji("upload", "--gateway", address, "--data", fresh)
        rows = gongji("sandbox", "--dump", "--data", tmp_path / "sandbox.db")
        assert [(row["benefit"], row["amounts"]) for row in rows] == [
            (part["benefit"], part["amounts"]) for part in one["settlements"]
        ]
        assert len({row["setl_id"] for row in rows}) == len({row["msgid"] for row in rows}) == 2

    def test_what_the_dump_says_is_the_interface_s_too(self, fresh: Path, tmp_path: Path) -> None:
        (one,) = settle(fresh, visit("A", accounts={"own": {"balance": "7.00"}}))
        with sandbox(tmp_path / "sandbox.db") as (address, _):
            gongji("upload", "--gateway", address, "--data", fresh)
        (row,) = gongji("sandbox", "--dump", "--data", tmp_path / "sandbox.db")
        amounts = one["totals"]
        assert row["amounts"] == amounts
        assert row["medfee_sumamt"] == float(amounts["total"])
        assert row["hifp_pay"] == float(amounts["fund"])
        assert row["acct_pay"] == float(amounts["account_own"]) == 7.0
        assert row["psn_cash_pay"] == float(amounts["cash"])
        assert len(row["msgid"]) == 30

    def test_strict_takes_nobody_it_does_not_know(self, fresh: Path, tmp_path: Path) -> None:
        settle(fresh, visit("A"))
        with sandbox(tmp_path / "sandbox.db", "--strict") as (address, _):
            gongji("upload", "--gateway", address, "--data", fresh)
            (row,) = gongji("queue", "--data", fresh, "--json")
            assert row["state"] == "quarantine"  # no money has moved: a person decides
            assert "参保" in row["last_error"]
            known = {"id": PERSON["id"], "area": "530300", "status": PERSON["status"]}
            control(address, "people", known)
            gongji(
                "void", row["settlement_no"], "--reason", "重新结算", "--data", fresh
            )  # else what follows waits for a decision
            settle(fresh, visit("B"))
            gongji("upload", "--gateway", address, "--data", fresh)
        assert list(summed(tmp_path / "sandbox.db")) == ["B"]

    def test_a_visit_elsewhere_makes_a_difference_that_the_queue_tells(self, fresh: Path, tmp_path: Path) -> None:
        settle(fresh, visit("A", parameters=PARAMETERS))
        with sandbox(tmp_path / "sandbox.db") as (address, _):
            gongji("upload", "--gateway", address, "--data", fresh)
            control(address, "elsewhere", visit("E", line("9200.00"), parameters=PARAMETERS, institution=ELSEWHERE))
            settle(fresh, visit("B", line("2000.00"), parameters=PARAMETERS))
            gongji("upload", "--gateway", address, "--data", fresh)
        assert states(fresh) == ["accepted", "difference"]
        assert set(summed(tmp_path / "sandbox.db")) == {"A", "B", "E"}


@pytest.mark.parametrize("scheme", ["x-tif", "_api_"])
def test_a_gateway_that_asks_for_signatures(
    scheme: str, data: Path, totals: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    profile = tmp_path / "signed.toml"
    profile.write_text(
        f'based_on = "practice"\nscheme = "{scheme}"\nsigntype = "SM3"\ndigest = "sm3"\n', encoding="utf-8"
    )
    gongji("sandbox", "--port", "0", "--data", tmp_path / "none.db", "--scheme", scheme, status=2)
    with sandbox(tmp_path / "sandbox.db", "--scheme", scheme, environment=SECRET) as (address, _):
        upload = ("upload", "--gateway", address, "--data", data, "--profile", profile, "--json")
        gongji(*upload, status=2)  # no secret, and nothing leaves
        wrong = {**SECRET, "GONGJI_GATEWAY_SECRET": "another"}
        (refused,) = gongji(*upload, environment=wrong)
        assert "签名不符" in refused["line"]
        assert refused["counts"] == {"pending": len(totals)}
        gongji(*upload, environment=SECRET)
    assert summed(tmp_path / "sandbox.db") == totals


class TestWords:
    @pytest.fixture
    def there(self, tmp_path: Path) -> Iterator[str]:
        with sandbox(tmp_path / "sandbox.db") as (address, _):
            yield address

    def test_the_address_is_told_as_json_too(self, tmp_path: Path) -> None:
        with sandbox(tmp_path / "new", "--json") as (text, process):
            answer = json.loads(text)
            assert answer["ok"]
            assert answer["address"].startswith("http://127.0.0.1:")
            assert (tmp_path / "new" / "sandbox.db").is_file()  # a folder is as good as a file
            process.terminate()
            assert process.wait(10) == 0
        assert gongji("sandbox", "--dump", "--json", "--data", tmp_path / "new") == []

    def test_a_real_clinic_s_records_are_not_given_to_this_pc_s_platform_unbidden(
        self, there: str, tmp_path: Path
    ) -> None:
        clinic = tmp_path / "clinic.json"
        clinic.write_text(json.dumps(visit("A")["institution"]), encoding="utf-8")
        who = ("--data", tmp_path / "real", "--operator", "李红")
        password = {"GONGJI_PASSWORD": "correct horse battery"}
        gongji("init", "--area", "530300", "--institution", clinic, *who, environment=password)
        (refused,) = gongji("upload", "--gateway", there, *who, "--json", status=2, environment=password)
        assert "练习平台" in refused["error"]["message"]
        named = ("--profile", "practice", "--json")
        (done,) = gongji("upload", "--gateway", there, *who, *named, environment=password)
        assert done["ok"]

    def test_the_whole_way_by_stick_is_practised_on_one_pc(
        self, there: str, data: Path, totals: dict[str, dict[str, str]], tmp_path: Path
    ) -> None:
        home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "x"), "LOCALAPPDATA": str(tmp_path / "x")}
        package = tmp_path / "stick" / "1.gjp"
        (out,) = gongji("export", package, "--data", data, "--json", environment=home)
        assert (out["package"], out["records"] >= len(totals)) == (1, True)
        rows = gongji("queue", "--data", data, "--json")
        assert {(row["state"], row["away"]) for row in rows} == {("pending", 1)}
        (sent,) = gongji("relay", package, "--gateway", there, "--json", environment=home)
        gongji("import", sent["file"], "--data", data, "--json")
        rows = gongji("queue", "--data", data, "--json")
        assert {(row["state"], row["away"]) for row in rows} == {("accepted", None)}
        gongji("import", package, "--data", data, "--json", status=2)
        assert summed(tmp_path / "sandbox.db") == totals

    def test_an_integrators_first_hour(self, there: str, fresh: Path, tmp_path: Path) -> None:
        (county := tmp_path / "county.toml").write_text('based_on = "plain"\nquiet_s = 10\nfirst_s = 1000\n', "utf-8")
        good, wrong = gongji("region", "check", "practice", county, "--json", status=2)
        assert (good["ok"], wrong["ok"]) == (True, False)
        assert {"quiet_s", "first_s"} <= {one["place"] for one in wrong["findings"]}
        who = ("--person", PERSON["id"], "--name", PERSON["name"], "--item", "XA01ABD075A002010100483")
        where = ("--gateway", there, "--data", fresh, "--json")
        *talk, told = gongji("region", "try", *who, "--diagnosis", "J06.900 急性上呼吸道感染", *where)
        assert [one["infno"] for one in talk] == ["9001", "1101", "2201", "2203", "2204", "2206", "2205", "2202"]
        assert "没有结算" in told["told"]
        said = json.dumps(talk, ensure_ascii=False)
        assert PERSON["id"] not in said
        assert PERSON["name"] not in said
        assert summed(tmp_path / "sandbox.db") == {}

    def test_downloads_are_told_a_line_each(self, there: str, fresh: Path) -> None:
        control(there, "catalogue", {"infno": "1319", "rows": [{
            "hilist_code": "X", "selfpay_prop_psn_type": "310", "selfpay_prop_type": "10", "insu_admdvs": "530300",
            "begndate": "2025-01-01", "selfpay_prop": "0.1"}]})  # fmt: skip
        found = gongji("download", "--gateway", there, "--data", fresh, "--json")
        assert [one["kind"] for one in found] == ["1301", "1302", "1305", "1306", "1312", "1318", "1319", "packs"]
        assert all(one["ok"] for one in found)
        assert {one["kind"]: one.get("rows") for one in found}["1319"] == 1
        control(there, "catalogue", {"infno": "1301", "rows": [{"med_list_codg": "X", "reg_name": "药",
                                                                "begndate": "2025-01-01"}]})  # fmt: skip
        control(there, "faults", {"kind": "half_file", "infno": "9102"})
        found = gongji("download", "1301", "1302", "--gateway", there, "--data", fresh, "--json", status=2)
        assert [one["ok"] for one in found] == [False, True]
        assert "不完整" in found[0]["error"]["message"]
        gongji("download", "1301", "--gateway", "http://127.0.0.1:9", "--data", fresh, status=2)
