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


class Encoding(enum.StrEnum):
    """Which of a station's encodings of the one ultrasound."""

    MAIN = "main"
    REDUCED = "reduced"  # made only while some viewers' lines carry clearly less than those of others


class GivenUp(enum.StrEnum):
    """What is given up so that a weak line carries what matters more."""

    FACES = "faces"  # not sent until their next key frame fits
    ULTRASOUND_FRAMES = "ultrasound_frames"  # some are left out: the line does not carry them all
    ULTRASOUND_COARSE = "ultrasound_coarse"  # encoded with fewer bits than diagnostic quality wants
    ULTRASOUND_CROPPED = "ultrasound_cropped"  # what lies around the sector is cut off
    ULTRASOUND_SMALL = "ultrasound_small"  # sent with fewer pixels than it was captured with


class Door(enum.StrEnum):
    """A standard way into a room or out of it, for what is neither a browser nor a station's program."""

    ULTRASOUND = "ultrasound"  # WHIP: a station's ultrasound
    CAMERA = "camera"  # WHIP: the camera of a station's room, with its microphone
    SCREEN = "screen"  # WHEP: a teaching screen; sees and hears, publishes nothing


class Grants(Value):
    """What one participant may publish and receive; held in the media worker, per track."""

    publish: frozenset[MediaKind] = frozenset()
    receive: frozenset[MediaKind] = frozenset()


MOST_SPEAKERS = 4
"""People in one room who may be heard and seen: each browser has slots for three others."""

NO_GRANTS = Grants()
_FACE_TO_FACE = frozenset({MediaKind.VOICE, MediaKind.FACE})
_EVERYTHING = frozenset(MediaKind)
_DEVICES = frozenset({MediaKind.ULTRASOUND, MediaKind.ECG})

GRANTS: dict[Role, Grants] = {
    Role.COMMUNITY_DOCTOR: Grants(publish=_FACE_TO_FACE, receive=_EVERYTHING),
    Role.NURSE: Grants(publish=_FACE_TO_FACE, receive=_EVERYTHING),
    Role.SPECIALIST: Grants(publish=_FACE_TO_FACE, receive=_EVERYTHING),
    Role.INTERPRETER: Grants(publish=_FACE_TO_FACE, receive=_FACE_TO_FACE),  # no more than the work needs
    Role.OBSERVER: Grants(receive=_EVERYTHING),  # not one packet is taken from an observer
    Role.ADMINISTRATOR: NO_GRANTS,  # cannot see or hear a consult
    Role.STATION: Grants(publish=_DEVICES),
}


def speaks(role: Role) -> bool:
    """Whether somebody of this role is heard in a room, and so takes one of the others' slots."""
    return MediaKind.VOICE in GRANTS[role].publish


DOOR_GRANTS: dict[Door, Grants] = {
    Door.ULTRASOUND: Grants(publish=frozenset({MediaKind.ULTRASOUND})),
    Door.CAMERA: Grants(publish=_FACE_TO_FACE),
    Door.SCREEN: Grants(receive=_FACE_TO_FACE | {MediaKind.ULTRASOUND}),
}


class ClientOffer(Value):
    """The offer of a client of WHIP or WHEP, as whom it comes into a room, and what it may there.

    It publishes, or receives, at most one m-line of each of `kinds`, and of these what `grants` allow.
    """

    room_id: str
    participant_id: str
    grants: Grants
    publishes: bool  # otherwise it receives
    kinds: tuple[MediaKind, ...]
    sdp: str
