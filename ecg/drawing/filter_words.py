"""Filters in words: those of the picture, and what the device did before."""

from collections.abc import Iterator

from ecg.description import Filters
from ecg.drawing import words
from ecg.signal.filters import FilterSetting, LowPass, Mains
from ecg.tracing import Tracing
from ecg.words import Language


def filters_said(setting: FilterSetting, language: Language) -> Iterator[str]:
    """The picture's filters, the band first; what they make unreadable is part of it."""
    high, low = words.HIGH_PASS[setting.high_pass], words.LOW_PASS[setting.low_pass]
    yield words.FILTER.said(language, {"band": _band(high, low, language)})
    notch = setting.mains is not Mains.NONE
    yield (
        words.NOTCH.said(language, {"hz": str(int(setting.mains))})
        if notch
        else words.NO_NOTCH.said(language)
    )
    if not setting.st_valid:
        yield f"{words.MONITOR.said(language)}: {words.ST_NOT_VALID.said(language)}"
    if setting.low_pass is LowPass.MONITOR_40:
        yield words.AMPLITUDES_REDUCED.said(language)


def device_band(tracing: Tracing, language: Language) -> str:
    """What the device did to the signal, as far as the file says."""
    stated = {channel.filters for channel in tracing.channels}
    if len(stated) > 1:
        return words.DEVICE_FILTERS_DIFFER.said(language)
    (filters,) = stated
    if filters == Filters():
        return words.DEVICE_FILTER_UNKNOWN.said(language)
    said = [f"{_hz(filters.low_hz)}–{_hz(filters.high_hz)} Hz"]
    if filters.notch_hz:
        said.append(words.NOTCH.said(language, {"hz": f"{filters.notch_hz:g}"}))
    return words.DEVICE_FILTERED.said(language, {"band": ", ".join(said)})


def _hz(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


def _band(high_pass: str, low_pass: str, language: Language) -> str:
    if low_pass:
        return f"{high_pass}–{low_pass} Hz"
    return f"≥ {high_pass} Hz" if high_pass != "0" else words.NO_FILTER.said(language)
