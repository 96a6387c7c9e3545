"""The hash of a stream does not depend on how it was cut."""

import hashlib

import numpy as np

from ecg.digest import StreamDigest

SAMPLES = np.array([[1, -2, 3], [256, -32768, 7]], np.int16)


def test_hashed_are_the_leads_of_each_index_in_turn_little_endian() -> None:
    digest = StreamDigest()
    digest.add(SAMPLES)
    assert digest.sha256() == hashlib.sha256(bytes.fromhex("01000001feff008003000700")).digest()
    assert digest.total == 3


def test_the_cut_does_not_matter() -> None:
    whole, cut = StreamDigest(), StreamDigest()
    whole.add(SAMPLES)
    cut.add(SAMPLES[:, :1])
    cut.add(SAMPLES[:, 1:])
    assert whole.sha256() == cut.sha256()
