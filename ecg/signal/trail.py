"""The newest values of some rows, always in one piece."""

import numpy as np
from numpy.typing import NDArray

_ROOM = 4096
"""Values a row that may be appended before what is kept is moved to the front again."""


class Trail:
    """Appends columns and keeps at least the last `keep` of them; before the first there are noughts."""

    def __init__(self, rows: int, keep: int) -> None:
        self._keep = keep
        self._values = np.zeros((rows, keep + _ROOM))
        self._end = keep

    def append(self, values: NDArray[np.generic]) -> None:
        """Put columns (rows, n) behind the last."""
        count = values.shape[1]
        if self._end + count > self._values.shape[1]:
            self._make_room(count)
        self._values[:, self._end : self._end + count] = values
        self._end += count

    def last(self, count: int) -> NDArray[np.float64]:
        """A view of the last columns; it holds only until the next are appended."""
        return self._values[:, self._end - count : self._end]

    def _make_room(self, count: int) -> None:
        kept = self.last(self._keep).copy()
        if self._keep + count > self._values.shape[1]:
            self._values = np.zeros((len(kept), self._keep + count + _ROOM))
        self._values[:, : self._keep] = kept
        self._end = self._keep
