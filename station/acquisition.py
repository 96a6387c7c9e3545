"""What runs while the station is bound: one binding, its own sources, encoder, packets and counters.

Nothing outlives it but what is in the journal, under its own binding.
"""

import asyncio
import logging
from collections.abc import Callable

from ecg import wire
from ecg.description import StreamDescription
from ecg.leads import Electrode
from ecg.live import LivePacketizer
from ecg.source import EcgSource
from records.rooms import Encoding
from signaling.station_messages import Bind
from station import ecg_stream
from station.capture import CaptureThread
from station.ecg_sources import open_ecg
from station.ecg_stream import Anchor, EcgStream
from station.encoder import EncodedFrame, EncoderThread
from station.errors import StreamDiffers
from station.journal import Journal
from station.lean_encoder import LeanEncoder
from station.live_path import LivePath
from station.part_sizes import PartSizes
from station.picture_sources import open_pictures
from ultrasound.cine import Picture

log = logging.getLogger(__name__)

REPEATS_END_BELOW_BPS, REPEATS_BEGIN_ABOVE_BPS = 200_000, 800_000

OnFault = Callable[[str, str], None]
"""Told the device's name and what is wrong with it."""

OnShown = Callable[[EncodedFrame, Encoding], None]
"""Told of the first picture in which an encoding shows another part, or gives up something else."""


class UltrasoundAcquisition:
    """Pictures under one binding: captured, then encoded, in threads; sent while somebody receives.

    The reduced encoding is made of the same captured pictures, in a thread of its own that does not hold up
    the main one, and only while the server says how much of it is wanted.
    """

    def __init__(
        self,
        live: LivePath,
        on_fault: OnFault,
        on_shown: OnShown,
        clock_us: Callable[[], int],
        most_bits_per_s: int,
    ) -> None:
        self._live = live
        self._on_fault = on_fault
        self._on_shown = on_shown
        self._most_bits_per_s = most_bits_per_s
        self.latest: dict[Encoding, EncodedFrame] = {}
        self._clock_us = clock_us
        self._loop = asyncio.get_running_loop()
        self._capture: CaptureThread | None = None
        self._open_encoder: Callable[[], LeanEncoder] | None = None
        self._encoders: dict[Encoding, EncoderThread] = {}
        self._made_by: dict[Encoding, LeanEncoder] = {}
        self._ending: set[asyncio.Future[None]] = set()
        self._stopped = False
        self.encoded = 0  # of the main encoding, as is what it took
        self.encode_s = 0.0

    @property
    def captured(self) -> int:
        """Pictures taken so far."""
        return self._capture.captured if self._capture else 0

    @property
    def encodings(self) -> frozenset[Encoding]:
        """Those that are made now."""
        return frozenset(self._encoders)

    async def start(self, word: str) -> bool:
        """Open the source and begin; False when there is none. Raises `DeviceFailed`."""
        source = await asyncio.to_thread(open_pictures, word)
        if source is None:
            return False
        size, rate_hz = (source.width, source.height), source.rate_hz
        sizes = PartSizes(*size)
        self._open_encoder = lambda: LeanEncoder(*size, rate_hz, self._most_bits_per_s, sizes)
        self._encode(Encoding.MAIN, self._open_encoder())
        self._capture = CaptureThread(
            source, self._clock_us, self._captured_in_thread, self._failed_in_thread
        )
        return True

    def want_key_frame(self, encoding: Encoding = Encoding.MAIN) -> None:
        """Somebody cannot decode without one."""
        if (encoder := self._encoders.get(encoding)) is not None:
            encoder.want_key_frame()

    def set_target(self, bits_per_s: int) -> None:
        """The line carries so much: the ECG goes first, the rest is left for pictures."""
        if (encoder := self._encoders.get(Encoding.MAIN)) is not None:
            encoder.set_target(max(0, bits_per_s - self._live.ecg_bits_per_s))

    def set_reduced_target(self, bits_per_s: int) -> None:
        """So much of the reduced encoding is wanted; 0: none, and it is not made."""
        if bits_per_s <= 0:
            self._end_reduced()
        elif (running := self._encoders.get(Encoding.REDUCED)) is not None:
            running.set_target(bits_per_s)
        elif self._open_encoder is not None and not self._stopped:
            encoder = self._open_encoder()
            encoder.set_target(bits_per_s)  # before it begins: x264 is opened for about this rate
            self._encode(Encoding.REDUCED, encoder)

    async def stop(self) -> None:
        """End all threads; nothing is sent any more when this returns."""
        self._stopped = True
        self._end_reduced()
        if self._capture is not None:
            await asyncio.to_thread(self._capture.close)
        if (encoder := self._encoders.get(Encoding.MAIN)) is not None:
            await asyncio.to_thread(encoder.close)
        await asyncio.gather(*self._ending)

    def _encode(self, encoding: Encoding, encoder: LeanEncoder) -> None:
        def encoded_in_thread(frame: EncodedFrame) -> None:
            self._loop.call_soon_threadsafe(self._send, encoding, encoder, frame)

        self._made_by[encoding] = encoder
        is_main = encoding is Encoding.MAIN
        failed = self._failed_in_thread if is_main else self._reduced_failed_in_thread
        thread = EncoderThread(encoder, encoded_in_thread, failed, gives_way=not is_main)
        # A new dict, never a changed one: the thread that captures reads it.
        self._encoders = {**self._encoders, encoding: thread}

    def _end_reduced(self) -> None:
        ended = self._encoders.get(Encoding.REDUCED)
        if ended is None:
            return
        self._encoders = {Encoding.MAIN: self._encoders[Encoding.MAIN]}
        del self._made_by[Encoding.REDUCED]
        self.latest.pop(Encoding.REDUCED, None)
        ending = self._loop.run_in_executor(None, ended.close)
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    def _captured_in_thread(self, picture: Picture, capture_us: int) -> None:
        if self._live.open:
            for encoder in self._encoders.values():
                encoder.put(picture, capture_us)

    def _send(self, encoding: Encoding, encoder: LeanEncoder, frame: EncodedFrame) -> None:
        if self._stopped or self._made_by.get(encoding) is not encoder:
            return  # nothing of an encoder that was ended among the pictures of the next
        if encoding is Encoding.MAIN:
            self.encoded += 1
            self.encode_s += frame.encode_s
        before, self.latest[encoding] = self.latest.get(encoding), frame
        if before is None or (before.shown, before.given_up) != (frame.shown, frame.given_up):
            self._on_shown(frame, encoding)  # said before it is sent: nothing is shown in a wrong place
        self._live.send_frame(frame.annexb, frame.capture_us, encoding)

    def _failed_in_thread(self, error: Exception) -> None:
        self._loop.call_soon_threadsafe(self._on_fault, "ultrasound", str(error))

    def _reduced_failed_in_thread(self, error: Exception) -> None:
        log.error("the reduced encoding broke off; the main one goes on: %s", error)


