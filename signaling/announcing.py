"""Tells every client what it may see, when it changes: read once, sent to each as far as it is theirs."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

import msgspec

from records.accounts import Account, Role
from records.consults import ChatLine, Consult, ConsultState
from records.ids import AccountId, ConsultId
from records.ledger import Ledger, Records
from records.permissions import Permission, may
from records.scope import OVER
from records.values import Value
from signaling import cards, scopes
from signaling import messages as m
from signaling.cards import Around
from signaling.shared_reads import SharedReads
from signaling.sightings import Sightings
from signaling.tabs import Tab, Tabs

WAIT_STEP_S = 30
"""An expected wait that has changed by less than this is not told anew."""


class Shown(Value):
    """A consult as it stands, and whom it rings."""

    consult: Consult
    card: m.ConsultCard
    rings: frozenset[AccountId]

    def card_for(self, account: Account) -> m.ConsultCard:
        """The card as this account sees it."""
        card = msgspec.structs.replace(self.card, rings_me=account.id in self.rings)
        return cards.for_viewer(card, account)


class Announcer:
    """Sends events. One at a time, so that what is read later is sent later."""

    def __init__(self, records: Records, tabs: Tabs, around: Callable[[], Around]) -> None:
        self._records = records
        self._tabs = tabs
        self._around = around
        self.witness: Callable[[ConsultId, m.Message], None] = _nobody
        """Told what a consult's room is told of the station that is bound to it."""
        self._sightings = Sightings(records)
        self._one_at_a_time = asyncio.Lock()
        self._specialists: dict[AccountId, m.SpecialistCard] = {}
        self.waiting: dict[ConsultId, Shown] = {}

    # --- consults ---------------------------------------------------------------------------------------

    async def consults_moved(self, *consult_ids: ConsultId) -> None:
        """Tell of these consults, and of every one that waits in the same queues."""
        if not consult_ids:
            return
        async with self._one_at_a_time:
            around, known = self._around(), dict(self.waiting)
            shown = await self._records.read(lambda ledger: _read_moved(ledger, consult_ids, around, known))
            await self._show(shown, around)

    async def queues_moved(self, specialties: Iterable[str]) -> None:
        """Tell of every consult that waits in some queues: whom they ring has changed."""
        of = frozenset(specialties)
        async with self._one_at_a_time:
            around, known = self._around(), dict(self.waiting)
            shown = await self._records.read(lambda ledger: _read_waiting(ledger, of, around, known))
            await self._show(shown, around)

    async def _show(self, shown: tuple[Shown, ...], around: Around) -> None:
        await self._sightings.note(self._viewers(shown), around.now)
        for one in shown:
            if one.consult.state is ConsultState.WAITING:
                self.waiting[one.consult.id] = one
            else:
                self.waiting.pop(one.consult.id, None)
            for tab in self._tabs:
                _show_to(tab, one)

    def _viewers(self, shown: tuple[Shown, ...]) -> list[tuple[Account, Consult]]:
        return [
            (tab.account, one.consult)
            for one in shown
            for tab in self._tabs
            if scopes.may_see(tab.account, one.consult)
        ]

    # --- everything, to one ------------------------------------------------------------------------------

    async def welcome(self, tab: Tab, greet: Callable[[m.Snapshot], None]) -> None:
        """Read the snapshot of one tab and hand it out, with no event between the two."""
        async with self._one_at_a_time:
            around, account = self._around(), tab.account
            shown, snapshot = await self._records.read(lambda ledger: _read_snapshot(ledger, account, around))
            await self._sightings.note(((account, one.consult) for one in shown), around.now)
            tab.seen = {one.id: one for one in snapshot.consults}
            for one in shown:
                if one.consult.state is ConsultState.WAITING:
                    self.waiting[one.consult.id] = one
            greet(snapshot)

    # --- others -----------------------------------------------------------------------------------------

    async def specialist_moved(self, account_id: AccountId) -> None:
        """Tell of a specialist's presence, connection or call, and whom the queues ring now."""
        async with self._one_at_a_time:
            around = self._around()
            card = await self._records.read(lambda ledger: _read_specialist(ledger, account_id, around))
            if card is None or self._specialists.get(account_id) == card:
                return
            self._specialists[account_id] = card
            for tab in self._tabs:
                if tab.account.role in scopes.STAFF_OF_THE_ASKER or tab.account.role is Role.SPECIALIST:
                    tab.put(m.SpecialistChanged(specialist=card))
        await self.queues_moved(card.specialties)

    async def station_moved(self, account_id: AccountId) -> None:
        """Tell of a station: to its institution, and to the consult it is bound to."""
        async with self._one_at_a_time:
            around = self._around()
            card = await self._records.read(
                lambda ledger: cards.read_station(ledger, account_id, around.live)
            )
            for tab in self._tabs:
                if _sees_station(tab, card):
                    tab.put(m.StationChanged(station=card))
        if card.bound_consult_id is not None:
            self.witness(card.bound_consult_id, m.StationChanged(station=card))
            await self.consults_moved(card.bound_consult_id)

    async def chat_grew(self, line: ChatLine) -> None:
        """Send a line to everyone who sees the consult."""
        await self.to_viewers(line.consult_id, m.ChatSaid(line=line))

    async def reading_taken(self, taken: m.ReadingTaken) -> None:
        """Send a reading to everyone who may see what devices measure."""
        await self.to_viewers(taken.consult_id, taken, scopes.may_see_devices)

    async def to_viewers(
        self,
        consult_id: ConsultId,
        event: m.Event,
        sees: Callable[[Account, Consult], bool] = scopes.may_see,
    ) -> None:
        """Send an event to everyone who sees a consult."""
        async with self._one_at_a_time:
            consult = await self._records.read(lambda ledger: ledger.consults.get(consult_id))
            for tab in self._tabs:
                if sees(tab.account, consult):
                    tab.put(event)

    async def to_those(self, event: m.Event, sees: Callable[[Account], bool]) -> None:
        """Send an event that names nobody to everyone it concerns."""
        async with self._one_at_a_time:
            for tab in self._tabs:
                if sees(tab.account):
                    tab.put(event)


