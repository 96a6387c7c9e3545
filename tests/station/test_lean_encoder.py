"""The encoder on a weak line: what is sent fits, and says what it is of."""

import av
import numpy as np
import pytest

from records.rooms import GivenUp
from station.encoder import EncodedFrame
from station.lean_encoder import LeanEncoder
from ultrasound.cine import Picture
from ultrasound.fidelity import psnr_db
from ultrasound.shown import Scale, Shown
from ultrasound.synthetic import SyntheticUltrasound

START_US = 1_790_000_000_000_000
FRAME_US = 33_333
WIDTH, HEIGHT = 640, 480
SECTOR = SyntheticUltrasound(416, 320)


class Scanner:
    """A still screen with a moving sector in the middle, behind a lean encoder."""

    def __init__(self) -> None:
        self.encoder = LeanEncoder(WIDTH, HEIGHT, 30)
        self.number = 0

    def picture(self, us: int) -> Picture:
        screen = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        screen[440:450, 20:90] = 220
        screen[80:400, 112:528] = SECTOR.frame(us)
        return screen

    def run(self, seconds: float, key: bool = False) -> list[EncodedFrame | None]:
        sent = []
        for _ in range(round(30 * seconds)):
            us = START_US + self.number * FRAME_US
            sent.append(self.encoder.encode(self.picture(us), us, key))
            self.number += 1
        return sent


def there(sent: list[EncodedFrame | None]) -> list[EncodedFrame]:
    return [one for one in sent if one is not None]


def test_the_rate_follows_the_line_without_a_key_frame_and_keeps_the_frame_rate() -> None:
    scanner = Scanner()
    scanner.run(2)
    scanner.encoder.set_target(1_700_000)
    sent = scanner.run(4)
    settled = there(sent[30:])
    assert len(settled) == 90
    assert not any(one.is_key for one in there(sent))
    assert sum(len(one.annexb) for one in settled) * 8 / 3 <= 0.9 * 1_700_000
    assert settled[-1].given_up == {GivenUp.ULTRASOUND_COARSE}
    assert settled[-1].shown == Shown.whole(WIDTH, HEIGHT)


def test_a_deep_fall_begins_with_one_small_key_frame_and_is_met_at_once() -> None:
    scanner = Scanner()
    scanner.run(2)
    scanner.encoder.set_target(700_000)
    sent = there(scanner.run(2))
    assert [one.is_key for one in sent].index(True) == 0 and sum(one.is_key for one in sent) == 1
    assert len(sent[0].annexb) * 8 <= 40_000
    assert sum(len(one.annexb) for one in sent[:15]) * 8 / 0.5 <= 0.9 * 700_000
    scanner.encoder.set_target(900_000)
    assert not any(one.is_key for one in there(scanner.run(1)))


@pytest.mark.parametrize("bits_per_s", [60_000, 100_000, 170_000, 275_000])
def test_the_first_picture_on_a_weak_line_is_no_grey_sheet(bits_per_s: int) -> None:
    encoder, whole = LeanEncoder(WIDTH, HEIGHT, 30), SyntheticUltrasound()
    encoder.set_target(bits_per_s)
    sent = [
        encoder.encode(whole.frame(START_US + at), START_US + at) for at in range(0, 10 * FRAME_US, FRAME_US)
    ]
    decoder = av.CodecContext.create("h264", "r")
    shown = [picture for one in there(sent) for picture in decoder.decode(av.Packet(one.annexb))]
    for frame, picture in zip(there(sent), shown, strict=True):
        assert psnr_db(picture.to_ndarray(format="rgb24"), whole.frame(frame.capture_us)) >= 22
    assert sum(len(one.annexb) for one in there(sent)) * 8 * 3 <= max(bits_per_s, 80_000)


def test_a_key_frame_that_is_asked_for_on_a_narrow_line_is_small() -> None:
    scanner = Scanner()
    scanner.run(2)
    scanner.encoder.set_target(1_800_000)
    scanner.run(2)
    (key,) = there(scanner.run(1 / 30, key=True))
    assert key.is_key and len(key.annexb) * 8 <= 100_000


def test_pictures_are_left_out_before_they_are_encoded_while_the_line_is_full() -> None:
    scanner = Scanner()
    scanner.run(2)
    scanner.encoder.set_target(100_000)
    sent = scanner.run(2)
    assert sent.count(None) >= 10
    assert GivenUp.ULTRASOUND_FRAMES in there(sent)[-1].given_up
    again = there(scanner.run(4))
    assert len(again) >= 100 and GivenUp.ULTRASOUND_FRAMES not in again[-1].given_up


def test_a_key_frame_that_was_asked_for_is_owed_while_pictures_are_left_out() -> None:
    scanner = Scanner()
    scanner.run(2)
    scanner.encoder.set_target(60_000)
    scanner.run(0.4)
    asked = scanner.run(1 / 30, key=True)
    assert asked == [None]
    assert there(scanner.run(2))[0].is_key


def test_the_picture_is_cut_then_made_smaller_each_with_a_key_frame_and_both_come_back() -> None:
    scanner = Scanner()
    scanner.run(3)
    scanner.encoder.set_target(200_000)
    cut = there(scanner.run(4))
    scanner.encoder.set_target(40_000)
    small = there(scanner.run(6))
    scanner.encoder.set_target(4_000_000)
    back = there(scanner.run(4))
    shown = cut[-1].shown
    assert shown is not None and shown.scale is Scale.WHOLE and shown.part.width < WIDTH
    assert {GivenUp.ULTRASOUND_CROPPED, GivenUp.ULTRASOUND_COARSE} <= cut[-1].given_up
    assert small[-1].shown is not None and small[-1].shown.scale is not Scale.WHOLE
    assert GivenUp.ULTRASOUND_SMALL in small[-1].given_up
    assert back[-1].shown == Shown.whole(WIDTH, HEIGHT) and not back[-1].given_up
    every = cut + small + back
    for before, after in zip(every, every[1:], strict=False):
        assert after.is_key or after.shown == before.shown


def test_what_is_decoded_has_the_size_that_is_said_of_it() -> None:
    scanner = Scanner()
    scanner.run(3)
    scanner.encoder.set_target(60_000)
    sent = there(scanner.run(6, key=True))
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    for frame in sent:
        (picture,) = decoder.decode(av.Packet(frame.annexb)) or decoder.decode(None)
        assert frame.shown is not None
        assert (picture.width, picture.height) == (frame.shown.width, frame.shown.height)
        decoder = av.CodecContext.create("h264", "r")
        decoder.thread_count = 1


def test_what_begins_to_move_outside_of_the_cut_is_in_the_picture_at_once() -> None:
    scanner = Scanner()
    scanner.run(3)
    scanner.encoder.set_target(200_000)
    scanner.run(4)
    scanner.encoder.set_target(230_000)
    us = START_US + scanner.number * FRAME_US
    picture = scanner.picture(us)
    picture[410:426, 40:60] = 255  # a measurement appears
    frame = scanner.encoder.encode(picture, us)
    assert frame is not None and frame.shown is not None and frame.is_key
    part = frame.shown.part
    assert part.left <= 40 and part.top + part.height >= 426


def test_a_line_that_leaves_nothing_still_gets_a_picture_now_and_then() -> None:
    scanner = Scanner()
    scanner.run(2)
    scanner.encoder.set_target(0)
    sent = scanner.run(10)
    assert len(there(sent[150:])) >= 15
