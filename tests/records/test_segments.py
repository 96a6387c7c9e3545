"""Sample files: what was acknowledged is there, what is torn is never taken for samples."""

import errno
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ecg.ranges import SampleRange
from records.errors import SealBroken, StoreReadOnly
from records.store.segment_files import RealFiles
from records.store.segment_records import HEADER_BYTES
from records.store.segments import SampleFiles
from records.store.vault import Cipher

KEY = "0123456789abcdef"
PAYLOADS = [b"first " * 3, b"second" * 2, b"third"]


def plain(_: str) -> None:
    return None


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SampleFiles]:
    opened = await SampleFiles.open(tmp_path, plain, commit_interval_s=0)
    yield opened
    await opened.close()


async def write_three(directory: Path) -> Path:
    """Three records of ten samples each in one segment; the segment's path."""
    store = await SampleFiles.open(directory, plain, commit_interval_s=0)
    for number, payload in enumerate(PAYLOADS):
        await store.append(KEY, number * 10, 10, payload)
    await store.close()
    return directory / KEY / "00000001.seg"


async def read_all(directory: Path) -> tuple[int, list[bytes]]:
    store = await SampleFiles.open(directory, plain)
    try:
        return store.contiguous_end(KEY), await store.read(KEY, 0, 1000)
    finally:
        await store.close()


async def test_what_was_acknowledged_is_there_after_opening_again(tmp_path: Path) -> None:
    await write_three(tmp_path)
    assert await read_all(tmp_path) == (30, PAYLOADS)


async def test_a_range_gives_the_payloads_that_touch_it(store: SampleFiles) -> None:
    for first in (0, 10, 20, 30):
        await store.append(KEY, first, 10, b"from %d" % first)
    assert await store.read(KEY, 10, 1) == [b"from 10"]
    assert await store.read(KEY, 19, 2) == [b"from 10", b"from 20"]
    assert await store.read(KEY, 40, 100) == []


async def test_gaps_are_told_and_filled_in_any_order(store: SampleFiles) -> None:
    await store.append(KEY, 0, 10, b"a")
    await store.append(KEY, 30, 10, b"d")
    assert store.contiguous_end(KEY) == 10
    assert store.missing(KEY) == (SampleRange(10, 20),)
    await store.append(KEY, 10, 20, b"bc")
    assert store.contiguous_end(KEY) == 40
    assert store.missing(KEY) == ()
    assert await store.read(KEY, 0, 40) == [b"a", b"bc", b"d"]


async def test_a_repeat_is_acknowledged_and_stored_once(store: SampleFiles, tmp_path: Path) -> None:
    await store.append(KEY, 0, 10, b"once")
    size = (tmp_path / KEY / "00000001.seg").stat().st_size
    await store.append(KEY, 0, 10, b"once")
    await store.append(KEY, 3, 4, b"a part of it")
    assert (tmp_path / KEY / "00000001.seg").stat().st_size == size
    assert await store.read(KEY, 0, 10) == [b"once"]


async def test_a_note_is_kept_once_beside_the_samples(tmp_path: Path) -> None:
    store = await SampleFiles.open(tmp_path, plain, commit_interval_s=0)
    for _ in range(2):
        await store.append(KEY, 0, 0, b"what the stream is")
    await store.append(KEY, 0, 10, b"samples")
    await store.append(KEY, 5, 0, b"its end")
    assert await store.read(KEY, 0, 10) == [b"samples"]
    await store.close()
    again = await SampleFiles.open(tmp_path, plain)
    assert await again.notes(KEY) == [b"what the stream is", b"its end"]
    assert await again.read(KEY, 0, 10) == [b"samples"]
    await again.close()


async def test_every_truncation_leaves_exactly_the_whole_records(tmp_path: Path) -> None:
    segment = await write_three(tmp_path)
    whole = segment.read_bytes()
    ends = [0]
    for payload in PAYLOADS:
        ends.append(ends[-1] + HEADER_BYTES + len(payload))
    for length in range(len(whole)):
        for torn in segment.parent.glob("*.torn-*"):
            torn.unlink()
        segment.write_bytes(whole[:length])
        valid = sum(end <= length for end in ends[1:])
        assert await read_all(tmp_path) == (10 * valid, PAYLOADS[:valid])
        assert segment.stat().st_size == ends[valid]
        assert sum(torn.stat().st_size for torn in segment.parent.glob("*.torn-*")) == length - ends[valid]


