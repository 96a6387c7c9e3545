"""The room's one frozen ultrasound picture: freezing, stepping, going live again, and its exact still."""

import datetime as dt
from enum import StrEnum

from records.ids import ConsultId, DerivedId, KeptStillId, ParticipantId, StillId
from records.stills import Calibration, LossyCodec
from records.values import Value
from signaling.messages.base import Command, Direct, Event

SAME_FRAME_US = 8_000
"""How far a frame of the ring may be from the time a browser reckoned for it: two browsers reckon one frame's
to within 8 ms (docs/time.md). The time that is told afterwards is the ring's own, the same for everybody."""


class StepUnit(StrEnum):
    """How far one step goes."""

    FRAME = "frame"
    BEAT = "beat"  # to the frame at the same time after the R wave before or after it


class StillAbsence(StrEnum):
    """Why there is no exact still of the frozen picture: it stays what each browser decoded."""

    NO_RING = "no_ring"  # of a capture card or another device, which keep no pictures
    GONE_FROM_RING = "gone_from_ring"  # it is older than what the station keeps
    STATION_LOST = "station_lost"  # its line is cut; asked for again when it is back
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"  # it did not come within a minute
    FAILED = "failed"  # the station could not make it


class NotStepped(StrEnum):
    """Why the station could not step."""

    OLDEST = "oldest"  # nothing older is kept
    NEWEST = "newest"  # nothing newer is there yet
    NO_BEATS = "no_beats"  # no R wave was found around it
    NO_RING = "no_ring"  # the picture comes from what keeps none


class ScaleRefusal(StrEnum):
    """Why the station did not set what a pixel is worth."""

    NO_LAYOUT = "no_layout"  # the frame is of no layout that was signed at the station
    NO_DEPTH_WRITTEN = "no_depth_written"  # its profile does not say where the depth is written
    SEVERAL_PICTURES = "several_pictures"  # its layout shows several: which one the ruler is of is not known
    CLICKS_TOO_CLOSE = "clicks_too_close"  # a pixel would count for too much
    SCALE_ABSURD = "scale_absurd"  # no scanner's picture is so deep
    NOTHING_TO_WATCH = "nothing_to_watch"  # nothing stands out where was clicked, or where the depth is
    GONE_FROM_RING = "gone_from_ring"  # the station does not keep the frame any more
    FAILED = "failed"


class StillCard(Value):
    """An exact still: the frame as it was captured, after the mask. Fetched from
    `/api/consults/{consult_id}/stills/{still_id}` as a PNG; it is EXACT only when its pixels have this hash.

    The hash is over the pixels row by row from the upper left, nothing between rows: one byte each when
    `grey`, else red, green, blue.
    """

    still_id: StillId
    capture_us: int  # on the clock the picture carries
    frame_number: int  # as the station counted what it captured under the binding
    width: int
    height: int
    grey: bool
    pixels_sha256: str  # hexadecimal
    png_bytes: int
    masked: bool  # parts were blackened before it was kept
    calibration: Calibration | None  # None: nothing can be measured
    simulated: bool
    mask_signed: bool = False  # by a profile that a person signed, in whose layout it is
    came_in: LossyCodec | None = None  # with what loss the source gave it; None: none, or nobody knows


class FrozenPicture(Value):
    """The room's frozen picture. Neither `still` nor `absent`: the station is being asked."""

    capture_us: int  # on the clock the picture carries: at first as it was asked for, then exactly
    by: ParticipantId  # who froze it, or stepped last
    at: dt.datetime
    still: StillCard | None = None
    absent: StillAbsence | None = None


class FreezePicture(Command):
    """Freeze the ultrasound at the frame of this capture time, for everybody who receives it. The last one
    wins. Answered at once; `PictureFrozen` follows, and once more with its exact still."""

    consult_id: ConsultId
    capture_us: int


class StepPicture(Command):
    """Go from the frozen picture to another frame, for everybody: back below 0, on above. Followed by
    `PictureFrozen`, or by `PictureNotStepped` where there is no such frame."""

    consult_id: ConsultId
    by: int  # at most 1000 either way
    unit: StepUnit = StepUnit.FRAME


class UnfreezePicture(Command):
    """Go live again, for everybody. What was drawn on frozen frames is kept with them."""

    consult_id: ConsultId


class SetPictureScale(Command):
    """Set what a pixel of a grabbed picture is worth at the depth that is set now, by two places on the ruler
    of the exact still. Its still is given anew, with the scale; or `PictureScaleRefused` follows."""

    consult_id: ConsultId
    still_id: StillId
    points: tuple[tuple[float, float], tuple[float, float]]  # captured pixels
    apart_mm: float


class PictureScaleRefused(Direct):
    """To whoever wanted to set the scale: it is as it was."""

    consult_id: ConsultId
    why: ScaleRefusal


class PictureFrozen(Event):
    """The room's picture is frozen, stands at another frame, or its exact still is there. None: live again.

    Sent to everybody who receives the ultrasound, again to who enters, and to who comes back.
    """

    consult_id: ConsultId
    frozen: FrozenPicture | None


class StillKept(Event):
    """An exact still of this room was kept with the record; told again for each time it is kept."""

    consult_id: ConsultId
    still_id: StillId
    kept_id: KeptStillId
    number: str
    mark_ids: tuple[str, ...] = ()  # what is drawn on it there


class MeasurementDerived(Event):
    """Something was derived of measurements on this room's kept stills, and kept with them."""

    consult_id: ConsultId
    derived_id: DerivedId
    number: str


class PictureNotStepped(Direct):
    """To whoever wanted to step: the picture stands where it stood."""

    consult_id: ConsultId
    unit: StepUnit
    why: NotStepped
