"""A scenario as an ECG source: samples by index with the device's signs, and the truth about them."""

import functools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ecg.description import Filters
from ecg.leads import INDEPENDENT_LEADS, STANDARD_LEADS, Lead, derive_limb_leads, lead_bits
from ecg.packets import Mark, MarkKind
from ecg.simulator import noise
from ecg.simulator.beat_shapes import P_HEIGHTS, P_MS, PACE_BEFORE_QRS_MS, SPIKE_UV
from ecg.simulator.scenario import NoiseKind, Rhythm, Scenario
from ecg.simulator.timeline import Beat, Stretch, Timeline
from ecg.simulator.truth import BeatOrigin, Limits, SecondOfNoise, TrueBeat, TrueP, Truth
from ecg.source import Signs
from ecg.synthetic import with_electrode_off
from ecg.wave_shapes import hump

NV_PER_LSB = 1000
"""One step is one microvolt."""

KEPT_BLOCKS = 8

_MUSCLE_CHANNEL, _MAINS_SHARE = 100, (0.6, 1.0, 0.8, 0.7, 0.9, 0.6, 1.0, 0.8)
_F_WAVE_UV = (15.0, 40.0, 70.0, 30.0, 20.0, 15.0, 15.0, 15.0)
_F_WAVES_PER_S, _F_WAVE_PERIOD_S = 6, 10


