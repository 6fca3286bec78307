"""The whole circle with the program itself: settle, upload or carry, and what the platform then holds."""

from pathlib import Path

from tests.support.outside import gongji, sandbox, settled, summed


def test_what_was_settled_is_what_the_platform_holds(tmp_path: Path) -> None:
    totals, file = settled(tmp_path / "data"), tmp_path / "sandbox.db"
    with sandbox(file) as (address, _):
        (answer,) = gongji("upload", "--gateway", address, "--data", tmp_path / "data", "--json")
        assert answer["counts"] == {"accepted": len(totals)}
        assert summed(file) == totals  # while it runs
    assert summed(file) == totals
    assert len({one["setl_id"] for one in gongji("sandbox", "--dump", "--data", file)}) > len(totals)


def test_a_platform_that_is_killed_has_kept_what_it_answered(tmp_path: Path) -> None:
    totals, file = settled(tmp_path / "data"), tmp_path / "sandbox.db"
    with sandbox(file) as (address, process):
        gongji("upload", "--gateway", address, "--data", tmp_path / "data")
        process.kill()
        process.wait()
    assert summed(file) == totals


def test_by_stick(tmp_path: Path) -> None:
    data, stick = tmp_path / "data", tmp_path / "stick"
    totals, file = settled(data), tmp_path / "sandbox.db"
    relay = ("relay", "--state", tmp_path / "relay")
    gongji(*relay, "--card", stick / "card.json", "--name", "转送机一")
    (out,) = gongji("export", stick / "1.gjp", "--to", stick / "card.json", "--data", data, "--json")
    assert out["package"] == 1
    (away,) = gongji("export", "--list", "--data", data, "--json")
    assert (away["package"], away["carrier"]) == (1, "转送机一")
    gongji("export", stick / "2.gjp", "--data", data, status=2)  # all of it is away
    with sandbox(file) as (address, _):
        gongji(*relay, stick / "1.gjp", "--gateway", "http://127.0.0.1:9", "--wait", "2", status=2)
        (sent,) = gongji(*relay, stick / "1.gjp", "--gateway", address, "--json")
        assert {one["state"] for one in gongji("queue", "--data", data, "--json")} == {"pending"}
        gongji(*relay, stick / "1.gjp", "--gateway", address, status=2)
    (back,) = gongji("import", sent["file"], "--data", data, "--json")
    assert back["states"].keys() == {"accepted"}
    gongji("import", sent["file"], "--data", data, status=2)
    assert {one["state"] for one in gongji("queue", "--data", data, "--json")} == {"accepted"}
    assert summed(file) == totals
    assert gongji("verify", "--data", data, "--json")[0]["ok"]


def test_under_tls_only_its_own_authority_is_trusted(tmp_path: Path) -> None:
    totals, file, ca = settled(tmp_path / "data"), tmp_path / "sandbox.db", tmp_path / "ca.pem"
    with sandbox(file, "--tls", str(ca)) as (address, _):
        (answer,) = gongji("upload", "--gateway", address, "--data", tmp_path / "data", "--json")
        assert answer["counts"] == {"pending": len(totals)}
        gongji("upload", "--gateway", address, "--ca", ca, "--data", tmp_path / "data")
    assert summed(file) == totals


def test_what_stands_in_the_way_is_told(tmp_path: Path) -> None:
    gongji("sandbox", status=2)
    gongji("sandbox", "--dump", "--data", tmp_path / "none.db", status=2)
    (tmp_path / "bad.db").write_bytes(b"no database at all, but long enough to be looked at" * 100)
    gongji("sandbox", "--port", "0", "--data", tmp_path / "bad.db", status=2)
    with sandbox(tmp_path / "sandbox.db") as (address, _):
        gongji("sandbox", "--port", address.rsplit(":", 1)[1], "--data", tmp_path / "other.db", status=2)
