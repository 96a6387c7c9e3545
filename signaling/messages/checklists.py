"""Protocol checklists: the same list of views before both sides."""

import datetime as dt

from records.checklists import ViewState
from records.ids import ConsultId, KeptStillId
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
    still_id: KeptStillId | None = None  # the kept still of this consult that shows it


class ViewTick(Value):
    """How one view was obtained."""

    view: str
    state: ViewState
    by_name: str
    at: dt.datetime
    still_id: KeptStillId | None  # none either once it turned out to be another resident's
    still_number: str  # "" without one


class ChecklistCard(Value):
    """One opened protocol; views without a tick are open."""

    protocol: ViewProtocol
    ticks: tuple[ViewTick, ...]
