"""The resident's identity and consent, without which no media opens."""

from records.consults import ConsentForm, IdentifierKind
from records.ids import ConsultId
from signaling.messages.base import Command


class ConfirmIdentity(Command):
    """Two different identifiers of the resident were compared and agree."""

    consult_id: ConsultId
    identifiers: tuple[IdentifierKind, ...]


class RecordConsent(Command):
    """The resident's consent; each form needs its own evidence.

    After the call only a deferred one can still be recorded: made up for, or not obtained with a reason.
    """

    consult_id: ConsultId
    form: ConsentForm
    witness: str = ""
    reason: str = ""
    signature_svg_path: str = ""
