"""What a line carries of an ECG of 8 leads at 500 Hz: on the durable path, and live with its repeats."""

from pathlib import Path

import numpy as np

from benchmarks.report import Row, figure
from ecg.batches import join, packet
from ecg.common_steps import recording_of
from ecg.files.door import read_any
from ecg.leads import INDEPENDENT_LEADS
from ecg.live import LivePacketizer
from ecg.recording import Recording
from ecg.signal.filters import FilterSetting, LiveFilter
from ecg.source import RecordingLoop
from ecg.wire import Wave
from station.deliveries import STEP_S
from station.ecg_stream import PIECES_PER_S, Anchor, EcgStream

SAMPLE = Path(__file__).parents[1] / "tests" / "data" / "ecg" / "challenge2021" / "E07500.hea"
SECONDS = 60
PULSE_UV, PULSE_S = 3000, 0.1
"""300 uV.s (AHA/ACC/HRS 2007, IEC 60601-2-25)."""


def rows() -> list[Row]:
    """Bytes a second of a minute of a real ECG; and the pulse test of the diagnostic filter."""
    durable, live = _bytes_per_s(_pieces(_eight_leads()))
    undershoot, slope = pulse()
    return [
        figure("300 µV·s pulse through the live filter: undershoot", undershoot, "µV", 100, 100),
        figure("300 µV·s pulse through the live filter: slope after it", slope, "µV/s", 300, 300),
        figure("E1, 8 leads, 500 Hz: durable", durable / 1000, "kB/s", 9, 4, "a real ECG in steps of 1 µV"),
        figure("E1, 8 leads, 500 Hz: live with repeats", live / 1000, "kB/s", 27, 20),
    ]


def _eight_leads() -> Recording:
    recording, _ = recording_of(read_any(SAMPLE))
    rows = np.stack([recording.lead(lead) for lead in INDEPENDENT_LEADS])
    return Recording(
        leads=INDEPENDENT_LEADS,
        rate_hz=recording.rate_hz,
        nv_per_lsb=recording.nv_per_lsb,
        samples=rows,
    )


def _pieces(recording: Recording) -> list[Wave]:
    stream = EcgStream(RecordingLoop(recording), 1, Anchor(0, 0))
    return list(stream.pieces(SECONDS * 1_000_000))


def _bytes_per_s(pieces: list[Wave]) -> tuple[float, float]:
    packetizer = LivePacketizer(500)
    live = sum(len(packetizer.packet(piece)) for piece in pieces)
    at_once = round(STEP_S * PIECES_PER_S)
    durable = 0
    for first in range(0, len(pieces), at_once):
        group = pieces[first : first + at_once]
        at = group[0].first_index
        while (wave := join(group, at)) is not None:
            durable += len(packet(wave, 0, 2000, wave.captured_us))
            at = wave.end_index
    return durable / SECONDS, live / SECONDS


def pulse(rate_hz: int = 500) -> tuple[float, float]:
    """How far the line stands below zero after the pulse, in µV, and its steepest slope there, in µV/s.

    From 20 ms after the pulse on: at its very edge the low-pass of 150 Hz still rings.
    """
    signal = np.zeros((1, 20 * rate_hz), np.int16)
    signal[0, 5 * rate_hz : 5 * rate_hz + round(PULSE_S * rate_hz)] = PULSE_UV
    uv = LiveFilter(FilterSetting(), rate_hz, 1, 1000.0).feed(signal)[0]
    end = 5 * rate_hz + round(PULSE_S * rate_hz)
    after = uv[end + round(0.02 * rate_hz) :]
    slope = np.abs(np.diff(after[: round(0.2 * rate_hz)])).max() * rate_hz
    return float(-after.min()), float(slope)
