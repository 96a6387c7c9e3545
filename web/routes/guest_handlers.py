"""Handlers of `web.routes.guests`."""

from records.permissions import Permission, Scope
from web.call import Call
from web.routes.guests import GuestList
from web.routing import RouteTable

table = RouteTable()


@table.route("GET", "/api/guests", permission=Permission.INVITE_GUEST, scope=Scope.NONE)
async def list_guests(call: Call[None]) -> GuestList:
    """Interpreters and observers, and who of them is here."""
    guests = await call.parts.records.read(call.parts.desk.guest_cards)
    return GuestList(guests=guests)
