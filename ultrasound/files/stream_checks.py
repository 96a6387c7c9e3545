"""What a compressed frame says of itself, held against the header before anything is decoded.

A decoder would show other colours, another size or a grey rest without a word.
"""

from ultrasound.errors import SourceUnreadable
from ultrasound.files.jpeg_2000_stream import read_jpeg_2000_stream
from ultrasound.files.pixel_form import Coding, Colour, PixelForm
from ultrasound.jpeg_stream import JpegStream, Process, read_jpeg_stream

_END_OF_IMAGE = b"\xff\xd9"  # JPEG, JPEG-LS and JPEG 2000 alike

_PROCESSES = {
    Coding.JPEG: (Process.BASELINE, Process.EXTENDED),
    Coding.JPEG_LOSSLESS: (Process.LOSSLESS,),
    Coding.JPEG_LS: (Process.JPEG_LS,),
}


def check_jpeg(data: bytes, form: PixelForm) -> bool:
    """Whether the three components are Y Cb Cr; raises SourceUnreadable where that or more is in doubt."""
    try:
        stream = read_jpeg_stream(data)
    except ValueError as fault:
        raise SourceUnreadable(str(fault)) from None
    _check_size((stream.width, stream.height, stream.bits), form)
    _check_end(data, "JPEG")
    if stream.process not in _PROCESSES[form.coding]:
        raise SourceUnreadable(f"coded otherwise than as {form.coding} (marker {stream.process:#x})")
    ybr = _is_ybr(stream, form)
    if stream.components != form.colour.samples or ybr is None:
        said = "YBR" if stream.ybr else f"{stream.components} plain components"
        raise SourceUnreadable(f"the JPEG says {said}, the header {form.colour}: colours unknown")
    return ybr


def _is_ybr(stream: JpegStream, form: PixelForm) -> bool | None:
    """None where stream and header contradict each other, or leave it open.

    Fewer samples of two components are chroma: no encoder does that to green and blue, whatever the
    header says. Else a JPEG without JFIF's and Adobe's marker says nothing of its colours; then the header's
    word holds, unless they have another table than the first, as only chroma has.
    """
    if form.colour.samples == 1:
        return False
    by_header = form.colour in (Colour.YBR_FULL, Colour.YBR_FULL_422)
    if form.coding is Coding.JPEG_LS:
        return None if stream.transformed or stream.subsampled else by_header
    if form.coding is Coding.JPEG_LOSSLESS:
        agreed = not stream.stated or stream.ybr == by_header
        return by_header if agreed and not stream.subsampled else None
    if stream.subsampled and stream.ybr:
        return True
    if stream.stated or by_header:
        return by_header if stream.ybr == by_header else None
    return None if stream.chroma_apart else False


def check_jpeg_2000(data: bytes, form: PixelForm) -> None:
    """Raise SourceUnreadable where the code stream is not what the header says."""
    try:
        stream = read_jpeg_2000_stream(data)
    except ValueError as fault:
        raise SourceUnreadable(str(fault)) from None
    _check_size((stream.width, stream.height, stream.bits), form)
    _check_end(data, "JPEG 2000")
    if stream.signed or stream.subsampled or stream.components != form.colour.samples:
        raise SourceUnreadable(f"its components are not {form.colour.samples} whole ones, unsigned")
    # With RGB in the header either is right: the transform is the coding's own and undone by every decoder.
    wanted = {Colour.RGB: stream.transformed, Colour.YBR_RCT: True, Colour.YBR_ICT: True}
    if stream.transformed != wanted.get(form.colour, False):
        said = "a" if stream.transformed else "no"
        raise SourceUnreadable(
            f"the code stream has {said} colour transform, the header {form.colour}: colours unknown"
        )


def _check_size(found: tuple[int, int, int], form: PixelForm) -> None:
    width, height, bits = found
    if found != (form.width, form.height, form.bits):
        raise SourceUnreadable(
            f"{width}x{height} of {bits} bits where the header says {form.width}x{form.height} of {form.bits}"
        )


def _check_end(data: bytes, what: str) -> None:
    # The byte that makes a fragment even is 0 by the standard, and 0xff from some scanners (GE LOGIQ 700).
    if not data.rstrip(b"\0").endswith(_END_OF_IMAGE) and data[-3:-1] != _END_OF_IMAGE:
        raise SourceUnreadable(f"the {what} data are cut off")
