"""One message being processed: its transaction, its sender, and what it is remembered by."""

from sqlite3 import Connection
from typing import Any

from msgspec import Raw, Struct

from gongji.core.money import yuan
from gongji.pack_files.library import Library
from gongji.sandbox import messages, people, records
from gongji.sandbox.messages import Envelope, RefusedError
from gongji.sandbox.options import Options

_UNNAMED = "（练习平台没有姓名）"


class Call:
    """A message: the transaction it is done in, the packs, the envelope, when it came (a stamp)."""

    def __init__(self, connection: Connection, library: Library, options: Options, envelope: Envelope, at: str) -> None:
        self.connection = connection
        self.library = library
        self.options = options
        self.envelope = envelope
        self.at = at
        self.certno = ""
        self.bars: list[str] = []

    def node(self, name: str, kind: type[Struct]) -> Any:
        """Return a node of the input as its record; `MisshapenError` says what is wrong."""
        return messages.read(self.envelope.input.get(name), kind, name)

    def nodes(self, name: str, kind: type[Struct]) -> list[Any]:
        """Return a node that holds many; one alone may stand without its list."""
        value = self.envelope.input.get(name)
        return [messages.read(one, kind, name) for one in (value if isinstance(value, list) else [value])]

    def person(self, number: str, name: str = "") -> people.Insured:
        """Return the person of a number; an unknown one counts as insured, unless the payer is `strict`.

        Raises `RefusedError` for an unknown one then.
        """
        known = people.find(self.connection, number)
        if known is None:
            if self.options.strict:
                raise RefusedError("查无此人的参保信息")
            known = people.keep(self.connection, number, {"name": name or None}, own=False)
        self.certno = known.certno
        return known

    def encounter(self, mdtrt_id: str, psn_no: str) -> records.Encounter:
        """Return a registration of this institution's and this person's. Raises `RefusedError` for none."""
        person = self.person(psn_no)
        found = records.encounter(self.connection, int(mdtrt_id)) if mdtrt_id.isdigit() else None
        if found is None or (found.certno, found.institution) != (person.certno, self.envelope.fixmedins_code):
            raise RefusedError("未找到就诊登记")
        return found


def money(fen: int) -> Raw:
    """Return an amount as a JSON number with two decimals."""
    return Raw(yuan(fen).encode())


def name_of(person: people.Insured) -> str:
    """Return a person's name; a placeholder where it was never given."""
    return str(person.facts.get("name") or _UNNAMED)
