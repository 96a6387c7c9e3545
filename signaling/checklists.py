"""The checklists of a consult as everyone is shown them."""

from records.checklists import opened, standing
from records.consults import Consult
from records.view_protocols import PROTOCOLS
from signaling.messages.checklists import ChecklistCard, ViewTick
from signaling.shared_reads import SharedReads


def checklists_of(consult: Consult, shared: SharedReads) -> tuple[ChecklistCard, ...]:
    """Every opened protocol with what stands of its views, in the protocol's order."""
    return tuple(
        ChecklistCard(
            protocol=protocol,
            ticks=tuple(
                ViewTick(
                    view=view.code,
                    state=tick.state,
                    by_name=shared.person(tick.by).display_name,
                    at=tick.at,
                    still_id=tick.still_id,
                )
                for view in PROTOCOLS[protocol].views
                if (tick := standing(consult.checklists, protocol).get(view.code)) is not None
            ),
        )
        for protocol in opened(consult.checklists)
    )
