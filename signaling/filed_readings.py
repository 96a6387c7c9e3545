"""Which of a station's vital signs go into the record: one a minute of each kind, not every beat of the line.

A live number comes every 2 s. Everybody in the room sees each; a record of them all would bury the rest of
the timeline.
"""

import datetime as dt

from records.consults import Binding
from records.ids import AccountId, BindingId
from records.residents import Reading, ReadingKind

FILED_EVERY = dt.timedelta(minutes=1)


class FiledReadings:
    """When each kind was last filed of each station's binding."""

    def __init__(self) -> None:
        self._last: dict[tuple[AccountId, ReadingKind], tuple[BindingId, dt.datetime]] = {}

    def due(self, binding: Binding, reading: Reading) -> bool:
        """Tell whether to file this one: the first under its binding, then one a minute, late ones too."""
        key = binding.station_id, reading.kind
        last = self._last.get(key)
        if last and last[0] == binding.id and abs(reading.measured_at - last[1]) < FILED_EVERY:
            return False
        self._last[key] = binding.id, reading.measured_at
        return True
