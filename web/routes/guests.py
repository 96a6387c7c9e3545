"""Who can be invited to a consult as a guest.

GET  /api/guests   -> GuestList    interpreters and observers; the invitation itself goes over the socket
"""

from records.values import Value
from signaling.messages import GuestCard


class GuestList(Value):
    """Everybody who can be invited, interpreters first."""

    guests: tuple[GuestCard, ...]
