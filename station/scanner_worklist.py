"""Answers the scanner beside the station with whose scan it makes, as the server says it (PS3.4 K).

DICOM knows no passwords and speaks in clear text: between scanner and station it stays in one room, and from
there on it goes as everything else of the station does. Nothing of it is kept here.
"""

import logging
from collections.abc import Awaitable, Callable

import msgspec

from records.exchange.archive.worklist_answers import Listen
from records.exchange.archive.worklist_listener import WorklistListener
from records.scheduled_steps import ScannerAsks, ScannerSteps, ScheduledStep
from records.values import Value
from station.settings import StationSettings
from station.uploads import UploadBroken, UploadRefused

log = logging.getLogger(__name__)

PATH = "/api/station/worklist"


class ScannerWorklist(WorklistListener):
    """Listens while `run` runs. `ask`: puts a question to the server, as `Uploads.ask`."""

    def __init__(self, settings: StationSettings, ask: Callable[[str, Value], Awaitable[bytes]]) -> None:
        listen = Listen(
            host=settings.worklist_host,
            port=settings.worklist_port,
            title=settings.worklist_title,
            scanners=settings.worklist_scanners,
        )
        super().__init__(listen, self._steps)
        self._ask = ask

    async def _steps(self, scanner: str) -> tuple[ScheduledStep, ...] | None:
        try:
            answer = await self._ask(PATH, ScannerAsks(scanner=scanner))
            return msgspec.json.decode(answer, type=ScannerSteps).steps
        except (UploadRefused, UploadBroken, msgspec.DecodeError) as error:
            log.warning("a scanner's worklist could not be had: %s", error)
            return None  # never an empty list: that would say that nobody waits
