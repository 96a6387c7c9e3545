"""Playing and exporting a tape: the same frames as were forwarded, on one timeline."""

import io
import struct
from pathlib import Path
from typing import Any

import av
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from cloudclinic.tape_export import export
from cloudclinic.tape_library import TapeLibrary
from media.packetizer import split_annexb
from records.errors import NotFound, SealBroken, StoreError
from records.ids import ResidentId
from records.rooms import MediaKind
from records.store.tape_files import TapeFile, TapeWriter, seal_of, tape_path
from records.store.vault import Cipher
from records.tape_records import read_record
from records.tapes import Tape
from tests.cloudclinic.test_tape_recorders import TAPE
from tests.fakes.tapes import (
    CIPHER,
    KEY,
    OFFSET_US,
    SERVER_US,
    Encoded,
    act,
    bytes_read,
    h264_frames,
    opus_frames,
    packet_record,
    packets_of,
    seat,
    stream_record,
    vp8_frames,
    write_tape,
)

FRAME = struct.Struct("<IBBHIQQ")
ULTRASOUND, FACE, VOICE = 0, 1, 2


class Frame(msgspec.Struct):
    flags: int
    codec: int
    at_us: int
    capture_us: int
    data: bytes


async def cipher_of(resident_id: ResidentId) -> Cipher:
    return CIPHER


async def key_of(resident_id: ResidentId) -> bytes:
    return KEY


def shelf(directory: Path) -> tuple[TapeLibrary, Tape]:
    tape = msgspec.structs.replace(TAPE, seal=write_tape(directory), simulated=True)
    return TapeLibrary(directory, cipher_of, key_of), tape


async def frames(library: TapeLibrary, tape: Tape, track: int, begin_us: int, end_us: int) -> list[Frame]:
    body = await library.frames(tape, track, SERVER_US + begin_us, SERVER_US + end_us)
    found, at = [], 0
    while at < len(body):
        size, flags, codec, _, _, at_us, capture_us = FRAME.unpack_from(body, at)
        found.append(Frame(flags, codec, at_us - SERVER_US, capture_us, body[at + 28 : at + 28 + size]))
        at += 28 + size
    return found


async def test_a_tape_tells_its_tracks_acts_and_key_frames(tmp_path: Path) -> None:
    library, tape = shelf(tmp_path)
    contents, whole = await library.contents(tape)
    assert whole
    assert [(one.participant_id, one.kind) for one in contents.tracks] == [
        ("station", MediaKind.ULTRASOUND),
        ("chen", MediaKind.FACE),
        ("chen", MediaKind.VOICE),
    ]
    assert [at - SERVER_US for at in contents.tracks[ULTRASOUND].keys_us] == [0, 1_000_000]
    types = [act.message["type"] for act in contents.acts]
    assert types[3:] == ["pointer_moved", "picture_frozen", "chat_said"]
    assert contents.begin_us == SERVER_US and contents.losses == ()


async def test_a_tape_is_opened_and_checked_in_one_reading(tmp_path: Path) -> None:
    path = tape_path(tmp_path, TAPE.id)
    writer = TapeWriter(path, TAPE.id, CIPHER)
    for number in range(100):
        writer.append([packet_record(number, number, bytes(60_000))])
    writer.close()
    tape = msgspec.structs.replace(TAPE, seal=seal_of(path))
    before = bytes_read()
    _, whole = await TapeLibrary(tmp_path, cipher_of, key_of).contents(tape)
    assert whole and bytes_read() - before < 1.5 * path.stat().st_size


async def test_ultrasound_frames_come_back_byte_for_byte_from_the_key_frame_before(tmp_path: Path) -> None:
    library, tape = shelf(tmp_path)
    sent = h264_frames()
    found = await frames(library, tape, ULTRASOUND, 1_200_000, 1_400_000)
    assert [split_annexb(one.data) for one in found] == [split_annexb(one.data) for one in sent[25:36]]
    assert found[0].flags == 1 and found[0].codec == 2
    assert [one.at_us for one in found] == [40_000 * number for number in range(25, 36)]
    assert [one.capture_us for one in found] == [one.at_us + OFFSET_US for one in sent[25:36]]


async def test_faces_and_voices_stand_where_their_timestamps_say(tmp_path: Path) -> None:
    library, tape = shelf(tmp_path)
    faces = await frames(library, tape, FACE, 0, 2_000_000)
    assert [one.data for one in faces] == [one.data for one in vp8_frames()]
    assert [one.at_us for one in faces] == [40_000 * number for number in range(30)]
    voice = await frames(library, tape, VOICE, 0, 2_000_000)
    assert [one.data for one in voice] == [one.data for one in opus_frames()]
    assert [one.at_us for one in voice][:3] == [0, 20_000, 40_000]


