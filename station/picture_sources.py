"""Where replayed or made up pictures come from: a cine, a video, a simulated scanner, a synthetic sector."""

import threading
from dataclasses import dataclass, field
from typing import Protocol

from station.errors import DeviceFailed
from station.source_words import SourceKind, parse
from ultrasound import dicom, video
from ultrasound.cine import Cine, Picture
from ultrasound.errors import UltrasoundError
from ultrasound.regions import Region
from ultrasound.simulator.hand import Turn
from ultrasound.simulator.language import read_scenario
from ultrasound.simulator.scenario import Scenario
from ultrasound.simulator.simulated_ultrasound import SimulatedUltrasound
from ultrasound.synthetic import SyntheticUltrasound

DEVICE = "ultrasound"
SYNTHETIC_RATE_HZ = 30


class PictureSource(Protocol):
    """Pictures by number, each due at its own time. Used from one thread."""

    width: int
    height: int

    @property
    def rate_hz(self) -> float:
        """Pictures a second, on average."""

    def due_us(self, number: int) -> int:
        """When picture `number` is taken, microseconds after the first."""

    def picture(self, number: int, capture_us: int) -> Picture:
        """Picture `number`, taken at `capture_us`, RGB or one plane of grey.

        Raises `DeviceFailed` when the source breaks off.
        """

    def regions(self, number: int) -> tuple[Region, ...]:
        """The source's own calibration of picture `number`; empty: it has none."""

    def close(self) -> None:
        """Give back what it holds."""


class CineLoop:
    """A stored cine played over and over at its own frame times."""

    def __init__(self, cine: Cine) -> None:
        self._cine = cine
        self.width, self.height = cine.width, cine.height

    @property
    def rate_hz(self) -> float:
        """Pictures a second, on average."""
        return self._cine.frame_count * 1000 / self._cine.duration_ms

    def due_us(self, number: int) -> int:
        """When picture `number` is taken, microseconds after the first."""
        rounds, frame = divmod(number, self._cine.frame_count)
        return round((rounds * self._cine.duration_ms + self._cine.frame_time_ms(frame)) * 1000)

    def picture(self, number: int, capture_us: int) -> Picture:
        """Picture `number`, whatever the time."""
        try:
            return self._cine.frame(number % self._cine.frame_count)
        except (UltrasoundError, OSError) as error:
            raise DeviceFailed(DEVICE, str(error)) from error

    def regions(self, number: int) -> tuple[Region, ...]:
        """As the scanner wrote it into the file."""
        return self._cine.regions

    def close(self) -> None:
        """Give back the file."""
        self._cine.close()


class SyntheticPictures:
    """The synthetic sector 30 times a second, each picture with its capture time in its pixels."""

    def __init__(self) -> None:
        self._sector = SyntheticUltrasound()
        self.width, self.height = self._sector.width, self._sector.height
        self.rate_hz = float(SYNTHETIC_RATE_HZ)

    def due_us(self, number: int) -> int:
        """When picture `number` is taken, microseconds after the first."""
        return number * 1_000_000 // SYNTHETIC_RATE_HZ

    def picture(self, number: int, capture_us: int) -> Picture:
        """The picture of that instant."""
        return self._sector.frame(capture_us)

    def regions(self, number: int) -> tuple[Region, ...]:
        """None: a synthetic picture is of nothing that has a size."""
        return ()

    def close(self) -> None:
        """Nothing is held."""


@dataclass(slots=True, eq=False)
class Wanted:
    """One turn of the simulated scanner's controls; `taken` once a picture shows it."""

    turn: Turn
    taken: threading.Event = field(default_factory=threading.Event)


class SimulatedPictures(SimulatedUltrasound):
    """A simulated scanner, by its scenario, whose controls are turned from any other thread."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        self._lock = threading.Lock()
        self._wanted: Wanted | None = None

    def want(self, turn: Turn) -> Wanted:
        """Have the next picture show it, in the place of what was wanted before."""
        wanted = Wanted(turn)
        with self._lock:
            self._wanted = wanted
        return wanted

    def withdraw(self, wanted: Wanted) -> bool:
        """Have no picture show it; False: one does already."""
        with self._lock:
            if self._wanted is not wanted:
                return False
            self._wanted = None
            return True

    def picture(self, number: int, capture_us: int) -> Picture:
        """Picture `number`, after what was wanted meanwhile is turned."""
        with self._lock:
            wanted, self._wanted = self._wanted, None
            if wanted is not None:
                self.turn(wanted.turn, number, capture_us)
        shown = super().picture(number, capture_us)
        if wanted is not None:
            wanted.taken.set()
        return shown

    def close(self) -> None:
        """Nothing is held."""


def open_pictures(word: str) -> PictureSource | None:
    """Open a replayed or made up source by its name; None for `none`.

    Raises
    ------
    DeviceFailed : it cannot be opened
    """
    asked = parse(word)
    try:
        match asked.kind:
            case SourceKind.DICOM:
                return CineLoop(dicom.open_dicom(asked.file))
            case SourceKind.VIDEO:
                return CineLoop(video.open_video(asked.file))
            case SourceKind.SIMULATOR:
                return SimulatedPictures(read_scenario(asked.given))
            case SourceKind.SYNTHETIC:
                return SyntheticPictures()
            case _:
                return None
    except (UltrasoundError, OSError) as error:
        raise DeviceFailed(DEVICE, str(error)) from error
