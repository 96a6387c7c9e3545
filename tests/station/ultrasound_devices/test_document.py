"""What the description of ultrasound sources says is true: names, scenarios, the device of one's own."""

import itertools
import re
import socket
import threading
import types
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.errors import DeviceFailed
from station.live_capture import retries_s
from station.source_words import ULTRASOUND_WORDS, fault_of
from station.ultrasound_devices.device import SILENT_S, UltrasoundDevice
from ultrasound import vigilance
from ultrasound.ring import BUDGET_BYTES, KEPT_US
from ultrasound.simulator.language import read_scenario
from ultrasound.simulator.scenario import PRESET_DEPTH_MM, Change, Preset

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "ultrasound-sources.md").read_text()
ONE_LINE = " ".join(TEXT.split())


def test_every_source_is_described() -> None:
    described = set(re.findall(r"`([a-z0-9]+)(?::[^`]*)?`", TEXT))
    assert {str(kind) for kind in ULTRASOUND_WORDS} - described == set()


def test_every_word_of_a_scenario_is_described() -> None:
    named = set(re.findall(r"`([^`\n]+)`", TEXT))
    assert {str(word) for words in (Preset, Change) for word in words} - named == set()
    assert all(f"{mm // 10} cm)" in TEXT for mm in PRESET_DEPTH_MM.values())


def test_the_scenarios_are_scenarios() -> None:
    written = re.findall(r"simulator:([a-z][^`\s…]+)", TEXT)
    assert len(written) >= 2
    for scenario in written:
        read_scenario(scenario)
        assert fault_of("ultrasound", f"simulator:{scenario}", ULTRASOUND_WORDS) is None


def test_the_figures_are_those_of_the_code() -> None:
    waits = list(itertools.islice(retries_s(), 6))
    assert waits == [1, 2, 4, 8, 15, 15] and "after 1, 2, 4, 8 and then every 15 s" in ONE_LINE
    assert f"gives nothing for {SILENT_S:g} s" in ONE_LINE
    assert f"| no picture comes | for {vigilance.LOST_AFTER_US // 1_000_000} s |" in TEXT
    assert f"every pixel the same for {vigilance.FROZEN_AFTER_US // 1_000_000} s" in TEXT
    assert f"one colour all over, for {vigilance.BLANK_AFTER_US // 1_000_000} s" in TEXT
    assert f"for {vigilance.RESIZED_FOR_US // 1_000_000} s after the change" in TEXT
    assert f"the last {KEPT_US // 1_000_000} s are kept" in ONE_LINE
    assert f"memory for all of it ({BUDGET_BYTES // 1_000_000})" in ONE_LINE


def test_the_device_of_ones_own_runs_as_it_is_written() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    module = types.ModuleType("acme_ultrasound")
    exec(compile(code, "docs/ultrasound-sources.md", "exec"), module.__dict__)
    coded = [cv2.imencode(".jpg", np.full((48, 64), 40 * one, np.uint8))[1].tobytes() for one in (1, 2, 3)]
    sent = [coded[0], b"no picture", *coded[1:]]

    def serve(server: socket.socket) -> None:
        with server.accept()[0] as connected:
            for number, data in enumerate(sent):
                head = len(data).to_bytes(4, "big") + (40 * number).to_bytes(4, "big")
                connected.sendall(head + data)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        device: UltrasoundDevice = module.AcmeDevice(
            "127.0.0.1", server.getsockname()[1], lambda: 1_790_000_000_000_000
        )
        device.open()
        frames = []
        with pytest.raises(DeviceFailed, match="^ultrasound: acme: hung up$"):
            for frame in device.frames():
                frames.append(frame)
        device.close()
        thread.join()
    assert [one.packet.data for one in frames if one.packet] == coded
    assert [int(one.pixels.samples[9, 9]) for one in frames] == [40, 80, 120]
