"""What flows in a consult's room, and who may send or receive it."""

import enum

from records.accounts import Role
from records.values import Value


class MediaKind(enum.StrEnum):
    """What a media source carries."""

    VOICE = "voice"
    FACE = "face"
    ULTRASOUND = "ultrasound"
    ECG = "ecg"


class Grants(Value):
    """What one participant may publish and receive; held in the media worker, per track."""

    publish: frozenset[MediaKind] = frozenset()
    receive: frozenset[MediaKind] = frozenset()


NO_GRANTS = Grants()
_FACE_TO_FACE = frozenset({MediaKind.VOICE, MediaKind.FACE})
_EVERYTHING = frozenset(MediaKind)
_DEVICES = frozenset({MediaKind.ULTRASOUND, MediaKind.ECG})

GRANTS: dict[Role, Grants] = {
    Role.COMMUNITY_DOCTOR: Grants(publish=_FACE_TO_FACE, receive=_EVERYTHING),
    Role.NURSE: Grants(publish=_FACE_TO_FACE, receive=_EVERYTHING),
    Role.SPECIALIST: Grants(publish=_FACE_TO_FACE, receive=_EVERYTHING),
    Role.ADMINISTRATOR: NO_GRANTS,  # cannot see or hear a consult
    Role.STATION: Grants(publish=_DEVICES),
}
