"""The running binding: what acquires under it, and what is counted of it."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from ecg.leads import Electrode
from records.errors import StoreError
from records.exam_presets import ExamPreset
from records.ids import BindingId
from records.rooms import Encoding
from signaling.messages import DeviceState, Message
from signaling.station_messages import Bind, GiveClip, StationFigures
from station.clips import Clips
from station.devices import ECG, ULTRASOUND, Devices
from station.ecg_acquisition import EcgAcquisition
from station.encoder import EncodedFrame
from station.errors import StationError
from station.journal import Journal
from station.live_path import LivePath
from station.picture_mask import PictureMask
from station.picture_message import picture_message
from station.picture_scales import PictureScales
from station.remote_control import RemoteControl
from station.settings import StationSettings
from station.stills import Put, Stills
from station.ultrasound_acquisition import UltrasoundAcquisition

SPARE = 0.2
"""Of what the line carries, as the server tells: a clip may take it, and the live picture keeps the rest."""

LEAST_SPARE_BITS_PER_S = 200_000.0
"""A body that comes slower than 128 kbit/s is broken off by the server."""


class RunningBinding:
    """One binding from `start` to `stop`; a device that fails leaves the other running."""

    def __init__(
        self,
        bind: Bind,
        settings: StationSettings,
        devices: Devices,
        journal: Journal,
        clock_us: Callable[[], int],
        tell: Callable[[Message], None],
        put: Put,
        forget_clips: Callable[[BindingId], None],
    ) -> None:
        self.bind = bind
        self.live = LivePath()
        self._settings = settings
        self._devices = devices
        self._journal = journal
        self._clock_us = clock_us
        self._tell = tell
        self._forget_clips = forget_clips
        mask = PictureMask(settings.ultrasound, settings.profiles, settings.when_unsure)
        scales = PictureScales(settings.data_directory / "scales", mask.profile_of)
        self._ultrasound = UltrasoundAcquisition(
            self.live,
            self._failed,
            self._runs,
            self._shown,
            devices.set_troubles,
            clock_us,
            settings.ultrasound_bits_per_s,
            mask,
            scales,
            settings.ring_bytes,
            on_masked_anew=self._masked_anew,
        )
        self._ecg = EcgAcquisition(bind, journal, self.live, self._failed, self._runs, clock_us)
        self.stills = Stills(
            bind.binding_id,
            self._ultrasound.ring,
            self._ecg.r_waves,
            put,
            tell,
            scales,
            is_masked=lambda: self._ultrasound.masked,
            is_simulated=lambda: devices.simulated,
        )
        self.remote: RemoteControl | None = None  # None: nothing of the scanner can be turned from here
        self._target_bits_per_s = 0
        self._stopped = False
        self._counted = _Counted(clock_us(), 0, 0, 0.0)

    async def start(self, offset_us: int | None) -> None:
        """Open both sources."""
        await self._start(ECG, lambda: self._ecg.start(self._settings.ecg, offset_us))
        await self._start(ULTRASOUND, lambda: self._ultrasound.start(self._settings.ultrasound))
        if (adapter := self._ultrasound.adapter) is not None:
            self.remote = RemoteControl(self.bind.binding_id, adapter, self._tell, self._clock_us)
            self.remote.tell_offer()

    async def stop(self, *, finish: bool) -> None:
        """Acquire no more and empty everything; with `finish` the ECG's stream ends, else it may go on."""
        self._stopped = True
        if self.remote is not None:
            await self.remote.stop()
        await self.stills.stop()
        await self._ultrasound.stop()
        await self._ecg.stop()
        await self.live.close()
        self._devices.released()
        if finish:
            await self._journal.finish(self.bind.binding_id)

    def want_key_frame(self) -> None:
        """A viewer cannot decode without one."""
        self._ultrasound.want_key_frame()

    def set_target(self, bits_per_s: int) -> None:
        """The line carries so much."""
        self._ecg.set_line(bits_per_s)
        self._ultrasound.set_target(bits_per_s)
        self._target_bits_per_s = bits_per_s

    def want_reduced_key_frame(self) -> None:
        """A viewer of the reduced encoding cannot decode without one."""
        self._ultrasound.want_key_frame(Encoding.REDUCED)

    def set_reduced_target(self, bits_per_s: int) -> None:
        """So much of a reduced encoding is wanted; 0: none."""
        self._ultrasound.set_reduced_target(bits_per_s)

    def set_preset(self, preset: ExamPreset | None) -> None:
        """The examination that was chosen."""
        self._ultrasound.set_preset(preset)

    def give_clip(self, clips: Clips, asked: GiveClip) -> None:
        """Take the frames of a clip out of what is kept, to be put behind what is live."""
        masked, simulated = self._ultrasound.masked, self._devices.simulated
        ring = self.stills.frames_until(asked.until_us)
        clips.give(asked, ring, self.stills.calibration_of, masked=masked, simulated=simulated)

    @property
    def spare_bits_per_s(self) -> float | None:
        """What a clip may take of the line beside the live picture; None: nobody receives that now."""
        if not self.live.open:
            return None
        return max(LEAST_SPARE_BITS_PER_S, SPARE * self._target_bits_per_s)

    def tell_picture(self) -> None:
        """Say again which part of the picture is sent: to a server that may not have heard it."""
        for encoding, frame in self._ultrasound.latest.items():
            self._shown(frame, encoding)

    def set_electrodes_off(self, off: Electrode) -> None:
        """These electrodes have come off (demo)."""
        self._ecg.set_electrodes_off(off)

    def figures(self, undelivered: int | None) -> StationFigures:
        """What was measured since this was last asked."""
        before, us = self._counted, self._ultrasound
        now = self._counted = _Counted(self._clock_us(), us.captured, us.encoded, us.encode_s)
        seconds = max(1e-3, (now.at_us - before.at_us) / 1e6)
        encoded = now.encoded - before.encoded
        pictures = self._devices.is_running(ULTRASOUND)
        held = us.ring.holding
        return StationFigures(
            binding_id=self.bind.binding_id,
            captured_fps=(now.captured - before.captured) / seconds if pictures else None,
            encoded_fps=encoded / seconds if pictures else None,
            encode_ms=(now.encode_s - before.encode_s) * 1000 / encoded if encoded else None,
            sent_mbps=self.live.take_bytes() * 8 / 1e6 / seconds if self.live.open else None,
            undelivered_samples=undelivered,
            ecg_drift_ppm=self._ecg.drift_ppm,
            ecg_quality=self._ecg.quality,
            ring_s=held.seconds if pictures else None,
            ring_short=held.shortened,
        )

    async def _start(self, device: str, start: "Callable[[], Awaitable[bool]]") -> None:
        try:
            if await start():
                self._devices.set(device, DeviceState.RUNNING)
        except (StationError, StoreError, OSError) as error:
            self._failed(device, str(error))

    def _shown(self, frame: EncodedFrame, encoding: Encoding) -> None:
        self._tell(picture_message(self.bind.binding_id, frame, encoding))

    def _masked_anew(self) -> None:
        self.stills.forget()
        self._forget_clips(self.bind.binding_id)

    def _runs(self, device: str) -> None:
        if not self._stopped:
            self._devices.set(device, DeviceState.RUNNING)

    def _failed(self, device: str, problem: str) -> None:
        if not self._stopped:
            self._devices.failed(device, problem)


class _Counted(NamedTuple):
    at_us: int
    captured: int
    encoded: int
    encode_s: float
