"""The numbers by which a second of a lead is judged, the same for every recording and every site."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QualityRules:
    """Sizes in microvolts. What clean recordings show of each is in `docs/ecg-quality.md`."""

    flat_uv: float = 30.0
    """Range over two seconds below which a lead shows nothing: what an amplifier may show with nothing at its
    inputs (IEC 60601-2-25, internal noise 30 uV peak to peak). The lowest lead measured has 216."""

    most_uv: float = 15_000.0
    """Range within a second, without the 5 ms of either end that a pacing pulse may take: more than any heart
    makes. The highest lead measured has 5205. A scale that is ten times too large or more shows in nearly
    every ECG."""

    mains_noted_uv: float = 50.0
    """Peak to peak: half a millimetre at 10 mm/mV, the least that is seen on paper."""

    mains_unusable_uv: float = 500.0
    """A band of 5 mm; the view's notch takes out less, and what it leaves can be read."""

    muscle_noted_uv: float = 25.0
    """Standard deviation: about 0.1 mV from peak to peak, as high as a P wave."""

    muscle_unusable_uv: float = 75.0
    """About 0.3 mV from peak to peak; no filter that keeps QRS takes it out."""

    wander_noted_uv: float = 300.0
    """Within two seconds: 3 mm. Clean recordings stay below 260 in 95 of 100 lead-seconds."""

    wander_unusable_uv: float = 1000.0
    """10 mm from one complex to the next: neither ST nor small waves can be told."""

    missing_unusable_share: float = 0.1
    """Of a second: as long as a narrow QRS complex, which could be what is missing."""

    clipped_unusable_share: float = 0.1


DEFAULT_RULES = QualityRules()
