"""The appraiser of a running server: each ECG is measured in a process of its own, and never lost by it."""

import datetime as dt
import logging
from collections.abc import Callable

from cloudclinic.ecg_appraisal import algorithm
from cloudclinic.ecg_appraisal_process import ToAppraise
from ecg.tracing import Tracing
from records.ecg_drafts import OF_A_FILE, Acquisition, MachineDraft, Subject
from records.ecg_samples import pack_tracing
from records.exchange.apart import DEFAULT_LIMITS, Limits, WorkFailed
from records.exchange.work_apart import WorkApart

log = logging.getLogger(__name__)
MODULE = "cloudclinic.ecg_appraisal_process"


class AppraiserProcesses:
    """Implements `records.ecg_drafts.EcgAppraiser`. `table`: the site's critical values, or empty."""

    def __init__(
        self, clock: Callable[[], dt.datetime], table: bytes = b"", limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._clock = clock
        self._table = table
        self._work = WorkApart[ToAppraise, MachineDraft](MODULE, MachineDraft, limits)

    async def appraise(
        self, tracing: Tracing, subject: Subject, acquisition: Acquisition = OF_A_FILE
    ) -> MachineDraft:
        """The draft of one ECG; where the process fails, one that says so: the ECG is kept all the same."""
        asked = ToAppraise(
            samples=pack_tracing(tracing),
            subject=subject,
            acquisition=acquisition,
            now=self._clock(),
            table=self._table,
        )
        try:
            return await self._work.ask(asked)
        except WorkFailed as error:
            log.error("an ECG could not be appraised: %s", error)
            return MachineDraft(algorithm=algorithm(), made_at=self._clock(), fault="the program broke off")
