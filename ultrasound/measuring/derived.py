"""What is made of measurements that were taken for themselves, perhaps on several frames: volumes, fractions.

Each derivation says which parts it takes, in order. What cannot belong together is refused: a part of
another kind, one part twice, what needs two planes of one, an area and a length of two frames, volumes by
two methods or at one instant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ultrasound.measuring.frame import Frame
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.points import Point
from ultrasound.measuring.pressure_half_time import mitral_valve_area
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.simpson import Contour, biplane_volume
from ultrasound.measuring.volume import area_length, ejection_fraction, ellipsoid


class PartKind(StrEnum):
    """What a part is good for."""

    LENGTH = "length"
    AREA = "area"
    CONTOUR = "contour"
    """Of a ventricle; its area counts as an area, too."""
    HALF_TIME = "half_time"
    VOLUME = "volume"
    """Derived itself."""


class Derivation(StrEnum):
    """What is made."""

    ELLIPSOID = "ellipsoid"
    AREA_LENGTH = "area_length"
    BIPLANE = "biplane"
    EJECTION_FRACTION = "ejection_fraction"
    MITRAL_VALVE_AREA = "mitral_valve_area"


TAKES: Mapping[Derivation, tuple[PartKind, ...]] = {
    Derivation.ELLIPSOID: (PartKind.LENGTH, PartKind.LENGTH, PartKind.LENGTH),
    Derivation.AREA_LENGTH: (PartKind.AREA, PartKind.LENGTH),
    Derivation.BIPLANE: (PartKind.CONTOUR, PartKind.CONTOUR),
    Derivation.EJECTION_FRACTION: (PartKind.VOLUME, PartKind.VOLUME),
    Derivation.MITRAL_VALVE_AREA: (PartKind.HALF_TIME,),
}
"""Four chambers before two, full before emptied."""

_OF_VENTRICLE = (Derivation.AREA_LENGTH, Derivation.BIPLANE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `key` names it; a volume has neither frame nor points."""

    key: str
    kind: PartKind
    measured: Measured
    leaves: frozenset[str]
    """The keys of what it rests on in the end: of a measurement its own."""
    scales: frozenset[tuple[str, str, str]]
    """By whose word a pixel is worth what, of all it rests on."""
    laid: frozenset[tuple[object, ...]]
    """What was measured where, of all it rests on: a still that was kept twice has the same on it."""
    views: frozenset[tuple[str, int | None]]
    """Frames, and regions of them, of all it rests on."""
    frame: Frame | None = None
    points: Sequence[Point] = ()
    method: Derivation | None = None


def part_of(
    key: str, kind: PartKind, measured: Measured, frame_key: str, frame: Frame, points: Sequence[Point]
) -> Part:
    """A part that was measured on a frame. `frame_key` is the frame's own, however often it was kept."""
    return Part(
        key,
        kind,
        measured,
        leaves=frozenset({key}),
        scales=frozenset({_scale(frame, measured)}),
        laid=frozenset({(frame_key, kind, *map(tuple, points))}),
        views=frozenset({(frame_key, measured.region)}),
        frame=frame,
        points=points,
    )


def volume_of(key: str, method: Derivation, measured: Measured, parts: Sequence[Part]) -> Part:
    """A volume as a part of something else."""
    return Part(
        key,
        PartKind.VOLUME,
        measured,
        leaves=frozenset().union(*(one.leaves for one in parts)),
        scales=frozenset().union(*(one.scales for one in parts)),
        laid=frozenset().union(*(one.laid for one in parts)),
        views=frozenset().union(*(one.views for one in parts)),
        method=method,
    )


def derive(derivation: Derivation, parts: Sequence[Part]) -> Measured:
    """What the parts make; the scale is called by the origin that is relied on most. Raises Refusal."""
    _check_parts(derivation, parts)
    measured = [one.measured for one in parts]
    match derivation:
        case Derivation.ELLIPSOID:
            _check_planes(parts)
            return ellipsoid(*measured)
        case Derivation.AREA_LENGTH:
            _check_one_frame(parts)
            return area_length(*measured)
        case Derivation.BIPLANE:
            _check_planes(parts)
            return biplane_volume(*(_contour(one) for one in parts))
        case Derivation.EJECTION_FRACTION:
            _check_methods(parts)
            _check_instants(parts)
            return ejection_fraction(*measured)
        case Derivation.MITRAL_VALVE_AREA:
            return mitral_valve_area(*measured)


def scales_differ(parts: Sequence[Part]) -> bool:
    """Whether the parts rest on more than one scale: other depths, or another origin. Allowed, and told."""
    return len(frozenset().union(*(one.scales for one in parts))) > 1


def _check_parts(derivation: Derivation, parts: Sequence[Part]) -> None:
    wanted = TAKES[derivation]
    if len(parts) != len(wanted) or not all(map(_is, parts, wanted)):
        raise Refusal(
            RefusalCode.WRONG_PART,
            f"{derivation} of {', '.join(one.kind for one in parts) or 'nothing'};"
            f" {', '.join(wanted)} is right",
        )
    laid = [where for one in parts for where in one.laid]
    if len(set(laid)) != len(laid):
        raise Refusal(RefusalCode.PARTS_REPEAT, "one measurement stands in two places; each is of its own")


def _is(part: Part, wanted: PartKind) -> bool:
    return part.kind is wanted or (wanted is PartKind.AREA and part.kind is PartKind.CONTOUR)


def _check_planes(parts: Sequence[Part]) -> None:
    """Of three diameters at right angles one stands out of the others' plane; two views are two planes."""
    if len(frozenset().union(*(one.views for one in parts))) == 1:
        raise Refusal(
            RefusalCode.ONE_PLANE, "all of it lies in one plane; measure one on a frame that lies across it"
        )


def _check_one_frame(parts: Sequence[Part]) -> None:
    if len(frozenset().union(*(one.views for one in parts))) > 1:
        raise Refusal(
            RefusalCode.NOT_ONE_FRAME, "area and length are of two pictures; they belong to one view"
        )


def _check_methods(parts: Sequence[Part]) -> None:
    methods = {one.method for one in parts}
    if len(methods) > 1 or not methods <= set(_OF_VENTRICLE):
        raise Refusal(
            RefusalCode.METHODS_DIFFER,
            f"volumes by {', '.join(sorted(str(one) for one in methods))};"
            f" both by {' or both by '.join(_OF_VENTRICLE)} is right",
        )


def _check_instants(parts: Sequence[Part]) -> None:
    full, emptied = parts
    if full.views & emptied.views:
        raise Refusal(
            RefusalCode.ONE_INSTANT,
            "both volumes are measured on one frame; a ventricle is full and emptied at two instants",
        )


def _contour(part: Part) -> Contour:
    assert part.frame is not None  # a contour is measured on one
    return Contour(part.frame, part.points)


def _scale(frame: Frame, measured: Measured) -> tuple[str, str, str]:
    if measured.region is None:
        return (measured.calibration, "", "")
    region = frame.regions[measured.region]
    return (frame.source, f"{abs(region.delta_x):.4g}", f"{abs(region.delta_y):.4g}")
