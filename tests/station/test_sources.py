"""Sources: their own frame times, in loops, and a file that cannot be read names its device."""

import threading
from pathlib import Path

import numpy as np
import pydicom
import pydicom.data
import pytest

from station.capture import CaptureThread
from station.ecg_sources import open_ecg
from station.errors import DeviceFailed
from station.picture_sources import CineLoop, SyntheticPictures, open_pictures
from ultrasound.captured import CapturedFrame
from ultrasound.cine import Picture
from ultrasound.regions import Region


class SmallCine:
    """Three frames at uneven times."""

    width, height, frame_count, duration_ms, simulated = 2, 2, 3, 100.0, True
    regions: tuple[Region, ...] = ()
    closed = False

    def frame(self, index: int) -> Picture:
        return np.full((2, 2, 3), index, np.uint8)

    def frame_time_ms(self, index: int) -> float:
        return (0.0, 20.0, 70.0)[index]

    def close(self) -> None:
        self.closed = True


def test_a_cine_plays_at_its_own_times_over_and_over() -> None:
    loop = CineLoop(SmallCine())
    assert [loop.due_us(number) for number in range(5)] == [0, 20_000, 70_000, 100_000, 120_000]
    assert [int(loop.picture(number, 0)[0, 0, 0]) for number in range(4)] == [0, 1, 2, 0]
    assert loop.rate_hz == 30


def test_none_is_no_device() -> None:
    assert open_pictures("none") is None and open_ecg("none", 0) is None


@pytest.mark.parametrize("word", ["dicom:", "video:"])
def test_a_file_that_is_none_names_the_device(word: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a picture")
    with pytest.raises(DeviceFailed, match=r"^ultrasound: notes\.txt"):
        open_pictures(f"{word}{tmp_path / 'notes.txt'}")


def test_an_ecg_file_that_is_none_names_the_device(tmp_path: Path) -> None:
    with pytest.raises(DeviceFailed, match=r"^ecg: lost\.dcm"):
        open_ecg(f"dicom:{tmp_path / 'lost.dcm'}", 0)


def test_an_ecg_too_fast_to_be_sent_live_is_refused_before_anybody_binds(tmp_path: Path) -> None:
    dataset = pydicom.dcmread(str(pydicom.data.get_testdata_file("waveform_ecg.dcm", download=False)))
    for rate_hz in (2000, 4000):
        dataset.WaveformSequence[0].SamplingFrequency = rate_hz
        dataset.save_as(tmp_path / f"{rate_hz}.dcm")
    assert open_ecg(f"dicom:{tmp_path / '2000.dcm'}", 0) is not None
    with pytest.raises(DeviceFailed, match="12 leads at 4000 Hz cannot be sent live; at most 2200 Hz"):
        open_ecg(f"dicom:{tmp_path / '4000.dcm'}", 0)


class StepClock:
    """A clock that a test moves."""

    now_us = 1_000

    def __call__(self) -> int:
        return self.now_us


def test_pictures_that_are_past_are_left_out_and_capture_times_are_the_files_own() -> None:
    clock, taken = StepClock(), []
    three = threading.Event()
    cine = SmallCine()

    def take(frame: CapturedFrame) -> None:
        taken.append((int(frame.picture[0, 0, 0]), frame.capture_us))
        clock.now_us += 75_000 if len(taken) == 1 else 100_000
        if len(taken) == 3:
            three.set()

    thread = CaptureThread(CineLoop(cine), clock, take, lambda error: None)
    assert three.wait()
    thread.close()
    assert taken[:2] == [(0, 1_000), (2, 71_000)]
    assert cine.closed


class BreaksOff(SyntheticPictures):
    """Breaks off at the third picture."""

    def picture(self, number: int, capture_us: int) -> Picture:
        if number >= 2:
            raise OSError("cable")
        return super().picture(number, capture_us)

    def due_us(self, number: int) -> int:
        return 0 if number < 3 else 10**12


def test_a_source_that_breaks_off_is_told_with_its_name() -> None:
    told: list[Exception] = []
    heard = threading.Event()

    def fault(error: Exception) -> None:
        told.append(error)
        heard.set()

    thread = CaptureThread(BreaksOff(), StepClock(), lambda frame: None, fault)
    assert heard.wait()
    thread.close()
    assert str(told[0]) == "ultrasound: broke off (OSError)"
