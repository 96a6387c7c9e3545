"""The consult's one state machine: a table of (state, event) -> next state.

A pair that is not in the table is refused. The same table serves commands, timers and HTTP routes.
"""

import enum

from records.consults import Consult, ConsultState
from signaling.errors import Refused
from signaling.refusals import Refusal


class ConsultEvent(enum.StrEnum):
    """What can happen to a consult after it was asked for."""

    RETURN = "return"  # 退回补充资料
    SUPPLY = "supply"  # the asker answers a returned request
    CANCEL = "cancel"
    ACCEPT = "accept"
    DECLINE = "decline"
    WIDEN = "widen"  # nobody answered in time
    HAND_OVER = "hand_over"
    ADD_SPECIALIST = "add_specialist"
    INVITE = "invite"  # an interpreter or observer
    DISMISS = "dismiss"
    BOTH_PRESENT = "both_present"  # both sides are in the room
    END = "end"
    FORCE_END = "force_end"
    SIGN = "sign"
    ACKNOWLEDGE = "acknowledge"
    RING_AGAIN = "ring_again"  # nobody was left to answer: the asker has everyone rung anew
    SPECIALIST_GONE = "specialist_gone"  # her account cannot go on: it waits again
    FREE_OPINION = "free_opinion"  # overdue, reassigned, or its specialist cannot sign: others may write it
    TAKE_OPINION = "take_opinion"  # another specialist writes it


_S, _E = ConsultState, ConsultEvent

TABLE: dict[tuple[ConsultState, ConsultEvent], ConsultState] = {
    (_S.WAITING, _E.ACCEPT): _S.ACCEPTED,
    (_S.WAITING, _E.DECLINE): _S.WAITING,
    (_S.WAITING, _E.WIDEN): _S.WAITING,
    (_S.WAITING, _E.RING_AGAIN): _S.WAITING,
    (_S.WAITING, _E.RETURN): _S.RETURNED,
    (_S.WAITING, _E.END): _S.OPINION_DUE,  # handed over and not yet accepted: its specialist still ends it
    (_S.WAITING, _E.INVITE): _S.WAITING,
    (_S.WAITING, _E.DISMISS): _S.WAITING,
    (_S.WAITING, _E.CANCEL): _S.CANCELLED,
    (_S.WAITING, _E.FORCE_END): _S.CANCELLED,
    (_S.RETURNED, _E.SUPPLY): _S.WAITING,
    (_S.RETURNED, _E.CANCEL): _S.CANCELLED,
    (_S.RETURNED, _E.FORCE_END): _S.CANCELLED,
    (_S.ACCEPTED, _E.RETURN): _S.RETURNED,
    (_S.ACCEPTED, _E.DECLINE): _S.ACCEPTED,  # an added specialist says no
    (_S.ACCEPTED, _E.HAND_OVER): _S.WAITING,
    (_S.ACCEPTED, _E.ADD_SPECIALIST): _S.ACCEPTED,
    (_S.ACCEPTED, _E.INVITE): _S.ACCEPTED,
    (_S.ACCEPTED, _E.DISMISS): _S.ACCEPTED,
    (_S.ACCEPTED, _E.BOTH_PRESENT): _S.IN_CALL,
    (_S.ACCEPTED, _E.CANCEL): _S.CANCELLED,
    (_S.ACCEPTED, _E.END): _S.OPINION_DUE,  # an opinion may be given without a call
    (_S.ACCEPTED, _E.FORCE_END): _S.CANCELLED,
    (_S.ACCEPTED, _E.SPECIALIST_GONE): _S.WAITING,
    (_S.IN_CALL, _E.SPECIALIST_GONE): _S.WAITING,
    (_S.IN_CALL, _E.DECLINE): _S.IN_CALL,
    (_S.IN_CALL, _E.HAND_OVER): _S.WAITING,
    (_S.IN_CALL, _E.ADD_SPECIALIST): _S.IN_CALL,
    (_S.IN_CALL, _E.INVITE): _S.IN_CALL,
    (_S.IN_CALL, _E.DISMISS): _S.IN_CALL,
    (_S.IN_CALL, _E.END): _S.OPINION_DUE,
    (_S.IN_CALL, _E.FORCE_END): _S.OPINION_DUE,
    (_S.OPINION_DUE, _E.HAND_OVER): _S.OPINION_DUE,  # offered to a colleague, who takes it or not
    (_S.OPINION_DUE, _E.DECLINE): _S.OPINION_DUE,  # she does not
    (_S.OPINION_DUE, _E.FREE_OPINION): _S.OPINION_DUE,
    (_S.OPINION_DUE, _E.TAKE_OPINION): _S.OPINION_DUE,
    (_S.OPINION_DUE, _E.SIGN): _S.SIGNED,
    (_S.SIGNED, _E.ACKNOWLEDGE): _S.CLOSED,
}

ENDED = frozenset({_S.OPINION_DUE, _S.SIGNED, _S.CLOSED, _S.CANCELLED})
"""No media and no acquisition any more."""

ANSWERED = frozenset({_S.SIGNED, _S.CLOSED, _S.CANCELLED})
"""Nobody owes an answer to the request any more."""

LIVE = frozenset({_S.ACCEPTED, _S.IN_CALL})
"""A session an administrator sees on the dashboard."""


def step(consult: Consult, event: ConsultEvent) -> ConsultState:
    """Tell the next state; raise `Refused` with `WRONG_STATE` when the table has none."""
    after = TABLE.get((consult.state, event))
    if after is None:
        raise Refused(Refusal.WRONG_STATE, f"no {event.value} while {consult.state.value}")
    return after
