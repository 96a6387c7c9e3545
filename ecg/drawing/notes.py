"""What the drawing has to say of itself: what is not on the page, not a trace, or not where it should be."""

from collections.abc import Collection, Iterator, Sequence

from ecg.drawing import words
from ecg.drawing.channels import Flaw, FlawKind, channel_names, holes_of
from ecg.drawing.lead_names import lead_list
from ecg.drawing.plan import Kind, TracePage, goes_on
from ecg.drawing.report import EcgReport
from ecg.drawing.trace_area import PlacedTraces
from ecg.drawing.traces import off_name
from ecg.limb_leads import limb_lead_agreement
from ecg.ranges import SampleRange
from ecg.words import Language


def page_notes(
    report: EcgReport, page: TracePage, placed: PlacedTraces, language: Language
) -> tuple[str, ...]:
    """Sentences for this page, the most important first."""
    flaws = _together([flaw for flaw in report.flaws if _touches(flaw.where, page.where)])
    return (
        *(_off(report, flaw, language) for flaw in flaws if flaw.kind is FlawKind.OFF),
        *_holes(report, page.where, placed, flaws, language),
        *_cut(placed, language),
        *(_clipped(report, flaw, language) for flaw in flaws if flaw.kind is FlawKind.CLIPPED),
        *_paced(report, page, language),
        *_part(report, page, language),
        *_crowded(placed, language),
        *_of_the_recording(report, page, language),
    )


def _together(flaws: Sequence[Flaw]) -> list[Flaw]:
    """Flaws of the same samples and electrodes as one of all their channels."""
    alike: dict[tuple[FlawKind, SampleRange, tuple[str, ...]], list[str]] = {}
    for flaw in flaws:
        alike.setdefault((flaw.kind, flaw.where, flaw.electrodes), []).extend(flaw.channels)
    return [
        Flaw(kind, where, tuple(dict.fromkeys(channels)), electrodes)
        for (kind, where, electrodes), channels in alike.items()
    ]


def _touches(one: SampleRange, other: SampleRange) -> bool:
    return one.first < other.end and other.first < one.end


def _holds(one: SampleRange, other: SampleRange) -> bool:
    return one.first <= other.first and other.end <= one.end


def _off(report: EcgReport, flaw: Flaw, language: Language) -> str:
    said = _span(report, flaw) | {
        "leads": _named(flaw.channels, report, language),
        "what": off_name(flaw, language),
    }
    return words.NOTE_OFF.said(language, said)


def _clipped(report: EcgReport, flaw: Flaw, language: Language) -> str:
    said = _span(report, flaw) | {"leads": _named(flaw.channels, report, language)}
    return words.NOTE_CLIPPED.said(language, said)


def _span(report: EcgReport, flaw: Flaw) -> dict[str, str]:
    rate_hz = report.tracing.rate_hz
    last = min(flaw.where.end, report.tracing.sample_count)
    return {"from_s": f"{flaw.where.first / rate_hz:.1f}", "to_s": f"{last / rate_hz:.1f}"}


def _holes(
    report: EcgReport, page: SampleRange, placed: PlacedTraces, flaws: Sequence[Flaw], language: Language
) -> Iterator[str]:
    """Holes of the page that no electrode explains, channels with the same ones together."""
    alike: dict[tuple[SampleRange, ...], list[str]] = {}
    for name, channel in placed.channels.items():
        holes = tuple(holes_of(channel, flaws))
        if holes:
            alike.setdefault(holes, []).append(name)
    wholly_off = {
        name for one in flaws if one.kind is FlawKind.OFF and _holds(one.where, page) for name in one.channels
    }
    for holes, names in alike.items():
        seconds = sum(hole.count for hole in holes) / report.tracing.rate_hz
        said = {
            "leads": _named(names, report, language, wholly_off),
            "count": str(len(holes)),
            "seconds": f"{seconds:.3g}",
        }
        yield words.NOTE_HOLE.said(language, said)


def _cut(placed: PlacedTraces, language: Language) -> Iterator[str]:
    if placed.cut:
        yield words.NOTE_CUT.said(language, {"leads": lead_list(placed.cut, language)})


def _paced(report: EcgReport, page: TracePage, language: Language) -> Iterator[str]:
    count = sum(page.where.first <= mark < page.where.end for mark in report.pacing_marks)
    if count:
        yield words.NOTE_PACED.said(language, {"count": str(count)})


def _crowded(placed: PlacedTraces, language: Language) -> Iterator[str]:
    if placed.crowded:
        yield words.NOTE_CROWDED.said(language, {"leads": lead_list(placed.crowded, language)})


def _part(report: EcgReport, page: TracePage, language: Language) -> Iterator[str]:
    whole = SampleRange(0, report.tracing.sample_count)
    if page.kind is Kind.RHYTHM or page.where == whole:
        return
    rate_hz = report.tracing.rate_hz
    said = words.NOTE_PART.said(
        language,
        {
            "whole": f"{whole.count / rate_hz:.4g}",
            "from_s": f"{page.where.first / rate_hz:.4g}",
            "to_s": f"{page.where.end / rate_hz:.4g}",
        },
    )
    rest = report.window or whole
    follows = report.whole and goes_on(report, page.where, rest)
    after = words.NOTE_REST if follows else words.NOTE_NOT_SHOWN
    yield words.JOINED.said(language, {"first": said, "second": after.said(language)})


def _of_the_recording(report: EcgReport, page: TracePage, language: Language) -> Iterator[str]:
    """What is said once, on the first page."""
    if page.kind is not Kind.FIRST:
        return
    apart = [one.lead for one in limb_lead_agreement(report.tracing) if not one.consistent]
    if apart:
        yield words.NOTE_LIMB_LEADS.said(language, {"leads": lead_list(apart, language)})
    shown = {strip.placed.name for row in page.rows for strip in row}
    others = [name for name in channel_names(report.tracing) if name not in shown]
    if others:
        yield words.NOTE_OTHER_CHANNELS.said(language, {"channels": lead_list(others, language)})


def _named(names: Sequence[str], report: EcgReport, language: Language, apart: Collection[str] = ()) -> str:
    """The names, or that it is all of them, or all but those that were named apart."""
    every = set(channel_names(report.tracing))
    if len(every) > 1 and set(names) >= every:
        return words.ALL_LEADS.said(language)
    if apart and len(names) > 1 and set(names) | set(apart) >= every:
        return words.ALL_OTHERS.said(language)
    return lead_list(names, language)
