"""The checklists of a consult as everyone is shown them."""

from records.checklists import ChecklistEntry, opened, standing
from records.consults import Consult
from records.errors import NotFound
from records.ids import KeptStillId
from records.ledger import Ledger
from records.ultrasound_stills import UltrasoundStill
from records.view_protocols import PROTOCOLS
from signaling.messages.checklists import ChecklistCard, ViewTick
from signaling.shared_reads import SharedReads


def checklists_of(ledger: Ledger, consult: Consult, shared: SharedReads) -> tuple[ChecklistCard, ...]:
    """Every opened protocol with what stands of its views, in the protocol's order."""
    return tuple(
        ChecklistCard(
            protocol=protocol,
            ticks=tuple(
                _tick(ledger, consult, tick, view.code, shared)
                for view in PROTOCOLS[protocol].views
                if (tick := standing(consult.checklists, protocol).get(view.code)) is not None
            ),
        )
        for protocol in opened(consult.checklists)
    )


def _tick(
    ledger: Ledger, consult: Consult, entry: ChecklistEntry, view: str, shared: SharedReads
) -> ViewTick:
    still = shown_still(ledger, consult, entry.still_id) if entry.still_id is not None else None
    return ViewTick(
        view=view,
        state=entry.state,
        by_name=shared.person(entry.by).display_name,
        at=entry.at,
        still_id=still.id if still is not None else None,
        still_number=still.number if still is not None else "",
    )


def shown_still(ledger: Ledger, consult: Consult, still_id: KeptStillId) -> UltrasoundStill | None:
    """The kept still of a consult; None: there is none, or it turned out to be another resident's."""
    try:
        still = ledger.ultrasound_stills.get(still_id)
    except NotFound:
        return None
    own = still.consult_id == consult.id and still.resident_id == consult.resident_id
    return still if own else None
