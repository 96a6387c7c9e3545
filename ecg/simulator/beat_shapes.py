"""How a beat looks: its waves in time around R, and their heights in the eight independent leads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.leads import INDEPENDENT_LEADS, Lead
from ecg.simulator.rhythms import mean_rr_ms, shortest_rr_ms
from ecg.simulator.scenario import Episode, LeadGroup
from ecg.simulator.truth import BeatOrigin
from ecg.wave_shapes import RESTING_UV, Heights, hump, spike

# Wide beats: from the left ventricle (V1 up), T against QRS.
_WIDE: Heights = {
    Lead.I: (60, 60, -500, -80, 160),
    Lead.II: (120, -60, 900, -200, -320),
    Lead.V1: (50, 0, 1100, -150, -350),
    Lead.V2: (60, 0, 1300, -250, -400),
    Lead.V3: (60, 0, 1000, -400, -350),
    Lead.V4: (60, 0, 700, -700, -250),
    Lead.V5: (60, 0, 400, -900, 200),
    Lead.V6: (60, 0, 300, -900, 250),
}
# Paced from the apex of the right ventricle: I and V6 up, II and V1 down.
_PACED: Heights = {
    Lead.I: (60, 0, 800, 0, -250),
    Lead.II: (120, 60, -900, 60, 300),
    Lead.V1: (50, 0, -1000, 0, 350),
    Lead.V2: (60, 60, -1400, 0, 500),
    Lead.V3: (60, 60, -1300, 0, 450),
    Lead.V4: (60, 60, -900, 0, 350),
    Lead.V5: (60, 40, 300, -500, -100),
    Lead.V6: (60, 0, 600, -100, -200),
}
_ST_LEADS: dict[LeadGroup, frozenset[Lead]] = {
    LeadGroup.SEPTAL: frozenset({Lead.V1, Lead.V2}),
    LeadGroup.ANTERIOR: frozenset({Lead.V1, Lead.V2, Lead.V3, Lead.V4}),
    LeadGroup.LATERAL: frozenset({Lead.I, Lead.V5, Lead.V6}),
    LeadGroup.INFERIOR: frozenset({Lead.II}),
}
_ST_SHARE: dict[tuple[LeadGroup, Lead], float] = {(LeadGroup.LATERAL, Lead.II): 0.5}
"""II goes half as far as I, so that aVF, between inferior leads, stays where it is."""

P_MS = 100.0
PACE_BEFORE_QRS_MS = 8.0
SPIKE_UV = 700


@dataclass(frozen=True, slots=True, eq=False)
class BeatShape:
    """A beat of one episode. Milliseconds from R; `heights` (8, 5) and `st` (8,) in microvolts.

    `p_onset_ms` is None where no P wave leads to the beat.
    """

    origin: BeatOrigin
    p_onset_ms: float | None
    qrs_onset_ms: float
    qrs_offset_ms: float
    t_onset_ms: float
    t_offset_ms: float
    heights: NDArray[np.float64]
    st: NDArray[np.float64]

    @property
    def begins_ms(self) -> float:
        """Before it the beat is 0 in every lead."""
        pace_ms = PACE_BEFORE_QRS_MS if self.origin is BeatOrigin.PACED else 0.0
        return self.qrs_onset_ms - pace_ms if self.p_onset_ms is None else self.p_onset_ms

    def at(self, ms: NDArray[np.float64]) -> NDArray[np.float64]:
        """The beat at these times from R, (8, n) microvolts."""
        p = np.zeros_like(ms) if self.p_onset_ms is None else hump(ms, self.p_onset_ms, P_MS)
        onset, quarter = self.qrs_onset_ms, (self.qrs_offset_ms - self.qrs_onset_ms) / 4
        shapes = np.stack(
            [
                p,
                spike(ms, onset, quarter),
                spike(ms, onset + quarter, 2 * quarter),
                spike(ms, onset + 3 * quarter, quarter),
                hump(ms, self.t_onset_ms, self.t_offset_ms - self.t_onset_ms),
            ]
        )
        drawn: NDArray[np.float64] = self.heights @ shapes + np.outer(self.st, self._plateau(ms, quarter))
        return drawn

    def _plateau(self, ms: NDArray[np.float64], quarter: float) -> NDArray[np.float64]:
        """1 from the end of QRS to the peak of T; it rises within S and falls with T."""
        rising = np.clip((ms - self.qrs_offset_ms + quarter) / quarter, 0.0, 1.0)
        half = (self.t_offset_ms - self.t_onset_ms) / 2
        falling = np.clip((ms - self.t_onset_ms - half) / half, 0.0, 1.0)
        plateau: NDArray[np.float64] = rising * (0.5 + 0.5 * np.cos(np.pi * falling))
        return plateau


P_HEIGHTS = np.array([RESTING_UV[lead][0] for lead in INDEPENDENT_LEADS], dtype=np.float64)


def beat_shape(episode: Episode, origin: BeatOrigin) -> BeatShape:
    """How the beats of an episode look."""
    heights, qrs_ms, with_p = _KINDS[origin]
    qt_ms = _qt_ms(episode, qrs_ms)
    t_ms = min(180.0, 0.42 * qt_ms)
    onset = -qrs_ms / 2
    table = np.array([heights[lead] for lead in INDEPENDENT_LEADS], dtype=np.float64)
    if not with_p:
        table[:, 0] = 0
    return BeatShape(
        origin=origin,
        p_onset_ms=onset - _pr_ms(episode) if with_p else None,
        qrs_onset_ms=onset,
        qrs_offset_ms=onset + qrs_ms,
        t_onset_ms=onset + qt_ms - t_ms,
        t_offset_ms=onset + qt_ms,
        heights=table,
        st=_st(episode),
    )


_KINDS: dict[BeatOrigin, tuple[Heights, float, bool]] = {
    BeatOrigin.SINUS: (RESTING_UV, 90.0, True),
    BeatOrigin.CONDUCTED: (RESTING_UV, 90.0, False),
    BeatOrigin.ESCAPE: (_WIDE, 140.0, False),
    BeatOrigin.VENTRICULAR: (_WIDE, 150.0, False),
    BeatOrigin.PACED: (_PACED, 150.0, False),
}


def _pr_ms(episode: Episode) -> float:
    """160 ms at rest; shorter in tachycardia, where P would otherwise stand on T."""
    return 160.0 if mean_rr_ms(episode) >= 600 else 115.0


def _qt_ms(episode: Episode, qrs_ms: float) -> float:
    """390 ms at 60 a minute, by Fridericia at other rates; a T wave ends before the next beat begins."""
    qt_ms = 390.0 * (mean_rr_ms(episode) / 1000) ** (1 / 3) + (qrs_ms - 90)
    return float(min(qt_ms, shortest_rr_ms(episode) - 20))


def _st(episode: Episode) -> NDArray[np.float64]:
    level = np.zeros(len(INDEPENDENT_LEADS))
    for group, uv in episode.st:
        for row, lead in enumerate(INDEPENDENT_LEADS):
            share = _ST_SHARE.get((group, lead), 1.0 if lead in _ST_LEADS[group] else 0.0)
            level[row] += share * uv
    return level
