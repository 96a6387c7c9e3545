"""The simulated scanner's controls: depth, gain, freeze and mode, as they would be turned at a real one.

It is also the example of how an adapter is written; see docs/guiding.md.
"""

import threading

from records.scanner_controls import (
    ControlOutcome,
    ControlRange,
    ScannerControl,
    ScannerOffer,
    ScannerSetting,
    turned,
)
from station.picture_sources import SimulatedPictures
from ultrasound.simulator.hand import Turn
from ultrasound.simulator.scenario import LEAST_DEPTH_MM, MOST_DEPTH_MM

DEPTH_STEP_MM = 10
MOST_GAIN_DB, GAIN_STEP_DB = 12, 3
_LOOK_S = 0.01

_C = ScannerControl
_CONTROLS = (
    _C.DEPTH_MORE,
    _C.DEPTH_LESS,
    _C.GAIN_UP,
    _C.GAIN_DOWN,
    _C.FREEZE,
    _C.UNFREEZE,
    _C.MODE_B,
    _C.MODE_M,
)


class SimulatedScanner:
    """See `ScannerAdapter`. A control is turned by the next picture that is taken."""

    def __init__(self, scanner: SimulatedPictures) -> None:
        self._scanner = scanner

    def offer(self) -> ScannerOffer:
        """What can be turned, and how the newest picture stands."""
        now = self._scanner.standing
        return ScannerOffer(
            controls=_CONTROLS,
            setting=ScannerSetting(
                depth_mm=float(now.depth_mm),
                gain_db=float(now.gain_db),
                frozen=now.frozen,
                mode=_C.MODE_M if now.m_mode else _C.MODE_B,
            ),
            depth_mm=ControlRange(least=LEAST_DEPTH_MM, most=MOST_DEPTH_MM, step=DEPTH_STEP_MM),
            gain_db=ControlRange(least=-MOST_GAIN_DB, most=MOST_GAIN_DB, step=GAIN_STEP_DB),
        )

    def turn(self, control: ScannerControl, taken_back: threading.Event) -> ControlOutcome:
        """Turn it; of a frozen picture nothing but that can be turned, as at most scanners."""
        before = self.offer()
        wanted = turned(before, control)
        stands_still = before.setting.frozen and control is not _C.UNFREEZE
        if wanted is None or stands_still or not self._scanner.turns:
            return ControlOutcome.REFUSED
        asked = self._scanner.want(_turn_to(wanted, before.setting))
        while not asked.taken.wait(_LOOK_S):
            if taken_back.is_set() and self._scanner.withdraw(asked):
                return ControlOutcome.TAKEN_BACK
        return ControlOutcome.DONE if self.offer().setting == wanted else ControlOutcome.FAILED


def _turn_to(wanted: ScannerSetting, before: ScannerSetting) -> Turn:
    """Only what differs is turned."""
    assert wanted.depth_mm is not None and wanted.gain_db is not None
    return Turn(
        depth_mm=round(wanted.depth_mm) if wanted.depth_mm != before.depth_mm else None,
        gain_db=round(wanted.gain_db) if wanted.gain_db != before.gain_db else None,
        m_mode=wanted.mode is _C.MODE_M if wanted.mode != before.mode else None,
        frozen=wanted.frozen if wanted.frozen != before.frozen else None,
    )
