"""Which readings are possible."""

import datetime as dt
import math

import msgspec
import pytest

from records.errors import RuleBroken
from records.ids import ReadingId
from records.readings import POSSIBLE, check_pressures, check_reading
from records.residents import Reading, ReadingKind, ReadingSource
from records.rules import Rule
from tests.fakes.records import NOW, WANG_XIUYING, WU


def reading(kind: ReadingKind, value: float) -> Reading:
    return Reading(
        id=ReadingId("r"),
        resident_id=WANG_XIUYING.id,
        kind=kind,
        value=value,
        source=ReadingSource.TYPED,
        measured_at=NOW,
        entered_by=WU.id,
    )


@pytest.mark.parametrize("kind", ReadingKind)
def test_the_limits_are_possible_and_beyond_is_not(kind: ReadingKind) -> None:
    low, high = POSSIBLE[kind]
    check_reading(reading(kind, low), NOW)
    check_reading(reading(kind, high), NOW)
    for value in (low - 0.1, high + 0.1, math.nan, math.inf, -math.inf):
        with pytest.raises(RuleBroken) as broken:
            check_reading(reading(kind, value), NOW)
        assert broken.value.rule == Rule.OUT_OF_RANGE


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ReadingKind.SYSTOLIC_PRESSURE, 250),
        (ReadingKind.OXYGEN_SATURATION, 55),
        (ReadingKind.BODY_TEMPERATURE, 28),
        (ReadingKind.BLOOD_GLUCOSE, 45),
        (ReadingKind.PULSE_RATE, 20),
        (ReadingKind.RESPIRATORY_RATE, 0),
    ],
)
def test_a_frightening_value_gets_through(kind: ReadingKind, value: float) -> None:
    check_reading(reading(kind, value), NOW)


def test_the_refusal_says_what_would_be_right() -> None:
    with pytest.raises(RuleBroken, match=r"body_temperature 367 Cel is impossible: 20 to 46"):
        check_reading(reading(ReadingKind.BODY_TEMPERATURE, 367), NOW)


def test_nothing_was_measured_in_the_future() -> None:
    soon = msgspec.structs.replace(
        reading(ReadingKind.PULSE_RATE, 70), measured_at=NOW + dt.timedelta(minutes=5)
    )
    check_reading(soon, NOW)
    with pytest.raises(RuleBroken, match="clock"):
        check_reading(soon, NOW - dt.timedelta(seconds=1))


def test_pressures_the_wrong_way_round_are_refused() -> None:
    check_pressures(120, 80)
    for systolic, diastolic in ((80, 120), (90, 90), (math.nan, 80)):
        with pytest.raises(RuleBroken):
            check_pressures(systolic, diastolic)
