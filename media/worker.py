"""The media worker process: `python -m media.worker --socket PATH --udp-port N --announce A`.

It ends when its standard input closes, on SIGTERM, or when no client was on its control socket for 10 s.
"""

import argparse
import asyncio
import contextlib
import logging
import os
import resource
import signal
import sys
from pathlib import Path

import msgspec
import uvloop

from media.errors import MediaError, RequestRefused
from media.framing import read_frame, write_message
from media.loop_watch import LoopWatch
from media.memory import give_back, resident_bytes
from media.messages import (
    AnswerOffer,
    AskFigures,
    Carried,
    ClosePeer,
    CloseRoom,
    CloseTap,
    OpenPeer,
    OpenTap,
    SetGrants,
    TakeAnswer,
    WorkerFigures,
    WorkerMessage,
    WorkerReady,
    WorkerRefused,
    WorkerRequest,
    to_worker_decoder,
)
from media.peer import CALM_S, SOON_S
from media.port import UdpPort
from media.switchboard import Switchboard
from records.log_lines import open_log

LONELY_LIMIT_S = 10.0
_TURN_S = 10.0


class Worker:
    """One port, one switchboard, and the clients on the control socket."""

    def __init__(self, port: UdpPort) -> None:
        self._port = port
        self._loop = asyncio.get_running_loop()
        self._clients: set[asyncio.StreamWriter] = set()
        self._left_at = self._loop.time()
        self._ticked_at = self._due = self._turn_due = self._look_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._watch = LoopWatch()
        self.switchboard = Switchboard(port, self._tell, self._loop.time)
        self.ended = asyncio.Event()
        port.after_reading = self._tick
        port.waited = self._watch.waited

    def _tell(self, event: WorkerMessage) -> None:
        for writer in self._clients:
            write_message(writer, event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client until it leaves."""
        write_message(writer, WorkerReady(udp_port=self._port.number, addresses=self._port.announced))
        self._clients.add(writer)
        try:
            while (frame := await read_frame(reader)) is not None:
                write_message(writer, self._answer(frame))
        finally:
            self._clients.discard(writer)
            self._left_at = self._loop.time()
            writer.close()

    def _answer(self, frame: bytes) -> WorkerMessage:
        try:
            request = to_worker_decoder.decode(frame)
        except (msgspec.DecodeError, RecursionError) as error:
            return WorkerRefused(re=0, code=RequestRefused.code, message=f"not a request: {error}")
        try:
            return self._carry_out(request)
        except MediaError as refused:
            return WorkerRefused(re=request.re, code=refused.code, message=str(refused))
        except Exception as error:  # one request must not end the calls of everybody else
            print(f"media worker: {type(request).__name__} failed: {error!r}", file=sys.stderr)
            return WorkerRefused(re=request.re, code=RequestRefused.code, message=type(error).__name__)

    def _carry_out(self, request: WorkerRequest) -> WorkerMessage:
        board = self.switchboard
        match request:
            case OpenPeer():
                return board.open_peer(
                    request.re, request.room_id, request.participant_id, request.grants, request.is_station
                )
            case AnswerOffer():
                return board.answer_offer(request.re, request.offer)
            case TakeAnswer():
                board.take_answer(request.peer_id, request.sdp)
            case SetGrants():
                board.set_grants(request.peer_id, request.grants)
            case ClosePeer():
                board.close_peer(request.peer_id)
            case CloseRoom():
                board.close_room(request.room_id)
            case OpenTap():
                board.open_tap(request.room_id, request.socket_path, request.epoch_us)
            case CloseTap():
                board.close_tap(request.room_id)
            case AskFigures():
                return self._figures(request.re)
        return Carried(re=request.re)

    def _figures(self, re: int) -> WorkerFigures:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return WorkerFigures(
            re=re,
            peers=self.switchboard.figures(),
            cpu_s=usage.ru_utime + usage.ru_stime,
            memory_bytes=resident_bytes(),
            loop_lag_ms=self._watch.worst_ms,
            loop_lag_p95_ms=self._watch.percentile_ms(0.95),
            stray_datagrams=self._port.stray_datagrams,
            added_ms_p95=self._port.delays.percentile_ms(0.95),
            unsent_datagrams=self._port.sending.unsent,
            tasks=len(asyncio.all_tasks()),
            faults=self._port.faults.count,
        )

    def keep_time(self) -> None:
        """Tick until nobody is interested any more; while packets come, they bring the time along."""
        now = self._loop.time()
        if self._look_at:
            self._look(now)
        self._look_at = max(self._due, now + SOON_S)
        self._timer = self._loop.call_at(self._look_at, self.keep_time)

    def _look(self, now: float) -> None:
        self._watch.look(max(0.0, now - self._look_at), now)
        self._tick(now)
        if now >= self._turn_due:
            self._turn_due = now + _TURN_S
            self._port.delays.turn()
            if self.switchboard.take_closed():
                give_back()
        if not self._clients and now - self._left_at >= LONELY_LIMIT_S:
            self.ended.set()

    def _tick(self, now: float, soon: bool = False) -> None:
        """Do what is due; when something came that is due soon, that may be earlier than was said."""
        if now < (min(self._due, self._ticked_at + SOON_S) if soon else self._due):
            return
        self._ticked_at, self._due = now, now + CALM_S
        try:
            self._due = self.switchboard.tick(now)
        except Exception as error:
            self._port.faults.note("the switchboard", error, now)

    async def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await self.switchboard.close()
        for writer in list(self._clients):
            writer.close()
        self._port.close()


async def run(socket_path: Path, udp_port: int, announce: list[str], bind: list[str]) -> None:
    """Work until ended."""
    worker = Worker(UdpPort.open(udp_port, bind or announce, announce))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, worker.ended.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # the parent decides
    loop.add_reader(sys.stdin.fileno(), _end_at_eof, worker)
    os.umask(0o077)  # the control socket is for this account alone
    server = await asyncio.start_unix_server(worker.serve, socket_path)
    worker.keep_time()
    try:
        await worker.ended.wait()
    finally:
        server.close()
        await worker.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(socket_path)


def _end_at_eof(worker: Worker) -> None:
    if not os.read(sys.stdin.fileno(), 64):
        worker.ended.set()


def main() -> None:
    """Read the command line and work."""
    parser = argparse.ArgumentParser(prog="python -m media.worker", description=__doc__)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--udp-port", type=int, default=0)
    parser.add_argument("--announce", action="append", default=[])
    parser.add_argument("--bind", action="append", default=[])
    arguments = parser.parse_args()
    open_log(logging.WARNING)
    announce = arguments.announce or ["127.0.0.1"]
    uvloop.run(run(arguments.socket, arguments.udp_port, announce, arguments.bind))


if __name__ == "__main__":
    main()
