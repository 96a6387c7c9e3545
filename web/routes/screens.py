"""Links for teaching screens.

POST   /api/consults/{consult_id}/screens        LetScreenIn -> ScreenLinkMade
DELETE /api/consults/{consult_id}/screens/{id}   -> 204
"""

import datetime as dt

from records.values import Value


class LetScreenIn(Value):
    """Make a link; a person says that the resident was asked."""

    resident_agreed: bool


class ScreenLinkMade(Value):
    """A link by which one teaching screen may watch one consult; the token is shown this once."""

    id: str  # also of the participant the screen will be
    path: str  # where it offers, by WHEP
    token: str
    expires_at: dt.datetime  # so long it may connect; the end of the consult ends it anyway
