"""The station's devices as the server is told of them."""

import asyncio
from collections.abc import Callable

from signaling.messages import DeviceState
from signaling.station_messages import StationDevices
from station.ecg_devices.opening import open_device
from station.ecg_devices.probe import probe
from station.ecg_sources import open_ecg
from station.errors import DeviceFailed
from station.picture_mask import PictureMask
from station.picture_sources import open_pictures
from station.settings import StationSettings
from station.source_words import is_live
from station.ultrasound_devices.opening import open_device as open_ultrasound_device
from ultrasound.trouble import PictureTrouble

ULTRASOUND, ECG = "ultrasound", "ecg"

OnFault = Callable[[str, str], None]
"""Told the device's name and what is wrong with it."""


class Devices:
    """States of both devices; every change is told."""

    def __init__(
        self, settings: StationSettings, on_change: Callable[[], None], clock_us: Callable[[], int]
    ) -> None:
        self._settings = settings
        self._on_change = on_change
        self._clock_us = clock_us
        self._states = {ULTRASOUND: DeviceState.MISSING, ECG: DeviceState.MISSING}
        self._errors: dict[str, str] = {}
        self._troubles: frozenset[PictureTrouble] = frozenset()
        self._mask = PictureMask(settings.ultrasound, settings.profiles, settings.when_unsure)
        self._live = {ULTRASOUND: is_live(settings.ultrasound), ECG: is_live(settings.ecg)}
        self._probing: asyncio.Task[None] | None = None

    @property
    def simulated(self) -> bool:
        """True when anything of this station is replayed from a file or made up."""
        replayed = (device for device, live in self._live.items() if not live)
        return any(self._states[device] is not DeviceState.MISSING for device in replayed)

    def message(self) -> StationDevices:
        """What the server is told."""
        offset = self._mask.ecg_offset
        return StationDevices(
            ultrasound=self._states[ULTRASOUND],
            ecg=self._states[ECG],
            device_error="; ".join(self._errors[name] for name in sorted(self._errors)),
            picture_troubles=tuple(one for one in PictureTrouble if one in self._told_troubles()),
            picture_offset_bound_ms=offset.uncertainty_ms if offset is not None else None,
        )

    def is_running(self, device: str) -> bool:
        """True while the device acquires."""
        return self._states[device] is DeviceState.RUNNING

    async def check(self) -> None:
        """Open each file once and close it: faults show before anybody binds."""
        for device, look in ((ULTRASOUND, self._probe_ultrasound), (ECG, self._probe_ecg)):
            try:
                there = await asyncio.to_thread(look)
            except DeviceFailed as fault:
                self.failed(device, str(fault))
            else:
                self.set(device, DeviceState.READY if there else DeviceState.MISSING)

    def look_for_device(self) -> None:
        """Look whether devices at the patient answer, unless they did, and what was signed for the picture;
        for when nothing is bound.
        """
        before = (self._mask.troubles(0), self._mask.ecg_offset)
        self._mask.look_again()
        if (self._mask.troubles(0), self._mask.ecg_offset) != before:
            self._on_change()
        sought = [
            one for one, live in self._live.items() if live and self._states[one] is not DeviceState.READY
        ]
        if sought and (self._probing is None or self._probing.done()):
            self._probing = asyncio.create_task(self._look(sought))

    async def let_go(self) -> None:
        """Look no more: somebody else opens the device now."""
        if self._probing is not None:
            self._probing.cancel()
            await asyncio.gather(self._probing, return_exceptions=True)

    def set(self, device: str, state: DeviceState) -> None:
        """The device is well, and in this state."""
        self._errors.pop(device, None)
        self._change(device, state)

    def failed(self, device: str, problem: str) -> None:
        """The device could not be opened or broke off."""
        self._errors[device] = problem
        self._change(device, DeviceState.FAILED)

    def set_troubles(self, troubles: frozenset[PictureTrouble]) -> None:
        """So the captured picture is now."""
        self._troubles = troubles
        self._on_change()

    def released(self) -> None:
        """What ran is ready again; what failed stays failed until it is opened again."""
        for device, state in self._states.items():
            if state is DeviceState.RUNNING:
                self.set(device, DeviceState.READY)

    def _told_troubles(self) -> frozenset[PictureTrouble]:
        """Before there is a picture: whether anything of it could be seen."""
        return self._troubles if self.is_running(ULTRASOUND) else self._troubles | self._mask.troubles(0)

    def _change(self, device: str, state: DeviceState) -> None:
        self._states[device] = state
        self._on_change()

    async def _look(self, sought: list[str]) -> None:
        for device in sought:
            try:
                await (self._look_for_ecg() if device == ECG else asyncio.to_thread(self._open_ultrasound))
            except DeviceFailed as fault:
                if self._errors.get(device) != str(fault):
                    self.failed(device, str(fault))
            else:
                self.set(device, DeviceState.READY)

    async def _look_for_ecg(self) -> None:
        await probe(open_device(self._settings.ecg, self._clock_us))

    def _open_ultrasound(self) -> None:
        device = open_ultrasound_device(self._settings.ultrasound, self._clock_us)
        try:
            device.open()
        finally:
            device.close()

    def _probe_ultrasound(self) -> bool:
        source = open_pictures(self._settings.ultrasound)
        if source is None:
            return False
        source.close()
        return True

    def _probe_ecg(self) -> bool:
        return open_ecg(self._settings.ecg, 0) is not None
