"""The modality worklist of this server: scanners ask a process of ours, which asks here what to tell them."""

import asyncio
import contextlib
import datetime as dt
import logging
import sys
from collections.abc import Callable, Mapping

import msgspec

from records.accounts import Account
from records.archive_uids import step_id
from records.audit import Action, AuditEvent
from records.consults import Consult, ConsultState
from records.exchange.apart import environment
from records.exchange.archive.identifying import DESCRIPTION, identity_of
from records.exchange.archive.worklist_answers import (
    LENGTH_BYTES,
    Asked,
    Listen,
    Listening,
    NotListening,
    ScheduledStep,
    Steps,
    Told,
    framed,
    length_of,
)
from records.ids import AccountId, ConsultId
from records.ledger import Ledger, Records

log = logging.getLogger(__name__)

MODULE = "records.exchange.archive.worklist_process"
RESTS_S = 5.0
_TO_BE_SCANNED = frozenset({ConsultState.WAITING, ConsultState.ACCEPTED, ConsultState.IN_CALL})
_told: msgspec.msgpack.Decoder[Told] = msgspec.msgpack.Decoder(Told)


class WorklistServer:
    """Listens while `run` runs. `scanners`: the sign-in name of the station beside each, by AE title."""

    def __init__(
        self,
        records: Records,
        clock: Callable[[], dt.datetime],
        host: str,
        port: int,
        title: str,
        scanners: Mapping[str, str],
    ) -> None:
        self._records, self._clock = records, clock
        self._listen = Listen(host=host, port=port, title=title, scanners=tuple(scanners))
        self._scanners = dict(scanners)
        self._noted: set[tuple[str, ConsultId]] = set()
        self.port: int | None = None
        self.listening = asyncio.Event()

    async def run(self) -> None:
        """Until it is cancelled; a process that ended is started anew."""
        while True:
            try:
                await self._serve()
            except Exception:
                log.exception("the worklist failed; it is started again")
            self.listening.clear()
            await asyncio.sleep(RESTS_S)

    async def _serve(self) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", MODULE),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment(),
            cwd="/",
            start_new_session=True,
        )
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(framed(self._listen))
            while True:
                head = await process.stdout.readexactly(LENGTH_BYTES)
                told = _told.decode(await process.stdout.readexactly(length_of(head)))
                if isinstance(told, Asked):
                    process.stdin.write(framed(await self._answer(told)))
                    await process.stdin.drain()
                elif isinstance(told, Listening):
                    self.port = told.port
                    self.listening.set()
                elif isinstance(told, NotListening):
                    log.error("the worklist cannot listen on port %d: %s", self._listen.port, told.why)
        except asyncio.IncompleteReadError:
            log.error("the worklist's process ended")
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _answer(self, asked: Asked) -> Steps:
        station_name = self._scanners.get(asked.scanner)
        if station_name is None:
            return Steps(number=asked.number, steps=())

        def read(ledger: Ledger) -> tuple[ScheduledStep, ...]:
            station = ledger.accounts.by_name(station_name)
            if station is None or station.disabled:
                return ()
            consults = _consults(ledger, station)
            for one in consults:
                self._note(ledger, asked.scanner, station, one)
            return tuple(_step(ledger, one) for one in consults)

        return Steps(number=asked.number, steps=await self._records.write(read))

    def _note(self, ledger: Ledger, scanner: str, station: Account, consult: Consult) -> None:
        """Scanners ask every minute: the first time that one is told of a consult is on the trail."""
        if (scanner, consult.id) in self._noted:
            return
        self._noted.add((scanner, consult.id))
        ledger.audit.append(
            AuditEvent(
                at=self._clock(),
                actor_id=AccountId(station.id),
                actor_role=station.role.value,
                action=Action.EXPORT,
                object_kind="worklist_step",
                object_id=consult.id,
                resident_id=consult.resident_id,
            )
        )


def _consults(ledger: Ledger, station: Account) -> tuple[Consult, ...]:
    """The one the station is bound to: nobody can choose anotits. Unbound: its institution's open ones."""
    binding = ledger.bindings.running_of_station(station.id)
    if binding is not None:
        consult = ledger.consults.get(binding.consult_id)
        return (consult,) if consult.resident_id == binding.resident_id else ()
    return tuple(
        one
        for one in ledger.consults.open()
        if one.institution_id == station.institution_id and one.state in _TO_BE_SCANNED
    )


def _step(ledger: Ledger, consult: Consult) -> ScheduledStep:
    identity = identity_of(
        consult,
        ledger.residents.get(consult.resident_id),
        ledger.accounts.get(consult.asked_by),
        ledger.directory.institution(consult.institution_id),
        None,
    )
    return ScheduledStep(
        identity=identity,
        step_id=step_id(consult.number),
        description=DESCRIPTION,
        starts_at=consult.asked_at.astimezone(),
    )