HOURS_US = 5 * 3600 * 1_000_000
"""A browser's clock may be hours off; it knows how it stands to the server's."""


def pictures_of_another_clock(directory: Path, participant_id: str, *acts: bytes) -> tuple[TapeLibrary, Tape]:
    """A tape on which somebody sends the ultrasound in place of the station, stamped hours ahead."""
    frames_there = [one._replace(at_us=one.at_us + HOURS_US) for one in h264_frames()]
    stamped = packets_of(frames_there, 1, 102)
    arrived = packets_of(h264_frames(), 1, 102)
    rtp = {read.sequence: read.payload for one in stamped if (read := read_record(one))}
    packets = [
        read._replace(payload=rtp[read.sequence]).pack() for one in arrived if (read := read_record(one))
    ]
    room = {
        "participants": [
            seat("station", "station"),
            seat("zhou", "community_doctor"),
            seat("device", "station", door="ultrasound"),
        ]
    }
    began = act(SERVER_US, type="binding_began", binding_id="b1", station_id="account of station")
    told = act(SERVER_US, type="station_clock", binding_id="b1", offset_us=OFFSET_US, uncertainty_us=900)
    writer = TapeWriter(tape_path(directory, TAPE.id), TAPE.id, CIPHER)
    writer.append([act(SERVER_US, type="room_changed", room=room), began, told, *acts])
    for at in range(0, len(packets), 20):
        head = [stream_record(1, SERVER_US, participant_id=participant_id)] if at == 0 else []
        writer.append([*head, *packets[at : at + 20]])
    writer.close()
    tape = msgspec.structs.replace(TAPE, seal=seal_of(tape_path(directory, TAPE.id)))
    return TapeLibrary(directory, cipher_of, key_of), tape


async def test_a_capture_cards_pictures_stand_by_its_own_browsers_clock(tmp_path: Path) -> None:
    offset_us = HOURS_US + OFFSET_US
    clock = act(
        SERVER_US, type="publisher_clock", participant_id="zhou", offset_us=offset_us, uncertainty_us=4000
    )
    library, tape = pictures_of_another_clock(tmp_path, "zhou", clock)
    found = await frames(library, tape, ULTRASOUND, 0, 2_000_000)
    assert [one.at_us for one in found] == [40_000 * number for number in range(50)]
    assert [one.capture_us - SERVER_US - offset_us for one in found] == [one.at_us for one in found]


@pytest.mark.parametrize("participant_id", ["device", "zhou"])
async def test_pictures_of_a_clock_nobody_compared_stand_where_they_arrived(
    tmp_path: Path, participant_id: str
) -> None:
    library, tape = pictures_of_another_clock(tmp_path, participant_id)
    found = await frames(library, tape, ULTRASOUND, 0, 2_000_000)
    assert len(found) == 50
    assert all(abs(one.at_us - 40_000 * number) < 1_000 for number, one in enumerate(found))
    later = await frames(library, tape, ULTRASOUND, 1_500_000, 2_000_000)
    assert later == found[-len(later) :]  # whatever part of the tape is read


def once(frames_: list[Encoded]) -> list[Encoded]:
    """As an encoder makes them that sends its parameter sets with the first key frame alone."""
    rest = [
        one._replace(
            data=b"".join(b"\0\0\0\1" + unit for unit in split_annexb(one.data) if unit[0] & 31 not in (7, 8))
        )
        for one in frames_[1:]
    ]
    return [frames_[0], *rest]


async def test_an_encoder_that_sends_its_parameter_sets_once_is_played_from_every_key_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tape_path(tmp_path, TAPE.id)
    packets = packets_of(once(h264_frames()), 1, 102)
    writer = TapeWriter(path, TAPE.id, CIPHER)
    writer.append([stream_record(1, SERVER_US), *packets[:20]])
    for at in range(20, len(packets), 20):
        writer.append(packets[at : at + 20])
    writer.close()
    library = TapeLibrary(tmp_path, cipher_of, key_of)
    tape = msgspec.structs.replace(TAPE, seal=seal_of(path))
    for _ in range(2):  # what was found is found again
        found = await frames(library, tape, ULTRASOUND, 1_200_000, 1_400_000)
        assert found[0].flags == 1
        assert len(pictures("h264", [one.data for one in found])) == len(found) == 11
    monkeypatch.setattr("cloudclinic.tape_export.CHUNK_US", 130_000)
    out = io.BytesIO()
    assert export(TapeFile(path, TAPE.id, CIPHER), ULTRASOUND, out, False) == len(h264_frames())
    assert len(decoded(out.getvalue())) == len(h264_frames())


