"""The m-lines every peer connection is offered: the same payload types and extension ids for everybody.

A browser publishes on three m-lines (voice, face, and, with the right to, a capture card as ultrasound)
and receives up to three other participants, one ultrasound and one ECG; a station publishes ultrasound,
ECG and, while it is wanted, a second, reduced encoding of that ultrasound. Slots are bound to sources
later, by message, without renegotiation.
"""

import enum

from records.rooms import MOST_SPEAKERS, Encoding, MediaKind
from records.values import Value


class Extension(enum.Enum):
    """RTP header extensions in use, by URI."""

    MID = "urn:ietf:params:rtp-hdrext:sdes:mid"  # RFC 8843 section 15
    ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
    AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"  # RFC 6464
    ABS_CAPTURE_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"
    PLAYOUT_DELAY = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
    # draft-holmer-rmcat-transport-wide-cc-extensions-01
    TRANSPORT_SEQUENCE = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"


# 1 to 14 fit the one-byte form (RFC 8285 section 4.2).
EXTENSION_IDS = {
    Extension.MID: 1,
    Extension.ABS_SEND_TIME: 2,
    Extension.AUDIO_LEVEL: 3,
    Extension.ABS_CAPTURE_TIME: 4,
    Extension.PLAYOUT_DELAY: 5,
    Extension.TRANSPORT_SEQUENCE: 6,
}


class Codec(enum.Enum):
    """Encodings that are forwarded."""

    OPUS = "opus"
    ECG = "ecg"  # E1 packets in an opus-negotiated stream that nobody plays
    VP8 = "vp8"
    H264_CB = "h264-42e01f"  # constrained baseline, packetization-mode 1
    H264_B = "h264-42001f"  # baseline, packetization-mode 1


class CodecLine(Value):
    """How a codec is written in SDP. `rtx` is None where nothing is sent again."""

    codec: Codec
    payload_type: int
    rtx: int | None
    rtpmap: str
    fmtp: str | None
    clock_rate_hz: int


OPUS = CodecLine(
    codec=Codec.OPUS,
    payload_type=111,
    rtx=None,
    rtpmap="opus/48000/2",
    fmtp="minptime=10;useinbandfec=1",
    clock_rate_hz=48_000,
)
# A payload type of its own: inside one bundle a payload type means one configuration, and the ECG's
# has neither DTX nor FEC in it.
ECG = CodecLine(
    codec=Codec.ECG, payload_type=112, rtx=None, rtpmap="opus/48000/2", fmtp=None, clock_rate_hz=48_000
)
VP8 = CodecLine(codec=Codec.VP8, payload_type=96, rtx=97, rtpmap="VP8/90000", fmtp=None, clock_rate_hz=90_000)


def _h264(codec: Codec, payload_type: int, profile: str) -> CodecLine:
    return CodecLine(
        codec=codec,
        payload_type=payload_type,
        rtx=payload_type + 1,
        rtpmap="H264/90000",
        fmtp=f"level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={profile}",
        clock_rate_hz=90_000,
    )


H264_CB = _h264(Codec.H264_CB, 102, "42e01f")
H264_B = _h264(Codec.H264_B, 104, "42001f")

# What a browser publishes as ultrasound has payload types that no other m-line it sends on has: a stream
# whose SSRC was not announced is led to its m-line by them, and no face must ever pass for an ultrasound.
CAPTURE_CARD_CODECS = (
    _h264(Codec.H264_CB, 106, "42e01f"),
    CodecLine(codec=Codec.VP8, payload_type=98, rtx=99, rtpmap="VP8/90000", fmtp=None, clock_rate_hz=90_000),
)

# So has a station's reduced encoding: its packets must never pass for those of the main one.
REDUCED_CODECS = (_h264(Codec.H264_CB, 108, "42e01f"),)

CODECS: dict[MediaKind, tuple[CodecLine, ...]] = {
    MediaKind.VOICE: (OPUS,),
    MediaKind.ECG: (ECG,),
    MediaKind.FACE: (VP8, H264_CB),
    MediaKind.ULTRASOUND: (H264_CB, H264_B, VP8),
}
EXTENSIONS: dict[MediaKind, tuple[Extension, ...]] = {
    MediaKind.VOICE: (
        Extension.MID,
        Extension.ABS_SEND_TIME,
        Extension.AUDIO_LEVEL,
        Extension.ABS_CAPTURE_TIME,
    ),
    MediaKind.ECG: (Extension.MID, Extension.ABS_SEND_TIME, Extension.ABS_CAPTURE_TIME),
    MediaKind.FACE: (Extension.MID, Extension.ABS_SEND_TIME, Extension.ABS_CAPTURE_TIME),
    MediaKind.ULTRASOUND: (
        Extension.MID,
        Extension.ABS_SEND_TIME,
        Extension.ABS_CAPTURE_TIME,
        Extension.PLAYOUT_DELAY,
    ),
}
SEATS = MOST_SPEAKERS - 1  # other participants whose voice and face one browser receives


class MediaLine(Value):
    """One m-line. `seat`: which participant slot a voice or face slot belongs to; 0 for what is alone."""

    mid: str
    kind: MediaKind
    publishes: bool  # the peer sends here; otherwise it receives
    seat: int = 0
    codecs: tuple[CodecLine, ...] = ()
    encoding: Encoding = Encoding.MAIN

    @property
    def is_video(self) -> bool:
        return self.kind in (MediaKind.FACE, MediaKind.ULTRASOUND)

    @property
    def msid(self) -> str:
        """One stream per seat keeps voice and lips together; ultrasound and ECG stand alone."""
        return f"seat-{self.seat}" if self.seat else self.kind.value

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """Which header extensions are offered. Who receives is asked to tell when each packet came."""
        return EXTENSIONS[self.kind] + (() if self.publishes else (Extension.TRANSPORT_SEQUENCE,))


def _numbered(*parts: tuple[MediaKind, bool, int]) -> tuple[MediaLine, ...]:
    return tuple(
        MediaLine(mid=str(index), kind=kind, publishes=publishes, seat=seat, codecs=CODECS[kind])
        for index, (kind, publishes, seat) in enumerate(parts)
    )


BROWSER = _numbered(
    (MediaKind.VOICE, True, 0),
    (MediaKind.FACE, True, 0),
    *((kind, False, seat) for seat in range(1, SEATS + 1) for kind in (MediaKind.VOICE, MediaKind.FACE)),
    (MediaKind.ULTRASOUND, False, 0),
    (MediaKind.ECG, False, 0),
) + (
    MediaLine(mid=str(2 * SEATS + 4), kind=MediaKind.ULTRASOUND, publishes=True, codecs=CAPTURE_CARD_CODECS),
)
STATION = _numbered((MediaKind.ULTRASOUND, True, 0), (MediaKind.ECG, True, 0)) + (
    MediaLine(
        mid="2",
        kind=MediaKind.ULTRASOUND,
        publishes=True,
        codecs=REDUCED_CODECS,
        encoding=Encoding.REDUCED,
    ),
)


def lines_for(is_station: bool) -> tuple[MediaLine, ...]:
    """The m-lines of a browser participant or of a station."""
    return STATION if is_station else BROWSER
