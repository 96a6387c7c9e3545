"""Reports to draw in tests: signals of known shape, real records, and everything a report can carry."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecg.common_steps import recording_of, tracing_of
from ecg.drawing.channels import Flaw, FlawKind
from ecg.drawing.draw_list import DrawList, Layer, Page, Polyline, Text
from ecg.drawing.pages import ecg_report
from ecg.drawing.report import (
    Circumstances,
    EarlierEcg,
    EcgReport,
    MedianPanel,
    Person,
    Reading,
    Role,
    Signature,
    StatementLine,
)
from ecg.files.door import read_any
from ecg.leads import MISSING, STANDARD_LEADS, Lead
from ecg.measurements import UNITS, Absent, BeatLimits, Measure, Measured, Measurements, Why
from ecg.ranges import SampleRange
from ecg.recording import Recording
from ecg.signal.filters import FilterSetting, HighPass, LowPass
from ecg.signal.median_beat import median_beat
from ecg.signal.qrs import find_beats
from ecg.subject import Sex
from ecg.synthetic import SyntheticEcg
from ecg.tracing import Channel, FileKind, Tracing
from ecg.words import Language

DATA = Path(__file__).resolve().parents[2] / "data" / "ecg"
RATE_HZ = 500
CHINA = dt.timezone(dt.timedelta(hours=8))
UNFILTERED = FilterSetting(HighPass.NONE, LowPass.NONE)
SOFTWARE = "cloudclinic 0.0.0"

_VALUES = {
    Measure.RATE: 54.0,
    Measure.RR_MEAN: 1111.0,
    Measure.RR_MIN: 1098.0,
    Measure.RR_MAX: 1122.0,
    Measure.PR: 216.0,
    Measure.QRS: 98.0,
    Measure.QT: 436.0,
    Measure.QTC_BAZETT: 414.0,
    Measure.QTC_FRIDERICIA: 421.0,
    Measure.P_AXIS: 56.0,
    Measure.QRS_AXIS: 38.0,
    Measure.T_AXIS: 44.0,
}


def measured(changed: dict[Measure, float | Why] | None = None, confidence: float = 0.9) -> Measurements:
    """Measurements of a slow heart with a long PR; `changed`: other values, or why there are none."""
    values: dict[Measure, Any] = {}
    for measure in Measure:
        value = (changed or {}).get(measure, _VALUES.get(measure, 10.0))
        found = isinstance(value, float)
        values[measure] = Measured(value, UNITS[measure], confidence) if found else Absent(Why(value))
    return Measurements(RATE_HZ, 5000, values)


def synthetic(seconds: float = 10, heart_rate: int = 54, **more: Any) -> Tracing:
    """Twelve leads of the synthetic ECG."""
    source = SyntheticEcg(RATE_HZ, heart_rate)
    samples = source.samples(0, round(seconds * RATE_HZ))
    return tracing_of(
        Recording(leads=source.leads, rate_hz=RATE_HZ, nv_per_lsb=1000, samples=samples, **more)
    )


def of_rows(
    rows: dict[str, NDArray[np.int16]], rate_hz: float = RATE_HZ, nv_per_step: float = 1000
) -> Tracing:
    """Channels of these names; a standard lead's name is a standard lead."""
    leads = set(map(str, STANDARD_LEADS))
    channels = tuple(
        Channel(name=name, lead=Lead(name) if name in leads else None, samples=row, nv_per_step=nv_per_step)
        for name, row in rows.items()
    )
    return Tracing(kind=FileKind.WFDB, rate_hz=rate_hz, channels=channels)


def square_wave(seconds: int = 10, uv: int = 1000) -> NDArray[np.int16]:
    """0 and `uv` in turn, half a second each; the edges lie on half seconds."""
    half = RATE_HZ // 2
    return np.tile(np.repeat(np.array([0, uv], np.int16), half), seconds)


def median_of(tracing: Tracing, limits: bool = True) -> MedianPanel:
    """Its median beat, with limits as the synthetic ECG has them."""
    recording, _ = recording_of(tracing)
    beats = [one.sample for one in find_beats(recording.samples, recording.rate_hz, recording.nv_per_lsb)]
    beat = median_beat(recording.samples, beats, recording.rate_hz, recording.nv_per_lsb)
    r = beat.r
    waves = BeatLimits(r, r - 22, r + 23, r - 100, r - 80, r - 52, r + 90, r + 130, r + 178)
    return MedianPanel.of(beat, recording.leads, recording.rate_hz, waves if limits else None)


