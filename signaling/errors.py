"""What can go wrong in signaling.

SignalingError
├── Refused               a message was refused; `refusal` is its stable code, nothing has changed
└── UndeclaredMessage     a message declares no permission: the server does not start
"""

from signaling.refusals import Refusal


class SignalingError(Exception):
    """The base of what can go wrong in signaling."""


class Refused(SignalingError):
    """A message was refused and nothing has changed. `refusal` is the code it is answered with."""

    def __init__(self, refusal: Refusal, detail: str = "", about: str = "") -> None:
        super().__init__(detail or refusal.value)
        self.refusal = refusal
        self.about = about  # what the client is told of it, e.g. the number of the consult that is in the way


class UndeclaredMessage(SignalingError):
    """A message declares no permission and scope, so nobody may send it."""
