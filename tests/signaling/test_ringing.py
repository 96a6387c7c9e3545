"""Who is rung: the available first, then everyone here, then everyone."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from records.accounts import Account, Language, Presence
from records.consults import ConsultState, Declined
from signaling.ringing import Ringable, rung, widened
from tests.fakes.records import CARDIOLOGY, CHEN, NOW, ULTRASOUND, ZHAO
from tests.signaling.consults import a_consult

MINUTE = dt.timedelta(seconds=60)


def one(account: Account = CHEN, **fields: Any) -> Ringable:
    plain = Ringable(account=account, presence=Presence.AVAILABLE, connected=True, in_call=False)
    return msgspec.structs.replace(plain, **fields)


def test_the_available_of_the_specialty_are_rung_first() -> None:
    assert rung(a_consult(), [one(CHEN), one(ZHAO)]) == {CHEN.id, ZHAO.id}


@pytest.mark.parametrize(
    "not_free",
    [
        {"presence": Presence.BUSY},
        {"presence": Presence.AWAY},
        {"connected": False},
        {"in_call": True},
        {"account": msgspec.structs.replace(CHEN, specialties=(ULTRASOUND,))},
        {"account": msgspec.structs.replace(CHEN, languages=(Language.EN,))},
        {"account": msgspec.structs.replace(CHEN, disabled=True)},
    ],
    ids=str,
)
def test_whoever_is_not_free_is_not_rung_in_the_first_circle(not_free: dict[str, Any]) -> None:
    assert rung(a_consult(), [one(**not_free), one(ZHAO)]) == {ZHAO.id}


def test_the_second_circle_rings_everyone_of_the_specialty_who_is_here() -> None:
    here = [one(CHEN, presence=Presence.BUSY), one(ZHAO, in_call=True)]
    assert rung(a_consult(ring_circle=1), here) == {CHEN.id, ZHAO.id}
    assert rung(a_consult(ring_circle=1), [one(connected=False)]) == frozenset()


def test_the_last_circle_counts_those_who_are_not_here_as_well() -> None:
    assert rung(a_consult(ring_circle=2), [one(connected=False)]) == {CHEN.id}


def test_who_declined_is_not_rung_again() -> None:
    declined = Declined(specialist_id=CHEN.id, reason="在手术", at=NOW)
    for circle in range(3):
        consult = a_consult(declined=(declined,), ring_circle=circle)
        assert rung(consult, [one(CHEN), one(ZHAO)]) == {ZHAO.id}


def test_one_handed_over_rings_only_the_one_it_was_handed_to() -> None:
    assert rung(a_consult(handed_to=ZHAO.id), [one(CHEN), one(ZHAO, connected=False)]) == {ZHAO.id}


@pytest.mark.parametrize("state", [state for state in ConsultState if state is not ConsultState.WAITING])
def test_only_one_who_waits_rings(state: ConsultState) -> None:
    assert rung(a_consult(state=state, ring_circle=2), [one(CHEN)]) == frozenset()


def test_circles_widen_one_by_one_and_the_widest_has_no_deadline() -> None:
    first = widened(a_consult(ring_deadline_at=NOW), NOW, MINUTE)
    assert (first.ring_circle, first.ring_deadline_at) == (1, NOW + MINUTE)
    second = widened(first, NOW, MINUTE)
    assert (second.ring_circle, second.ring_deadline_at) == (2, None)


def test_what_was_meant_for_one_goes_to_the_first_circle_of_all() -> None:
    after = widened(a_consult(handed_to=CHEN.id), NOW, MINUTE)
    assert (after.handed_to, after.ring_circle, after.ring_deadline_at) == (None, 0, NOW + MINUTE)
    assert after.specialty == CARDIOLOGY
