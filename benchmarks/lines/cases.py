"""The cases: what happens to the line, for how long, and what must hold."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.lines.namespaces import Namespaces


@dataclass(frozen=True)
class Case:
    """`begin` spoils the line once a picture is steady; `end` mends it."""

    name: str
    says: str
    seconds: float  # spoilt
    begin: Callable[[Namespaces], None]
    end: Callable[[Namespaces], None]
    after_s: float = 20.0  # watched once it is mended
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    before_join: bool = False  # the line is spoilt before anybody comes in
    relay: bool = (
        False  # coturn runs beside the server, by the configuration `cloudclinic turn config` writes
    )
    is_down: bool = False  # nothing passes: what counts is when it is back
    beside: bool = False  # somebody else watches whose line is not spoilt: what counts is what that one sees


def _nothing(_: Namespaces) -> None:
    """The cable itself is slow; or what changed stays changed."""


def _narrow(kilobits_per_s: int) -> Case:
    return Case(
        name=f"narrow-{kilobits_per_s}",
        says=f"2.5 Mbit/s stream meets a line of {kilobits_per_s} kbit/s for 30 s",
        seconds=30,
        begin=lambda ways: ways.narrow(kilobits_per_s),
        end=lambda ways: ways.narrow(None),
    )


def _loss(percent: int) -> Case:
    return Case(
        name=f"loss-{percent}",
        says=f"{percent} % of what is sent to the viewer is lost, for a minute",
        seconds=60,
        begin=lambda ways: ways.lose(percent),
        end=Namespaces.mend,
        after_s=5,
    )


def _dead(seconds: int) -> Case:
    return Case(
        name=f"dead-{seconds}",
        says=f"nothing passes for {seconds} s",
        seconds=seconds,
        begin=Namespaces.cut,
        end=Namespaces.mend,
        is_down=True,
    )


CASES = {
    case.name: case
    for case in (
        _narrow(1000),
        _narrow(384),
        Case(
            "one-of-two-1000",
            "one of two viewers meets a line of 1000 kbit/s for 30 s",
            30,
            lambda ways: ways.narrow(1000),
            lambda ways: ways.narrow(None),
            beside=True,
        ),
        _loss(2),
        _loss(5),
        _loss(10),
        Case("jitter-60", "60 ms more or less, 60 ms each way", 30, _nothing, _nothing, 0, 60, 60),
        Case("delay-300", "300 ms each way", 30, _nothing, _nothing, 0, 300),
        Case(
            "udp-blocked",
            "UDP is blocked, and there is no relay: the room says that there is no media",
            20,
            Namespaces.block_udp,
            Namespaces.mend,
            0,
            before_join=True,
        ),
        Case(
            "udp-blocked-relay",
            "UDP is blocked, and there is a relay: media by TURN over TCP or TLS",
            20,
            Namespaces.block_udp,
            Namespaces.mend,
            0,
            before_join=True,
            relay=True,
        ),
        _dead(5),
        _dead(30),
        Case(
            "address-changed",
            "the viewer's address changes, as from Wi-Fi to 5G",
            20,
            Namespaces.change_address,
            _nothing,
            0,
            is_down=True,
        ),
    )
}
