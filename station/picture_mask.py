"""Masks what a source gives before it is kept or sent, by the profiles signed for it; closed when unsure.

| source | without a signed profile |
|---|---|
| a device at the patient, a recorded video | nothing is seen: its screen names the patient |
| a DICOM file | its own regions of picture and ECG are seen: names are written outside of them |
| simulated, synthetic | all is seen: it is of nobody |

With a signed profile, that profile alone decides.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.picture_profiles import Marks, Profiles, marks, read_profiles, source_name
from station.source_words import LIVE_WORDS, SourceKind, parse
from ultrasound.captured import CapturedFrame
from ultrasound.pixels import Layout, Matrix, Pixels
from ultrasound.privacy.clean_pixels import PICTURE
from ultrasound.privacy.grounds import Seen, Unsure, WhenUnsure
from ultrasound.privacy.masking import BLACK_LUMA, Cover, Masked, Masker
from ultrasound.privacy.profile import DeviceProfile, EcgOffset
from ultrasound.privacy.text_watch import TextWatch
from ultrasound.privacy.visible import hides_nothing, visible_by_regions
from ultrasound.regions import DataType, Region, RegionFault
from ultrasound.trouble import PictureTrouble

log = logging.getLogger(__name__)

CHANGED_FOR_US = 10_000_000
"""So long a new layout is told of, as a new size is."""

_KEPT_REGIONS = (*PICTURE, DataType.ECG)
_FULL_RANGE = (Matrix.BT601_FULL, Matrix.BT709_FULL)
_TROUBLES = {
    Unsure.NO_PROFILE: PictureTrouble.NO_PROFILE,
    Unsure.NOT_SIGNED_OFF: PictureTrouble.NO_PROFILE,
    Unsure.UNREADABLE: PictureTrouble.PROFILE_BROKEN,
    Unsure.UNKNOWN_SIZE: PictureTrouble.UNKNOWN_LAYOUT,
    Unsure.UNKNOWN_LAYOUT: PictureTrouble.UNKNOWN_LAYOUT,
    Unsure.AMBIGUOUS_LAYOUT: PictureTrouble.UNKNOWN_LAYOUT,
}

_WHOLE = Masked(Seen.WHOLE, None, None)

Put = Callable[[CapturedFrame], tuple[CapturedFrame, Masked]]
"""Gives what may be seen of a frame, and on what grounds."""


@dataclass(frozen=True, slots=True)
class _State:
    """Replaced as a whole: one thread masks, another asks."""

    masked: Masked | None = None
    layout: str | None = None  # the last one that held
    changed_us: int | None = None
    new_text: bool = False


class PictureMask:
    """Of one source. Frames come from one thread; `look_again` and `troubles` may be asked from another."""

    def __init__(
        self, word: str, folder: Path | None, when_unsure: WhenUnsure = WhenUnsure.LARGEST_SHAPE
    ) -> None:
        self._kind = parse(word).kind
        self._source = source_name(word)
        self._folder = folder
        self._when_unsure = when_unsure
        self._marks: Marks | None = None
        self._found: Profiles | None = None
        self._put: Put = _closed(Unsure.NO_PROFILE)
        self._unsure_before: Unsure | None = None
        self._state = _State()
        self._watches: dict[str, TextWatch] = {}
        self._signed: tuple[DeviceProfile, ...] = ()
        self.ecg_offset: EcgOffset | None = None
        self.look_again()

    @property
    def hides(self) -> bool:
        """Whether parts of the pictures are blackened."""
        return self._put is not _as_it_is

    def profile_of(self, layout: str | None, width: int, height: int) -> DeviceProfile | None:
        """The signed profile by which a frame was masked; None: by none, or by one that is gone."""
        same = (
            one
            for one in self._signed
            if (one.layout, one.width_px, one.height_px) == (layout, width, height)
        )
        return next(same, None)

    def look_again(self) -> bool:
        """Go by what lies in the folder now: a profile that was signed holds from the next frame on. Whether
        that is anything else than before for this source.
        """
        now = marks(self._folder) if self._folder is not None else frozenset()
        if now == self._marks:
            return False
        self._marks = now
        found = read_profiles(self._folder, self._source) if self._folder is not None else Profiles()
        if found == self._found:
            return False
        self._found = found
        if found.broken:
            log.error("ultrasound: no profile is trusted: %s", found.broken)
        self._put, self._unsure_before = self._decided(found)
        self._signed = found.signed
        # Of the way from the probe to here: the same for all frames, so that times go on rising.
        if self._state.masked is None:
            self.ecg_offset = _offset_of(self._signed)
        return True

    def __call__(self, frame: CapturedFrame) -> CapturedFrame:
        """The frame that may be kept and sent; raises `UltrasoundError` for one that cannot be masked."""
        allowed, masked = self._put(frame)
        if self.ecg_offset is not None and allowed is not frame:
            allowed.capture_us = frame.capture_us - round(self.ecg_offset.picture_late_ms * 1000)
        new_text = masked.profile is not None and self._has_new_text(masked.profile, frame)
        before = self._state
        another = masked.layout is not None and before.layout not in (None, masked.layout)
        self._state = _State(
            masked,
            masked.layout or before.layout,
            frame.capture_us if another else before.changed_us,
            new_text,
        )
        return allowed

    def troubles(self, now_us: int) -> frozenset[PictureTrouble]:
        """What is to be said of how the picture is masked; empty: nothing."""
        state = self._state
        unsure = state.masked.unsure if state.masked is not None else self._unsure_before
        told = {_TROUBLES[unsure]} if unsure is not None else set()
        if state.new_text:
            told.add(PictureTrouble.NEW_TEXT)
        if state.changed_us is not None and now_us - state.changed_us < CHANGED_FOR_US:
            told.add(PictureTrouble.LAYOUT_CHANGED)
        return frozenset(told)

    def _decided(self, found: Profiles) -> tuple[Put, Unsure | None]:
        """How frames are masked, and what is unsure before the first one comes."""
        made_up = self._kind in (SourceKind.SIMULATOR, SourceKind.SYNTHETIC, SourceKind.NONE)
        if found.broken and not made_up:
            return _closed(Unsure.UNREADABLE), Unsure.UNREADABLE
        if found.signed:
            return _by_profiles(Masker(found.of_source, self._when_unsure)), None
        if made_up:
            return _as_it_is, None
        if self._kind in LIVE_WORDS or self._kind is SourceKind.VIDEO:
            unsure = Unsure.NOT_SIGNED_OFF if found.of_source else Unsure.NO_PROFILE
            return _closed(unsure), unsure
        return _by_regions(), None

    def _has_new_text(self, profile: DeviceProfile, frame: CapturedFrame) -> bool:
        signature = profile.signed_off
        assert signature is not None  # no other one masks
        watch = self._watches.get(signature.digest)
        if watch is None:
            watch = self._watches[signature.digest] = TextWatch(profile)
        pixels = frame.pixels
        seen = pixels.samples if pixels.layout is Layout.RGB else pixels.luma
        return bool(watch.see(seen, frame.capture_us))


def _offset_of(signed: tuple[DeviceProfile, ...]) -> EcgOffset | None:
    """How much later pictures of the source are stamped than its ECG; None: not measured, or said twice."""
    said = {one.ecg_offset for one in signed if one.ecg_offset is not None}
    if len(said) > 1:
        log.error("ultrasound: its profiles say different offsets to the ECG; none is taken")
    return said.pop() if len(said) == 1 else None


def _as_it_is(frame: CapturedFrame) -> tuple[CapturedFrame, Masked]:
    return frame, _WHOLE


def _closed(unsure: Unsure) -> Put:
    masked = Masked(Seen.NOTHING, None, unsure)

    def put(frame: CapturedFrame) -> tuple[CapturedFrame, Masked]:
        black = np.zeros((frame.height, frame.width), np.uint8)
        return frame.with_pixels(Pixels(Layout.GREY, black)), masked

    return put


def _by_profiles(masker: Masker) -> Put:
    def put(frame: CapturedFrame) -> tuple[CapturedFrame, Masked]:
        pixels = frame.pixels
        samples = pixels.samples.copy()
        if pixels.layout is Layout.YUV420:
            masked = masker.mask_planes(samples, pixels.width, pixels.height, _black_luma(pixels))
        else:
            masked = masker.mask(samples)
        return frame.with_pixels(Pixels(pixels.layout, samples, pixels.matrix), masked.layout), masked

    return put


def _by_regions() -> Put:
    covers: dict[tuple[int, int, tuple[Region, ...]], Cover] = {}
    masked = Masked(Seen.BY_REGIONS, None, None)
    nothing = Masked(Seen.NOTHING, None, Unsure.NO_PROFILE)

    def put(frame: CapturedFrame) -> tuple[CapturedFrame, Masked]:
        pixels = frame.pixels
        key = (pixels.width, pixels.height, frame.regions)
        if key not in covers:
            covers.clear()
            covers[key] = Cover(_visible(*key))
        cover, samples = covers[key], pixels.samples.copy()
        if pixels.layout is Layout.YUV420:
            cover.put_on_planes(samples, _black_luma(pixels))
        else:
            cover.put_on(samples)
        kept = frame.with_pixels(Pixels(pixels.layout, samples, pixels.matrix))
        return kept, nothing if cover.box is None else masked

    return put


def _visible(width: int, height: int, regions: tuple[Region, ...]) -> NDArray[np.bool_]:
    """Nothing where a region is of another picture, or where all of the picture would be seen."""
    kept = [one for one in regions if one.data_type in _KEPT_REGIONS]
    visible = visible_by_regions(kept, width, height)
    if any(one.fault is RegionFault.NOT_THIS_PICTURE for one in regions) or hides_nothing(visible):
        return np.zeros_like(visible)
    return visible


def _black_luma(pixels: Pixels) -> int:
    return 0 if pixels.matrix in _FULL_RANGE else BLACK_LUMA
