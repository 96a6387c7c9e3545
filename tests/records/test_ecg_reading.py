"""How an ECG is read: the table, claims, two signatures, the order of the list."""

import datetime as dt
import itertools
from typing import Any

import pytest

from records import ecg_reading as reading
from records.ecg_reading import TRANSITIONS, ReadingEvent, ReadingSettings
from records.ecg_studies import Claim, EcgStudy, StudyState, StudyUrgency
from records.errors import RuleBroken
from records.ids import ResidentId
from records.rules import Rule
from tests.fakes.records import CHEN, NOW, ZHAO
from tests.records.ecgs import another_study, rejection, study
from tests.records.values import later

FOR = dt.timedelta(minutes=15)
SETTINGS = ReadingSettings()


def claimed(**changes: Any) -> EcgStudy:
    return reading.claimed(study(**changes), CHEN.id, NOW, FOR)


def broken(rule: Rule) -> pytest.RaisesExc[RuleBroken]:
    return pytest.RaisesExc(RuleBroken, check=lambda error: error.rule == rule)


def test_every_state_has_a_way_out_but_the_rejected() -> None:
    assert set(StudyState) - {state for state, _ in TRANSITIONS} == {StudyState.REJECTED}


def test_nothing_but_a_signature_makes_a_study_final() -> None:
    """Over-read is mandatory: no machine, no time and no release leads there."""
    ways = {(state, event) for (state, event), to in TRANSITIONS.items() if to is StudyState.FINAL}
    assert ways == {
        (StudyState.READING, ReadingEvent.SIGN_ALONE),
        (StudyState.SIGNED, ReadingEvent.COSIGN),
        (StudyState.FINAL, ReadingEvent.ADDEND),
    }


@pytest.mark.parametrize(("state", "event"), list(itertools.product(StudyState, ReadingEvent)))
def test_what_is_not_in_the_table_is_refused(state: StudyState, event: ReadingEvent) -> None:
    if (state, event) in TRANSITIONS:
        assert reading.next_state(study(state=state), event) is TRANSITIONS[state, event]
    else:
        with broken(Rule.ECG_STATE):
            reading.next_state(study(state=state), event)


def test_a_claim_is_one_physicians_until_it_runs_out() -> None:
    mine = claimed()
    assert (mine.state, mine.version, mine.claim) == (
        StudyState.READING,
        2,
        Claim(by=CHEN.id, at=NOW, expires_at=later(15)),
    )
    with broken(Rule.ECG_TAKEN):
        reading.claimed(mine, ZHAO.id, later(14.9), FOR)
    hers = reading.claimed(mine, ZHAO.id, later(15), FOR)
    assert hers.claim is not None and (hers.claim.by, hers.claim.expires_at) == (ZHAO.id, later(30))


def test_what_is_saved_keeps_the_claim_and_a_claim_nobody_took_away_still_holds() -> None:
    kept = reading.renewed(claimed(), CHEN.id, later(10), FOR)
    assert kept.claim is not None and (kept.claim.at, kept.claim.expires_at) == (NOW, later(25))
    assert reading.has_run_out(kept, later(25))
    reading.check_claim(kept, CHEN.id)
    with broken(Rule.ECG_TAKEN):
        reading.check_claim(kept, ZHAO.id)
    with broken(Rule.ECG_NOT_CLAIMED):
        reading.check_claim(reading.expired(kept), CHEN.id)


def test_nobody_signs_rejects_or_releases_what_another_has_claimed() -> None:
    with broken(Rule.ECG_TAKEN):
        reading.signed(claimed(), ZHAO.id, NOW, two_signatures=False)
    with broken(Rule.ECG_TAKEN):
        reading.rejected(claimed(), rejection(by=ZHAO.id))
    with broken(Rule.ECG_TAKEN):
        reading.released(claimed(), ZHAO.id)


def test_one_signature_is_final_where_no_second_is_wanted() -> None:
    final = reading.signed(claimed(), CHEN.id, later(4), two_signatures=False)
    assert (final.state, final.final_at, final.claim) == (StudyState.FINAL, later(4), None)
    assert final.reader_ids == (CHEN.id,)


def test_a_second_signature_is_anothers() -> None:
    once = reading.signed(claimed(), CHEN.id, later(4), two_signatures=True)
    assert (once.state, once.final_at) == (StudyState.SIGNED, None)
    with broken(Rule.OWN_SIGNATURE):
        reading.cosigned(once, CHEN.id, later(5))
    twice = reading.cosigned(once, ZHAO.id, later(5))
    assert (twice.state, twice.final_at, twice.reader_ids) == (
        StudyState.FINAL,
        later(5),
        (CHEN.id, ZHAO.id),
    )


