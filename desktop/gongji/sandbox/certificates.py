"""A certificate for the practice platform, from an authority made for it; and one from no known authority."""

import datetime
import ipaddress
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from gongji.files import write_whole
from gongji.sandbox.faults import Faults

_YEAR = datetime.timedelta(days=365)
_NAMES = (x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")))


class Contexts:
    """What the server shows in handshakes; `authority` is the file a client is to trust."""

    def __init__(self, authority: Path, now: datetime.datetime) -> None:
        """Make an authority and its certificate, fresh each time, and write the authority's down."""
        self._good = _context(*_made(now, authority))
        self._stranger = _context(*_made(now, None))

    def serving(self, faults: Faults) -> ssl.SSLContext:
        """Return the context to serve with: each handshake asks first whether it is to fail."""

        def shown(handshake: ssl.SSLSocket | ssl.SSLObject, _: str | None, __: ssl.SSLContext) -> int | None:
            fault = faults.next_handshake()
            if fault is None:
                return None
            if fault.kind == "tls":
                return ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE
            handshake.context = self._stranger
            return None

        self._good.sni_callback = shown
        return self._good


def _context(certificate: bytes, key: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:  # the library reads files only
        place = Path(folder, "certificate.pem")
        place.write_bytes(key + certificate)
        context.load_cert_chain(place)
    return context


def _made(now: datetime.datetime, authority: Path | None) -> tuple[bytes, bytes]:
    """Return a server's certificate and key (PEM); the authority's certificate goes into the file."""
    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gongji sandbox")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    vouching = _begun(issuer, issuer, root.public_key(), now).add_extension(x509.BasicConstraints(True, 0), True)
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    if authority is not None:
        write_whole(
            authority, vouching.add_extension(usage, True).sign(root, hashes.SHA256()).public_bytes(Encoding.PEM)
        )
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key())
    certificate = (
        _begun(subject, issuer, key.public_key(), now)
        .add_extension(x509.SubjectAlternativeName(_NAMES), False)
        .add_extension(identifier, False)
        .sign(root, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM), private


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _YEAR)
        .not_valid_after(now + _YEAR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
    )
