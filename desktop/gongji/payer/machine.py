"""What a sign-in (9001) says of this machine: the number of its network card, and its network address."""

import ipaddress
import socket
import uuid
from functools import lru_cache
from urllib.parse import urlsplit

NO_CARD = "000000000000"
LOOPBACK = "127.0.0.1"
_MADE_UP = 1 << 40  # no card was found: the number is random, which this bit marks
# a documentation address: nothing is sent, the system only says which source address it would use
_ANYWHERE = "192.0.2.1"
_PORT = 9


@lru_cache(1)
def card_number() -> str:
    """Return the number of the network card, twelve hexadecimal digits; zeros where there is no card."""
    found = uuid.getnode()
    return NO_CARD if found & _MADE_UP else f"{found:012X}"


def own_address(gateway: str) -> str:
    """Return this machine's source address towards a gateway; loopback where there is no network."""
    host = urlsplit(gateway).hostname or _ANYWHERE
    try:
        there = str(ipaddress.ip_address(host))
    except ValueError:  # a name: looking it up might take long
        there = LOOPBACK if host == "localhost" else _ANYWHERE
    family = socket.AF_INET6 if ":" in there else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as line:
            line.connect((there, _PORT))
            found = str(line.getsockname()[0])
    except OSError:
        return LOOPBACK
    return found[:20]  # the interface's limit
