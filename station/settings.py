"""What a station is started with; every fault is told at once."""

import ipaddress
import re
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from records.exchange.archive.address import check_title
from records.values import Value
from station.errors import SettingsWrong
from station.source_words import ECG_WORDS, ULTRASOUND_WORDS, fault_of
from ultrasound.privacy.grounds import WhenUnsure

LEAST_MBPS, MOST_MBPS = 0.5, 8.0
LEAST_RING_MB, MOST_RING_MB = 16, 8_000
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class StationSettings(Value):
    """`token` is the station's own. A certificate's SHA-256 or an authority's file says who is trusted."""

    server_url: str
    token: str
    ultrasound: str = "none"
    ecg: str = "none"
    data_directory: Path = Path("station-data")
    fingerprint_sha256: str | None = None
    ca_file: Path | None = None
    ultrasound_mbps: float = 4.0  # the most that pictures may take of the line
    ring_mb: int = 400  # of memory, for the pictures of the last minute as they were captured
    profile_directory: Path | None = None  # of device profiles; None: `profiles` in the data directory
    when_unsure: WhenUnsure = WhenUnsure.LARGEST_SHAPE  # what stays of a screen that no profile knows
    worklist_port: int = 0  # on which the scanner asks for its worklist; 0: it is not answered
    worklist_host: str = "127.0.0.1"
    worklist_title: str = "CLOUDCLINIC"
    worklist_scanners: tuple[str, ...] = ()  # the titles of those that are answered

    @property
    def profiles(self) -> Path:
        """Where the device profiles of this station lie."""
        return self.profile_directory or self.data_directory / "profiles"

    @property
    def ultrasound_bits_per_s(self) -> int:
        """The most that pictures may take of the line."""
        return round(self.ultrasound_mbps * 1_000_000)

    @property
    def ring_bytes(self) -> int:
        """Memory for the pictures of the last minute."""
        return self.ring_mb * 1_000_000

    @property
    def fingerprint(self) -> bytes | None:
        """The pinned certificate's SHA-256, 32 bytes."""
        return bytes.fromhex(_digits(self.fingerprint_sha256)) if self.fingerprint_sha256 else None

    @property
    def socket_url(self) -> str:
        """The address of the station's socket."""
        return self.server_url.rstrip("/") + "/station/socket"

    def check(self) -> None:
        """Raise `SettingsWrong` with every fault."""
        faults = [*_address_faults(self), *_trust_faults(self)]
        if not self.token.strip() or any(c.isspace() for c in self.token):
            faults.append("token: empty, or with blanks; it is what the administrator was shown, in one line")
        faults += [fault for fault in (fault_of("ultrasound", self.ultrasound, ULTRASOUND_WORDS),) if fault]
        faults += [fault for fault in (fault_of("ecg", self.ecg, ECG_WORDS),) if fault]
        if not LEAST_MBPS <= self.ultrasound_mbps <= MOST_MBPS:
            faults.append(
                f"ultrasound-mbps: {self.ultrasound_mbps:g} is not {LEAST_MBPS:g} to {MOST_MBPS:g} Mbit/s"
            )
        if not LEAST_RING_MB <= self.ring_mb <= MOST_RING_MB:
            faults.append(f"ring-mb: {self.ring_mb} is not {LEAST_RING_MB} to {MOST_RING_MB} MB")
        faults += _worklist_faults(self)
        if faults:
            raise SettingsWrong(faults)


def _address_faults(settings: StationSettings) -> list[str]:
    try:
        parts = urlsplit(settings.server_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return [f"server: {settings.server_url!r} is no address"]
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        return [f"server: {settings.server_url!r} is not like https://clinic.example:8443"]
    if parts.scheme == "http" and not is_loopback(host):
        return [f"server: {settings.server_url!r} is not encrypted; http:// is for this machine only"]
    return []


def _worklist_faults(settings: StationSettings) -> list[str]:
    faults = []
    if not 0 <= settings.worklist_port <= 65535:
        faults.append(f"worklist-port: {settings.worklist_port} is not a port, 0 (none) to 65535")
    for name, title in [
        ("worklist-title", settings.worklist_title),
        *(("worklist-scanner", one) for one in settings.worklist_scanners),
    ]:
        try:
            check_title(title)
        except ValueError as error:
            faults.append(f"{name}: {error}")
    if settings.worklist_port and not settings.worklist_scanners:
        faults.append("worklist-scanner: none; it names the scanner that may ask, by its AE title")
    return faults


def _trust_faults(settings: StationSettings) -> list[str]:
    faults = []
    if settings.fingerprint_sha256 and not _FINGERPRINT.fullmatch(_digits(settings.fingerprint_sha256)):
        faults.append(f"server-fingerprint: {settings.fingerprint_sha256!r} is not 64 hexadecimal digits")
    if settings.fingerprint_sha256 and settings.ca_file:
        faults.append("server-fingerprint and ca: give one of them")
    if settings.ca_file and (fault := _authority_fault(settings.ca_file)):
        faults.append(fault)
    encrypted = settings.server_url.startswith("https:")
    if encrypted and not settings.fingerprint_sha256 and not settings.ca_file:
        faults.append("server-fingerprint or ca: one must say which certificate is trusted")
    return faults


def _authority_fault(file: Path) -> str:
    if not file.is_file():
        return f"ca: {file} is not a file"
    try:
        ssl.create_default_context(cafile=str(file))
    except OSError as error:  # ssl.SSLError is one
        return f"ca: {file} holds no certificate in PEM ({error.strerror or error})"
    return ""


def is_loopback(host: str) -> bool:
    """Tell whether a host name can only be this machine (RFC 6761 section 6.3 for `localhost`)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _digits(fingerprint: str | None) -> str:
    return (fingerprint or "").replace(":", "").strip().lower()
