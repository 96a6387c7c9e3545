"""Counts the samples of a device that stamps them and does not count: a stamp that jumps ahead is a loss."""

from station.ecg_devices.device import failed

MOST_BACK_S = 5.0
MOST_LOST_S = 3600.0


class StampCounter:
    """`tolerance_s`: a stamp may be so much later than its count says before samples count as lost.

    Short for a device whose quartz stamps; long where a program stamps when it gets round to it.
    """

    def __init__(self, rate_hz: float, tolerance_s: float) -> None:
        self._rate_hz = rate_hz
        self._tolerance_s = tolerance_s
        self._next = 0
        self._expected_s: float | None = None

    def number(self, first_stamp_s: float, count: int) -> int:
        """The count of the first of `count` samples, which was stamped so; those lost before it are counted.

        Raises `DeviceFailed` when stamps go back or ahead by what no loss explains.
        """
        late_s = 0.0 if self._expected_s is None else first_stamp_s - self._expected_s
        if not -MOST_BACK_S <= late_s <= MOST_LOST_S:
            raise failed(f"its time stamps jumped by {late_s:.1f} s")
        lost = round(late_s * self._rate_hz) if late_s > self._tolerance_s else 0
        number = self._next + lost
        self._next = number + count
        self._expected_s = first_stamp_s + count / self._rate_hz
        return number
