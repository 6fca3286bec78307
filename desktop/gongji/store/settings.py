"""The clinic's settings, and the open parameters entered from notices."""

from typing import Any

from msgspec import DecodeError, Struct, json

from gongji.store.engine import Connection
from gongji.store.rows import insert, text_or_none, upsert


class _Institution(Struct):
    id: str


class ParameterEntry(Struct, frozen=True, kw_only=True):
    """An open parameter as entered: from which notice, by whom, when (a stamp)."""

    name: str
    value: Any
    notice: str
    operator: str
    at: str


REGION = "region"
"""The setting that names the region profile by which records are sent."""
OWN_PROFILE = "region_own"
"""The setting that holds the clinic's own region profile, its file as it was written."""
ANCHOR = "anchor"
"""The setting that holds the line of the newest anchor."""
CARE_AREA = "gateway_area"
"""The setting that holds the institution's own area code, where it is not that of the policies."""


def get(connection: Connection, name: str) -> str | None:
    """Return a setting."""
    return text_or_none(connection, "SELECT value FROM setting WHERE name = ?", (name,))


def several(connection: Connection, *names: str) -> dict[str, str]:
    """Return those of some settings that are stored."""
    places = ", ".join("?" * len(names))
    return dict(connection.execute(f"SELECT name, value FROM setting WHERE name IN ({places})", names).fetchall())  # noqa: S608


def put(connection: Connection, name: str, value: str) -> None:
    """Store a setting."""
    upsert(connection, "setting", {"name": name, "value": value}, "name")


def put_parameter(
    connection: Connection, area: str, name: str, value: Any, notice: str, operator: str, at: str
) -> None:
    """Store an open parameter of an area, in the contract's form, and the notice it comes from."""
    text = json.encode(value).decode()
    row = {"area": area, "name": name, "value": text, "notice": notice, "operator": operator, "at": at}
    insert(connection, "open_parameter", row)


def parameters(connection: Connection, area: str) -> dict[str, Any]:
    """Return the open parameters of an area as last entered."""
    rows = connection.execute("SELECT name, value FROM open_parameter WHERE area = ? ORDER BY id", (area,))
    return {name: json.decode(value) for name, value in rows}


def notices(connection: Connection, area: str) -> dict[str, str]:
    """Return the notice that each open parameter of an area was last entered from."""
    rows = connection.execute("SELECT name, notice FROM open_parameter WHERE area = ? ORDER BY id", (area,))
    return dict(rows.fetchall())


def entered(connection: Connection, area: str) -> list[ParameterEntry]:
    """Return every entry of an open parameter of an area, the newest first."""
    rows = connection.execute(
        "SELECT name, value, notice, operator, at FROM open_parameter WHERE area = ? ORDER BY id DESC", (area,)
    )
    return [
        ParameterEntry(name=name, value=json.decode(value), notice=notice, operator=operator, at=at)
        for name, value, notice, operator, at in rows
    ]


def beginning_with(connection: Connection, prefix: str) -> dict[str, str]:
    """Return the settings whose names have a prefix, by the rest of the name."""
    rows = connection.execute("SELECT name, value FROM setting WHERE substr(name, 1, ?) = ?", (len(prefix), prefix))
    return {name[len(prefix) :]: value for name, value in rows}


def institution_id(connection: Connection) -> str:
    """Return the number of the institution whose book this is; empty where none is stored that can be read."""
    kept = get(connection, "institution")
    try:
        return "" if kept is None else json.decode(kept, type=_Institution).id
    except DecodeError:
        return ""
