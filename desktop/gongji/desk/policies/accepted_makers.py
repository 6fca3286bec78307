"""认可的制作人: whose packs a clinic takes beside the publisher's and its own, by a fingerprint compared by telephone.

A maker is accepted while a pack of theirs is installed (`install_packs`), by the two persons that takes. Their whole
key is kept, so that the fingerprint counts once, when two people compare it.
"""

from msgspec import Struct, json

from gongji.core.ledger.audit import Act
from gongji.core.problems import quoted
from gongji.desk.roles import only, second, with_second
from gongji.desk.session import Session
from gongji.errors import GongjiError
from gongji.store import audit, settings
from gongji.store.engine import Connection
from gongji.store.signing import key_fingerprint

_SETTING = "pack_makers"


class AcceptedMaker(Struct, frozen=True, kw_only=True):
    """A maker whose packs are taken: in their own words, the public key (64 hexadecimal digits), since when, by whom.

    `second` is who confirmed it, empty where there was nobody else.
    """

    who: str
    public: str
    at: str
    operator: str
    second: str

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint for people."""
        return key_fingerprint(bytes.fromhex(self.public))


def accepted_makers(connection: Connection) -> tuple[AcceptedMaker, ...]:
    """Return the makers accepted here, in the order in which they were."""
    kept = settings.get(connection, _SETTING)
    return () if kept is None else json.decode(kept, type=tuple[AcceptedMaker, ...])


def asks_who_signed(session: Session) -> bool:
    """Return whether a pack from outside has to be signed by somebody known here.

    So it is in a released program, which knows the publisher's keys, and once a clinic has accepted a maker. Not in
    training: its practice platform's packs are as invented as its patients, and nothing of it ever becomes a clinic's.
    """
    if session.clinic.training:
        return False
    return bool(session.publisher_keys() or accepted_makers(session.store.reader))


def accept_maker(connection: Connection, one: AcceptedMaker) -> None:
    """Take a maker's packs from now on; the log names them, their key and who agreed."""
    _keep(connection, (*(each for each in accepted_makers(connection) if each.public != one.public), one))
    detail = with_second(f"认可政策包制作人“{one.who}”，公钥 {one.public}", one.second)
    audit.append(connection, one.at, one.operator, Act.POLICY, one.fingerprint, detail)


@only("pack")
def remove_maker(session: Session, fingerprint: str) -> AcceptedMaker:
    """Take a maker's packs no longer; those installed stay. Raises `GongjiError` for one that is not accepted."""
    told = plain_fingerprint(fingerprint)
    known = accepted_makers(session.store.reader)
    gone = next((one for one in known if plain_fingerprint(one.fingerprint) == told), None)
    if gone is None:
        raise GongjiError(
            f"没有认可过指纹是 {quoted(fingerprint)} 的制作人",
            "认可过的都在“认可的制作人”里（命令行：gongji policy makers）",
        )
    at, other = session.now(), second(session, "pack")
    with session.store.write() as connection:
        _keep(connection, tuple(one for one in known if one != gone))
        detail = with_second(f"不再认可政策包制作人“{gone.who}”，公钥 {gone.public}", other)
        audit.append(connection, at, session.operator, Act.POLICY, gone.fingerprint, detail)
    return gone


def plain_fingerprint(typed: str) -> str:
    """Return a fingerprint without what people write between its groups, in capitals."""
    return "".join(one for one in typed if one.isalnum()).upper()


def _keep(connection: Connection, makers: tuple[AcceptedMaker, ...]) -> None:
    settings.put(connection, _SETTING, json.encode(makers).decode())
