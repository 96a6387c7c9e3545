"""Tapes for tests: a plain cipher, records, and a recorder that only listens."""

import functools
import json
import socket
import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np

from media.layout import EXTENSION_IDS, Extension
from media.packetizer import packetize
from media.rtp import element, ntp64, write_packet
from records.rooms import MediaKind
from records.store.tape_files import TapeWriter, seal_of, tape_path
from records.store.tape_fragments import DIGEST_BYTES, FIRST, encode_stream, write_fragment
from records.store.vault import Cipher
from records.tape_records import RecordFlag, RecordKind, TapeRecord, read_record
from records.tapes import TapeSeal, TapeStream
from station.encoder import H264Encoder

KEY = bytes(range(32))
TAPE = "tape1"
CIPHER = Cipher(KEY)


def stream_record(
    number: int = 1, at_us: int = 0, kind: MediaKind = MediaKind.ULTRASOUND, participant_id: str = ""
) -> bytes:
    """The head of a stream."""
    voice = kind is MediaKind.VOICE
    stream = TapeStream(
        number=number,
        participant_id=participant_id or ("station" if kind is MediaKind.ULTRASOUND else "chen"),
        kind=kind,
        clock_rate_hz=48_000 if voice else 90_000,
        codecs={111: "opus"} if voice else {102: "h264-42e01f", 96: "vp8"},
    )
    return TapeRecord(RecordKind.STREAM, 0, number, 0, 0, at_us, encode_stream(stream)).pack()


def packet_record(
    sequence: int, at_us: int, payload: bytes = b"packet", stream: int = 1, key: bool = False, lost: int = 0
) -> bytes:
    """One packet."""
    flags = RecordFlag.KEY if key else RecordFlag.NONE
    return TapeRecord(RecordKind.PACKET, flags, stream, lost, sequence, at_us, payload).pack()


def act_record(at_us: int, message: bytes = b'{"type":"chat_said"}') -> bytes:
    """One act of the room."""
    return TapeRecord(RecordKind.ACT, 0, 0, 0, 0, at_us, message).pack()


SERVER_US = 1_700_000_000_000_000
OFFSET_US = 250_000
"""The station's clock is ahead of the server's by so much."""

CAPTURE = EXTENSION_IDS[Extension.ABS_CAPTURE_TIME]


class Encoded(NamedTuple):
    """One encoded frame of a stream that is put on a tape."""

    data: bytes
    at_us: int  # on the server's clock
    is_key: bool


@functools.cache
def h264_frames(count: int = 50, key_every: int = 25) -> list[Encoded]:
    """A grey that grows lighter, at 25 pictures a second, by the station's own encoder."""
    encoder = H264Encoder(160, 120, 25)
    made = []
    for number in range(count):
        picture = np.full((120, 160, 3), 20 + 4 * number % 200, np.uint8)
        at_us = SERVER_US + 40_000 * number
        frame = encoder.encode(picture, at_us + OFFSET_US, key=number % key_every == 0)
        made.append(Encoded(frame.annexb, at_us, frame.is_key))
    return made


@functools.cache  # an encoder that watches the clock gives other bytes the next time
def vp8_frames(count: int = 30) -> list[Encoded]:
    """The same by libvpx, as a browser sends faces."""
    context = av.CodecContext.create("libvpx", "w")
    context.width, context.height, context.pix_fmt = 160, 120, "yuv420p"
    context.time_base = Fraction(1, 25)
    context.options = {"deadline": "realtime", "lag-in-frames": "0"}
    made = []
    for number in range(count):
        picture = np.full((120, 160, 3), 20 + 4 * number % 200, np.uint8)
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        for packet in context.encode(frame):
            made.append(Encoded(bytes(packet), SERVER_US + 40_000 * number, bool(packet.is_keyframe)))
    return made


@functools.cache
def opus_frames(count: int = 50) -> list[Encoded]:
    """A second of a tone."""
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.layout, context.format = 48_000, "stereo", "s16"
    made = []
    for number in range(count):
        wave = (np.sin(np.arange(1920) / 20) * 8000).astype(np.int16).reshape(1, -1)
        sound = av.AudioFrame.from_ndarray(wave, format="s16", layout="stereo")
        sound.sample_rate, sound.pts, sound.time_base = 48_000, 960 * number, Fraction(1, 48_000)
        for packet in context.encode(sound):
            made.append(Encoded(bytes(packet), SERVER_US + 20_000 * len(made), True))
    return made


