"""The ECG while the station is bound: every sample journaled first, then sent live, every 20 ms."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from ecg import wire
from ecg.description import StreamDescription
from ecg.leads import Electrode
from ecg.live import LivePacketizer
from ecg.packets import Wave
from ecg.source import EcgSource
from records.ecg_drafts import QualityNote
from signaling.station_messages import Bind
from station import ecg_stream
from station.device_run import DeviceRun
from station.devices import ECG, OnFault
from station.ecg_devices.device import DeviceDescription
from station.ecg_devices.opening import open_device
from station.ecg_judge import EcgJudge
from station.ecg_sources import open_ecg
from station.ecg_stream import Anchor, EcgStream, Place
from station.errors import StreamDiffers
from station.journal import Journal
from station.live_path import LivePath
from station.r_waves import RWaves
from station.source_words import is_live

log = logging.getLogger(__name__)

REPEATS_END_BELOW_BPS, REPEATS_BEGIN_ABOVE_BPS = 200_000, 800_000


class EcgAcquisition:
    """Samples under one binding, of a source by index or of a device at the patient."""

    def __init__(
        self,
        bind: Bind,
        journal: Journal,
        live: LivePath,
        on_fault: OnFault,
        on_running: Callable[[str], None],
        clock_us: Callable[[], int],
    ) -> None:
        self._bind = bind
        self._journal = journal
        self._live = live
        self._on_fault = on_fault
        self._on_running = on_running
        self._clock_us = clock_us
        self._stream: EcgStream | None = None
        self._device: DeviceRun | None = None
        self._packetizer: LivePacketizer | None = None
        self._repeats = True
        self._judge = EcgJudge()
        self.r_waves = RWaves()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def quality(self) -> tuple[QualityNote, ...] | None:
        """What is wrong with the signal now; None: it is not judged."""
        return self._judge.notes

    @property
    def drift_ppm(self) -> float | None:
        """How much slower than it says the device counts, by the station's clock; None: not known."""
        return None if self._device is None else self._device.drift_ppm

    async def start(self, word: str, offset_us: int | None) -> bool:
        """Open the source and begin, or go on where the station was broken off; False when there is none.

        A device at the patient is only asked for: that it runs, or is not there, is told when it is known,
        and again whenever that changes.

        Raises
        ------
        DeviceFailed : the source cannot be opened
        StreamDiffers : it is not the one this binding's stream began with, or that stream has ended
        StoreError : the journal cannot be written
        """
        if is_live(word):
            self._start_device(word, offset_us)
            return False
        meta = await self._journal.meta(self._bind.binding_id)
        started_us = meta.description.started_us if meta else self._clock_us()
        source = await asyncio.to_thread(open_ecg, word, started_us)
        if source is None:
            return False
        described = ecg_stream.describe(source, self._bind.binding_id, started_us, offset_us)
        anchor = Anchor(0, started_us)
        if meta is None:
            await self._journal.begin(self._bind.binding_id, self._meta(described))
        else:
            place = await self._go_on(meta, described, self._clock_us())
            for wave in place.missed(meta.stream_id, described.rate_hz, len(described.rows)):
                self._journal.add(self._bind.binding_id, wave)
            anchor = place.anchor
        self._stream = EcgStream(source, self._bind.ecg_stream_id, anchor)
        self._judge.begin(described)
        self.r_waves.begin(described)
        self._start_tasks(self._run(source, self._stream))
        return True

    def set_line(self, bits_per_s: int) -> None:
        """The line carries so much: on one that leaves next to nothing, nothing is sent twice.

        Repeats are two thirds of what the live ECG takes. What is lost then is a gap until the durable path,
        which has every sample, fills it.
        """
        left = bits_per_s - self._live.ecg_bits_per_s
        if left < REPEATS_END_BELOW_BPS:
            self._repeats = False
        elif left > REPEATS_BEGIN_ABOVE_BPS:
            self._repeats = True
        if self._packetizer is not None:
            self._packetizer.repeat(self._repeats)

    def set_electrodes_off(self, off: Electrode) -> None:
        """These electrodes of a source by index have come off (demo)."""
        if self._stream is not None:
            self._stream.electrodes_off = off

    async def stop(self) -> None:
        """Take no more samples; nothing is sent any more when this returns."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start_tasks(self, taking: Coroutine[Any, Any, None]) -> None:
        self._tasks = [asyncio.create_task(taking), asyncio.create_task(self._judge.run())]

    # --- the stream's beginning -------------------------------------------------------------------------

    def _meta(self, described: StreamDescription) -> wire.Meta:
        flags = wire.Flag.SIMULATED if described.simulated else wire.Flag.NONE
        return wire.Meta(stream_id=self._bind.ecg_stream_id, description=described, flags=flags)

    async def _go_on(self, meta: wire.Meta, described: StreamDescription, captured_us: int) -> Place:
        """Where a sample captured at that time stands in a stream that was broken off."""
        before, binding_id = meta.description, self._bind.binding_id
        same = (before.rate_hz, before.nv_per_lsb, before.rows) == (
            described.rate_hz,
            described.nv_per_lsb,
            described.rows,
        )
        if not same or meta.stream_id != self._bind.ecg_stream_id:
            raise StreamDiffers("ecg: not the source this binding began with; bind again")
        if await self._journal.end_packet(binding_id) is not None:
            raise StreamDiffers("ecg: the stream of this binding has ended; bind again")
        end = self._journal.durable_end(binding_id)
        anchor = ecg_stream.resume(before, end, captured_us)
        broke_off_us = before.started_us + round(end * 1e6 / before.rate_hz)
        return Place(anchor, end, broke_off_us)

    # --- a source by index ------------------------------------------------------------------------------

    async def _run(self, source: EcgSource, stream: EcgStream) -> None:
        self._open_packetizer(source.rate_hz)
        try:
            while True:
                for piece in stream.pieces(self._clock_us()):
                    self._put(piece, live=True)
                await asyncio.sleep(max(0, stream.due_us() - self._clock_us()) / 1e6)
        except Exception as error:  # whatever breaks here, the room must see that this device is gone
            log.exception("ecg broke off")
            self._on_fault(ECG, f"ecg: broke off ({type(error).__name__})")

    # --- a device at the patient ------------------------------------------------------------------------

    def _start_device(self, word: str, offset_us: int | None) -> None:
        async def begin(about: DeviceDescription, captured_us: int) -> Place:
            return await self._begin_device(about, captured_us, offset_us)

        self._device = DeviceRun(
            open_device(word, self._clock_us),
            self._bind.ecg_stream_id,
            begin,
            lambda piece: self._put(piece.wave, live=piece.live),
            self._device_told,
        )
        self._start_tasks(self._device.run())

    async def _begin_device(self, about: DeviceDescription, captured_us: int, offset_us: int | None) -> Place:
        described = about.as_stream(self._bind.binding_id, captured_us, offset_us)
        meta = await self._journal.meta(self._bind.binding_id)
        if meta is None:
            await self._journal.begin(self._bind.binding_id, self._meta(described))
            place = Place(Anchor(0, captured_us), 0, captured_us)
        elif meta.description.device != described.device:
            raise StreamDiffers("ecg: not the device this binding began with; bind again")
        else:
            place = await self._go_on(meta, described, captured_us)
        self._open_packetizer(about.rate_hz)
        self._judge.begin(described)
        self.r_waves.begin(described)
        return place

    def _device_told(self, problem: str | None) -> None:
        if problem is None:
            self._on_running(ECG)
        else:
            log.warning("%s", problem)
            self._on_fault(ECG, problem)

    # --- both -------------------------------------------------------------------------------------------

    def _open_packetizer(self, rate_hz: float) -> None:
        self._packetizer = LivePacketizer(rate_hz)
        self._packetizer.repeat(self._repeats)

    def _put(self, wave: Wave, *, live: bool) -> None:
        self._journal.add(self._bind.binding_id, wave)
        if live:
            self._judge.take(wave)
            self.r_waves.take(wave)
        if live and self._packetizer is not None:
            self._live.send_ecg(self._packetizer.packet(wave), wave.captured_us)