def _nobody(consult_id: ConsultId, message: m.Message) -> None:
    """No tape takes it down."""


def _show_to(tab: Tab, shown: Shown) -> None:
    consult_id = shown.consult.id
    if scopes.may_see(tab.account, shown.consult):
        card = shown.card_for(tab.account)
        if not _says_the_same(tab.seen.get(consult_id), card):
            tab.seen[consult_id] = card
            tab.put(m.ConsultChanged(consult=card))
    elif tab.seen.pop(consult_id, None) is not None:
        tab.live_bindings = {one: of for one, of in tab.live_bindings.items() if of != consult_id}
        tab.put(m.ConsultGone(consult_id=consult_id, why=_why_gone(shown.consult)))


def _why_gone(consult: Consult) -> m.GoneWhy:
    if consult.state is ConsultState.CANCELLED:
        return m.GoneWhy.CANCELLED
    return m.GoneWhy.MOVED if consult.specialist_id is None else m.GoneWhy.TAKEN


def _says_the_same(before: m.ConsultCard | None, after: m.ConsultCard) -> bool:
    """An expected wait shrinks by itself: forty tabs need not hear of it each time one queue moves."""
    if before is None or before.expected_wait_s is None or after.expected_wait_s is None:
        return before == after
    if abs(before.expected_wait_s - after.expected_wait_s) >= WAIT_STEP_S:
        return False
    return before == msgspec.structs.replace(after, expected_wait_s=before.expected_wait_s)


