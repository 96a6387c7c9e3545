"""A person's seat without a browser: signed in, one signaling socket, commands answered."""

import asyncio
import json
import uuid
from typing import Any, Self

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from signaling import messages as m

ANSWER_LIMIT_S = 15


class CommandRefused(Exception):
    """The server refused a command."""


class Seat:
    """Knows the consults and stations this person is told of. Open with `async with`."""

    def __init__(self, address: str) -> None:
        self._origin = address
        self._host = address.removeprefix("http://")
        self._url = f"http://127.0.0.1:{address.rsplit(':', 1)[1]}"
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.consults: dict[str, dict[str, Any]] = {}
        self.stations: dict[str, dict[str, Any]] = {}
        self.offers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()  # of media, to be answered
        self.changed = asyncio.Event()
        self._welcomed = False

    async def __aenter__(self) -> Self:
        self._http = ClientSession()
        self._headers = {"Host": self._host, "Origin": self._origin}
        self._headers["Cookie"] = await self._sign_in()
        self._socket: ClientWebSocketResponse = await self._http.ws_connect(
            self._url + "/socket", headers=self._headers, max_msg_size=0
        )
        await self._socket.send_str(m.encode(m.Hello(client_id=uuid.uuid4().hex)).decode())
        self._reading = asyncio.create_task(self._read())
        await self.until(lambda: self._welcomed)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()
        await self._reading
        await self._http.close()

    async def do(self, command: str, **fields: Any) -> str:
        """Carry out a command; the id of what it made. Raises CommandRefused."""
        number = uuid.uuid4().hex  # the server answers a repeated id with the first answer
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(json.dumps({"type": command, "id": number, **fields}))
        answer = await asyncio.wait_for(answered, ANSWER_LIMIT_S)
        if answer["type"] == "refused":
            raise CommandRefused(f"{command}: {answer['code']}")
        return str(answer["value"])

    async def until(self, true: Any, within_s: float = ANSWER_LIMIT_S) -> None:
        """Wait until a condition on what this seat knows holds."""
        async with asyncio.timeout(within_s):
            while not true():
                self.changed.clear()
                await self.changed.wait()

    async def get(self, path: str) -> Any:
        """What the HTTP API answers."""
        async with self._http.get(self._url + path, headers=self._headers) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def residents(self) -> list[dict[str, Any]]:
        """The residents seen last."""
        body = {"query": ""}
        async with self._http.post(
            self._url + "/api/residents/search", json=body, headers=self._headers
        ) as answer:
            answer.raise_for_status()
            found: list[dict[str, Any]] = (await answer.json())["residents"]
            return found

    async def _sign_in(self) -> str:
        async with self._http.get(self._url + "/api/greeting", headers=self._headers) as answer:
            offered = (await answer.json())["demo_accounts"]
        (mine,) = (one for one in offered if one["address"] == self._origin)
        body = {"sign_in_name": mine["sign_in_name"], "password": mine["password"]}
        async with self._http.post(self._url + "/api/session", json=body, headers=self._headers) as answer:
            answer.raise_for_status()
            return "; ".join(f"{name}={one.value}" for name, one in answer.cookies.items())

    async def _read(self) -> None:
        async for frame in self._socket:
            if frame.type is WSMsgType.TEXT:
                self._take(json.loads(frame.data))
                self.changed.set()

    def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "done" | "refused" if message["re"] in self._waiting:
                waiting = self._waiting.pop(message["re"])
                if not waiting.done():
                    waiting.set_result(message)
            case "welcome" if message["snapshot"]:
                self._welcomed = True
                for card in message["snapshot"]["consults"]:
                    self.consults[card["id"]] = card
                for station in message["snapshot"]["stations"]:
                    self.stations[station["id"]] = station
            case "media_offer":
                self.offers.put_nowait(message)
            case "consult_changed":
                self.consults[message["consult"]["id"]] = message["consult"]
            case "station_changed":
                self.stations[message["station"]["id"]] = message["station"]
