"""A clinic at work: the real desk on the real store, with sockets and media that are lists."""

import datetime as dt
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from records.accounts import Account, Language
from records.consults import ConsentForm, Consult, ConsultState, IdentifierKind, Urgency
from records.ids import AccountId, BindingId, ConsultId, SessionId
from records.ledger import Records
from signaling import messages as m
from signaling import station_messages as s
from signaling.desk import Desk
from signaling.ports import MediaPlane, TapeRecorders, WebhookFailed
from signaling.relays import NO_RELAYS, Relays
from signaling.settings import DeskSettings
from signaling.station_lines import StationLine
from signaling.tabs import Line
from tests.fakes.media import FakeMedia
from tests.fakes.outbox import FakeOutbox
from tests.fakes.recorders import FakeRecorders
from tests.fakes.records import CARDIOLOGY, NOW, STATION, WANG_XIUYING, fake_records
from tests.fakes.samples import FakeSamples

C = TypeVar("C", bound=m.Command)
_numbers = itertools.count(1)


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW
        self._passed_us = 5_000_000

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)
        self._passed_us += round(seconds * 1_000_000)

    def step_s(self, seconds: float) -> None:
        """NTP sets the wall clock; no time passes."""
        self.now += dt.timedelta(seconds=seconds)

    def monotonic_us(self) -> int:
        """What a clock that nobody sets shows."""
        return self._passed_us


class Client:
    """One tab of somebody."""

    def __init__(self, desk: Desk, line: Line, outbox: FakeOutbox) -> None:
        self.desk = desk
        self.line = line
        self.outbox = outbox

    async def send(self, kind: type[m.Command], /, **fields: Any) -> m.Done | m.Refused:
        """Send a command with a fresh id; return its answer."""
        return await self.repeat(kind(id=f"command-{next(_numbers)}", **fields))

    async def repeat(self, command: m.Command) -> m.Done | m.Refused:
        """Send a command as it is; return its answer."""
        before = len(self.outbox.sent)
        await self.desk.receive(self.line, command)
        answers = [one for one in self.outbox.sent[before:] if isinstance(one, m.Done | m.Refused)]
        assert len(answers) == 1, f"{len(answers)} answers to {type(command).__name__}"
        assert answers[0].re == command.id
        return answers[0]

    async def done(self, kind: type[m.Command], /, **fields: Any) -> str:
        """Send a command that must be carried out; return its value."""
        answer = await self.send(kind, **fields)
        assert isinstance(answer, m.Done), answer
        return answer.value

    async def refused(self, kind: type[m.Command], /, **fields: Any) -> str:
        """Send a command that must be refused; return the code."""
        answer = await self.send(kind, **fields)
        assert isinstance(answer, m.Refused), answer
        return answer.code

    async def notice(self, notice: m.Notice) -> None:
        """Send a notice."""
        await self.desk.receive(self.line, notice)

    def card(self, consult_id: str) -> m.ConsultCard | None:
        """The consult as this tab would show it, by snapshot and events; None when it may not."""
        shown: m.ConsultCard | None = None
        for message in self.outbox.sent:
            match message:
                case m.Welcome(snapshot=m.Snapshot(consults=consults)):
                    shown = next((one for one in consults if one.id == consult_id), None)
                case m.ConsultChanged(consult=consult) if consult.id == consult_id:
                    shown = consult
                case m.ConsultGone(consult_id=gone) if gone == consult_id:
                    shown = None
        return shown


