"""A chest strap: its bytes read as they are published, its lead never taken for one of the twelve."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.leads import MISSING
from station.ecg_devices import heart_rate, polar
from station.ecg_devices.device import SampleBlock
from station.ecg_devices.heart_rate import HeartRate, parse_heart_rate
from station.ecg_devices.strap import StrapDevice
from station.errors import DeviceFailed
from tests.fakes.strap import FakeStrap, ecg_frame

FRAME_NS = round(73 / 130 * 1e9)


# --- bytes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "measured"),
    [
        ("00 48", HeartRate(72, None, ())),
        ("01 2c 01", HeartRate(300, None, ())),
        ("06 48", HeartRate(72, True, ())),
        ("04 48", HeartRate(72, False, ())),
        ("10 3c 00 04 00 02", HeartRate(60, None, (1000.0, 500.0))),
        ("1f 3c 00 34 12 00 04", HeartRate(60, True, (1000.0,))),
    ],
)
def test_a_heart_rate_is_read_as_the_standard_lays_it_out(data: str, measured: HeartRate) -> None:
    assert parse_heart_rate(bytes.fromhex(data)) == measured


@pytest.mark.parametrize("data", ["", "00", "01 2c", "08 48 00", "10 3c 00", "00 48 00 04"])
def test_a_heart_rate_whose_length_does_not_fit_its_flags_is_refused(data: str) -> None:
    with pytest.raises(ValueError, match="a heart rate measurement of"):
        parse_heart_rate(bytes.fromhex(data))


@given(st.binary(max_size=30))
def test_any_bytes_are_a_heart_rate_or_refused(data: bytes) -> None:
    try:
        assert 0 <= parse_heart_rate(data).per_min <= 0xFFFF
    except ValueError:
        pass


def test_an_ecg_frame_is_read_to_the_last_bit() -> None:
    data = bytes.fromhex("00 f5 ee fe 3b b2 0a 00 08 00 01 00 00 ff ff ff 00 00 80 ff ff 7f 38 ff ff")
    frame = polar.parse_ecg(data)
    assert frame is not None
    assert frame.stamp_ns == 0x08000AB23BFEEEF5
    assert frame.uv.tolist() == [1, -1, -(1 << 23), (1 << 23) - 1, -200]


@given(st.integers(0, 2**64 - 1), st.lists(st.integers(-(1 << 23), (1 << 23) - 1), min_size=1, max_size=80))
def test_every_voltage_comes_through(stamp_ns: int, microvolts: list[int]) -> None:
    frame = polar.parse_ecg(ecg_frame(stamp_ns, microvolts))
    assert frame is not None and (frame.stamp_ns, frame.uv.tolist()) == (stamp_ns, microvolts)


@pytest.mark.parametrize("data", [b"\x00", bytes(10), bytes(12), bytes(9) + b"\x80" + bytes(6)])
def test_what_is_no_whole_ecg_frame_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="an ECG frame of"):
        polar.parse_ecg(data)


def test_another_measurement_is_no_ecg() -> None:
    assert polar.parse_ecg(b"\x02" + bytes(15)) is None and polar.parse_ecg(b"") is None


def test_the_ecg_is_asked_for_as_it_is_published() -> None:
    assert polar.START_ECG == bytes.fromhex("02 00 00 01 82 00 01 01 0e 00")
    assert polar.STOP_ECG == bytes.fromhex("03 00")
    assert polar.refused(bytes.fromhex("f0 02 00 00 00")) == ""
    assert polar.refused(bytes.fromhex("f0 02 00 06 00")) == ""
    assert polar.refused(bytes.fromhex("f0 02 00 0d 00")) == "the strap is in its charger"
    assert polar.refused(bytes.fromhex("f0 01 00 00")) == "an answer of 4 bytes that is none"
    assert polar.gives_ecg(bytes.fromhex("0f 05")) and not polar.gives_ecg(bytes.fromhex("0f 04"))


# --- the strap --------------------------------------------------------------------------------------------


def device_of(strap: FakeStrap) -> StrapDevice:
    return StrapDevice("EC:EA:02:85:D9:7A", itertools.count(1, 560_000).__next__, strap)


async def next_block(device: StrapDevice) -> SampleBlock:
    return await anext(device.blocks())


async def test_a_strap_is_one_lead_of_its_own_for_rhythm_only() -> None:
    strap = FakeStrap()
    device = device_of(strap)
    about = await device.open()
    assert (about.leads, about.other, about.rate_hz, about.nv_per_lsb) == ((), ("strap",), 130, 1000)
    assert about.device == "Polar H10 8AA87D20 EC:EA:02:85:D9:7A (rhythm only)"
    await device.close()
    assert strap.written == [polar.START_ECG, polar.STOP_ECG] and strap.closed == 1


async def test_frames_become_blocks_and_a_lost_one_is_counted() -> None:
    strap = FakeStrap()
    device = device_of(strap)
    await device.open()
    blocks = device.blocks()
    for frame in (1, 2, 4):
        strap.send(polar.DATA, ecg_frame(frame * FRAME_NS, range(frame, frame + 73)))
    strap.send(polar.DATA, b"\x02" + bytes(15))
    got = [await anext(blocks) for _ in range(3)]
    assert [block.number for block in got] == [0, 73, 219]
    assert got[2].samples.tolist() == [list(range(4, 77))]
    assert [block.arrived_us for block in got] == [1, 560_001, 1_120_001]


async def test_without_contact_its_samples_mean_nothing() -> None:
    strap = FakeStrap()
    device = device_of(strap)
    await device.open()
    blocks = device.blocks()
    for number, (flags, unusable) in enumerate([("06 48", 0), ("04 48", 1), ("00 48", 0)]):
        strap.send(heart_rate.MEASUREMENT, bytes.fromhex(flags))
        strap.send(polar.DATA, ecg_frame(number * FRAME_NS, [5] * 73))
        assert (await anext(blocks)).unusable == unusable
    strap.send(heart_rate.MEASUREMENT, b"")  # damaged: says nothing of the contact
    strap.send(polar.DATA, ecg_frame(3 * FRAME_NS, [5] * 73))
    assert (await anext(blocks)).unusable == 0


async def test_a_voltage_beyond_the_range_is_told_as_clipped() -> None:
    strap = FakeStrap()
    device = device_of(strap)
    await device.open()
    strap.send(polar.DATA, ecg_frame(1, [40_000, -40_000, -32_767]))
    block = await next_block(device)
    assert block.samples.tolist() == [[32767, -32767, -32767]] and block.clipped == 1
    assert (block.samples != MISSING).all() and block.samples.dtype == np.int16


@pytest.mark.parametrize(
    ("strap", "told"),
    [
        (
            FakeStrap(services=frozenset({heart_rate.SERVICE})),
            "gives no raw ECG; heart rate and RR intervals",
        ),
        (FakeStrap(features=bytes([0x0F, 0x04])), "does not offer its ECG"),
        (FakeStrap(answer=bytes([0xF0, 2, 0, 13])), "gives no ECG: the strap is in its charger"),
    ],
)
async def test_a_strap_without_raw_ecg_is_refused(strap: FakeStrap, told: str) -> None:
    device = device_of(strap)
    with pytest.raises(DeviceFailed) as refused:
        await device.open()
    assert str(refused.value).startswith("ecg: ble: Polar H10") and told in str(refused.value)
    await device.close()
    assert strap.closed == 1


async def test_a_strap_that_walks_away_is_gone_and_connects_again() -> None:
    strap = FakeStrap()
    device = device_of(strap)
    await device.open()
    strap.walk_away()
    with pytest.raises(DeviceFailed, match="ble: the strap is gone"):
        await next_block(device)
    await device.close()
    with pytest.raises(DeviceFailed, match="is not found"):
        await device.open()
    strap.in_reach = True
    await device.open()
    strap.send(polar.DATA, ecg_frame(1, [7]))
    assert (await next_block(device)).samples.tolist() == [[7]]


async def test_a_damaged_frame_ends_the_connection() -> None:
    strap = FakeStrap()
    device = device_of(strap)
    await device.open()
    strap.send(polar.DATA, bytes(12))
    with pytest.raises(DeviceFailed, match="not understood: an ECG frame of 12 bytes"):
        await next_block(device)
