"""A clinic with its doors open: the real store, the real desk, the real server on the loopback."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, FormData

from cloudclinic.archive_exams import ArchiveExams
from cloudclinic.clip_archive import ClipArchive
from cloudclinic.ecg_archive import EcgArchive
from cloudclinic.exam_library import ExamLibrary
from cloudclinic.still_archive import StillArchive
from records.accounts import Account
from records.audit import AuditEvent
from records.exchange.archive.destination import Trust
from records.ids import AccountId
from records.ledger import Ledger
from records.sessions import Password
from signaling import messages as m
from tests.fakes.clinic import Clinic, open_clinic
from tests.fakes.ecgs import FakeAppraiser, InlineComparer, InlineEcgReader, InlinePrinter
from tests.fakes.records import ACCOUNTS, STATION
from web.app import make_app
from web.call import keeper_of
from web.guard import Listening, listen
from web.open_sockets import OpenSockets
from web.parts import OPEN_SOCKETS, WebParts
from web.passwords import Passwords
from web.sessions import COOKIE, token_hash
from web.settings import GuardSettings, WebSettings

PASSWORD = "a lantern over the river"
TOKEN = "station-token-of-the-tests-0123456789"


class FakeFirstCode:
    """A one-time code that waits, or does not."""

    def __init__(self, code: str = "") -> None:
        self.code = code

    def needed(self) -> bool:
        return self.code != ""

    def check(self, code: str, now: object) -> bool:
        return self.needed() and code == self.code

    def use_up(self) -> None:
        self.code = ""


class Answer(msgspec.Struct):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])


class Browser:
    """One browser of one person: keeps its cookie, sends what a browser sends by itself."""

    def __init__(self, port: int, host: str = "doctor.localhost") -> None:
        self.origin = f"http://{host}:{port}"
        self.url = f"http://127.0.0.1:{port}"
        self.host = f"{host}:{port}"
        self.token = ""
        self._http = ClientSession(cookie_jar=CookieJar())
        self._sockets: list[ClientWebSocketResponse] = []

    async def __aenter__(self) -> "Browser":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for socket in self._sockets:  # one left to the garbage collector would be a warning
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await socket.close()
        await self._http.close()

    def headers(self, **more: str) -> dict[str, str]:
        headers = {"Host": self.host, "Origin": self.origin, "Accept-Language": "en"}
        if self.token:
            headers["Cookie"] = f"{COOKIE}={self.token}"
        return headers | {name.replace("_", "-"): value for name, value in more.items()}

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        data = None if body is None else msgspec.json.encode(body)
        sent = self.headers(**headers)
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        async with self._http.request(method, self.url + path, data=data, headers=sent) as answer:
            read = Answer(status=answer.status, headers=dict(answer.headers), body=await answer.read())
            if COOKIE in answer.cookies:
                self.token = answer.cookies[COOKIE].value
            return read

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, **headers)

    async def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return await self.ask("POST", path, body, **headers)

    async def put(self, path: str, body: Any) -> Answer:
        return await self.ask("PUT", path, body)

    async def delete(self, path: str) -> Answer:
        return await self.ask("DELETE", path)

    async def upload(self, path: str, about: Any, files: dict[str, bytes]) -> Answer:
        """Send files as a browser's form does."""
        form = FormData()
        form.add_field("about", json.dumps(about), content_type="application/json")
        for name, data in files.items():
            form.add_field("file", data, filename=name, content_type="application/octet-stream")
        async with self._http.post(self.url + path, data=form, headers=self.headers()) as answer:
            return Answer(status=answer.status, headers=dict(answer.headers), body=await answer.read())

    async def sign_in(self, account: Account, password: str = PASSWORD) -> Answer:
        return await self.post("/api/session", {"sign_in_name": account.sign_in_name, "password": password})

    async def socket(self, path: str = "/socket", **headers: str) -> ClientWebSocketResponse:
        socket = await self._http.ws_connect(self.url + path, headers=self.headers(**headers))
        self._sockets.append(socket)
        return socket

    async def greeted(self, client_id: str = "tab-00000001") -> ClientWebSocketResponse:
        """An open socket that was welcomed."""
        socket = await self.socket()
        await socket.send_str(m.encode(m.Hello(client_id=client_id)).decode())
        welcome = json.loads((await socket.receive()).data)
        assert welcome["type"] == "welcome"
        return socket


