"""SVG that any program reads: true millimetres, one meaning, nothing that runs."""

import xml.etree.ElementTree as ET

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecg.drawing.draw_list import Anchor, Ink, Layer, Line, Page, Pen, Polyline, Rectangle, Text
from ecg.drawing.pages import ecg_report
from ecg.drawing.svg import svg
from ecg.words import Language
from tests.ecg.drawing.reports import full_report

NAMESPACE = "{http://www.w3.org/2000/svg}"


def read(*marks: Line | Polyline | Rectangle | Text) -> ET.Element:
    return ET.fromstring(svg(Page(tuple(marks)), "ECG", "en"))


def test_a_unit_is_a_millimetre_of_an_a4_page() -> None:
    root = read()
    assert root.attrib["width"] == "297mm" and root.attrib["height"] == "210mm"
    assert root.attrib["viewBox"] == "0 0 297 210"
    title = root.find(f"{NAMESPACE}title")
    assert title is not None and title.text == "ECG"


def test_layers_lie_in_their_order_whatever_the_order_of_the_marks() -> None:
    root = read(
        Text(1, 2, "over"),
        Polyline(np.array([(0.0, 0.0), (1.0, 1.0)])),
        Line(0, 0, 1, 1, layer=Layer.GRID),
    )
    groups = [group for group in root if group.tag == f"{NAMESPACE}g"]
    assert [group.attrib["id"] for group in groups] == ["grid", "trace", "text"]
    assert [len(group) for group in groups] == [1, 1, 1]


def test_lines_of_one_look_are_one_path() -> None:
    pen = Pen(Ink.MINOR, 0.1, (1.0, 0.5))
    root = read(Line(0, 0, 10, 0, pen), Line(0, 1.25, 10, 1.25, pen), Line(0, 2, 10, 2))
    paths = list(root.iter(f"{NAMESPACE}path"))
    assert [path.attrib["d"] for path in paths] == ["M0 0L10 0M0 1.25L10 1.25", "M0 2L10 2"]
    assert paths[0].attrib["stroke-dasharray"] == "1 0.5" and paths[0].attrib["stroke"] == Ink.MINOR


def test_a_microvolt_is_not_lost() -> None:
    points = np.array([(0.0, 100.0), (0.05, 99.99)])
    (path,) = read(Polyline(points)).iter(f"{NAMESPACE}path")
    assert path.attrib["d"] == "M0 100L0.05 99.99"


def test_words_too_wide_for_their_room_are_narrowed_and_others_are_not() -> None:
    wide, narrow = read(Text(0, 0, "W" * 40, fit_mm=20), Text(0, 9, "i", fit_mm=20)).iter(f"{NAMESPACE}text")
    assert wide.attrib["textLength"] == "20" and "textLength" not in narrow.attrib


@given(st.text(max_size=60))
def test_any_words_come_back_as_they_were(words: str) -> None:
    (text,) = read(Text(0, 0, words, anchor=Anchor.END)).iter(f"{NAMESPACE}text")
    legal = "".join(letter if _legal(letter) else "\ufffd" for letter in words)
    assert (text.text or "") == legal.replace("\r\n", "\n").replace("\r", "\n")


def _legal(letter: str) -> bool:
    code = ord(letter)
    return letter in "\t\n\r" or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF


def test_words_stay_words() -> None:
    root = read(Text(0, 0, "</text><script>alert(1)</script>&amp;\"'"))
    assert [one.tag for one in root.iter() if one.tag.endswith("script")] == []
    (text,) = root.iter(f"{NAMESPACE}text")
    assert text.text == "</text><script>alert(1)</script>&amp;\"'"


def test_a_report_is_the_same_bytes_every_time_and_loads_nothing() -> None:
    one, other = (
        svg(ecg_report(full_report(Language.ZH), Language.ZH).pages[0], "ECG", "zh") for _ in range(2)
    )
    assert one == other
    assert one.count("http") == 1 and "href" not in one and "style" not in one