class SimulatedEcg:
    """The same index always gives the same value, in whatever pieces samples are asked for.

    III, aVR, aVL and aVF follow from I and II exactly, without rounding. A beat that would not end within its
    episode is left out: an episode begins and ends at the baseline.
    """

    leads = STANDARD_LEADS
    nv_per_lsb = float(NV_PER_LSB)
    filters = Filters()
    device = "simulator"
    simulated = True

    def __init__(self, scenario: Scenario | None = None) -> None:
        self.scenario = scenario or Scenario()
        self.rate_hz = self.scenario.rate_hz
        self._timeline = Timeline(self.scenario)
        # Drawn half a second at once: a live path asks for 20 ms, in which drawing would cost ten times as
        # much.
        self._block_count = self.rate_hz // 2
        self._block = functools.lru_cache(KEPT_BLOCKS)(self._draw_block)
        self._paces = functools.lru_cache(KEPT_BLOCKS)(self._paces_of_block)

    # --- what a source gives ----------------------------------------------------------------------------

    def samples(self, first: int, count: int) -> NDArray[np.int16]:
        """int16 (12, count) microvolts from index `first` on, in the order of STANDARD_LEADS."""
        numbers = range(first // self._block_count, (first + count - 1) // self._block_count + 1)
        if not 0 < len(numbers) <= KEPT_BLOCKS:
            return self._drawn(first, count)
        whole = np.concatenate([self._block(number) for number in numbers], axis=1)
        begin = first - numbers[0] * self._block_count
        taken: NDArray[np.int16] = whole[:, begin : begin + count].copy()
        return taken

    def _draw_block(self, number: int) -> NDArray[np.int16]:
        return self._drawn(number * self._block_count, self._block_count)

    def _drawn(self, first: int, count: int) -> NDArray[np.int16]:
        independent = np.zeros((len(INDEPENDENT_LEADS), count))
        index = np.arange(first, first + count, dtype=np.int64)
        for stretch in self._timeline.stretches(first, first + count):
            self._add_beats(independent, stretch, first)
            part = self._part(stretch, first, count)
            self._add_noise(independent[:, part], stretch, index[part])
        rows = (2 * np.rint(independent / 2)).astype(np.int16)  # even: halves in aVR, aVL, aVF come out exact
        whole = np.concatenate([rows[:2], derive_limb_leads(rows[0], rows[1]), rows[2:]])
        for stretch in self._timeline.stretches(first, first + count):
            if stretch.episode.electrodes_off:
                part = self._part(stretch, first, count)
                whole[:, part] = with_electrode_off(whole[:, part], stretch.episode.electrodes_off)[0]
        return whole

    def breaks(self, first: int, count: int) -> tuple[int, ...]:
        """None: the signal never breaks off."""
        return ()

    def signs(self, first: int, count: int) -> Signs:
        """What a device would say beside these samples: pacing marks, clipped leads, electrodes off."""
        last = next(self._timeline.stretches(first + count - 1, first + count))
        numbers = range(first // self._block_count, (first + count - 1) // self._block_count + 1)
        paced = [at for number in numbers for at in self._paces(number)]
        marks = (Mark(at - first, MarkKind.PACE) for at in paced if first <= at < first + count)
        return Signs(
            electrodes_off=last.episode.electrodes_off,
            clipped=self._clipped(first, count),
            marks=tuple(marks),
        )

    def _paces_of_block(self, number: int) -> tuple[int, ...]:
        """The pacing spikes in a block; their R may lie in the next."""
        first, end = number * self._block_count, (number + 1) * self._block_count
        beats = self.truth(first, self._block_count + self.rate_hz).beats
        return tuple(beat.pace for beat in beats if beat.pace is not None and first <= beat.pace < end)

    # --- the truth --------------------------------------------------------------------------------------

    def truth(self, first: int, count: int) -> Truth:
        """Everything that is true of these samples."""
        beats: list[TrueBeat] = []
        p_waves: list[TrueP] = []
        for stretch in self._timeline.stretches(first, first + count):
            beats += (
                self._true_beat(beat)
                for beat in self._timeline.beats(stretch, first, first + count, by_r=True)
            )
            p_waves += self._true_p_waves(stretch, first, first + count)
        return Truth(
            first=first,
            count=count,
            rate_hz=self.rate_hz,
            beats=tuple(beats),
            p_waves=tuple(sorted(p_waves, key=lambda wave: wave.peak)),
            seconds=tuple(self._seconds(first, first + count)),
        )

    def _true_beat(self, beat: Beat) -> TrueBeat:
        shape, p_ms = beat.shape, beat.shape.p_onset_ms
        paced = shape.origin is BeatOrigin.PACED
        return TrueBeat(
            r=beat.r,
            origin=shape.origin,
            p=None if p_ms is None else self._limits(beat, p_ms, p_ms + P_MS),
            qrs=self._limits(beat, shape.qrs_onset_ms, shape.qrs_offset_ms),
            t=self._limits(beat, shape.t_onset_ms, shape.t_offset_ms),
            r_uv=_twelve(shape.at(np.zeros(1))[:, 0]),
            st_uv=_twelve(shape.st),
            pace=beat.sample(shape.qrs_onset_ms - PACE_BEFORE_QRS_MS, self.rate_hz) if paced else None,
        )

    def _limits(self, beat: Beat, onset_ms: float, offset_ms: float) -> Limits:
        return Limits(beat.sample(onset_ms, self.rate_hz), beat.sample(offset_ms, self.rate_hz))

    def _true_p_waves(self, stretch: Stretch, first: int, end: int) -> Iterator[TrueP]:
        half = P_MS / 2
        for beat in self._timeline.beats(stretch, first, end + self.rate_hz, by_r=False):
            if beat.shape.p_onset_ms is not None:
                onset = beat.shape.p_onset_ms
                peak = beat.sample(onset + half, self.rate_hz)
                if first <= peak < end:
                    yield TrueP(peak, self._limits(beat, onset, onset + P_MS), conducted=True)
        reach = round(half * self.rate_hz / 1000)
        for peak in self._timeline.free_p(stretch, first, end):
            if first <= peak < end:
                yield TrueP(peak, Limits(peak - reach, peak + reach), conducted=False)

    def _seconds(self, first: int, end: int) -> Iterator[SecondOfNoise]:
        for second in range(first // self.rate_hz, (end - 1) // self.rate_hz + 1):
            episode = next(self._timeline.stretches(second * self.rate_hz, second * self.rate_hz + 1)).episode
            yield SecondOfNoise(second, episode.noise, episode.electrodes_off)

    def _part(self, stretch: Stretch, first: int, count: int) -> slice:
        end = first + count if stretch.end is None else min(stretch.end, first + count)
        return slice(max(stretch.begin, first) - first, end - first)

    # --- drawing ----------------------------------------------------------------------------------------

    def _add_beats(self, rows: NDArray[np.float64], stretch: Stretch, first: int) -> None:
        end = first + rows.shape[1]
        index, ms = np.arange(first, end, dtype=np.int64), 1000 / self.rate_hz
        for beat in self._timeline.beats(stretch, first, end, by_r=False):
            rows += beat.shape.at((index - beat.r) * ms)
            pace = beat.sample(beat.shape.qrs_onset_ms - PACE_BEFORE_QRS_MS, self.rate_hz)
            if beat.shape.origin is BeatOrigin.PACED and first <= pace < end:
                rows[:, pace - first] -= SPIKE_UV
        for peak in self._timeline.free_p(stretch, first, end):
            rows += np.outer(P_HEIGHTS, hump((index - peak) * ms, -P_MS / 2, P_MS))

    def _add_noise(self, rows: NDArray[np.float64], stretch: Stretch, index: NDArray[np.int64]) -> None:
        episode, rate = stretch.episode, self.rate_hz
        if episode.rhythm is Rhythm.FIBRILLATION:
            slow = noise.slow_sine(index, _F_WAVE_PERIOD_S * rate) / 4
            rows += np.outer(_F_WAVE_UV, noise.sine(index, _F_WAVES_PER_S, rate, 0.0) * (1 + slow))
        if NoiseKind.MAINS in episode.noise:
            rows += np.outer(_MAINS_SHARE, noise.MAINS_UV * noise.sine(index, episode.mains_hz, rate))
        for row in range(len(rows)):
            if NoiseKind.WANDER in episode.noise:
                rows[row] += noise.WANDER_UV * noise.wander(row, index, rate)
            if NoiseKind.MUSCLE in episode.noise:
                rows[row] += noise.MUSCLE_UV * noise.muscle(stretch.seed, _MUSCLE_CHANNEL + row, index)
        if NoiseKind.CLIPPING in episode.noise:
            np.clip(rows, -noise.CLIPPING_UV, noise.CLIPPING_UV, out=rows)
        if NoiseKind.FLAT_ELECTRODE in episode.noise:
            rows[INDEPENDENT_LEADS.index(Lead[str(episode.flat.name)])] = 0

    def _clipped(self, first: int, count: int) -> int:
        """The leads that reach the end of the amplifier's range; limb leads made of one that does, too."""
        if not any(
            NoiseKind.CLIPPING in s.episode.noise for s in self._timeline.stretches(first, first + count)
        ):
            return 0
        samples = self.samples(first, count)
        reached = {
            lead
            for row, lead in enumerate(STANDARD_LEADS)
            if lead in INDEPENDENT_LEADS and (np.abs(samples[row].astype(int)) == noise.CLIPPING_UV).any()
        }
        if reached & {Lead.I, Lead.II}:
            reached |= set(STANDARD_LEADS[2:6])
        return lead_bits(reached, STANDARD_LEADS)


def _twelve(independent: NDArray[np.float64]) -> tuple[int, ...]:
    """Values of the eight independent leads as those of the twelve, as the samples are rounded."""
    rows = (2 * np.rint(independent / 2)).astype(np.int16)[:, None]
    return tuple(
        int(value[0]) for value in np.concatenate([rows[:2], derive_limb_leads(rows[0], rows[1]), rows[2:]])
    )