def with_gap_and_lead_off(tracing: Tracing) -> tuple[Tracing, tuple[Flaw, ...]]:
    """No samples from 4.2 to 4.96 s in any lead, electrode V3 off all along, V4 clipped for 0.2 s."""
    samples = np.stack([channel.samples for channel in tracing.channels]).astype(np.int16)
    samples[:, 2100:2480] = MISSING
    samples[STANDARD_LEADS.index(Lead.V3)] = MISSING
    rows = {str(lead): row for lead, row in zip(STANDARD_LEADS, samples, strict=True)}
    return of_rows(rows), (
        Flaw(FlawKind.OFF, SampleRange(0, 5000), (Lead.V3,), ("V3",)),
        Flaw(FlawKind.CLIPPED, SampleRange(4000, 100), (Lead.V4,)),
    )


def record(name: str) -> Tracing:
    """A real record of `tests/data/ecg`."""
    return read_any(DATA / name)


def full_report(language: Language, **changed: Any) -> EcgReport:
    """A report with everything on it."""
    tracing = changed.pop("tracing", None) or synthetic(acquired="20261120095214")
    chinese = language is Language.ZH
    values: dict[str, Any] = {
        "tracing": tracing,
        "software": SOFTWARE,
        "person": Person(
            name="沈玉兰", record_number="33010000601201138", sex=Sex.FEMALE, birth_date=dt.date(1955, 6, 8)
        ),
        "circumstances": Circumstances(
            site="滨江社区卫生服务站",
            reading_site="市第一人民医院 心电诊断中心",
            operator="吴倩（护士）",
            device="12 导联采集盒 SN 0217",
            indication="头晕 1 周，自测心率偏慢；高血压、2 型糖尿病",
            medication="美托洛尔缓释片 47.5 mg 每日 1 次",
        ),
        "measurements": measured(),
        "statements": (
            StatementLine(
                "rate_low",
                "心室率慢：54 次/分（<60）" if chinese else "Ventricular rate low: 54/min (below 60)",
                "9 个心搏" if chinese else "9 beats",
            ),
        ),
        "quality": ("信号质量：良好" if chinese else "Signal quality: good",),
        "number": "XD-20261120-0091",
        "simulated": True,
        "printed": dt.datetime(2026, 11, 20, 9, 58, tzinfo=CHINA),
    }
    if "median" not in changed:
        values["median"] = median_of(tracing)
    if "earlier" not in changed:
        before = measured({Measure.RATE: 66.0, Measure.PR: 188.0})
        values["earlier"] = EarlierEcg("20260518", before, median_of(tracing))
    return EcgReport(**(values | changed))


def signed_reading(**changed: Any) -> Reading:
    """Reported and verified."""
    values: dict[str, Any] = {
        "interpretation": "窦性心动过缓，一度房室传导阻滞。",
        "signatures": (
            Signature(Role.REPORTED, "李四", dt.datetime(2026, 11, 20, 10, 14, tzinfo=CHINA)),
            Signature(Role.VERIFIED, "张三", dt.datetime(2026, 11, 20, 11, 2, tzinfo=CHINA)),
        ),
        "needs_verification": True,
        "digest": "9f" * 32,
    }
    return Reading(**(values | changed))


def drawn(tracing: Tracing, language: Language = Language.EN, **more: Any) -> DrawList:
    """The pages of a report with nothing but traces."""
    return ecg_report(EcgReport(tracing=tracing, software=SOFTWARE, **more), language)


def trace_lines(page: Page) -> list[NDArray[np.float64]]:
    """The points of every trace and calibration step of a page."""
    return [mark.points for mark in page.of_layer(Layer.TRACE) if isinstance(mark, Polyline)]


def words_on(page: Page) -> str:
    """Everything that is written on a page."""
    return "\n".join(page.texts())


def text_marks(page: Page) -> list[Text]:
    """The words of a page with their places."""
    return [mark for mark in page.marks if isinstance(mark, Text)]
