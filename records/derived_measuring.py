"""Deriving from what is kept: every part measured anew from its points, never taken on trust."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from records.derived_measurements import DerivedMeasurement, MadeOf, PartName
from records.ids import KeptStillId, ResidentId
from records.still_measuring import frame_of, measured
from records.stills import PictureTool
from records.ultrasound_stills import StillMeasurement, UltrasoundStill
from ultrasound.measuring.derived import Derivation, Part, PartKind, derive, part_of, scales_differ, volume_of
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.refusal import Refusal, RefusalCode

SAME = 1e-6
"""Twins reckon in the same steps: what differs by more, as a part of the value, is another figure."""

KINDS: Mapping[PictureTool, PartKind] = {
    PictureTool.DISTANCE: PartKind.LENGTH,
    PictureTool.CHAMBER_LENGTH: PartKind.LENGTH,
    PictureTool.AREA: PartKind.AREA,
    PictureTool.ELLIPSE_AREA: PartKind.AREA,
    PictureTool.CHAMBER_AREA: PartKind.CONTOUR,
    PictureTool.PRESSURE_HALF_TIME: PartKind.HALF_TIME,
}
"""What a measurement is good for; one that is missing makes nothing."""

VOLUMES = (Derivation.ELLIPSOID, Derivation.AREA_LENGTH, Derivation.BIPLANE)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a consult and of its resident: nothing else can be a part."""

    stills: Mapping[str, UltrasoundStill]
    derived: Mapping[str, DerivedMeasurement]

    @classmethod
    def of(
        cls,
        resident_id: ResidentId,
        stills: Sequence[UltrasoundStill],
        derived: Sequence[DerivedMeasurement],
    ) -> "Kept":
        """Of a consult's, those that are its resident's."""
        return cls(
            {one.id: one for one in stills if one.resident_id == resident_id},
            {one.id: one for one in derived if one.resident_id == resident_id and not one.void},
        )


@dataclass(frozen=True, slots=True)
class Derived:
    """What comes out, and all that is kept with it."""

    measured: Measured
    parts: tuple[MadeOf, ...]
    still_ids: tuple[KeptStillId, ...]
    scales_differ: bool
    simulated: bool


class PartMissing(LookupError):
    """A part that is not kept with this consult of this resident."""


def derived(kept: Kept, derivation: Derivation, names: Sequence[PartName]) -> Derived:
    """Derive from parts by their names.

    Raises `PartMissing`; `ultrasound.measuring.refusal.Refusal`, also for a part that does not measure today
    what was kept.
    """
    parts = [_part(kept, name) for name in names]
    found = derive(derivation, parts)
    stills = {leaf.partition("#")[0]: None for one in parts for leaf in sorted(one.leaves)}
    return Derived(
        measured=found,
        parts=tuple(made_of(kept, name) for name in names),
        still_ids=tuple(KeptStillId(one) for one in stills),
        scales_differ=scales_differ(parts),
        simulated=any(kept.stills[one].simulated for one in stills),
    )


def made_of(kept: Kept, name: PartName) -> MadeOf:
    """A part as it is kept."""
    if name.derived_id is not None:
        whole = kept.derived[name.derived_id]
        return _made_of(name, whole.number, whole, derivation=whole.derivation)
    still, one = _measurement(kept, name)
    return _made_of(name, still.number, one, tool=one.tool)


def _made_of(
    name: PartName,
    number: str,
    one: StillMeasurement | DerivedMeasurement,
    tool: PictureTool | None = None,
    derivation: Derivation | None = None,
) -> MadeOf:
    return MadeOf(
        name=name,
        number=number,
        value=one.value,
        unit=one.unit,
        uncertainty=one.uncertainty,
        calibration=one.calibration,
        tool=tool,
        derivation=derivation,
    )


def _part(kept: Kept, name: PartName) -> Part:
    if name.derived_id is not None:
        return _derived_part(kept, name)
    still, one = _measurement(kept, name)
    found = measured(still.width, still.height, still.calibration, one.tool, one.points, one.angle_deg)
    _check_same(found, one)
    kind = KINDS.get(one.tool)
    if kind is None:
        raise Refusal(RefusalCode.WRONG_PART, f"nothing is made of a measurement by {one.tool}")
    frame = frame_of(still.width, still.height, still.calibration)
    frame_key = f"{still.binding_id} {still.capture_us}"
    return part_of(f"{still.id}#{name.index}", kind, found, frame_key, frame, one.points)


def _derived_part(kept: Kept, name: PartName) -> Part:
    whole = kept.derived.get(name.derived_id or "")
    if whole is None or name.kept_id is not None or name.index is not None:
        raise PartMissing
    if whole.derivation not in VOLUMES:
        raise Refusal(RefusalCode.WRONG_PART, f"nothing is made of a derived {whole.derivation}")
    parts = [_part(kept, one.name) for one in whole.parts]
    found = derive(whole.derivation, parts)
    _check_same(found, whole)
    return volume_of(whole.id, whole.derivation, found, parts)


def _measurement(kept: Kept, name: PartName) -> tuple[UltrasoundStill, StillMeasurement]:
    still = kept.stills.get(name.kept_id or "")
    if still is None or name.index is None or not 0 <= name.index < len(still.measurements):
        raise PartMissing
    return still, still.measurements[name.index]


def _check_same(found: Measured, kept: StillMeasurement | DerivedMeasurement) -> None:
    if not is_same(found.value, kept.value) or found.unit is not kept.unit:
        raise Refusal(
            RefusalCode.WRONG_PART,
            "a part was kept with another figure than its points give; measure anew",
        )


def is_same(one: float, other: float) -> bool:
    """Whether two figures are one."""
    return math.isclose(one, other, rel_tol=SAME, abs_tol=SAME)


def moved(whole: DerivedMeasurement, owners: Mapping[KeptStillId, ResidentId]) -> DerivedMeasurement:
    """A derived measurement after some of its stills turned out to be another's: theirs, or void.

    `owners`: whose each of its stills is now.
    """
    residents = {owners[one] for one in whole.still_ids}
    if len(residents) == 1:
        return msgspec.structs.replace(whole, resident_id=residents.pop(), void=False)
    return msgspec.structs.replace(whole, void=True)
