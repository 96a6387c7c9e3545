"""ACR TI-RADS at every boundary (Tessler et al. 2017, J Am Coll Radiol 14:587, figure 1)."""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import msgspec
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


LEVELS = {0: Level.TR1, 1: None, 2: Level.TR2, 3: Level.TR3, 4: Level.TR4, 5: Level.TR4, 6: Level.TR4}
"""Of the white paper's figure 1: TR4 is 4 to 6 points, TR5 is 7 or more; it has no level for 1."""
FNA_FROM_CM = {Level.TR3: 2.5, Level.TR4: 1.5, Level.TR5: 1.0}
FOLLOW_UP_FROM_CM = {Level.TR3: 1.5, Level.TR4: 1.0, Level.TR5: 0.5}


def every_nodule() -> Iterator[Nodule]:
    """All that can be chosen."""
    some_foci = [foci for count in range(4) for foci in combinations(Foci, count)]
    for chosen in product(Composition, Echogenicity, Shape, Margin, some_foci):
        yield Nodule(
            **dict(zip(("composition", "echogenicity", "shape", "margin", "foci"), chosen, strict=True))
        )


def test_whatever_is_chosen_its_points_make_the_level_of_the_table() -> None:
    seen = set()
    for one in every_nodule():
        points = (
            0
            if one.composition is Composition.SPONGIFORM
            else {"cystic": 0, "mixed": 1, "solid": 2}[one.composition]
            + {"anechoic": 0, "hyper_or_iso": 1, "hypo": 2, "very_hypo": 3}[one.echogenicity]
            + {"wider_than_tall": 0, "taller_than_wide": 3}[one.shape]
            + {"smooth": 0, "ill_defined": 0, "lobulated_or_irregular": 2, "extrathyroidal": 3}[one.margin]
            + sum({"macrocalcifications": 1, "peripheral": 2, "punctate": 3}[focus] for focus in one.foci)
        )
        scored = score(one)
        assert (scored.points, scored.level) == (points, LEVELS.get(points, Level.TR5))
        seen.add(points)
    assert seen == set(range(18))


@pytest.mark.parametrize("points", range(18))
def test_each_count_of_points_has_the_thresholds_of_its_level(points: int) -> None:
    level = LEVELS.get(points, Level.TR5)
    one = next(one for one in every_nodule() if score(one).points == points)
    for tenths_mm in range(1, 400):
        size_mm = tenths_mm / 10
        advice = score(msgspec.structs.replace(one, largest_mm=size_mm)).advice
        if level is None:
            assert advice is None
        elif size_mm >= 10 * FNA_FROM_CM.get(level, 1e9):
            assert advice is FNA
        elif size_mm >= 10 * FOLLOW_UP_FROM_CM.get(level, 1e9):
            assert advice is FOLLOW_UP
        else:
            assert advice is NONE


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
