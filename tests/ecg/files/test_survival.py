"""What did not survive a file is said for each thing, and another signal is no file at all."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from ecg.annotations import Annotation, AnnotationCode
from ecg.description import Filters
from ecg.errors import SignalError
from ecg.files.survival import check_samples, lost
from ecg.leads import Lead
from ecg.tracing import Channel, Tracing
from tests.ecg.files.samples import tracing, with_gap

SAID = (Annotation(1, AnnotationCode.NORMAL, "(N", 1, 2, 3, 0.5), Annotation(9, AnnotationCode.NOTE, "x"))
WHOLE = replace(
    tracing(np.arange(20, dtype=np.int16).reshape(2, 10)),
    acquired="20240229235959.25+0800",
    device="Model 7",
    annotations=SAID,
)


def first(of: Tracing, **fields: object) -> Tracing:
    """With the first channel in another state."""
    changed = replace(of.channels[0], **fields)  # type: ignore[arg-type]
    return replace(of, channels=(changed, *of.channels[1:]))


def said(**fields: object) -> Tracing:
    changed = replace(SAID[0], **fields)  # type: ignore[arg-type]
    return replace(WHOLE, annotations=(changed, SAID[1]))


def test_the_same_tracing_has_lost_nothing() -> None:
    wide = replace(
        WHOLE,
        channels=tuple(replace(one, samples=one.samples.astype(np.int32)) for one in WHOLE.channels),
        annotations=SAID[::-1],
        acquired="20240229235959.250+0800",
    )
    check_samples(WHOLE, wide)
    assert lost(WHOLE, wide) == ()


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (first(WHOLE, nv_per_step=1000.5), "steps are rounded by up to 0.0005 of themselves"),
        (first(WHOLE, zero=-0.25), "0 V lies up to 0.2 steps beside where it was"),
        (replace(WHOLE, rate_hz=500.5), "the rate is 500.5 Hz in place of 500 Hz"),
        (first(WHOLE, name="ECG I"), "I: the name is written otherwise"),
        (first(WHOLE, filters=Filters(0.05)), "I: what the device filtered is lost"),
        (first(WHOLE, derivation="II - III"), "I: that it was derived is lost"),
        (replace(WHOLE, acquired=""), "the time of the start is lost"),
        (replace(WHOLE, acquired="20240229235959.25"), "the start is told without its zone"),
        (replace(WHOLE, acquired="20240229"), "the start is told without its time of day"),
        (replace(WHOLE, acquired="20240229235959+0800"), "the start differs"),
        (replace(WHOLE, device=""), "the name of the device is lost"),
        (replace(WHOLE, device="Mod"), "the name of the device is shortened"),
        (replace(WHOLE, annotations=SAID[:1]), "1 of 2 annotations are lost"),
        (
            said(sample=2),
            "samples, codes, texts, channels, subtypes, numbers, durations of annotations differ",
        ),
        (said(code=AnnotationCode.NOTE), "codes of annotations differ"),
        (said(text="(AFIB"), "texts of annotations differ"),
        (said(channel=0), "channels of annotations differ"),
        (said(subtype=0), "subtypes of annotations differ"),
        (said(number=0), "numbers of annotations differ"),
        (said(duration_s=0.0), "durations of annotations differ"),
    ],
)
def test_each_thing_that_is_lost_is_a_sentence(after: Tracing, sentence: str) -> None:
    check_samples(WHOLE, after)
    assert lost(WHOLE, after) == (sentence,)


def test_what_is_true_of_every_lead_is_said_once() -> None:
    filtered = replace(WHOLE, channels=tuple(replace(one, filters=Filters(0.05)) for one in WHOLE.channels))
    assert lost(filtered, WHOLE) == ("every lead: what the device filtered is lost",)
    assert lost(filtered, WHOLE, remarks=True) == (
        "every lead: what the device filtered is told in words only",
    )


def test_the_remarks_of_the_reader_are_not_in_a_file() -> None:
    assert lost(replace(WHOLE, notes=("a", "b")), WHOLE) == (
        "2 remarks of the reader of the source are lost",
    )


def moved(of: Tracing) -> Tracing:
    return first(of, samples=np.roll(of.channels[0].samples, 1))


def cut(of: Tracing) -> Tracing:
    return replace(of, channels=tuple(replace(one, samples=one.samples[:-1]) for one in of.channels))


def swapped(of: Tracing) -> Tracing:
    return replace(of, channels=of.channels[::-1])


def unnamed(of: Tracing) -> Tracing:
    return first(of, lead=None)


def wrapped(of: Tracing) -> Tracing:
    return first(of, samples=of.channels[0].samples.astype(np.int32) + 65536)


def one_more(of: Tracing) -> Tracing:
    extra = Channel(name="V1", lead=Lead.V1, samples=of.channels[0].samples, nv_per_step=1000)
    return replace(of, channels=(*of.channels, extra))


@pytest.mark.parametrize("change", [moved, cut, swapped, unnamed, wrapped, one_more])
def test_another_signal_is_no_file(change: Callable[[Tracing], Tracing]) -> None:
    plain = replace(WHOLE, annotations=())
    with pytest.raises(SignalError, match="what was written is read with other"):
        check_samples(plain, change(plain))


def test_a_gap_that_was_filled_is_no_file() -> None:
    with pytest.raises(SignalError, match="I: what was written is read with other gaps"):
        check_samples(with_gap(WHOLE, 3, 5), WHOLE)
