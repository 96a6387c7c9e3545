"""The example protocol: every frame is understood however it is cut, and damage never becomes samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.description import Filters
from ecg.leads import INDEPENDENT_LEADS, MISSING, STANDARD_LEADS, Electrode, Lead
from ecg.packets import Mark, MarkKind
from station.ecg_devices.device import DeviceDescription
from station.ecg_devices.framed import SYNC, FramedProtocol
from station.ecg_devices.serial_protocol import Damage, Said, Samples, Unwrapped
from tests.fakes.serial_ecg import frame, info, samples

EIGHT = np.arange(80, dtype=np.int16).reshape(8, 10)
HELLO = info(INDEPENDENT_LEADS)


def said(data: bytes, cut: int | None = None) -> list[Said]:
    protocol = FramedProtocol()
    pieces = [data] if cut is None else [data[at : at + cut] for at in range(0, len(data), cut)]
    return [one for piece in pieces for one in protocol.feed(piece)]


def counted(all_said: list[Said]) -> list[tuple[int, list[list[int]]]]:
    return [(one.number, one.samples.tolist()) for one in all_said if isinstance(one, Samples)]


def test_a_device_says_rate_scale_leads_filters_and_who_it_is() -> None:
    assert said(HELLO) == [
        DeviceDescription(
            rate_hz=500,
            nv_per_lsb=1000,
            leads=INDEPENDENT_LEADS,
            device="Example H8 SN42",
            filters=Filters(0.05, 150, 0),
        )
    ]
    about = said(info(STANDARD_LEADS, step_pv=2_441_406, low_mhz=65535, high_hz=65535, notch_hz=255))[0]
    assert isinstance(about, DeviceDescription)
    assert (about.filters, about.nv_per_lsb, about.leads) == (Filters(), 2441.406, STANDARD_LEADS)


@given(st.integers(1, 200))
def test_how_the_bytes_are_cut_does_not_matter(cut: int) -> None:
    data = HELLO + samples(7, EIGHT) + samples(17, EIGHT + 1)
    assert counted(said(data, cut)) == [(7, EIGHT.tolist()), (17, (EIGHT + 1).tolist())]


def test_bits_marks_and_missing_values_come_through() -> None:
    values = EIGHT.copy()
    values[3, 2] = MISSING
    marks = (Mark(2, MarkKind.PACE, 5), Mark(9, MarkKind.PATIENT_EVENT))
    (_, one) = said(HELLO + samples(0, values, off=Electrode.V2, unusable=8, clipped=0xFF00 | 1, marks=marks))
    assert isinstance(one, Samples)
    assert (one.electrodes_off, one.unusable, one.clipped, one.marks) == (Electrode.V2, 8, 1, marks)
    np.testing.assert_array_equal(one.samples, values)
    assert one.samples.dtype == np.int16


def test_garbage_is_passed_over_and_told_and_costs_no_whole_frame() -> None:
    data = HELLO + b"\x00garbage" + samples(0, EIGHT) + SYNC + b"\x02" + samples(10, EIGHT)
    all_said = said(data)
    assert [number for number, _ in counted(all_said)] == [0, 10]
    assert [one.count for one in all_said if isinstance(one, Damage)] == [8, 3]


@given(st.integers(0, 10_000), st.integers(1, 255), st.integers(1, 64))
@settings(max_examples=300)
def test_a_byte_that_changed_never_becomes_a_sample(at: int, flip: int, cut: int) -> None:
    good = [samples(number, EIGHT) for number in range(0, 60, 10)]
    data = bytearray(HELLO + b"".join(good))
    at = len(HELLO) + at % (len(data) - len(HELLO))
    data[at] ^= flip
    found = counted(said(bytes(data) + HELLO * 30, cut))
    assert 5 <= len(found) <= 6
    assert all(values == EIGHT.tolist() and number % 10 == 0 for number, values in found)


@given(st.binary(max_size=500))
def test_any_bytes_are_taken_without_a_crash(data: bytes) -> None:
    assert counted(said(data)) == []


def test_samples_before_the_device_said_what_they_are_mean_nothing() -> None:
    assert said(samples(0, EIGHT)) == []


@pytest.mark.parametrize(
    "payload",
    [b"", samples(0, EIGHT)[5:-3], samples(0, EIGHT)[5:-2] + b"\0", bytes(12) + EIGHT.tobytes()],
)
def test_a_frame_whose_counts_do_not_fit_is_damage(payload: bytes) -> None:
    assert [type(one) for one in said(HELLO + frame(2, payload))] == [DeviceDescription, Damage]


def test_a_frame_of_a_later_version_is_passed_over() -> None:
    assert len(said(HELLO + frame(9, b"new") + samples(0, EIGHT))) == 2


@pytest.mark.parametrize(
    "bad",
    [
        info([Lead.I], rate_hz=10),
        info([Lead.I], step_pv=0),
        info([Lead.I], name=""),
        info([Lead.I], name="a\nb"),
        info([Lead.I, Lead.I]),
        info([]),
        frame(1, b"\0" * 5),
        frame(1, info([Lead.I])[5:-2].replace(b"\x01\x01E", b"\x01\x63E")),
    ],
)
def test_a_device_that_cannot_be_shown_is_refused(bad: bytes) -> None:
    with pytest.raises(ValueError):
        said(bad)


def test_a_counter_that_begins_again_counts_on() -> None:
    counter = Unwrapped(32)
    assert [counter.count(2**32 - 5), counter.count(5), counter.count(2**32 - 1)] == [
        2**32 - 5,
        2**32 + 5,
        2**32 - 1,
    ]
    data = HELLO + samples(2**32 - 10, EIGHT) + samples(2**32, EIGHT) + samples(2**32 + 10, EIGHT)
    assert [number for number, _ in counted(said(data))] == [2**32 - 10, 2**32, 2**32 + 10]
