"""A device profile: what of one source's picture, in one layout, may be seen. A person signs it off.

Seen is what lies in a shape of `keep` or in an allowed area, and in no black box; everything else is black.
The JSON form has the field names below; `read_profile` says in words what is wrong with one.
"""

import hashlib
import math
from collections.abc import Iterator
from typing import Literal

import msgspec

from ultrasound.cine import MAX_SIDE_PX
from ultrasound.errors import ProfileWrong
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.privacy.anchors import Anchor
from ultrasound.privacy.shapes import Box, Fan, Point, Polygon, Shape

MAX_BYTES = 1 << 20
MAX_SHAPES = 64
MAX_POINTS = 256
_FARTHEST_PX = 16 * MAX_SIDE_PX  # the apex of a wide linear fan lies far above the picture


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Ticks(_Value, frozen=True, kw_only=True):
    """The ruler as it was found (`ultrasound.ruler.finding.Ruler`), by which another depth shows."""

    spacing_px: float
    spacing_uncertainty: float
    rows_px: tuple[float, ...]
    slots: tuple[int, ...]
    left_px: int
    right_px: int
    major_every: int | None = None


class Writing(_Value, frozen=True, kw_only=True):
    """A place as it looked, one byte of grey a pixel: where the depth is written, or a mark was clicked."""

    place: Box
    grey: bytes


class DepthCalibration(_Value, frozen=True, kw_only=True):
    """Millimetres of a pixel at one depth setting, by a person on the depth ruler; in captured pixels.

    It holds only for a masked picture in which `ruler` and every one of `writings` look as they did; without
    a writing it never does.
    """

    depth_mm: float
    mm_per_px_x: float
    mm_per_px_y: float
    place: Box  # where it holds
    source: CalibrationSource = CalibrationSource.USER
    uncertainty: float = 0.0  # the most the scale may be off, as a part of it
    ruler: Ticks | None = None
    writings: tuple[Writing, ...] = ()


class EcgOffset(_Value, frozen=True, kw_only=True):
    """How much later a picture is stamped than the ECG of the same instant, measured once for this source."""

    picture_late_ms: float
    uncertainty_ms: float


class SignOff(_Value, frozen=True, kw_only=True):
    """Who looked at the masked picture and found nobody named, when, and at what: `digest` of the profile."""

    by: str
    at: str  # ISO 8601, UTC
    digest: str


