"""Moments as microseconds since 1970, without the rounding of floating point."""

import datetime as dt

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def to_us(at: dt.datetime) -> int:
    """Microseconds since 1970 of an aware time."""
    return (at - _EPOCH) // _MICROSECOND


def from_us(us: int) -> dt.datetime:
    """The UTC time of microseconds since 1970; raise `OverflowError` beyond the calendar."""
    return _EPOCH + dt.timedelta(microseconds=us)
