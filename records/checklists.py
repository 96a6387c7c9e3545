"""The checklists of a consult: protocols opened, views ticked, by whom, with which still.

Entries are only ever added: the last of a view stands, and what stood before stays on record.
"""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping

from records.ids import AccountId, KeptStillId
from records.values import Value
from records.view_protocols import ViewProtocol

MOST_ENTRIES = 400


class ViewState(enum.StrEnum):
    """How a view was obtained. It says nothing of what was found."""

    OPEN = "open"  # not yet, or taken back
    ADEQUATE = "adequate"
    LIMITED = "limited"
    NOT_OBTAINED = "not_obtained"


class ChecklistEntry(Value):
    """Somebody opened a protocol, or ticked one of its views."""

    protocol: ViewProtocol
    view: str | None  # None: the protocol was opened
    state: ViewState
    by: AccountId
    at: dt.datetime
    still_id: KeptStillId | None = None  # the kept still that shows it


def opened(entries: Iterable[ChecklistEntry]) -> tuple[ViewProtocol, ...]:
    """The protocols that were opened, the first first."""
    return tuple(dict.fromkeys(one.protocol for one in entries if one.view is None))


def standing(entries: Iterable[ChecklistEntry], protocol: ViewProtocol) -> Mapping[str, ChecklistEntry]:
    """What stands of each view of a protocol; one that is open does not."""
    last = {one.view: one for one in entries if one.protocol is protocol and one.view is not None}
    return {view: one for view, one in last.items() if one.state is not ViewState.OPEN}
