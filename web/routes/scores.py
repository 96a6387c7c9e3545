"""Scores of structured ultrasound reports, computed from what a physician chose.

POST /api/scores   ToScore -> Scored    nothing is kept: its author writes it into the opinion
"""

from records.bi_rads import BiRads, Breast
from records.echo_scores import Echo, EchoScore
from records.fast_result import Fast, FastResult
from records.ti_rads import Nodule, TiRads
from records.values import Value


class ToScore(Value):
    """What was seen, of one or more forms."""

    nodule: Nodule | None = None
    breast: Breast | None = None
    fast: Fast | None = None
    echo: Echo | None = None


class Scored(Value):
    """What each form comes to; to be checked by a clinician."""

    nodule: TiRads | None
    breast: BiRads | None
    fast: FastResult | None
    echo: EchoScore | None
