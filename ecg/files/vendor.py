"""What a maker's file holds (`ecg.vendor_files`), as the door hands it on."""

from dataclasses import replace

from ecg.common_steps import tracing_of
from ecg.errors import SignalError, SourceUnreadable
from ecg.limb_leads import DERIVATIONS
from ecg.tracing import FileKind, Tracing
from ecg.vendor_files.reading import read_vendor_file


def read_vendor(data: bytes, name: str) -> Tracing:
    """Read HL7 aECG, SCP-ECG, Philips Sierra XML or GE MUSE XML, in the step that all its leads share.

    Leads the file did not keep and its reader derived are told in the notes, as are its remarks.
    """
    try:
        found = read_vendor_file(data)
        tracing = tracing_of(found.recording, FileKind(found.format))
    except (SourceUnreadable, SignalError) as refusal:
        raise SourceUnreadable(f"{name}: {refusal}") from None
    notes = [f"{remark.kind.replace('_', ' ')} {remark.detail}".strip() for remark in found.remarks]
    if found.derived:
        notes.append(f"{', '.join(found.derived)} derived from I and II")
    derivations = {lead: DERIVATIONS[lead] for lead in found.derived}
    channels = tuple(
        replace(channel, derivation=derivations.get(lead, "") if (lead := channel.lead) else "")
        for channel in tracing.channels
    )
    return replace(tracing, channels=channels, notes=tuple(notes))
