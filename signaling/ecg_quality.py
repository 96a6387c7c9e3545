"""What a station may say of its ECG's quality: known words only, so that nothing else reaches a screen."""

from collections.abc import Iterable

from ecg.leads import Electrode, Lead
from ecg.quality.advice import Advice, Shortfall
from ecg.quality.findings import Finding
from ecg.quality.reversal import Reversal
from records.ecg_drafts import QualityNote
from signaling.errors import Refused
from signaling.refusals import Refusal

MOST_NOTES = 30

_CODES = {one.value for kind in (Finding, Reversal, Shortfall) for one in kind}
_ADVICE = {one.value for one in Advice}
_LEADS = {one.value for one in Lead}
_ELECTRODES = {str(one.name) for one in Electrode}


def check_notes(notes: Iterable[QualityNote]) -> None:
    """Raise `Refused` with `OUT_OF_RANGE` for more notes than there can be, or for a word that is none."""
    listed = list(notes)
    if len(listed) > MOST_NOTES or not all(_is_known(one) for one in listed):
        raise Refused(Refusal.OUT_OF_RANGE, "a note on an ECG's quality that is none")


def _is_known(note: QualityNote) -> bool:
    return (
        note.code in _CODES
        and note.weight in ("minor", "note", "repeat")
        and note.advice in _ADVICE
        and len(note.leads) <= len(_LEADS)
        and _LEADS.issuperset(note.leads)
        and len(note.electrodes) <= len(_ELECTRODES)
        and _ELECTRODES.issuperset(note.electrodes)
    )
