"""BI-RADS of the breast by ultrasound: the assessment a physician chose, and what contradicts it.

ACR BI-RADS Atlas, 5th edition, 2013, Ultrasound. The category is a person's judgement and is never computed
from the descriptors; what is computed is whether the two can stand together, and what the category means.
"""

import enum
from collections.abc import Mapping

from records.values import Value


class MassShape(enum.StrEnum):
    """Of a mass."""

    OVAL = "oval"  # two or three gentle lobulations included
    ROUND = "round"
    IRREGULAR = "irregular"


class Orientation(enum.StrEnum):
    """To the skin."""

    PARALLEL = "parallel"
    NOT_PARALLEL = "not_parallel"


class MassMargin(enum.StrEnum):
    """Of a mass; all but the first are "not circumscribed"."""

    CIRCUMSCRIBED = "circumscribed"
    INDISTINCT = "indistinct"
    ANGULAR = "angular"
    MICROLOBULATED = "microlobulated"
    SPICULATED = "spiculated"


class EchoPattern(enum.StrEnum):
    """Compared with fat."""

    ANECHOIC = "anechoic"
    HYPERECHOIC = "hyperechoic"
    COMPLEX = "complex"  # cystic and solid
    HYPOECHOIC = "hypoechoic"
    ISOECHOIC = "isoechoic"
    HETEROGENEOUS = "heterogeneous"


class PosteriorFeatures(enum.StrEnum):
    """Behind a mass."""

    NONE = "none"
    ENHANCEMENT = "enhancement"
    SHADOWING = "shadowing"
    COMBINED = "combined"


class Category(enum.StrEnum):
    """The assessment."""

    C0 = "0"
    C1 = "1"
    C2 = "2"
    C3 = "3"
    C4A = "4a"
    C4B = "4b"
    C4C = "4c"
    C5 = "5"
    C6 = "6"


class Management(enum.StrEnum):
    """What the atlas asks for."""

    MORE_IMAGING = "more_imaging"
    ROUTINE = "routine"
    SHORT_FOLLOW_UP = "short_follow_up"  # six months
    TISSUE_DIAGNOSIS = "tissue_diagnosis"
    EXCISION_WHEN_APPROPRIATE = "excision_when_appropriate"


class Contradiction(enum.StrEnum):
    """Why a category and what was described cannot both be meant."""

    MASS_IN_NEGATIVE = "mass_in_negative"  # 1 says that nothing is there
    SUSPICIOUS_IN_BENIGN = "suspicious_in_benign"  # 2 with a descriptor that is not benign
    NOT_PROBABLY_BENIGN = "not_probably_benign"  # 3 is a circumscribed, oval, parallel mass, not complex
    NO_MASS = "no_mass"  # 3 to 5 without anything described


MANAGEMENT: Mapping[Category, Management] = {
    Category.C0: Management.MORE_IMAGING,
    Category.C1: Management.ROUTINE,
    Category.C2: Management.ROUTINE,
    Category.C3: Management.SHORT_FOLLOW_UP,
    Category.C4A: Management.TISSUE_DIAGNOSIS,
    Category.C4B: Management.TISSUE_DIAGNOSIS,
    Category.C4C: Management.TISSUE_DIAGNOSIS,
    Category.C5: Management.TISSUE_DIAGNOSIS,
    Category.C6: Management.EXCISION_WHEN_APPROPRIATE,
}
LIKELIHOOD: Mapping[Category, str] = {
    Category.C1: "0 %",
    Category.C2: "0 %",
    Category.C3: "> 0 – ≤ 2 %",
    Category.C4A: "> 2 – ≤ 10 %",
    Category.C4B: "> 10 – ≤ 50 %",
    Category.C4C: "> 50 – < 95 %",
    Category.C5: "≥ 95 %",
}
"""Of malignancy, as the atlas words it; 0 and 6 have none."""


class Mass(Value):
    """What was described of one mass."""

    shape: MassShape
    orientation: Orientation
    margin: MassMargin
    echo: EchoPattern
    posterior: PosteriorFeatures


class Breast(Value):
    """What a physician described and decided."""

    category: Category
    mass: Mass | None = None


class BiRads(Value):
    """What the category stands for, and what contradicts it."""

    category: Category
    management: Management
    likelihood: str  # of malignancy; "" the category has none
    contradictions: tuple[Contradiction, ...]


def assess(breast: Breast) -> BiRads:
    """Tell what the chosen category stands for and whether what was described contradicts it."""
    return BiRads(
        category=breast.category,
        management=MANAGEMENT[breast.category],
        likelihood=LIKELIHOOD.get(breast.category, ""),
        contradictions=_contradictions(breast.category, breast.mass),
    )


def _contradictions(category: Category, mass: Mass | None) -> tuple[Contradiction, ...]:
    if mass is None:
        described = category not in (Category.C0, Category.C1, Category.C2, Category.C6)
        return (Contradiction.NO_MASS,) if described else ()
    if category is Category.C1:
        return (Contradiction.MASS_IN_NEGATIVE,)
    if category is Category.C2 and _suspicious(mass):
        return (Contradiction.SUSPICIOUS_IN_BENIGN,)
    if category is Category.C3 and (_suspicious(mass) or mass.shape is not MassShape.OVAL):
        return (Contradiction.NOT_PROBABLY_BENIGN,)
    return ()


def _suspicious(mass: Mass) -> bool:
    return (
        mass.shape is MassShape.IRREGULAR
        or mass.orientation is Orientation.NOT_PARALLEL
        or mass.margin is not MassMargin.CIRCUMSCRIBED
        or mass.echo is EchoPattern.COMPLEX  # cystic and solid: the atlas places it in category 4
    )
