"""A tape on disk: whole again after any crash, sealed, and nobody else's to read."""

import json
import random
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from media.rtp import write_packet
from records.errors import SealBroken, StoreError, StoreReadOnly
from records.store.segment_files import RealFiles
from records.store.tape_ends import BLOCK_BYTES, backwards
from records.store.tape_files import (
    TapeFile,
    TapeWriter,
    check_seal,
    recover,
    resume,
    scan,
    seal_of,
    tape_path,
)
from records.store.tape_fragments import DIGEST_BYTES, FIRST, MAGIC, KeyPlace, Loss, Summary
from records.store.vault import Cipher
from records.tape_records import join_records, read_record, split_records, with_loss
from tests.fakes.tapes import (
    CIPHER,
    TAPE,
    act_record,
    bytes_read,
    packet_record,
    stream_record,
    write_long_tape,
)

FRAGMENTS = (
    [stream_record(at_us=10), packet_record(1, 11, b"first", key=True), packet_record(2, 12, b"second")],
    [packet_record(5, 500, b"after a gap", lost=2), act_record(501, b'{"type":"chat_said","text":"hello"}')],
    [packet_record(6, 900, b"last", key=True)],
)


def written(path: Path, fragments: tuple[list[bytes], ...] = FRAGMENTS) -> None:
    writer = TapeWriter(path, TAPE, CIPHER)
    for records in fragments:
        writer.append(records)
    writer.close()


def packets(path: Path) -> list[bytes]:
    tape = TapeFile(path, TAPE, CIPHER)
    return [one.payload for body in tape.bodies(0, 1 << 62) for one in split_records(body) if one.kind == 2]


