"""The table of states: every pair is either listed or refused."""

import itertools

import msgspec
import pytest

from records.consults import Consult, ConsultState
from signaling.errors import Refused
from signaling.refusals import Refusal
from signaling.transitions import ENDED, TABLE, ConsultEvent, step
from tests.signaling.consults import a_consult

PAIRS = list(itertools.product(ConsultState, ConsultEvent))


def _in(state: ConsultState) -> Consult:
    return msgspec.structs.replace(a_consult(), state=state)


@pytest.mark.parametrize(("state", "event"), PAIRS, ids=[f"{s.value}-{e.value}" for s, e in PAIRS])
def test_every_pair_is_listed_or_refused(state: ConsultState, event: ConsultEvent) -> None:
    if (state, event) in TABLE:
        assert step(_in(state), event) is TABLE[state, event]
    else:
        with pytest.raises(Refused) as refused:
            step(_in(state), event)
        assert refused.value.refusal is Refusal.WRONG_STATE


def test_every_state_is_reached_and_every_event_is_used() -> None:
    assert {after for after in TABLE.values()} == set(ConsultState)
    assert {event for _, event in TABLE} == set(ConsultEvent)


def test_what_has_ended_never_runs_again() -> None:
    assert all(after in ENDED for (before, _), after in TABLE.items() if before in ENDED)


def test_closed_and_cancelled_are_final() -> None:
    assert not {ConsultState.CLOSED, ConsultState.CANCELLED} & {state for state, _ in TABLE}


def test_only_one_who_waits_can_be_accepted() -> None:
    assert [state for state, event in TABLE if event is ConsultEvent.ACCEPT] == [ConsultState.WAITING]
