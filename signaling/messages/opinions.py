"""The call's end, and the opinion from then until the asker has read it."""

from records.ids import ConsultId
from signaling.messages.base import Command, Event


class TakeOpinion(Command):
    """Write a due opinion in another specialist's place, with a reason that the asker sees.

    Possible when it was offered, and for the whole specialty once `ConsultCard.opinion_free`: it is overdue,
    or its specialist's account cannot sign any more. Of two at the same instant exactly one gets it.
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
