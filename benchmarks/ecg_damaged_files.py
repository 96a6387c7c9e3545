"""The files that are damaged: real ones and small ones of every kind that is read, and how each is damaged.

Disks and mail damage bytes anywhere; a program that writes nonsense damages a field and leaves the rest
right. Both are tried: bytes, digits and words are changed, cut, doubled and exchanged, and inside an SCP-ECG
file the checksums are made right again, so that the damage reaches what decodes the samples.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np

from benchmarks import ecg_witness
from benchmarks.ecg_witness import Witness
from ecg.annotations import Annotation, AnnotationCode
from ecg.files.companions import InMemory
from ecg.files.csv import CsvLayout, write_csv
from ecg.files.dicom_forms import DicomForm
from ecg.files.dicom_writer import write_dicom
from ecg.files.door import read_any
from ecg.files.edf_writer import write_edf
from ecg.files.fhir_writer import FhirContext, FhirRelease, write_fhir
from ecg.files.findings import Findings
from ecg.files.wfdb import write_wfdb
from ecg.leads import Lead
from ecg.tracing import FileKind, Tracing
from tests.ecg.files.damage import damaged
from tests.ecg.files.samples import (
    ACQUIRED,
    DATA,
    measurements,
    median_of,
    short_dicom,
    tracing,
    with_gap,
)
from tests.ecg.files.test_edf import plain
from tests.ecg.vendor_files.damage import (
    AECG,
    MUSE,
    PHILIPS,
    SCP,
    SCP_WRITER,
    mutated,
    mutated_philips,
    mutated_scp,
    mutated_words,
)
from tests.ecg.vendor_files.scp_writer import ScpWriter, sealed

KINDS = tuple(kind for kind in FileKind if kind is not FileKind.E1)  # which is no kind of file
LAYOUT = CsvLayout(rate_hz=500, columns=("I", "II"), nv_per_unit=1e6)

Damage = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True)
class Case:
    """One damaged file: how it is read, and what its bytes say by other means."""

    name: str
    read: Callable[[], Tracing]
    witness: Callable[[Tracing], Witness]


@dataclass(frozen=True)
class Source:
    """A file to damage, with the other files of its record; `witness` takes the damaged files by name."""

    name: str
    files: Mapping[str, bytes]
    read_as: str
    target: str
    witness: Callable[[Mapping[str, bytes], Tracing], Witness]
    damage: Damage
    layout: CsvLayout | None = None

    def case(self, chance: random.Random) -> Case:
        """The file with the damage that this chance makes."""
        files = dict(self.files) | {self.target: self.damage(self.files[self.target], chance)}

        def read() -> Tracing:
            return read_any(files[self.read_as], self.read_as, beside=InMemory(files), layout=self.layout)

        return Case(self.name, read, lambda found: self.witness(files, found))


def case_of(kind: FileKind, number: int) -> Case:
    """Mutation number `number` of a kind, the same on every machine."""
    sources = sources_of(kind)
    return sources[number % len(sources)].case(random.Random(f"{kind} {number}"))


@cache
def sources_of(kind: FileKind) -> tuple[Source, ...]:
    """The files of a kind."""
    return tuple(_SOURCES[kind]())


def anywhere(data: bytes, chance: random.Random) -> bytes:
    """One fault, half of all in the first bytes, where headers are."""
    return damaged(data, chance.randrange(1 << 60))


def several(data: bytes, chance: random.Random) -> bytes:
    """One to four faults anywhere."""
    return mutated(data, chance)


def words(data: bytes, chance: random.Random) -> bytes:
    """A number of the text exchanged for an odd one."""
    digits = [at for at, byte in enumerate(data[:4096]) if 48 <= byte <= 57]
    at = chance.choice(digits)
    odd = (b"0", b"-1", b"9", b"99999", b"1e9", b"nan", b".", b"", b" ", b"1e-9", b"4294967296")
    return data[:at] + chance.choice(odd) + data[at + chance.randint(1, 4) :]


def _small(rows: int = 2, count: int = 600) -> Tracing:
    values = np.arange(-rows * count // 2, rows * count // 2, dtype=np.int16).reshape(rows, count)
    return replace(tracing(values), acquired=ACQUIRED)


def _one_file(
    name: str,
    data: bytes,
    damage: Damage,
    witness: Callable[[bytes], Witness],
    layout: CsvLayout | None = None,
) -> Source:
    return Source(name, {name: data}, name, name, lambda files, found: witness(files[name]), damage, layout)


def _wfdb() -> list[Source]:
    def record(folder: str, name: str, ending: str) -> dict[str, bytes]:
        endings = [path for path in (DATA / folder).glob(f"{name}.*") if path.suffix != ".txt"]
        return {path.name: path.read_bytes() for path in endings}

    def sources(name: str, files: Mapping[str, bytes]) -> list[Source]:
        header = next(file for file in files if file.endswith(".hea"))
        return [
            Source(f"{name}, {target}", files, header, target, _of_wfdb(header), damage)
            for target in files
            for damage in ((anywhere, words) if target == header else (anywhere,))
        ]

    small = write_wfdb(replace(_small(), annotations=(Annotation(7, AnnotationCode.NORMAL, "(N"),)), "r")
    wide = write_wfdb(tracing(np.arange(-70_000, 70_000, 350, dtype=np.int32).reshape(2, 200)), "w")
    bytes_only = {
        "b.hea": b"b 2 250 100\nb.dat 80 10/mV\nb.dat 80x2 10(3)/uV\n",
        "b.dat": bytes(k % 251 for k in range(300)),
    }
    return [
        *sources("MIT-BIH 100", record("mitdb", "100", ".hea")),
        *sources("CPSC 2021", record("cpsc2021", "data_92_12", ".hea")),
        *sources("small", small),
        *sources("24 bits", wide),
        *sources("8 bits", bytes_only),
    ]


def _of_wfdb(header: str) -> Callable[[Mapping[str, bytes], Tracing], Witness]:
    return lambda files, found: ecg_witness.of_wfdb(files, header)


def _edf() -> list[Source]:
    long = plain({"records": "60", "samples": "4"}, tuple(range(-120, 120)))
    return [_one_file("plain.edf", long, damage, ecg_witness.of_edf) for damage in (anywhere, words, several)]


def _edf_plus() -> list[Source]:
    gapped = write_edf(
        replace(with_gap(_small(), 200, 301), annotations=(Annotation(9, AnnotationCode.NOTE, "x"),))
    )
    return [
        _one_file(name, data, damage, ecg_witness.of_edf)
        for name, data in (
            ("pyedflib.edf", (DATA / "edf" / "pyedflib_plus.edf").read_bytes()),
            ("gap.edf", gapped),
            ("small.edf", write_edf(_small())),
        )
        for damage in (anywhere, words)
    ]


def _dicom() -> list[Source]:
    found = Findings(
        measurements=measurements(), median=median_of(Lead.I, Lead.V2), statements=("PR 210 ms",)
    )
    said = tuple(Annotation(10 * int(code), code, "(N", duration_s=code % 2) for code in AnnotationCode)
    twelve = replace(_small(12, 500), annotations=said)
    wide = replace(
        tracing(np.arange(-70_000, 70_000, 700, dtype=np.int32).reshape(2, 100)), acquired=ACQUIRED
    )
    files = {
        "mortara.dcm": short_dicom(),
        "twelve.dcm": write_dicom(twelve, DicomForm.TWELVE_LEAD, findings=found)[0].data,
        "gap.dcm": write_dicom(with_gap(_small(), 200, 300), DicomForm.GENERAL)[0].data,
        "wide.dcm": write_dicom(wide, DicomForm.GENERAL_32_BIT)[0].data,
    }
    return [
        _one_file(name, data, damage, ecg_witness.of_dicom)
        for name, data in files.items()
        for damage in (anywhere, several)
    ]


def _csv() -> list[Source]:
    columns = b"".join(b"%d,0.%03d\n" % (k, k) for k in range(200))
    declared = write_csv(with_gap(_small(2, 200), 50, 60))
    of_columns = partial(ecg_witness.of_csv, rate_hz=500, nv_per_unit=1e6)
    return [
        *(
            _one_file("declared.csv", declared, damage, ecg_witness.of_declared_csv)
            for damage in (anywhere, words)
        ),
        *(_one_file("columns.csv", columns, damage, of_columns, LAYOUT) for damage in (anywhere, words)),
    ]


def _fhir() -> list[Source]:
    gapped = with_gap(_small(2, 200), 50, 60)
    context = FhirContext(subject="Patient/17", zone="+08:00")
    found = Findings(measurements=measurements(), statements=("PR 210 ms",))
    files = {
        "r4.json": write_fhir(gapped, FhirRelease.R4, context),
        "r5.json": write_fhir(gapped, FhirRelease.R5, context),
        "bundle.json": write_fhir(gapped, FhirRelease.R4, context, found),
    }
    return [
        _one_file(name, data, damage, ecg_witness.of_fhir)
        for name, data in files.items()
        for damage in (anywhere, words)
    ]


def _aecg() -> list[Source]:
    return [
        _one_file("small.xml", AECG, damage, ecg_witness.of_aecg)
        for damage in (anywhere, several, mutated_words)
    ]


def _muse() -> list[Source]:
    return [
        _one_file("small.xml", MUSE, damage, ecg_witness.of_muse)
        for damage in (anywhere, several, mutated_words)
    ]


def _sierra() -> list[Source]:
    def inside(data: bytes, chance: random.Random) -> bytes:
        return mutated_philips(chance)

    whole = read_any(PHILIPS, "whole.xml")

    def witness(files: Mapping[str, bytes], found: Tracing) -> Witness:
        announced = ecg_witness.of_sierra(files["mrx.xml"])
        (row,) = announced.rows
        if found.sample_count > row.size:
            raise ValueError("more samples than announced")
        samples = _between(PHILIPS, b"<parsedwaveforms", b"</parsedwaveforms>")
        signal = _between(PHILIPS, b"<signalcharacteristics>", b"</signalcharacteristics>")
        if samples not in files["mrx.xml"] or signal not in files["mrx.xml"]:
            return Witness(announced.rate_hz, [channel.nanovolts() for channel in found.channels])
        return Witness(announced.rate_hz, [channel.nanovolts() for channel in whole.channels])

    return [
        Source("mrx.xml", {"mrx.xml": PHILIPS}, "mrx.xml", "mrx.xml", witness, damage)
        for damage in (anywhere, mutated_words, inside)
    ]


def _between(data: bytes, begin: bytes, end: bytes) -> bytes:
    return data[data.index(begin) : data.index(end)]


def _scp() -> list[Source]:
    values = [5, 1, -2, 9, 300, 290, 200, 40, 8, 7, 3, 1]
    plain_writer = ScpWriter({code: values for code in range(1, 9)}, huffman=False)
    huffman_writer = ScpWriter({code: values for code in range(1, 9)}, differences=2)

    def of(writer: ScpWriter, data: bytes, damage: Damage, inside: bool) -> Source:
        whole = read_any(data, "whole.scp")

        def witness(files: Mapping[str, bytes], found: Tracing) -> Witness:
            # With right checksums only the samples' own sections decide; any of them may have been damaged.
            if inside or not all(body in files["small.scp"] for body in writer.sections().values()):
                return Witness(found.rate_hz, [channel.nanovolts() for channel in found.channels])
            return Witness(whole.rate_hz, [channel.nanovolts() for channel in whole.channels])

        return Source("small.scp", {"small.scp": data}, "small.scp", "small.scp", witness, damage)

    def inside(writer: ScpWriter) -> Damage:
        def damage(data: bytes, chance: random.Random) -> bytes:
            bodies = writer.sections()
            for number in chance.sample(sorted(bodies), chance.randint(1, 2)):
                bodies[number] = mutated(bodies[number], chance)
            return sealed(bodies)

        return damage

    return [
        of(SCP_WRITER, SCP, lambda data, chance: mutated_scp(chance), True),
        of(SCP_WRITER, SCP, anywhere, False),
        of(plain_writer, plain_writer.data(), inside(plain_writer), True),
        of(plain_writer, plain_writer.data(), anywhere, False),
        of(huffman_writer, huffman_writer.data(), inside(huffman_writer), True),
        of(huffman_writer, huffman_writer.data(), several, False),
    ]


_SOURCES: dict[FileKind, Callable[[], list[Source]]] = {
    FileKind.WFDB: _wfdb,
    FileKind.EDF: _edf,
    FileKind.EDF_PLUS: _edf_plus,
    FileKind.DICOM: _dicom,
    FileKind.CSV: _csv,
    FileKind.HL7_AECG: _aecg,
    FileKind.SCP_ECG: _scp,
    FileKind.PHILIPS_SIERRA: _sierra,
    FileKind.GE_MUSE: _muse,
    FileKind.FHIR: _fhir,
}
