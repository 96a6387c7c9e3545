"""Small files of makers, and faults in them: in their bytes, in their words, inside right checksums."""

import random
import re
from pathlib import Path

from ecg.leads import INDEPENDENT_LEADS
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
