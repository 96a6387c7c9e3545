"""`cloudclinic ecg quality`: whether a recording may go as it is, and what is wrong with which lead, when."""

import argparse
from collections.abc import Sequence

from cloudclinic.answers import Answer, columns
from cloudclinic.ecg_commands.files import for_each
from ecg.common_steps import recording_of
from ecg.leads import Electrode
from ecg.quality.findings import SecondQuality
from ecg.quality.gate import judge
from ecg.quality.gate_result import GateResult, Reason
from ecg.quality.live import assess
from ecg.quality.reversal import suspected_reversals
from ecg.tracing import Tracing


def run(options: argparse.Namespace) -> int:
    """Print the decision, every reason, and the usable seconds of each lead."""
    return for_each(options, answer)


def answer(file: str, tracing: Tracing) -> Answer:
    """The gate's judgement of the standard leads."""
    recording, _ = recording_of(tracing)
    seconds = assess(recording)
    result = judge(seconds, recording.rate_hz, suspected_reversals(recording))
    return Answer(_object(file, result, seconds), _lines(file, result))


def _object(file: str, result: GateResult, seconds: Sequence[SecondQuality]) -> dict[str, object]:
    return {
        "file": file,
        "decision": result.decision,
        "score": result.score,
        "reasons": [_reason(reason) for reason in result.reasons],
        "usable_s": dict(result.usable_s),
        "reversals_not_tested": dict(result.reversals.untested),
        "seconds": [_second(one) for one in seconds],
    }


def _reason(reason: Reason) -> dict[str, object]:
    return {
        "cause": reason.cause,
        "weight": reason.weight,
        "advice": reason.advice,
        "leads": list(reason.leads),
        "electrodes": electrodes_named(reason.electrodes),
        "lead_seconds": reason.lead_seconds,
        "points": reason.points,
    }


def _second(one: SecondQuality) -> dict[str, object]:
    leads = {
        lead: [
            {"finding": found.finding, "grade": found.grade, "size_uv": found.size_uv}
            for found in second.findings
        ]
        for lead, second in one.leads.items()
        if second.findings
    }
    return {"first": one.samples.first, "count": one.samples.count, "leads": leads}


def electrodes_named(electrodes: Electrode) -> list[str]:
    """Their names, in order."""
    return [str(one.name) for one in Electrode if one in electrodes]


def _lines(file: str, result: GateResult) -> list[str]:
    rows: list[tuple[str, ...]] = [
        ("why", "weight", "leads", "electrodes", "seconds", "points", "what to do")
    ]
    rows += [_row(reason) for reason in result.reasons]
    usable = ", ".join(f"{lead} {seconds:g}" for lead, seconds in result.usable_s.items())
    return [
        f"{file}: {result.decision.replace('_', ' ')}, {result.score} of 100",
        *(columns(rows) if result.reasons else ()),
        f"usable seconds: {usable}",
    ]


def _row(reason: Reason) -> tuple[str, ...]:
    return (
        reason.cause.replace("_", " "),
        reason.weight,
        " ".join(reason.leads),
        " ".join(electrodes_named(reason.electrodes)),
        f"{reason.lead_seconds:g}",
        f"{reason.points:.1f}",
        reason.advice.replace("_", " "),
    )
