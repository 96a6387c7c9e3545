"""Stations: one line each, what it says of itself, and the streams it may deliver. No I/O but its outbox."""

import asyncio
import datetime as dt
from collections.abc import Iterator, Mapping

import msgspec

from records.accounts import Account, Language
from records.consults import Binding
from records.exam_presets import ExamPreset
from records.ids import AccountId
from records.scanner_controls import ScannerOffer
from signaling import station_messages as s
from signaling.binding_end import ClockReading
from signaling.live import NEVER_SEEN, StationLive
from signaling.messages import Message
from signaling.ports import Outbox
from signaling.refusals import Refusal, sentence
from signaling.tabs import Allowance
from ultrasound.trouble import PictureTrouble

MOST_BOUND_MS = 1000.0
HEARTBEAT_STALE = dt.timedelta(seconds=10)
"""Figures older than this are not shown."""


class StationLine:
    """One socket of a station."""

    def __init__(self, account: Account, outbox: Outbox, allowance: Allowance, notes: Allowance) -> None:
        self.account = account
        self.outbox = outbox
        self.allowance = allowance
        self.notes = notes  # lines of the log it may cause
        self.closed = False

    def send(self, message: Message) -> None:
        """Send a message."""
        if not self.closed:
            self.outbox.put(message)

    def send_packet(self, packet: bytes) -> None:
        """Send an E1 packet."""
        if not self.closed:
            self.outbox.put_bytes(packet)

    def refuse(self, refusal: Refusal) -> None:
        """Refuse a message."""
        self.send(s.StationRefused(code=refusal.value, sentence=sentence(refusal, Language.EN)))

    def close(self, code: str) -> None:
        """Close the socket; what still arrives on it is ignored."""
        if not self.closed:
            self.closed = True
            self.outbox.close(code)


class Station:
    """A station as the desk knows it, connected or not."""

    def __init__(self) -> None:
        self.changing = asyncio.Lock()  # its bindings begin and end one after the other
        self.line: StationLine | None = None
        self.live: StationLive = NEVER_SEEN
        self.binding: Binding | None = None  # the running one
        self.streams: dict[int, Binding] = {}  # by ECG stream id, ended ones as well
        self.clock: ClockReading | None = None  # None until it was told on this line
        self.owed_haves: dict[int, int] = {}  # by stream id: of ended bindings, held back until then
        self.scanner: ScannerOffer | None = None  # what of it can be turned, told on this line
        self.figures: s.StationFigures | None = None
        self.figures_at: dt.datetime | None = None

    def connects(self, line: StationLine) -> None:
        """A new line of it: perhaps it was started anew, and has read its clock anew."""
        self.line, self.clock, self.scanner = line, None, None
        self.owed_haves.clear()

    def send(self, message: Message) -> None:
        """Send a message when it is connected."""
        if self.line is not None:
            self.line.send(message)

    def says(self, message: s.StationHello | s.StationDevices, now: dt.datetime) -> None:
        """Take in what a station says of its devices."""
        self.live = msgspec.structs.replace(
            self.live,
            connected=True,
            last_seen_at=now,
            ultrasound=message.ultrasound,
            ecg=message.ecg,
            device_error=message.device_error[:200],
            picture_troubles=message.picture_troubles[: len(PictureTrouble)],
            picture_offset_bound_ms=_bound(message.picture_offset_bound_ms),
        )
        if isinstance(message, s.StationHello):
            self.live = msgspec.structs.replace(
                self.live,
                simulated=message.simulated,
                bearer=message.bearer[:20],
                one_clock=message.one_clock,
            )

    def lost(self, now: dt.datetime) -> None:
        """Its line is lost."""
        self.line = self.scanner = None
        self.live = msgspec.structs.replace(self.live, connected=False, last_seen_at=now)

    def runs(self, binding: Binding) -> None:
        """A binding of it runs now."""
        if self.binding is None or self.binding.id != binding.id:
            self.scanner = None
        self.binding = binding
        self.streams[binding.ecg_stream_id] = binding
        self.figures = self.figures_at = None
        another = self.live.bound_consult_id != binding.consult_id
        self.live = msgspec.structs.replace(
            self.live,
            bound_consult_id=binding.consult_id,
            exam_preset=None if another else self.live.exam_preset,
        )

    def stopped(self, binding: Binding) -> None:
        """A binding of it has ended; its samples are still taken."""
        self.streams[binding.ecg_stream_id] = binding
        if self.binding is not None and self.binding.id == binding.id:
            self.binding = self.scanner = None
            self.figures = self.figures_at = None
            self.live = msgspec.structs.replace(self.live, bound_consult_id=None, exam_preset=None)

    def examines(self, preset: ExamPreset | None) -> None:
        """This was chosen for the running binding."""
        self.live = msgspec.structs.replace(self.live, exam_preset=preset)

    def marked(self, binding: Binding) -> None:
        """A binding of it is changed in what the records say; whether it runs is not."""
        self.streams[binding.ecg_stream_id] = binding
        if self.binding is not None and self.binding.id == binding.id:
            self.binding = binding

    def fresh_figures(self, now: dt.datetime) -> s.StationFigures | None:
        """What it measures of itself, unless that is old."""
        if self.figures_at is None or now - self.figures_at > HEARTBEAT_STALE:
            return None
        return self.figures


def _bound(said_ms: float | None) -> float | None:
    """A bound that could be one; None for any other."""
    return said_ms if said_ms is not None and 0 <= said_ms <= MOST_BOUND_MS else None


class Stations:
    """All stations that were seen or bound."""

    def __init__(self) -> None:
        self._by_id: dict[AccountId, Station] = {}

    def __getitem__(self, account_id: AccountId) -> Station:
        return self._by_id.setdefault(account_id, Station())

    def find(self, account_id: AccountId) -> Station | None:
        """A station that was seen or bound; None for anybody else."""
        return self._by_id.get(account_id)

    def __iter__(self) -> Iterator[Station]:
        return iter(list(self._by_id.values()))

    def live(self) -> Mapping[AccountId, StationLive]:
        """What every station says of itself."""
        return {account_id: station.live for account_id, station in list(self._by_id.items())}

    def of_binding(self, binding: Binding) -> Station:
        """The station a binding is of."""
        return self[binding.station_id]
