"""One door to four kinds, and thousands of damaged files through it: a refusal or a signal, never a crash."""

import random
import resource
import struct
from collections.abc import Callable

import numpy as np
import pytest

from ecg.errors import SourceUnreadable
from ecg.vendor_files.found import VendorFormat
from ecg.vendor_files.reading import read_vendor_file, vendor_format
from tests.ecg.vendor_files.damage import (
    AECG,
    MUSE,
    PHILIPS,
    SCP,
    mutated,
    mutated_philips,
    mutated_scp,
    mutated_words,
)
from tests.ecg.vendor_files.scp_writer import sealed


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (AECG, VendorFormat.HL7_AECG),
        (MUSE, VendorFormat.GE_MUSE),
        (PHILIPS, VendorFormat.PHILIPS_SIERRA),
        (PHILIPS.decode().replace("UTF-8", "UTF-16").encode("utf-16"), VendorFormat.PHILIPS_SIERRA),
        (SCP, VendorFormat.SCP_ECG),
    ],
)
def test_each_kind_is_known_by_its_content(data: bytes, kind: VendorFormat) -> None:
    assert vendor_format(data) is kind
    assert read_vendor_file(data).format is kind


@pytest.mark.parametrize("data", [b"", b"<html/>", b"\0" * 200, b"DICM" * 40, b"RestingECG", PHILIPS[200:]])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="byte 1: none of HL7 aECG, SCP-ECG, Philips"):
        read_vendor_file(data)


MUTATIONS: list[tuple[str, int, Callable[[random.Random], bytes]]] = [
    ("aecg", 2000, lambda chance: mutated(AECG, chance)),
    ("muse", 2000, lambda chance: mutated(MUSE, chance)),
    ("aecg words", 1500, lambda chance: mutated_words(AECG, chance)),
    ("muse words", 1500, lambda chance: mutated_words(MUSE, chance)),
    ("scp", 1000, lambda chance: mutated(SCP, chance)),
    ("scp sealed", 3000, mutated_scp),
    ("philips", 250, mutated_philips),
]


@pytest.mark.parametrize(("name", "count", "make"), MUTATIONS)
def test_damaged_files_give_a_refusal_or_a_signal(
    name: str, count: int, make: Callable[[random.Random], bytes]
) -> None:
    chance = random.Random(f"vendor files {name}")
    refused = read = 0
    for _ in range(count):
        try:
            found = read_vendor_file(make(chance))
        except SourceUnreadable as fault:
            assert 0 < len(str(fault)) < 300, "no place, or too much of the file"
            refused += 1
        else:
            recording = found.recording
            assert recording.samples.dtype == np.int16 and 50 <= recording.rate_hz <= 32_000
            assert 0 < recording.nv_per_lsb <= 1_000_000
            read += 1
    assert refused + read == count
    assert refused > count // 4, "damage is hardly ever noticed"
    assert read > 0 or name == "scp", "every damage stops before the samples: this tests nothing"


def test_files_built_to_swell_stay_small() -> None:
    """The largest announcements that pass every limit, each in a file of at most a few hundred kilobytes."""
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    spans = b"".join(struct.pack("<IIB", 1, 125_000, code) for code in range(1, 9))
    leads = struct.pack("<BB", 8, 4) + spans
    rhythm = struct.pack("<HHBB8H", 2500, 2000, 2, 0, *[16_000] * 8) + bytes(16_000 * 8)
    found = read_vendor_file(sealed({2: struct.pack("<H", 19999), 3: leads, 6: rhythm}))
    assert found.recording.sample_count == 125_000
    with pytest.raises(SourceUnreadable, match="at most 120000|1 to 120000"):
        read_vendor_file(PHILIPS.replace(b'durationperchannel="11000"', b'durationperchannel="240002"'))
    with pytest.raises(SourceUnreadable, match="nested deeper"):
        read_vendor_file(b"<AnnotatedECG>" + b"<a>" * 100_000)
    with pytest.raises(SourceUnreadable, match="more than 200000"):
        read_vendor_file(b"<AnnotatedECG>" + b"<a/>" * 300_000)
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    assert grown_kb < 512 * 1024
