"""The ultrasound while the station is bound: captured, watched, kept for a minute, encoded, sent.

Nothing outlives the binding.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Protocol

from records.exam_presets import ExamPreset, priority_of
from records.rooms import Encoding
from station.any_size_encoder import AnySizeEncoder, SourceSizes
from station.capture import CaptureThread
from station.devices import OnFault
from station.encoder import EncodedFrame, EncoderThread
from station.live_capture import LiveCapture
from station.live_path import LivePath
from station.picture_scales import PictureScales
from station.picture_sources import open_pictures
from station.ring_packing import RingPacking
from station.scanner_adapter import ScannerAdapter, adapter_of
from station.shared_ring import SharedRing
from station.source_words import is_live
from station.ultrasound_devices.opening import open_device
from ultrasound.captured import CapturedFrame
from ultrasound.errors import UltrasoundError
from ultrasound.ring import BUDGET_BYTES
from ultrasound.trouble import PictureTrouble
from ultrasound.vigilance import Vigilance

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5

OnShown = Callable[[EncodedFrame, Encoding], None]
"""Told of the first picture in which an encoding shows another part, or gives up something else."""

OnTrouble = Callable[[frozenset[PictureTrouble]], None]
"""Told what is wrong with the captured picture, at every change."""


class Mask(Protocol):
    """Says what of a captured picture may be kept and sent; `PictureMask` is the one there is."""

    @property
    def hides(self) -> bool:
        """Whether parts of the pictures are blackened."""

    def __call__(self, frame: CapturedFrame) -> CapturedFrame:
        """The frame that may be kept and sent for one that was captured; in the thread that captures."""

    def look_again(self) -> bool:
        """Go by what was signed since; in any thread. Whether anything had changed."""

    def troubles(self, now_us: int) -> frozenset[PictureTrouble]:
        """What is to be said of how the picture is masked."""


class UltrasoundAcquisition:
    """Pictures under one binding: captured, then encoded, in threads; sent while somebody receives.

    The reduced encoding is made of the same captured pictures, in a thread of its own that does not hold up
    the main one, and only while the server says how much of it is wanted.
    """

    def __init__(
        self,
        live: LivePath,
        on_fault: OnFault,
        on_running: Callable[[str], None],
        on_shown: OnShown,
        on_trouble: OnTrouble,
        clock_us: Callable[[], int],
        most_bits_per_s: int,
        mask: Mask,
        scales: PictureScales,
        ring_bytes: int = BUDGET_BYTES,
        on_masked_anew: Callable[[], None] = lambda: None,
    ) -> None:
        self._live = live
        self._on_fault = on_fault
        self._on_running = on_running
        self._on_shown = on_shown
        self._on_trouble = on_trouble
        self._most_bits_per_s = most_bits_per_s
        self._mask = mask
        self._on_masked_anew = on_masked_anew  # what was let through before is in the ring no more
        self._masking = threading.Lock()
        self._scales = scales
        self.adapter: ScannerAdapter | None = None  # of the scanner that is open
        self.latest: dict[Encoding, EncodedFrame] = {}
        self.ring = SharedRing(ring_bytes)
        self._clock_us = clock_us
        self._vigilance = Vigilance(clock_us())
        self._troubles: frozenset[PictureTrouble] = frozenset()
        self._loop = asyncio.get_running_loop()
        self._capture: CaptureThread | LiveCapture | None = None
        self._packing: RingPacking | None = None
        self._looking: asyncio.Task[None] | None = None
        self._open_encoder: Callable[[], AnySizeEncoder] | None = None
        self._encoders: dict[Encoding, EncoderThread] = {}
        self._made_by: dict[Encoding, AnySizeEncoder] = {}
        self._ending: set[asyncio.Future[None]] = set()
        self._ring_short = False
        self._preset: ExamPreset | None = None
        self._target: int | None = None
        self._reduced_target = 0
        self._stopped = False
        self.encoded = 0  # of the main encoding, as is what it took
        self.encode_s = 0.0

    @property
    def masked(self) -> bool:
        """Whether parts of the pictures are blackened before they are kept and sent."""
        return self._mask.hides

    @property
    def captured(self) -> int:
        """Pictures taken so far."""
        return self._capture.captured if self._capture else 0

    @property
    def encodings(self) -> frozenset[Encoding]:
        """Those that are made now."""
        return frozenset(self._encoders)

    async def start(self, word: str) -> bool:
        """Open the source and begin; False when there is none. Raises `DeviceFailed`.

        A device at the patient is only asked for: False, and that it runs, or is not there, is told when it
        is known, and again whenever that changes.
        """
        if is_live(word):
            device = open_device(word, self._clock_us)
            self.adapter = adapter_of(device)
            self._begin()
            self._capture = LiveCapture(
                device, self._captured_in_thread, self._runs_in_thread, self._failed_in_thread
            )
            return False
        source = await asyncio.to_thread(open_pictures, word)
        if source is None:
            return False
        self.adapter = adapter_of(source)
        self._begin()
        self._begin_encoding(source.rate_hz)
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
        self._target = max(0, bits_per_s - self._live.ecg_bits_per_s)
        if (encoder := self._encoders.get(Encoding.MAIN)) is not None:
            encoder.set_target(self._target)

    def set_reduced_target(self, bits_per_s: int) -> None:
        """So much of the reduced encoding is wanted; 0: none, and it is not made."""
        self._reduced_target = bits_per_s
        if bits_per_s <= 0:
            self._end_reduced()
        elif (running := self._encoders.get(Encoding.REDUCED)) is not None:
            running.set_target(bits_per_s)
        elif self._open_encoder is not None and not self._stopped:
            encoder = self._open_encoder()
            encoder.set_target(bits_per_s)  # before it begins: x264 is opened for about this rate
            self._encode(Encoding.REDUCED, encoder)

    def set_preset(self, preset: ExamPreset | None) -> None:
        """The examination that was chosen: whether motion or detail is kept longest on a weak line."""
        self._preset = preset
        for encoder in self._encoders.values():
            encoder.set_priority(priority_of(preset))

    async def stop(self) -> None:
        """End all threads; nothing is sent any more when this returns, and nothing is kept."""
        self._stopped = True
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        self._end_reduced()
        if self._capture is not None:
            await asyncio.to_thread(self._capture.close)
        if (encoder := self._encoders.get(Encoding.MAIN)) is not None:
            await asyncio.to_thread(encoder.close)
        if self._packing is not None:
            await asyncio.to_thread(self._packing.close)
        await asyncio.gather(*self._ending)
        self.ring.clear()
        self._tell_troubles(frozenset())

    def _begin(self) -> None:
        self._vigilance = Vigilance(self._clock_us())
        self._packing = RingPacking(self.ring.pack_one)
        self._looking = asyncio.create_task(self._look())

    def _begin_encoding(self, rate_hz: float) -> None:
        sizes = SourceSizes()
        self._open_encoder = lambda: self._encoder(rate_hz, sizes)
        encoder = self._open_encoder()
        if self._target is not None:
            encoder.set_target(self._target)
        self._encode(Encoding.MAIN, encoder)
        self.set_reduced_target(self._reduced_target)

    def _encoder(self, rate_hz: float, sizes: SourceSizes) -> AnySizeEncoder:
        encoder = AnySizeEncoder(rate_hz, self._most_bits_per_s, sizes)
        encoder.set_priority(priority_of(self._preset))
        return encoder

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if await asyncio.to_thread(self._masked_anew):
                self._on_masked_anew()
            now_us = self._clock_us()
            masking = self._mask.troubles(now_us) | self._scales.troubles()
            self._tell_troubles(self._vigilance.troubles(now_us) | masking)
            self._tell_ring()

    def _masked_anew(self) -> bool:
        """In a thread. No picture that is just being masked comes into the ring behind its emptying."""
        with self._masking:
            changed = self._mask.look_again()
            if changed:
                self.ring.clear()  # what another profile let through may be why this one was signed
        return changed

    def _tell_ring(self) -> None:
        held = self.ring.holding
        if held.shortened and not self._ring_short:
            log.warning(
                "ultrasound: memory holds the last %.0f s of this source only; see --ring-mb", held.seconds
            )
        self._ring_short = held.shortened

    def _tell_troubles(self, troubles: frozenset[PictureTrouble]) -> None:
        if troubles != self._troubles:
            self._troubles = troubles
            log.warning("ultrasound: the picture is %s", ", ".join(sorted(troubles)) or "well again")
            self._on_trouble(troubles)

    def _encode(self, encoding: Encoding, encoder: AnySizeEncoder) -> None:
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

    def _captured_in_thread(self, frame: CapturedFrame) -> None:
        if self._stopped:
            return
        self._vigilance.see(frame)
        try:
            with self._masking:
                allowed = self._mask(frame)
                self.ring.add(allowed)
            self._scales.see(allowed)
        except UltrasoundError:  # its packet was damaged: neither kept nor sent
            return
        if self._live.open:
            for encoder in self._encoders.values():
                encoder.put(allowed)

    def _runs_in_thread(self, rate_hz: float) -> None:
        self._loop.call_soon_threadsafe(self._runs, rate_hz)

    def _runs(self, rate_hz: float) -> None:
        if self._stopped:
            return
        if self._open_encoder is None:
            self._begin_encoding(rate_hz)
        self._on_running("ultrasound")

    def _send(self, encoding: Encoding, encoder: AnySizeEncoder, frame: EncodedFrame) -> None:
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
