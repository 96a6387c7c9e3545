"""Guiding the hand: fixed words for moving a probe, what may be asked of a scanner, what became of it.

The six movements are those of Bahner et al. 2016 (J Ultrasound Med 35:183, the AIUM's language of transducer
manipulation): slide and rock in the plane of the picture, sweep and fan (here: tilt) across it, rotate,
compress. Sides are named by the probe's marker or by the patient's body, never by "left" alone: what is left
depends on who looks. Words ask; the operator decides, and says what became of it.
"""

import datetime as dt
import enum
from collections.abc import Mapping

import msgspec

from records.errors import RuleBroken
from records.ids import AccountId, ConsultId, GuidingId
from records.rules import Rule
from records.scanner_controls import RemoteEvent, ScannerControl, ScannerSetting
from records.values import Value

ANSWER_WITHIN = dt.timedelta(seconds=15)
"""So long the operator has to say that it was seen, or what became of it; then both sides are told."""

DEVICE_WITHIN = dt.timedelta(seconds=5)
"""So long a scanner that is turned from here has to report; then nobody knows, and the operator is asked."""

DONE_WITHIN = dt.timedelta(seconds=60)
"""So long, once it was seen, until it is done or cannot be."""


class Movement(enum.StrEnum):
    """What is to be done with the probe, or by the patient."""

    SLIDE = "slide"  # 滑动: along the probe's long axis, in the plane
    SWEEP = "sweep"  # 扫查: across, out of the plane
    ROCK = "rock"  # 摇摆: heel and toe, the beam turns in the plane
    TILT = "tilt"  # 倾斜: fan, the beam turns out of the plane
    ROTATE = "rotate"  # 旋转: about the probe's own axis, as seen from its cable
    COMPRESS = "compress"  # 加压
    RELEASE = "release"  # 减压
    HOLD_STILL = "hold_still"
    MORE_GEL = "more_gel"
    MARKER = "marker"  # where the probe's marker is to point
    BREATHE_IN = "breathe_in"  # and hold it
    BREATHE_OUT = "breathe_out"  # and hold it
    BREATHE_FREELY = "breathe_freely"
    LEFT_LATERAL = "left_lateral"  # 左侧卧位


class Toward(enum.StrEnum):
    """Which way."""

    TO_MARKER = "to_marker"  # toward the side of the marker
    FROM_MARKER = "from_marker"
    HEAD = "head"
    FEET = "feet"
    PATIENT_RIGHT = "patient_right"
    PATIENT_LEFT = "patient_left"
    CLOCKWISE = "clockwise"  # seen from the cable
    COUNTERCLOCKWISE = "counterclockwise"
    OCLOCK = "oclock"  # an hour; 12 is the patient's head


IN_PLANE = frozenset({Toward.TO_MARKER, Toward.FROM_MARKER})
OF_THE_BODY = frozenset({Toward.HEAD, Toward.FEET, Toward.PATIENT_RIGHT, Toward.PATIENT_LEFT})

MAY_GO: Mapping[Movement, frozenset[Toward]] = {
    Movement.SLIDE: IN_PLANE,
    Movement.ROCK: IN_PLANE,
    Movement.SWEEP: OF_THE_BODY,
    Movement.TILT: OF_THE_BODY,
    Movement.ROTATE: frozenset({Toward.CLOCKWISE, Toward.COUNTERCLOCKWISE}),
    Movement.MARKER: frozenset({Toward.HEAD, Toward.PATIENT_RIGHT, Toward.OCLOCK}),
}
"""The ways a movement can go; one that is not here goes none."""


class ProbeWord(Value):
    """One word of the fixed vocabulary. Of slide and rock, `toward` is where the probe or its beam goes."""

    movement: Movement
    toward: Toward | None = None
    hour: int | None = None  # 1 to 12, of OCLOCK alone
    little: bool = False  # only a little


class CannotReason(enum.StrEnum):
    """Why something asked for cannot be done."""

    PAIN = "pain"  # it hurts the patient
    POSITION = "position"  # the patient cannot lie so, or it cannot be reached
    NO_CONTACT = "no_contact"  # a wound, a dressing, air
    NOT_ON_SCANNER = "not_on_scanner"
    OTHER = "other"
    DEVICE_REFUSED = "device_refused"  # the scanner itself: not now, or it goes no further
    DEVICE_FAILED = "device_failed"  # the scanner did not answer, or stands otherwise than it was turned


OF_THE_DEVICE = frozenset({CannotReason.DEVICE_REFUSED, CannotReason.DEVICE_FAILED})
"""Reasons that nobody chooses: a scanner that was turned from here gave them."""


class GuidingState(enum.StrEnum):
    """What became of it."""

    ASKED = "asked"
    SEEN = "seen"
    DONE = "done"
    CANNOT = "cannot"
    UNANSWERED = "unanswered"  # in time; an answer that comes late still counts
    REPLACED = "replaced"  # its guide asked for something else
    TAKEN_BACK = "taken_back"


class GuidingEvent(enum.StrEnum):
    """What happens to it."""

    SEEN = "seen"
    DONE = "done"
    CANNOT = "cannot"
    TIME_OUT = "time_out"
    REPLACE = "replace"
    TAKE_BACK = "take_back"


