"""The administrator's dashboard: read from the records and from what is measured at this moment."""

import datetime as dt
from collections.abc import Mapping

from records.consults import Binding, Consult
from records.ids import AccountId, ConsultId
from records.ledger import Ledger
from signaling import cards, figures
from signaling import messages as m
from signaling.cards import Around
from signaling.figures import Measured, Seen, ServerFacts
from signaling.parts import Parts
from signaling.ports import MediaUnavailable, PeerMeasured
from signaling.rooms import participant_of
from signaling.scopes import STAFF_OF_THE_ASKER

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

    async def _peers(self) -> Peers:
        try:
            measured = await self._parts.media.measured()
        except MediaUnavailable:
            return {}
        return {one.participant_id: one for one in measured}

    def _measured(self, consult: Consult, binding: Binding | None, peers: Peers) -> Measured:
        now = self._parts.clock()
        station = self._parts.stations.of_binding(binding) if binding else None
        room = self._parts.rooms.rooms.get(consult.id)
        return Measured(
            of_specialist=self._seen(consult, consult.specialist_id, peers, now),
            of_asker=self._of_asker(consult, peers, now),
            station=station.fresh_figures(now) if station else None,
            station_peer=_peer(consult, binding.station_id, peers) if binding else None,
            station_bound=binding is not None,
            given_up=room.given_up() if room else (),
        )

    def _seen(self, consult: Consult, account_id: AccountId | None, peers: Peers, now: dt.datetime) -> Seen:
        if account_id is None:
            return Seen()
        report = self._parts.reports.of(consult.id, account_id, now)
        return Seen(report=report, peer=_peer(consult, account_id, peers))

    def _of_asker(self, consult: Consult, peers: Peers, now: dt.datetime) -> Seen:
        room = self._parts.rooms.rooms.get(consult.id)
        staff = [
            account_id
            for account_id, seat in (room.seats.items() if room else ())
            if seat.person.role in STAFF_OF_THE_ASKER
        ]
        seen = (self._seen(consult, one, peers, now) for one in (consult.asked_by, *staff))
        return next((one for one in seen if one.known), Seen())


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
    )


def _station_name(ledger: Ledger, consult: Consult) -> str:
    binding = ledger.bindings.running_of_consult(consult.id)
    return ledger.accounts.get(binding.station_id).display_name if binding else ""
