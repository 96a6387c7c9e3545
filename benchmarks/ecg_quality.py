"""What the quality of an ECG is judged to be, on clean recordings and on disturbed ones.

`python -m benchmarks.ecg_quality DIR` prints the rows; of the files in DIR those with twelve leads are taken,
a minute of each at most.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import ecg_noise
from benchmarks.ecg_swaps import LIMB_SWAPS, chest_pairs, swapped, with_chest_swapped
from benchmarks.report import Row
from ecg.common_steps import recording_of
from ecg.errors import EcgError
from ecg.files.door import read_any
from ecg.leads import STANDARD_LEADS, Electrode
from ecg.measurements import Absent
from ecg.pacing import LEAST_RATE_HZ, pacing_marks
from ecg.quality.device_state import DeviceState
from ecg.quality.electrodes import electrodes_behind
from ecg.quality.findings import Finding, Grade
from ecg.quality.live import assess
from ecg.quality.reversal import Reversal, Suspicion, suspected_reversals
from ecg.ranges import SampleRange
from ecg.recording import Recording

LONGEST_S = 60.0
LEAST_CHANGED_S = 0.010
_ENDINGS = (".hea", ".xml", ".dcm", ".edf", ".scp")
_NV = 1000.0

Uv = NDArray[np.float64]

Disturb = Callable[[Uv, float, int], Uv]
"""Microvolts (12, n), rate, number of the recording: the same, disturbed."""


def recordings(data: Path) -> Iterator[Recording]:
    """Every 12-lead ECG below a folder, in steps of one microvolt."""
    for path in sorted(path for path in data.rglob("*") if path.suffix.lower() in _ENDINGS):
        try:
            recording, _ = recording_of(read_any(path))
        except EcgError:
            continue
        if set(recording.leads) == set(STANDARD_LEADS):
            yield _in_microvolts(recording)


def _in_microvolts(recording: Recording) -> Recording:
    order = [recording.leads.index(lead) for lead in STANDARD_LEADS]
    samples = recording.samples[order, : round(LONGEST_S * recording.rate_hz)]
    uv = samples.astype(np.float64) * (recording.nv_per_lsb / _NV)
    return _with(replace(recording, leads=STANDARD_LEADS), uv)


def _with(recording: Recording, uv: Uv) -> Recording:
    steps = np.clip(np.rint(uv), -32767, 32767).astype(np.int16)
    return replace(recording, samples=steps, nv_per_lsb=_NV)


def _uv(recording: Recording) -> Uv:
    return recording.samples.astype(np.float64)


def rows(data: Path) -> list[Row]:
    """Every figure; without a recording, one row that says so."""
    clean = list(recordings(data))
    if not clean:
        return [_figure("ECG quality", None, "", "no 12-lead ECG below the folder")]
    return [
        *_clean_rows(clean),
        *_noise_rows(clean),
        *_electrode_rows(clean),
        *_reversal_rows(clean),
        *_pacing_rows(clean),
    ]


def _figure(what: str, value: float | None, unit: str, why: str = "") -> Row:
    return Row(what=what, value=value, unit=unit, must=None, aim=None, why=why)


def _share(what: str, found: int, of: int, counted: str) -> Row:
    return _figure(what, 100 * found / of if of else None, "%", f"{found} of {of} {counted}")


# --- clean recordings ----------------------------------------------------------------------------------


def _clean_rows(clean: list[Recording]) -> list[Row]:
    counts: Counter[tuple[Finding, Grade]] = Counter()
    lead_seconds = 0
    began = time.process_time()
    for recording in clean:
        for verdict in assess(recording):
            lead_seconds += len(verdict.leads)
            for second in verdict.leads.values():
                counts.update((one.finding, one.grade) for one in second.findings)
    cpu_s = time.process_time() - began
    taken = [
        _share(
            f"as stored: {finding.value}, {grade.value}", counts[finding, grade], lead_seconds, "lead-seconds"
        )
        for finding in Finding
        for grade in Grade
        if finding not in (Finding.LEAD_OFF, Finding.CALIBRATION)
    ]
    return [*taken, _figure("CPU per lead-hour", cpu_s / lead_seconds * 3600, "s")]


# --- known disturbances --------------------------------------------------------------------------------


def _mains(peak_to_peak_uv: float, frequency_hz: float) -> Disturb:
    return lambda uv, rate_hz, _: uv + ecg_noise.mains(uv.shape[1], rate_hz, peak_to_peak_uv, frequency_hz)


def _wander(peak_to_peak_uv: float) -> Disturb:
    return lambda uv, rate_hz, _: uv + ecg_noise.wander(uv.shape[1], rate_hz, peak_to_peak_uv)


def _muscle(deviation_uv: float) -> Disturb:
    def add(uv: Uv, rate_hz: float, seed: int) -> Uv:
        rows = [ecg_noise.muscle(uv.shape[1], rate_hz, deviation_uv, 100 * seed + k) for k in range(len(uv))]
        return uv + np.stack(rows)

    return add


def _cut(share: float) -> Disturb:
    def cut(uv: Uv, rate_hz: float, seed: int) -> Uv:
        middle = np.median(uv, axis=1, keepdims=True)
        most = share * np.abs(uv - middle).max(axis=1, keepdims=True)
        within: Uv = np.clip(uv, middle - most, middle + most)
        return within

    return cut


def _dead(deviation_uv: float) -> Disturb:
    return lambda uv, rate_hz, seed: np.random.default_rng(seed).normal(0, deviation_uv, uv.shape)


DISTURBANCES: tuple[tuple[str, Finding, Disturb], ...] = (
    ("50 Hz, 30 uV peak to peak", Finding.MAINS_50, _mains(30, 50)),
    ("50 Hz, 75 uV peak to peak", Finding.MAINS_50, _mains(75, 50)),
    ("50.3 Hz, 100 uV peak to peak", Finding.MAINS_50, _mains(100, 50.3)),
    ("50 Hz, 1 mV peak to peak", Finding.MAINS_50, _mains(1000, 50)),
    ("60 Hz, 75 uV peak to peak", Finding.MAINS_60, _mains(75, 60)),
    ("wander of 0.3 Hz, 0.2 mV", Finding.WANDER, _wander(200)),
    ("wander of 0.3 Hz, 1 mV", Finding.WANDER, _wander(1000)),
    ("wander of 0.3 Hz, 3 mV", Finding.WANDER, _wander(3000)),
    ("muscle of 10 uV", Finding.MUSCLE, _muscle(10)),
    ("muscle of 30 uV", Finding.MUSCLE, _muscle(30)),
    ("muscle of 50 uV", Finding.MUSCLE, _muscle(50)),
    ("muscle of 100 uV", Finding.MUSCLE, _muscle(100)),
    ("cut off at 60 % of the lead's height", Finding.CLIPPED, _cut(0.6)),
    ("cut off at 80 % of the lead's height", Finding.CLIPPED, _cut(0.8)),
    ("nothing but 3 uV of amplifier noise", Finding.FLAT, _dead(3)),
)


def _noise_rows(clean: list[Recording]) -> list[Row]:
    found = [_disturbed_row(clean, *disturbance) for disturbance in DISTURBANCES]
    return [*found, _off_row(clean)]


def _disturbed_row(clean: list[Recording], said: str, finding: Finding, disturb: Disturb) -> Row:
    """Of all lead-seconds, from the second on, of which the disturbance changed 10 ms or more."""
    seen = total = unusable = 0
    for number, recording in enumerate(clean):
        disturbed = _with(recording, disturb(_uv(recording), recording.rate_hz, number))
        changed = disturbed.samples != recording.samples
        for verdict in assess(disturbed)[1:]:
            at = slice(verdict.samples.first, verdict.samples.end)
            touched = changed[:, at].sum(axis=1) >= LEAST_CHANGED_S * recording.rate_hz
            for second in (one for one, hit in zip(verdict.leads.values(), touched, strict=True) if hit):
                total += 1
                found = second.of(finding)
                seen += found is not None
                unusable += found is not None and found.grade is Grade.UNUSABLE
    counted = f"lead-seconds, {unusable} as unusable"
    return _share(f"added: {said}, found as {finding.value}", seen, total, counted)


def _off_row(clean: list[Recording]) -> Row:
    """What the device says is told of just the seconds it speaks of."""
    right = total = 0
    for recording in clean:
        at = round(4.5 * recording.rate_hz)
        states = [(SampleRange(at, round(recording.rate_hz)), DeviceState(Electrode.V3))]
        for verdict in assess(recording, states):
            said = bool(verdict.samples.first < at + recording.rate_hz and verdict.samples.end > at)
            told = set(verdict.sizes_uv(Finding.LEAD_OFF)) == {STANDARD_LEADS[8]}
            right += told if said else not verdict.sizes_uv(Finding.LEAD_OFF)
            total += 1
    return _share("electrode V3 off for a second: told, and no other", right, total, "seconds")


# --- which electrode -----------------------------------------------------------------------------------

_ELECTRODES = (Electrode.RA, Electrode.LA, Electrode.LL, Electrode.V2, Electrode.V5)


def _electrode_rows(clean: list[Recording]) -> list[Row]:
    made: dict[Finding, Callable[[int, float, int], Uv]] = {
        Finding.MAINS_50: lambda n, rate_hz, seed: ecg_noise.mains(n, rate_hz, 300, 50),
        Finding.MUSCLE: lambda n, rate_hz, seed: ecg_noise.muscle(n, rate_hz, 100, seed),
    }
    found = []
    for finding, make in made.items():
        right = total = 0
        for number, recording in enumerate(clean):
            for electrode in _ELECTRODES:
                noise = make(recording.sample_count, recording.rate_hz, number)
                disturbed = _with(recording, _uv(recording) + ecg_noise.at_electrode(noise, electrode))
                for verdict in assess(disturbed):
                    right += electrodes_behind(verdict, finding) == electrode
                    total += 1
        said = f"{finding.value} at RA, LA, LL, V2 or V5: just this electrode named"
        found.append(_share(said, right, total, "seconds"))
    return found


# --- swapped electrodes --------------------------------------------------------------------------------


def _reversal_rows(clean: list[Recording]) -> list[Row]:
    checks = [suspected_reversals(recording) for recording in clean]
    alarms = sum(any(one.reversal is not Reversal.CHEST_ORDER for one in check.suspected) for check in checks)
    order = sum(any(one.reversal is Reversal.CHEST_ORDER for one in check.suspected) for check in checks)
    found = [
        _share("as stored: a limb reversal suspected", alarms, len(clean), "recordings"),
        _share("as stored: another chest order suspected", order, len(clean), "recordings"),
    ]
    with_p = [Reversal.RA_LL not in check.untested for check in checks]
    for reversal in LIMB_SWAPS:
        found += _swap_rows(clean, with_p, reversal)
    return found + _chest_rows(clean)


def _swap_rows(clean: list[Recording], with_p: list[bool], reversal: Reversal) -> list[Row]:
    suspected = [
        {one.reversal for one in _check(recording, swapped(_uv(recording), reversal))}
        - {Reversal.CHEST_ORDER}
        for recording in clean
    ]
    in_sinus = sum(bool(one) and p for one, p in zip(suspected, with_p, strict=True))
    named = sum(one == {reversal} for one in suspected)
    counted = f"recordings, {named} by this name; {in_sinus} of the {sum(with_p)} with a P wave"
    return [_share(f"swapped {reversal.value}: suspected", sum(map(bool, suspected)), len(clean), counted)]


def _check(recording: Recording, uv: Uv) -> tuple[Suspicion, ...]:
    return suspected_reversals(_with(recording, uv)).suspected


def _chest_rows(clean: list[Recording]) -> list[Row]:
    found = []
    for pair in chest_pairs():
        suspected = [_check(recording, with_chest_swapped(_uv(recording), pair)) for recording in clean]
        seen = sum(any(one.reversal is Reversal.CHEST_ORDER for one in every) for every in suspected)
        named = sum(any(one.chest == pair for one in every) for every in suspected)
        others = sum(any(one.chest not in (pair, ()) for one in every) for every in suspected)
        counted = f"recordings, {named} by these two, {others} by others"
        found.append(_share(f"swapped {pair[0]} and {pair[1]}: suspected", seen, len(clean), counted))
    return found


# --- pacing --------------------------------------------------------------------------------------------

_WIDTHS_MS = (0.5, 1.0, 2.0)
_HEIGHTS_UV = (2000.0, -2000.0, 5000.0)
_EVERY_S = 0.831
"""Falls anywhere in the beats."""


def _pacing_rows(clean: list[Recording]) -> list[Row]:
    fast = [recording for recording in clean if recording.rate_hz >= LEAST_RATE_HZ]
    if not fast:
        return [_figure("pacing spikes", None, "", "no recording of 1 kHz or more")]
    seconds = sum(recording.duration_s for recording in fast)
    false = sum(len(_spikes(recording)) for recording in fast)
    counted = f"in {seconds:.0f} s of {len(fast)} recordings"
    found = [_figure("as stored: pacing spikes", false, "", counted)]
    for width_ms in _WIDTHS_MS:
        hits = total = wrong = 0
        for recording in fast:
            for height_uv in _HEIGHTS_UV:
                for lead in range(len(STANDARD_LEADS)):
                    hit, of, beside = _paced(recording, width_ms / 1000, height_uv, lead)
                    hits, total, wrong = hits + hit, total + of, wrong + beside
        counted = f"spikes of 2 mV up and down and 5 mV in one lead, {wrong} found where there was none"
        found.append(_share(f"added: spikes of {width_ms:g} ms", hits, total, counted))
    return found


def _spikes(recording: Recording) -> tuple[int, ...]:
    marks = pacing_marks(recording)
    return () if isinstance(marks, Absent) else marks.samples


def _paced(recording: Recording, width_s: float, height_uv: float, lead: int) -> tuple[int, int, int]:
    """Spikes found, added, and found beside them; each sample holds the mean of its time (as a device's)."""
    rate_hz = recording.rate_hz
    recording = replace(recording, samples=recording.samples[:, : round(10 * rate_hz)])
    starts_s = np.arange(0.5, recording.duration_s - 0.1, _EVERY_S) + lead * 0.00021
    uv = _uv(recording)
    for start, end in zip(starts_s * rate_hz, (starts_s + width_s) * rate_hz, strict=True):
        at = np.arange(int(start), int(end) + 1)
        uv[lead, at] += height_uv * np.clip(np.minimum(end, at + 1) - np.maximum(start, at), 0, 1)
    found = np.array(_spikes(_with(recording, uv)))
    middles = (starts_s + width_s / 2) * rate_hz
    near = np.abs(found[:, None] - middles[None, :]) <= 0.003 * rate_hz if found.size else np.zeros((0, 0))
    hits = int(near.any(axis=0).sum()) if found.size else 0
    return hits, len(middles), len(found) - hits


def main() -> None:
    """Print the rows of the folder named on the command line."""
    for row in rows(Path(sys.argv[1])):
        value = "–" if row.value is None else f"{row.value:.3g}"
        print(f"{row.what:<70} {value:>7} {row.unit:<2} {row.why}")


if __name__ == "__main__":
    main()
