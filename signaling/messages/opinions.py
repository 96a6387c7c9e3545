"""The call's end, and the opinion from then until the asker has read it."""

from records.ids import ConsultId
from signaling.messages.base import Command, Event


class TakeOpinion(Command):
    """Write a due opinion in another specialist's place, with a reason that the asker sees.

    Possible when it was offered, and for the whole specialty once `ConsultCard.opinion_free`: it is overdue,
    its specialist's account cannot sign any more, or an administrator reassigned it. Of two at the same
    instant exactly one gets it.
    """

    consult_id: ConsultId
    reason: str


class ReassignOpinion(Command):
    """An administrator offers a due opinion to the others of its specialty, with a reason all of them see.

    Its specialist and the asker see the reason too; she may still write it until somebody takes it over.
    """

    consult_id: ConsultId
    reason: str


class EndConsult(Command):
    """End the call; the opinion is due."""

    consult_id: ConsultId


class AcknowledgeOpinion(Command):
    """The asker has read the signed opinion; the consult is closed."""

    consult_id: ConsultId


class OpinionSigned(Event):
    """A consult's opinion was signed and is in the record."""

    consult_id: ConsultId
