"""The rules on a signal that runs: told once, in samples of the stream, never over a gap."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.ecg_made import Beat, Made, fibrillating, made, regular
from ecg.critical.assessment import Conclusion
from ecg.critical.scanner import EVERY_S, KEPT_S, CriticalScanner, LiveHit
from ecg.critical.verdict import Quantity
from ecg.errors import SignalError
from ecg.leads import STANDARD_LEADS, Lead
from ecg.measurements import LeadMeasure
from ecg.ranges import SampleRange
from ecg.signal.qrs import QrsDetector
from ecg.subject import Subject
from tests.ecg.critical.strips import TABLE
from tests.ecg.made_measurements import measurements
from tests.ecg.rhythms import standstill

RATE_HZ = 500


class Live:
    """A scanner with a detector before it, fed in pieces of 100 ms."""

    def __init__(self) -> None:
        self.scanner = CriticalScanner(TABLE, STANDARD_LEADS, RATE_HZ, 1000, Subject(60))
        self.detector = QrsDetector(RATE_HZ, 12, 1000)
        self.hits: list[LiveHit] = []

    def feed(self, samples: np.ndarray, piece: int = 50) -> None:
        for first in range(0, samples.shape[1], piece):
            part = samples[:, first : first + piece]
            self.hits += self.scanner.feed(part, self.detector.feed(part))

    def restart(self, first: int) -> None:
        self.detector.restart(first)
        self.scanner.restart(first)

    @property
    def rules(self) -> list[str]:
        return [hit.rule.id for hit in self.hits]


def joined(*parts: Made) -> np.ndarray:
    return np.concatenate([part.recording.samples for part in parts], axis=1)


def sinus(seconds: float, seed: int = 1) -> Made:
    return made(regular(70, seconds), seconds, seed=seed)


def test_a_minute_of_sinus_rhythm_tells_nothing() -> None:
    live = Live()
    live.feed(joined(sinus(60)))
    assert live.hits == [] and live.scanner.assessment().conclusion is Conclusion.NO_HIT


def test_a_pause_is_told_once_where_it_was_in_the_stream() -> None:
    beats: Sequence[Beat] = [*regular(70, 20), *(replace(b, r_s=b.r_s + 24) for b in regular(70, 30))]
    live = Live()
    live.feed(made(beats, 54).recording.samples)
    assert live.rules == ["pause"]
    where = live.hits[0].evidence.where
    assert where.first / RATE_HZ == pytest.approx(19.2, abs=0.6)
    assert live.scanner.first_kept == round((54 - KEPT_S) * RATE_HZ)


def test_fibrillation_is_told_once_while_it_lasts_and_again_when_it_returns() -> None:
    live = Live()
    live.feed(joined(sinus(15), fibrillating(20)))
    assert live.rules.count("ventricular_fibrillation") == 1
    live.feed(joined(sinus(30), fibrillating(10, seed=2)))
    assert live.rules.count("ventricular_fibrillation") == 2
    first = next(hit for hit in live.hits if hit.rule.id == "ventricular_fibrillation")
    assert first.evidence.where.first / RATE_HZ == pytest.approx(15, abs=1.5)


def test_a_cut_line_is_no_pause() -> None:
    live = Live()
    live.feed(joined(sinus(12)))
    live.restart(live.scanner.end + 6 * RATE_HZ)
    live.feed(joined(sinus(12, seed=2)))
    assert live.hits == []
    live.restart(live.scanner.end + 100 * RATE_HZ)
    live.feed(joined(sinus(12, seed=3)))
    assert live.hits == [] and live.scanner.first_kept == 130 * RATE_HZ


def test_the_live_edge_is_not_taken_for_a_pause() -> None:
    live = Live()
    live.feed(joined(made(regular(22, 40), 40)))
    assert "bradycardia" in live.rules and "pause" not in live.rules


def test_half_a_minute_of_wide_fast_complexes_needs_their_limits() -> None:
    fast = made(regular(170, 36, wide=True, qrs_ms=150, pr_ms=None), 36)
    live = Live()
    live.feed(fast.recording.samples)
    assert "ventricular_tachycardia" not in live.rules
    known = Live()
    known.scanner.measured(0, measurements(beats=(), limits=fast.limits, sample_count=36 * RATE_HZ))
    known.feed(fast.recording.samples)
    (hit,) = [hit for hit in known.hits if hit.rule.id == "ventricular_tachycardia"]
    assert hit.evidence.of(Quantity.LASTED_S) >= 30


def test_what_was_measured_is_tested_at_its_place() -> None:
    live = Live()
    live.feed(joined(sinus(20)))
    raised = {lead: {LeadMeasure.ST_J: 200.0} for lead in (Lead.II, Lead.AVF, Lead.III)}
    live.scanner.measured(8 * RATE_HZ, measurements(leads=raised))
    live.feed(joined(sinus(4)))
    assert live.rules == ["st_elevation"]
    assert live.hits[0].evidence.where == SampleRange(4000, 5000)


def test_what_must_not_be_believed_is_not_tested() -> None:
    live = Live()
    live.feed(joined(sinus(10)))
    live.scanner.unreadable(SampleRange(10 * RATE_HZ, 8 * RATE_HZ))
    live.feed(joined(fibrillating(8), sinus(6)))
    assert live.hits == []


def test_recent_samples_are_given_for_measuring() -> None:
    live = Live()
    live.feed(joined(sinus(9)))
    assert live.scanner.recent(10) is None
    live.feed(joined(sinus(3)))
    recent = live.scanner.recent(10)
    assert recent is not None
    first, recording = recent
    assert first == 2 * RATE_HZ and recording.sample_count == 10 * RATE_HZ


def test_the_pieces_it_comes_in_change_no_hit() -> None:
    samples = joined(sinus(12), fibrillating(10), made([Beat(0.4), Beat(5.0), Beat(5.8)], 9))
    found = []
    for piece in (50, 250, 1000):
        live = Live()
        live.feed(samples, piece)
        found.append(live.hits)
    assert found[0] == found[1] == found[2] and len(found[0]) >= 2


def test_samples_of_another_shape_are_refused() -> None:
    scanner = Live().scanner
    with pytest.raises(SignalError, match=r"int16 \(12, n\)"):
        scanner.feed(np.zeros((3, 10), np.int16), [])
    with pytest.raises(SignalError):
        CriticalScanner(TABLE, (), RATE_HZ, 1000)
    assert EVERY_S < 4


def test_p_waves_that_are_taken_back_leave_the_pause_they_hid() -> None:
    live, (samples, r) = Live(), standstill(12)
    live.feed(samples)
    assert "pause" in live.rules
    (pause,) = [hit.evidence.where for hit in live.hits if hit.rule.id == "pause"]
    assert (pause.first, pause.count) == (0, r[0])
