"""ACR TI-RADS: points of a thyroid nodule, its level, and what the size thresholds say.

Tessler et al. 2017, J Am Coll Radiol 14:587: the white paper of the ACR TI-RADS committee. Computed from what
a person saw and chose; to be checked by a clinician, like every score.
"""

import enum
from collections.abc import Mapping

from records.errors import RuleBroken
from records.rules import Rule
from records.values import Value

LARGEST_MM = 150.0


class Composition(enum.StrEnum):
    """Choose one. Undetermined because of calcification counts as solid."""

    CYSTIC = "cystic"  # or almost completely
    SPONGIFORM = "spongiform"
    MIXED = "mixed"  # cystic and solid
    SOLID = "solid"  # or almost completely


class Echogenicity(enum.StrEnum):
    """Choose one, of the solid part. Undetermined counts as iso- or hyperechoic."""

    ANECHOIC = "anechoic"
    HYPER_OR_ISO = "hyper_or_iso"
    HYPO = "hypo"
    VERY_HYPO = "very_hypo"  # darker than the strap muscles


class Shape(enum.StrEnum):
    """Choose one, in the transverse plane."""

    WIDER_THAN_TALL = "wider_than_tall"
    TALLER_THAN_WIDE = "taller_than_wide"


class Margin(enum.StrEnum):
    """Choose one. Undetermined counts as ill-defined."""

    SMOOTH = "smooth"
    ILL_DEFINED = "ill_defined"
    LOBULATED_OR_IRREGULAR = "lobulated_or_irregular"
    EXTRATHYROIDAL = "extrathyroidal"


class Foci(enum.StrEnum):
    """Choose all that apply; none, or large comet-tail artefacts, count nothing."""

    MACROCALCIFICATIONS = "macrocalcifications"
    PERIPHERAL = "peripheral"  # rim
    PUNCTATE = "punctate"


class Level(enum.StrEnum):
    """The level of suspicion."""

    TR1 = "tr1"  # benign
    TR2 = "tr2"  # not suspicious
    TR3 = "tr3"  # mildly suspicious
    TR4 = "tr4"  # moderately suspicious
    TR5 = "tr5"  # highly suspicious


class SizeAdvice(enum.StrEnum):
    """What the thresholds of the white paper say of this size at this level."""

    NONE = "none"  # neither
    FOLLOW_UP = "follow_up"
    FNA = "fna"


COMPOSITION_POINTS: Mapping[Composition, int] = {
    Composition.CYSTIC: 0,
    Composition.SPONGIFORM: 0,
    Composition.MIXED: 1,
    Composition.SOLID: 2,
}
ECHOGENICITY_POINTS: Mapping[Echogenicity, int] = {
    Echogenicity.ANECHOIC: 0,
    Echogenicity.HYPER_OR_ISO: 1,
    Echogenicity.HYPO: 2,
    Echogenicity.VERY_HYPO: 3,
}
SHAPE_POINTS: Mapping[Shape, int] = {Shape.WIDER_THAN_TALL: 0, Shape.TALLER_THAN_WIDE: 3}
MARGIN_POINTS: Mapping[Margin, int] = {
    Margin.SMOOTH: 0,
    Margin.ILL_DEFINED: 0,
    Margin.LOBULATED_OR_IRREGULAR: 2,
    Margin.EXTRATHYROIDAL: 3,
}
FOCI_POINTS: Mapping[Foci, int] = {Foci.MACROCALCIFICATIONS: 1, Foci.PERIPHERAL: 2, Foci.PUNCTATE: 3}

FOLLOW_UP_FROM_MM: Mapping[Level, float] = {Level.TR3: 15.0, Level.TR4: 10.0, Level.TR5: 5.0}
FNA_FROM_MM: Mapping[Level, float] = {Level.TR3: 25.0, Level.TR4: 15.0, Level.TR5: 10.0}


class Nodule(Value):
    """What was seen of one nodule."""

    composition: Composition
    echogenicity: Echogenicity
    shape: Shape
    margin: Margin
    foci: tuple[Foci, ...] = ()
    largest_mm: float | None = None  # the largest diameter; None: not measured


class TiRads(Value):
    """The points, the level, and what the thresholds say of the size."""

    points: int
    level: Level | None  # None: the white paper has none for 1 point: look again at what was chosen
    advice: SizeAdvice | None  # None: no level, or it has thresholds and the size was not measured


def score(nodule: Nodule) -> TiRads:
    """Add up the points of a nodule.

    Raises
    ------
    RuleBroken : a size that is none, foci named twice
    """
    size_mm = nodule.largest_mm
    if size_mm is not None and not 0 < size_mm <= LARGEST_MM:
        raise RuleBroken(Rule.OUT_OF_RANGE, f"{size_mm} mm; above 0 to {LARGEST_MM:g} is right")
    if len(set(nodule.foci)) != len(nodule.foci):
        raise RuleBroken(Rule.OUT_OF_RANGE, "foci named twice; each once is right")
    points = _points(nodule)
    level = _level(points)
    return TiRads(points=points, level=level, advice=_advice(level, size_mm))


def _points(nodule: Nodule) -> int:
    if nodule.composition is Composition.SPONGIFORM:
        return 0  # "do not add further points for other categories"
    return (
        COMPOSITION_POINTS[nodule.composition]
        + ECHOGENICITY_POINTS[nodule.echogenicity]
        + SHAPE_POINTS[nodule.shape]
        + MARGIN_POINTS[nodule.margin]
        + sum(FOCI_POINTS[one] for one in nodule.foci)
    )


def _level(points: int) -> Level | None:
    if points == 1:
        return None  # TR1 is 0 points and TR2 is 2: whoever guesses here, guesses about a person
    if points >= 7:
        return Level.TR5
    return {0: Level.TR1, 2: Level.TR2, 3: Level.TR3}.get(points, Level.TR4)


def _advice(level: Level | None, size_mm: float | None) -> SizeAdvice | None:
    if level is None:
        return None
    if level not in FNA_FROM_MM:
        return SizeAdvice.NONE
    if size_mm is None:
        return None
    if size_mm >= FNA_FROM_MM[level]:
        return SizeAdvice.FNA
    return SizeAdvice.FOLLOW_UP if size_mm >= FOLLOW_UP_FROM_MM[level] else SizeAdvice.NONE
