"""Whether a part of a picture that a station tells of can be: what is drawn on it must stand where it is."""

from signaling.messages import PicturePart

MAX_SIDE_PX = 16_384


def possible(part: PicturePart) -> bool:
    """Whether the part lies in the captured picture, but for one pixel past an odd side, and has a size."""
    across = _fits(part.left, part.width, part.captured_width)
    down = _fits(part.top, part.height, part.captured_height)
    sent = 0 < part.sent_width <= part.width and 0 < part.sent_height <= part.height
    return across and down and sent


def _fits(start: int, length: int, captured: int) -> bool:
    return (
        0 < captured <= MAX_SIDE_PX
        and start >= 0
        and length > 0
        and start + length <= captured + captured % 2
    )
