"""What can go wrong in the media plane.

    MediaError
    ├── SdpRefused        an SDP text that is not one of ours, or not well-formed
    ├── UnknownPeer       no such peer connection (any more)
    ├── AnswerRepeated    a peer connection takes one answer
    ├── RequestRefused    a request the worker does not understand
    ├── WorkerGone        the worker process or its socket is gone
    ├── RelayUnreachable  a relay does not answer, or not as one
    ├── RelayRefused      a relay answered with an error code
    └── SeamBroken        an installed library is not the one the seams were written for

`code` is for programs and never changes; the text is for people who read logs.
"""

from typing import ClassVar


class MediaError(Exception):
    """The base of every error of this room."""

    code: ClassVar[str] = "media_error"


class SdpRefused(MediaError):
    """The SDP is not acceptable; nothing changed."""

    code = "sdp_refused"


class UnknownPeer(MediaError):
    """No such peer connection, or it is closed."""

    code = "unknown_peer"


class AnswerRepeated(MediaError):
    """The peer connection already has its answer."""

    code = "answer_repeated"


class RequestRefused(MediaError):
    """The request cannot be carried out as it stands."""

    code = "request_refused"


class WorkerGone(MediaError):
    """The media worker does not answer any more; open its rooms on another one."""

    code = "worker_gone"


class RelayUnreachable(MediaError):
    """The relay cannot be reached, or does not answer."""

    code = "relay_unreachable"


class RelayRefused(MediaError):
    """The relay refused a request; `status` is its error code (RFC 8656 section 18)."""

    code = "relay_refused"

    def __init__(self, status: int, what: str) -> None:
        super().__init__(f"the relay refused {what} with {status}")
        self.status = status


class SeamBroken(MediaError):
    """A private name or version the seams rely on is not there."""

    code = "seam_broken"


BY_CODE: dict[str, type[MediaError]] = {
    error.code: error
    for error in (SdpRefused, UnknownPeer, AnswerRepeated, RequestRefused, WorkerGone, SeamBroken)
}