class DeviceProfile(_Value, frozen=True, kw_only=True):
    """One source in one layout."""

    version: Literal[1] = 1
    source: str  # the source's name at the station, or the scanner's model for files
    layout: str  # what a person calls it
    width_px: int
    height_px: int
    keep: tuple[Shape, ...] = ()
    black: tuple[Box, ...] = ()  # black whatever else is allowed
    allowed: tuple[Box, ...] = ()  # probe marker, depth ruler, colour scale, MI/TI
    anchors: tuple[Anchor, ...] = ()
    depth_written: tuple[Box, ...] = ()  # where its screen writes the depth, or the numbers of its ruler
    known_text: tuple[Box, ...] = ()  # text under the mask when it was signed off: no cause for alarm
    calibrations: tuple[DepthCalibration, ...] = ()
    ecg_offset: EcgOffset | None = None
    signed_off: SignOff | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of all but the signature, as 64 hexadecimal digits."""
        unsigned = msgspec.structs.replace(self, signed_off=None)
        return hashlib.sha256(msgspec.json.encode(unsigned, order="deterministic")).hexdigest()

    @property
    def is_signed_off(self) -> bool:
        """Whether a person signed it, and nothing changed since."""
        return self.signed_off is not None and self.signed_off.digest == self.digest

    def signed(self, by: str, at: str) -> "DeviceProfile":
        """The same profile, signed off by a person at a time (ISO 8601, UTC).

        Raises ProfileWrong for one that is not plausible, keeps nothing, or allows text where it could not
        tell its layout from another.
        """
        check_profile(self)
        if not by.strip():
            raise ProfileWrong("nobody is named to sign the profile off")
        if not self.keep:
            raise ProfileWrong("the profile keeps no shape; one at least is right")
        if self.allowed and not self.anchors:
            raise ProfileWrong("text areas are allowed, but no anchor tells this layout from another")
        signature = SignOff(by=by.strip(), at=at, digest=self.digest)
        return msgspec.structs.replace(self, signed_off=signature)


def read_profile(data: bytes) -> DeviceProfile:
    """A profile from its JSON; raises ProfileWrong with the place and what would be right."""
    if len(data) > MAX_BYTES:
        raise ProfileWrong(f"a profile of {len(data)} bytes; at most {MAX_BYTES} are read")
    try:
        profile = msgspec.json.decode(data, type=DeviceProfile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise ProfileWrong(f"not a device profile: {fault}") from None
    check_profile(profile)
    return profile


def write_profile(profile: DeviceProfile) -> bytes:
    """Its JSON, to be read by people too; raises ProfileWrong as `read_profile` does."""
    data = msgspec.json.format(msgspec.json.encode(profile), indent=2) + b"\n"
    read_profile(data)
    return data


def check_profile(profile: DeviceProfile) -> None:
    """Raise ProfileWrong with what is not plausible, and what would be right."""
    fault = next(_faults(profile), None)
    if fault:
        raise ProfileWrong(fault)


def _faults(profile: DeviceProfile) -> Iterator[str]:
    if not (1 <= profile.width_px <= MAX_SIDE_PX and 1 <= profile.height_px <= MAX_SIDE_PX):
        size = f"{profile.width_px}x{profile.height_px}"
        yield f"a picture of {size} pixels; 1x1 to {MAX_SIDE_PX}x{MAX_SIDE_PX} is right"
    if not profile.source.strip() or not profile.layout.strip():
        yield "source and layout are empty; both are needed to tell one profile from another"
    boxes = (*profile.black, *profile.allowed, *profile.depth_written, *profile.known_text)
    if len(profile.keep) > MAX_SHAPES or len(boxes) > 16 * MAX_SHAPES or len(profile.anchors) > MAX_SHAPES:
        yield f"more than {MAX_SHAPES} shapes or anchors, or {16 * MAX_SHAPES} boxes"
    for place in (
        *(anchor.place for anchor in profile.anchors),
        *(one.place for one in profile.calibrations),
    ):
        yield from _box_faults(place, profile)
    yield from (anchor.fault() for anchor in profile.anchors if anchor.fault())
    for shape in (*profile.keep, *boxes):
        yield from _shape_faults(shape, profile)
    yield from _measure_faults(profile)


def _shape_faults(shape: Shape, profile: DeviceProfile) -> Iterator[str]:
    if isinstance(shape, Box):
        yield from _box_faults(shape, profile)
    elif isinstance(shape, Fan):
        yield from _fan_faults(shape)
    else:
        yield from _polygon_faults(shape)


def _box_faults(box: Box, profile: DeviceProfile) -> Iterator[str]:
    inside = 0 <= box.left_px and 0 <= box.top_px and 1 <= box.width_px and 1 <= box.height_px
    if not inside or box.right_px > profile.width_px or box.bottom_px > profile.height_px:
        at = f"{box.width_px}x{box.height_px} at ({box.left_px}, {box.top_px})"
        yield f"a rectangle of {at} does not lie in the picture of {profile.width_px}x{profile.height_px}"


def _fan_faults(fan: Fan) -> Iterator[str]:
    yield from _point_faults((fan.apex, fan.left, fan.right))
    inner, outer = fan.inner_radius_px, fan.outer_radius_px
    if not (0 <= inner < outer <= _FARTHEST_PX):
        yield f"a fan of radii {inner:g} and {outer:g}; 0 <= inner < outer <= {_FARTHEST_PX} is right"
    left_x, left_y = fan.left.x_px - fan.apex.x_px, fan.left.y_px - fan.apex.y_px
    right_x, right_y = fan.right.x_px - fan.apex.x_px, fan.right.y_px - fan.apex.y_px
    if not left_x * right_y - left_y * right_x < 0:
        yield "the sides of a fan do not open by 0 to 180 degrees from left to right"


def _polygon_faults(polygon: Polygon) -> Iterator[str]:
    if not 3 <= len(polygon.points) <= MAX_POINTS:
        yield f"a polygon of {len(polygon.points)} points; 3 to {MAX_POINTS} are right"
    yield from _point_faults(polygon.points)


def _point_faults(points: tuple[Point, ...]) -> Iterator[str]:
    for point in points:
        if not (abs(point.x_px) <= _FARTHEST_PX and abs(point.y_px) <= _FARTHEST_PX):
            yield f"a point at ({point.x_px:g}, {point.y_px:g}); at most {_FARTHEST_PX} pixels away is right"


def _writing_faults(writings: tuple[Writing, ...], profile: DeviceProfile) -> Iterator[str]:
    for writing in writings:
        yield from _box_faults(writing.place, profile)
        if len(writing.grey) != writing.place.area_px:
            yield f"{len(writing.grey)} bytes of a place of {writing.place.area_px} pixels; one each is right"


def _measure_faults(profile: DeviceProfile) -> Iterator[str]:
    for one in profile.calibrations:
        if not all(0 < value < 1000 for value in (one.depth_mm, one.mm_per_px_x, one.mm_per_px_y)):
            scale = f"{one.mm_per_px_x:g} x {one.mm_per_px_y:g} mm a pixel at a depth of {one.depth_mm:g} mm"
            yield f"a calibration of {scale}; above 0 and below 1000 is right"
        if not 0 <= one.uncertainty < 1:
            yield f"a scale that is right to within {one.uncertainty:g} of it; 0 to below 1 is right"
        yield from _writing_faults(one.writings, profile)
    depths = [one.depth_mm for one in profile.calibrations]
    if len(set(depths)) != len(depths):
        yield "two calibrations of one depth; one is right"
    offset = profile.ecg_offset
    if offset and not (math.isfinite(offset.picture_late_ms) and 0 <= offset.uncertainty_ms <= 1000):
        yield f"an ECG offset of {offset.picture_late_ms:g} +- {offset.uncertainty_ms:g} ms is not plausible"
    if offset and abs(offset.picture_late_ms) > 5000:
        yield f"an ECG offset of {offset.picture_late_ms:g} ms; -5000 to 5000 is right"