_G, _E = GuidingState, GuidingEvent

STEPS: Mapping[tuple[GuidingState, GuidingEvent], GuidingState] = {
    (_G.ASKED, _E.SEEN): _G.SEEN,
    (_G.ASKED, _E.DONE): _G.DONE,
    (_G.ASKED, _E.CANNOT): _G.CANNOT,
    (_G.ASKED, _E.TIME_OUT): _G.UNANSWERED,
    (_G.ASKED, _E.REPLACE): _G.REPLACED,
    (_G.ASKED, _E.TAKE_BACK): _G.TAKEN_BACK,
    (_G.SEEN, _E.DONE): _G.DONE,
    (_G.SEEN, _E.CANNOT): _G.CANNOT,
    (_G.SEEN, _E.TIME_OUT): _G.UNANSWERED,
    (_G.SEEN, _E.REPLACE): _G.REPLACED,
    (_G.SEEN, _E.TAKE_BACK): _G.TAKEN_BACK,
    (_G.UNANSWERED, _E.SEEN): _G.SEEN,
    (_G.UNANSWERED, _E.DONE): _G.DONE,
    (_G.UNANSWERED, _E.CANNOT): _G.CANNOT,
    (_G.UNANSWERED, _E.REPLACE): _G.REPLACED,
    (_G.UNANSWERED, _E.TAKE_BACK): _G.TAKEN_BACK,
}
"""What may follow; what is not here is refused."""

OPEN = frozenset({GuidingState.ASKED, GuidingState.SEEN, GuidingState.UNANSWERED})
"""States in which the operator still owes an answer."""


class GuidingStep(Value):
    """Something that happened to it."""

    event: GuidingEvent
    at: dt.datetime
    by: AccountId | None  # None: the server, by the clock
    reason: CannotReason | None = None  # needed when CANNOT
    reported: ScannerSetting | None = None  # how the scanner stands since, by its own report


class Guiding(Value):
    """One thing that was asked of the operator, with everything that became of it. Exactly one is asked.

    `remote` asks nothing, and its state is DONE: it keeps that turning the scanner from afar was allowed, or
    ended. `guide_id` is then who said so; when nobody did, who had allowed it.
    """

    id: GuidingId
    consult_id: ConsultId
    guide_id: AccountId
    asked_at: dt.datetime
    probe: ProbeWord | None = None
    control: ScannerControl | None = None
    remote: RemoteEvent | None = None
    at_device: bool = False  # an adapter is to turn it: the scanner itself answers
    state: GuidingState = GuidingState.ASKED
    steps: tuple[GuidingStep, ...] = ()


def check_word(word: ProbeWord) -> None:
    """Raise `RuleBroken` for a way that a movement cannot go."""
    ways = MAY_GO.get(word.movement, frozenset())
    right = ", ".join(sorted(ways)) or "none"
    if (word.toward is None) is bool(ways) or (word.toward is not None and word.toward not in ways):
        raise RuleBroken(Rule.OUT_OF_RANGE, f"{word.movement} toward {word.toward}; right: {right}")
    if (word.hour is not None) is not (word.toward is Toward.OCLOCK):
        raise RuleBroken(Rule.OUT_OF_RANGE, f"hour {word.hour} of {word.toward}; only oclock has an hour")
    if word.hour is not None and not 1 <= word.hour <= 12:
        raise RuleBroken(Rule.OUT_OF_RANGE, f"{word.hour} o'clock; 1 to 12 is right")


def step(guiding: Guiding, happened: GuidingStep) -> Guiding:
    """What an event makes of it; raise `RuleBroken` when it may not follow."""
    after = STEPS.get((guiding.state, happened.event))
    if after is None:
        raise RuleBroken(Rule.GUIDING_STATE, f"{happened.event} of what is {guiding.state}")
    if (happened.event is GuidingEvent.CANNOT) is not (happened.reason is not None):
        raise RuleBroken(Rule.REASON_NEEDED, "a reason is right with cannot, and only there")
    return msgspec.structs.replace(guiding, state=after, steps=(*guiding.steps, happened))


def remote_event(
    guiding_id: GuidingId, consult_id: ConsultId, by: AccountId, at: dt.datetime, event: RemoteEvent
) -> Guiding:
    """That turning the scanner from afar was allowed, or ended, to be kept among what was asked."""
    return Guiding(
        id=guiding_id,
        consult_id=consult_id,
        guide_id=by,
        asked_at=at,
        remote=event,
        state=GuidingState.DONE,
    )


def is_at_device(guiding: Guiding) -> bool:
    """Whether an adapter has it in hand at this moment: nobody else answers it."""
    return guiding.at_device and guiding.state is GuidingState.ASKED


def due_at(guiding: Guiding) -> dt.datetime | None:
    """Until when an answer is waited for; None: none is."""
    if guiding.state is GuidingState.ASKED:
        return guiding.asked_at + (DEVICE_WITHIN if guiding.at_device else ANSWER_WITHIN)
    return guiding.steps[-1].at + DONE_WITHIN if guiding.state is GuidingState.SEEN else None
