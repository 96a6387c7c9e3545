"""What the quality check found, as a report shows it: leads off, clipped seconds, the verdict in words."""

from collections.abc import Iterable, Iterator, Sequence

from ecg.drawing import words
from ecg.drawing.channels import Flaw, FlawKind
from ecg.leads import STANDARD_LEADS, Electrode, Lead, unusable_leads
from ecg.quality.device_state import DeviceState
from ecg.quality.findings import Finding, SecondQuality
from ecg.quality.gate_result import GateResult
from ecg.ranges import SampleRange
from ecg.words import Language

_SHOWN = {Finding.LEAD_OFF: FlawKind.OFF, Finding.CLIPPED: FlawKind.CLIPPED}


def flaws_of_quality(seconds: Sequence[SecondQuality]) -> tuple[Flaw, ...]:
    """Seconds in which a lead is off or clipped, those that follow each other as one flaw, lead by lead."""
    leads = dict.fromkeys(lead for second in seconds for lead in second.leads)
    return tuple(flaw for lead in leads for finding in _SHOWN for flaw in _stretches(seconds, lead, finding))


def flaws_of_device(states: Iterable[tuple[SampleRange, DeviceState]]) -> tuple[Flaw, ...]:
    """Where the device called leads off, to the sample; those that follow each other as one, lead by lead.

    `states`: in order and without overlap.
    """
    told = tuple(states)
    return tuple(flaw for lead in STANDARD_LEADS for flaw in _joined_up(_off_flaws(told, lead)))


def _off_flaws(states: Iterable[tuple[SampleRange, DeviceState]], lead: Lead) -> Iterator[Flaw]:
    for where, state in states:
        if lead in state.off:
            yield Flaw(FlawKind.OFF, where, (lead,), _needed(state.electrodes_off, lead))


def quality_sentence(result: GateResult, language: Language) -> str:
    """The score and what it advises."""
    said = {"score": str(result.score), "advice": words.ADVICE[result.decision].said(language)}
    return words.QUALITY.said(language, said)


def _stretches(seconds: Sequence[SecondQuality], lead: Lead, finding: Finding) -> Iterator[Flaw]:
    return _joined_up(_seconds(seconds, lead, finding))


def _seconds(seconds: Sequence[SecondQuality], lead: Lead, finding: Finding) -> Iterator[Flaw]:
    for second in seconds:
        of_lead = second.leads.get(lead)
        if of_lead is not None and of_lead.of(finding) is not None:
            electrodes = _electrodes(second, lead, finding)
            yield Flaw(_SHOWN[finding], second.samples, (lead,), electrodes)


def _joined_up(flaws: Iterable[Flaw]) -> Iterator[Flaw]:
    open_flaw: Flaw | None = None
    for found in flaws:
        if open_flaw is not None and _follows(open_flaw, found):
            found = _joined(open_flaw, found)
        elif open_flaw is not None:
            yield open_flaw
        open_flaw = found
    if open_flaw is not None:
        yield open_flaw


def _electrodes(second: SecondQuality, lead: Lead, finding: Finding) -> tuple[str, ...]:
    """The electrodes the device calls off and this lead needs."""
    if finding is not Finding.LEAD_OFF:
        return ()
    return _needed(second.electrodes_off, lead)


def _needed(off: Electrode, lead: Lead) -> tuple[str, ...]:
    return tuple(str(one.name) for one in Electrode if one in off and lead in unusable_leads(one))


def _follows(first: Flaw, second: Flaw) -> bool:
    return first.where.end == second.where.first and first.electrodes == second.electrodes


def _joined(first: Flaw, second: Flaw) -> Flaw:
    where = SampleRange(first.where.first, first.where.count + second.where.count)
    return Flaw(first.kind, where, first.channels, first.electrodes)
