"""The figures `docs/protocol.md` and `docs/e1.md` give are those of the code."""

from pathlib import Path

import pytest

from ecg import live
from media.layout import BROWSER, CODECS, EXTENSION_IDS, STATION, Extension
from media.peer import SETUP_LIMIT_S
from media.publisher import MAX_ECG_BYTES
from records.rooms import MediaKind
from signaling import messages as m
from signaling import tabs
from signaling.settings import DeskSettings
from station import clock, delivery, encoder
from web.settings import GuardSettings

DOCS = Path(__file__).resolve().parent.parent / "docs"
DESK, GUARD = DeskSettings(), GuardSettings()
NAMES = {
    Extension.MID: "MID",
    Extension.ABS_SEND_TIME: "abs-send-time",
    Extension.AUDIO_LEVEL: "audio level",
    Extension.ABS_CAPTURE_TIME: "abs-capture-time",
    Extension.PLAYOUT_DELAY: "playout-delay",
    Extension.TRANSPORT_SEQUENCE: "transport-wide sequence number",
}


def told(document: str = "protocol.md") -> str:
    """A document in one line."""
    return " ".join((DOCS / document).read_text().split())


def test_every_m_line_and_payload_type_is_told() -> None:
    text = told()
    sends = [(line.mid, line.kind) for line in BROWSER if line.publishes]
    assert all(f"| {mid} | {kind} | sends |" in text for mid, kind in sends)
    pairs = [line for line in BROWSER if not line.publishes and line.seat]
    seats = ", ".join(
        f"{voice.mid} and {face.mid}" for voice, face in zip(pairs[::2], pairs[1::2], strict=True)
    )
    assert f"| {seats} | voice and face of three others |" in text
    alone = [line for line in BROWSER if not line.publishes and not line.seat]
    assert all(f"| {line.mid} | {line.kind} | receives |" in text for line in alone)
    for codec in (codec for codecs in CODECS.values() for codec in codecs):
        numbers = f" {codec.payload_type}" + (f", {codec.rtx}" if codec.rtx else "")
        assert numbers in text, codec
    said = {MediaKind.ULTRASOUND: "ultrasound", MediaKind.ECG: "ECG"}
    assert all(f"| {line.mid} | {said[line.kind]} |" in text for line in STATION)


@pytest.mark.parametrize("extension", Extension)
def test_every_header_extension_is_told(extension: Extension) -> None:
    assert f"{EXTENSION_IDS[extension]} {NAMES[extension]}" in told()


@pytest.mark.parametrize(
    "said",
    [
        f"at most {m.MESSAGE_LIMIT_BYTES >> 10} KiB",
        f"binary E1 of at most {m.SAMPLES_LIMIT_BYTES >> 10} KiB",
        f"More than {DESK.messages_per_s:g} messages a second over a burst of {DESK.messages_burst}",
        f"last {tabs.EVENTS_KEPT} events of a line for {DESK.tab_kept_s} s",
        f"Within {GUARD.hello_s:g} s the client sends `hello`",
        f"pings every {GUARD.ping_s:g} s",
        f"not connected after {SETUP_LIMIT_S:g} s",
        f"at most {MAX_ECG_BYTES:,} bytes",
        f"then every {clock.PROBE_INTERVAL_S:g} s",
        f"not answered for {delivery.SILENT_US // 1_000_000} s",
        f"never above {encoder.TARGET_BITS_PER_S // 1_000_000} Mbit/s",
    ],
)
def test_every_limit_is_told_as_it_is(said: str) -> None:
    assert said in told()


def test_the_live_packets_size_is_told() -> None:
    text = told("e1.md")
    assert f"at most {live.REPEAT_MS} ms, as fit {live.LIVE_PACKET_BYTES:,} bytes" in text
    assert f"above {live.highest_rate_hz(12)} Hz twelve leads do not fit" in text
    assert delivery.WINDOW == 8 and "at most eight unanswered" in told()
