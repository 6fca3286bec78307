"""Personal data in rows that never change is encrypted under a key for each person, so that it can be forgotten.

Whole contents (messages, papers) are sealed entirely. In a visit's JSON only the patient's name is sealed in place, so
that the rest can be read, counted and settled again for ever. What a book stored before persons had keys
stays plain and is read as it is. A key is made with the first row that needs it, and only `forget` destroys it.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Collection, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec import json

from gongji.store.engine import Connection
from gongji.store.errors import StoreError
from gongji.store.rows import exists, text_or_none, value

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

FORGOTTEN = "已按规定删除"
"""Shown instead of a destroyed name."""
_MAGIC = b"\x00GP1"
_NONCE_BYTES, _KEY_BYTES, _RANK_BYTES = 12, 32, 8
HEAD = len(_MAGIC) + _RANK_BYTES
"""This many bytes at the beginning of sealed content identify its person."""
_PERSON = b'"person":{'
_MARK = b"gongji-sealed:"
_NAME = re.compile(rb'"name":("gongji-sealed:([A-Za-z0-9+/=]+)")')
_SEALED_NAME = b'"gongji-sealed:%s"'
_KEY = "SELECT key FROM person_key WHERE person = ?"


def make_key(connection: Connection, person_id: str) -> None:
    """Make a person's key unless there is one, inside the caller's transaction."""
    connection.execute(
        "INSERT INTO person_key SELECT rank, ? FROM person WHERE id = ? ON CONFLICT DO NOTHING",
        (secrets.token_bytes(_KEY_BYTES), person_id),
    )


def seal(connection: Connection, person_id: str | None, content: bytes) -> bytes:
    """Return content sealed under a person's key, inside the caller's transaction; unchanged where there is no key.

    That is so for content of nobody, of a person the book does not know yet, and of a forgotten one who has not
    come back: it is then plain in the book, which is encrypted as a whole.
    """
    row = None if person_id is None else _key_made(connection, person_id)
    return content if row is None else _sealed(row[0], row[1], content)


def seal_of_settlement(connection: Connection, serial: int, content: bytes) -> bytes:
    """Return content sealed, as `seal` does it, under the key of the patient of a settlement or void."""
    row = connection.execute(
        "SELECT rank, key FROM settlement JOIN person ON id = person_id JOIN person_key ON person = rank "
        "WHERE serial = ?",
        (serial,),
    ).fetchone()
    return seal(connection, person_of(connection, serial), content) if row is None else _sealed(row[0], row[1], content)


def seal_alike(connection: Connection, head: bytes, content: bytes) -> bytes:
    """Return content sealed, as `seal` does it, under the key of other content, by that one's first `HEAD` bytes."""
    if not head.startswith(_MAGIC):
        return content
    rank = int.from_bytes(head[len(_MAGIC) : HEAD])
    key = value(connection, _KEY, (rank,))
    if key is None:
        return seal(connection, person_of_sealed(connection, head), content)
    return _sealed(rank, key, content)


def _sealed(rank: int, key: bytes, content: bytes) -> bytes:
    return _MAGIC + rank.to_bytes(_RANK_BYTES) + _boxed(key, content)


def unseal(connection: Connection, content: bytes) -> bytes | None:
    """Return sealed content unsealed, and any other unchanged; None where `forget` destroyed its key.

    Raises `StoreError` where the key of a person who was not forgotten is lost or damaged.
    """
    if not content.startswith(_MAGIC):
        return content
    rank = int.from_bytes(content[len(_MAGIC) : HEAD])
    return _content_of(connection, rank, value(connection, _KEY, (rank,)), content[HEAD:])


def person_of_sealed(connection: Connection, head: bytes) -> str | None:
    """Return the person whose key content is under, by its first `HEAD` bytes; None for nobody."""
    if not head.startswith(_MAGIC):
        return None
    return text_or_none(connection, "SELECT id FROM person WHERE rank = ?", (int.from_bytes(head[len(_MAGIC) : HEAD]),))


def person_of(connection: Connection, serial: int | None) -> str | None:
    """Return the patient's number of a settlement or void; None for none."""
    return text_or_none(connection, "SELECT person_id FROM settlement WHERE serial = ?", (serial,))


def without_name(connection: Connection, person_id: str, name: str, body: bytes) -> bytes:
    """Return a visit's JSON (or a record's, which holds one) with the patient's name sealed in place."""
    row = _key_made(connection, person_id) if name else None
    start = body.find(_PERSON)
    literal = json.encode(name)
    found = -1 if row is None or start < 0 else body.find(b'"name":' + literal, start)
    if row is None or found < 0:
        return body
    _, key = row
    sealed = _SEALED_NAME % base64.b64encode(row[0].to_bytes(_RANK_BYTES) + _boxed(key, literal))
    at = found + len(b'"name":')
    return body[:at] + sealed + body[at + len(literal) :]


def with_name(connection: Connection, body: bytes) -> bytes:
    """Return a visit's or a record's JSON with its name; `FORGOTTEN` replaces a name whose key was destroyed.

    Raises `StoreError` where the key of a person who was not forgotten is lost or damaged.
    """
    return named(connection, body)[0]


def named(connection: Connection, body: bytes) -> tuple[bytes, int | None, bytes | None]:
    """Return what `with_name` does, and whose name was sealed (a rank; None for none) under which key.

    Raises `StoreError` as `with_name`.
    """
    found = _opened_name(connection, body)
    if found is None:
        return body, None, None
    one, key, literal = found
    return _replaced(body, one, literal), one.rank, key


