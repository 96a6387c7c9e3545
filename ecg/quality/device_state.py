"""What the device itself says of its signal: taken as it is, before anything is measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecg.leads import Electrode, Lead, leads_of_bits, unusable_leads
from ecg.packets import Flag, Wave


@dataclass(frozen=True, slots=True)
class DeviceState:
    """Of some samples: electrodes off, leads it calls unusable or clipped, whether its test pulse runs."""

    electrodes_off: Electrode = Electrode(0)
    unusable: frozenset[Lead] = frozenset()
    clipped: frozenset[Lead] = frozenset()
    calibration: bool = False

    @property
    def off(self) -> frozenset[Lead]:
        """The leads that must not be read."""
        return self.unusable | unusable_leads(self.electrodes_off)

    def __or__(self, other: "DeviceState") -> "DeviceState":
        """What was said of either."""
        return DeviceState(
            self.electrodes_off | other.electrodes_off,
            self.unusable | other.unusable,
            self.clipped | other.clipped,
            self.calibration or other.calibration,
        )


NOTHING_SAID = DeviceState()


def state_of(wave: Wave, leads: Sequence[Lead]) -> DeviceState:
    """What a packet says of its samples; `leads` as its META orders them."""
    return DeviceState(
        wave.electrodes_off,
        leads_of_bits(wave.unusable, leads),
        leads_of_bits(wave.clipped, leads),
        bool(wave.flags & Flag.CALIBRATION),
    )
