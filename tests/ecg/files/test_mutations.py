"""Thousands of damaged files: a clear refusal or a signal that fits together, in bounded memory."""

import random
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from ecg.annotations import Annotation, AnnotationCode
from ecg.errors import SourceUnreadable
from ecg.files.companions import InMemory
from ecg.files.csv import CsvLayout, write_csv
from ecg.files.door import read_any
from ecg.files.edf_writer import write_edf
from ecg.files.wfdb import write_wfdb
from ecg.files.wfdb_annotations import read_wfdb_annotations, write_wfdb_annotations
from ecg.tracing import MAX_TRACING_SAMPLES, Tracing
from tests.ecg.files.damage import damaged
from tests.ecg.files.samples import DATA, short_dicom, tracing, with_gap

SMALL = tracing(np.arange(-600, 600, dtype=np.int16).reshape(2, 600))
BEATS = tuple(Annotation(sample, AnnotationCode.NORMAL, "(N") for sample in range(0, 600, 90))
HEADER = write_wfdb(SMALL, "r")["r.hea"]
SIGNALS = write_wfdb(SMALL, "r")["r.dat"]
MIT = {name: (DATA / "mitdb" / name).read_bytes() for name in ("100.hea", "100.dat", "100.atr")}
COLUMNS = b"".join(b"%d,0.%03d\n" % (k, k) for k in range(200))

Read = Callable[[bytes], Tracing]


def in_record(changed: str) -> Read:
    """Reads the record 100 with one of its files in another state."""
    return lambda data: read_any(
        (MIT | {changed: data})["100.hea"], "100.hea", beside=InMemory(MIT | {changed: data})
    )


def as_columns(data: bytes) -> Tracing:
    return read_any(data, "x.csv", layout=CsvLayout(rate_hz=500, columns=("I", "II"), nv_per_unit=1e6))


KINDS: dict[str, tuple[bytes, int, Read]] = {
    "wfdb header": (HEADER, 3000, lambda data: read_any(data, "r.hea", beside=InMemory({"r.dat": SIGNALS}))),
    "wfdb signals": (MIT["100.dat"], 1000, in_record("100.dat")),
    "wfdb annotations": (MIT["100.atr"], 3000, in_record("100.atr")),
    "edf": ((DATA / "edf" / "pyedflib_plus.edf").read_bytes()[:], 2000, lambda data: read_any(data, "x.edf")),
    "edf with gaps": (write_edf(with_gap(SMALL, 200, 301)), 2000, lambda data: read_any(data, "x.edf")),
    "declared csv": (write_csv(SMALL), 2000, lambda data: read_any(data, "x.csv")),
    "csv": (COLUMNS, 2000, as_columns),
    "dicom": (short_dicom(), 1000, lambda data: read_any(data, "x.dcm")),
}


def fits_together(found: Tracing) -> bool:
    """What every reader promises of a tracing it returns."""
    samples = found.sample_count * len(found.channels)
    described = found.found()
    return (
        0 < samples <= MAX_TRACING_SAMPLES
        and all(np.isfinite(channel.nanovolts()[~channel.missing]).all() for channel in found.channels)
        and all(0 <= said.sample <= found.sample_count for said in found.annotations)
        and described.duration_s > 0
    )


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_refused_in_one_sentence_or_read_as_a_signal(kind: str) -> None:
    data, count, read = KINDS[kind]
    refused = 0
    for seed in range(count):
        try:
            found = read(damaged(data, seed))
        except SourceUnreadable as refusal:
            refused += 1
            assert "\n" not in str(refusal) and 8 < len(str(refusal)) < 400, seed
        else:
            assert fits_together(found), seed
    assert refused > count // 20


def test_a_changed_bit_in_the_signals_of_a_record_is_always_found() -> None:
    read = in_record("100.dat")
    chance = random.Random(1)
    for _ in range(300):
        data = bytearray(MIT["100.dat"])
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        with pytest.raises(SourceUnreadable, match="the checksum of"):
            read(bytes(data))


def edf_of(**fields: tuple[int, bytes]) -> bytes:
    said = Annotation(0, AnnotationCode.NOTE, "room for longer times than those in this file")
    whole = with_gap(tracing(np.ones((1, 1500), np.int16)), 500, 1000)
    data = bytearray(write_edf(replace(whole, annotations=(said,))))
    for at, text in fields.values():
        data[at : at + len(text)] = text
    return bytes(data)


BLOWN_UP = {
    "a header that announces more than there is": (
        HEADER.replace(b" 600", b" 999999999999"),
        "number of samples|ends there",
    ),
    "a gap of years": (
        edf_of().replace(b"+2\x14\x14" + bytes(7), b"+99999999\x14\x14"),
        "[0-9]+ samples; at most",
    ),
    "many signals": (edf_of(signals=(252, b"9999")), "number of signals"),
    "long records": (edf_of(samples=(256 + 2 * 216, b"16000000")), "ends there"),
    "a million lines": (b"# ECG CSV 1\n" * 1_000_000, "declares no"),
    "one long line": (b"# ECG CSV 1\n# rate_hz: " + b"9" * 1_000_000, "declares no"),
    "a header of one long word": (b"r 1 " + b"9" * 2_000_000 + b"\n", "a header of"),
    "texts without end": (b"r 1\n" + b"#\n" * 400_000, "0 signal lines"),
}


@pytest.mark.parametrize("case", BLOWN_UP)
def test_a_small_file_cannot_ask_for_much(case: str) -> None:
    data, sentence = BLOWN_UP[case]
    tracemalloc.start()
    try:
        with pytest.raises(SourceUnreadable, match=sentence):
            read_any(data, "x", beside=InMemory({"r.dat": SIGNALS}))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 128 << 20


def test_annotations_without_end_are_refused() -> None:
    many = b"\x01\x04" * 250_001 + b"\0\0"
    with pytest.raises(SourceUnreadable, match="more than 250000 annotations"):
        read_wfdb_annotations(many, "r.atr")


def test_the_damage_spares_nothing_that_is_whole() -> None:
    assert read_any(HEADER, "r.hea", beside=InMemory({"r.dat": SIGNALS})).sample_count == 600
    assert read_wfdb_annotations(write_wfdb_annotations(BEATS), "r.atr") == BEATS
    for kind in ("wfdb signals", "wfdb annotations", "edf", "edf with gaps", "declared csv", "csv", "dicom"):
        data, _, read = KINDS[kind]
        assert fits_together(read(data))
