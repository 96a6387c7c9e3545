"""Janus' videoroom as a server under measurement: started here, asked over its Unix socket, ended here.

Janus 1.1.2 gathers no candidate on the loopback interface, so it is reached at another address of this
machine; the packets stay inside it all the same. ICE lite, as our own server is.
"""

import asyncio
import contextlib
import itertools
import json
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self

import ifaddr

from benchmarks.endpoint import Credentials, Endpoint
from benchmarks.picture_stream import Picture, PictureStream
from benchmarks.relay_server import ServerFailed
from benchmarks.sink import Sink
from media.layout import EXTENSION_IDS, H264_CB, Extension

ROOM, FEED = 1, 1
START_LIMIT_S = 10.0
STARTS = 8
ANSWER_LIMIT_S = 10.0
MESSAGE_BYTES = 1 << 18
_CODEC = H264_CB.payload_type
_CONFIGURATION = """
general: {{
    configs_folder = "{folder}"
    plugins_folder = "{library}/plugins"
    transports_folder = "{library}/transports"
    events_folder = "{library}/events"
    loggers_folder = "{library}/loggers"
    debug_level = 2
    session_timeout = 0
}}
nat: {{
    ice_lite = true
    ice_enforce_list = "{host}"
}}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
"""
_SOCKET = 'general: {{ enabled = true, json = "compact", path = "{path}", type = "SOCK_SEQPACKET" }}\n'


def missing() -> str:
    """Why Janus cannot be measured here; "" when it can."""
    if shutil.which("janus") is None:
        return "janus is not installed: scripts/janus"
    if _library() is None:
        return "janus has no folder of plugins"
    return "" if _address() else "janus needs an address of this machine other than 127.0.0.1"


def version() -> str:
    """As Janus says it; "none" where it is not installed."""
    if shutil.which("janus") is None:
        return "none"
    said = subprocess.run(["janus", "--help"], capture_output=True, text=True).stdout
    found = re.search(r"Janus version: \d+ \(([\d.]+)\)", said)
    return found[1] if found else "unknown"


def _library() -> Path | None:
    return next((one.parent for one in Path("/usr/lib").glob("*/janus/plugins")), None)


def _address() -> str | None:
    hosts = (one.ip for adapter in ifaddr.get_adapters() for one in adapter.ips if one.is_IPv4)
    return next((str(host) for host in hosts if not str(host).startswith("127.")), None)


