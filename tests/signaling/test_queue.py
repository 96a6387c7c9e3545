"""The queue: by urgency, then by waiting; an expected wait only when the day has taught one."""

import datetime as dt

from records.consults import Consult, ConsultState, Urgency
from signaling.queue import board, in_order
from tests.fakes.records import CARDIOLOGY, NOW, ULTRASOUND
from tests.signaling.consults import a_consult


def _since(minutes: float, name: str, urgency: Urgency = Urgency.ROUTINE) -> Consult:
    waiting_since = NOW - dt.timedelta(minutes=minutes)
    return a_consult(id=name, urgency=urgency, waiting_since=waiting_since)


def _accepted(waited_s: int, name: str, urgency: Urgency = Urgency.ROUTINE) -> Consult:
    accepted_at = NOW + dt.timedelta(seconds=waited_s)
    return a_consult(id=name, urgency=urgency, state=ConsultState.SIGNED, accepted_at=accepted_at)


def test_the_more_urgent_comes_first_then_the_longer_waiting() -> None:
    asked = [
        _since(1, "routine-1"),
        _since(30, "routine-30"),
        _since(2, "expedited", Urgency.EXPEDITED),
        _since(0, "emergency", Urgency.EMERGENCY),
        a_consult(id="taken", state=ConsultState.ACCEPTED),
    ]
    assert [one.id for one in in_order(asked)] == ["emergency", "expedited", "routine-30", "routine-1"]


def test_each_specialty_has_its_own_places() -> None:
    heart, lungs = _since(5, "a"), a_consult(id="b", specialty=ULTRASOUND)
    second = _since(1, "c")
    queues = board([second, lungs, heart], [])
    assert [queues.place(one) for one in (heart, second, lungs)] == [1, 2, 1]
    assert queues.place(a_consult(id="gone", state=ConsultState.SIGNED)) is None


def test_the_expected_wait_is_the_usual_one_less_what_was_waited() -> None:
    waiting = _since(1, "now")
    queues = board([waiting], [_accepted(s, f"{s}") for s in (100, 300, 900)])
    assert queues.expected_wait_s(waiting, NOW) == 300 - 60


def test_the_expected_wait_is_not_told_when_it_would_be_a_guess() -> None:
    waiting = _since(1, "now")
    assert board([waiting], [_accepted(100, "a"), _accepted(100, "b")]).expected_wait_s(waiting, NOW) is None
    other_urgency = [_accepted(100, f"{n}", Urgency.EMERGENCY) for n in range(5)]
    assert board([waiting], other_urgency).expected_wait_s(waiting, NOW) is None
    overdue = _since(10, "late")
    assert board([overdue], [_accepted(100, f"{n}") for n in range(3)]).expected_wait_s(overdue, NOW) is None


def test_usual_waits_are_kept_by_specialty() -> None:
    queues = board([], [_accepted(60, f"{n}") for n in range(3)])
    assert queues.usual_wait_s == {(CARDIOLOGY, Urgency.ROUTINE): 60}