def test_a_reading_that_is_returned_waits_again_with_its_running_clock() -> None:
    once = reading.signed(claimed(), CHEN.id, later(4), two_signatures=True)
    again = reading.returned(once, ZHAO.id, later(6), "请复核 V1-V3 ST 段")
    assert (again.state, again.first_signed_by, again.waiting_since) == (StudyState.WAITING, None, NOW)
    assert [(one.by, one.reason) for one in again.returned] == [(ZHAO.id, "请复核 V1-V3 ST 段")]
    assert reading.waited_s(again, later(10)) == 600


def test_the_next_one_is_the_most_urgent_that_waits_longest() -> None:
    routine = another_study("a", 1)
    urgent = another_study("b", 2, urgency=StudyUrgency.URGENT, waiting_since=later(2))
    critical = another_study("c", 3, urgency=StudyUrgency.CRITICAL, waiting_since=later(3))
    earlier = another_study("d", 4, waiting_since=later(-1))
    over = another_study("e", 5, state=StudyState.FINAL, urgency=StudyUrgency.CRITICAL)
    listed = reading.in_order((routine, urgent, over, critical, earlier))
    assert [one.id for one in listed] == ["c", "b", "d", "a"]


@pytest.mark.parametrize(("minutes", "overdue"), [(5, False), (5.1, True)])
def test_each_class_has_its_target_time(minutes: float, overdue: bool) -> None:
    critical = study(urgency=StudyUrgency.CRITICAL)
    assert reading.is_overdue(critical, later(minutes), SETTINGS) is overdue
    assert not reading.is_overdue(study(), later(minutes), SETTINGS)
    done = study(urgency=StudyUrgency.CRITICAL, state=StudyState.FINAL, final_at=later(1))
    assert not reading.is_overdue(done, later(minutes), SETTINGS)


@pytest.mark.parametrize("word", [True, False])
def test_a_possible_critical_value_is_not_rejected_without_a_word_about_it(word: bool) -> None:
    hit = claimed(critical_rules=("bradycardia",))
    with broken(Rule.CRITICAL_VALUE_NEEDED):
        reading.rejected(hit, rejection())
    kept = reading.rejected(hit, rejection(critical_value=word)).rejection
    assert kept is not None and kept.critical_value is word


def test_what_is_another_physicians_is_told_before_what_is_lacking() -> None:
    with broken(Rule.ECG_TAKEN):
        reading.rejected(claimed(critical_rules=("bradycardia",)), rejection(by=ZHAO.id))


def test_figures_count_what_waits_and_how_the_day_went() -> None:
    waiting = (
        another_study("a", 1),
        another_study("b", 2, state=StudyState.READING, waiting_since=later(-40)),
        another_study("c", 3, state=StudyState.SIGNED),
    )
    closed = (
        another_study("d", 4, state=StudyState.FINAL, final_at=later(2)),
        another_study("e", 5, state=StudyState.FINAL, final_at=later(6)),
        reading.rejected(reading.claimed(another_study("f", 6), CHEN.id, NOW, FOR), rejection()),
    )
    critical, urgent, routine = reading.figures_of(waiting, closed, SETTINGS, NOW)
    assert [critical.waiting, urgent.waiting, critical.longest_wait_s] == [0, 0, None]
    assert (routine.waiting, routine.being_read, routine.awaiting_second) == (1, 1, 1)
    assert (routine.overdue, routine.longest_wait_s, routine.target_s) == (1, 2400, 1800)
    assert (routine.finished_today, routine.rejected_today, routine.median_turnaround_s) == (2, 1, 240)


def test_who_reads_a_study_that_is_moved_meanwhile_claims_it_again_before_she_signs() -> None:
    moved = reading.moved_to(claimed(), ResidentId("li"))
    assert (moved.state, moved.claim) == (StudyState.WAITING, None)
    with broken(Rule.ECG_NOT_CLAIMED):
        reading.signed(moved, CHEN.id, NOW, two_signatures=False)
    again = reading.claimed(moved, CHEN.id, NOW, FOR)
    assert reading.signed(again, CHEN.id, NOW, two_signatures=False).resident_id == "li"


def test_a_moved_study_keeps_where_it_came_from_first() -> None:
    once = reading.moved_to(study(), ResidentId("li"))
    twice = reading.moved_to(once, ResidentId("shen"))
    assert (twice.resident_id, twice.moved_from, twice.version) == ("shen", study().resident_id, 3)
