"""Ultrasound from DICOM files: US Image, US Multi-frame Image, Secondary Capture (PS3.3 A.6, A.7, A.8)."""

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ultrasound.cine import Picture, check_index
from ultrasound.errors import SourceUnreadable
from ultrasound.files.decoding import Samples, decode
from ultrasound.files.display import Display, Plane
from ultrasound.files.frame_places import find_frames
from ultrasound.files.frame_times import FrameTimes, read_frame_times
from ultrasound.files.header import read_header
from ultrasound.files.pixel_form import Colour, read_pixel_form
from ultrasound.quiet_pydicom import quiet_pydicom
from ultrasound.regions import read_regions


class DicomCine:
    """A DICOM ultrasound cine or still; frames are read and decoded one by one when asked for.

    `header`: the data set without its pixels; it names the patient. `form`: how the pictures are stored.
    `grey`: no frame can have a colour. `times`: None when the file does not say how long its frames last.
    """

    def __init__(self, name: str, file: BinaryIO) -> None:
        self._name = name
        self._closing = weakref.finalize(self, file.close)
        self.header = read_header(name, file)
        self.form = read_pixel_form(name, self.header)
        self._frames = find_frames(name, file, self.header, self.form)
        self._display = Display(name, self.header, self.form)
        self.frame_count = self.form.frame_count
        self.width = self.form.width
        self.height = self.form.height
        self.grey = self._display.grey
        self.regions = read_regions(self.header)
        self.simulated = False
        self.times = read_frame_times(self.header, self.frame_count)

    def frame(self, index: int) -> Picture:
        """Frame `index` as uint8 (height, width, 3) RGB; raises FrameOutOfRange or SourceUnreadable."""
        return self._display.rgb(*self.samples(index))

    def grey_frame(self, index: int) -> Plane:
        """Frame `index` of a grey file as one plane, uint8 (height, width); raises as `frame` does."""
        if not self.grey:
            raise SourceUnreadable(f"{self._name}: {self.form.colour} with colours; it is not grey")
        return self._display.grey_plane(self.samples(index)[0])

    def samples(self, index: int) -> tuple[Samples, Colour]:
        """Frame `index` decoded, before tables and windows, and as which colour; raises as `frame` does."""
        with self._about(index):
            return decode(self._frames.read(index), self.form)

    def stored(self, index: int) -> bytes:
        """Frame `index` as the file holds it, in the coding of `form`; raises as `frame` does."""
        with self._about(index):
            return self._frames.read(index)

    def frame_time_ms(self, index: int) -> float:
        """Milliseconds from the first frame to frame `index`, as recorded."""
        check_index(index, self.frame_count)
        return self._paced().at_ms[index]

    @property
    def duration_ms(self) -> float:
        """Time from the first frame to the first frame of the next round of a loop."""
        return self._paced().duration_ms

    def close(self) -> None:
        """Give back the file; the cine is not used afterwards."""
        self._closing()

    def _paced(self) -> FrameTimes:
        if self.times is None:
            raise SourceUnreadable(
                f"{self._name}: does not say how long a frame lasts (no usable Frame Time)"
            )
        return self.times

    @contextmanager
    def _about(self, index: int) -> Iterator[None]:
        """What goes wrong inside is told of this frame; DICOM counts them from 1."""
        check_index(index, self.frame_count)
        told = f"{self._name}, frame {index + 1} of {self.frame_count}"
        try:
            yield
        except SourceUnreadable as refusal:
            raise SourceUnreadable(f"{told}: {refusal}") from None
        except Exception as fault:  # as in read_dicom
            raise SourceUnreadable(f"{told}: cannot be decoded ({type(fault).__name__})") from None


def open_dicom(path: str | os.PathLike[str], *, paced: bool = True) -> DicomCine:
    """Open an ultrasound DICOM file as a cine.

    Colours come out as RGB whatever the file holds. `paced`: it has to say how long its frames last, as a
    cine that is played does. Raises SourceUnreadable, with a sentence that names what is wrong, for anything
    else than ultrasound pictures of 8 bits that can be decoded faithfully.
    """
    name = Path(path).name
    try:
        file = open(path, "rb")  # kept by the cine, and closed with it
    except OSError as fault:
        raise SourceUnreadable(f"{name}: cannot be opened ({fault.strerror})") from None
    return read_dicom(file, name, paced=paced)


def read_dicom(file: BinaryIO, name: str, *, paced: bool = True) -> DicomCine:
    """`open_dicom` of a file that is open, and is closed with the cine or where it is refused."""
    try:
        with quiet_pydicom():
            cine = DicomCine(name, file)
        if paced:
            cine._paced()
        return cine
    except SourceUnreadable:
        file.close()
        raise
    except Exception as fault:
        # A damaged file makes pydicom raise anything, from struct.error to NotImplementedError, and as
        # late as a field is looked at. Its message may quote the file, so only its kind is told.
        file.close()
        raise SourceUnreadable(f"{name}: damaged ({type(fault).__name__})") from None
