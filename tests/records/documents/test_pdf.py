"""PDF read back by another program: true lengths, letters inside, words that can be found."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

from ecg.drawing.draw_list import Anchor, DrawList, Line, Mark, Page, Rectangle, Text
from ecg.drawing.pages import ecg_report
from ecg.drawing.paper import Scale
from ecg.drawing.report import EcgReport
from ecg.words import Language
from records.documents.errors import DocumentError, FontMissing, FontUnusable, GlyphMissing
from records.documents.pdf import write_pdf
from records.errors import RecordsError
from tests.ecg.drawing.reports import (
    SOFTWARE,
    UNFILTERED,
    drawn,
    full_report,
    of_rows,
    record,
    signed_reading,
    square_wave,
)

FONT = Path(__file__).resolve().parents[2] / "data" / "fonts" / "wqy-microhei-part.ttf"
MM_PER_POINT = 25.4 / 72

Matrix = NDArray[np.float64]


def read(document: DrawList) -> PdfReader:
    return PdfReader(io.BytesIO(write_pdf(document, FONT)))


def page_with(*marks: Mark) -> DrawList:
    return DrawList((Page(tuple(marks)),), "ECG", "en")


def strokes(page: PageObject) -> Iterator[NDArray[np.float64]]:
    """Every stroked line of a page in millimetres on paper, as a printer at 100 % would draw it."""
    matrix: Matrix = np.eye(3)
    kept: list[Matrix] = []
    lines: list[list[tuple[float, float]]] = []
    content = page.get_contents()
    assert content is not None
    for operands, operator in ContentStream(content, None).operations:
        match operator:
            case b"q":
                kept.append(matrix)
            case b"Q":
                matrix = kept.pop()
            case b"cm":
                a, b, c, d, e, f = map(float, operands)
                matrix = np.array([[a, b, 0], [c, d, 0], [e, f, 1]]) @ matrix
            case b"m":
                lines.append([_placed(operands, matrix)])
            case b"l":
                lines[-1].append(_placed(operands, matrix))
            case b"S":
                yield from (np.array(line) * MM_PER_POINT for line in lines)
                lines = []
            case b"n" | b"f" | b"f*":
                lines = []


def _placed(operands: Any, matrix: Matrix) -> tuple[float, float]:
    x, y, _ = np.array([float(operands[0]), float(operands[1]), 1]) @ matrix
    return float(x), float(y)


# ---- lengths


@pytest.mark.parametrize(("speed", "gain"), [(25.0, 10.0), (50.0, 20.0), (12.5, 5.0)])
def test_printed_in_full_one_second_is_25_mm_and_one_millivolt_10_mm(speed: float, gain: float) -> None:
    document = drawn(of_rows({"MLII": square_wave()}), filters=UNFILTERED, scale=Scale(speed, gain))
    (trace, *_) = sorted(strokes(read(document).pages[0]), key=len, reverse=True)
    steps = np.flatnonzero(np.abs(np.diff(trace[:, 1])) > gain / 2)
    rising = steps[np.diff(trace[:, 1])[steps] > 0]
    assert len(rising) >= 4
    np.testing.assert_allclose(np.diff(trace[rising, 0]), speed, atol=0.002)
    np.testing.assert_allclose(np.abs(np.diff(trace[:, 1]))[steps], gain, atol=0.002)


def test_the_grid_is_of_millimetres_and_the_calibration_step_of_one_millivolt() -> None:
    lines = list(strokes(read(drawn(record("ludb/1.hea"))).pages[0]))
    upright = sorted({round(line[0, 0], 2) for line in lines if len(line) == 2 and np.ptp(line[:, 1]) > 109})
    assert len(upright) == 266
    np.testing.assert_allclose(np.diff(upright), 1.0, atol=0.011)
    steps = [line for line in lines if len(line) == 6]
    assert len(steps) == 4
    for step in steps:
        assert np.ptp(step[:, 1]) == pytest.approx(10, abs=0.002)
        assert step[3, 0] - step[2, 0] == pytest.approx(5, abs=0.002)


def test_pages_are_a4_landscape_and_viewers_are_asked_not_to_scale() -> None:
    pdf = read(ecg_report(full_report(Language.ZH), Language.ZH))
    for page in pdf.pages:
        assert float(page.mediabox.width) * MM_PER_POINT == pytest.approx(297, abs=0.01)
        assert float(page.mediabox.height) * MM_PER_POINT == pytest.approx(210, abs=0.01)
    assert pdf.root_object["/ViewerPreferences"]["/PrintScaling"] == "/None"


def test_what_is_counted_from_the_top_lies_there() -> None:
    (line,) = strokes(read(page_with(Line(10, 20, 60, 20))).pages[0])
    np.testing.assert_allclose(line, [(10, 190), (60, 190)], atol=0.002)


# ---- letters


def test_every_font_is_embedded_as_a_subset() -> None:
    pdf = read(ecg_report(full_report(Language.ZH), Language.ZH))
    fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        prefix, _, name = font["/BaseFont"].lstrip("/").partition("+")
        assert len(prefix) == 6 and prefix.isupper() and name
        assert "/FontFile2" in font["/FontDescriptor"] and "/ToUnicode" in font
    assert {font["/Subtype"] for font in fonts} == {"/TrueType"}


@pytest.mark.parametrize("language", list(Language))
def test_words_can_be_found_and_copied(language: Language) -> None:
    document = ecg_report(full_report(language, reading=signed_reading()), language)
    text = read(document).pages[0].extract_text()
    for words in document.pages[0].texts():
        assert words in text, words
    assert "沈玉兰" in text and "窦性心动过缓，一度房室传导阻滞。" in text


def test_words_too_wide_for_their_room_are_narrowed_and_the_next_are_not() -> None:
    wide = Text(20, 50, "W" * 60, fit_mm=30)
    (page,) = read(page_with(wide, Text(20, 60, "next"))).pages
    scales = [
        float(operands[0])
        for operands, operator in ContentStream(page.get_contents(), None).operations
        if operator == b"Tz"
    ]
    assert scales[0] < 30 and scales[-1] == 100


def test_bold_words_end_with_the_words() -> None:
    (page,) = read(page_with(Text(20, 50, "bold", bold=True), Text(20, 60, "plain"))).pages
    modes = [
        int(operands[0])
        for operands, operator in ContentStream(page.get_contents(), None).operations
        if operator == b"Tr"
    ]
    assert modes == [2, 0]


def test_words_are_anchored_where_they_should_end() -> None:
    ends = []
    for anchor in (Anchor.START, Anchor.MIDDLE, Anchor.END):
        (page,) = read(page_with(Text(100, 50, "0000", 5.0, anchor=anchor))).pages
        (place,) = [
            float(operands[4])
            for operands, operator in ContentStream(page.get_contents(), None).operations
            if operator == b"Tm"
        ]
        ends.append(place)
    wide = 4 * 0.551 * 5
    np.testing.assert_allclose(ends, [100, 100 - wide / 2, 100 - wide], atol=0.02)


# ---- properties of the file


def test_the_same_report_is_the_same_bytes() -> None:
    document = ecg_report(full_report(Language.ZH), Language.ZH)
    first = write_pdf(document, FONT)
    write_pdf(page_with(Text(1, 9, "another document between")), FONT)
    assert write_pdf(document, FONT) == first


def test_of_two_fonts_of_one_name_each_writes_its_own_letters(tmp_path: Path) -> None:
    document = page_with(Text(1, 9, "心电图"))
    first = write_pdf(document, FONT)
    other = tmp_path / "other.ttf"
    other.write_bytes(FONT.read_bytes() + bytes(4))  # another file, and the same name in it
    second = write_pdf(document, other)
    assert names_of_fonts(first).isdisjoint(names_of_fonts(second))
    assert write_pdf(document, FONT) == first


def names_of_fonts(pdf: bytes) -> set[str]:
    fonts = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    return {str(font.get_object()["/BaseFont"]) for font in fonts.values()}


def test_no_name_stands_in_the_properties() -> None:
    pdf = read(ecg_report(full_report(Language.ZH), Language.ZH))
    assert pdf.metadata is not None
    properties = " ".join(str(value) for value in pdf.metadata.values())
    assert "XD-20261120-0091" in properties and "沈玉兰" not in properties
    assert "33010000601201138" not in properties
    assert str(dt.date.today().year) not in properties.replace("XD-20261120", "")
    assert pdf.root_object["/Lang"] == "zh"


def test_every_page_is_there() -> None:
    tracing = of_rows({"II": square_wave(45)})
    document = ecg_report(EcgReport(tracing=tracing, software=SOFTWARE), Language.EN)
    assert len(read(document).pages) == len(document.pages) == 2


# ---- refusals


def test_without_the_font_the_refusal_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match="apt-get install fonts-wqy-microhei") as refusal:
        write_pdf(page_with(), tmp_path / "none.ttc")
    assert isinstance(refusal.value, DocumentError) and isinstance(refusal.value, RecordsError)


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 400, b"OTTO" + bytes(400), b"ttcf" + bytes(60), b"\0\1\0\0" + bytes(8)]
)
def test_what_is_no_font_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(content)
    with pytest.raises(FontUnusable, match=r"font\.ttf"):
        write_pdf(page_with(), path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_font_that_was_cut_off_is_refused(share: float, tmp_path: Path) -> None:
    path = tmp_path / "font.ttf"
    whole = FONT.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(FontUnusable):
        write_pdf(page_with(), path)


def test_a_letter_the_font_has_not_is_named_alone() -> None:
    with pytest.raises(GlyphMissing, match=r"has no sign for 𠮷 \(U\+20BB7\)") as refusal:
        write_pdf(page_with(Text(1, 9, "张𠮷")), FONT)
    assert refusal.value.letter == "𠮷" and "张" not in str(refusal.value)


def test_a_letter_that_cannot_be_seen_is_named_by_its_number() -> None:
    with pytest.raises(GlyphMissing, match=r"no sign for U\+E863"):
        write_pdf(page_with(Text(1, 9, "\ue863")), FONT)


def test_a_font_that_was_replaced_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(b"no font")
    with pytest.raises(FontUnusable):
        write_pdf(page_with(), path)
    path.write_bytes(FONT.read_bytes())
    assert write_pdf(page_with(Rectangle(1, 1, 5, 5), Text(1, 9, "心电图")), path).startswith(b"%PDF-1.4")
