"""Tapes for tests: a plain cipher, records, and a recorder that only listens."""

import socket
from pathlib import Path

from records.rooms import MediaKind
from records.store.tape_fragments import encode_stream
from records.store.vault import Cipher
from records.tape_records import RecordFlag, RecordKind, TapeRecord, read_record
from records.tapes import TapeStream

KEY = bytes(range(32))
TAPE = "tape1"
CIPHER = Cipher(KEY)


def stream_record(number: int = 1, at_us: int = 0, kind: MediaKind = MediaKind.ULTRASOUND) -> bytes:
    """The head of a stream."""
    codecs = {111: "opus"} if kind is MediaKind.VOICE else {102: "h264-42e01f", 96: "vp8"}
    stream = TapeStream(
        number=number, participant_id="station", kind=kind, clock_rate_hz=90_000, codecs=codecs
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
