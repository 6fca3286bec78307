"""How the practice payer behaves; and one message being processed: its transaction, its sender, what it is known by."""

from sqlite3 import Connection
from typing import Annotated, Any, Literal

from msgspec import Meta, Raw, Struct, field

from gongji.core.money import yuan
from gongji.pack_files.library import Library
from gongji.sandbox import messages, people, records
from gongji.sandbox.manners import Manner, manner_named
from gongji.sandbox.messages import Envelope, RefusedError

Prepay = Annotated[str, Meta(pattern=r"^0\.\d{1,4}$")]
_INSTITUTION = {"type": "township_clinic", "level": "1"}
_BENEFITS = {"11": "general", "13": "emergency", "14": "chronic", "18": "negotiated", "9901": "hypertension"}


class Options(Struct, kw_only=True, forbid_unknown_fields=True):
    """How the practice payer behaves; `gongji sandbox` and the control page set it.

    `strict`: an unknown person is not insured, and no fact is taken from a message. `dedupe`: a msgid that was
    processed gets the same answer and is not processed again. `bar`: a message that was reversed before it arrived is
    not processed when it arrives. `infcode`: the answer's code as a JSON number or as text. `prepay`: items that the
    payer's own catalogue has in class B, by code, with the prepaid share (0 to 1). `vouchers`: identity numbers by
    scanned e-voucher code. `clr_types`: the clearing type of a med_type that does not clear as 11.
    `region`: name of a profile whose dialect is spoken. `institution`: type and level of a sender whose messages carry
    no extension; `benefits`: the benefit that a med_type stands for.
    """

    strict: bool = False
    dedupe: bool = True
    bar: bool = True
    infcode: Literal["number", "text"] = "number"
    prepay: dict[str, Prepay] = {}
    vouchers: dict[str, str] = {}
    clr_types: dict[str, str] = {}
    region: str = ""
    institution: dict[str, str] = field(default_factory=lambda: dict(_INSTITUTION))
    benefits: dict[str, str] = field(default_factory=lambda: dict(_BENEFITS))

    @property
    def manner(self) -> Manner | None:
        """The region's dialect; None for the practice platform's own."""
        return manner_named(self.region) if self.region else None


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
