"""Video files as cines."""

from pathlib import Path

import numpy as np
import pytest

from tests.ultrasound.encoding import write_video
from ultrasound import timecode
from ultrasound.errors import FrameOutOfRange, SourceUnreadable
from ultrasound.fidelity import psnr_db
from ultrasound.synthetic import SyntheticUltrasound
from ultrasound.video import VideoCine, open_video

STEPS_MS = [40, 40, 20, 60, 40, 40, 40, 40]
PICTURES = [SyntheticUltrasound(416, 128).frame(1_790_000_000_000_000 + k * 40_000) for k in range(8)]


@pytest.fixture(params=["libx264", "mpeg4"])
def cine(request: pytest.FixtureRequest, tmp_path: Path) -> VideoCine:
    """x264 with its usual B-frames: decoding order is not the order of showing."""
    return open_video(write_video(tmp_path / "loop.mp4", PICTURES, STEPS_MS, request.param))


def test_frames_come_in_the_order_and_at_the_times_they_were_recorded(cine: VideoCine) -> None:
    assert (cine.frame_count, cine.width, cine.height) == (8, 416, 128)
    assert [cine.frame_time_ms(k) for k in range(8)] == [0, 40, 80, 100, 160, 200, 240, 280]
    assert cine.duration_ms == 320
    shown = [cine.frame(k) for k in range(8)]
    assert [timecode.read(frame) for frame in shown] == [timecode.read(frame) for frame in PICTURES]
    assert min(psnr_db(a, b) for a, b in zip(shown, PICTURES, strict=True)) > 24
    cine.close()


def test_a_step_back_and_a_leap_show_the_same_frames(cine: VideoCine) -> None:
    in_order = [cine.frame(k) for k in range(8)]
    for k in (5, 2, 2, 7, 0):
        assert np.array_equal(cine.frame(k), in_order[k])
    cine.close()


def test_a_video_has_no_calibration(cine: VideoCine) -> None:
    assert cine.regions == ()
    with pytest.raises(FrameOutOfRange):
        cine.frame(8)
    cine.close()


def test_a_play_list_is_not_followed(tmp_path: Path) -> None:
    target = write_video(tmp_path / "loop.mp4", PICTURES, STEPS_MS, "mpeg4")
    (tmp_path / "list.m3u8").write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{target}\n#EXT-X-ENDLIST\n"
    )
    (tmp_path / "list.ffconcat").write_text(f"ffconcat version 1.0\nfile {target.name}\n")
    for name in ("list.m3u8", "list.ffconcat"):
        with pytest.raises(SourceUnreadable, match=f"{name}: cannot be opened"):
            open_video(tmp_path / name)


def test_an_address_is_not_opened() -> None:
    with pytest.raises(SourceUnreadable, match="cannot be opened"):
        open_video("http://127.0.0.1:9/loop.mp4")


def test_other_files_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("no video at all")
    with pytest.raises(SourceUnreadable, match=r"notes\.mp4: cannot be opened"):
        open_video(tmp_path / "notes.mp4")
    with pytest.raises(SourceUnreadable, match=r"absent\.mp4: cannot be opened \(No such file"):
        open_video(tmp_path / "absent.mp4")


def test_a_file_cut_off_in_the_middle_shows_what_is_there_or_is_refused(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.ts", PICTURES, STEPS_MS, "mpeg4")
    cut = tmp_path / "cut.ts"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    cine = open_video(cut)
    assert 0 < cine.frame_count < 8
    assert timecode.read(cine.frame(0)) == timecode.read(PICTURES[0])
    cine.close()
