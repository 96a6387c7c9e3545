"""Made signals for each rule of the critical values: some meet it, some just do not, some are ordinary.

What is true of each follows from how it was made; nothing is taken from what the rules answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.ecg_made import (
    Beat,
    Made,
    fibrillating,
    fluttering,
    irregular,
    made,
    regular,
    twisting,
)
from ecg.leads import Lead
from ecg.recording import Recording
from ecg.simulator.scenario import Episode, LeadGroup, NoiseKind, Rhythm, Scenario, St
from ecg.simulator.simulated_ecg import SimulatedEcg

NOISES_UV = (8.0, 25.0, 50.0)
"""Standard deviation of white noise: a very clean signal, a usual one, a poor one."""


@dataclass(frozen=True)
class Case:
    """A signal; `meets`: the rules it meets, `may`: those of which it is not said either way."""

    rule: str
    name: str
    recording: Recording
    meets: frozenset[str]
    may: frozenset[str] = frozenset()


def cases() -> Iterator[Case]:
    """Every made signal."""
    for number, noise_uv in enumerate(NOISES_UV):
        for make in (_pauses, _slow, _blocks, _r_on_t, _wide, _swings, _narrow, _irregular, _st, _ordinary):
            yield from make(noise_uv, number + 1)


def _case(rule: str, name: str, signal: Made, meets: bool, also: str = "", may: str = "") -> Case:
    met = frozenset({rule, *also.split()} if meets else also.split())
    return Case(rule, name, signal.recording, met, frozenset(may.split()))


def _pauses(noise_uv: float, seed: int) -> Iterator[Case]:
    for pause_s, meets in ((3.05, True), (3.6, True), (5.0, True), (2.95, False), (2.5, False)):
        at = [0.5, 1.3, 2.1, *np.arange(2.1 + pause_s, 11.9, 0.8).tolist()]
        signal = made([Beat(r) for r in at], 12, noise_uv=noise_uv, seed=seed)
        yield _case("pause", f"{pause_s} s", signal, meets, may="bradycardia av_block_3 av_block_3_slow")
    late = made([Beat(0.5 + 0.8 * k) for k in range(8)], 10, noise_uv=noise_uv, seed=seed)
    yield _case("pause", "3.4 s at the end", late, True)
    blocked = [Beat(0.5 + 0.8 * k) for k in range(4)] + [Beat(6.5 + 0.8 * k) for k in range(5)]
    p_waves = [3.55, 4.35, 5.15]
    signal = made(blocked, 10, noise_uv=noise_uv, seed=seed, p_waves_s=p_waves)
    yield _case("pause", "3.6 s with P waves", signal, True, may="bradycardia")


def _slow(noise_uv: float, seed: int) -> Iterator[Case]:
    for per_min, meets in ((25, True), (30, True), (34, True), (36, False), (40, False)):
        signal = made(regular(per_min, 12), 12, noise_uv=noise_uv, seed=seed)
        yield _case("bradycardia", f"{per_min}/min", signal, meets, may="av_block_3 av_block_3_slow")


def _blocks(noise_uv: float, seed: int) -> Iterator[Case]:
    escape = {"pr_ms": None, "wide": True, "qrs_ms": 140.0, "qt_ms": 440.0}
    for per_min, p_per_min in ((38, 90), (36, 65), (39, 71), (45, 80), (52, 88)):
        p_waves = np.arange(0.2, 12, 60 / p_per_min).tolist()
        signal = made(regular(per_min, 12, **escape), 12, noise_uv=noise_uv, seed=seed, p_waves_s=p_waves)
        also = "av_block_3_slow" if per_min < 40 else ""
        yield _case("av_block_3", f"{per_min}/min, P {p_per_min}/min", signal, True, also)
    for n, per_min in ((2, 40), (3, 37), (2, 48)):
        beats = regular(per_min, 12, pr_ms=180.0)
        step = 60 / per_min / n
        extra = [beat.onset_ms / 1000 - 0.13 + k * step for beat in beats for k in range(1, n)]
        signal = made(beats, 12, noise_uv=noise_uv, seed=seed, p_waves_s=extra)
        yield _case("av_block_3", f"{n}:1 at {per_min}/min", signal, False)
    junctional = made(regular(45, 12, pr_ms=None), 12, noise_uv=noise_uv, seed=seed)
    yield _case("av_block_3", "no P waves, 45/min", junctional, False)


def _r_on_t(noise_uv: float, seed: int) -> Iterator[Case]:
    for qt_ms, after_s, meets in (
        (560.0, 0.48, True),
        (540.0, 0.45, True),
        (600.0, 0.55, True),
        (560.0, 0.68, False),
        (440.0, 0.40, False),
    ):
        beats = list(regular(60, 12, qt_ms=qt_ms))
        for k in (4, 9):
            beats[k] = replace(Beat(beats[k - 1].r_s + after_s, 150, None, 400, True))
        signal = made(beats, 12, noise_uv=noise_uv, seed=seed)
        yield _case("long_qt_r_on_t", f"QT {qt_ms:g} ms, early after {after_s} s", signal, meets)


def _wide(noise_uv: float, seed: int) -> Iterator[Case]:
    for per_min, meets in ((153, True), (170, True), (190, True), (146, False), (130, False)):
        beats = regular(per_min, 34, wide=True, qrs_ms=150.0, pr_ms=None)
        signal = made(beats, 34, noise_uv=noise_uv, seed=seed)
        yield _case("ventricular_tachycardia", f"{per_min}/min, 34 s", signal, meets)
    short = regular(170, 25, wide=True, qrs_ms=150.0, pr_ms=None)
    after = [Beat(25.9 + 0.8 * k) for k in range(11)]
    signal = made([*short, *after], 35, noise_uv=noise_uv, seed=seed)
    yield _case("ventricular_tachycardia", "170/min, 25 s of 35", signal, False)
    narrow = made(regular(165, 34), 34, noise_uv=noise_uv, seed=seed)
    yield _case("ventricular_tachycardia", "narrow, 165/min, 34 s", narrow, False)


def _swings(noise_uv: float, seed: int) -> Iterator[Case]:
    for k in range(3):
        number = 10 * seed + k
        size_uv = (250.0, 500.0, 900.0)[k]
        swings = fibrillating(10, seed=number, size_uv=size_uv)
        yield _case(
            "ventricular_fibrillation",
            f"fibrillation of {size_uv:g} uV",
            _noisy(swings, noise_uv, number),
            True,
            may="polymorphic_tachycardia",
        )
        even = _noisy(fluttering(10, (180, 230, 290)[k], seed=number), noise_uv, number)
        yield _case("ventricular_fibrillation", f"flutter {k}", even, True, may="polymorphic_tachycardia")
        torsade = _noisy(twisting(12, (190, 220, 250)[k], seed=number), noise_uv, number)
        yield _case(
            "polymorphic_tachycardia",
            f"torsade {k}",
            torsade,
            True,
            may="ventricular_fibrillation long_qt_r_on_t",
        )
    t = np.arange(6000) / 500
    tremor = np.outer([400, 300, 60, 60, 40, 40, 30, 30], np.sin(2 * np.pi * 5 * t))
    shaking = made(regular(75, 12), 12, noise_uv=noise_uv, seed=seed, more=tremor)
    yield _case("ventricular_fibrillation", "tremor of an arm at 5 Hz", shaking, False)
    monomorphic = made(
        regular(165, 12, wide=True, qrs_ms=140.0, pr_ms=None), 12, noise_uv=noise_uv, seed=seed
    )
    yield _case("polymorphic_tachycardia", "one shape at 165/min", monomorphic, False)


def _noisy(signal: Made, noise_uv: float, seed: int) -> Made:
    recording = signal.recording
    noise = np.random.default_rng(seed).normal(0, noise_uv, recording.samples.shape)
    samples = np.rint(recording.samples + noise).astype(np.int16)
    return Made(replace(recording, samples=samples), signal.beats)


def _narrow(noise_uv: float, seed: int) -> Iterator[Case]:
    for per_min, meets in ((233, True), (250, True), (270, True), (226, False), (200, False)):
        signal = made(regular(per_min, 10, qrs_ms=80.0), 10, noise_uv=noise_uv, seed=seed)
        yield _case("supraventricular_tachycardia", f"{per_min}/min", signal, meets)


def _irregular(noise_uv: float, seed: int) -> Iterator[Case]:
    for per_min, meets in ((190, True), (205, True), (220, True), (165, False), (150, False)):
        signal = made(irregular(per_min, 12, 0.25, seed), 12, noise_uv=noise_uv, seed=seed)
        yield _case("fast_atrial_fibrillation", f"{per_min}/min", signal, meets)
    steady = made(regular(195, 12), 12, noise_uv=noise_uv, seed=seed)
    yield _case("fast_atrial_fibrillation", "regular, 195/min", steady, False)
    shape = {"wide": True, "qrs_ms": 130.0}
    for rr_ms, qt_ms, meets in (
        ((235, 330, 290, 380, 300, 260, 350), 215.0, True),
        ((240, 420, 300, 360, 280, 330, 400), 220.0, True),
        ((265, 330, 300, 380, 310, 270, 350), 235.0, False),
    ):
        at = 0.3 + np.concatenate([[0.0], np.cumsum(np.tile(rr_ms, 10)) / 1000])
        beats = [Beat(float(r), pr_ms=None, qt_ms=qt_ms, **shape) for r in at if r < 11.9]  # type: ignore[arg-type]
        signal = made(beats, 12, noise_uv=noise_uv, seed=seed)
        yield _case(
            "preexcited_atrial_fibrillation",
            f"wide, shortest RR {min(rr_ms)} ms",
            signal,
            meets,
            may="fast_atrial_fibrillation",
        )


def _st(noise_uv: float, seed: int) -> Iterator[Case]:
    inferior: tuple[Lead, ...] = (Lead.II,)
    for leads, uv, meets in (
        (inferior, 130, True),
        (inferior, 200, True),
        (inferior, 70, False),
        ((Lead.V4, Lead.V5), 130, True),
        ((Lead.V4, Lead.V5), 70, False),
        ((Lead.V2, Lead.V3), 420, True),
        ((Lead.V2, Lead.V3), 600, True),
        ((Lead.V2, Lead.V3), 270, False),
        ((Lead.V5,), 200, False),
    ):
        st_uv = dict.fromkeys(leads, float(uv))
        signal = made(regular(75, 10, st_uv=st_uv), 10, noise_uv=noise_uv, seed=seed)
        yield _case("st_elevation", f"{uv} uV in {', '.join(leads)}", signal, meets)


def _ordinary(noise_uv: float, seed: int) -> Iterator[Case]:
    def case(name: str, beats: tuple[Beat, ...], seconds: float = 12) -> Case:
        signal = made(beats, seconds, noise_uv=noise_uv, seed=seed)
        return Case("", name, signal.recording, frozenset())

    for per_min in (45, 60, 75, 95, 120, 145):
        yield case(f"sinus {per_min}/min", regular(per_min, 12))
    yield case("sinus 75/min, 35 s", regular(75, 35), 35)
    for per_min in (70, 110, 145):
        yield case(f"irregular {per_min}/min", irregular(per_min, 12, 0.3, seed))
    yield case("wide QRS 80/min", regular(80, 12, wide=True, qrs_ms=150.0))
    early = list(regular(70, 12))
    for k in (3, 7, 11):
        early[k] = Beat(early[k - 1].r_s + 0.52, 150, None, 400, True)
    yield case("early wide beats", tuple(early))
    twos = [beat for k, beat in enumerate(regular(80, 12)) if k % 2 == 0]
    pairs = tuple(one for beat in twos for one in (beat, Beat(beat.r_s + 0.55, 150, None, 400, True)))
    yield case("bigeminy", pairs)


# --- the simulator's ---------------------------------------------------------------------------------------

BLOCK = "av_block_3"
_SIMULATED: tuple[tuple[str, Episode, int, str, str], ...] = (
    ("sinus 72/min", Episode(), 12, "", ""),
    ("sinus 96/min", Episode(rate_per_min=96), 12, "", ""),
    ("sinus 140/min", Episode(Rhythm.TACHYCARDIA, 140), 12, "", ""),
    ("sinus 31/min", Episode(Rhythm.BRADYCARDIA, 31), 12, "bradycardia", f"{BLOCK} {BLOCK}_slow"),
    ("sinus 33/min", Episode(Rhythm.BRADYCARDIA, 33), 12, "bradycardia", f"{BLOCK} {BLOCK}_slow"),
    ("sinus 38/min", Episode(Rhythm.BRADYCARDIA, 38), 12, "", f"{BLOCK} {BLOCK}_slow"),
    ("sinus 48/min", Episode(Rhythm.BRADYCARDIA, 48), 12, "", ""),
    ("pauses of 3.5 s", Episode(Rhythm.PAUSES, pause_s=3.5), 20, "pause", ""),
    ("pauses of 2.4 s", Episode(Rhythm.PAUSES, pause_s=2.4), 20, "", ""),
    ("AV block, 33/min", Episode(Rhythm.AV_BLOCK_3, 33), 12, f"{BLOCK} {BLOCK}_slow bradycardia", ""),
    ("AV block, 37/min", Episode(Rhythm.AV_BLOCK_3, 37), 12, f"{BLOCK} {BLOCK}_slow", ""),
    ("AV block, 46/min", Episode(Rhythm.AV_BLOCK_3, 46), 12, BLOCK, ""),
    ("irregular, 96/min", Episode(Rhythm.FIBRILLATION, 96), 12, "", ""),
    ("irregular, 145/min", Episode(Rhythm.FIBRILLATION, 145), 12, "", ""),
    ("wide, 165/min, 34 s", Episode(Rhythm.VENTRICULAR_TACHYCARDIA, 165), 34, "ventricular_tachycardia", ""),
    ("wide, 200/min, 34 s", Episode(Rhythm.VENTRICULAR_TACHYCARDIA, 200), 34, "ventricular_tachycardia", ""),
    ("wide, 130/min, 34 s", Episode(Rhythm.VENTRICULAR_TACHYCARDIA, 130), 34, "", ""),
    ("paced", Episode(Rhythm.PACED, 70), 12, "", ""),
    ("ST inferior 0.2 mV", Episode(st=(St(LeadGroup.INFERIOR, 200),)), 10, "st_elevation", ""),
    ("ST inferior 0.06 mV", Episode(st=(St(LeadGroup.INFERIOR, 60),)), 10, "", ""),
    ("ST anterior 0.45 mV", Episode(st=(St(LeadGroup.ANTERIOR, 450),)), 10, "st_elevation", ""),
    ("ST lateral 0.2 mV", Episode(st=(St(LeadGroup.LATERAL, 200),)), 10, "st_elevation", ""),
)
_NOISE: tuple[frozenset[NoiseKind], ...] = (
    frozenset(),
    frozenset({NoiseKind.MAINS}),
    frozenset({NoiseKind.WANDER}),
    frozenset({NoiseKind.MUSCLE}),
)


def simulated() -> Iterator[Case]:
    """Signals of `ecg.simulator`, made without these rules in view; each with every kind of noise."""
    for number, noise in enumerate(_NOISE):
        for name, episode, seconds, meets, may in _SIMULATED:
            scenario = Scenario((replace(episode, noise=noise),), seed=number + 1)
            source = SimulatedEcg(scenario)
            recording = Recording(
                leads=source.leads,
                rate_hz=source.rate_hz,
                nv_per_lsb=source.nv_per_lsb,
                samples=source.samples(0, seconds * source.rate_hz),
                simulated=True,
            )
            said = f"{name}{', ' if noise else ''}{'+'.join(sorted(noise))}"
            yield Case("", said, recording, frozenset(meets.split()), frozenset(may.split()))
