"""Who receives whom in a room: which source goes to which m-line of each participant. Pure.

A source exists as soon as its participant may publish its kind. Each other participant with the right to
receive it has it on a free slot: voice and face of one participant always share a seat.
"""

from dataclasses import dataclass, field

from media.layout import MediaLine
from records.rooms import Grants, MediaKind

_SEATED = (MediaKind.VOICE, MediaKind.FACE)


@dataclass
class Member:
    """One participant of a room."""

    participant_id: str
    grants: Grants
    lines: tuple[MediaLine, ...]
    seats: dict[int, str] = field(default_factory=dict)  # seat -> whose voice and face
    bound: dict[str, str] = field(default_factory=dict)  # mid -> whose source

    def publishes(self, kind: MediaKind) -> bool:
        """Whether it may publish this kind and has an m-line for it."""
        return kind in self.grants.publish and any(
            line.publishes and line.kind is kind for line in self.lines
        )


@dataclass(frozen=True)
class Binding:
    """A viewer's m-line carries another participant's source from now on (None: nothing)."""

    viewer_id: str
    mid: str
    kind: MediaKind
    participant_id: str | None


class Room:
    """The participants of one room and who carries what."""

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}

    def join(self, participant_id: str, grants: Grants, lines: tuple[MediaLine, ...]) -> list[Binding]:
        """Enter, or enter again with a new peer connection: then everything is bound anew."""
        self.members.pop(participant_id, None)
        self.members[participant_id] = Member(participant_id, grants, lines)
        return self._settle()

    def leave(self, participant_id: str) -> list[Binding]:
        """Leave; the others' slots become free."""
        self.members.pop(participant_id, None)
        return self._settle()

    def grant(self, participant_id: str, grants: Grants) -> list[Binding]:
        """Replace what a participant may publish and receive."""
        self.members[participant_id].grants = grants
        return self._settle()

    def _settle(self) -> list[Binding]:
        changes: list[Binding] = []
        for viewer in self.members.values():
            wanted = self._wanted(viewer)
            for line in viewer.lines:
                now, before = wanted.get(line.mid), viewer.bound.get(line.mid)
                if not line.publishes and now != before:
                    changes.append(Binding(viewer.participant_id, line.mid, line.kind, now))
            viewer.bound = wanted
        return changes

    def _wanted(self, viewer: Member) -> dict[str, str]:
        self._seat(viewer)
        wanted = {}
        for line in viewer.lines:
            if line.publishes or line.kind not in viewer.grants.receive:
                continue
            participant_id = self._for_line(viewer, line)
            if participant_id is not None and self.members[participant_id].publishes(line.kind):
                wanted[line.mid] = participant_id
        return wanted

    def _for_line(self, viewer: Member, line: MediaLine) -> str | None:
        if line.kind in _SEATED:
            return viewer.seats.get(line.seat)
        kept = viewer.bound.get(line.mid)
        others = [
            member.participant_id
            for member in self.members.values()
            if member is not viewer and member.publishes(line.kind)
        ]
        return kept if kept in others else next(iter(others), None)

    def _seat(self, viewer: Member) -> None:
        """Keep who sits, free seats of who left, seat who came."""
        others = [
            member.participant_id
            for member in self.members.values()
            if member is not viewer and any(member.publishes(kind) for kind in _SEATED)
        ]
        viewer.seats = {seat: who for seat, who in viewer.seats.items() if who in others}
        seats = sorted({line.seat for line in viewer.lines if line.seat} - viewer.seats.keys())
        unseated = [who for who in others if who not in viewer.seats.values()]
        viewer.seats.update(zip(seats, unseated, strict=False))