def names_opened(connection: Connection, bodies: Sequence[bytes]) -> list[tuple[bytes, bool]]:
    """Return each of many JSONs as `with_name` does, and whether its name was destroyed.

    Empty bytes stand for one whose name's key is lost or damaged. All keys are read at once: one by one that takes
    as long as all the rest.
    """
    sealed = [_sealed_names(body) for body in bodies]
    keys = _keys_of(connection, {one.rank for some in sealed for one in some})
    found: list[tuple[bytes, bool]] = []
    for body, some in zip(bodies, sealed, strict=True):
        for mine in some:
            if mine.rank in keys:
                break
        else:
            found.append((body, False))
            continue
        try:
            literal = _content_of(connection, mine.rank, keys[mine.rank], mine.box)
        except StoreError:
            found.append((b"", False))
            continue
        found.append((_replaced(body, mine, literal), literal is None))
    return found


class _SealedName(NamedTuple):
    """A sealed name in a JSON: its position, its person, and the ciphertext."""

    start: int
    end: int
    rank: int
    box: bytes


def _replaced(body: bytes, one: _SealedName, literal: bytes | None) -> bytes:
    return body[: one.start] + (json.encode(FORGOTTEN) if literal is None else literal) + body[one.end :]


def _opened_name(connection: Connection, body: bytes) -> tuple[_SealedName, bytes | None, bytes | None] | None:
    """Return the name that `without_name` sealed, its key and the name; None for text that only looks like one."""
    query = "SELECT key FROM person LEFT JOIN person_key ON person = rank WHERE rank = ?"
    for one in _sealed_names(body):
        row = connection.execute(query, (one.rank,)).fetchone()
        if row is not None:
            return one, row[0], _content_of(connection, one.rank, row[0], one.box)
    return None


def _sealed_names(body: bytes) -> list[_SealedName]:
    """Return what in a JSON looks like a sealed name: the first of a person whom the book knows is one."""
    start = body.find(_PERSON) if _MARK in body else -1
    found: list[_SealedName] = []
    if start < 0:
        return found
    for match in _NAME.finditer(body, start):
        try:
            sealed = binascii.a2b_base64(match[2], strict_mode=True)
        except binascii.Error:
            continue
        rank = int.from_bytes(sealed[:_RANK_BYTES])
        if len(sealed) > _RANK_BYTES + _NONCE_BYTES and rank < 1 << 63:
            found.append(_SealedName(match.start(1), match.end(1), rank, sealed[_RANK_BYTES:]))
    return found


def _keys_of(connection: Connection, ranks: Collection[int]) -> dict[int, bytes | None]:
    """Return the key, or None for none, of every person of these ranks whom the book knows."""
    query = (
        "SELECT rank, person_key.key FROM person LEFT JOIN person_key ON person = rank "
        "WHERE rank IN (SELECT value FROM json_each(?))"
    )
    return dict(connection.execute(query, (json.encode(list(ranks)).decode(),)).fetchall())


def _content_of(connection: Connection, rank: int, key: bytes | None, box: bytes) -> bytes | None:
    """Return a person's sealed content; None where they were forgotten since. Raises `StoreError` on damage."""
    content = None if key is None else _opened(key, box)
    if content is None and not exists(connection, "SELECT 1 FROM forgotten WHERE person = ?", (rank,)):
        raise StoreError("SQLITE_CORRUPT")
    return content


def is_forgotten(connection: Connection, person_id: str) -> bool:
    """Return whether a person was forgotten and has not come back since."""
    without_key = (
        "SELECT 1 FROM person JOIN forgotten ON forgotten.person = rank WHERE person.id = ? "
        "AND NOT EXISTS (SELECT 1 FROM person_key WHERE person_key.person = rank)"
    )
    return exists(connection, without_key, (person_id,))


def is_withheld(connection: Connection, serial: int | None, row: int, of: str) -> bool:
    """Return whether a row about a settlement's papers dates from before its person was forgotten.

    `of` is the table that the row's id is of, "printed" or "paper".
    """
    before = (
        f"SELECT 1 FROM settlement JOIN person ON person.id = person_id JOIN forgotten ON forgotten.person = rank "  # noqa: S608  # our own names
        f"WHERE serial = ? AND last_{of} >= ?"
    )
    return exists(connection, before, (serial, row))


def _key_made(connection: Connection, person_id: str) -> tuple[int, bytes] | None:
    """Return a person's rank and key, made now where there is none; None where they were forgotten."""
    query = "SELECT rank, key FROM person JOIN person_key ON person = rank WHERE id = ?"
    row = connection.execute(query, (person_id,)).fetchone()
    if row is None and not is_forgotten(connection, person_id):
        make_key(connection, person_id)
        row = connection.execute(query, (person_id,)).fetchone()
    return None if row is None else (int(row[0]), bytes(row[1]))


@cache
def _aead() -> tuple[type["ChaCha20Poly1305"], type[Exception]]:
    """Return the cipher and the exception for a wrong key: imported on first use, quoting needs none."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # as said
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415  # as said

    return ChaCha20Poly1305, InvalidTag


def _boxed(key: bytes, content: bytes) -> bytes:
    cipher, _ = _aead()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + cipher(key).encrypt(nonce, content, None)


def _opened(key: bytes, box: bytes) -> bytes | None:
    """Return the decrypted content; None where its key is gone, as of a forgotten person who came back since."""
    cipher, unfit = _aead()
    try:
        return cipher(key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], None)
    except unfit:
        return None
