"""Where objects are sent and earlier exams are asked for, as a person writes it into the settings."""

import re
import ssl
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from records.exchange.archive.address import ArchiveAddress
from records.values import Value

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_DICOM = re.compile(r"(?:(dicoms?)://)?(\[[0-9A-Fa-f:.]+\]|[^\s/:@\[\]]+):(\d{1,5})/([^/]+)")
RIGHT = "HOST:PORT/AET, dicoms://HOST:PORT/AET (by TLS) or https://HOST/PATH (DICOMweb) are right"


class Protocol(StrEnum):
    """How an archive is spoken to."""

    DIMSE = "dimse"
    DICOMWEB = "dicomweb"


class Trust(Value):
    """By what an archive and we know each other beside the names; files in PEM, empty: none.

    `ca`: the authority of its certificate, where that is not one the system trusts. `token`: for DICOMweb,
    sent as a bearer token.
    """

    ca: str = ""
    certificate: str = ""
    certificate_key: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """`url` of DICOMweb; the rest of DIMSE."""

    protocol: Protocol
    url: str = ""
    host: str = ""
    port: int = 0
    called: str = ""
    tls: bool = False

    def address(self, calling: str, trust: Trust) -> ArchiveAddress:
        """Of DIMSE; raises OSError where a certificate cannot be read."""
        context = tls_context(trust) if self.tls else None
        return ArchiveAddress(self.host, self.port, self.called, calling, context)


def read_destination(text: str) -> Destination:
    """Raises ValueError with the text and what would be right."""
    if text.startswith(("http://", "https://")):
        return _web(text)
    match = _DICOM.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no archive; {RIGHT}")
    scheme, host, port, called = match.groups()
    host = host.strip("[]")
    try:
        ArchiveAddress(host, int(port), called)
    except ValueError as fault:
        raise ValueError(f"{text!r}: {fault}") from None
    return Destination(Protocol.DIMSE, "", host, int(port), called, scheme == "dicoms")


def _web(text: str) -> Destination:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(f"{text!r} is no DICOMweb service; {RIGHT}")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise ValueError(f"{text!r} is not encrypted; http:// is for this machine only, https:// is right")
    return Destination(Protocol.DICOMWEB, text.rstrip("/"))


def tls_context(trust: Trust) -> ssl.SSLContext:
    """What the archive's certificate is checked by, with our own where there is one."""
    context = ssl.create_default_context(cafile=trust.ca or None)
    if trust.certificate:
        context.load_cert_chain(trust.certificate, trust.certificate_key or None)
    return context
