"""All settings of the server: one TOML file, then the environment, then the command line.

Each field of `Settings` is a key of the file and, in capitals behind `CLOUDCLINIC_`, a variable of the
environment. `docs/operations.md` describes every one; a test holds it to that.
"""

import ipaddress
import os
import re
import tomllib
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cloudclinic.certificate import fault_of_pair
from cloudclinic.errors import SettingsWrong
from cloudclinic.scanners import scanners_of
from ecg.critical.loading import load_table
from ecg.errors import CriticalTableWrong
from media.turn_url import read_turn_url
from records.documents.usual_font import USUAL_FONT
from records.exchange.archive.address import check_title
from records.exchange.archive.destination import read_destination
from records.values import Value
from station.settings import is_loopback

PREFIX = "CLOUDCLINIC_"
CONFIG_VARIABLE = PREFIX + "CONFIG"
LONGEST_TURN_LIFETIME_S = 3600
TURN_REALM = re.compile(r"[A-Za-z0-9.-]{1,64}")


class Settings(Value):
    """Everything that can be set. A comment of the field in `docs/operations.md` says what it is for."""

    host: str = "127.0.0.1"
    port: int = 8443
    data: Path = Path("data")
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    certificate_key: Path | None = None
    media_workers: int = 1
    media_udp_port: int = 0
    media_announce: tuple[str, ...] = ()
    media_max_cpu_percent: int = 85
    media_max_lag_ms: int = 150
    media_max_memory_mb: int = 2000
    idle_timeout_s: int = 900
    absolute_timeout_s: int = 43_200
    ring_timeout_s: int = 60
    target_emergency_s: int = 300
    target_expedited_s: int = 900
    target_routine_s: int = 3_600
    ecg_specialty: str = "cardiology"
    ecg_target_critical_s: int = 300
    ecg_target_urgent_s: int = 600
    ecg_target_routine_s: int = 1_800
    ecg_claim_s: int = 900
    ecg_two_signatures: bool = False
    ecg_critical_values: Path | None = None
    tape_kept_days: int = 90
    report_font: Path = USUAL_FONT
    webhook_url: str = ""
    metrics_token: str = ""
    archives: tuple[str, ...] = ()
    archive_calling: str = "CLOUDCLINIC"
    archive_ca: Path | None = None
    archive_certificate: Path | None = None
    archive_certificate_key: Path | None = None
    archive_token_file: Path | None = None
    worklist_host: str = "127.0.0.1"
    worklist_port: int = 0
    worklist_title: str = "CLOUDCLINIC"
    worklist_scanners: tuple[str, ...] = ()
    turn_urls: tuple[str, ...] = ()
    turn_only: bool = False
    turn_secret_file: Path | None = None
    turn_lifetime_s: int = 600
    turn_realm: str = "cloudclinic"
    turn_addresses: tuple[str, ...] = ()
    turn_tls_port: int = 0
    turn_certificate: Path | None = None
    turn_certificate_key: Path | None = None

    @property
    def on_loopback(self) -> bool:
        """Tell whether only this machine can reach the server; then it speaks plain HTTP."""
        return is_loopback(self.host)


