"""The golden packets of E1: written by `python -m tests.ecg.golden`, read by Python and TypeScript tests.

`NAME.bin` holds the bytes; `NAME.json` what they say, or `{"refused": why}` for bytes no reader may accept.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from ecg.description import Filters, StreamDescription
from ecg.digest import StreamDigest
from ecg.leads import INDEPENDENT_LEADS, MISSING, STANDARD_LEADS, Electrode, Lead, lead_bits
from ecg.ranges import SampleRange
from ecg.sample_codecs import Codec
from ecg.synthetic import SyntheticEcg, with_electrode_off
from ecg.wire import (
    End,
    EventKind,
    EventPacket,
    Flag,
    Have,
    Mark,
    MarkKind,
    Meta,
    Need,
    Packet,
    Wave,
    encode,
)

FOLDER = Path(__file__).resolve().parent.parent / "golden" / "ecg"
STREAM_ID = 0x0A0B0C0D
STARTED_US = 1_790_000_000_123_456
_ECG = SyntheticEcg(rate_hz=500, heart_rate_per_min=72, started_us=STARTED_US)


def _wave(first: int, count: int, **fields: Any) -> Wave:
    samples = fields.pop("samples", _ECG.samples(first, count))
    return Wave(
        stream_id=STREAM_ID,
        first_index=first,
        captured_us=STARTED_US + first * 2000,
        samples=samples,
        **fields,
    )


def _extremes() -> Wave:
    steps = np.array([[32767, -32768, 32767, -32767, 0, -1, 1]], dtype=np.int16)
    return _wave(1, 7, samples=np.concatenate([steps, -(steps + 1), np.zeros_like(steps)]), sequence=2)


def _v2_off() -> Wave:
    samples, electrodes, bits = with_electrode_off(_ECG.samples(100, 10), Electrode.V2)
    return _wave(100, 10, samples=samples, electrodes_off=electrodes, unusable=bits, sequence=6)


def _marked() -> Wave:
    marks = (Mark(0, MarkKind.RESUME), Mark(4, MarkKind.PACE, 200), Mark(9, MarkKind.R_PEAK, 1))
    clipped = lead_bits([Lead.V3, Lead.V4], STANDARD_LEADS)
    flags = Flag.GAP | Flag.SIMULATED | Flag.CALIBRATION
    return _wave(2**40, 10, marks=marks, clipped=clipped, flags=flags, sequence=2**32 - 1)


def _example() -> Wave:
    """The worked example of `docs/e1.md`: I and II, three samples, the last of I missing, a pace pulse."""
    return Wave(
        stream_id=42,
        sequence=7,
        first_index=1500,
        captured_us=1_790_000_003_000_000,
        samples=np.array([[100, -2, MISSING], [256, 0, -1]], np.int16),
        flags=Flag.SIMULATED,
        marks=(Mark(1, MarkKind.PACE, 5),),
    )


def _description(**fields: Any) -> StreamDescription:
    return StreamDescription(rate_hz=500, nv_per_lsb=1000, started_us=STARTED_US, **fields)


def _eight() -> Meta:
    derived = (Lead.III, Lead.AVR, Lead.AVL, Lead.AVF)
    description = StreamDescription(
        rate_hz=1000, nv_per_lsb=2441.40625, leads=INDEPENDENT_LEADS, started_us=STARTED_US, derived=derived
    )
    return Meta(stream_id=STREAM_ID, description=description)


def _strap() -> Meta:
    description = StreamDescription(
        rate_hz=130, nv_per_lsb=1000, leads=(), started_us=STARTED_US, other=("strap",)
    )
    return Meta(stream_id=STREAM_ID, description=description)


def _end() -> End:
    digest = StreamDigest()
    digest.add(_ECG.samples(0, 1000))
    return End(stream_id=STREAM_ID, total=digest.total, sha256=digest.sha256(), sequence=11)


PACKETS: dict[str, tuple[Packet, Codec]] = {
    "wave_example": (_example(), Codec.RAW),
    "wave_example_packed": (_example(), Codec.DELTA_DEFLATE),
    "wave_raw": (_wave(0, 10), Codec.RAW),
    "wave_packed": (_wave(400, 100, flags=Flag.BACKFILL, sequence=1), Codec.DELTA_DEFLATE),
    "wave_extremes_raw": (_extremes(), Codec.RAW),
    "wave_extremes_packed": (_extremes(), Codec.DELTA_DEFLATE),
    "wave_v2_off": (_v2_off(), Codec.RAW),
    "wave_marked": (_marked(), Codec.DELTA_DEFLATE),
    "wave_one_sample_missing": (_wave(3, 1, samples=np.full((1, 1), MISSING, np.int16)), Codec.RAW),
    "meta": (
        Meta(
            stream_id=STREAM_ID,
            description=_description(
                leads=STANDARD_LEADS,
                filters=Filters(0.05, 150, 0),
                device="synthetic",
                session="binding-1",
                clock_offset_us=-1500,
                simulated=True,
            ),
            flags=Flag.SIMULATED,
        ),
        Codec.RAW,
    ),
    "meta_eight_leads": (_eight(), Codec.RAW),
    "meta_strap": (_strap(), Codec.RAW),
    "event": (
        EventPacket(
            stream_id=STREAM_ID,
            index=100,
            captured_us=STARTED_US + 200_000,
            kind=EventKind.ELECTRODE_OFF,
            detail="V2",
            sequence=7,
        ),
        Codec.RAW,
    ),
    "need": (
        Need(stream_id=STREAM_ID, ranges=(SampleRange(0, 25), SampleRange(2**33, 500)), sequence=8),
        Codec.RAW,
    ),
    "have": (Have(stream_id=STREAM_ID, end=2**33 + 7, sequence=9), Codec.RAW),
    "end": (_end(), Codec.RAW),
}

_RAW = encode(*PACKETS["wave_raw"])
_PACKED = encode(*PACKETS["wave_packed"])

REFUSED: dict[str, tuple[bytes, str]] = {
    "refused_empty": (b"", "no bytes at all"),
    "refused_header_cut": (_RAW[:39], "a header of 39 bytes"),
    "refused_magic": (b"E2" + _RAW[2:], "another version"),
    "refused_type": (_RAW[:2] + b"\x07" + _RAW[3:], "packet type 7"),
    "refused_codec": (_RAW[:15] + b"\x01" + _RAW[16:], "codec 1"),
    "refused_payload_cut": (_RAW[:-1], "one byte less than the counts say"),
    "refused_payload_long": (_RAW + b"\0\0", "two bytes more than the counts say"),
    "refused_no_leads": (_RAW[:14] + b"\0" + _RAW[15:], "no leads"),
    "refused_packed_cut": (_PACKED[:-8], "deflated payload cut off"),
    "refused_marks": (_RAW[:38] + b"\xff\xff" + _RAW[40:], "more marks than bytes"),
}


def describe(packet: Packet) -> dict[str, Any]:
    """What a packet says, in plain JSON: the fields by the names of `ecg.wire`."""
    told: dict[str, Any] = {
        "type": {"Wave": "WAVE", "EventPacket": "EVENT"}.get(
            type(packet).__name__, type(packet).__name__.upper()
        ),
        "stream_id": packet.stream_id,
        "sequence": packet.sequence,
        "flags": int(packet.flags),
    }
    match packet:
        case Wave():
            told |= _describe_wave(packet)
        case Meta():
            told["description"] = json.loads(encode(packet)[40:])
        case EventPacket():
            told |= {"index": packet.index, "captured_us": packet.captured_us}
            told |= {"kind": packet.kind.value, "detail": packet.detail}
        case Need():
            told["ranges"] = [[wanted.first, wanted.count] for wanted in packet.ranges]
        case Have():
            told["end"] = packet.end
        case End():
            told |= {"total": packet.total, "sha256": packet.sha256.hex()}
    return told


def _describe_wave(wave: Wave) -> dict[str, Any]:
    return {
        "first_index": wave.first_index,
        "captured_us": wave.captured_us,
        "lead_count": wave.samples.shape[0],
        "sample_count": wave.sample_count,
        "samples": wave.samples.tolist(),
        "electrodes_off": int(wave.electrodes_off),
        "unusable": wave.unusable,
        "clipped": wave.clipped,
        "marks": [[mark.offset, int(mark.kind), mark.value] for mark in wave.marks],
    }


def write() -> None:
    """Write every vector anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (packet, codec) in PACKETS.items():
        (FOLDER / f"{name}.bin").write_bytes(encode(packet, codec))
        (FOLDER / f"{name}.json").write_text(json.dumps(describe(packet)) + "\n")
    for name, (data, why) in REFUSED.items():
        (FOLDER / f"{name}.bin").write_bytes(data)
        (FOLDER / f"{name}.json").write_text(json.dumps({"refused": why}) + "\n")


if __name__ == "__main__":
    write()
