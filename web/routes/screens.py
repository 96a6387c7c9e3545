"""Links for teaching screens.

GET    /api/consults/{consult_id}/screens        -> ScreenLinks
POST   /api/consults/{consult_id}/screens        LetScreenIn -> ScreenLinkMade
DELETE /api/consults/{consult_id}/screens/{id}   -> 204
"""

import datetime as dt

from records.values import Value
from signaling.messages import PersonCard


class LetScreenIn(Value):
    """Make a link; a person says that the resident was asked."""

    resident_agreed: bool


class ScreenLinkMade(Value):
    """A link by which one teaching screen may watch one consult; the token is shown this once."""

    id: str  # also of the participant the screen will be
    path: str  # where it offers, by WHEP
    token: str
    expires_at: dt.datetime  # so long it may connect; the end of the consult ends it anyway


class ScreenLinkGiven(Value):
    """A link that was made and not taken back, without its token."""

    id: str
    opened_by: PersonCard
    expires_at: dt.datetime  # so long a screen may connect by it
    watching: bool  # a screen is in the room by it


class ScreenLinks(Value):
    """The links of a consult by which a screen watches or may still come, the oldest first."""

    links: tuple[ScreenLinkGiven, ...]
