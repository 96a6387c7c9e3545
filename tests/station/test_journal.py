"""The journal: sealed, owned by one station, cleaned only of what the server has had for ten minutes."""

import time
from pathlib import Path

import numpy as np
import pytest

from ecg import wire
from ecg.ranges import SampleRange
from ecg.synthetic import SyntheticEcg
from records.errors import KeyMissing, StoreLocked
from records.ids import BindingId
from station import ecg_stream
from station.delivery import SILENT_US, WINDOW, Delivery
from station.ecg_stream import Anchor, EcgStream
from station.journal import KEPT_S, Journal

BINDING = BindingId("binding")
START_US = 1_790_000_000_000_000


async def filled(directory: Path, seconds: float) -> Journal:
    """A journal with one ended stream of so many seconds."""
    journal, source = await Journal.open(directory), SyntheticEcg()
    about = ecg_stream.describe(source, BINDING, START_US, None)
    await journal.begin(BINDING, wire.Meta(stream_id=7, description=about))
    stream = EcgStream(source, 7, Anchor(0, START_US))
    for piece in stream.pieces(START_US + round(seconds * 1e6)):
        journal.add(BINDING, piece)
    await journal.finish(BINDING)
    return journal


async def test_one_station_has_the_directory(tmp_path: Path) -> None:
    journal = await Journal.open(tmp_path)
    with pytest.raises(StoreLocked):
        await Journal.open(tmp_path)
    await journal.close()
    await (await Journal.open(tmp_path)).close()


async def test_samples_are_sealed_under_a_key_only_its_owner_reads(tmp_path: Path) -> None:
    journal = await filled(tmp_path, 1)
    await journal.close()
    assert (tmp_path / "journal.key").stat().st_mode & 0o077 == 0
    stored = b"".join(path.read_bytes() for path in (tmp_path / "streams").rglob("*.seg"))
    assert b"E1" + bytes([wire.PacketType.WAVE]) not in stored and b"rate_hz" not in stored
    (tmp_path / "journal.key").write_text("no key")
    with pytest.raises(KeyMissing):
        await Journal.open(tmp_path)


async def test_what_is_delivered_stays_ten_minutes_and_what_is_not_stays(tmp_path: Path) -> None:
    journal = await filled(tmp_path, 1)
    assert await journal.unfinished() == (BINDING,)
    await journal.clean(lambda: time.time() + 2 * KEPT_S)
    assert await journal.meta(BINDING) is not None
    await journal.delivered(BINDING)
    assert await journal.unfinished() == ()
    await journal.clean(lambda: time.time() + KEPT_S - 60)
    assert await journal.meta(BINDING) is not None
    await journal.clean(lambda: time.time() + KEPT_S + 60)
    assert await journal.meta(BINDING) is None
    assert list((tmp_path / "streams").iterdir()) == []
    await journal.close()


class Receiver:
    """Takes packets and answers when told to."""

    def __init__(self) -> None:
        self.packets: list[wire.Packet] = []
        self.now_us = START_US + 10**9

    def send(self, packet: bytes) -> None:
        self.packets.append(wire.decode(packet))

    def have(self, end: int) -> wire.Have:
        return wire.Have(stream_id=7, end=end)

    def waves(self) -> list[wire.Wave]:
        return [packet for packet in self.packets if isinstance(packet, wire.Wave)]


async def test_delivery_goes_on_where_the_server_says_and_keeps_to_its_window(tmp_path: Path) -> None:
    journal, receiver = await filled(tmp_path, 40), Receiver()
    delivery = Delivery(journal, BINDING, lambda: receiver.now_us, receiver.send)
    await delivery.begin()
    await delivery.step()
    assert [type(packet) for packet in receiver.packets] == [wire.Meta]
    delivery.take_have(receiver.have(1234))
    await delivery.step()
    waves = receiver.waves()
    assert len(waves) == WINDOW and waves[0].first_index == 1234
    assert [wave.first_index for wave in waves[1:]] == [wave.end_index for wave in waves[:-1]]
    assert all(wave.flags & wire.Flag.BACKFILL for wave in waves)
    while not delivery.done:
        delivery.take_have(receiver.have(receiver.waves()[-1].end_index))
        await delivery.step()
    samples = np.concatenate([wave.samples for wave in receiver.waves()], axis=1)
    np.testing.assert_array_equal(samples, SyntheticEcg().samples(1234, 20_000 - 1234))
    assert isinstance(receiver.packets[-1], wire.End) and receiver.packets[-1].total == 20_000
    await journal.close()


async def test_what_the_server_needs_again_is_sent_again(tmp_path: Path) -> None:
    journal, receiver = await filled(tmp_path, 1), Receiver()
    delivery = Delivery(journal, BINDING, lambda: receiver.now_us, receiver.send)
    await delivery.begin()
    delivery.take_have(receiver.have(0))
    await delivery.step()
    delivery.take_need(wire.Need(stream_id=7, ranges=(SampleRange(100, 50),)))
    await delivery.step()
    assert receiver.waves()[-1].first_index == 100
    await journal.close()


async def test_a_server_that_stays_silent_is_told_from_the_beginning_again(tmp_path: Path) -> None:
    journal, receiver = await filled(tmp_path, 1), Receiver()
    delivery = Delivery(journal, BINDING, lambda: receiver.now_us, receiver.send)
    await delivery.begin()
    delivery.take_have(receiver.have(0))
    await delivery.step()
    receiver.now_us += SILENT_US + 1
    receiver.packets.clear()
    await delivery.step()
    assert [type(packet) for packet in receiver.packets] == [wire.Meta]
    assert not delivery.done
    await journal.close()
