"""A clip comes out of its file as it went in; anything else is refused."""

from pathlib import Path

import pytest

from records.clip_file import ClipCodec, ClipFrame, ClipHead, read_clip, write_clip
from records.errors import SealBroken

DATA = (b"\xff\xd8one\xff\xd9", b"two", b"")
HEAD = ClipHead(
    masked=False,
    simulated=True,
    calibration=None,
    frames=tuple(
        ClipFrame(number=at, capture_us=at * 33, codec=codec, size_bytes=len(DATA[at]), header=b"\0\1" * at)
        for at, codec in enumerate((ClipCodec.MJPEG, ClipCodec.H264, ClipCodec.PNG))
    ),
)


GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "ultrasound_clip.usc"


def test_a_clip_is_written_as_the_client_reads_it() -> None:
    assert write_clip(HEAD, DATA) == GOLDEN.read_bytes()


def test_a_clip_comes_out_as_it_went_in() -> None:
    assert read_clip(write_clip(HEAD, DATA)) == (HEAD, DATA)


@pytest.mark.parametrize("cut", [0, 3, 7, 20, -1])
def test_a_piece_of_a_clip_is_none(cut: int) -> None:
    with pytest.raises(SealBroken):
        read_clip(write_clip(HEAD, DATA)[:cut])


def test_what_follows_a_clip_makes_it_none() -> None:
    with pytest.raises(SealBroken):
        read_clip(write_clip(HEAD, DATA) + b"more")