class Clinic:
    """The desk and everything it stands on."""

    def __init__(self, records: Records, settings: DeskSettings, relays: Relays = NO_RELAYS) -> None:
        self.records = records
        self.settings = settings
        self.relays = relays
        self.clock = FakeClock()
        self.media = FakeMedia()
        self.samples = FakeSamples()
        self.recorders = FakeRecorders()
        self.webhooks: list[tuple[str, dict[str, Any]]] = []
        self.webhook_down = False
        self.spoilt: list[tuple[str, m.LineFault]] = []
        self.desk = self._new_desk()

    def _new_desk(self) -> Desk:
        return Desk(
            self.records,
            self.media,
            self.samples,
            self.clock,
            self.settings,
            self._post,
            self.relays,
            self._spoil,
            self.recorders,
            self.clock.monotonic_us,
        )

    async def _post(self, event: str, about: dict[str, Any]) -> None:
        self.webhooks.append((event, about))
        if self.webhook_down:
            raise WebhookFailed("answered 503")

    async def _spoil(self, participant_id: str, fault: m.LineFault) -> bool:
        """A fault is remembered; the first on a line wants its media anew."""
        first = all(one != participant_id for one, _ in self.spoilt)
        self.spoilt.append((participant_id, fault))
        return first

    async def restart(self) -> None:
        """The server is started again: a new desk on the same store."""
        await self.desk.stop()
        self.media = FakeMedia()
        self.desk = self._new_desk()
        await self.desk.start()

    async def sealed(self) -> None:
        """Every tape that ended is sealed."""
        await self.desk._parts.taping.sealed()

    async def carried_by(self, media: MediaPlane, recorders: TapeRecorders | None = None) -> None:
        """From now on a media plane that is none of lists carries what happens in rooms."""
        await self.desk.stop()
        self.desk = Desk(
            self.records, media, self.samples, self.clock, self.settings, self._post, recorders=recorders
        )
        await self.desk.start()

    async def sign_in(self, account: Account, client_id: str = "", resume_after: int | None = None) -> Client:
        """Open a tab; its session is named after the account."""
        outbox = FakeOutbox()
        hello = m.Hello(
            client_id=client_id or f"desk-tab-{next(_numbers):08}",
            resume_after=resume_after,
            language=Language.ZH,
        )
        session_id = SessionId(f"session of {account.id}")
        line = await self.desk.connect(account, session_id, hello, outbox)
        return Client(self.desk, line, outbox)

    async def station(self, account: Account = STATION, **hello: Any) -> tuple[StationLine, FakeOutbox]:
        """Connect a station whose devices are ready."""
        outbox = FakeOutbox()
        said = {"ultrasound": m.DeviceState.READY, "ecg": m.DeviceState.READY} | hello
        line = await self.desk.station_connect(account, s.StationHello(**said), outbox)
        return line, outbox

    async def consult(self, consult_id: str) -> Consult:
        """A consult as it is stored."""
        return await self.records.read(lambda ledger: ledger.consults.get(ConsultId(consult_id)))

    async def state(self, consult_id: str) -> ConsultState:
        """The stored state of a consult."""
        return (await self.consult(consult_id)).state

    async def tick(self, seconds: float = 0) -> None:
        """Let time pass and the desk notice."""
        self.clock.pass_s(seconds)
        await self.desk.tick()
        await self.desk.stop()  # waits for the webhook


@asynccontextmanager
async def open_clinic(tmp_path: Path, relays: Relays = NO_RELAYS, **settings: Any) -> AsyncIterator[Clinic]:
    """A clinic that has just opened."""
    database = await fake_records(tmp_path)
    try:
        clinic = Clinic(database, DeskSettings(**settings), relays)
        await clinic.desk.start()
        yield clinic
    finally:
        await database.close()


async def ask(doctor: Client, **fields: Any) -> ConsultId:
    """Ask for a cardiology consult for Wang Xiuying."""
    asked = {
        "resident_id": WANG_XIUYING.id,
        "specialty": CARDIOLOGY,
        "urgency": Urgency.EXPEDITED,
        "question": "胸闷两小时",
        "beside_open": True,
    }
    return ConsultId(await doctor.done(m.RequestConsult, **(asked | fields)))


async def prepare(doctor: Client, consult_id: str) -> None:
    """Confirm identity and take consent, so that media may open."""
    identifiers = (IdentifierKind.NAME, IdentifierKind.BIRTH_DATE)
    await doctor.done(m.ConfirmIdentity, consult_id=consult_id, identifiers=identifiers)
    await doctor.done(m.RecordConsent, consult_id=consult_id, form=ConsentForm.ORAL, witness="吴倩")


async def join(client: Client, consult_id: str, microphone_on: bool = True) -> None:
    """Enter the room."""
    await client.done(m.JoinRoom, consult_id=consult_id, microphone_on=microphone_on, camera_on=True)


async def bind(doctor: Client, consult_id: str, station_id: AccountId = STATION.id) -> BindingId:
    """Bind the station."""
    return BindingId(await doctor.done(m.BindStation, consult_id=consult_id, station_id=station_id))


async def in_call(clinic: Clinic, doctor: Client, specialist: Client) -> ConsultId:
    """A consult in which both sides have met."""
    consult_id = await ask(doctor)
    await prepare(doctor, consult_id)
    await specialist.done(m.AcceptConsult, consult_id=consult_id)
    await join(doctor, consult_id)
    await join(specialist, consult_id)
    assert await clinic.state(consult_id) is ConsultState.IN_CALL
    return consult_id
