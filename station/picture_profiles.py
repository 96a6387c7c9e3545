"""The device profiles of this station: signed files in a folder, by the source they are of."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from station.source_words import IGTL_PORT, SourceKind, parse, parse_grabber, parse_place, parse_rtsp
from ultrasound.errors import ProfileWrong
from ultrasound.privacy.profile import MAX_BYTES, DeviceProfile, read_profile, write_profile

Marks = frozenset[tuple[str, int, int]]
"""By which a change in the folder shows: name, time of change and size of each file."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """Those of one source. `broken`: what is wrong with a file, whatever source it is of; "" nothing."""

    of_source: tuple[DeviceProfile, ...] = ()
    broken: str = ""

    @property
    def signed(self) -> tuple[DeviceProfile, ...]:
        """Those a person signed, unchanged since."""
        return tuple(one for one in self.of_source if one.is_signed_off)


def source_name(word: str) -> str:
    """What a profile calls a source: its kind and place, without size, rate, login or query.

    A file is called by its name, whatever folder it lies in; a simulator by its kind.
    """
    asked = parse(word)
    match asked.kind:
        case SourceKind.V4L2:
            return f"v4l2:{parse_grabber(asked.given).path}"
        case SourceKind.RTSP:
            parts = urlsplit(parse_rtsp(asked.given))
            port = f":{parts.port}" if parts.port else ""
            return f"rtsp://{parts.hostname}{port}{parts.path}"
        case SourceKind.IGTL:
            host, port_number = parse_place(asked.given, IGTL_PORT)
            return f"igtl:{host}:{port_number}"
        case SourceKind.NDI:
            return f"ndi:{asked.given}"
        case SourceKind.DICOM | SourceKind.VIDEO:
            return f"{asked.kind}:{asked.file.name}"
    return str(asked.kind)


def marks(folder: Path) -> Marks:
    """What changes when a file of the folder does; nothing where there is no folder."""
    found = []
    for file in _files(folder):
        try:
            about = file.stat()
        except OSError:  # gone since it was listed
            continue
        found.append((file.name, about.st_mtime_ns, about.st_size))
    return frozenset(found)


def read_profiles(folder: Path, source: str) -> Profiles:
    """The profiles of a source, and whether every file of the folder can be trusted.

    A damaged file may be of this source, and may be the one that would have hidden more: where there is one,
    whoever masks trusts none.
    """
    found: list[DeviceProfile] = []
    for file in _files(folder):
        try:
            profile = _read(file)
        except (ProfileWrong, OSError) as fault:
            return Profiles((), f"{file.name}: {fault}")
        if profile.signed_off is not None and not profile.is_signed_off:
            return Profiles((), f"{file.name}: was changed since {profile.signed_off.by} signed it")
        if profile.source == source:
            found.append(profile)
    names = [(one.layout, one.width_px, one.height_px) for one in found]
    if len(set(names)) != len(names):
        return Profiles((), "two profiles of one source, layout and size; one is right")
    return Profiles(tuple(found))


def keep_profile(folder: Path, profile: DeviceProfile) -> Path:
    """Write a profile into the folder, over an earlier one of the same source, layout and size.

    Raises ProfileWrong, OSError.
    """
    data = write_profile(profile)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = next(_same(folder, profile), folder / _file_name(profile))
    part = file.with_suffix(".part")
    part.write_bytes(data)
    part.replace(file)
    return file


def _same(folder: Path, profile: DeviceProfile) -> Iterator[Path]:
    for file in _files(folder):
        try:
            other = _read(file)
        except (ProfileWrong, OSError):
            continue
        if _key(other) == _key(profile):
            yield file


def _key(profile: DeviceProfile) -> tuple[str, str, int, int]:
    return profile.source, profile.layout, profile.width_px, profile.height_px


def _file_name(profile: DeviceProfile) -> str:
    """By a digest: what a person calls a layout need not be a name that a disk takes."""
    digest = hashlib.sha256("\0".join(map(str, _key(profile))).encode()).hexdigest()
    return f"{profile.width_px}x{profile.height_px}-{digest[:16]}.json"


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json")) if folder.is_dir() else []


def _read(file: Path) -> DeviceProfile:
    with file.open("rb") as opened:
        return read_profile(opened.read(MAX_BYTES + 1))
