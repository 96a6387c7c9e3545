"""The people and the station of one consult, none of them a browser: `-m benchmarks.crowd SOCKET ROOM`.

Two doctors show their faces and speak, an interpreter speaks, an observer watches, and the station sends
ultrasound and ECG; all that is sent was made beforehand. Runs until its standard input ends.
"""

import asyncio
import secrets
import sys
from collections.abc import Callable
from typing import Self

import uvloop

from benchmarks.endpoint import Endpoint
from benchmarks.picture_stream import RATE_HZ, Picture, PictureStream
from benchmarks.worker_server import answer_to, credentials_of
from benchmarks.worker_socket import worker_at
from media.api import MediaWorker
from media.layout import CODECS, EXTENSION_IDS, Codec, Extension, lines_for
from media.offer import SendingSsrcs, read_offer
from media.rtcp import KeyFrameAsked, read_rtcp
from media.rtp import abs_send_time, element, write_packet
from records.accounts import Role
from records.rooms import GRANTS, Encoding, Grants, MediaKind

HOST = "127.0.0.1"
BLOCK_HZ = 50  # voice and ECG: a packet every 20 ms
BLOCK_BYTES = {MediaKind.VOICE: 100, MediaKind.ECG: 760}
PICTURES = {MediaKind.FACE: Picture.FACE, MediaKind.ULTRASOUND: Picture.P720}
SPEAKING = frozenset({MediaKind.VOICE})
OBSERVING = Grants(receive=frozenset(MediaKind))
READY = "ready"
Frames = Callable[[], list[bytes]]


class Crowd:
    """From outside: the process. Open with `async with`."""

    def __init__(self, socket: str, room: str) -> None:
        self._arguments = (socket, room)

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.crowd", *self._arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self._process.stdout
        if (await self._process.stdout.readline()).decode().strip() != READY:
            raise ConnectionError("the people of a consult did not all come in")
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()


class _Blocks:
    """Voice or ECG: one packet every 20 ms."""

    def __init__(self, kind: MediaKind, ssrc: int, payload_type: int, mid: str) -> None:
        self._head = (payload_type, ssrc)
        self._mid = element(EXTENSION_IDS[Extension.MID], mid.encode())
        self._payload = bytes(range(BLOCK_BYTES[kind] % 256)) + bytes(BLOCK_BYTES[kind] // 256 * 256)
        self._sequence = 0

    def frame(self) -> list[bytes]:
        self._sequence = (self._sequence + 1) & 0xFFFF
        now = asyncio.get_running_loop().time()
        elements = element(EXTENSION_IDS[Extension.ABS_SEND_TIME], abs_send_time(now)) + self._mid
        payload_type, ssrc = self._head
        timestamp = self._sequence * 960
        return [write_packet(payload_type, False, self._sequence, timestamp, ssrc, elements, self._payload)]


async def _come_in(
    worker: MediaWorker, room: str, who: str, grants: Grants, sends: frozenset[MediaKind]
) -> tuple[Endpoint, list[tuple[int, Frames]]]:
    """Connect one; its end, and what it sends how often a second."""
    is_station = who == "station"
    offered = await worker.open_peer(room, who, grants, is_station)
    lines = lines_for(is_station)
    offer = read_offer(offered.sdp, lines)
    end = Endpoint(HOST)
    mains = {line.mid for line in lines if line.encoding is Encoding.MAIN}
    mine = {mid: kind for mid, kind in offered.publish.items() if kind in sends and mid in mains}
    ssrcs = {
        mid: SendingSsrcs(
            secrets.randbits(31) * 2 + 2, secrets.randbits(31) * 2 + 1 if kind in PICTURES else None
        )
        for mid, kind in mine.items()
    }
    await worker.take_answer(offered.peer_id, answer_to(offer, end, ssrcs))
    seen = [ssrc for one in offer.lines if not one.line.publishes for ssrc in one.ssrcs]
    await end.connect(credentials_of(offer), seen)
    streams: list[tuple[int, Frames]] = []
    for mid, kind in mine.items():
        types = next(one.payload_types for one in offer.lines if one.line.mid == mid)
        if kind in PICTURES:
            clock = asyncio.get_running_loop().time
            pictures = PictureStream(PICTURES[kind], ssrcs[mid].media, types[Codec.H264_CB], mid, clock)
            _ask_keys(end, pictures)
            streams.append((RATE_HZ, pictures.frame))
        else:
            codec = CODECS[kind][0].codec
            streams.append((BLOCK_HZ, _Blocks(kind, ssrcs[mid].media, types[codec], mid).frame))
    return end, streams


def _draw(with_rtx: bool) -> SendingSsrcs:
    return SendingSsrcs(secrets.randbits(31) * 2 + 2, secrets.randbits(31) * 2 + 1 if with_rtx else None)


def _ask_keys(end: Endpoint, pictures: PictureStream) -> None:
    def look(data: bytes) -> None:
        if any(isinstance(part, KeyFrameAsked) for part in read_rtcp(data)):
            pictures.want_key_frame()

    end.show_rtcp = look


async def _stream(end: Endpoint, rate_hz: int, frames: Frames) -> None:
    clock = asyncio.get_running_loop().time
    began, number = clock() + secrets.randbelow(1000) / 1000 / rate_hz, 0
    while True:
        await asyncio.sleep(max(0.0, began + number / rate_hz - clock()))
        end.send(frames())
        number += 1


async def _consult(socket: str, room: str) -> None:
    people = [
        ("station", GRANTS[Role.STATION], frozenset({MediaKind.ULTRASOUND, MediaKind.ECG})),
        ("doctor", GRANTS[Role.COMMUNITY_DOCTOR], frozenset({MediaKind.VOICE, MediaKind.FACE})),
        ("specialist", GRANTS[Role.SPECIALIST], frozenset({MediaKind.VOICE, MediaKind.FACE})),
        ("interpreter", GRANTS[Role.SPECIALIST], SPEAKING),
        ("observer", OBSERVING, frozenset[MediaKind]()),
    ]
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin.fileno(), ended.set)  # nothing is ever said to it: it is readable at its end
    async with worker_at(socket) as worker:
        come = [await _come_in(worker, room, *one) for one in people]
        sending = [
            loop.create_task(_stream(end, rate_hz, frames))
            for end, streams in come
            for rate_hz, frames in streams
        ]
        print(READY, flush=True)
        await ended.wait()
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        await asyncio.gather(*(end.close() for end, _ in come))
        await worker.close_room(room)


if __name__ == "__main__":
    uvloop.run(_consult(sys.argv[1], sys.argv[2]))
