"""Samples of studies: packed bit for bit, sealed, and held to what was sealed."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.description import Filters
from ecg.leads import Lead
from ecg.tracing import Channel, FileKind, Tracing
from records.ecg_samples import digest_of, pack_tracing, unpack_tracing
from records.ecg_studies import SampleSeal
from records.errors import NotFound, SealBroken, StoreError, StoreReadOnly
from records.ids import EcgStudyId, ResidentId
from records.store.sealed_files import ECG_STUDIES, SealedFiles
from records.store.segment_files import RealFiles
from records.store.vault import Cipher
from tests.fakes.ecgs import a_tracing

CIPHER = Cipher(bytes(32))
ID = EcgStudyId("0190abcdef")
FILTERS = st.builds(Filters, *[st.none() | st.floats(0, 500)] * 3)


@st.composite
def tracings(draw: st.DrawFn) -> Tracing:
    count = draw(st.integers(1, 40))
    kinds = draw(st.lists(st.sampled_from([np.int16, np.int32]), min_size=1, max_size=4))
    channels = []
    for number, kind in enumerate(kinds):
        limits = np.iinfo(kind)
        values = draw(st.lists(st.integers(limits.min, limits.max), min_size=count, max_size=count))
        channels.append(
            Channel(
                name=draw(st.text(max_size=8)),
                lead=list(Lead)[number] if draw(st.booleans()) else None,
                samples=np.array(values, kind),
                nv_per_step=draw(st.floats(1e-3, 1e9)),
                zero=draw(st.floats(-1e6, 1e6)),
                filters=draw(FILTERS),
            )
        )
    return Tracing(kind=FileKind.EDF, rate_hz=draw(st.floats(1, 32_000)), channels=tuple(channels))


def same(one: Tracing, other: Tracing) -> bool:
    plain = ("kind", "rate_hz", "acquired", "device", "notes")
    pairs = zip(one.channels, other.channels, strict=True)
    return all(getattr(one, name) == getattr(other, name) for name in plain) and all(
        np.array_equal(a.samples, b.samples)
        and a.samples.dtype == b.samples.dtype
        and (a.name, a.lead, a.nv_per_step, a.zero, a.filters)
        == (b.name, b.lead, b.nv_per_step, b.zero, b.filters)
        for a, b in pairs
    )


@given(tracings())
def test_a_tracing_comes_back_bit_for_bit_and_always_as_the_same_bytes(tracing: Tracing) -> None:
    packed = pack_tracing(tracing)
    again = unpack_tracing(packed)
    assert same(tracing, again)
    assert pack_tracing(again) == packed


@given(st.binary(max_size=200))
def test_bytes_that_are_no_samples_are_refused(data: bytes) -> None:
    with pytest.raises(StoreError):
        unpack_tracing(data)


def kept(tmp_path: Path) -> tuple[SealedFiles, bytes, SampleSeal]:
    files, samples = SealedFiles(ECG_STUDIES, tmp_path / "ecgs"), pack_tracing(a_tracing())
    files.write(ID, samples, CIPHER)
    return (
        files,
        samples,
        SampleSeal(sha256=digest_of(samples), size_bytes=len(samples), resident_id=ResidentId("wang")),
    )


def test_a_sample_file_is_sealed_and_its_owners_alone(tmp_path: Path) -> None:
    files, samples, seal = kept(tmp_path)
    path = tmp_path / "ecgs" / f"{ID}.ecg"
    assert files.read(ID, seal, CIPHER) == samples
    assert samples[200:260] not in path.read_bytes()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with pytest.raises(SealBroken):
        files.read(ID, seal, Cipher(bytes(31) + b"1"))


@pytest.mark.parametrize("at", [0, 4, 10, 200, -1])
def test_a_changed_byte_is_found(tmp_path: Path, at: int) -> None:
    files, _, seal = kept(tmp_path)
    path = tmp_path / "ecgs" / f"{ID}.ecg"
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    with pytest.raises(SealBroken):
        files.read(ID, seal, CIPHER)


def test_another_ecg_of_the_same_resident_in_its_place_is_found(tmp_path: Path) -> None:
    files, _, seal = kept(tmp_path)
    other = EcgStudyId("0190abcdee")
    files.write(other, pack_tracing(a_tracing(seed=2)), CIPHER)
    (tmp_path / "ecgs" / f"{other}.ecg").replace(tmp_path / "ecgs" / f"{ID}.ecg")
    with pytest.raises(SealBroken):
        files.read(ID, seal, CIPHER)


def test_samples_sealed_anew_under_the_same_study_are_found_by_their_hash(tmp_path: Path) -> None:
    """Whoever has the key can seal: the hash in the records still tells."""
    files, _, seal = kept(tmp_path)
    files.remove(ID)
    files.write(ID, pack_tracing(a_tracing(seed=2)), CIPHER)
    with pytest.raises(SealBroken, match="not those that were kept"):
        files.read(ID, seal, CIPHER)


def test_a_file_is_never_written_over_and_one_that_is_gone_is_not_found(tmp_path: Path) -> None:
    files, samples, seal = kept(tmp_path)
    with pytest.raises(StoreReadOnly, match="File exists"):
        files.write(ID, pack_tracing(a_tracing(seed=2)), CIPHER)
    assert files.read(ID, seal, CIPHER) == samples
    files.remove(ID)
    with pytest.raises(NotFound):
        files.read(ID, seal, CIPHER)


def test_an_id_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    files, samples, _ = kept(tmp_path)
    with pytest.raises(ValueError, match="letters and digits"):
        files.write(EcgStudyId("../../master"), samples, CIPHER)


class FullDisk(RealFiles):
    """Takes nothing."""

    def sync(self, descriptor: int) -> None:
        raise OSError(28, os.strerror(28))


def test_a_disk_that_refuses_leaves_no_half_file(tmp_path: Path) -> None:
    files = SealedFiles(ECG_STUDIES, tmp_path / "ecgs", FullDisk())
    with pytest.raises(StoreReadOnly, match="No space left"):
        files.write(ID, pack_tracing(a_tracing()), CIPHER)
    assert list((tmp_path / "ecgs").iterdir()) == []