def decoded(data: bytes) -> list[NDArray[Any]]:
    with av.open(io.BytesIO(data)) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def pictures(codec: str, frames: list[bytes]) -> list[NDArray[Any]]:
    context = av.CodecContext.create(codec, "r")
    made = [frame for data in frames for frame in context.decode(av.Packet(data))]
    made += context.decode(None)
    return [frame.to_ndarray(format="gray") for frame in made]


@pytest.mark.parametrize(
    ("track", "codec", "head"), [(ULTRASOUND, "h264", b"ftyp"), (FACE, "vp8", b"\x1a\x45\xdf\xa3")]
)
async def test_an_exported_track_decodes_to_the_frames_that_were_forwarded(
    tmp_path: Path, track: int, codec: str, head: bytes
) -> None:
    library, tape = shelf(tmp_path)
    data = b"".join([chunk async for chunk in library.export(tape, track)])
    assert head in data[:8]
    sent = h264_frames() if codec == "h264" else vp8_frames()
    expected = pictures(codec, [one.data for one in sent])
    found = decoded(data)
    assert len(found) == len(expected) == len(sent)
    assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))
    with av.open(io.BytesIO(data)) as container:
        assert container.metadata["title"] == "SIMULATED"
        times = [float(one.pts * one.time_base) for one in container.demux(video=0) if one.pts is not None]
    assert times == pytest.approx([0.04 * number for number in range(len(sent))], abs=0.0006)


async def test_an_exported_voice_holds_the_packets_that_were_forwarded(tmp_path: Path) -> None:
    library, tape = shelf(tmp_path)
    data = b"".join([chunk async for chunk in library.export(tape, VOICE)])
    with av.open(io.BytesIO(data)) as container:
        packets = [bytes(one) for one in container.demux(audio=0) if one.size]
    assert packets == [one.data for one in opus_frames()]


@pytest.mark.parametrize("track", [ULTRASOUND, FACE, VOICE])
def test_a_long_track_is_exported_in_pieces_without_losing_or_repeating_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, track: int
) -> None:
    write_tape(tmp_path)
    monkeypatch.setattr("cloudclinic.tape_export.CHUNK_US", 130_000)
    out = io.BytesIO()
    file = TapeFile(tape_path(tmp_path, TAPE.id), TAPE.id, CIPHER)
    sent = (h264_frames(), vp8_frames(), opus_frames())[track]
    assert export(file, track, out, False) == len(sent)


async def test_a_changed_tape_says_so_and_another_key_opens_nothing(tmp_path: Path) -> None:
    library, tape = shelf(tmp_path)
    path = tape_path(tmp_path, tape.id)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 10)
    _, whole = await library.contents(tape)
    assert not whole

    async def wrong(resident_id: ResidentId) -> Cipher:
        return Cipher(bytes(32))

    with pytest.raises(SealBroken):
        await TapeLibrary(tmp_path, wrong, key_of).contents(tape)


def names(directory: Path) -> list[str]:
    return sorted(one.name for one in directory.iterdir())


async def test_a_deleted_tape_is_gone_from_the_disk_with_its_torn_ends(tmp_path: Path) -> None:
    library, tape = shelf(tmp_path)
    with tape_path(tmp_path, tape.id).open("ab") as file:
        file.write(b"torn")
    seal_of(tape_path(tmp_path, tape.id))
    assert len(names(tmp_path)) == 2
    await library.contents(tape)
    await library.delete(tape.id)
    assert names(tmp_path) == []
    with pytest.raises(NotFound):
        await library.contents(tape)
    await library.delete(tape.id)


async def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    library, tape = shelf(tmp_path)
    with pytest.raises(NotFound):
        await library.frames(tape, 9, 0, 1)
    with pytest.raises(NotFound):
        await library.contents(TAPE)


async def test_an_export_that_fails_is_no_whole_file(tmp_path: Path) -> None:
    _, tape = shelf(tmp_path)

    async def wrong(resident_id: ResidentId) -> bytes:
        return bytes(32)

    library = TapeLibrary(tmp_path, cipher_of, wrong)
    with pytest.raises(StoreError):
        [chunk async for chunk in library.export(tape, ULTRASOUND)]
