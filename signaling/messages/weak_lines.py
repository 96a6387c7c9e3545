"""What weak lines make a room do without, where a part of a picture stands, the demo's faults on a line."""

from enum import StrEnum

from records.ids import BindingId, ConsultId
from records.rooms import Encoding, GivenUp, MediaKind
from records.values import Value
from signaling.messages.base import Command, Direct


class PicturePart(Value):
    """Which part of a captured picture is sent, in captured pixels, and how large it is sent.

    The sent picture maps linearly to the part. A part may reach one pixel past an odd side.
    """

    captured_width: int
    captured_height: int
    left: int
    top: int
    width: int
    height: int
    sent_width: int
    sent_height: int


class SpoilLine(Command):
    """Demo only: make something go wrong on one's own line in this consult."""

    consult_id: ConsultId
    fault: "LineFault"


class LineFault(StrEnum):
    """What the demo's fault panel can do to the line between one's browser and the server."""

    NARROW_384 = "narrow_384"  # it carries 384 kbit/s from now on
    CUT_10_S = "cut_10_s"  # nothing passes for ten seconds
    ADDRESS_CHANGED = "address_changed"  # the server sees another address, as from Wi-Fi to 5G
    MENDED = "mended"


class SendAtMost(Direct):
    """How much to send at most on an m-line from now on (`RTCRtpSender.setParameters`); 0: nothing."""

    peer_id: str
    mid: str
    kind: MediaKind
    bits_per_second: int


class LineReduced(Direct):
    """What this viewer's own line makes it do without (empty: nothing any more): what the server leaves out
    for it, and what is given up in the reduced encoding, when it gets that."""

    consult_id: ConsultId
    given_up: tuple[GivenUp, ...]


class PictureShown(Direct):
    """Which part of the captured ultrasound picture is shown from the one captured at `since_us` on, and
    what the station gives up in that encoding (empty: nothing any more). What is given up in the reduced
    one concerns only who gets it: `LineReduced` tells them."""

    consult_id: ConsultId
    binding_id: BindingId
    since_us: int  # on the station's clock
    part: PicturePart
    given_up: tuple[GivenUp, ...]
    encoding: Encoding = Encoding.MAIN
