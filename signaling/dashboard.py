"""The administrator's dashboard: read from the records and from what is measured at this moment."""

import datetime as dt
from collections.abc import Iterable, Mapping

from records.consults import Binding, Consult, ConsultState
from records.ids import AccountId, ConsultId
from records.ledger import Ledger
from records.rooms import MediaKind
from signaling import cards, figures
from signaling import messages as m
from signaling.cards import Around
from signaling.figures import Measured, Seen, ServerFacts
from signaling.parts import Parts
from signaling.ports import MediaUnavailable, PeerMeasured
from signaling.rooms import Room, Seat, participant_of
from signaling.scopes import STAFF_OF_THE_ASKER
from signaling.station_lines import Station

Peers = Mapping[str, PeerMeasured]
"""By participant: every consult has participants of its own."""

EVERY = dt.timedelta(seconds=2)


class DashboardDesk:
    """Figures for those who watch, and the curves behind them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.server_facts = ServerFacts()
        self._last_at: dt.datetime | None = None

    async def tick(self, now: dt.datetime) -> None:
        """Every 2 s: one point on the curves, and the figures to everyone who watches."""
        if self._last_at is not None and now - self._last_at < EVERY:
            return
        self._last_at = now
        watching = [tab for tab in self._parts.tabs if tab.watches_dashboard and tab.connected]
        if not watching and not self._parts.rooms.rooms:
            return
        dashboard = await self.read()
        self._parts.curves.add(now, dashboard.live)
        for tab in watching:
            tab.send(m.DashboardFigures(dashboard=dashboard))

    async def read(self) -> m.Dashboard:
        """The dashboard at this moment."""
        around = self._parts.around()
        running = await self._parts.records.read(_read_running)
        peers = await self._peers()
        measured = {consult.id: self._measured(consult, binding, peers) for consult, binding in running}
        facts = self.server_facts
        return await self._parts.records.read(lambda ledger: _read(ledger, measured, around, facts))

    async def _peers(self) -> Peers | None:
        """None: no media worker answers, so of nobody it is known whether media flow."""
        try:
            measured = await self._parts.media.measured()
        except MediaUnavailable:
            return None
        return {one.participant_id: one for one in measured}

    def _measured(self, consult: Consult, binding: Binding | None, peers: Peers | None) -> Measured:
        now = self._parts.clock()
        station = self._parts.stations.of_binding(binding) if binding else None
        room = self._parts.rooms.rooms.get(consult.id)
        people = room.people() if room else []
        counted = peers or {}
        return Measured(
            of_specialist=self._seen(consult, consult.specialist_id, counted, now),
            of_asker=self._of_asker(consult, counted, now),
            everyone=tuple(self._seen(consult, one.person.id, counted, now) for one in people),
            station=station.fresh_figures(now) if station else None,
            station_peer=_peer(consult, binding.station_id, counted) if binding else None,
            station_bound=binding is not None,
            given_up=room.given_up() if room else (),
            station_away=binding is not None and _is_away(room, binding.station_id, station, peers),
            device_failed=station is not None and _fails(station, by_others=_pictured_by_others(room)),
            participant_away=_somebody_away(consult, room, people, peers),
        )

    def _seen(self, consult: Consult, account_id: AccountId | None, peers: Peers, now: dt.datetime) -> Seen:
        if account_id is None:
            return Seen()
        report = self._parts.reports.of(consult.id, account_id, now)
        room = self._parts.rooms.rooms.get(consult.id)
        seat = room.seats.get(account_id) if room else None
        sees = seat is None or MediaKind.ULTRASOUND in seat.grants.receive
        return Seen(report=report, peer=_peer(consult, account_id, peers), sees_devices=sees)

    def _of_asker(self, consult: Consult, peers: Peers, now: dt.datetime) -> Seen:
        room = self._parts.rooms.rooms.get(consult.id)
        staff = [
            account_id
            for account_id, seat in (room.seats.items() if room else ())
            if seat.person.role in STAFF_OF_THE_ASKER
        ]
        seen = (self._seen(consult, one, peers, now) for one in (consult.asked_by, *staff))
        return next((one for one in seen if one.known), Seen())


def _is_away(room: Room | None, account_id: AccountId, station: Station | None, peers: Peers | None) -> bool:
    seat = room.seats.get(account_id) if room else None
    return station is None or station.line is None or seat is None or _carries_nothing(seat, peers)


def _somebody_away(consult: Consult, room: Room | None, people: Iterable[Seat], peers: Peers | None) -> bool:
    """During the call both sides are to be there, and nobody may be on the way back."""
    if consult.state is not ConsultState.IN_CALL:
        return False
    missing = room is None or not room.both_sides_present()
    return missing or any(_carries_nothing(seat, peers) for seat in people)


def _carries_nothing(seat: Seat, peers: Peers | None) -> bool:
    """Its socket or its media are gone. While no media worker answers, only the socket tells."""
    return not seat.connected or (peers is not None and seat.participant_id not in peers)


def _fails(station: Station, *, by_others: bool) -> bool:
    devices = {station.live.ecg} | (set() if by_others else {station.live.ultrasound})
    return bool(devices & {m.DeviceState.MISSING, m.DeviceState.FAILED})


def _pictured_by_others(room: Room | None) -> bool:
    return room is not None and room.ultrasound_elsewhere()


def _peer(consult: Consult, account_id: AccountId, peers: Peers) -> PeerMeasured | None:
    return peers.get(participant_of(consult.id, account_id))


def _read_running(ledger: Ledger) -> tuple[tuple[Consult, Binding | None], ...]:
    running = figures.live_consults(ledger.consults.open())
    return tuple((one, ledger.bindings.running_of_consult(one.id)) for one in running)


def _read(
    ledger: Ledger, measured: dict[ConsultId, Measured], around: Around, facts: ServerFacts
) -> m.Dashboard:
    open_consults = ledger.consults.open()
    live = [one for one in figures.live_consults(open_consults) if one.id in measured]
    return m.Dashboard(
        live=tuple(
            figures.live_figures(ledger, one, measured[one.id], _station_name(ledger, one)) for one in live
        ),
        queues=figures.queue_figures(ledger, open_consults, around),
        stations=cards.read_stations(ledger, around.live),
        today=figures.today_figures(figures.read_asked_today(ledger, around.now)),
        audit_chain_ok=facts.audit_chain_ok,
        certificate_days_left=facts.certificate_days_left,
        emergency_accesses_to_review=figures.to_review(ledger),
        media_workers_ready=facts.media_workers_ready,
        media_workers_total=facts.media_workers_total,
        opinions_due=figures.opinions_due(ledger, open_consults),
        ecg_reading=figures.ecg_reading(ledger, around),
    )


def _station_name(ledger: Ledger, consult: Consult) -> str:
    binding = ledger.bindings.running_of_consult(consult.id)
    return ledger.accounts.get(binding.station_id).display_name if binding else ""
