"""The chest-pain clock's values: what stands of its entries, and which times are possible."""

import datetime as dt

import pytest

from records.chest_pain import TARGETS, ChestPainEntry, ChestPainMoment, check_possible, standing
from records.errors import RuleBroken
from tests.fakes.records import NOW, ZHOU


def entry(moment: ChestPainMoment, ago_min: float | None, reason: str = "") -> ChestPainEntry:
    at = None if ago_min is None else NOW - dt.timedelta(minutes=ago_min)
    return ChestPainEntry(moment=moment, at=at, by=ZHOU.id, entered_at=NOW, reason=reason)


def test_the_last_entry_of_each_moment_stands() -> None:
    onset, contact = ChestPainMoment.ONSET, ChestPainMoment.FIRST_CONTACT
    entries = (entry(onset, 180), entry(contact, 12), entry(onset, 200, "记错"))
    assert standing(entries) == {onset: entries[2], contact: entries[1]}


def test_a_moment_that_was_taken_back_stands_no_more_until_it_is_entered_again() -> None:
    onset = ChestPainMoment.ONSET
    entries = (entry(onset, 180), entry(onset, None, "误点"))
    assert standing(entries) == {}
    again = entry(onset, 60)
    assert standing((*entries, again)) == {onset: again}


@pytest.mark.parametrize("ago", [dt.timedelta(0), dt.timedelta(days=31), dt.timedelta(seconds=-60)])
def test_a_time_that_can_be_meant_is_possible(ago: dt.timedelta) -> None:
    check_possible(NOW - ago, NOW)


@pytest.mark.parametrize("ago", [dt.timedelta(seconds=-61), dt.timedelta(days=31, seconds=1)])
def test_a_time_that_cannot_be_meant_is_refused_with_its_value(ago: dt.timedelta) -> None:
    at = NOW - ago
    with pytest.raises(RuleBroken, match=at.isoformat().replace("+", r"\+")):
        check_possible(at, NOW)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(RuleBroken, match="time zone"):
        check_possible(NOW.replace(tzinfo=None), NOW)


def test_each_target_runs_forwards_and_names_its_source() -> None:
    order = list(ChestPainMoment)
    assert [(one.since, one.until, one.minutes) for one in TARGETS] == [
        (ChestPainMoment.FIRST_CONTACT, ChestPainMoment.FIRST_ECG, 10),
        (ChestPainMoment.FIRST_ECG, ChestPainMoment.ECG_READ, 10),
    ]
    assert all(order.index(one.since) < order.index(one.until) and one.source for one in TARGETS)
