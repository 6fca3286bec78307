"""The visit that a series of messages described, in the contract's form."""

from collections.abc import Mapping
from typing import Any

from msgspec import json

from gongji.core.money import plain_e4, yuan
from gongji.core.strict_json import JsonNumber, decode
from gongji.sandbox import people, records
from gongji.sandbox.messages import Charged, RefusedError, read
from gongji.sandbox.request import Options


def extension(text: str, node: str) -> dict[str, Any]:
    """Return the content of an expContent, an object in JSON; empty where it is empty. Raises `RefusedError`."""
    if not text:
        return {}
    value, problems = decode(text.encode())
    if problems or not isinstance(value, dict):
        raise RefusedError(f"{node}.expContent 不是 JSON 对象")
    return value


def as_kept(value: Any) -> bytes:
    """Return a decoded JSON value as JSON again; a number with a fraction becomes its text."""
    return json.encode(value, enc_hook=_text)


def _text(value: Any) -> str:
    if isinstance(value, JsonNumber):
        return value.text
    raise TypeError(type(value))


def person_in_messages(described: str) -> dict[str, Any]:
    """Return a person's insurance from the visit's extension, in the contract's form."""
    extended = extension(described, "mdtrtinfo")
    person = extended.get("person")
    if not isinstance(person, dict):
        return {}
    return {**{name: value for name, value in person.items() if name != "id"}, "area": extended.get("area")}


def visit_in_messages(
    encounter: records.Encounter, person: people.Insured, rows: list[Any], *, accounts: bool, options: Options
) -> dict[str, Any]:
    """Return the visit under one benefit; the person's insurance is as the payer has it.

    `accounts` says whether accounts may be used. Raises `RefusedError` where the messages do not say enough.
    """
    extended = extension((encounter.described or {}).get("expContent", ""), "mdtrtinfo")
    if not isinstance(extended.get("person"), dict):
        return _by_interface(encounter, person, rows, accounts=accounts, options=options)
    own = dict(person.facts)
    area = own.pop("area", None) or extended.get("area")
    return {
        **extended,
        "area": area,
        "person": {**own, "id": person.certno},
        "accounts": extended.get("accounts") if accounts else {},
        "lines": [line_in_messages(read(one, Charged, "feedetail")) for one in rows],
    }


def _by_interface(
    encounter: records.Encounter, person: people.Insured, rows: list[Any], *, accounts: bool, options: Options
) -> dict[str, Any]:
    """Return the visit of an institution that sends the interface's own fields alone.

    An item's kind and class are in the payer's catalogue: here every one is a drug of class A, except for `prepay`.
    """
    own = {"status": "employed", **person.facts}
    area = own.pop("area", None) or encounter.insuplc
    benefit = options.benefits.get(encounter.med_type or "")
    if benefit is None:
        raise RefusedError(f"没有医疗类别 {encounter.med_type}")
    item = {"category": "drug", "class": "A"}
    return {
        "visit_no": encounter.ipt_otp_no,
        "area": area,
        "settled_on": str(encounter.registered["begntime"])[:10],
        "benefit": benefit,
        "disease": (encounter.described or {}).get("dise_name") or None,
        "institution": {"id": encounter.institution, "name": "", **options.institution},
        "person": {**own, "id": person.certno},
        "accounts": {"own": {"balance": "0"}} if accounts else {},
        "lines": [{**item, **line_in_messages(read(one, Charged, "feedetail"))} for one in rows],
    }


def line_in_messages(one: Charged) -> Mapping[str, Any]:
    """Return a charged line in the contract's form: our own facts, and the interface's fields."""
    return {
        **extension(one.extension, "feedetail"),
        "code": one.med_list_codg,
        "unit_price": plain_e4(one.pric),
        "quantity": plain_e4(one.cnt),
        "amount": yuan(one.det_item_fee_sumamt),
    }