def packets_of(frames: Sequence[Encoded], stream: int, payload_type: int) -> list[bytes]:
    """The records of encoded frames, cut into packets as their senders do."""
    made: list[bytes] = []
    for frame in frames:
        timestamp = (frame.at_us * (48 if payload_type == 111 else 90) // 1000) & 0xFFFF_FFFF
        payloads = _payloads(frame.data, payload_type)
        for at, payload in enumerate(payloads):
            stamp = ntp64(frame.at_us + OFFSET_US).to_bytes(8, "big")
            elements = element(CAPTURE, stamp) if payload_type == 102 and at == 0 else b""
            last = at == len(payloads) - 1
            rtp = write_packet(payload_type, last, len(made) & 0xFFFF, timestamp, 7, elements, payload)
            key = frame.is_key and at == 0 and payload_type != 111
            made.append(packet_record(len(made), frame.at_us + at, rtp, stream, key))
    return made


def _payloads(data: bytes, payload_type: int) -> list[bytes]:
    if payload_type == 102:
        return packetize(data)
    if payload_type == 111:
        return [data]
    cut = [data[at : at + 1000] for at in range(0, len(data), 1000)]
    return [bytes((0x10 if at == 0 else 0x00,)) + part for at, part in enumerate(cut)]


def act(at_us: int, **message: object) -> bytes:
    """One act by its fields."""
    return act_record(at_us, json.dumps(message).encode())


def seat(participant_id: str, role: str, door: str | None = None) -> dict[str, object]:
    """Somebody in a room, as far as a player looks."""
    person = {"id": f"account of {participant_id}", "role": role, "display_name": participant_id}
    return {"id": participant_id, "person": person, "door": door, "publishes": [], "connected": True}


def write_tape(
    directory: Path, tape_id: str = TAPE, cipher: Cipher = CIPHER, binding_id: str = "binding1"
) -> TapeSeal:
    """A tape of 2 s: ultrasound, a face, a voice, a clock, a pointer, a freeze, a line of chat."""
    records = [
        stream_record(1, SERVER_US, MediaKind.ULTRASOUND),
        stream_record(2, SERVER_US, MediaKind.FACE),
        stream_record(3, SERVER_US, MediaKind.VOICE),
        act(
            SERVER_US,
            type="room_changed",
            room={"participants": [seat("station", "station"), seat("chen", "specialist")]},
        ),
        act(SERVER_US, type="binding_began", binding_id=binding_id, station_id="account of station"),
        act(SERVER_US, type="station_clock", binding_id=binding_id, offset_us=OFFSET_US, uncertainty_us=900),
        *packets_of(h264_frames(), 1, 102),
        *packets_of(vp8_frames(), 2, 96),
        *packets_of(opus_frames(), 3, 111),
        act(SERVER_US + 500_000, type="pointer_moved", participant_id="chen", x=0.25, y=0.5),
        act(SERVER_US + 900_000, type="picture_frozen", frozen={"by": "chen", "capture_us": SERVER_US}),
        act(SERVER_US + 1_000_000, type="chat_said", line={"text": "看左室", "author_id": "chen"}),
    ]
    records.sort(key=lambda record: struct.unpack_from("<Q", record, 20)[0])
    path = tape_path(directory, tape_id)
    writer = TapeWriter(path, tape_id, cipher)
    for at in range(0, len(records), 40):
        writer.append(records[at : at + 40])
    writer.close()
    return seal_of(path)


def write_long_tape(path: Path, size_bytes: int, tape_id: str = TAPE) -> tuple[int, bytes]:
    """A tape of that size, of which the middle is a hole: only its first and its last fragment are there.

    Returns the last one's number and digest.
    """
    first, _ = write_fragment(tape_id, 0, FIRST, [packet_record(1, 11)], CIPHER)
    number = 20_000
    last, _ = write_fragment(tape_id, number, first[-DIGEST_BYTES:], [packet_record(2, 12)], CIPHER)
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.write(first)
        file.seek(size_bytes - len(last))
        file.write(last)
    return number, last[-DIGEST_BYTES:]


def bytes_read(pid: int | str = "self") -> int:
    """How much a process has read so far, whether from the disk or from what the system keeps of it."""
    told = Path(f"/proc/{pid}/io").read_text().split()
    return int(told[told.index("rchar:") + 1])


class FakeRecorder:
    """Listens like a recorder and keeps what it reads in memory; reads only when it is told to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listening.bind(str(path))
        self._listening.listen()
        self._connections: list[socket.socket] = []

    def read(self) -> list[TapeRecord]:
        """Every record that waits on any connection."""
        self._listening.setblocking(False)
        try:
            while True:
                connection, _ = self._listening.accept()
                connection.setblocking(False)
                self._connections.append(connection)
        except BlockingIOError:
            pass
        return [record for connection in self._connections for record in _waiting(connection)]

    def close(self) -> None:
        for one in (*self._connections, self._listening):
            one.close()


def _waiting(connection: socket.socket) -> list[TapeRecord]:
    found = []
    while True:
        try:
            data = connection.recv(65536)
        except BlockingIOError:
            return found
        record = read_record(data)
        if record is None:
            return found
        found.append(record)