class EcgAcquisition:
    """Samples under one binding: journaled first, then sent live, every 20 ms."""

    def __init__(
        self, bind: Bind, journal: Journal, live: LivePath, on_fault: OnFault, clock_us: Callable[[], int]
    ) -> None:
        self._bind = bind
        self._journal = journal
        self._live = live
        self._on_fault = on_fault
        self._clock_us = clock_us
        self._stream: EcgStream | None = None
        self._packetizer: LivePacketizer | None = None
        self._repeats = True
        self._task: asyncio.Task[None] | None = None

    async def start(self, word: str, offset_us: int | None) -> bool:
        """Open the source and begin, or go on where the station was broken off; False when there is none.

        Raises
        ------
        DeviceFailed : the source cannot be opened
        StreamDiffers : it is not the one this binding's stream began with, or that stream has ended
        StoreError : the journal cannot be written
        """
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
            anchor = await self._go_on(meta, described)
        self._stream = EcgStream(source, self._bind.ecg_stream_id, anchor)
        self._task = asyncio.create_task(self._run(source, self._stream))
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
        """These electrodes have come off."""
        if self._stream is not None:
            self._stream.electrodes_off = off

    async def stop(self) -> None:
        """Take no more samples; nothing is sent any more when this returns."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _meta(self, described: StreamDescription) -> wire.Meta:
        flags = wire.Flag.SIMULATED if described.simulated else wire.Flag.NONE
        return wire.Meta(stream_id=self._bind.ecg_stream_id, description=described, flags=flags)

    async def _go_on(self, meta: wire.Meta, described: StreamDescription) -> Anchor:
        before, binding_id = meta.description, self._bind.binding_id
        same = (before.rate_hz, before.nv_per_lsb, before.leads) == (
            described.rate_hz,
            described.nv_per_lsb,
            described.leads,
        )
        if not same or meta.stream_id != self._bind.ecg_stream_id:
            raise StreamDiffers("ecg: not the source this binding began with; bind again")
        if await self._journal.end_packet(binding_id) is not None:
            raise StreamDiffers("ecg: the stream of this binding has ended; bind again")
        end = self._journal.durable_end(binding_id)
        anchor = ecg_stream.resume(before, end, self._clock_us())
        broke_off_us = before.started_us + round(end * 1e6 / before.rate_hz)
        for wave in ecg_stream.missing_waves(
            meta.stream_id, len(before.leads), end, anchor.index, broke_off_us
        ):
            self._journal.add(binding_id, wave)
        return anchor

    async def _run(self, source: EcgSource, stream: EcgStream) -> None:
        packetizer = self._packetizer = LivePacketizer(source.rate_hz)
        packetizer.repeat(self._repeats)
        try:
            while True:
                for piece in stream.pieces(self._clock_us()):
                    self._journal.add(self._bind.binding_id, piece)
                    self._live.send_ecg(packetizer.packet(piece), piece.captured_us)
                await asyncio.sleep(max(0, stream.due_us() - self._clock_us()) / 1e6)
        except Exception as error:  # whatever breaks here, the room must see that this device is gone
            log.exception("ecg broke off")
            self._on_fault("ecg", f"ecg: broke off ({type(error).__name__})")
