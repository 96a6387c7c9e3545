"""What pydicom makes of a file, as one refusal that quotes nothing of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydicom.errors import InvalidDicomError

from ecg.errors import SourceUnreadable
from ecg.quiet_pydicom import quiet_pydicom


@contextmanager
def refusing(name: str) -> Iterator[None]:
    """What is raised inside comes out as SourceUnreadable of this file; nothing is warned of or logged."""
    try:
        with quiet_pydicom():
            yield
    except SourceUnreadable:
        raise
    except InvalidDicomError:
        raise SourceUnreadable(f"{name}: not a DICOM file") from None
    except AttributeError as fault:
        raise SourceUnreadable(f"{name}: has no {fault.name}") from None
    except Exception as fault:
        # A damaged file makes pydicom raise anything, from struct.error to NotImplementedError, and as
        # late as a field is looked at. Its message may quote the patient, so only its kind is told.
        raise SourceUnreadable(f"{name}: damaged ({type(fault).__name__})") from None
