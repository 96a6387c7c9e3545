"""The station against a server: every sample arrives once, in the right binding, whatever the line does."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from ecg import wire
from ecg.digest import StreamDigest
from ecg.leads import MISSING
from ecg.synthetic import SyntheticEcg
from records.rooms import Encoding, GivenUp, MediaKind
from signaling import station_messages as s
from signaling.messages import DemoFault, DeviceState, IceServer
from tests.fakes.station_server import FakeMediaRoom, FakeStationServer, KeptStream
from tests.station.running import running_station, settings_for


def assert_equals_source(stream: KeptStream) -> None:
    """Sample by sample what the synthetic source gives from index 0 on, each exactly once."""
    assert stream.meta is not None
    source = SyntheticEcg(started_us=stream.meta.description.started_us)
    end = stream.have.contiguous_end
    assert stream.arrived() == end == stream.have.end
    np.testing.assert_array_equal(stream.samples(), source.samples(0, end))


async def test_a_bound_station_delivers_its_ecg_and_its_end(tmp_path: Path) -> None:
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, ecg="synthetic")),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        assert server.streams == {}
        await server.bind_to("first", 11)
        await server.until(lambda: server.samples_of(11) > 500)
        await server.release()
        await server.until(lambda: any(m.delivered for m in server.of_type(s.StationReleased)))
        stream = server.streams[11]
        assert_equals_source(stream)
        digest = StreamDigest()
        digest.add(stream.samples())
        assert stream.end is not None and stream.end.total == stream.have.end
        assert stream.end.sha256 == digest.sha256()


async def test_while_the_line_is_cut_nothing_is_lost_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, ecg="synthetic")),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        await server.until(lambda: server.samples_of(11) > 100)
        await server.send(s.StationFault(fault=DemoFault.CABLE_OUT_10_S))
        await server.until(lambda: server.connections == 2)
        cut_at = server.samples_of(11)
        await server.until(lambda: server.samples_of(11) > cut_at + 400)
        assert_equals_source(server.streams[11])


async def test_the_next_resident_bound_during_the_cut_gets_nothing_of_the_one_before(tmp_path: Path) -> None:
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, ecg="synthetic")),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        await server.until(lambda: server.samples_of(11) > 100)
        await server.pull_out()
        await server.bind_to("second", 21, tell=False)
        await server.plug_in()
        await server.until(lambda: server.samples_of(21) > 200 and server.streams[11].end is not None)
        first, second = server.streams[11], server.streams[21]
        assert_equals_source(first)
        assert_equals_source(second)
        assert first.meta is not None and second.meta is not None
        rate_hz = first.meta.description.rate_hz
        last_of_first_us = first.meta.description.started_us + first.have.end / rate_hz * 1e6
        assert second.meta.description.started_us >= last_of_first_us
        assert (first.meta.description.session, second.meta.description.session) == ("first", "second")


async def test_samples_kept_over_a_restart_are_delivered_to_their_own_binding(tmp_path: Path) -> None:
    async with FakeStationServer() as server:
        settings = settings_for(server, tmp_path, ecg="synthetic")
        server.acknowledges = False
        async with running_station(settings):
            await server.until(lambda: server.of_type(s.StationHello))
            await server.bind_to("first", 11)
            await server.until(lambda: server.of_type(s.StationFigures))
        assert server.of_type(s.StationFigures)[0].undelivered_samples
        server.acknowledges, server.bind = True, None
        server.streams.clear()
        async with running_station(settings):
            await server.until(lambda: any(m.delivered for m in server.of_type(s.StationReleased)))
        assert server.of_type(s.StationHello)[1].unfinished == ("first",)
        assert_equals_source(server.streams[11])
        assert server.streams[11].end is not None


async def test_a_station_started_again_goes_on_with_its_binding_over_a_gap(tmp_path: Path) -> None:
    async with FakeStationServer() as server:
        settings = settings_for(server, tmp_path, ecg="synthetic")
        async with running_station(settings):
            await server.until(lambda: server.of_type(s.StationHello))
            await server.bind_to("first", 11)
            await server.until(lambda: server.samples_of(11) > 200)
        before = server.samples_of(11)
        async with running_station(settings):
            await server.until(lambda: server.samples_of(11) > before + 500)
        stream = server.streams[11]
        assert stream.meta is not None
        source = SyntheticEcg(started_us=stream.meta.description.started_us).samples(0, stream.have.end)
        samples = stream.samples()
        missing = (samples == MISSING).all(axis=0)
        np.testing.assert_array_equal(samples[:, ~missing], source[:, ~missing])
        assert 0 < missing.sum() < stream.have.end
        assert stream.arrived() == stream.have.contiguous_end == stream.have.end


async def test_a_broken_source_names_itself_and_the_other_goes_on(tmp_path: Path) -> None:
    settings = {"ultrasound": f"dicom:{tmp_path / 'lost.dcm'}", "ecg": "synthetic"}
    async with FakeStationServer() as server, running_station(settings_for(server, tmp_path, **settings)):
        await server.until(lambda: server.of_type(s.StationHello))
        hello = server.of_type(s.StationHello)[0]
        assert (hello.ultrasound, hello.ecg) == (DeviceState.FAILED, DeviceState.READY)
        assert hello.device_error.startswith("ultrasound: lost.dcm")
        await server.bind_to("first", 11)
        await server.until(lambda: server.samples_of(11) > 100)
        devices = server.of_type(s.StationDevices)[-1]
        assert (devices.ultrasound, devices.ecg) == (DeviceState.FAILED, DeviceState.RUNNING)


async def test_live_pictures_and_samples_go_to_the_publisher_while_it_is_bound(tmp_path: Path) -> None:
    media = FakeMediaRoom()
    settings = {"ultrasound": "synthetic", "ecg": "synthetic"}
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, **settings), media),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        publish = {"0": MediaKind.ULTRASOUND, "1": MediaKind.ECG}
        relay = IceServer(urls=("turn:turn.example",), username="1:p1", credential="secret")
        offer = s.StationMediaOffer(
            binding_id=server.bind.binding_id,
            peer_id="p1",
            sdp="v=0",
            publish=publish,
            ice_servers=(relay,),
        )
        await server.send(offer)
        await server.until(lambda: server.of_type(s.StationFigures))
        assert server.of_type(s.StationAnswerMedia)[0].sdp == "answer to v=0"
        assert media.relays == [(relay,)]
        publisher = media.publishers[0]
        live = [wire.decode(packet) for packet, _ in publisher.ecg]
        assert all(packet.flags & wire.Flag.SIMULATED for packet in live)
        assert all(packet.stream_id == 11 for packet in live)
        figures = server.of_type(s.StationFigures)[0]
        assert figures.captured_fps == pytest.approx(30, rel=0.3)
        assert figures.encode_ms is not None and publisher.frames
        await server.release()
        await server.until(lambda: server.of_type(s.StationReleased))
        assert publisher.closed


async def test_which_part_of_the_picture_is_sent_is_told_at_every_change_and_with_every_offer(
    tmp_path: Path,
) -> None:
    media = FakeMediaRoom()
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, ultrasound="synthetic", ecg="synthetic"), media),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        offer = s.StationMediaOffer(
            binding_id=server.bind.binding_id,
            peer_id="p1",
            sdp="v=0",
            publish={"0": MediaKind.ULTRASOUND, "1": MediaKind.ECG},
        )
        await server.send(offer)
        await server.until(lambda: server.of_type(s.StationPicture))
        told = server.of_type(s.StationPicture)[0]
        assert (told.part.captured_width, told.part.captured_height) == (640, 480)
        assert (told.part.width, told.part.sent_width, told.given_up) == (640, 640, ())
        media.publishers[0].target_bitrate(1_000_000)
        await server.until(lambda: server.of_type(s.StationPicture)[-1].given_up)
        assert server.of_type(s.StationPicture)[-1].given_up == (GivenUp.ULTRASOUND_COARSE,)
        before = len(server.of_type(s.StationPicture))
        await server.send(msgspec.structs.replace(offer, peer_id="p2"))
        await server.until(lambda: len(server.of_type(s.StationPicture)) > before)
        assert server.of_type(s.StationPicture)[-1] == server.of_type(s.StationPicture)[before - 1]


async def test_an_offer_for_another_binding_is_not_answered(tmp_path: Path) -> None:
    media = FakeMediaRoom()
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, ecg="synthetic"), media),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.send(s.StationMediaOffer(binding_id="other", peer_id="p1", sdp="v=0", publish={}))
        await server.bind_to("first", 11)
        await server.until(lambda: server.samples_of(11) > 50)
        assert media.publishers == []


async def test_an_electrode_that_came_off_leaves_its_lead_missing_and_says_so(tmp_path: Path) -> None:
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, ecg="synthetic")),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        await server.send(s.StationFault(fault=DemoFault.V2_OFF))
        await server.until(
            lambda: any(w.electrodes_off for w in server.streams[11].waves) if server.streams else 0
        )
        await server.send(s.StationFault(fault=DemoFault.V2_ON))
        await server.until(lambda: not server.streams[11].waves[-1].electrodes_off)
        off = [wave for wave in server.streams[11].waves if wave.electrodes_off]
        for wave in off:
            assert wave.electrodes_off == wire.Electrode.V2 and wave.unusable == 1 << 7
            assert (wave.samples[7] == MISSING).all() and (wave.samples[:7] != MISSING).all()


async def test_the_clock_offset_is_measured_and_told(tmp_path: Path) -> None:
    async with FakeStationServer() as server, running_station(settings_for(server, tmp_path)):
        await server.until(lambda: len(server.of_type(s.StationProbeClock)) >= 2)
        probe = server.of_type(s.StationProbeClock)[1]
        assert probe.offset_us == pytest.approx(-5_000_000, abs=50_000)
        assert 0 <= probe.uncertainty_us <= 50_000


async def test_a_second_encoding_is_made_of_the_same_pictures_only_while_it_is_wanted(
    tmp_path: Path,
) -> None:
    media = FakeMediaRoom()
    async with (
        FakeStationServer() as server,
        running_station(settings_for(server, tmp_path, ultrasound="synthetic", ecg="synthetic"), media),
    ):
        await server.until(lambda: server.of_type(s.StationHello))
        await server.bind_to("first", 11)
        publish = {"0": MediaKind.ULTRASOUND, "1": MediaKind.ECG, "2": MediaKind.ULTRASOUND}
        offer = s.StationMediaOffer(
            binding_id=server.bind.binding_id, peer_id="p1", sdp="v=0", publish=publish
        )
        await server.send(offer)
        await server.until(lambda: server.of_type(s.StationPicture))
        publisher = media.publishers[0]
        await server.until(lambda: len(publisher.frames) > 10)
        assert publisher.reduced == []

        publisher.reduced_bitrate(500_000)
        await server.until(lambda: len(publisher.reduced) > 10)
        before = len(publisher.reduced)
        assert begins_key_frame(publisher.reduced[0][0])
        assert not any(begins_key_frame(annexb) for annexb, _ in publisher.reduced[1:before])
        whole, coarse = server.of_type(s.StationPicture)[0], server.of_type(s.StationPicture)[-1]
        assert (whole.encoding, whole.given_up) == (Encoding.MAIN, ())
        assert coarse.encoding is Encoding.REDUCED and GivenUp.ULTRASOUND_COARSE in coarse.given_up
        assert coarse.since_us == publisher.reduced[0][1]  # told of the very first
        captured = {capture_us for _, capture_us in publisher.frames}
        both = [capture_us for _, capture_us in publisher.reduced[:before] if capture_us in captured]
        assert len(both) >= before - 2  # of one instant the one may be there before the other
        publisher.reduced_key_frame_wanted()
        await server.until(lambda: any(begins_key_frame(one) for one, _ in publisher.reduced[before:]))

        publisher.reduced_bitrate(0)
        ended, sent = len(publisher.reduced), len(publisher.frames)
        await server.until(lambda: len(publisher.frames) > sent + 10)
        assert len(publisher.reduced) == ended
        publisher.reduced_bitrate(800_000)
        await server.until(lambda: len(publisher.reduced) > ended + 5)
        assert begins_key_frame(publisher.reduced[ended][0])

        await server.send(msgspec.structs.replace(offer, peer_id="p2"))  # another path: it has not asked
        await server.until(lambda: len(media.publishers) == 2 and len(media.publishers[1].frames) > 10)
        assert media.publishers[1].reduced == []
        await server.release()
        await server.until(lambda: server.of_type(s.StationReleased))


def begins_key_frame(annexb: bytes) -> bool:
    return annexb.startswith(b"\0\0\0\1\x67")  # the sequence's parameters
