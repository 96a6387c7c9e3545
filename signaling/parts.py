"""What the desk is made of, put together once."""

import datetime as dt
from collections.abc import Callable

from records.accounts import Presence
from records.ids import AccountId
from records.ledger import Records
from signaling.announcing import Announcer
from signaling.answering import Answering
from signaling.cards import Around
from signaling.clips import Clips
from signaling.doors import Doors
from signaling.ecg_excerpts import EcgExcerpts
from signaling.figures import Curves, Reports
from signaling.freezing import Freezing
from signaling.guiding import GuidingDesk
from signaling.live import Live
from signaling.messages import Message
from signaling.picture_marks import PictureMarks
from signaling.picture_scale import PictureScale
from signaling.ports import MediaPlane, NoRecorders, Samples, SpoilLine, TapeRecorders
from signaling.relays import NO_RELAYS, Relays
from signaling.room_acts import RoomActs
from signaling.room_keeping import RoomKeeping
from signaling.sample_flow import SampleFlow
from signaling.scanner_remote import ScannerRemote
from signaling.settings import DeskSettings
from signaling.station_lines import Stations
from signaling.stations_at_work import StationsAtWork
from signaling.tabs import Tabs
from signaling.tape_clock import monotonic_us
from signaling.taping import Taping


class Parts:
    """Everything the desk's pages of work share."""

    def __init__(
        self,
        records: Records,
        media: MediaPlane,
        samples: Samples,
        clock: Callable[[], dt.datetime],
        settings: DeskSettings,
        relays: Relays = NO_RELAYS,
        spoil_line: SpoilLine | None = None,
        recorders: TapeRecorders | None = None,
        monotonic: Callable[[], int] = monotonic_us,
    ) -> None:
        self.records = records
        self.media = media
        self.clock = clock
        self.settings = settings
        self.spoil_line = spoil_line
        self.presence: dict[AccountId, Presence] = {}
        self.tabs = Tabs()
        self.stations = Stations()
        self.reports = Reports()
        self.curves = Curves()
        self.answering = Answering(records, clock)
        self.rooms = RoomKeeping(media, clock, self._to_station, relays)
        self.acts = RoomActs(self.rooms)
        self.freezing = Freezing(self.rooms, self.stations, clock)
        self.scale = PictureScale(self.rooms, self.stations, self.freezing)
        self.marks = PictureMarks(self.rooms)
        self.clips = Clips(self.rooms, self.stations, clock)
        self.guiding = GuidingDesk(records, self.rooms)
        self.remote = ScannerRemote(records, self.rooms, self.stations, self.guiding, clock)
        self.taping = Taping(
            records, media, recorders or NoRecorders(), self.rooms, clock, settings.tape_kept, monotonic
        )
        self.announcer = Announcer(records, self.tabs, self.around)
        self.announcer.witness = self.taping.act
        self.flow = SampleFlow(records, samples, self.tabs, clock, settings.demo)
        self.at_work = StationsAtWork(
            records,
            self.stations,
            self.rooms,
            self.flow,
            self.freezing,
            self.scale,
            self.clips,
            self.remote,
            self.announcer,
            clock,
            settings.demo,
        )
        self.excerpts = EcgExcerpts(
            records,
            samples,
            self.flow.streams,
            self.flow.late,
            self.flow.growth,
            self.stations,
            clock,
            settings.ecg_delivery_s,
            self.acts.ecg_being_taken,
        )
        self.doors = Doors(records, media, self.stations, self.rooms, self.announcer, clock, relays)

    def live(self) -> Live:
        """Who is here, at this moment."""
        return Live(
            connected=self.tabs.connected_accounts(),
            in_call=self.rooms.in_call(),
            in_room=self.rooms.in_room(),
            presence=dict(self.presence),
            stations=self.doors.shown(self.stations.live()),
            speakers=self.rooms.speakers(),
            turnable=self.remote.turnable(),
        )

    def around(self) -> Around:
        """What a card needs beside the records."""
        return Around(live=self.live(), settings=self.settings, now=self.clock())

    def _to_station(self, account_id: AccountId, message: Message) -> None:
        self.stations[account_id].send(message)
