"""How often somebody may try to sign in. Every limit passes by itself; none can lock all staff out.

Three budgets a minute: one for each pair of account and address (10), one for an account from addresses it
never came from (10), one for an address (30). A pair that has signed in before is measured by its own budget
alone: a stranger who hammers a doctor's name, or a neighbour behind the same address, cannot keep her out.
"""

import datetime as dt
from collections import OrderedDict, deque

WINDOW = dt.timedelta(minutes=1)
PER_ACCOUNT = 10
PER_ADDRESS = 30
PER_DOOR = 30
"""Offers a minute of one station's devices, or of one teaching screen."""

REMEMBERED = 10_000
"""Keys kept at most; the ones unused longest go first."""


class SlidingCount:
    """Counts of the last minute, key by key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._at: OrderedDict[str, deque[dt.datetime]] = OrderedDict()

    def full(self, key: str, now: dt.datetime) -> bool:
        """Tell whether a key's budget is used up."""
        times = self._at.get(key)
        if times is None:
            return False
        while times and now - times[0] >= WINDOW:
            times.popleft()
        return len(times) >= self._most

    def count(self, key: str, now: dt.datetime) -> None:
        """Use one of a key's budget."""
        self._at.setdefault(key, deque(maxlen=self._most)).append(now)
        self._at.move_to_end(key)
        while len(self._at) > REMEMBERED:
            self._at.popitem(last=False)


class SignInRates:
    """The budgets of signing in."""

    def __init__(self) -> None:
        self._pair = SlidingCount(PER_ACCOUNT)
        self._account = SlidingCount(PER_ACCOUNT)
        self._address = SlidingCount(PER_ADDRESS)
        self._known: OrderedDict[str, None] = OrderedDict()

    def allows(self, sign_in_name: str, address: str, now: dt.datetime) -> bool:
        """Tell whether one more try is allowed; counts it when it is."""
        pair = f"{sign_in_name.lower()} {address}"
        budgets = [(self._pair, pair)]
        if pair not in self._known:
            budgets += [(self._account, sign_in_name.lower()), (self._address, address)]
        if any(budget.full(key, now) for budget, key in budgets):
            return False
        for budget, key in budgets:
            budget.count(key, now)
        return True

    def signed_in(self, sign_in_name: str, address: str) -> None:
        """Remember that this account has come from this address."""
        self._known[f"{sign_in_name.lower()} {address}"] = None
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
