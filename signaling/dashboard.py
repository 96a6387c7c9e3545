"""The administrator's dashboard: read from the records and from what is measured at this moment."""

import datetime as dt

from records.consults import Binding, Consult
from records.ids import ConsultId
from records.ledger import Ledger
from signaling import cards, figures
from signaling import messages as m
from signaling.cards import Around
from signaling.figures import Measured, ServerFacts
from signaling.parts import Parts
from signaling.scopes import STAFF_OF_THE_ASKER

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
        measured = {consult.id: self._measured(consult, binding) for consult, binding in running}
        facts = self.server_facts
        return await self._parts.records.read(lambda ledger: _read(ledger, measured, around, facts))

    def _measured(self, consult: Consult, binding: Binding | None) -> Measured:
        now, reports = self._parts.clock(), self._parts.reports
        station = self._parts.stations.of_binding(binding) if binding else None
        return Measured(
            of_specialist=reports.of(consult.id, consult.specialist_id, now),
            of_asker=self._of_asker(consult, now),
            station=station.fresh_figures(now) if station else None,
            station_bound=binding is not None,
        )

    def _of_asker(self, consult: Consult, now: dt.datetime) -> m.ReportQuality | None:
        room = self._parts.rooms.rooms.get(consult.id)
        staff = [
            account_id
            for account_id, seat in (room.seats.items() if room else ())
            if seat.person.role in STAFF_OF_THE_ASKER
        ]
        reports = (self._parts.reports.of(consult.id, one, now) for one in (consult.asked_by, *staff))
        return next((one for one in reports if one is not None), None)


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
        queues=figures.queue_figures(ledger, open_consults, around.live, around.now),
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
