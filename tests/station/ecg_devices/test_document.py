"""The examples in the description of devices are true: the bytes, the protocol, the scenarios."""

import re
import types
from functools import reduce
from operator import xor
from pathlib import Path

import numpy as np

from ecg.leads import MISSING, Electrode, Lead
from ecg.packets import Mark, MarkKind
from ecg.simulator.language import read_scenario
from ecg.simulator.scenario import LeadGroup, NoiseKind, Rhythm
from station.ecg_devices.device import DeviceDescription
from station.ecg_devices.framed import FramedProtocol
from station.ecg_devices.serial_protocol import Damage, Samples, SerialProtocol
from station.source_words import ECG_WORDS, fault_of

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "ecg-devices.md").read_text()


def test_every_source_is_described() -> None:
    described = set(re.findall(r"`([a-z]+)(?::[^`]*)?`", TEXT))
    assert {str(kind) for kind in ECG_WORDS} - described == set()


def test_every_word_of_a_scenario_is_described() -> None:
    named = set(re.findall(r"`([^`\n]+)`", TEXT))
    assert {str(word) for words in (Rhythm, NoiseKind, LeadGroup) for word in words} - named == set()


def test_the_scenarios_are_scenarios() -> None:
    written = re.findall(r"simulator:([a-z][^`\s…]+)", TEXT)
    assert len(written) >= 2
    for scenario in written:
        read_scenario(scenario)
        assert fault_of("ecg", f"simulator:{scenario}", ECG_WORDS) is None


def test_the_frames_say_what_they_are_said_to_say() -> None:
    blocks = re.findall(r"^    (a5 5a[0-9a-f ]+)$", TEXT, flags=re.MULTILINE)
    protocol = FramedProtocol()
    (about, one) = [said for block in blocks for said in protocol.feed(bytes.fromhex(block))]
    assert isinstance(about, DeviceDescription) and isinstance(one, Samples)
    assert (about.device, about.leads, about.rate_hz, about.nv_per_lsb) == (
        "X 1",
        (Lead.I, Lead.II),
        500,
        1000,
    )
    assert (about.filters.low_hz, about.filters.high_hz, about.filters.notch_hz) == (0.05, 150, 0)
    assert (one.number, one.electrodes_off, one.marks) == (1000, Electrode.V1, (Mark(1, MarkKind.PACE),))
    assert one.samples.tolist() == [[1, -1], [2, MISSING]]


def line(counter: int, *values: int) -> bytes:
    said = ",".join(str(value) for value in (counter, *values)).encode()
    return said + b"*%02X\n" % reduce(xor, said, 0)


def test_the_protocol_of_ones_own_runs_as_it_is_written() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    module = types.ModuleType("acme_ecg")
    exec(compile(code, "docs/ecg-devices.md", "exec"), module.__dict__)
    protocol: SerialProtocol = module.AcmeProtocol()
    wire = line(65535, 100, -20, 35) + b"1,2*00\n" + line(0, 7, 8, 9) + b"1,99999,0,0*" + b"x" * 80
    said = [one for at in range(0, len(wire), 5) for one in protocol.feed(wire[at : at + 5])]
    assert isinstance(said[0], DeviceDescription) and said[0].leads == (Lead.I, Lead.II, Lead.V2)
    assert [(one.number, one.samples.tolist()) for one in said if isinstance(one, Samples)] == [
        (65535, [[100], [-20], [35]]),
        (65536, [[7], [8], [9]]),
    ]
    assert len([one for one in said if isinstance(one, Damage)]) >= 2
    assert all(one.samples.dtype == np.int16 for one in said if isinstance(one, Samples))
