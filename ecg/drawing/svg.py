"""A page as SVG: millimetres for lengths, one path for lines of one look, words as text.

The same page always gives the same bytes. No script, no style sheet, nothing that is loaded from elsewhere.
"""

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from ecg.drawing.draw_list import Anchor, Layer, Line, Mark, Page, Pen, Polyline, Rectangle, Text
from ecg.drawing.text_width import width_mm

FONTS = (
    "'WenQuanYi Micro Hei','Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC',"
    "'Microsoft YaHei',sans-serif"
)


def svg(page: Page, title: str, language: str) -> str:
    """One page as a whole SVG document. `title` is what a screen reader says first; it names no person."""
    wide, high = _mm(page.width_mm), _mm(page.height_mm)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}mm" height="{high}mm"'
        f' viewBox="0 0 {wide} {high}" xml:lang={quoteattr(_legal(language))} role="img">'
        f"<title>{escape(_legal(title))}</title>"
        f'<rect width="{wide}" height="{high}" fill="#ffffff"/>'
    )
    layers = "".join(_layer(page, layer) for layer in Layer)
    return f"{head}{layers}</svg>\n"


def _layer(page: Page, layer: Layer) -> str:
    groups = groupby(page.of_layer(layer), key=_look)
    body = "".join(part for look, marks in groups for part in _marks(look, list(marks)))
    family = f" font-family={quoteattr(FONTS)}" if layer is Layer.TEXT else ""
    return f'<g id="{layer}"{family}>{body}</g>'


def _look(mark: Mark) -> Pen | None:
    """The pen of lines, which are drawn together; None for all else."""
    return mark.pen if isinstance(mark, Line | Polyline) else None


def _marks(pen: Pen | None, marks: list[Mark]) -> Iterator[str]:
    if pen is not None:
        path = "".join(map(_path, marks))
        yield f'<path d="{path}" fill="none"{_stroke(pen)}/>'
        return
    for mark in marks:
        if isinstance(mark, Rectangle):
            yield _rectangle(mark)
        elif isinstance(mark, Text):
            yield _text(mark)


def _path(mark: Mark) -> str:
    if isinstance(mark, Line):
        return f"M{_mm(mark.x1)} {_mm(mark.y1)}L{_mm(mark.x2)} {_mm(mark.y2)}"
    assert isinstance(mark, Polyline)
    return "M" + "L".join(f"{_mm(x)} {_mm(y)}" for x, y in mark.points.tolist())


def _rectangle(mark: Rectangle) -> str:
    fill = mark.fill if mark.fill is not None else "none"
    stroke = _stroke(mark.pen) if mark.pen is not None else ""
    return (
        f'<rect x="{_mm(mark.x)}" y="{_mm(mark.y)}" width="{_mm(mark.width)}" height="{_mm(mark.height)}"'
        f' fill="{fill}"{stroke}/>'
    )


def _text(mark: Text) -> str:
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor is not Anchor.START else ""
    weight = ' font-weight="700"' if mark.bold else ""
    narrowed = ""
    if mark.fit_mm is not None and width_mm(mark.words, mark.size_mm) > mark.fit_mm:
        narrowed = f' textLength="{_mm(mark.fit_mm)}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text x="{_mm(mark.x)}" y="{_mm(mark.y)}" font-size="{_mm(mark.size_mm)}" fill="{mark.ink}"'
        f"{anchor}{weight}{narrowed}>{escape(_legal(mark.words))}</text>"
    )


def _stroke(pen: Pen) -> str:
    dash = f' stroke-dasharray="{" ".join(map(_mm, pen.dash_mm))}"' if pen.dash_mm else ""
    return f' stroke="{pen.ink}" stroke-width="{_mm(pen.width_mm)}" stroke-linejoin="round"{dash}'


def _mm(value: float) -> str:
    """To a hundredth of a millimetre: 1 uV at 10 mm/mV."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _legal(words: str) -> str:
    """Letters that XML 1.0 cannot hold, replaced by the sign for a letter that is none."""
    return "".join(letter if _is_legal(letter) else "\ufffd" for letter in words)


def _is_legal(letter: str) -> bool:
    return (
        letter in "\t\n\r" or " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter > "\uffff"
    )
