"""The fixed words, and what may become of what was asked."""

import datetime as dt

import msgspec
import pytest

from records.errors import RuleBroken
from records.guiding import (
    ANSWER_WITHIN,
    DEVICE_WITHIN,
    DONE_WITHIN,
    MAY_GO,
    OPEN,
    STEPS,
    CannotReason,
    Guiding,
    GuidingEvent,
    GuidingState,
    GuidingStep,
    Movement,
    ProbeWord,
    Toward,
    check_word,
    due_at,
    is_at_device,
    remote_event,
    step,
)
from records.ids import AccountId, ConsultId, GuidingId
from records.scanner_controls import RemoteEvent, ScannerControl
from tests.fakes.records import CHEN, NOW, ZHOU

ASKED = Guiding(
    id=GuidingId("g1"),
    consult_id=ConsultId("c1"),
    guide_id=CHEN.id,
    asked_at=NOW,
    probe=ProbeWord(movement=Movement.TILT, toward=Toward.HEAD),
)


def happened(event: GuidingEvent, after_s: float = 1, reason: CannotReason | None = None) -> GuidingStep:
    by: AccountId = ZHOU.id
    return GuidingStep(event=event, at=NOW + dt.timedelta(seconds=after_s), by=by, reason=reason)


def test_every_movement_goes_its_own_ways_and_no_other() -> None:
    right = set()
    for movement in Movement:
        for toward in (None, *Toward):
            hour = 3 if toward is Toward.OCLOCK else None
            try:
                check_word(ProbeWord(movement=movement, toward=toward, hour=hour))
            except RuleBroken:
                continue
            right.add((movement, toward))
    ways = {(movement, toward) for movement, towards in MAY_GO.items() for toward in towards}
    assert right == ways | {(one, None) for one in Movement if one not in MAY_GO}


@pytest.mark.parametrize("movement", [Movement.SLIDE, Movement.ROCK])
def test_in_the_plane_a_side_is_told_by_the_marker_alone(movement: Movement) -> None:
    assert MAY_GO[movement] == {Toward.TO_MARKER, Toward.FROM_MARKER}


@pytest.mark.parametrize("hour", [None, 0, 13, -1])
def test_an_hour_is_1_to_12(hour: int | None) -> None:
    with pytest.raises(RuleBroken):
        check_word(ProbeWord(movement=Movement.MARKER, toward=Toward.OCLOCK, hour=hour))


def test_only_the_clock_has_an_hour() -> None:
    with pytest.raises(RuleBroken, match="only oclock"):
        check_word(ProbeWord(movement=Movement.MARKER, toward=Toward.HEAD, hour=12))


def test_what_is_over_stays_as_it_is() -> None:
    over = set(GuidingState) - OPEN
    assert over == {
        GuidingState.DONE,
        GuidingState.CANNOT,
        GuidingState.REPLACED,
        GuidingState.TAKEN_BACK,
    }
    assert {state for state, _ in STEPS} == OPEN


def test_seen_then_done_is_kept_with_who_and_when() -> None:
    seen = step(ASKED, happened(GuidingEvent.SEEN, 2))
    done = step(seen, happened(GuidingEvent.DONE, 9))
    assert (seen.state, done.state) == (GuidingState.SEEN, GuidingState.DONE)
    assert [(one.event, (one.at - NOW).total_seconds(), one.by) for one in done.steps] == [
        (GuidingEvent.SEEN, 2, ZHOU.id),
        (GuidingEvent.DONE, 9, ZHOU.id),
    ]


def test_an_answer_that_comes_late_counts() -> None:
    late = step(ASKED, happened(GuidingEvent.TIME_OUT, 15))
    assert late.state is GuidingState.UNANSWERED
    assert step(late, happened(GuidingEvent.DONE, 20)).state is GuidingState.DONE


def test_what_was_replaced_is_answered_no_more() -> None:
    replaced = step(ASKED, happened(GuidingEvent.REPLACE))
    with pytest.raises(RuleBroken, match="done of what is replaced"):
        step(replaced, happened(GuidingEvent.DONE))


def test_cannot_has_a_reason_and_nothing_else_has() -> None:
    with pytest.raises(RuleBroken):
        step(ASKED, happened(GuidingEvent.CANNOT))
    with pytest.raises(RuleBroken):
        step(ASKED, happened(GuidingEvent.DONE, reason=CannotReason.PAIN))
    cannot = step(ASKED, happened(GuidingEvent.CANNOT, reason=CannotReason.PAIN))
    assert cannot.steps[-1].reason is CannotReason.PAIN


def test_the_time_runs_until_seen_and_then_until_done() -> None:
    seen = step(ASKED, happened(GuidingEvent.SEEN, 4))
    assert due_at(ASKED) == NOW + ANSWER_WITHIN
    assert due_at(seen) == NOW + dt.timedelta(seconds=4) + DONE_WITHIN
    assert due_at(step(seen, happened(GuidingEvent.DONE))) is None


def test_a_scanner_has_less_time_to_answer_than_a_hand() -> None:
    at_device = msgspec.structs.replace(ASKED, probe=None, control=ScannerControl.FREEZE, at_device=True)
    assert is_at_device(at_device) and not is_at_device(ASKED)
    assert due_at(at_device) == NOW + DEVICE_WITHIN
    late = step(at_device, happened(GuidingEvent.TIME_OUT))
    assert not is_at_device(late)  # it is the operator's now
    assert step(late, happened(GuidingEvent.DONE)).state is GuidingState.DONE


def test_what_is_kept_of_a_permission_asks_nothing() -> None:
    kept = remote_event(GuidingId("g2"), ConsultId("c1"), ZHOU.id, NOW, RemoteEvent.TOUCHED)
    assert kept.state not in OPEN and due_at(kept) is None
    for event in GuidingEvent:
        with pytest.raises(RuleBroken):
            step(kept, happened(event))
