"""What turns a scanner's own controls from here: written for each scanner that offers a way to.

An adapter decides nothing: whether it may be asked at all is decided by the operator, the server and
`station.remote_control`, each on its own. `docs/guiding.md` shows how one is written.
"""

import threading
from typing import Protocol

from records.scanner_controls import ControlOutcome, ScannerControl, ScannerOffer
from station.picture_sources import SimulatedPictures
from station.simulated_scanner import SimulatedScanner


class ScannerAdapter(Protocol):
    """A scanner's controls. `offer` is called any time from the loop, `turn` from a thread, one at once."""

    def offer(self) -> ScannerOffer | None:
        """What can be turned and how the scanner stands, as far as it has reported; None: nothing now.

        Answers at once, from what the scanner has said. Only what it reports may be offered: of a control of
        which it never says how it stands, nobody can say that it was done.
        """

    def turn(self, control: ScannerControl, taken_back: threading.Event) -> ControlOutcome:
        """Turn a control by one step, and wait until the scanner reports how it stands.

        `DONE` only if it reports what was wanted: what was sent to it proves nothing. As soon as
        `taken_back` is set, what can still be stopped is stopped, and the call returns.
        """


def adapter_of(source: object) -> ScannerAdapter | None:
    """What turns the scanner that a source's or device's pictures come from; None: nothing does."""
    return SimulatedScanner(source) if isinstance(source, SimulatedPictures) else None
