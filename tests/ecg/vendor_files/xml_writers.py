"""Small writers of HL7 aECG and GE MUSE XML, as the readers' counterpart."""

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

Rows = dict[str, list[int]]


@dataclass(frozen=True)
class AecgSeries:
    """A series of an aECG; `rows` by MDC name without its beginning, e.g. "II"."""

    rows: Rows
    code: str = "RHYTHM"
    scale: str = "5"
    unit: str = "uV"
    origin: str = "0"
    increment: str = '<increment value="0.002" unit="s"/>'
    time_type: str = "GLIST_TS"
    list_type: str = "SLIST_PQ"
    head: str = "20240229101112.000"
    derived: "AecgSeries | None" = None
    controls: str = ""

    def text(self, element: str = "series") -> str:
        sequences = "".join(self._lead(name, values) for name, values in self.rows.items())
        inner = self.derived.text("derivedSeries") if self.derived else ""
        return (
            f'<{element}><code code="{self.code}"/><effectiveTime><low value="{self.head}"/></effectiveTime>'
            "<author><seriesAuthor><manufacturedSeriesDevice><manufacturerModelName>Model 7"
            "</manufacturerModelName></manufacturedSeriesDevice><manufacturerOrganization><name>Maker</name>"
            f"</manufacturerOrganization></seriesAuthor></author>{self.controls}"
            '<component><sequenceSet><component><sequence><code code="TIME_ABSOLUTE"/>'
            f'<value xsi:type="{self.time_type}"><head value="{self.head}"/>{self.increment}</value>'
            f"</sequence></component>{sequences}</sequenceSet></component>"
            + (f"<derivation>{inner}</derivation>" if inner else "")
            + f"</{element}>"
        )

    def _lead(self, name: str, values: Sequence[int]) -> str:
        return (
            f'<component><sequence><code code="MDC_ECG_LEAD_{name}"/><value xsi:type="{self.list_type}">'
            f'<origin value="{self.origin}" unit="{self.unit}"/>'
            f'<scale value="{self.scale}" unit="{self.unit}"/>'
            f"<digits>{' '.join(map(str, values))}</digits></value></sequence></component>"
        )


def aecg(*series: AecgSeries, prolog: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    """An aECG document of these series."""
    body = "".join(f"<component>{one.text()}</component>" for one in series)
    return (
        f'{prolog}<AnnotatedECG xmlns="urn:hl7-org:v3" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{body}</AnnotatedECG>'
    ).encode()


def filter_control(kind: str, hz: str) -> str:
    """A control variable that tells of a filter."""
    code = "MDC_ECG_CTL_VBL_ATTR_FILTER_"
    return (
        f'<controlVariable><controlVariable><code code="{code}{kind}"/><component><controlVariable>'
        f'<code code="{code}CUTOFF_FREQ"/><value xsi:type="PQ" value="{hz}" unit="Hz"/>'
        "</controlVariable></component></controlVariable></controlVariable>"
    )


@dataclass(frozen=True)
class MuseWaveform:
    """A waveform of a MUSE file."""

    rows: Rows
    kind: str = "Rhythm"
    units_per_bit: str = "4.88"
    units: str = "MICROVOLTS"
    base: str = "500"
    extra: Mapping[str, str] = field(default_factory=dict)
    crc: bool = True

    def text(self) -> str:
        leads = "".join(self._lead(name, values) for name, values in self.rows.items())
        return (
            f"<Waveform><WaveformType>{self.kind}</WaveformType><SampleBase>{self.base}</SampleBase>"
            "<SampleExponent>0</SampleExponent><HighPassFilter>5</HighPassFilter>"
            f"<LowPassFilter>150</LowPassFilter><ACFilter>60 HZ</ACFilter>{leads}</Waveform>"
        )

    def _lead(self, name: str, values: Sequence[int]) -> str:
        data = np.array(values, "<i2").tobytes()
        fields = {
            "LeadTimeOffset": "0",
            "LeadSampleCountTotal": str(len(values)),
            "LeadAmplitudeUnitsPerBit": self.units_per_bit,
            "LeadAmplitudeUnits": self.units,
            "LeadID": name,
            "FirstSampleBaseline": "0",
            "LeadSampleSize": "2",
            "LeadOff": "FALSE",
            **({"LeadDataCRC32": str(zlib.crc32(data))} if self.crc else {}),
            "WaveFormData": base64.encodebytes(data).decode(),
            **self.extra,
        }
        return f"<LeadData>{''.join(f'<{k}>{v}</{k}>' for k, v in fields.items())}</LeadData>"


def muse(*waveforms: MuseWaveform, date: str = "02-29-2024") -> bytes:
    """A MUSE document, with the document type that MUSE writes."""
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE RestingECG SYSTEM "restecg.dtd"><RestingECG>'
        "<MuseInfo><MuseVersion>9.0</MuseVersion></MuseInfo><TestDemographics>"
        f"<AcquisitionDevice>MAC55</AcquisitionDevice><AcquisitionDate>{date}</AcquisitionDate>"
        "<AcquisitionTime>10:11:12</AcquisitionTime></TestDemographics>"
        f"{''.join(waveform.text() for waveform in waveforms)}</RestingECG>"
    ).encode("latin-1")
