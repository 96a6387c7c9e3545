"""Whether a millimetre is one: calipers and depth scales that scanners burned into their pictures.

What a scanner printed is the truth; what its file says of a pixel is what is measured with.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import ultrasound_data
from benchmarks.report import Row, figure
from ultrasound.cine import Picture
from ultrasound.dicom import DicomCine
from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.length import distance
from ultrasound.measuring.placed import is_plane
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import Refusal
from ultrasound.measuring.unit import Unit
from ultrasound.regions import Region
from ultrasound.ruler.finding import Ruler, find_ruler

MUST_PERCENT = 0.5
TICKS_MM = (1.0, 2.0, 2.5, 5.0, 10.0, 20.0)
"""What scanners let a tick be worth: so far apart that an error of some per cent takes none for another."""


@dataclass(frozen=True)
class Printed:
    """A caliper whose result stands in the picture."""

    instance_uid: str
    size: tuple[int, int]
    points: tuple[Point, Point]
    mm: float
    said: str


CALIPERS = (
    Printed(
        "1.3.46.670589.14.1000.210.2.199999.20110525185628.1.0",
        (800, 600),
        ((460, 290.5), (499, 301.5)),
        10.6,
        "+ Cist Mag 1.06 cm",
    ),
)


def rows(data: Path | None) -> list[Row]:
    """How far off printed calipers and depth scales are, by the scale of their own files."""
    table: list[Row] = []
    without: list[bool] = []
    for name, cine in ultrasound_data.cines(data):
        table += [*_calipers(name, cine), *_depth_scale(name, cine)]
        if _plane(cine.regions) is None:
            without.append(_shows_millimetres(cine))
    if not table:
        table.append(figure("depth scales and calipers", None, "%", MUST_PERCENT, why="no file with a scale"))
    told = f"a diagonal of each of {len(without)} files without one"
    wrong = sum(without)
    return [*table, figure("millimetres shown where a file has no sound scale", wrong, "files", 0, 0, told)]


def _calipers(name: str, cine: DicomCine) -> Iterator[Row]:
    for printed in CALIPERS:
        if (cine.header.SOPInstanceUID, (cine.width, cine.height)) == (printed.instance_uid, printed.size):
            measured = distance(_stored(cine), printed.points)
            told = f'{measured.value / 10:.3f} cm; in the picture "{printed.said}"'
            yield _off(
                f"caliper, {name}", measured.value / printed.mm if measured.unit is Unit.MM else 0, told
            )


def _depth_scale(name: str, cine: DicomCine) -> Iterator[Row]:
    """The outer ticks beside the region, measured within it: rows alone count."""
    region, ruler = _plane(cine.regions), _ruler(cine.frame(0))
    if region is None or ruler is None:
        return
    first, *_, last = (row for row in ruler.rows_px if region.top_px <= row <= region.bottom_px)
    ticks = (last - first) / ruler.spacing_px
    measured = distance(_stored(cine), [(region.right_px, first), (region.right_px, last)])
    tick_mm = measured.value / ticks
    worth = min(TICKS_MM, key=lambda mm: abs(tick_mm / mm - 1))
    told = f"{measured.value:.1f} mm over {ticks:.1f} ticks of {worth:g} mm"
    yield _off(f"depth scale, {name}", tick_mm / worth, told)


def _off(what: str, ratio: float, told: str) -> Row:
    return figure(what, 100 * abs(ratio - 1), "% off", MUST_PERCENT, MUST_PERCENT, told)


def _plane(regions: Iterable[Region]) -> Region | None:
    return next((one for one in regions if is_plane(one)), None)


def _ruler(picture: Picture) -> Ruler | None:
    try:
        return find_ruler(picture)
    except Refusal:
        return None


def _stored(cine: DicomCine) -> Frame:
    return Frame(cine.width, cine.height, Standing.STORED, cine.regions)


def _shows_millimetres(cine: DicomCine) -> bool:
    return distance(_stored(cine), [(1, 1), (cine.width - 2, cine.height - 2)]).unit is Unit.MM
