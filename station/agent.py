"""The station: what it says to the server and does when told; see docs/protocol.md."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from ecg import wire
from ecg.leads import Electrode
from records.errors import StoreError
from records.ids import BindingId
from records.scanner_controls import ControlOutcome, RemoteEvent
from signaling import station_messages as s
from signaling.messages import DemoFault, Message
from station.bearer import bearer_to
from station.binding import RunningBinding
from station.clips import Clips
from station.clock import PROBE_INTERVAL_S, ClockOffset, StationClock
from station.deliveries import Deliveries
from station.devices import ECG, ULTRASOUND, Devices
from station.journal import Journal
from station.line import Line
from station.link import Link
from station.ports import AnswerOffer
from station.scanner_worklist import ScannerWorklist
from station.settings import StationSettings
from station.uploads import Uploads
from station.vitals import INTERVAL_S, UnsentReadings, simulated_vitals

log = logging.getLogger(__name__)

FIGURES_INTERVAL_S = 2.0
CLEAN_INTERVAL_S = 60.0
LOOK_INTERVAL_S = 10.0
FIRST_EXCHANGE_S = 2.0
QUICK_PROBES = 4
QUICK_PROBE_S = 0.25
CABLE_OUT_S = 10.0
TOLD_AT_ONCE = 64


class Station:
    """Run it with `run`; it ends when `stop` is set, with its journal written."""

    def __init__(
        self,
        settings: StationSettings,
        answer_offer: AnswerOffer,
        *,
        clock: StationClock | None = None,
        version: str = "",
        cable_out_s: float = CABLE_OUT_S,
    ) -> None:
        settings.check()
        self._settings = settings
        self._answer_offer = answer_offer
        self._clock = clock or StationClock()
        self._version = version
        self._cable_out_s = cable_out_s
        self._offset = ClockOffset()
        self._clock_known = asyncio.Event()
        self._unsent = UnsentReadings()
        self._devices = Devices(settings, self._tell_devices, self._clock.now_us)
        self._link = Link(settings, self)
        self._uploads = Uploads(settings)
        self._worklist = ScannerWorklist(settings, self._uploads.ask) if settings.worklist_port else None
        self._clips = Clips(self._uploads.put, self._tell, self._spare_bits_per_s)
        self._line: Line | None = None
        self._welcomed = False
        self._running: RunningBinding | None = None
        self._deliveries: Deliveries | None = None
        self._line_tasks: list[asyncio.Task[None]] = []
        self._told: asyncio.Queue[tuple[Line, Message]] = asyncio.Queue(TOLD_AT_ONCE)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until told to stop.

        Raises
        ------
        KeyMissing, OSError : the journal cannot be opened
        """
        self._journal = await Journal.open(self._settings.data_directory)
        await self._devices.check()
        self._devices.look_for_device()
        async with self._uploads:
            await self._work(stop)

    async def _work(self, stop: asyncio.Event) -> None:
        tasks = [asyncio.create_task(part) for part in self._parts(stop)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._devices.let_go()
            await self._clips.stop()
            await self._stop_running(finish=False)  # the binding goes on when the station comes back
            await self._journal.close()

    def _parts(self, stop: asyncio.Event) -> list[Coroutine[Any, Any, Any]]:
        return [
            stop.wait(),
            self._link.run(),
            self._obey(),
            self._uploads.keep_warm(lambda: self._running is not None and self._welcomed),
            *([self._worklist.run()] if self._worklist is not None else []),
            _every(FIGURES_INTERVAL_S, self._tell_figures),
            _every(INTERVAL_S, self._tell_vitals),
            _every(CLEAN_INTERVAL_S, self._clean),
            _every(LOOK_INTERVAL_S, self._look_for_device),
        ]

    # --- the line ---------------------------------------------------------------------------------------

    async def opened(self, line: Line) -> None:
        """A line is there: say hello."""
        self._line, self._welcomed = line, False
        devices = self._devices.message()
        line.send(
            s.StationHello(
                ultrasound=devices.ultrasound,
                ecg=devices.ecg,
                device_error=devices.device_error,
                picture_troubles=devices.picture_troubles,
                picture_offset_bound_ms=devices.picture_offset_bound_ms,
                simulated=self._devices.simulated,
                version=self._version,
                bearer=await asyncio.to_thread(bearer_to, self._settings.server_url),
                unfinished=await self._journal.unfinished(),
            )
        )

    async def closed(self) -> None:
        """The line is lost; acquisition goes on into the journal."""
        self._line, self._welcomed, self._deliveries = None, False, None
        if self._running is not None and self._running.remote is not None:
            self._running.remote.forbid()  # nobody could take it back
        for task in self._line_tasks:
            task.cancel()
        results = await asyncio.gather(*self._line_tasks, return_exceptions=True)
        self._line_tasks.clear()
        for result in results:
            if isinstance(result, Exception):
                log.error("on the line", exc_info=result)

    def took_packet(self, packet: wire.Packet) -> None:
        """The server acknowledges, or asks again."""
        if self._deliveries is not None:
            self._deliveries.take(packet)

    def took_message(self, line: Line, message: Message) -> None:
        """Take what the server says; done in order, and wholly, even when the line is lost meanwhile."""
        if isinstance(message, s.StationClockProbed):
            now_us = self._clock.now_us()
            self._offset.take(message.sent_us, message.received_us, message.answered_us, now_us)
            if self._offset.offset_us is not None:
                self._clock_known.set()
            return
        if isinstance(message, s.AllowScanner | s.ForbidScanner | s.TurnScanner):
            self._control(line, message)  # taken back at once, whatever else is being done
            return
        try:
            self._told.put_nowait((line, message))
        except asyncio.QueueFull:
            line.lost.set()

    def _control(self, line: Line, message: s.AllowScanner | s.ForbidScanner | s.TurnScanner) -> None:
        running = self._running
        bound = running is not None and running.bind.binding_id == message.binding_id
        remote = running.remote if running is not None and bound and line is self._line else None
        match message:
            case s.AllowScanner() if remote is not None:
                remote.allow(message)
            case s.ForbidScanner() if remote is not None:
                remote.forbid(message)
            case s.TurnScanner() if remote is not None:
                remote.turn(message)
            case s.AllowScanner(binding_id=binding_id, grant_id=grant_id):
                ended = s.StationTurningEnded(
                    binding_id=binding_id, grant_id=grant_id, why=RemoteEvent.NO_SCANNER
                )
                self._tell(ended)
            case s.TurnScanner(binding_id=binding_id, guiding_id=guiding_id):
                untouched = ControlOutcome.TAKEN_BACK
                self._tell(s.StationTurned(binding_id=binding_id, guiding_id=guiding_id, outcome=untouched))

    async def _obey(self) -> None:
        while True:
            line, message = await self._told.get()
            if line is not self._line:
                continue  # what an earlier line said is said anew by the welcome
            try:
                await self._carry_out(line, message)
            except Exception:  # the next line's welcome says anew what is to be done
                log.exception("%s could not be carried out", type(message).__name__)
                line.lost.set()

    async def _carry_out(self, line: Line, message: Message) -> None:
        match message:
            case s.StationWelcome():
                await self._welcome(line, message)
            case s.Bind():
                await self._bind(message)
            case s.StationPreset():
                self._set_preset(message)
            case s.Release():
                await self._release(message.binding_id)
            case s.StationMediaOffer():
                await self._open_media(line, message)
            case s.GiveStill():
                self._give_still(message)
            case s.LeaveStill(still_id=still_id):
                if self._running is not None:
                    self._running.stills.leave(still_id)
            case s.SetScale():
                self._set_scale(message)
            case s.GiveClip():
                self._give_clip(message)
            case s.LeaveClip(clip_id=clip_id):
                self._clips.leave(clip_id)
            case s.StationFault():
                await self._fault(message.fault)
            case s.StationRefused():
                log.warning("refused: %s (%s)", message.sentence, message.code)

    async def _welcome(self, line: Line, welcome: s.StationWelcome) -> None:
        self._link.succeeded()
        self._welcomed = True
        deliveries = self._deliveries = Deliveries(
            self._journal, self._clock.now_us, line.send_packet, self._delivered
        )
        self._send_probe(line)  # first of all: what is owed of ended bindings is taken only after it
        self._start_on_line(line, self._probe(line))
        await self._first_exchange(line)
        if welcome.bind is not None:
            await self._bind(welcome.bind)
        else:
            await self._stop_running(finish=True)
        for binding_id in await self._journal.unfinished():
            await self._owe(binding_id)
        self._start_on_line(line, deliveries.run())

    def _start_on_line(self, line: Line, work: Coroutine[Any, Any, None]) -> None:
        if self._line is line:
            self._line_tasks.append(asyncio.create_task(work))
        else:
            work.close()  # the line was lost meanwhile

    async def _first_exchange(self, line: Line) -> None:
        """Know the server's clock before a stream begins: its META tells how far the two are apart."""
        if self._clock_known.is_set():
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FIRST_EXCHANGE_S):
                await self._clock_known.wait()
        self._send_probe(line)  # tells the result

    async def _owe(self, binding_id: BindingId) -> None:
        """Deliver a stream; one that is not the running binding's has ended, whether it was told or not."""
        if self._running is None or self._running.bind.binding_id != binding_id:
            await self._journal.finish(binding_id)
        await self._deliver(binding_id)

    async def _deliver(self, binding_id: BindingId) -> None:
        if self._deliveries is not None:
            await self._deliveries.add(binding_id)

    async def _probe(self, line: Line) -> None:
        number = 1
        while True:
            await asyncio.sleep(QUICK_PROBE_S if number < QUICK_PROBES else PROBE_INTERVAL_S)
            self._send_probe(line)
            number += 1

    def _send_probe(self, line: Line) -> None:
        line.send(
            s.StationProbeClock(
                sent_us=self._clock.now_us(),
                offset_us=self._offset.offset_us,
                uncertainty_us=self._offset.uncertainty_us,
            )
        )

    # --- bindings ---------------------------------------------------------------------------------------

    async def _bind(self, bind: s.Bind) -> None:
        if self._running is not None and self._running.bind == bind:
            await self._deliver(bind.binding_id)  # its device may be found only on this line
            if self._running.remote is not None:
                self._running.remote.tell_offer()
            return
        await self._stop_running(finish=True)
        self._running = RunningBinding(
            bind,
            self._settings,
            self._devices,
            self._journal,
            self._clock.now_us,
            self._tell,
            self._uploads.put,
            self._clips.forget,
        )
        await self._devices.let_go()
        await self._running.start(self._offset.offset_us)
        await self._deliver(bind.binding_id)

    async def _release(self, binding_id: BindingId) -> None:
        if self._running is not None and self._running.bind.binding_id == binding_id:
            await self._stop_running(finish=True)

    def _give_still(self, asked: s.GiveStill) -> None:
        """A still of a binding that does not run (any more) is nobody's: the server has ended it too."""
        if self._running is not None and self._running.bind.binding_id == asked.binding_id:
            self._running.stills.give(asked)

    def _set_scale(self, asked: s.SetScale) -> None:
        if self._running is not None and self._running.bind.binding_id == asked.binding_id:
            self._running.stills.set_scale(asked)

    def _give_clip(self, asked: s.GiveClip) -> None:
        running = self._running
        if running is not None and running.bind.binding_id == asked.binding_id:
            running.give_clip(self._clips, asked)
        else:
            self._clips.gone(asked)

    def _spare_bits_per_s(self) -> float | None:
        return self._running.spare_bits_per_s if self._running is not None else None

    def _set_preset(self, told: s.StationPreset) -> None:
        if self._running is not None and self._running.bind.binding_id == told.binding_id:
            self._running.set_preset(told.preset)

    async def _stop_running(self, *, finish: bool) -> None:
        running, self._running = self._running, None
        if running is None:
            return
        try:
            await running.stop(finish=finish)
        except StoreError as error:
            log.error("binding %s: its end cannot be journaled: %s", running.bind.binding_id, error)
        if finish:
            binding_id = running.bind.binding_id
            nothing_owed = await self._journal.meta(binding_id) is None
            if nothing_owed and self._deliveries is not None:
                self._deliveries.await_no_more(binding_id)
            self._tell(s.StationReleased(binding_id=binding_id, delivered=nothing_owed))

    def _delivered(self, binding_id: BindingId) -> None:
        self._tell(s.StationReleased(binding_id=binding_id, delivered=True))

    # --- live media -------------------------------------------------------------------------------------

    async def _open_media(self, line: Line, offer: s.StationMediaOffer) -> None:
        running = self._running
        if running is None or running.bind.binding_id != offer.binding_id:
            log.warning("an offer for a binding that does not run; left aside")
            return
        await running.live.close()
        try:
            publisher = await self._answer_offer(offer.sdp, offer.publish, offer.ice_servers)
        except Exception as error:  # whatever is wrong with an offer, the journal and the line go on
            log.error("the server's offer cannot be answered: %s", error)
            return
        publisher.key_frame_wanted = running.want_key_frame
        publisher.target_bitrate = running.set_target
        publisher.reduced_key_frame_wanted = running.want_reduced_key_frame
        publisher.reduced_bitrate = running.set_reduced_target
        running.set_reduced_target(0)  # this server has not asked for it
        await running.live.prepare(publisher, running.want_key_frame)
        running.tell_picture()
        line.send(s.StationAnswerMedia(peer_id=offer.peer_id, sdp=publisher.answer_sdp))

    # --- the demo's faults ------------------------------------------------------------------------------

    async def _fault(self, fault: DemoFault) -> None:
        if fault is DemoFault.CABLE_OUT_10_S:
            self._link.cut(self._cable_out_s)
            if self._running is not None:
                await self._running.live.close()
        elif self._running is not None:
            off = Electrode.V2 if fault is DemoFault.V2_OFF else Electrode(0)
            self._running.set_electrodes_off(off)

    # --- what it tells of itself ------------------------------------------------------------------------

    def _tell(self, message: Message) -> None:
        if self._line is not None and self._welcomed:
            self._line.send(message)

    def _tell_devices(self) -> None:
        self._tell(self._devices.message())

    async def _tell_figures(self) -> None:
        if self._running is None or self._line is None:
            return
        binding_id = self._running.bind.binding_id
        undelivered = self._deliveries.undelivered(binding_id) if self._deliveries else None
        self._tell(self._running.figures(undelivered))
        if self._journal.fault and self._devices.is_running(ECG):
            self._devices.failed(ECG, self._journal.fault)

    async def _tell_vitals(self) -> None:
        """Say what the monitor shows now, then some of what it showed while the line was cut."""
        now_us = self._clock.now_us()
        readings = self._readings(now_us)
        if self._line is None or not (self._welcomed and self._clock_known.is_set()):
            self._unsent.keep(readings, now_us)
            return
        for reading in [*readings, *self._unsent.take()]:
            self._tell(reading)

    def _readings(self, now_us: int) -> list[s.StationReading]:
        devices = self._devices
        if self._running is None or not (devices.is_running(ECG) or devices.is_running(ULTRASOUND)):
            return []
        if not devices.simulated:
            return []  # no made up pulse beside a real patient's ECG
        binding_id = self._running.bind.binding_id
        return [
            s.StationReading(
                binding_id=binding_id,
                kind=vital.kind,
                value=vital.value,
                measured_us=now_us,
                simulated=True,
            )
            for vital in simulated_vitals(now_us)
        ]

    async def _look_for_device(self) -> None:
        if self._running is None:
            self._devices.look_for_device()

    async def _clean(self) -> None:
        try:
            await self._journal.clean(time.time)
        except (StoreError, OSError) as error:
            log.error("the journal cannot be cleaned: %s", error)


async def _every(interval_s: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(interval_s)
        await work()