def load(
    file: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings.

    Raises
    ------
    SettingsWrong : every fault at once: unknown keys, wrong types, values that cannot be
    """
    faults: list[str] = []
    if file is None and CONFIG_VARIABLE in environment:
        file = Path(environment[CONFIG_VARIABLE])
    given = _from_file(file, faults) | _from_environment(environment, faults)
    given |= {key: value for key, value in (overrides or {}).items() if value is not None}
    values = _typed(given, faults)
    settings = Settings(**values)
    faults += _impossible(settings)
    if faults:
        raise SettingsWrong(faults)
    return settings


def _from_file(file: Path | None, faults: list[str]) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_bytes().decode())
    except OSError as error:
        faults.append(f"{file}: cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        faults.append(f"{file}: not TOML: it is not UTF-8")
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{file}: not TOML: {error}")
    return {}


def _from_environment(environment: Mapping[str, str], faults: list[str]) -> dict[str, Any]:
    given = {}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in Settings.__struct_fields__:
            faults.append(f"{variable}: no such setting")
            continue
        given[name] = text
    return given


def _typed(given: Mapping[str, Any], faults: list[str]) -> dict[str, Any]:
    hints = typing.get_type_hints(Settings)
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in hints:
            faults.append(f"{name}: no such setting")
            continue
        try:
            values[name] = _convert(value, hints[name])
        except (TypeError, ValueError, KeyError):
            faults.append(f"{name}: {value!r} is not {_expected(hints[name])}")
    return values


def _convert(value: Any, hint: Any) -> Any:
    if hint is int:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise TypeError  # 8443.7 is no port: nothing is rounded
        return int(value)
    if hint is bool:
        return _yes_or_no(value)
    if hint is str:
        if not isinstance(value, str):
            raise TypeError
        return value
    if hint == tuple[str, ...]:
        parts = value.split(",") if isinstance(value, str) else value
        return tuple(str(part).strip() for part in parts if str(part).strip())
    return Path(value)


def _yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}[str(value).lower()]


def _expected(hint: Any) -> str:
    names = {int: "a whole number", bool: "true or false", str: "a text", tuple[str, ...]: "a list of texts"}
    return names.get(hint, "a path")


def _impossible(settings: Settings) -> list[str]:
    faults = []
    for name in ("port", "media_udp_port", "turn_tls_port", "worklist_port"):
        if not 0 <= getattr(settings, name) <= 65535:
            faults.append(f"{name}: {getattr(settings, name)} is not a port, 0 (any) to 65535")
    for name in Settings.__struct_fields__:
        if name.endswith("_s") and getattr(settings, name) <= 0:
            faults.append(f"{name}: {getattr(settings, name)} s is not above 0 s")
    for name in ("media_max_cpu_percent", "media_max_lag_ms", "media_max_memory_mb"):
        if getattr(settings, name) < 1:
            faults.append(f"{name}: {getattr(settings, name)} is not 1 or more")
    if not 1 <= settings.tape_kept_days <= 36_500:
        faults.append(f"tape_kept_days: {settings.tape_kept_days} is not 1 to 36500")
    if not 1 <= settings.media_workers <= 64:
        faults.append(f"media_workers: {settings.media_workers} is not 1 to 64")
    if settings.media_udp_port and settings.media_workers > 1:
        last = settings.media_udp_port + settings.media_workers - 1
        if last > 65535:
            faults.append(f"media_udp_port: {settings.media_workers} workers would need ports up to {last}")
    for name in ("media_announce", "turn_addresses"):
        for address in getattr(settings, name):
            try:
                ipaddress.ip_address(address)
            except ValueError:
                faults.append(f"{name}: {address!r} is not an IP address")
    faults += _impossible_turn(settings)
    if settings.webhook_url and not _may_be_told(settings.webhook_url):
        faults.append(f"webhook_url: {settings.webhook_url!r} must begin with https:// and name a host")
    if not settings.host.strip():
        faults.append("host: empty; 127.0.0.1 is this machine only, 0.0.0.0 every address")
    if any(c.isspace() for c in settings.metrics_token):
        faults.append("metrics_token: with blanks; a header could not carry it")
    if settings.ecg_critical_values is not None:
        faults += _table_faults(settings.ecg_critical_values)
    faults += _impossible_archives(settings)
    for kind in ("certificate", "turn_certificate", "archive_certificate"):
        faults += _certificate_faults(settings, kind)
    return faults


def _table_faults(path: Path) -> list[str]:
    """What is wrong with a site's critical values; a list that is not understood must not be passed over."""
    try:
        load_table(path.read_bytes(), path.name)
    except OSError as error:
        return [f"ecg_critical_values: {path} cannot be read: {error.strerror}"]
    except CriticalTableWrong as error:
        return [f"ecg_critical_values: {error}"]
    return []


def _certificate_faults(settings: Settings, kind: str) -> Iterator[str]:
    certificate, key = getattr(settings, kind), getattr(settings, f"{kind}_key")
    given = {kind: certificate, f"{kind}_key": key}
    missing = [f"{name}: {path} is not a file" for name, path in given.items() if path and not path.is_file()]
    yield from missing
    if (certificate is None) != (key is None):
        yield f"{kind} and {kind}_key: give both or neither"
    elif certificate and key and not missing:
        fault = fault_of_pair(certificate, key)
        if fault:
            yield f"{kind} and {kind}_key: {fault}"


def _may_be_told(url: str) -> bool:
    """Tell whether a webhook's address is encrypted, or on this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def _impossible_archives(settings: Settings) -> Iterator[str]:
    for text in settings.archives:
        try:
            read_destination(text)
        except ValueError as error:
            yield f"archives: {error}"
    if len(set(settings.archives)) != len(settings.archives):
        yield "archives: one of them is named twice"
    for name in ("archive_calling", "worklist_title"):
        try:
            check_title(getattr(settings, name))
        except ValueError as error:
            yield f"{name}: {error}"
    try:
        for title in scanners_of(settings.worklist_scanners):
            check_title(title)
    except ValueError as error:
        yield f"worklist_scanners: {error}"
    if settings.worklist_port and not settings.worklist_scanners:
        yield "worklist_scanners: empty; it names the scanners that may ask, by their AE titles"
    for name in ("archive_ca", "archive_token_file"):
        path = getattr(settings, name)
        if path is not None and not path.is_file():
            yield f"{name}: {path} is not a file"


def _impossible_turn(settings: Settings) -> list[str]:
    faults = []
    for url in settings.turn_urls:
        try:
            read_turn_url(url)
        except ValueError as error:
            faults.append(f"turn_urls: {error}")
    if settings.turn_only and not settings.turn_urls:
        faults.append("turn_only: there is no relay in turn_urls; nobody could connect")
    if settings.turn_lifetime_s > LONGEST_TURN_LIFETIME_S:
        faults.append(f"turn_lifetime_s: {settings.turn_lifetime_s} s; {LONGEST_TURN_LIFETIME_S} s at most")
    if not TURN_REALM.fullmatch(settings.turn_realm):
        faults.append(f"turn_realm: {settings.turn_realm!r} is not letters, digits, dots and hyphens")
    return faults
