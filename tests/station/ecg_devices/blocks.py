"""Blocks as a device would give them, for tests."""

import numpy as np

from ecg.leads import Lead
from station.ecg_devices.device import DeviceDescription, SampleBlock

START_US = 1_790_000_000_000_000
TWO_LEADS = DeviceDescription(rate_hz=500, nv_per_lsb=1000, leads=(Lead.II, Lead.V2), device="Heart 12 SN7")


def block(
    number: int, count: int = 10, *, late_us: int = 0, rate_hz: float = 500, **more: object
) -> SampleBlock:
    """Samples that are their own count, arrived when the last was taken plus `late_us`."""
    values = np.arange(number, number + count).astype(np.int16)
    arrived_us = START_US + round((number + count - 1) * 1e6 / rate_hz) + late_us
    return SampleBlock(number, np.stack([values, -values]), arrived_us, **more)  # type: ignore[arg-type]
