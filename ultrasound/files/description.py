"""What a file says of itself that is neither a pixel nor anything of the patient."""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from ultrasound.dicom import DicomCine
from ultrasound.regions import Region

_LONGEST = 64
"""A maker's or model's name has at most so many letters (PS3.5 6.2, LO)."""


@dataclass(frozen=True, slots=True)
class Description:
    """The scanner, how the pictures are stored, and their scale.

    `frame_times_ms`: since the first frame; None where the file does not say how long a frame lasts.
    `burned_in`: what the header says of names in the picture, None: nothing. Headers are wrong about it.
    `overlays`: planes of graphics beside the pixels, which are not drawn.
    """

    maker: str
    model: str
    software: str
    width: int
    height: int
    frame_count: int
    frame_times_ms: tuple[float, ...] | None
    colour: str
    grey: bool
    transfer_syntax: str
    transfer_syntax_uid: str
    burned_in: bool | None
    overlays: int
    regions: tuple[Region, ...]


def describe(cine: DicomCine) -> Description:
    """Of an open file; nothing is decoded."""
    header = cine.header
    syntax = header.file_meta.TransferSyntaxUID
    return Description(
        maker=_text(header, "Manufacturer"),
        model=_text(header, "ManufacturerModelName"),
        software=_text(header, "SoftwareVersions"),
        width=cine.width,
        height=cine.height,
        frame_count=cine.frame_count,
        frame_times_ms=cine.times.at_ms if cine.times is not None else None,
        colour=cine.form.colour.value,
        grey=cine.grey,
        transfer_syntax=syntax.name,
        transfer_syntax_uid=str(syntax),
        burned_in={"YES": True, "NO": False}.get(_text(header, "BurnedInAnnotation")),
        overlays=sum(1 for group in range(0x6000, 0x6020, 2) if (group, 0x3000) in header),
        regions=cine.regions,
    )


def _text(header: Dataset, keyword: str) -> str:
    """Empty where the file does not say it, or not in words."""
    value = header.get(keyword)
    words = [value] if isinstance(value, str) else value if hasattr(value, "__iter__") else []
    return ", ".join(str(word)[:_LONGEST] for word in list(words or [])[:4] if word)
