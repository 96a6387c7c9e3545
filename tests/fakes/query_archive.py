"""An archive that answers questions and gives objects out, well or badly, on the loopback."""

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydicom.dataset import Dataset
from pydicom.uid import (
    ExplicitVRLittleEndian,
    GeneralECGWaveformStorage,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
)
from pynetdicom import AE, evt
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
)

_PENDING = 0xFF00


@dataclass
class QueryArchive:
    """`objects` are what it has. `says`: what it answers of a study instead of the object's own words.

    `endless`: it answers the question about studies for ever; `gives_for_ever`: objects, the same again.
    """

    objects: list[Dataset] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    endless: bool = False
    gives_for_ever: bool = False
    pause_s: float = 0.0
    asked: list[Dataset] = field(default_factory=list)
    port: int = 0

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}/PRIORS"

    def find(self, event: Any) -> Iterator[tuple[int, Dataset | None]]:
        query = event.identifier
        self.asked.append(query)
        series = query.QueryRetrieveLevel == "SERIES"
        answers = {self._key(one, series): self._answer(one, series) for one in self.objects}
        for one in itertools.cycle(answers.values()) if self.endless else answers.values():
            if event.is_cancelled:
                return
            time.sleep(self.pause_s)
            yield _PENDING, one

    def _key(self, one: Dataset, series: bool) -> str:
        return str(one.SeriesInstanceUID if series else one.StudyInstanceUID)

    def _answer(self, one: Dataset, series: bool) -> Dataset:
        answer = Dataset()
        answer.SpecificCharacterSet = "ISO_IR 192"
        answer.QueryRetrieveLevel = "SERIES" if series else "STUDY"
        answer.StudyInstanceUID = one.StudyInstanceUID
        if series:
            answer.SeriesInstanceUID, answer.Modality = one.SeriesInstanceUID, one.Modality
            return answer
        for keyword in ("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "StudyDate"):
            setattr(answer, keyword, self.says.get(keyword, one.get(keyword, "")))
        answer.ModalitiesInStudy = self.says.get("ModalitiesInStudy", "US")
        answer.StudyDescription = "Echo"
        answer.NumberOfStudyRelatedInstances = len(self.objects)
        return answer

    def get(self, event: Any) -> Iterator[Any]:
        wanted = event.identifier.SeriesInstanceUID
        found = [one for one in self.objects if one.SeriesInstanceUID == wanted]
        yield 60_000 if self.gives_for_ever else len(found)
        for one in itertools.cycle(found) if self.gives_for_ever else found:
            time.sleep(self.pause_s)
            yield _PENDING, one


@contextmanager
def query_archive(*objects: Dataset, **fields: Any) -> Iterator[QueryArchive]:
    """Started, and stopped again."""
    fake = QueryArchive(list(objects), **fields)
    ae = AE(ae_title="PRIORS")
    ae.add_supported_context(StudyRootQueryRetrieveInformationModelFind)
    ae.add_supported_context(StudyRootQueryRetrieveInformationModelGet)
    for kind in (
        UltrasoundImageStorage,
        UltrasoundMultiFrameImageStorage,
        GeneralECGWaveformStorage,
    ):
        for syntax in (ExplicitVRLittleEndian, JPEGBaseline8Bit, JPEGLSLossless):
            ae.add_supported_context(kind, syntax, scu_role=False, scp_role=True)
    handlers = [(evt.EVT_C_FIND, fake.find), (evt.EVT_C_GET, fake.get)]
    server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
    assert server is not None
    fake.port = server.server_address[1]
    try:
        yield fake
    finally:
        server.shutdown()
