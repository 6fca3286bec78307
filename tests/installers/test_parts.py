"""Whose works a bundle holds: nothing without a licence or told of another version, and one bill each time."""

import json
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest
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

HERE = Path(__file__).parents[2] / "installers"


@pytest.fixture(scope="module")
def known() -> Known:
    return Known.read(HERE / "pyinstaller" / "inside.toml", HERE / "licences", "linux")


def file_of(name: str, ending: str) -> str:
    found = distribution(name)
    return next(str(Path(str(found.locate_file(one)))) for one in found.files or () if str(one).endswith(ending))


@pytest.fixture(scope="module")
def parts(known: Known) -> list[Part]:
    sources = [file_of("sqlcipher3", ".so"), file_of("PySide6_Essentials", "QtGui.abi3.so"), file_of("msgspec", ".so")]
    return in_bundle([*sources, "/elsewhere/nobody.py"], distributions(), known)


def test_a_file_tells_its_wheel_and_what_is_inside_that(parts: list[Part]) -> None:
    assert [one.name for one in parts] == [
        "msgspec", "PySide6_Essentials", "Qt", "ICU", "sqlcipher3", "SQLCipher", "SQLite",
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


def test_the_bill_is_the_same_for_the_same_commit(parts: list[Part]) -> None:
    assert cyclonedx("1.2.3", "linux", "abc", parts) == cyclonedx("1.2.3", "linux", "abc", parts)
    assert cyclonedx("1.2.3", "linux", "abc", parts) != cyclonedx("1.2.3", "linux", "abd", parts)


def test_what_people_are_shown_says_where_the_text_lies(parts: list[Part]) -> None:
    shown = {one["name"]: one for one in json.loads(as_json(parts))}
    assert shown["Qt"] == {"name": "Qt", "version": "6.9.3", "licence": "LGPL-3.0-only", "folder": "Qt-6.9.3"}
    assert len({label(one) for one in parts}) == len(parts)
