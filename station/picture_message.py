"""How the station tells which part of the captured picture it sends, and what it gives up."""

from records.ids import BindingId
from records.rooms import Encoding, GivenUp
from signaling.messages import PicturePart
from signaling.station_messages import StationPicture
from station.encoder import EncodedFrame


def picture_message(binding_id: BindingId, frame: EncodedFrame, encoding: Encoding) -> StationPicture:
    """What holds from this picture of an encoding on."""
    shown = frame.shown
    assert shown is not None  # every picture of a lean encoder says it
    part = PicturePart(
        captured_width=shown.captured_width,
        captured_height=shown.captured_height,
        left=shown.part.left,
        top=shown.part.top,
        width=shown.part.width,
        height=shown.part.height,
        sent_width=shown.width,
        sent_height=shown.height,
    )
    given_up = tuple(what for what in GivenUp if what in frame.given_up)
    return StationPicture(
        binding_id=binding_id,
        since_us=frame.capture_us,
        part=part,
        given_up=given_up,
        encoding=encoding,
    )
