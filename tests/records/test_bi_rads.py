"""BI-RADS by ultrasound: what each category stands for, and what cannot stand beside it (ACR Atlas, 2013)."""

from typing import Any

import pytest

from records.bi_rads import (
    Breast,
    Category,
    Contradiction,
    EchoPattern,
    Management,
    Mass,
    MassMargin,
    MassShape,
    Orientation,
    PosteriorFeatures,
    assess,
)


def mass(**fields: Any) -> Mass:
    """An oval, parallel, circumscribed mass; `fields` differ."""
    plain: dict[str, Any] = {
        "shape": MassShape.OVAL,
        "orientation": Orientation.PARALLEL,
        "margin": MassMargin.CIRCUMSCRIBED,
        "echo": EchoPattern.HYPOECHOIC,
        "posterior": PosteriorFeatures.NONE,
    }
    return Mass(**(plain | fields))


@pytest.mark.parametrize(
    ("category", "management", "likelihood"),
    [
        (Category.C0, Management.MORE_IMAGING, ""),
        (Category.C1, Management.ROUTINE, "0 %"),
        (Category.C2, Management.ROUTINE, "0 %"),
        (Category.C3, Management.SHORT_FOLLOW_UP, "> 0 – ≤ 2 %"),
        (Category.C4A, Management.TISSUE_DIAGNOSIS, "> 2 – ≤ 10 %"),
        (Category.C4B, Management.TISSUE_DIAGNOSIS, "> 10 – ≤ 50 %"),
        (Category.C4C, Management.TISSUE_DIAGNOSIS, "> 50 – < 95 %"),
        (Category.C5, Management.TISSUE_DIAGNOSIS, "≥ 95 %"),
        (Category.C6, Management.EXCISION_WHEN_APPROPRIATE, ""),
    ],
)
def test_each_category_stands_for_what_the_atlas_says(
    category: Category, management: Management, likelihood: str
) -> None:
    assessed = assess(Breast(category=category))
    assert (assessed.management, assessed.likelihood) == (management, likelihood)


@pytest.mark.parametrize(
    ("category", "described", "contradictions"),
    [
        (Category.C1, None, ()),
        (Category.C1, mass(), (Contradiction.MASS_IN_NEGATIVE,)),
        (Category.C2, mass(), ()),
        (Category.C2, mass(shape=MassShape.ROUND), ()),
        (Category.C2, mass(margin=MassMargin.SPICULATED), (Contradiction.SUSPICIOUS_IN_BENIGN,)),
        (Category.C3, mass(), ()),
        (Category.C3, mass(shape=MassShape.ROUND), (Contradiction.NOT_PROBABLY_BENIGN,)),
        (Category.C3, mass(orientation=Orientation.NOT_PARALLEL), (Contradiction.NOT_PROBABLY_BENIGN,)),
        (Category.C3, mass(margin=MassMargin.INDISTINCT), (Contradiction.NOT_PROBABLY_BENIGN,)),
        (Category.C2, mass(echo=EchoPattern.COMPLEX), (Contradiction.SUSPICIOUS_IN_BENIGN,)),
        (Category.C3, mass(echo=EchoPattern.COMPLEX), (Contradiction.NOT_PROBABLY_BENIGN,)),
        (Category.C4B, mass(echo=EchoPattern.COMPLEX), ()),
        (Category.C4A, mass(margin=MassMargin.SPICULATED), ()),
        (Category.C4A, None, (Contradiction.NO_MASS,)),
        (Category.C5, mass(), ()),
        (Category.C6, None, ()),
    ],
)
def test_what_cannot_stand_together_is_said(
    category: Category, described: Mass | None, contradictions: tuple[Contradiction, ...]
) -> None:
    assert assess(Breast(category=category, mass=described)).contradictions == contradictions