async def test_every_flipped_bit_leaves_exactly_the_records_before_it(tmp_path: Path) -> None:
    segment = await write_three(tmp_path)
    whole = segment.read_bytes()
    ends = [HEADER_BYTES + len(PAYLOADS[0])]
    for payload in PAYLOADS[1:]:
        ends.append(ends[-1] + HEADER_BYTES + len(payload))
    for bit in range(8 * len(whole)):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        segment.write_bytes(flipped)
        valid = sum(end <= bit // 8 for end in ends)
        assert await read_all(tmp_path) == (10 * valid, PAYLOADS[:valid]), f"bit {bit}"


async def test_records_of_another_stream_are_never_taken_for_ones_own(tmp_path: Path) -> None:
    segment = await write_three(tmp_path)
    (tmp_path / "another").mkdir()
    segment.rename(tmp_path / "another" / segment.name)
    store = await SampleFiles.open(tmp_path, plain)
    assert store.contiguous_end("another") == 0
    await store.close()


async def test_sealed_files_hold_no_plaintext_and_open_with_their_key_only(tmp_path: Path) -> None:
    key, payload = Cipher(b"k" * 32), b"a resident's heart" * 4
    store = await SampleFiles.open(tmp_path, lambda _: key, commit_interval_s=0)
    await store.append(KEY, 0, 10, payload)
    assert await store.read(KEY, 0, 10) == [payload]
    await store.close()
    assert b"resident" not in (tmp_path / KEY / "00000001.seg").read_bytes()
    other = await SampleFiles.open(tmp_path, lambda _: Cipher(b"x" * 32))
    with pytest.raises(SealBroken):
        await other.read(KEY, 0, 10)
    await other.close()


class FullDisk(RealFiles):
    """A disk with room for so many bytes; the write that does not fit is torn."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, descriptor: int, data: bytes) -> None:
        taken = data[: self.room]
        super().write(descriptor, taken)
        self.room -= len(taken)
        if len(taken) < len(data):
            raise OSError(errno.ENOSPC, "No space left on device")


class BrokenSync(RealFiles):
    """A disk that takes writes and cannot sync them."""

    def sync(self, descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")


async def test_a_full_disk_makes_the_store_read_only_and_acknowledges_nothing(tmp_path: Path) -> None:
    store = await SampleFiles.open(tmp_path, plain, FullDisk(100), commit_interval_s=0)
    await store.append(KEY, 0, 10, b"x" * 20)
    with pytest.raises(StoreReadOnly, match="No space left"):
        await store.append(KEY, 10, 10, b"y" * 50)
    with pytest.raises(StoreReadOnly):
        await store.append(KEY, 20, 10, b"z")
    with pytest.raises(StoreReadOnly):
        await store.append(KEY, 10, 10, b"y" * 50)
    assert store.read_only
    assert store.contiguous_end(KEY) == 10
    assert await store.read(KEY, 0, 100) == [b"x" * 20]
    await store.close()
    assert await read_all(tmp_path) == (10, [b"x" * 20])


async def test_a_failed_sync_is_never_tried_again(tmp_path: Path) -> None:
    store = await SampleFiles.open(tmp_path, plain, BrokenSync(), commit_interval_s=0)
    for _ in range(2):
        with pytest.raises(StoreReadOnly, match="Input/output error"):
            await store.append(KEY, 0, 10, b"x")
    assert store.contiguous_end(KEY) == 0
    await store.close()


async def test_a_segment_is_closed_at_one_mebibyte(store: SampleFiles, tmp_path: Path) -> None:
    for number in range(5):
        await store.append(KEY, number, 1, bytes([number]) * 300_000)
    sizes = [path.stat().st_size for path in sorted((tmp_path / KEY).iterdir())]
    assert len(sizes) == 2 and max(sizes) <= 1 << 20
    assert [payload[0] for payload in await store.read(KEY, 0, 5)] == [0, 1, 2, 3, 4]


async def test_what_is_removed_is_gone_from_the_disk(store: SampleFiles, tmp_path: Path) -> None:
    await store.append(KEY, 0, 10, b"delivered")
    await store.remove(KEY)
    assert not (tmp_path / KEY).exists()
    assert store.contiguous_end(KEY) == 0 and store.keys() == ()


@pytest.mark.parametrize("key", ["", "../elsewhere", "a/b", "a" * 65, "å"])
async def test_a_key_that_could_leave_the_directory_is_refused(store: SampleFiles, key: str) -> None:
    with pytest.raises(ValueError):
        await store.append(key, 0, 1, b"")


class CountingSyncs(RealFiles):
    """Counts how often the disk was asked to sync."""

    syncs = 0

    def sync(self, descriptor: int) -> None:
        self.syncs += 1
        super().sync(descriptor)


async def test_appends_that_come_together_share_one_sync(tmp_path: Path) -> None:
    files = CountingSyncs()
    store = await SampleFiles.open(tmp_path, plain, files)
    await store.append(KEY, 0, 1, b"alone")
    assert files.syncs == 1
    futures = [store.append_soon(KEY, 1 + number, 1, b"with others") for number in range(40)]
    for future in futures:
        await future
    assert files.syncs == 2
    await store.close()
