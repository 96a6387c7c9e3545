"""An encoder for any size: another size begins with a key frame, as another captured picture."""

import cv2
import numpy as np

from records.exam_presets import Priority
from records.rooms import GivenUp
from station.any_size_encoder import AnySizeEncoder, SourceSizes
from station.encoder import EncodedFrame
from ultrasound.shown import Rectangle, Scale, Shown
from ultrasound.synthetic import SyntheticUltrasound

START_US = 1_790_000_000_000_000
FRAME_US = 33_333
SECTOR = SyntheticUltrasound(640, 480)


class Source:
    """Pictures of a size that a test chooses, through an encoder."""

    def __init__(self) -> None:
        self.encoder = AnySizeEncoder(30.0, 4_000_000, SourceSizes())
        self.number = 0

    def run(self, seconds: float, width: int = 640, height: int = 480) -> list[EncodedFrame | None]:
        sent = []
        for _ in range(round(30 * seconds)):
            us = START_US + self.number * FRAME_US
            picture = np.asarray(cv2.resize(SECTOR.frame(us), (width, height)), dtype=np.uint8)
            sent.append(self.encoder.encode(picture, us))
            self.number += 1
        return sent


def test_another_size_is_another_captured_picture_from_a_key_frame_on() -> None:
    source = Source()
    first = source.run(0.2)[-1]
    sent = source.run(0.2, 800, 600)
    assert first is not None and first.shown == Shown.whole(640, 480)
    assert sent[0] is not None and sent[0].is_key and sent[0].shown == Shown.whole(800, 600)
    assert [one.is_key for one in sent if one] == [True] + [False] * (len(sent) - 1)


def test_what_the_line_leaves_holds_for_the_next_size_too() -> None:
    source = Source()
    source.encoder.set_target(400_000)
    source.run(1)
    sent = [one for one in source.run(3, 800, 600) if one is not None]
    assert sum(len(one.annexb) for one in sent[30:]) * 8 / 2 <= 450_000


def test_detail_goes_before_motion_when_it_was_chosen() -> None:
    source = Source()
    source.encoder.set_priority(Priority.DETAIL)
    source.encoder.set_target(500_000)
    source.run(1)
    sent = source.run(3)
    there = [one for one in sent if one is not None]
    assert len(there) == len(sent) // 2
    assert GivenUp.ULTRASOUND_FRAMES in there[-1].given_up
    assert there[-1].shown == Shown.whole(640, 480)
    source.encoder.set_priority(Priority.MOTION)
    source.run(3)
    moving = [one for one in source.run(1) if one is not None]
    assert len(moving) == 30 and GivenUp.ULTRASOUND_FRAMES not in moving[-1].given_up


def test_fewer_pictures_are_given_the_bits_of_those_that_are_left_out() -> None:
    source = Source()
    source.encoder.set_priority(Priority.DETAIL)
    source.encoder.set_target(250_000)
    source.run(4)
    sent = [one for one in source.run(4) if one is not None]
    assert len(sent) == 30
    assert 0.75 * 250_000 <= sum(len(one.annexb) for one in sent) * 8 / 4 <= 250_000


def test_detail_keeps_the_size_on_a_line_on_which_motion_would_shrink_it() -> None:
    shown = {}
    for priority in Priority:
        source = Source()
        source.encoder.set_priority(priority)
        source.encoder.set_target(100_000)
        source.run(4)
        shown[priority] = next(one for one in reversed(source.run(1)) if one is not None).shown
    assert shown[Priority.DETAIL] is not None and shown[Priority.DETAIL].scale is Scale.WHOLE
    assert shown[Priority.MOTION] is not None and shown[Priority.MOTION].scale is not Scale.WHOLE


def test_each_captured_size_has_its_own_table_of_sizes() -> None:
    sizes = SourceSizes()
    assert sizes.of(640, 480) is sizes.of(640, 480) and sizes.of(640, 480) is not sizes.of(320, 240)
    part = Shown(320, 240, Rectangle(0, 0, 320, 240))
    assert sizes.of(320, 240).apart(part) == part  # as large as half of the other size, which is no matter