class JanusServer:
    """One Janus process with one videoroom."""

    name = "Janus"

    def __init__(self, process: asyncio.subprocess.Process, host: str, asking: socket.socket) -> None:
        self._process, self._socket = process, asking
        self.host = host
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._session = 0
        self._handle = 0
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        """Start Janus with a room in it, and end it. Raises ServerFailed."""
        if why := missing():
            raise ServerFailed(why)
        host, library = _address(), _library()
        assert host and library
        with tempfile.TemporaryDirectory() as directory:
            path = _configure(Path(directory), host, library)
            process, asking = await _start(path)
            server = cls(process, host, asking)
            try:
                await server._prepare()
                yield server
            finally:
                await server._leave()
                await _end(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def publish(self, endpoint: Endpoint, picture: Picture) -> PictureStream:
        """Connect the sender as the room's publisher."""
        stream = PictureStream(picture, 1_000_001, _CODEC, "0", asyncio.get_running_loop().time)
        offer = _sdp(endpoint.credentials, "sendonly", "active", "0", _CODEC, 1_000_001)
        await self._message(self._handle, {"request": "join", "ptype": "publisher", "room": ROOM, "id": FEED})
        answered = await self._message(
            self._handle, {"request": "configure"}, {"type": "offer", "sdp": offer}
        )
        await endpoint.connect(_read(answered["jsep"]["sdp"]))
        return stream

    async def view(self, sink: Sink) -> int:
        """Connect one more viewer."""
        number, own = await sink.make(self.host)
        handle = await self._attach()
        joining = {"request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{"feed": FEED}]}
        offer = (await self._message(handle, joining))["jsep"]["sdp"]
        mid, payload_type = _first(r"a=mid:(\S+)", offer), int(_first(r"a=rtpmap:(\d+) H264", offer))
        answer = _sdp(own, "recvonly", "active", mid, payload_type, None)
        await self._message(handle, {"request": "start"}, {"type": "answer", "sdp": answer})
        await sink.connect(number, _read(offer), [int(_first(r"a=ssrc:(\d+)", offer))])
        return number

    async def _prepare(self) -> None:
        self._reading = asyncio.create_task(self._read_on())
        self._session = (await self._ask({"janus": "create"}))["data"]["id"]
        self._handle = await self._attach()
        room = {"request": "create", "room": ROOM, "publishers": 1, "videocodec": "h264", "bitrate": 0}
        await self._message(self._handle, room | {"h264_profile": "42e01f", "fir_freq": 0})

    async def _leave(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        self._socket.close()

    async def _attach(self) -> int:
        asked = {"janus": "attach", "session_id": self._session, "plugin": "janus.plugin.videoroom"}
        return int((await self._ask(asked))["data"]["id"])

    async def _message(
        self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None
    ) -> dict[str, Any]:
        message = {"janus": "message", "session_id": self._session, "handle_id": handle, "body": body}
        said = await self._ask(message | ({"jsep": jsep} if jsep else {}))
        data = said.get("plugindata", {}).get("data", {})
        if "error" in data:
            raise ServerFailed(f"janus refused {body['request']}: {data['error']}")
        return said

    async def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        number = str(next(self._numbers))
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        await asyncio.get_running_loop().sock_sendall(
            self._socket, json.dumps(message | {"transaction": number}).encode()
        )
        said: dict[str, Any] = await asyncio.wait_for(waiting, ANSWER_LIMIT_S)
        if said["janus"] == "error":
            raise ServerFailed(f"janus: {said['error']['reason']}")
        return said

    async def _read_on(self) -> None:
        loop = asyncio.get_running_loop()
        while data := await loop.sock_recv(self._socket, MESSAGE_BYTES):
            said = json.loads(data)
            if said["janus"] == "ack":  # the event that carries the answer follows
                continue
            waiting = self._waiting.pop(said.get("transaction", ""), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(said)


def _configure(folder: Path, host: str, library: Path) -> Path:
    path = folder / "asked.sock"
    plugins = _others(library / "plugins", "libjanus_videoroom")
    transports = _others(library / "transports", "libjanus_pfunix")
    text = _CONFIGURATION.format(
        folder=folder, library=library, host=host, plugins=plugins, transports=transports
    )
    (folder / "janus.jcfg").write_text(text)
    (folder / "janus.transport.pfunix.jcfg").write_text(_SOCKET.format(path=path))
    return path


def _others(folder: Path, but: str) -> str:
    return ",".join(sorted(one.name for one in folder.glob("*.so") if not one.name.startswith(but)))


async def _start(path: Path) -> tuple[asyncio.subprocess.Process, socket.socket]:
    """The process and its socket. Raises ServerFailed.

    Janus 1.1.2 may end at once: its socket's thread looks whether it is initialized before it is told so.
    """
    log = path.parent / "log"
    for _ in range(STARTS):
        process = await asyncio.create_subprocess_exec(
            *("janus", "-C", str(path.parent / "janus.jcfg"), "-F", str(path.parent), "-L", str(log), "-N"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
        )
        if (asking := await _connected(process, path)) is not None:
            return process, asking
        await _end(process)
    raise ServerFailed(f"janus did not start: {_last_words(log)}")


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    await process.wait()


async def _connected(process: asyncio.subprocess.Process, path: Path) -> socket.socket | None:
    end = asyncio.get_running_loop().time() + START_LIMIT_S
    while process.returncode is None and asyncio.get_running_loop().time() < end:
        asking = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            asking.connect(str(path))
        except OSError:
            asking.close()
            await asyncio.sleep(0.1)
            continue
        asking.setblocking(False)
        return asking
    return None


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line for line in reversed(lines) if line.strip()), "it said nothing")


def _sdp(own: Credentials, direction: str, setup: str, mid: str, payload_type: int, ssrc: int | None) -> str:
    extensions = (Extension.MID, Extension.ABS_SEND_TIME, Extension.PLAYOUT_DELAY)
    rows = [
        *("v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", f"a=group:BUNDLE {mid}"),
        f"m=video 9 UDP/TLS/RTP/SAVPF {payload_type}",
        *("c=IN IP4 0.0.0.0", f"a=mid:{mid}", "a=rtcp-mux", f"a={direction}"),
        *(f"a=ice-ufrag:{own.ufrag}", f"a=ice-pwd:{own.password}"),
        *(f"a=fingerprint:sha-256 {own.fingerprint}", f"a=setup:{setup}"),
        *(f"a=extmap:{EXTENSION_IDS[one]} {one.value}" for one in extensions),
        f"a=rtpmap:{payload_type} H264/90000",
        f"a=fmtp:{payload_type} {H264_CB.fmtp}",
        *(f"a=rtcp-fb:{payload_type} {kind}" for kind in ("nack", "nack pli", "ccm fir", "goog-remb")),
        *([f"a=ssrc:{ssrc} cname:benchmark", f"a=msid:sent video-{mid}"] if ssrc else []),
        f"a=candidate:1 1 udp 2130706431 {own.host} {own.port} typ host",
        "a=end-of-candidates",
    ]
    return "\r\n".join([*rows, ""])


def _read(sdp: str) -> Credentials:
    host, port = re.findall(r"a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host", sdp, re.IGNORECASE)[0]
    return Credentials(
        ufrag=_first(r"a=ice-ufrag:(\S+)", sdp),
        password=_first(r"a=ice-pwd:(\S+)", sdp),
        fingerprint=_first(r"a=fingerprint:sha-256 (\S+)", sdp).upper(),
        host=host,
        port=int(port),
    )


def _first(pattern: str, sdp: str) -> str:
    found = re.search(pattern, sdp)
    if found is None:
        raise ServerFailed(f"janus' SDP lacks {pattern}")
    return str(found[1])
