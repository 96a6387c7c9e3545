"""One door to four kinds, and thousands of damaged files through it: a refusal or a signal, never a crash."""

import random
import re
import resource
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecg.errors import SourceUnreadable
from ecg.leads import INDEPENDENT_LEADS
from ecg.vendor_files.found import VendorFormat
from ecg.vendor_files.reading import read_vendor_file, vendor_format
from tests.ecg.vendor_files.scp_writer import ScpWriter, WrittenBeat, sealed
from tests.ecg.vendor_files.xml_writers import AecgSeries, MuseWaveform, aecg, muse

PHILIPS = (Path(__file__).parents[2] / "data" / "ecg" / "philips" / "heartstart-mrx-1.03.xml").read_bytes()
VALUES = [0, 1, -2, 9, 300, 290, 200, 40, 8, 0, 0, 1]
ROWS = {str(lead): VALUES for lead in INDEPENDENT_LEADS}
AECG = aecg(AecgSeries({name.upper(): row for name, row in ROWS.items()}))
MUSE = muse(MuseWaveform(ROWS, kind="Median"), MuseWaveform(ROWS, crc=False))
SCP_WRITER = ScpWriter(
    {code: [5, 1, -2, 9, 300, 290, 200, 40, 8] for code in range(1, 9)},
    interval_us=8000,
    differences=2,
    bimodal=True,
    subtracted=True,
    spans={code: (1, 24) for code in range(1, 9)},
    beats=[WrittenBeat(9, 10, 13, (9, 13))],
    beat_rows={code: [1, 40, -20, 3, 0] for code in range(1, 9)},
)
SCP = SCP_WRITER.data()


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


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four faults: changed, cut, doubled, taken out, a number pushed to its limits."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(out)) if out else 0
        fault = chance.randrange(6)
        if fault == 0 and out:
            out[at] = chance.randrange(256)
        elif fault == 1:
            del out[at:]
        elif fault == 2:
            del out[at : at + chance.randint(1, 40)]
        elif fault == 3:
            out[at:at] = out[max(0, at - chance.randint(1, 40)) : at]
        elif fault == 4:
            out[at : at + 2] = chance.choice([b"\0\0", b"\xff\xff", b"\xff\x7f", b"9e", b"99", b"-0"])
        elif out:
            out[at] ^= 1 << chance.randrange(8)
    return bytes(out)


def mutated_scp(chance: random.Random) -> bytes:
    """An SCP-ECG file with faults inside its sections and right checksums, so that the decoder meets them."""
    bodies = SCP_WRITER.sections()
    for number in chance.sample(sorted(bodies), chance.randint(1, 2)):
        bodies[number] = mutated(bodies[number], chance)
    return sealed(bodies)


def mutated_philips(chance: random.Random) -> bytes:
    """A Philips file with faults in its samples or in what says how to read them."""
    begin = PHILIPS.index(b"<signalcharacteristics>"), PHILIPS.index(b"<parsedwaveforms")
    end = PHILIPS.index(b"</signalcharacteristics>"), PHILIPS.index(b"</parsedwaveforms>")
    part = chance.randrange(2)
    inside = mutated(PHILIPS[begin[part] : end[part]], chance)
    return PHILIPS[: begin[part]] + inside + PHILIPS[end[part] :]


NUMBER = re.compile(rb'(?<=[">])[^<>"]{1,60}(?=["<])')
ODD_WORDS = (
    b"",
    b"0",
    b"-1",
    b"1e12",
    b"1e-12",
    b"9" * 12,
    b"0.0005",
    b"nan",
    b"1 2",
    b"&amp;",
    b"&x;",
    b"V1",
    b"ms",
)


def mutated_words(data: bytes, chance: random.Random) -> bytes:
    """XML with up to three attributes or texts exchanged: the XML stays right and its sense does not."""
    for _ in range(chance.randint(1, 3)):
        word = chance.choice(list(NUMBER.finditer(data)))
        data = data[: word.start()] + chance.choice(ODD_WORDS) + data[word.end() :]
    return data


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
