"""What `turn check` sends through a relay to a worker, and by which the worker's answer is known for its own.

The running server opens a peer connection without any rights on each worker. A check (RFC 8445 section 7)
that knows its password is answered; a stranger's is not, so an answer proves the whole way.
"""

import contextlib
import secrets
from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from cloudclinic.errors import CommandFailed
from media.layout import lines_for
from media.offer import read_offer
from media.stun import RESPONSE, is_authentic, read_check, write_request
from media.turn_messages import Address
from records.values import Value
from signaling.ports import MediaUnavailable, PeerOffer


class Probe(Value):
    """A worker's port at the addresses it announces, and the password it will answer to."""

    ufrag: str
    password: str
    addresses: tuple[Address, ...]

    def __repr__(self) -> str:
        return f"Probe(addresses={self.addresses!r})"

    def question(self, transaction: bytes) -> bytes:
        """A check as a browser would send it."""
        return write_request(transaction, f"{self.ufrag}:check", self.password, secrets.randbits(64))

    def is_answer(self, data: bytes, transaction: bytes) -> bool:
        """Whether this is the worker's own answer to that check."""
        check = read_check(data)
        return (
            check is not None
            and check.kind == RESPONSE
            and check.transaction == transaction
            and is_authentic(check, self.password)
        )


class Workers(Protocol):
    """The media workers of the running server."""

    async def open_at_each(self, room_id: str) -> tuple[PeerOffer, ...]: ...
    async def close_at_each(self, room_id: str) -> None: ...


async def open_probes(workers: Workers, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """In the running server: open one probe a worker. They close by themselves after 15 s unanswered."""
    try:
        offers = await workers.open_at_each(_room(arguments))
    except MediaUnavailable as error:
        raise CommandFailed(f"the server has no media worker to ask: {error}") from error
    remote = [read_offer(offer.sdp, lines_for(False)) for offer in offers]
    probes = [Probe(ufrag=one.ufrag, password=one.password, addresses=one.addresses) for one in remote]
    return {"probes": msgspec.to_builtins(probes)}


async def close_probes(workers: Workers, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """In the running server: close them."""
    with contextlib.suppress(MediaUnavailable):  # gone with its worker
        await workers.close_at_each(_room(arguments))
    return {}


def new_check() -> dict[str, Any]:
    """Arguments of both commands: two checks at a time do not take each other's probes."""
    return {"check": secrets.token_hex(8)}


def _room(arguments: Mapping[str, Any]) -> str:
    return f"turn-check-{arguments['check']}"


PROBING = {"turn.open_probes": open_probes, "turn.close_probes": close_probes}
"""Commands only a running server can carry out."""


def read_probes(done: Mapping[str, Any]) -> tuple[Probe, ...]:
    """What the running server answered."""
    return msgspec.convert(done["probes"], tuple[Probe, ...])
