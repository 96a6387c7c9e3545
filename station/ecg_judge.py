"""Judges the ECG while it is taken: what is wrong with it now, for the room and for the station's own log.

Off the loop that takes the samples: a piece is never late because the one before it was judged.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence

from ecg.description import StreamDescription
from ecg.electrode_places import PLACES
from ecg.errors import SignalError
from ecg.leads import Electrode
from ecg.packets import Wave
from ecg.quality.device_state import state_of
from ecg.quality.electrodes import EVERY_ELECTRODE
from ecg.quality.findings import Grade
from ecg.quality.running import Flaw, RunningQuality
from records.ecg_drafts import QualityNote

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
MOST_WAITING = 1500
"""Pieces of 20 ms that may wait to be judged: 30 s. Those before are left, and it begins anew behind them."""


class EcgJudge:
    """One stream's judge; `notes` is what stands, None as long as nothing is judged."""

    def __init__(self) -> None:
        self._running: RunningQuality | None = None
        self._described: StreamDescription | None = None
        self._waiting: deque[Wave] = deque(maxlen=MOST_WAITING)
        self._off = Electrode(0)
        self.notes: tuple[QualityNote, ...] | None = None

    def begin(self, described: StreamDescription) -> None:
        """A stream begins, or goes on. What cannot be judged, as a strap's own lead, is not."""
        self._described, self.notes = described, None
        self._waiting.clear()
        try:
            self._running = RunningQuality(described.rate_hz, described.leads, described.nv_per_lsb)
        except SignalError as error:
            self._running = None
            log.info("ecg: not judged: %s", error)

    def take(self, wave: Wave) -> None:
        """A piece was taken; it is judged later."""
        self._waiting.append(wave)

    async def run(self) -> None:
        """Judge until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Judge what was taken since the last look."""
        waves = tuple(self._waiting)
        self._waiting.clear()
        if not waves:
            return
        self._log_electrodes(waves[-1].electrodes_off)
        running, described = self._running, self._described
        if running is None or described is None:
            return
        try:
            flaws = await asyncio.to_thread(_judged, running, described, waves)
        except Exception:  # the ECG goes on, unjudged: what was told last must not stand for ever
            log.exception("ecg: judged no more")
            self._running = self.notes = None
            return
        if running is self._running:
            self._tell(tuple(_note(one) for one in flaws))

    def _tell(self, notes: tuple[QualityNote, ...]) -> None:
        before = {one.code for one in self.notes or ()}
        for note in notes:
            if note.code not in before:
                log.warning("ecg: %s in %s", note.code, " ".join(note.leads) or "the whole")
        self.notes = notes

    def _log_electrodes(self, off: Electrode) -> None:
        if off == self._off:
            return
        before, self._off = self._off, off
        if off == EVERY_ELECTRODE:
            log.warning("ecg: all ten electrodes are off: look at the patient, then at the plug of the cable")
            return
        if not off and before == EVERY_ELECTRODE:
            log.warning("ecg: all ten electrodes are on again")
            return
        for electrode in Electrode:
            if electrode in off and electrode not in before:
                log.warning("ecg: electrode %s is off: %s", electrode.name, PLACES[electrode])
            elif electrode in before and electrode not in off:
                log.warning("ecg: electrode %s is on again", electrode.name)


def _judged(running: RunningQuality, described: StreamDescription, waves: Sequence[Wave]) -> tuple[Flaw, ...]:
    for wave in waves:
        running.feed(wave.first_index, wave.samples[: len(described.leads)], state_of(wave, described.leads))
    return running.flaws


def _note(flaw: Flaw) -> QualityNote:
    return QualityNote(
        code=flaw.cause.value,
        weight="repeat" if flaw.grade is Grade.UNUSABLE else "note",
        advice=flaw.advice.value,
        leads=tuple(lead.value for lead in flaw.leads),
        electrodes=tuple(str(one.name) for one in Electrode if one in flaw.electrodes),
    )
