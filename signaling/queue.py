"""The queue of one specialty: who is next, and how long it may take. Pure."""

import datetime as dt
import statistics
from collections.abc import Iterable

from records.consults import Consult, ConsultState, Urgency
from records.ids import ConsultId, SpecialtyCode
from records.values import Value

FEWEST_ACCEPTED = 3
"""Below this many accepted requests of the day an expected wait would be a guess."""

_RANK = {Urgency.EMERGENCY: 0, Urgency.EXPEDITED: 1, Urgency.ROUTINE: 2}


def in_order(consults: Iterable[Consult]) -> tuple[Consult, ...]:
    """Those that wait, the next one first: by urgency, then by waiting."""
    waiting = (consult for consult in consults if consult.state is ConsultState.WAITING)
    return tuple(
        sorted(waiting, key=lambda consult: (_RANK[consult.urgency], consult.waiting_since, consult.id))
    )


def waited_s(consult: Consult, now: dt.datetime) -> int:
    """Whole seconds on the running clock, never below zero."""
    return max(0, int((now - consult.waiting_since).total_seconds()))


class Board(Value):
    """All queues at one moment, and what the day has taught about waiting."""

    places: dict[ConsultId, int]  # 1 is next in its specialty
    usual_wait_s: dict[tuple[SpecialtyCode, Urgency], int]

    def place(self, consult: Consult) -> int | None:
        """The place in its specialty's queue; None when it does not wait."""
        return self.places.get(consult.id)

    def expected_wait_s(self, consult: Consult, now: dt.datetime) -> int | None:
        """Seconds still to wait as today's requests of its kind did; None when that cannot be told."""
        usual = self.usual_wait_s.get((consult.specialty, consult.urgency))
        if usual is None or consult.id not in self.places or waited_s(consult, now) > usual:
            return None
        return usual - waited_s(consult, now)


EMPTY_BOARD = Board(places={}, usual_wait_s={})


def board(open_consults: Iterable[Consult], asked_today: Iterable[Consult]) -> Board:
    """Lay out the queues from the open consults and those asked for since midnight."""
    queues: dict[SpecialtyCode, int] = {}
    places: dict[ConsultId, int] = {}
    for consult in in_order(open_consults):
        queues[consult.specialty] = queues.get(consult.specialty, 0) + 1
        places[consult.id] = queues[consult.specialty]
    return Board(places=places, usual_wait_s=_usual_waits(asked_today))


def _usual_waits(asked_today: Iterable[Consult]) -> dict[tuple[SpecialtyCode, Urgency], int]:
    waits: dict[tuple[SpecialtyCode, Urgency], list[int]] = {}
    for consult in asked_today:
        if consult.accepted_at is not None:
            waits.setdefault((consult.specialty, consult.urgency), []).append(
                waited_s(consult, consult.accepted_at)
            )
    return {kind: int(statistics.median(of)) for kind, of in waits.items() if len(of) >= FEWEST_ACCEPTED}
