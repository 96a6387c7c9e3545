"""The station's devices as the server is told of them."""

import asyncio
from collections.abc import Callable

from signaling.messages import DeviceState
from signaling.station_messages import StationDevices
from station.ecg_sources import open_ecg
from station.errors import DeviceFailed
from station.picture_sources import open_pictures
from station.settings import StationSettings

ULTRASOUND, ECG = "ultrasound", "ecg"


class Devices:
    """States of both devices; every change is told."""

    def __init__(self, settings: StationSettings, on_change: Callable[[], None]) -> None:
        self._settings = settings
        self._on_change = on_change
        self._states = {ULTRASOUND: DeviceState.MISSING, ECG: DeviceState.MISSING}
        self._errors: dict[str, str] = {}

    @property
    def simulated(self) -> bool:
        """True: everything this version can open is replayed from a file or made up."""
        return any(state is not DeviceState.MISSING for state in self._states.values())

    def message(self) -> StationDevices:
        """What the server is told."""
        return StationDevices(
            ultrasound=self._states[ULTRASOUND],
            ecg=self._states[ECG],
            device_error="; ".join(self._errors[name] for name in sorted(self._errors)),
        )

    def is_running(self, device: str) -> bool:
        """True while the device acquires."""
        return self._states[device] is DeviceState.RUNNING

    async def check(self) -> None:
        """Open each source once and close it: faults show before anybody binds."""
        for device, probe in ((ULTRASOUND, self._probe_ultrasound), (ECG, self._probe_ecg)):
            try:
                there = await asyncio.to_thread(probe)
            except DeviceFailed as fault:
                self.failed(device, str(fault))
            else:
                self.set(device, DeviceState.READY if there else DeviceState.MISSING)

    def set(self, device: str, state: DeviceState) -> None:
        """The device is well, and in this state."""
        self._errors.pop(device, None)
        self._change(device, state)

    def failed(self, device: str, problem: str) -> None:
        """The device could not be opened or broke off."""
        self._errors[device] = problem
        self._change(device, DeviceState.FAILED)

    def released(self) -> None:
        """What ran is ready again; what failed stays failed until it is opened again."""
        for device, state in self._states.items():
            if state is DeviceState.RUNNING:
                self.set(device, DeviceState.READY)

    def _change(self, device: str, state: DeviceState) -> None:
        self._states[device] = state
        self._on_change()

    def _probe_ultrasound(self) -> bool:
        source = open_pictures(self._settings.ultrasound)
        if source is None:
            return False
        source.close()
        return True

    def _probe_ecg(self) -> bool:
        return open_ecg(self._settings.ecg, 0) is not None
