"""Links by which a teaching screen may watch one consult. Kept in memory: none outlives the server."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from records.ids import AccountId, ConsultId, new_id
from signaling.errors import Refused
from signaling.messages import PersonCard
from signaling.refusals import Refusal

LINK_LASTS = dt.timedelta(hours=1)
"""So long a screen may connect by a link; one that watches by then goes on."""

MOST_LINKS = 4
"""Links of one consult at a time: each screen is named to all, and the list must stay one that is read."""


@dataclass(frozen=True, slots=True)
class ScreenLink:
    """Lets one screen watch one consult: its id is the screen's participant."""

    id: str
    consult_id: ConsultId
    opened_by: PersonCard
    expires_at: dt.datetime
    token_hash: str


@dataclass(frozen=True, slots=True)
class GivenLink:
    """A link as those in the room see it: never its token."""

    link: ScreenLink
    watching: bool


class Screens:
    """The links that are good."""

    def __init__(self) -> None:
        self._links: dict[str, ScreenLink] = {}

    def make(self, consult_id: ConsultId, person: PersonCard, now: dt.datetime) -> tuple[ScreenLink, str]:
        """A new link and its token, which is known to nobody but who is given it."""
        self._links = {one.id: one for one in self._links.values() if one.expires_at > now}
        if len(self.of_consult(consult_id)) >= MOST_LINKS:
            raise Refused(Refusal.TOO_MANY_SCREENS)
        token = secrets.token_urlsafe(32)
        link = ScreenLink(new_id(), consult_id, person, now + LINK_LASTS, hash_of(token))
        self._links[link.id] = link
        return link, token

    def find(self, consult_id: ConsultId, token_hash: str, now: dt.datetime) -> ScreenLink | None:
        """The link a token is of, unless it has run out or is another consult's."""
        for link in self.of_consult(consult_id):
            if secrets.compare_digest(link.token_hash, token_hash):
                return link if now < link.expires_at else None
        return None

    def revoke(self, consult_id: ConsultId, link_id: str) -> bool:
        """Take a link back; tell whether there was one."""
        link = self._links.get(link_id)
        if link is None or link.consult_id != consult_id:
            return False
        del self._links[link_id]
        return True

    def of_consult(self, consult_id: ConsultId) -> list[ScreenLink]:
        """Every link of a consult."""
        return [one for one in self._links.values() if one.consult_id == consult_id]

    def forget_consult(self, consult_id: ConsultId) -> None:
        """The consult has ended: nobody watches it any more."""
        self._links = {one.id: one for one in self._links.values() if one.consult_id != consult_id}

    def forget_account(self, account_id: AccountId, consult_id: ConsultId | None = None) -> None:
        """Who opened them may be here no more: in one consult, or in any."""
        self._links = {
            one.id: one
            for one in self._links.values()
            if one.opened_by.id != account_id or consult_id not in (None, one.consult_id)
        }

    def all(self) -> list[ScreenLink]:
        """Every link, also those that have run out since the last was made."""
        return list(self._links.values())


def hash_of(token: str) -> str:
    """As what a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()
