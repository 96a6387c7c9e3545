"""What passes between the server and the process that reads ECG files."""

from ecg.errors import Unread
from records.ecg_drafts import Acquisition
from records.stated_patient import StatedPatient
from records.values import Value


class NamedFile(Value):
    """One file as it was handed in. Its name is a person's: it is looked up by, and never repeated."""

    name: str
    data: bytes


class ReadEcg(Value):
    """Files of one ECG, to be read."""

    files: tuple[NamedFile, ...]


class EcgRead(Value, tag="read"):
    """The ECG of a file."""

    samples: bytes  # `records.ecg_samples.pack_tracing`
    acquisition: Acquisition  # its pacing marks; nothing else of it is known
    stated: StatedPatient


class EcgRefused(Value, tag="refused"):
    """A file that cannot be shown faithfully: one sentence with the place, and what kind of reason it is."""

    sentence: str
    why: Unread = Unread.FAULTY


EcgAnswer = EcgRead | EcgRefused
