"""By whose clock the pictures on a tape were stamped, and how that clock stood. Pure.

A station stamps by its own clock, which it compares with the server's; a browser that sends a capture card
stamps by its own and tells how it stands. What came by a standard door stamps by a clock nobody compared, or
not at all: nothing is said of it.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from records.accounts import Role
from records.store.tape_fragments import Act, Summary


class Reading(NamedTuple):
    """How a clock stood from a moment on: it shows the server's time and so much more."""

    at_us: int
    offset_us: int


class _Shared(NamedTuple):
    """Whether the station's picture is stamped by the station's clock, from a moment on."""

    at_us: int
    one_clock: bool


_Told = TypeVar("_Told", Reading, _Shared)


class Clocks:
    """What the acts of a tape say of the clocks its pictures are stamped by."""

    def __init__(self, acts: Iterable[Act] = ()) -> None:
        self._stations: dict[str, str] = {}  # participant -> station
        self._bindings: dict[str, str] = {}  # binding -> station
        self._readings: defaultdict[str, list[Reading]] = defaultdict(
            list
        )  # by station, or card's participant
        self._shared: defaultdict[str, list[_Shared]] = defaultdict(list)  # by station
        read = [(act.at_us, json.loads(act.message)) for act in acts]
        for _, message in read:
            if message["type"] == "binding_began":
                self._bindings[message["binding_id"]] = message["station_id"]
        for at_us, message in read:
            self._take(at_us, message)

    def offset_us(self, participant_id: str, at_us: int) -> int | None:
        """How far the clock of who sends a picture was ahead of the server's; None: nobody knows."""
        station_id = self._stations.get(participant_id)
        if station_id is not None:
            shared = _at(self._shared[station_id], at_us)
            if shared is not None and not shared.one_clock:
                return None
        reading = _at(self._readings[station_id or participant_id], at_us)
        return None if reading is None else reading.offset_us

    def _take(self, at_us: int, message: dict[str, Any]) -> None:
        match message["type"]:
            case "room_changed":
                for one in message["room"]["participants"]:
                    self._seat(one)
            case "station_clock":
                station_id = self._bindings.get(message["binding_id"], "")
                self._readings[station_id].append(Reading(at_us, message["offset_us"]))
            case "publisher_clock":
                self._readings[message["participant_id"]].append(Reading(at_us, message["offset_us"]))
            case "station_changed":
                station = message["station"]
                self._shared[station["id"]].append(_Shared(at_us, station["one_clock"]))

    def _seat(self, participant: dict[str, Any]) -> None:
        """A device that came by a door is named after its station, and stamps by no clock of it."""
        if participant.get("door") is None and participant["person"]["role"] == Role.STATION:
            self._stations[participant["id"]] = participant["person"]["id"]


def clocks_of(summaries: Sequence[tuple[int, Summary]]) -> Clocks:
    """The clocks of a tape, from the acts in its summaries."""
    return Clocks(act for _, summary in summaries for act in summary.acts)


def _at(told: Sequence[_Told], at_us: int) -> _Told | None:
    """The latest that was told by then, or else the first."""
    if not told:
        return None
    at = bisect_right(told, at_us, key=attrgetter("at_us"))
    return told[max(0, at - 1)]
