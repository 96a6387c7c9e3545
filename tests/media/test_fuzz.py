"""Any bytes at every entry of a media worker; `scripts/fuzz` goes on as long as one likes."""

from typing import Any, cast

import pytest

from media.messages import PeerLost
from tests.media import fuzz


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
async def test_nothing_leaves_an_entry(seed: int) -> None:
    plane = await fuzz.run(seed, 250)
    assert plane.datagrams > 1000 and plane.forwarded > 200  # much of it was understood
    assert not [event for event in plane.events if isinstance(event, PeerLost) and "failed" in event.reason]


async def test_what_would_be_kept_from_the_other_peers_is_found() -> None:
    plane = fuzz.Plane(1)
    plane.seat()
    for peer in plane.peers.values():
        cast(Any, peer).take_rtcp = lambda data, now: {}[now]
    with pytest.raises(fuzz.Found):
        for _ in range(100):
            plane.round()
    await plane.close()
