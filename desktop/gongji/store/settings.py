"""The clinic's own facts and the open parameters somebody entered from a notice."""

from typing import Any

from msgspec import json

from gongji.store.engine import Connection


def get(connection: Connection, name: str) -> str | None:
    """Return a setting."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def put(connection: Connection, name: str, value: str) -> None:
    """Keep a setting."""
    connection.execute(
        "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def put_parameter(
    connection: Connection, area: str, name: str, value: Any, notice: str, operator: str, at: str
) -> None:
    """Keep an open parameter of an area, in the contract's form, and the notice it comes from."""
    connection.execute(
        "INSERT INTO open_parameter (area, name, value, notice, operator, at) VALUES (?, ?, ?, ?, ?, ?)",
        (area, name, json.encode(value).decode(), notice, operator, at),
    )


def parameters(connection: Connection, area: str) -> dict[str, Any]:
    """Return the open parameters of an area as last entered."""
    rows = connection.execute("SELECT name, value FROM open_parameter WHERE area = ? ORDER BY id", (area,))
    return {name: json.decode(value) for name, value in rows}
