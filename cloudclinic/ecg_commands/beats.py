"""`cloudclinic ecg beats`: every QRS complex of a file, with how and how late it became known."""

import argparse
from collections.abc import Sequence

from cloudclinic.answers import Answer, columns
from cloudclinic.ecg_commands.files import for_each
from ecg.signal.beats import BeatEvent
from ecg.signal.tracing_beats import beats_of, channels_named
from ecg.tracing import Tracing


def run(options: argparse.Namespace) -> int:
    """Print one object or one table a file; all leads are used unless some are named."""
    return for_each(options, lambda file, tracing: answer(file, tracing, options.lead))


def answer(file: str, tracing: Tracing, leads: Sequence[str] | None) -> Answer:
    """The beats that stand when all was said."""
    beats = beats_of(tracing, channels_named(tracing, leads) if leads else None)
    return Answer(
        {"file": file, "rate_hz": tracing.rate_hz, "beats": [_object(beat) for beat in beats]},
        [
            f"{file}: {len(beats)} beats",
            *columns(
                [("sample", "time s", "found as", ""), *(_row(beat, tracing.rate_hz) for beat in beats)]
            ),
        ],
    )


def _object(beat: BeatEvent) -> dict[str, object]:
    return {"sample": beat.sample, "kind": beat.kind, "late": beat.late}


def _row(beat: BeatEvent, rate_hz: float) -> tuple[str, ...]:
    return (str(beat.sample), f"{beat.sample / rate_hz:.3f}", beat.kind, "late" if beat.late else "")
