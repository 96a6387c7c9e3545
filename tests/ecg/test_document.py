"""The worked example in the description of E1 is true, byte for byte."""

import re
from pathlib import Path

from ecg.digest import StreamDigest
from ecg.ranges import SampleRange
from ecg.wire import End, EventKind, Flag, Have, MarkKind, Need, Packet, PacketType, Wave, decode
from tests.ecg.golden import FOLDER, PACKETS

TEXT = (Path(__file__).resolve().parent.parent.parent / "docs" / "e1.md").read_text()


def examples() -> list[bytes]:
    """The blocks of hexadecimal bytes, in order."""
    blocks = re.findall(r"(?:^    (?:[0-9a-f]{2} ?)+\n)+", TEXT, flags=re.MULTILINE)
    return [bytes.fromhex(block) for block in blocks]


def test_the_examples_are_the_packets_they_are_said_to_be() -> None:
    wave = PACKETS["wave_example"][0]
    assert isinstance(wave, Wave)
    digest = StreamDigest()
    digest.add(wave.samples)
    expected: list[Packet] = [
        wave,
        wave,
        Have(stream_id=42, end=1503),
        Need(stream_id=42, ranges=(SampleRange(0, 25),)),
        End(stream_id=42, total=3, sha256=digest.sha256()),
    ]
    assert [decode(data) for data in examples()] == expected


def test_the_examples_are_among_the_golden_packets() -> None:
    golden = [(FOLDER / f"{name}.bin").read_bytes() for name in ("wave_example", "wave_example_packed")]
    assert examples()[:2] == golden


def test_every_type_flag_mark_and_event_is_described() -> None:
    assert all(f"{kind.value} {kind.name}" in TEXT for kind in PacketType)
    assert all(f"{flag.value} {flag.name}" in TEXT for flag in Flag if flag)
    marks = ["1 pace pulse", "2 patient's button", "3 resume", "4 R peak"]
    assert all(mark in TEXT for mark in marks)
    assert [int(mark[0]) for mark in marks] == list(MarkKind)
    assert all(f"`{kind.value}`" in TEXT for kind in EventKind)