def _sees_station(tab: Tab, card: m.StationCard) -> bool:
    if tab.account.role in scopes.STAFF_OF_THE_ASKER:
        return tab.account.institution_id == card.institution_id
    if not may(tab.account.role, Permission.SEE_DEVICES):
        return False
    return card.bound_consult_id is not None and card.bound_consult_id in tab.seen


def _shown(
    ledger: Ledger, consults: Iterable[Consult], around: Around, known: Mapping[ConsultId, Shown]
) -> tuple[Shown, ...]:
    """Consults as they stand; one that was shown before and waits on unchanged is not read wholly anew."""
    queues, shared = cards.read_board(ledger, around.now), SharedReads(ledger, around.live)

    def card(consult: Consult) -> m.ConsultCard:
        before = known.get(consult.id)
        if before is None or before.consult != consult:
            return cards.plain_card(ledger, consult, around, queues, shared)
        return cards.card_again(ledger, consult, before.card, around, queues, shared)

    return tuple(
        Shown(consult=one, card=card(one), rings=cards.rung_now(one, around.live, shared)) for one in consults
    )


def _read_moved(
    ledger: Ledger, consult_ids: Iterable[ConsultId], around: Around, known: Mapping[ConsultId, Shown]
) -> tuple[Shown, ...]:
    moved = {consult_id: ledger.consults.get(consult_id) for consult_id in consult_ids}
    others = {consult_id: one for consult_id, one in known.items() if consult_id not in moved}
    specialties = {consult.specialty for consult in moved.values()}
    for consult in ledger.consults.open():
        if consult.state is ConsultState.WAITING and consult.specialty in specialties:
            moved.setdefault(consult.id, consult)
    return _shown(ledger, moved.values(), around, others)


def _read_waiting(
    ledger: Ledger, specialties: frozenset[str], around: Around, known: Mapping[ConsultId, Shown]
) -> tuple[Shown, ...]:
    waiting = (
        consult
        for consult in ledger.consults.open()
        if consult.state is ConsultState.WAITING and consult.specialty in specialties
    )
    return _shown(ledger, waiting, around, known)


def _read_specialist(ledger: Ledger, account_id: AccountId, around: Around) -> m.SpecialistCard | None:
    account = ledger.accounts.get(account_id)
    if account.role is not Role.SPECIALIST:
        return None
    return around.live.specialist_card(account, ledger.directory.institution(account.institution_id))


def _read_snapshot(ledger: Ledger, account: Account, around: Around) -> tuple[tuple[Shown, ...], m.Snapshot]:
    mine = [one for one in ledger.consults.open() if one.state not in OVER and scopes.may_see(account, one)]
    shown = _shown(ledger, mine, around, {})
    sees_people = may(account.role, Permission.SEE_RESIDENTS)
    is_specialist = account.role is Role.SPECIALIST
    snapshot = m.Snapshot(
        consults=tuple(one.card_for(account) for one in shown),
        specialists=cards.read_specialists(ledger, around.live) if sees_people else (),
        stations=_stations_for(ledger, account, around),
        rooms=(),  # filled in at the moment it is handed out
        presence=around.live.presence_of(account.id) if is_specialist else None,
        unread_chat={one.id: _unread(ledger, account, one) for one in mine},
    )
    return shown, snapshot


def _stations_for(ledger: Ledger, account: Account, around: Around) -> tuple[m.StationCard, ...]:
    if account.role not in scopes.STAFF_OF_THE_ASKER and account.role is not Role.ADMINISTRATOR:
        return ()
    every = cards.read_stations(ledger, around.live)
    if account.role is Role.ADMINISTRATOR:
        return every
    return tuple(one for one in every if one.institution_id == account.institution_id)


def _unread(ledger: Ledger, account: Account, consult: Consult) -> int:
    """Lines by others since one's own last line: whoever answered has read."""
    count = 0
    for line in reversed(ledger.consults.chat(consult.id)):
        if line.author_id == account.id:
            break
        count += 1
    return count
