"""The answer to a command: it was carried out, or refused and nothing changed."""

from signaling.messages.base import Message


class Done(Message):
    """The command was carried out."""

    re: str
    value: str = ""  # an id, where the command makes something


class Refused(Message):
    """The command, or a message that could not be read, was refused. Nothing changed."""

    re: str  # "" when the message had no readable id
    code: str  # stable, see `signaling.refusals`
    sentence: str  # in the client's language
    about: str = ""  # what is in the way, where that has a name: the number of a consult
