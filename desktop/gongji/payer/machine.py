"""What a sign-in (9001) says of the machine: the number of its network card, and its address on the line."""

import ipaddress
import socket
import uuid
from functools import lru_cache
from urllib.parse import urlsplit

NO_CARD = "000000000000"
LOOPBACK = "127.0.0.1"
_MADE_UP = 1 << 40  # no card was found: the number is a random one, which such a number says of itself
_ANYWHERE = "192.0.2.1"  # an address of documents: nothing is sent, the system only says from where it would be
_PORT = 9


@lru_cache(1)
def card_number() -> str:
    """Return the number of the network card, twelve hexadecimal digits; noughts where there is no card."""
    found = uuid.getnode()
    return NO_CARD if found & _MADE_UP else f"{found:012X}"


def own_address(gateway: str) -> str:
    """Return from which address this machine would speak to a gateway's; loopback where there is no network."""
    host = urlsplit(gateway).hostname or _ANYWHERE
    try:
        there = str(ipaddress.ip_address(host))
    except ValueError:  # a name: to look it up might take long
        there = LOOPBACK if host == "localhost" else _ANYWHERE
    family = socket.AF_INET6 if ":" in there else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as line:
            line.connect((there, _PORT))
            found = str(line.getsockname()[0])
    except OSError:
        return LOOPBACK
    return found[:20]  # as long as the interface takes
