"""What every message is: a command, a notice, an answer, an event, or only of use now; and its limits."""

import re

from records.values import Value

MESSAGE_LIMIT_BYTES = 64 * 1024
"""The largest JSON message either side accepts."""

SAMPLES_LIMIT_BYTES = 32 * 1024
"""The largest binary (E1) message either side accepts."""


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Message(Value, tag_field="type", tag=_snake):
    """The base of every message."""


class Command(Message):
    """Asks for something to be done. Answered by `Done` or `Refused`."""

    id: str  # made by the client, 8 to 64 characters


class Notice(Message):
    """Tells the server something; not answered."""


class Event(Message, kw_only=True):
    """Something happened. Kept until the client has surely seen it."""

    seq: int = 0  # filled in by the outbox it passes through


class Direct(Message):
    """Only of use now; not kept, not numbered."""
