"""When a device's samples were taken, on the station's clock: by its own count, and what arrivals tell of it.

Arrivals come late by what the way took, never early. So the earliest of every few seconds lie on a line:
where it is says how the counts stand on the station's clock, its slope how far the device's quartz is off.
Capture times follow that line without a jump.
"""

from collections import deque

import numpy as np

WINDOW_S = 5.0
KEPT_WINDOWS = 60
LEAST_WINDOWS = 4
"""A slope is told from 20 s on."""

MOST_SLEW_PPM = 500.0
"""A correction moves capture times by at most half a millisecond a second."""

SETTLES_IN_S = 20.0
CERTAIN_US = 5_000
"""A sample cannot have arrived before it was taken: beyond this the line is moved at once."""

MOST_PPM = 5_000.0
"""Quartz is off by some 100 ppm, a strap whose rate is nominal by more. Beyond, it is another rate."""

ROUGH_PPM, ROUGH_WINDOWS = 50_000.0, 3
MOST_UNTOLD_US = 250_000
"""Arrivals that stay behind by so much for a whole window: samples are missing that were not counted."""


class ClockUnfit(Exception):
    """A device's samples do not come as its description says: their times would be wrong."""


class DeviceClock:
    """Maps the device's count to microseconds on the station's clock; `rate_hz` is what the device says."""

    def __init__(self, rate_hz: float) -> None:
        self._period_us = 1e6 / rate_hz
        self._window = WINDOW_S * rate_hz
        self._settles_in = SETTLES_IN_S * rate_hz
        self._lows: deque[tuple[float, float]] = deque(maxlen=KEPT_WINDOWS)  # count, arrival minus count
        self._low: tuple[float, float] | None = None
        self._window_end: float | None = None
        self._anchor = (0.0, 0.0)
        self._slope = 0.0  # of the capture times in use, relative to the period
        self._drift: float | None = None

    @property
    def drift_ppm(self) -> float | None:
        """How much slower the device counts than it says, parts per million; None before it is known."""
        return None if self._drift is None else self._drift * 1e6

    def captured_us(self, number: int) -> int:
        """When the sample of this count was taken."""
        at, us = self._anchor
        return round(us + (number - at) * self._period_us * (1 + self._slope))

    def observe(self, end: int, seen_us: int) -> None:
        """The sample before count `end` was there by `seen_us`.

        Raises ClockUnfit when the device keeps another rate than it said, or leaves out samples uncounted.
        """
        last = float(end - 1)
        late_us = seen_us - last * self._period_us
        if self._window_end is None:
            self._anchor, self._window_end = (last, float(seen_us)), last + self._window
        self._correct_at_once(last, seen_us)
        if last >= self._window_end and self._low is not None:
            self._close_window(last)
        if self._low is None or late_us < self._low[1]:
            self._low = (last, late_us)

    def _correct_at_once(self, last: float, seen_us: int) -> None:
        ahead_us = self.captured_us(int(last)) - seen_us
        settling = not self._lows
        if ahead_us > (0 if settling else CERTAIN_US):
            self._anchor = (last, float(seen_us))

    def _close_window(self, last: float) -> None:
        assert self._low is not None and self._window_end is not None
        self._check_untold(*self._low)
        self._lows.append(self._low)
        self._low = None
        self._window_end = last + self._window
        self._estimate()
        self._steer(last)

    def _check_untold(self, at: float, late_us: float) -> None:
        behind_us = late_us + at * self._period_us - self.captured_us(int(at))
        if self._lows and behind_us > MOST_UNTOLD_US:
            raise ClockUnfit(f"about {behind_us / 1e6:.1f} s of samples are missing and were not counted")

    def _estimate(self) -> None:
        if len(self._lows) < ROUGH_WINDOWS:
            return
        at, late = np.array(self._lows).T
        first, second = np.triu_indices(len(at), 1)
        drift = float(np.median((late[second] - late[first]) / (at[second] - at[first]))) / self._period_us
        most_ppm = MOST_PPM if len(self._lows) > LEAST_WINDOWS else ROUGH_PPM
        if abs(drift) * 1e6 > most_ppm:
            said_hz = 1e6 / self._period_us
            raise ClockUnfit(
                f"{said_hz / (1 + drift):.1f} samples a second come, not the {said_hz:g} it said"
            )
        if len(self._lows) >= LEAST_WINDOWS:
            self._drift = drift

    def _steer(self, last: float) -> None:
        """Go on from where capture times are, towards the line of the earliest arrivals."""
        now_us = float(self.captured_us(int(last)))
        drift = self._drift or 0.0
        line_us = min(late + (last - at) * drift * self._period_us for at, late in self._lows)
        behind_us = line_us + last * self._period_us - now_us
        catch_up = behind_us / (self._settles_in * self._period_us)
        most = MOST_SLEW_PPM / 1e6
        self._anchor = (last, now_us)
        self._slope = drift + min(most, max(-most, catch_up))
