"""What can go wrong in the media plane.

    MediaError
    ├── SdpRefused        an SDP text that is not one of ours, or not well-formed
    ├── UnknownPeer       no such peer connection (any more)
    ├── AnswerRepeated    a peer connection takes one answer
    ├── RequestRefused    a request the worker does not understand
    ├── WorkerGone        the worker process or its socket is gone
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


class SeamBroken(MediaError):
    """A private name or version the seams rely on is not there."""

    code = "seam_broken"


BY_CODE: dict[str, type[MediaError]] = {
    error.code: error
    for error in (SdpRefused, UnknownPeer, AnswerRepeated, RequestRefused, WorkerGone, SeamBroken)
}
