"""Protocol checklists: the same list of views before both sides."""

import datetime as dt

from records.checklists import ViewState
from records.ids import ConsultId
from records.values import Value
from records.view_protocols import ViewProtocol
from signaling.messages.base import Command


class OpenChecklist(Command):
    """Put a protocol's views before both sides. Everyone who sees the consult is told by `ConsultChanged`."""

    consult_id: ConsultId
    protocol: ViewProtocol


class TickView(Command):
    """Say how one view of an opened protocol was obtained; `open` takes that back.

    The last one stands, and every one is kept.
    """

    consult_id: ConsultId
    protocol: ViewProtocol
    view: str
    state: ViewState
    still_id: str | None = None  # the kept still that shows it; 8 to 64 characters


class ViewTick(Value):
    """How one view was obtained."""

    view: str
    state: ViewState
    by_name: str
    at: dt.datetime
    still_id: str | None


class ChecklistCard(Value):
    """One opened protocol; views without a tick are open."""

    protocol: ViewProtocol
    ticks: tuple[ViewTick, ...]
