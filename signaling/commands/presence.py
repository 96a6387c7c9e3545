"""What a specialist says of herself: it stands until she says otherwise, also over a restart."""

import msgspec

from records.audit import Action
from signaling import messages as m
from signaling.commands.case import Case, Decided, PresenceSaid


def set_presence(case: Case, command: m.SetPresence) -> Decided:
    """Keep whether she can be rung; who was rung and who was not can be told from the audit trail."""
    case.ledger.accounts.save(msgspec.structs.replace(case.actor, presence=command.presence))
    case.audit(Action.CHANGE, "presence", case.actor.id)
    return Decided(effects=(PresenceSaid(account_id=case.actor.id, presence=command.presence),))
