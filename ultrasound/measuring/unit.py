"""Units of what is measured."""

from enum import StrEnum


class Unit(StrEnum):
    """UCUM codes (ucum.org), and pixels, which are no unit of anything physical."""

    MM = "mm"
    CM = "cm"
    MM2 = "mm2"
    CM2 = "cm2"
    ML = "mL"
    DEG = "deg"
    MS = "ms"
    PER_MIN = "/min"
    MM_PER_S = "mm/s"
    CM_PER_S = "cm/s"
    CM_PER_S2 = "cm/s2"
    MM_HG = "mm[Hg]"
    PERCENT = "%"
    RATIO = "1"
    PX = "px"
    PX2 = "px2"
