"""The server's own TLS certificate, for where no authority has given one."""

import datetime as dt
import ipaddress
import os
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# Browsers refuse longer ones: CA/Browser Forum ballot SC22 set 398 days.
VALID_DAYS = 397


def make_certificate(certificate: Path, key: Path, names: tuple[str, ...], now: dt.datetime) -> None:
    """Write a self-signed P-256 certificate for these host names and addresses, and its key (mode 0600)."""
    private_key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private_key, hashes.SHA256())
    )
    _write(
        key,
        private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
    _write(certificate, built.public_bytes(serialization.Encoding.PEM))


def fingerprint(certificate: Path) -> str:
    """SHA-256 of the certificate, as pairs of hexadecimal digits with colons."""
    digest = _load(certificate).fingerprint(hashes.SHA256()).hex().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def days_left(certificate: Path, now: dt.datetime) -> int:
    """Whole days until the certificate runs out; negative when it has."""
    return (_load(certificate).not_valid_after_utc - now).days


def names_in(certificate: Path) -> frozenset[str]:
    """The host names and addresses a certificate is for (RFC 5280 section 4.2.1.6)."""
    try:
        extension = _load(certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(str(name.value) for name in extension.value)


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 and later with this certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


def fault_of_pair(certificate: Path, key: Path) -> str:
    """What is wrong with a certificate and its key; "": nothing."""
    try:
        _load(certificate)
    except ValueError:
        return f"{certificate} is not a certificate in PEM"
    except OSError as error:
        return f"{certificate}: {error.strerror}"
    try:
        server_context(certificate, key)
    except OSError as error:  # ssl.SSLError is one
        return f"{key} is not the key of {certificate} ({error.strerror or error})"
    return ""


def _load(certificate: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(certificate.read_bytes())


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
