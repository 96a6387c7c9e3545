"""Clients: a tab is a page load, a line is one socket of it. A tab outlives a dropped line for a while."""

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator

import msgspec

from records.accounts import Account, Language
from records.ids import AccountId, BindingId, ConsultId, SessionId
from signaling import messages as m
from signaling.ports import Outbox
from signaling.refusals import Refusal, sentence
from signaling.settings import DeskSettings

EVENTS_KEPT = 500
"""Events of one tab that can be resumed from."""

NOTES_PER_S, NOTES_BURST = 0.1, 5
"""Lines of the log that one socket's unreadable messages may cause."""


class Allowance:
    """A token bucket: so many messages a second, with a burst."""

    def __init__(self, per_s: float, burst: int, now: dt.datetime) -> None:
        self._per_s = per_s
        self._burst = float(burst)
        self._left = float(burst)
        self._at = now

    def take(self, now: dt.datetime) -> bool:
        """Take one; False when there is none left."""
        passed_s = max(0.0, (now - self._at).total_seconds())
        self._at = now
        self._left = min(self._burst, self._left + passed_s * self._per_s)
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


def message_allowance(settings: DeskSettings, now: dt.datetime) -> Allowance:
    """How many messages one socket may send."""
    return Allowance(settings.messages_per_s, settings.messages_burst, now)


def note_allowance(now: dt.datetime) -> Allowance:
    """How often one socket may cause a line of the log: whoever floods it floods no disk."""
    return Allowance(NOTES_PER_S, NOTES_BURST, now)


class Tab:
    """One page load of one account: its events, what it has seen, and its line while it has one."""

    def __init__(self, client_id: str, account: Account, session_id: SessionId) -> None:
        self.client_id = client_id
        self.account = account
        self.session_id = session_id
        self.seq = 0
        self.line: Line | None = None
        self.arriving = False  # its snapshot is being read
        self.lost_at: dt.datetime | None = None
        self.seen: dict[ConsultId, m.ConsultCard] = {}
        self.live_bindings: dict[BindingId, ConsultId] = {}  # whose new samples it is sent
        self.read_bindings: set[BindingId] = set()  # whose stored samples it was given
        self.watches_dashboard = False
        self._events: deque[m.Event] = deque(maxlen=EVENTS_KEPT)

    @property
    def connected(self) -> bool:
        """Whether it has a line at the moment."""
        return self.line is not None or self.arriving

    def put(self, event: m.Event) -> None:
        """Number an event, keep it, and send it when there is a line."""
        self.seq += 1
        numbered = msgspec.structs.replace(event, seq=self.seq)
        self._events.append(numbered)
        self.send(numbered)

    def send(self, message: m.Message) -> None:
        """Send a message that is only of use now."""
        if self.line is not None:
            self.line.outbox.put(message)

    def send_packet(self, packet: bytes) -> None:
        """Send a binary message that is only of use now."""
        if self.line is not None:
            self.line.outbox.put_bytes(packet)

    def missed(self, after: int | None) -> tuple[m.Event, ...] | None:
        """The events after a number, or None when they are not all kept."""
        if after is None or not self.seq - len(self._events) <= after <= self.seq:
            return None
        return tuple(event for event in self._events if event.seq > after)


class Line:
    """One socket of a client."""

    def __init__(
        self,
        account: Account,
        session_id: SessionId,
        outbox: Outbox,
        language: Language,
        allowance: Allowance,
        pointer_allowance: Allowance,
        notes: Allowance,
    ) -> None:
        self.account = account
        self.session_id = session_id
        self.outbox = outbox
        self.language = language
        self.allowance = allowance
        self.pointer_allowance = pointer_allowance  # beyond it, positions are dropped without a word
        self.notes = notes  # lines of the log it may cause
        self.tab: Tab | None = None  # None: never let in, or closed

    def refuse(self, refusal: Refusal, re: str = "") -> None:
        """Answer with a refusal in the client's language."""
        self.outbox.put(m.Refused(re=re, code=refusal.value, sentence=sentence(refusal, self.language)))

    def close(self, code: str) -> None:
        """Close the socket; what still arrives on it is ignored."""
        self.tab = None
        self.outbox.close(code)


class Tabs:
    """All tabs, connected or lately lost."""

    def __init__(self) -> None:
        self._by_client: dict[str, Tab] = {}

    def __iter__(self) -> Iterator[Tab]:
        return iter(list(self._by_client.values()))

    def find(self, client_id: str) -> Tab | None:
        """The tab of a page load."""
        return self._by_client.get(client_id)

    def add(self, tab: Tab) -> None:
        """Keep a new tab."""
        self._by_client[tab.client_id] = tab

    def forget(self, tab: Tab) -> None:
        """Drop a tab and all its events."""
        if self._by_client.get(tab.client_id) is tab:
            del self._by_client[tab.client_id]

    def of_account(self, account_id: AccountId) -> list[Tab]:
        """All tabs of one account."""
        return [tab for tab in self if tab.account.id == account_id]

    def to_give_way(self, account_id: AccountId, sits: Callable[[Tab], bool]) -> Tab | None:
        """The tab of an account that can be done without: one without a line, or else the one opened first.

        Never one that sits in a room or is just being let in; None when there are only such.
        """
        free = [tab for tab in self.of_account(account_id) if not tab.arriving and not sits(tab)]
        lost = [tab for tab in free if tab.line is None]
        return next(iter(lost or free), None)

    def of_session(self, session_id: SessionId) -> list[Tab]:
        """All tabs of one signed-in browser."""
        return [tab for tab in self if tab.session_id == session_id]

    def connected_accounts(self) -> frozenset[AccountId]:
        """Everyone with a line at the moment."""
        return frozenset(tab.account.id for tab in self if tab.connected)

    def lost_before(self, at: dt.datetime) -> list[Tab]:
        """Tabs whose line was lost at or before a moment."""
        return [tab for tab in self if tab.lost_at is not None and tab.lost_at <= at]
