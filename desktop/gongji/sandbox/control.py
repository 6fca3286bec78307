"""Control calls: what a teacher or a test asks of the practice platform, besides institutions' messages.

`live` is what the platform holds, a line a live settlement, for anybody to compare with.
"""

from collections.abc import Iterator
from sqlite3 import Connection
from typing import Any

from msgspec import Struct, ValidationError, convert, json, to_builtins

from gongji.core.engine.amounts import in_yuan
from gongji.core.money import Fen, yuan
from gongji.core.strict_json import decode
from gongji.core.visits import Employment, Insured, Registrations, Supplement
from gongji.sandbox import people, records
from gongji.sandbox.adjudicate import adjudged
from gongji.sandbox.faults import Chance, Fault, Faults
from gongji.sandbox.handlers import catalogue
from gongji.sandbox.handlers.settlement import amounts_node
from gongji.sandbox.messages import RefusedError, amount
from gongji.sandbox.payer import Payer
from gongji.sandbox.request import Options


def live(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield every settlement that counts, in order of its number.

    Amounts are in yuan, as our contract names them and as the interface does.
    """
    for one in records.settled(connection, "live = 1"):
        yield {
            "visit_no": one.visit_no,
            "setl_id": str(one.id),
            "msgid": one.msgid,
            "mdtrt_id": "" if one.encounter is None else str(one.encounter),
            "institution": one.institution,
            "person": one.certno,
            "benefit": one.benefit,
            "setl_time": one.at,
            "amounts": in_yuan(one.amounts),
            **amounts_node(one.amounts),
        }


class ControlCall(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person that the payer is given by a control call: from then on it uses this and not the messages."""

    id: str
    name: str | None = None
    area: str
    status: Insured
    employment: Employment = "unit"
    supplements: tuple[Supplement, ...] = ()
    selected_institution: str | None = None
    entitled: bool = True
    birth_date: str | None = None
    registrations: Registrations | None = None
    balance: Fen | None = None
    year_from: str | None = None
    accumulators: dict[str, Fen] = {}


class ControlError(ValueError):
    """A control call cannot be done; the text says why."""


def state_in_json(payer: Payer, faults: Faults) -> dict[str, Any]:
    """Return how the platform behaves and how much it holds."""
    (people_known,) = payer.platform.connection.execute("SELECT count(*) FROM person").fetchone()
    (settled,) = payer.platform.connection.execute("SELECT count(*) FROM settlement WHERE live = 1").fetchone()
    return {"options": payer.options, "faults": faults.summary(), "people": people_known, "settlements": settled}


def act(what: str, body: bytes, payer: Payer, faults: Faults) -> Any:
    """Do a control call and return its answer. Raises `ControlError` that says what is wrong with it."""
    value, problems = decode(body or b"null")
    if problems:
        raise ControlError(problems[0].message)
    plain = json.decode(body or b"null")
    several = plain if isinstance(plain, list) else [plain]
    try:
        match what:
            case "faults":
                faults.want([_read(one, Fault) for one in several])
            case "chance":
                faults.by_chance(None if plain is None else _read(plain, Chance))
            case "clear":
                faults.clear()
            case "options":
                payer.options = _read({**to_builtins(payer.options), **(plain or {})}, Options)
            case "people":
                for one in value if isinstance(value, list) else [value]:
                    _keep(payer, _read(one, ControlCall))
            case "elsewhere":
                return _elsewhere(payer, value)
            case "catalogue":
                with payer.platform.write() as connection:
                    catalogue.offer(connection, _read(plain, catalogue.Offer), payer.now())
            case "packs":
                _offer_packs(payer, [_read(one, _Pack) for one in several])
            case _:
                raise ControlError(f"没有 {what} 这个调用")
    except RefusedError as error:
        raise ControlError(str(error)) from error
    return state_in_json(payer, faults)


def _read(value: Any, kind: type[Struct]) -> Any:
    try:
        return convert(value, kind, dec_hook=amount)
    except (ValidationError, TypeError) as error:
        raise ControlError(str(error)) from error


def _keep(payer: Payer, asked: ControlCall) -> None:
    facts = to_builtins(asked, enc_hook=int)
    for name in ("id", "balance", "year_from", "accumulators"):
        del facts[name]
    with payer.platform.write() as connection:
        people.keep(connection, asked.id, facts, own=True)
        if asked.balance is not None:
            people.put_figure(connection, asked.id, "", people.BALANCE, asked.balance)
        for name, fen in asked.accumulators.items():
            if asked.year_from is None:
                raise ControlError("有 accumulators 时须写 year_from，例如 2026-01-01")
            people.put_figure(connection, asked.id, f"{asked.area}/{asked.year_from}", name, fen)


def _elsewhere(payer: Payer, visit: Any) -> dict[str, Any]:
    """Settle a visit (in the contract's form) that another institution sent."""
    if not isinstance(visit, dict) or not isinstance(visit.get("person"), dict):
        raise ControlError("应为一次就诊，写法同 gongji quote")
    with payer.platform.write() as connection:
        certno = str(visit["person"].get("id"))
        known = people.find(connection, certno)
        visit_given = visit
        if known is not None and known.own:
            own_facts = {name: one for name, one in known.facts.items() if name != "area"}
            visit_given = {**visit, "person": {**visit["person"], **own_facts}}
        else:
            facts = {name: one for name, one in visit["person"].items() if name != "id"}
            people.keep(connection, certno, {**facts, "area": visit.get("area")}, own=False)
        award = adjudged(connection, payer.library, visit_given, adopt=True, follow=visit_given is visit)
        where = {"institution": str((visit.get("institution") or {}).get("id")), "at": payer.now()}
        kinds = {"insutype": "310", "med_type": "11"}
        number = records.settle(connection, award, {"chrg_bchno": ""}, msgid="", certno=certno, **where, **kinds)
    figures = people.all_figures(payer.platform.connection, certno)
    return {
        "setl_id": str(number),
        "amounts": in_yuan(award.amounts),
        "figures": {f"{scope}/{name}".lstrip("/"): yuan(fen) for scope, name, fen in figures},
    }


class _Pack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    text: str


def _offer_packs(payer: Payer, packs: list[_Pack]) -> None:
    """Offer packs unchecked: the receiver has to find out whether they are right."""
    with payer.platform.write() as connection:
        for one in packs:
            catalogue.offer_pack(connection, one.name, one.text, payer.now())


def dump(payer: Payer) -> bytes:
    """Return every live settlement, a JSON object a line."""
    return b"".join(json.encode(one) + b"\n" for one in live(payer.platform.connection))
