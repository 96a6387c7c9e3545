"""`cloudclinic ecg info`: what a file holds, for a person to check before its picture is believed."""

import argparse
from dataclasses import asdict

from cloudclinic.answers import Answer, columns
from cloudclinic.ecg_commands.files import for_each
from ecg.description import Filters
from ecg.limb_leads import LeadAgreement, limb_lead_agreement
from ecg.tracing import ChannelFound, Found, Tracing


def run(options: argparse.Namespace) -> int:
    """Print format, leads, rate, samples, scale, filters found."""
    return for_each(options, answer)


def answer(file: str, tracing: Tracing) -> Answer:
    """Everything about the file that is not a sample."""
    found, agreement = tracing.found(), limb_lead_agreement(tracing)
    return Answer(_object(file, found, agreement), list(_lines(file, found, agreement)))


def _object(file: str, found: Found, agreement: tuple[LeadAgreement, ...]) -> dict[str, object]:
    return {
        "file": file,
        "format": found.kind,
        "rate_hz": found.rate_hz,
        "samples": found.sample_count,
        "duration_s": found.duration_s,
        "acquired": found.acquired or None,
        "device": found.device or None,
        "leads": [asdict(channel) for channel in found.channels],
        "gaps": [{"first": gap.first, "count": gap.count} for gap in found.gaps],
        "annotations": found.annotations,
        "beats": found.beats,
        "limb_leads": [asdict(one) for one in agreement],
        "notes": list(found.notes),
    }


def _lines(file: str, found: Found, agreement: tuple[LeadAgreement, ...]) -> list[str]:
    lines = [
        f"{file}: {found.kind}, {len(found.channels)} leads, {found.rate_hz:g} Hz,"
        f" {found.sample_count} samples ({found.duration_s:.1f} s)"
    ]
    if found.acquired:
        lines.append(f"acquired {found.acquired}")
    if found.device:
        lines.append(f"device {found.device}")
    rows = [("lead", "stored as", "step", "zero", "bits", "device filters", "missing")]
    lines += columns(rows + [_row(channel) for channel in found.channels])
    lines += [f"gap of {gap.count} samples at {gap.first}" for gap in found.gaps]
    if found.annotations:
        lines.append(f"{found.annotations} annotations, {found.beats} of them beats")
    apart = [one for one in agreement if not one.consistent]
    lines += [f"{one.lead} is up to {one.largest_nv / 1000:.1f} µV from what I and II give" for one in apart]
    return lines + list(found.notes)


def _row(channel: ChannelFound) -> tuple[str, ...]:
    return (
        channel.lead or "–",
        channel.name,
        f"{channel.nv_per_step / 1000:.6g} µV",
        f"{channel.zero:g}",
        str(channel.bits),
        filters_said(channel.filters),
        str(channel.missing_samples),
    )


def filters_said(filters: Filters) -> str:
    """What the device did to the signal, as far as the file says."""
    said = [
        f"{name} {value:g} Hz"
        for name, value in (
            ("high-pass", filters.low_hz),
            ("low-pass", filters.high_hz),
            ("notch", filters.notch_hz),
        )
        if value
    ]
    return ", ".join(said) or "not stated"
