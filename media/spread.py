"""Which of an ultrasound's viewers get its main encoding and which its reduced one. Pure.

One slow line must not make the picture coarser for the others: who carries clearly less than the widest line
does gets the reduced encoding, at once; and goes back only after some seconds of nearly as much. Where all
carry about the same, everybody has the main one, and it follows them.
"""

from collections.abc import Mapping

MOVES_BELOW = 0.7  # of what the widest line carries
BACK_FROM = 0.85
BACK_AFTER_S = 5.0
_BACK_AFTER_MOST_S = 40.0
_TOO_SOON_S = 15.0  # who goes back and falls again within it waits twice as long the next time
_WITHOUT_S = 30.0
ULTRASOUND_MOST_BPS = 4_000_000.0  # a station's picture takes no more


class Spread:
    """Remembers who gets the reduced encoding. `decide` wants to be called a few times a second."""

    def __init__(self) -> None:
        self._reduced: set[str] = set()
        self._enough_since: dict[str, float] = {}
        self._went_back: dict[str, float] = {}
        self._wait_s: dict[str, float] = {}
        self._without_until = float("-inf")

    def decide(
        self, allowances: Mapping[str, float | None], uplink_bps: float | None, now: float
    ) -> frozenset[str]:
        """Who gets the reduced encoding, by what each viewer's line carries (None: whatever there is).

        `uplink_bps`: what the publisher's line carries of both together; None: whatever there is.
        """
        self._forget_who_left(allowances)
        if now < self._without_until:
            return frozenset()
        carried = {who: _at_most(ULTRASOUND_MOST_BPS, bps) for who, bps in allowances.items()}
        widest = max(carried.values(), default=0.0)
        for who, bps in carried.items():
            left = None if uplink_bps is None else uplink_bps - bps
            share = bps / max(1.0, _at_most(widest, left))  # of what the main encoding would have beside it
            if who in self._reduced:
                self._look_whether_back(who, share, now)
            elif share < MOVES_BELOW:
                self._move(who, now)
        return frozenset(self._reduced)

    def gives_up(self, now: float) -> None:
        """The reduced encoding does not come: everybody has the main one for a while."""
        self._without_until = now + _WITHOUT_S
        self._reduced.clear()
        self._enough_since.clear()

    def _move(self, who: str, now: float) -> None:
        too_soon = now - self._went_back.get(who, float("-inf")) < _TOO_SOON_S
        before_s = self._wait_s.get(who, BACK_AFTER_S)
        self._wait_s[who] = min(_BACK_AFTER_MOST_S, 2 * before_s) if too_soon else BACK_AFTER_S
        self._reduced.add(who)

    def _look_whether_back(self, who: str, share: float, now: float) -> None:
        if share < BACK_FROM:
            self._enough_since.pop(who, None)
        elif now - self._enough_since.setdefault(who, now) >= self._wait_s.get(who, BACK_AFTER_S):
            del self._enough_since[who]
            self._reduced.discard(who)
            self._went_back[who] = now

    def _forget_who_left(self, allowances: Mapping[str, float | None]) -> None:
        self._reduced &= allowances.keys()
        for told in (self._enough_since, self._went_back, self._wait_s):
            for who in told.keys() - allowances.keys():
                del told[who]


def _at_most(most: float, bps: float | None) -> float:
    return most if bps is None else min(most, bps)
