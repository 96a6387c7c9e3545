"""Damaged ultrasound files of every coding, the same for the same number."""

import random
import tempfile
from functools import cache
from pathlib import Path

from pydicom.dataset import Dataset

from tests.ecg.files.damage import damaged
from tests.ultrasound.cines import colour_bars, encapsulated, jpeg, native, saved
from tests.ultrasound.files.coding import in_run_lengths, noise, transcoded
from ultrasound.files.pixel_form import Coding


@cache
def whole(coding: Coding) -> tuple[bytes, ...]:
    """Small files of a coding: in colours and in grey."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        sets = _datasets(coding, folder)
        return tuple(saved(dataset, folder / f"{k}.dcm").read_bytes() for k, dataset in enumerate(sets))


def _datasets(coding: Coding, folder: Path) -> list[Dataset]:
    colours, grey = noise(2, 33, 47, 3), noise(2, 33, 47)
    syntax = {
        Coding.JPEG_LOSSLESS: "1.2.840.10008.1.2.4.70",
        Coding.JPEG_LS: "1.2.840.10008.1.2.4.80",
        Coding.JPEG_2000: "1.2.840.10008.1.2.4.90",
    }
    match coding:
        case Coding.NONE:
            return [native(folder, colours), native(folder, grey, "MONOCHROME2")]
        case Coding.RUN_LENGTHS:
            return [in_run_lengths(colours, "RGB"), in_run_lengths(grey, "MONOCHROME2")]
        case Coding.JPEG:
            return [encapsulated([jpeg(colour_bars())] * 2, 96, 64)]
        case _:
            return [
                transcoded(colours, "RGB", syntax[coding], folder),
                transcoded(grey, "MONOCHROME2", syntax[coding], folder),
            ]


def mutation(coding: Coding, number: int) -> bytes:
    """Mutation number `number` of a coding: one to three damages, in the header or anywhere."""
    files = whole(coding)
    data = files[number % len(files)]
    chance = random.Random(f"{coding} {number}")
    for _ in range(chance.randint(1, 3)):
        data = damaged(data, chance.randrange(1 << 60)) or data
    return data
