"""Whose works a bundle holds: nothing without a licence or told of another version, and one bill each time."""

import json
from importlib.metadata import distribution, distributions
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3  # type: ignore[import-untyped]
from installers.pyinstaller.parts import (
    Known,
    Part,
    UnknownPartError,
    as_json,
    in_bundle,
    label,
    of_distribution,
    places,
)
from installers.pyinstaller.sbom import cyclonedx
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from referencing import Registry, Resource

HERE = Path(__file__).parents[2] / "installers"
SCHEMAS = Path(__file__).with_name("cyclonedx")
ASKED = (
    ("spdx.schema.json", "spdx.SNAPSHOT.schema.json"),
    ("jsf-0.82.schema.json", "jsf-0.82.SNAPSHOT.schema.json"),
)
"""The schemas that the one of a bill refers to, and the names by which it does."""
SCHEMA_NAMES = ("bom-1.6.schema.json", *(name for name, _ in ASKED))


@pytest.fixture(scope="module")
def known() -> Known:
    return Known.read(HERE / "pyinstaller" / "inside.toml", HERE / "licences", "linux")


def file_of(name: str, ending: str) -> str:
    found = distribution(name)
    return next(str(Path(str(found.locate_file(one)))) for one in found.files or () if str(one).endswith(ending))


@pytest.fixture(scope="module")
def parts(known: Known) -> list[Part]:
    sources = [file_of("sqlcipher3", ".so"), file_of("PySide6_Essentials", "QtGui.abi3.so"), file_of("msgspec", ".so")]
    sources.append(file_of("pyrage", ".so"))
    return in_bundle([*sources, "/elsewhere/nobody.py"], distributions(), known)


def test_a_file_tells_its_wheel_and_what_is_inside_that(parts: list[Part]) -> None:
    assert [one.name for one in parts] == [
        "msgspec", "pyrage", "rage (age)", "PySide6_Essentials", "Qt", "ICU",
        "sqlcipher3", "SQLCipher", "SQLite", "OpenSSL (in SQLCipher)",
    ]  # fmt: skip


def test_every_part_has_a_licence_and_its_text(parts: list[Part]) -> None:
    assert {one.name: one.licence for one in parts}["Qt"] == "LGPL-3.0-only"
    for one in parts:
        assert one.licence
        assert one.texts
        assert all(text.is_file() for text in one.texts)


def test_a_wheel_of_another_version_must_be_looked_at_again(known: Known) -> None:
    with pytest.raises(UnknownPartError, match=r"sqlcipher3 0\.6\.4; look at what is inside 0\.7\.0"):
        known.within(Part("sqlcipher3", "0.7.0", "Zlib", "", ()))


def test_a_licence_said_in_other_words_is_not_guessed(known: Known) -> None:
    nothing = Known({"licences": {}, "own_texts": {}, "within": []}, known.folder, "linux")
    with pytest.raises(UnknownPartError, match="must say the licence of sqlcipher3"):
        of_distribution(distribution("sqlcipher3"), nothing)


def test_what_is_inside_is_told_of_the_versions_that_are_locked(known: Known) -> None:
    lock = (HERE.parent / "requirements-freeze.lock").read_text("utf-8").lower().replace("_", "-")
    for one in known.told["within"]:
        name, version = one["of"].split(" ")
        assert f"{name.lower().replace('_', '-')}=={version} " in lock
        assert all((known.folder / text).is_file() for text in one.get("texts", ()))


def test_texts_of_one_name_are_told_apart() -> None:
    part = Part("a", "1", "MIT", "", (Path("/x/LICENSE"), Path("/y/LICENSE")))
    assert places(part) == [("LICENSE", Path("/x/LICENSE")), ("2-LICENSE", Path("/y/LICENSE"))]


def test_the_bill_names_each_part_once_with_its_licence(parts: list[Part]) -> None:
    bill = json.loads(cyclonedx("1.2.3", "linux", "abc", parts))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    references = [one["bom-ref"] for one in bill["components"]]
    assert len(references) == len(set(references)) == len(parts)
    assert bill["dependencies"][0]["dependsOn"] == references
    assert all(one["licenses"] for one in bill["components"])
    assert {"license": {"id": "BSD-3-Clause"}} in next(
        one["licenses"] for one in bill["components"] if one["name"] == "SQLCipher"
    )


def test_the_bill_is_what_cyclonedx_calls_one(parts: list[Part]) -> None:
    read = {name: json.loads((SCHEMAS / name).read_text("utf-8")) for name in SCHEMA_NAMES}
    found = [(f"http://cyclonedx.org/schema/{called}", Resource.from_contents(read[name])) for name, called in ASKED]
    check = Draft7Validator(read["bom-1.6.schema.json"], registry=Registry[Any]().with_resources(found))
    bill = json.loads(cyclonedx("1.2.3", "linux", "abc", parts))
    assert [one.message for one in check.iter_errors(bill)] == []
    bill["components"][0]["licenses"] = [{"license": {"id": "no such licence"}}]
    assert len(list(check.iter_errors(bill))) == 1


def test_works_in_rust_are_told_by_the_wheels_own_bills(parts: list[Part]) -> None:
    (pyrage,) = [one for one in parts if one.name == "pyrage"]
    assert "pyrage.cyclonedx.json" in [one.name for one in pyrage.texts]
    bill = json.loads(cyclonedx("1.2.3", "linux", "abc", parts))
    (made,) = [one for one in bill["components"] if one["name"] == "pyrage"]
    assert {one["name"] for one in made["components"]} >= {"age", "chacha20poly1305", "scrypt", "x25519-dalek"}
    assert "autocfg" not in {one["name"] for one in made["components"]}  # which only its making needed
    references = [one["bom-ref"] for one in made["components"]]
    assert len(references) == len(set(references))


def test_what_is_inside_says_the_versions_that_the_libraries_themselves_say(parts: list[Part]) -> None:
    told = {one.name: one.version for one in parts}
    book = sqlcipher3.connect(":memory:")
    ((cipher,), (sqlite,)) = (book.execute("PRAGMA cipher_version"), book.execute("SELECT sqlite_version()"))
    library = Path(file_of("sqlcipher3", ".so")).read_bytes()
    icu = Path(file_of("PySide6_Essentials", "libicuuc.so.73")).read_bytes()
    assert cipher == (f"{told['SQLCipher']} community",)
    assert sqlite == (told["SQLite"],)
    assert f"OpenSSL {told['OpenSSL (in SQLCipher)']} ".encode() in library
    assert f"\0{told['ICU']}\0".encode() in icu
    assert f"age-{told['rage (age)']}/".encode() in Path(file_of("pyrage", ".so")).read_bytes()


def test_the_bill_is_the_same_for_the_same_commit(parts: list[Part]) -> None:
    assert cyclonedx("1.2.3", "linux", "abc", parts) == cyclonedx("1.2.3", "linux", "abc", parts)
    assert cyclonedx("1.2.3", "linux", "abc", parts) != cyclonedx("1.2.3", "linux", "abd", parts)


def test_what_people_are_shown_says_where_the_text_lies(parts: list[Part]) -> None:
    shown = {one["name"]: one for one in json.loads(as_json(parts))}
    assert shown["Qt"] == {"name": "Qt", "version": "6.9.3", "licence": "LGPL-3.0-only", "folder": "Qt-6.9.3"}
    assert len({label(one) for one in parts}) == len(parts)