def test_what_was_written_is_read_byte_for_byte(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    written(path)
    assert packets(path) == [b"first", b"second", b"after a gap", b"last"]
    tape = TapeFile(path, TAPE, CIPHER)
    bodies = list(tape.bodies(400, 600))
    assert [one.sequence for one in split_records(bodies[0])] == [5]


def test_the_summaries_tell_streams_keys_losses_and_acts_without_the_bodies(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    written(path)
    first, second, third = TapeFile(path, TAPE, CIPHER).summaries()
    assert [one.participant_id for one in first.streams] == ["station"]
    assert first.keys == (KeyPlace(1, 11),) and third.keys == (KeyPlace(1, 900),)
    assert second.losses == (Loss(500, 2),)
    assert [json.loads(act.message)["text"] for act in second.acts] == ["hello"]
    assert [one.packets for one in (first, second, third)] == [{1: 2}, {1: 1}, {1: 1}]


def test_a_key_frame_tells_its_timestamp_and_a_tape_from_before_that_is_read_too(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    rtp = write_packet(102, True, 7, 0xFFFF_0001, 77, b"", b"key")
    written(path, ([stream_record(at_us=10), packet_record(7, 11, rtp, key=True)],))
    (summary,) = TapeFile(path, TAPE, CIPHER).summaries()
    assert summary.keys == (KeyPlace(1, 11, 0xFFFF_0001),)
    before = msgspec.msgpack.encode({"keys": [[1, 11]]})
    assert msgspec.msgpack.decode(before, type=Summary).keys == (KeyPlace(1, 11, None),)


def test_cut_anywhere_every_whole_fragment_before_stays_and_the_tape_goes_on(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    written(path)
    data = path.read_bytes()
    ends = [place.at + place.head.size for place in scan(path)[0]]
    for cut in [0, 1, *random.Random(3).sample(range(len(data)), 60), len(data) - 1]:
        whole = max((end for end in ends if end <= cut), default=0)
        path.write_bytes(data[:cut])
        places, digest = recover(path)
        assert len(places) == sum(end <= cut for end in ends)
        assert path.stat().st_size == whole
        path.write_bytes(data[:cut])
        assert resume(path) == (len(places), digest)
        assert path.stat().st_size == whole
    path.write_bytes(data[: ends[1] + 7])
    written(path, ([packet_record(7, 2000, b"after the crash")],))
    assert packets(path) == [b"first", b"second", b"after a gap", b"after the crash"]


def test_what_came_after_a_moment_is_taken_back_and_the_tape_goes_on_before_it(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    written(path)
    writer = TapeWriter(path, TAPE, CIPHER)
    assert writer.take_back(after_us=900) == []
    assert writer.take_back(after_us=499) == [*FRAGMENTS[1], *FRAGMENTS[2]]  # the act, too
    assert packets(path) == [b"first", b"second"]
    writer.append([packet_record(7, 498, b"in time")])
    assert packets(path) == [b"first", b"second", b"in time"]
    writer.append([with_loss(act_record(499, b"{}"), 3)])
    taken = [read_record(one) for one in writer.take_back(after_us=498)]
    assert [(one.kind, one.lost) for one in taken if one] == [(4, 3), (3, 0)]
    assert writer.take_back(after_us=0) == [*FRAGMENTS[0], packet_record(7, 498, b"in time")]
    assert path.stat().st_size == 0
    writer.close()


def test_a_long_tape_goes_on_after_its_end_alone_was_read(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    number, digest = write_long_tape(path, 2 << 30)
    torn = b"TAP1" + bytes(5000)
    with path.open("ab") as file:
        file.write(torn)
    before = bytes_read()
    writer = TapeWriter(path, TAPE, CIPHER)
    assert bytes_read() - before < 4 * BLOCK_BYTES
    head = writer.append([packet_record(3, 13)])
    writer.close()
    assert (head.number, head.previous) == (number + 1, digest)
    with path.open("rb") as file:
        found = islice(backwards(file, path.stat().st_size), 2)
        assert [one.head.number for one in found] == [number + 1, number]
    assert path.with_suffix(f".torn-{2 << 30}").read_bytes() == torn


def test_of_a_long_tape_only_the_end_is_read_to_take_back_what_came_after_a_moment(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    write_long_tape(path, 2 << 30)
    writer = TapeWriter(path, TAPE, CIPHER)
    late = packet_record(4, 6_000_000)
    writer.append([packet_record(3, 4_000_000)])
    writer.append([late])
    writer.append([packet_record(5, 4_999_999)])  # out of order
    before = bytes_read()
    assert writer.take_back(after_us=5_000_000) == [late, packet_record(5, 4_999_999)]
    assert writer.take_back(after_us=5_000_000) == []
    assert bytes_read() - before < 4 * BLOCK_BYTES
    writer.close()


def test_fragments_are_found_from_the_end_wherever_a_block_of_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tape_path(tmp_path, TAPE)
    written(path)
    places = scan(path)[0]
    for block in (*range(1, 40), 4096):
        monkeypatch.setattr("records.store.tape_ends.BLOCK_BYTES", block)
        with path.open("rb") as file:
            found = list(backwards(file, path.stat().st_size))
        assert [(one.at, one.head) for one in found] == [(one.at, one.head) for one in reversed(places)]


def test_what_looks_like_a_fragment_within_one_is_none(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    written(path)
    expected = resume(path)
    inner = MAGIC + bytes(200)
    data = path.read_bytes()
    path.write_bytes(data + inner)
    assert resume(path) == expected and path.read_bytes() == data
    path.write_bytes(inner)
    assert resume(path) == (0, FIRST) and path.stat().st_size == 0
    assert resume(tmp_path / "none.tape") == (0, FIRST) and len(FIRST) == DIGEST_BYTES


def test_one_changed_bit_ends_the_whole_part_there(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    written(path)
    data = path.read_bytes()
    ends = [place.at + place.head.size for place in scan(path)[0]]
    for place in random.Random(4).sample(range(len(data)), 80):
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        assert len(scan(path)[0]) == sum(end <= place for end in ends)


def test_no_fragment_can_be_taken_out_or_moved(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    written(path)
    data, places = path.read_bytes(), scan(path)[0]
    parts = [data[one.at : one.at + one.head.size] for one in places]
    path.write_bytes(parts[0] + parts[2])
    assert len(scan(path)[0]) == 1
    path.write_bytes(parts[1] + parts[0] + parts[2])
    assert scan(path)[0] == []


def test_the_seal_tells_a_changed_tape(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    written(path)
    seal = seal_of(path)
    assert (seal.fragments, seal.begin_us, seal.end_us) == (3, 10, 900)
    assert seal.size_bytes == path.stat().st_size and len(seal.digest) == 64
    assert check_seal(path, seal)
    written(path, ([packet_record(9, 3000)],))
    assert not check_seal(path, seal)
    path.unlink()
    assert not check_seal(path, seal)


def test_another_key_or_another_tape_opens_nothing(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE)
    written(path)
    data = path.read_bytes()
    assert b"station" not in data and b"hello" not in data and b"after a gap" not in data
    with pytest.raises(SealBroken):
        TapeFile(path, TAPE, Cipher(bytes(32))).summaries()
    with pytest.raises(SealBroken):
        list(TapeFile(path, "tape2", CIPHER).bodies(0, 1 << 62))


def test_a_disk_that_refuses_is_told_and_nothing_is_written_after(tmp_path: Path) -> None:
    class Full(RealFiles):
        def sync(self, descriptor: int) -> None:
            raise OSError(28, "No space left on device")

    writer = TapeWriter(tape_path(tmp_path, TAPE), TAPE, CIPHER, Full())
    with pytest.raises(StoreReadOnly, match="No space left"):
        writer.append(FRAGMENTS[0])
    writer.close()


def test_what_is_no_record_is_refused() -> None:
    assert read_record(b"") is None and read_record(bytes(40)) is None
    assert read_record(bytes([9]) + bytes(40)) is None
    whole = join_records([packet_record(1, 1)])
    for cut in range(1, len(whole)):
        with pytest.raises(StoreError):
            list(split_records(whole[:cut]))


def test_a_loss_is_added_to_the_next_record() -> None:
    told = read_record(with_loss(packet_record(1, 1, lost=2), 3))
    assert told is not None and told.lost == 5 and told.payload == b"packet"


@pytest.mark.parametrize("name", ["../secret", "", "a/b", "a.b", "x" * 65])
def test_a_tapes_file_stays_in_its_directory(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        tape_path(tmp_path, name)