async def closed(socket: ClientWebSocketResponse) -> list[dict[str, Any]]:
    """Read until the server closes; return what it said."""
    return [json.loads(frame.data) async for frame in socket]


class Served:
    """The open clinic."""

    def __init__(self, clinic: Clinic, parts: WebParts, listening: Listening, sockets: OpenSockets) -> None:
        self.clinic = clinic
        self.parts = parts
        self.listening = listening
        self.open_sockets = sockets
        self._browsers: list[Browser] = []

    def browser(self, host: str = "doctor.localhost") -> Browser:
        browser = Browser(self.listening.port, host)
        self._browsers.append(browser)
        return browser

    async def signed_in(self, account: Account, host: str = "doctor.localhost") -> Browser:
        browser = self.browser(host)
        assert (await browser.sign_in(account)).status == 200
        return browser

    async def audit(self) -> list[AuditEvent]:
        def read(ledger: Ledger) -> list[AuditEvent]:
            return [entry.event for entry in ledger.audit.all()]

        return await self.clinic.records.read(read)

    async def sweep(self) -> None:
        """Look through the open sockets, as the server does every 2 s."""
        await self.open_sockets.sweep(self.parts.records, keeper_of(self.parts), self.parts.desk)

    async def close(self) -> None:
        for browser in self._browsers:
            await browser.__aexit__(None, None, None)


@asynccontextmanager
async def open_doors(
    tmp_path: Path, code: str = "", guard: GuardSettings | None = None, **settings: Any
) -> AsyncIterator[Served]:
    """Serve a clinic; everybody's password is `PASSWORD`, the station's token `TOKEN`."""
    # The least argon2 takes: what is tested here is not its cost.
    passwords = Passwords(time_cost=1, memory_kib=8)
    (tmp_path / "store").mkdir()
    desk = {"reading": settings["reading"]} if "reading" in settings else {}
    async with open_clinic(tmp_path / "store", **desk) as clinic:
        encoded = passwords.hash_now(PASSWORD)
        await clinic.records.write(lambda ledger: _give_passwords(ledger, encoded))
        web_settings = WebSettings(guard=guard or GuardSettings(), **settings)
        parts = WebParts(
            records=clinic.records,
            desk=clinic.desk,
            samples=clinic.samples,
            passwords=passwords,
            settings=web_settings,
            ecgs=EcgArchive(tmp_path / "ecgs", clinic.records.cipher),
            stills=StillArchive(tmp_path / "stills", clinic.records.cipher),
            clips=(clips := ClipArchive(tmp_path / "clips", clinic.records.cipher)),
            exams=ExamLibrary(
                clips,
                ArchiveExams(
                    clinic.records, web_settings.archives, "CLOUDCLINIC", Trust(), InlineEcgReader()
                ),
            ),
            ecg_files=InlineEcgReader(),
            appraiser=FakeAppraiser(),
            printer=InlinePrinter(),
            comparer=InlineComparer(),
            first_administrator=FakeFirstCode(code),
            clock=clinic.clock,
            static=tmp_path / "static",
        )
        app = make_app(parts)
        listening = await listen(app, "127.0.0.1", 0, shutdown_s=0.2)
        served = Served(clinic, parts, listening, app[OPEN_SOCKETS])
        try:
            yield served
        finally:
            await served.close()
            await listening.close()
            await parts.exams.close()
            passwords.close()


def _give_passwords(ledger: Ledger, encoded: str) -> None:
    for account in ACCOUNTS:
        if account.id != STATION.id:
            ledger.accounts.set_password(AccountId(account.id), Password(encoded=encoded, one_time=False))
    ledger.accounts.set_token(STATION.id, token_hash(TOKEN))
