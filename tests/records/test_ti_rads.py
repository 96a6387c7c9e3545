"""ACR TI-RADS at every boundary (Tessler et al. 2017, J Am Coll Radiol 14:587, figure 1)."""

from typing import Any

import pytest

from records.errors import RuleBroken
from records.ti_rads import (
    COMPOSITION_POINTS,
    ECHOGENICITY_POINTS,
    FOCI_POINTS,
    MARGIN_POINTS,
    SHAPE_POINTS,
    Composition,
    Echogenicity,
    Foci,
    Level,
    Margin,
    Nodule,
    Shape,
    SizeAdvice,
    score,
)

SOLID_ISO = {"composition": Composition.SOLID, "echogenicity": Echogenicity.HYPER_OR_ISO}
NONE, FOLLOW_UP, FNA = SizeAdvice.NONE, SizeAdvice.FOLLOW_UP, SizeAdvice.FNA


def nodule(**fields: Any) -> Nodule:
    """A simple cyst; `fields` differ."""
    plain: dict[str, Any] = {
        "composition": Composition.CYSTIC,
        "echogenicity": Echogenicity.ANECHOIC,
        "shape": Shape.WIDER_THAN_TALL,
        "margin": Margin.SMOOTH,
    }
    return Nodule(**(plain | fields))


def test_the_points_are_those_of_the_white_paper() -> None:
    assert list(COMPOSITION_POINTS.values()) == [0, 0, 1, 2]
    assert list(ECHOGENICITY_POINTS.values()) == [0, 1, 2, 3]
    assert list(SHAPE_POINTS.values()) == [0, 3]
    assert list(MARGIN_POINTS.values()) == [0, 0, 2, 3]
    assert list(FOCI_POINTS.values()) == [1, 2, 3]


@pytest.mark.parametrize(
    ("fields", "points", "level"),
    [
        ({}, 0, Level.TR1),
        ({"composition": Composition.MIXED, "echogenicity": Echogenicity.HYPER_OR_ISO}, 2, Level.TR2),
        (SOLID_ISO, 3, Level.TR3),
        ({"composition": Composition.SOLID, "echogenicity": Echogenicity.HYPO}, 4, Level.TR4),
        (SOLID_ISO | {"margin": Margin.EXTRATHYROIDAL}, 6, Level.TR4),
        (SOLID_ISO | {"shape": Shape.TALLER_THAN_WIDE, "foci": (Foci.MACROCALCIFICATIONS,)}, 7, Level.TR5),
        (
            {
                "composition": Composition.SOLID,
                "echogenicity": Echogenicity.VERY_HYPO,
                "shape": Shape.TALLER_THAN_WIDE,
                "margin": Margin.EXTRATHYROIDAL,
                "foci": (Foci.MACROCALCIFICATIONS, Foci.PERIPHERAL, Foci.PUNCTATE),
            },
            17,
            Level.TR5,
        ),
    ],
)
def test_points_make_levels(fields: dict[str, Any], points: int, level: Level) -> None:
    scored = score(nodule(**fields))
    assert (scored.points, scored.level) == (points, level)


def test_one_point_has_no_level_and_none_is_guessed() -> None:
    scored = score(nodule(foci=(Foci.MACROCALCIFICATIONS,), largest_mm=30.0))
    assert (scored.points, scored.level, scored.advice) == (1, None, None)


def test_a_spongiform_nodule_gets_no_further_points() -> None:
    scored = score(nodule(composition=Composition.SPONGIFORM, echogenicity=Echogenicity.HYPO))
    assert (scored.points, scored.level, scored.advice) == (0, Level.TR1, NONE)


@pytest.mark.parametrize(
    ("fields", "size_mm", "advice"),
    [
        (SOLID_ISO, 14.9, NONE),
        (SOLID_ISO, 15.0, FOLLOW_UP),
        (SOLID_ISO, 24.9, FOLLOW_UP),
        (SOLID_ISO, 25.0, FNA),
        (SOLID_ISO | {"margin": Margin.LOBULATED_OR_IRREGULAR}, 9.9, NONE),
        (SOLID_ISO | {"margin": Margin.LOBULATED_OR_IRREGULAR}, 10.0, FOLLOW_UP),
        (SOLID_ISO | {"margin": Margin.LOBULATED_OR_IRREGULAR}, 14.9, FOLLOW_UP),
        (SOLID_ISO | {"margin": Margin.LOBULATED_OR_IRREGULAR}, 15.0, FNA),
        (SOLID_ISO | {"margin": Margin.EXTRATHYROIDAL, "foci": (Foci.PUNCTATE,)}, 4.9, NONE),
        (SOLID_ISO | {"margin": Margin.EXTRATHYROIDAL, "foci": (Foci.PUNCTATE,)}, 5.0, FOLLOW_UP),
        (SOLID_ISO | {"margin": Margin.EXTRATHYROIDAL, "foci": (Foci.PUNCTATE,)}, 9.9, FOLLOW_UP),
        (SOLID_ISO | {"margin": Margin.EXTRATHYROIDAL, "foci": (Foci.PUNCTATE,)}, 10.0, FNA),
    ],
)
def test_size_thresholds_of_each_level(fields: dict[str, Any], size_mm: float, advice: SizeAdvice) -> None:
    assert score(nodule(**fields, largest_mm=size_mm)).advice is advice


def test_without_a_size_no_threshold_is_named_where_there_is_one() -> None:
    assert score(nodule(**SOLID_ISO)).advice is None
    assert score(nodule()).advice is NONE


@pytest.mark.parametrize("size_mm", [0.0, -1.0, 151.0])
def test_a_size_no_nodule_has_is_refused(size_mm: float) -> None:
    with pytest.raises(RuleBroken, match="above 0 to 150"):
        score(nodule(largest_mm=size_mm))


def test_foci_are_named_once() -> None:
    with pytest.raises(RuleBroken, match="twice"):
        score(nodule(foci=(Foci.PUNCTATE, Foci.PUNCTATE)))
