"""What may be asked of a scanner, and what one that can be turned from here offers and reports.

A control goes one step at a time: nothing is ever set to a value that was sent from afar.
"""

import enum
import math
from collections.abc import Mapping

import msgspec

from records.values import Value


class ScannerControl(enum.StrEnum):
    """What may be asked of the scanner: the operator's hand does it, or an adapter that was allowed to."""

    DEPTH_MORE = "depth_more"
    DEPTH_LESS = "depth_less"
    GAIN_UP = "gain_up"
    GAIN_DOWN = "gain_down"
    FOCUS_DEEPER = "focus_deeper"
    FOCUS_SHALLOWER = "focus_shallower"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    SAVE_STILL = "save_still"
    SAVE_CLIP = "save_clip"
    MODE_B = "mode_b"
    MODE_M = "mode_m"
    MODE_COLOUR = "mode_colour"  # CFI
    MODE_POWER = "mode_power"  # PDI
    MODE_PW = "mode_pw"
    MODE_CW = "mode_cw"


class ControlRange(Value):
    """From where to where something can be turned, and by how much at a time."""

    least: float
    most: float
    step: float


class ScannerSetting(Value):
    """How a scanner stands, by its own report. None: it does not say."""

    depth_mm: float | None = None
    gain_db: float | None = None
    frozen: bool | None = None
    mode: ScannerControl | None = None  # one of the modes


class ScannerOffer(Value):
    """What of a scanner can be turned from here: its controls, how far they go, and how it stands now."""

    controls: tuple[ScannerControl, ...]
    setting: ScannerSetting
    depth_mm: ControlRange | None = None
    gain_db: ControlRange | None = None


class ControlOutcome(enum.StrEnum):
    """What became of a control at the scanner itself."""

    DONE = "done"  # the scanner reports that it stands so
    REFUSED = "refused"  # not now, or it goes no further
    FAILED = "failed"  # it did not answer, or does not stand as it was turned to
    TAKEN_BACK = "taken_back"  # before it was done


class RemoteEvent(enum.StrEnum):
    """That the scanner may be turned from afar, or why it may not any more."""

    ALLOWED = "allowed"
    TAKEN_BACK = "taken_back"  # by the operator's side
    TOUCHED = "touched"  # somebody turned the scanner's own controls
    OPERATOR_AWAY = "operator_away"  # who allowed it left, came in anew, or cannot be reached
    SPECIALIST_AWAY = "specialist_away"  # whom it was allowed left, or the consult is another's now
    RELEASED = "released"  # the binding ended
    LINE_LOST = "line_lost"  # of the station, or the server was started anew
    OTHER_PICTURE = "other_picture"  # a capture card or another device is the ultrasound now
    NO_SCANNER = "no_scanner"  # it offers nothing any more
    ROOM_CLOSED = "room_closed"


_C = ScannerControl
MODES = frozenset({_C.MODE_B, _C.MODE_M, _C.MODE_COLOUR, _C.MODE_POWER, _C.MODE_PW, _C.MODE_CW})
_DEPTH: Mapping[ScannerControl, int] = {_C.DEPTH_MORE: 1, _C.DEPTH_LESS: -1}
_GAIN: Mapping[ScannerControl, int] = {_C.GAIN_UP: 1, _C.GAIN_DOWN: -1}
_FROZEN: Mapping[ScannerControl, bool] = {_C.FREEZE: True, _C.UNFREEZE: False}

TURNABLE = frozenset({*_DEPTH, *_GAIN, *_FROZEN, *MODES})
"""What an adapter may offer: that of which a scanner can report how it then stands."""

_ROUNDING = 1e-6


def turned(offer: ScannerOffer, control: ScannerControl) -> ScannerSetting | None:
    """How it will stand after one step; None: it does not offer that, stands so, or goes no further."""
    if control not in offer.controls:
        return None
    now = offer.setting
    if control in _DEPTH:
        depth_mm = _next(offer.depth_mm, now.depth_mm, _DEPTH[control])
        return None if depth_mm is None else msgspec.structs.replace(now, depth_mm=depth_mm)
    if control in _GAIN:
        gain_db = _next(offer.gain_db, now.gain_db, _GAIN[control])
        return None if gain_db is None else msgspec.structs.replace(now, gain_db=gain_db)
    after = now
    if control in _FROZEN:
        after = msgspec.structs.replace(now, frozen=_FROZEN[control])
    elif control in MODES:
        after = msgspec.structs.replace(now, mode=control)
    return None if after == now else after


def is_sound(offer: ScannerOffer) -> bool:
    """Whether what a station says of its scanner can be: known controls once each, ranges that hold."""
    controls = set(offer.controls)
    if len(controls) != len(offer.controls) or not controls <= TURNABLE:
        return False
    return (
        is_sound_setting(offer.setting)
        and _holds(offer.depth_mm, offer.setting.depth_mm, bool(controls & set(_DEPTH)))
        and _holds(offer.gain_db, offer.setting.gain_db, bool(controls & set(_GAIN)))
    )


def is_sound_setting(setting: ScannerSetting) -> bool:
    """Whether a scanner can stand so."""
    values = (setting.depth_mm, setting.gain_db)
    return all(one is None or math.isfinite(one) for one in values) and setting.mode in {None, *MODES}


def _next(within: ControlRange | None, now: float | None, way: int) -> float | None:
    if within is None or now is None:
        return None
    after = now + way * within.step
    return after if within.least - _ROUNDING <= after <= within.most + _ROUNDING else None


def _holds(within: ControlRange | None, now: float | None, offered: bool) -> bool:
    if within is None:
        return not offered
    if not all(map(math.isfinite, (within.least, within.most, within.step))) or within.step <= 0:
        return False
    return now is not None and within.least - _ROUNDING <= now <= within.most + _ROUNDING
