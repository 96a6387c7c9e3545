"""Clients that offer themselves (WHIP, WHEP): their SDP, and FFmpeg's own muxer as one nobody here wrote."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from media.api import WorkerProcess
from media.errors import SdpRefused
from media.foreign import read_foreign_offer, write_foreign_answer
from media.layout import Codec, Extension
from media.offer import LocalTransport, SendingSsrcs
from media.sdp import read_sections
from records.accounts import Role
from records.rooms import GRANTS, MediaKind
from tests.fakes.door import Door
from tests.media.test_call import ULTRASOUND, view

FINGERPRINT = ":".join(["AB"] * 32)
TRANSPORT = LocalTransport("ours", "o" * 24, FINGERPRINT, (("192.0.2.7", 5000),))


def offer(*lines: str, session: str = "", setup: str = "actpass") -> str:
    head = f"v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\na=ice-ufrag:thei\na=ice-pwd:{'t' * 22}\n"
    return head + f"a=fingerprint:sha-256 {FINGERPRINT}\na=setup:{setup}\n{session}" + "".join(lines)


def video(direction: str = "sendonly", mid: str = "v", profile: str = "42c01f", more: str = "") -> str:
    return (
        f"m=video 9 UDP/TLS/RTP/SAVPF 106 105\na=mid:{mid}\na={direction}\na=rtcp-mux\n"
        f"a=rtpmap:106 H264/90000\na=fmtp:106 packetization-mode=1;profile-level-id={profile}\n"
        f"a=rtpmap:105 rtx/90000\na=fmtp:105 apt=106\n{more}"
    )


def audio(direction: str = "sendonly", mid: str = "a") -> str:
    head = f"m=audio 9 UDP/TLS/RTP/SAVPF 120\na=mid:{mid}\na={direction}\n"
    return head + "a=rtcp-mux\na=rtpmap:120 opus/48000/2\n"


def test_the_clients_own_numbers_are_kept() -> None:
    extensions = "a=extmap:7 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:200 urn:unknown\n"
    read = read_foreign_offer(offer(video(more=extensions)), True, [MediaKind.ULTRASOUND])
    (agreed,) = read.remote.lines
    assert agreed.payload_types == {Codec.H264_CB: 106} and agreed.rtx_types == {106: 105}
    assert agreed.extension_ids == {Extension.MID: 7} and agreed.line.mid == "v"
    answer = write_foreign_answer(read, TRANSPORT, {}, "cname")
    (session, line) = read_sections(answer)
    assert session.has("ice-lite") and line.one("setup") == "passive" and line.has("recvonly")
    assert line.payload_types == (106, 105) and line.one("mid") == "v"
    assert line.one("candidate") == "1 1 udp 2130706431 192.0.2.7 5000 typ host"
    assert "106 packetization-mode=1;profile-level-id=42c01f" in line.values("fmtp")


@pytest.mark.parametrize(
    ("setup", "answered"), [("actpass", "passive"), ("active", "passive"), ("passive", "active")]
)
def test_the_dtls_role_is_the_one_that_is_left(setup: str, answered: str) -> None:
    read = read_foreign_offer(offer(video(), setup=setup), True, [MediaKind.ULTRASOUND])
    assert read.remote.dtls_client is (answered == "passive")
    assert read_sections(write_foreign_answer(read, TRANSPORT, {}, "c"))[1].one("setup") == answered


def test_what_is_not_asked_for_is_rejected_in_its_place() -> None:
    both = offer(audio(), video(), session="a=group:BUNDLE a v\n")
    read = read_foreign_offer(both, True, [MediaKind.ULTRASOUND])
    first, second = read_sections(write_foreign_answer(read, TRANSPORT, {}, "c"))[1:]
    assert (first.media, first.port, second.port) == ("audio", 0, 9)
    assert read_sections(write_foreign_answer(read, TRANSPORT, {}, "c"))[0].one("group") == "BUNDLE v"


def test_a_viewer_is_told_the_streams_it_gets() -> None:
    wanted = offer(video("recvonly"), audio("recvonly"), session="a=group:BUNDLE v a\n")
    read = read_foreign_offer(wanted, False, [MediaKind.ULTRASOUND, MediaKind.VOICE])
    assert [line.kind for line in read.lines] == [MediaKind.ULTRASOUND, MediaKind.VOICE]
    ssrcs = {"v": SendingSsrcs(11, 12), "a": SendingSsrcs(13, None)}
    picture, sound = read_sections(write_foreign_answer(read, TRANSPORT, ssrcs, "c"))[1:]
    assert picture.has("sendonly") and "FID 11 12" in picture.values("ssrc-group")
    assert sound.values("ssrc") == ["13 cname:c"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "v=0"),
        (offer(), "0 m-lines"),
        (offer(*[video(mid=str(number)) for number in range(9)]), "9 m-lines"),
        (offer(audio()), "can carry ultrasound"),
        (offer(video("recvonly")), "can carry ultrasound"),
        (offer(video(profile="640028")), "constrained baseline"),
        (offer(video(profile="xx")), "constrained baseline"),
        (offer(video(mid="m" * 17)), "17 bytes"),
        (offer(video().replace("a=rtcp-mux\n", "")), "rtcp-mux"),
        (offer(video(), setup="holdconn"), "a=setup"),
        (offer(video()).replace("a=ice-pwd", "a=x"), "ice-pwd"),
        (offer(video()).replace("sha-256", "sha-1"), "sha-256"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(SdpRefused, match=says):
        read_foreign_offer(text, True, [MediaKind.ULTRASOUND])


def test_two_lines_without_a_bundle_are_refused() -> None:
    two = [MediaKind.FACE, MediaKind.VOICE]
    with pytest.raises(SdpRefused, match="BUNDLE"):
        read_foreign_offer(offer(video(), audio()), True, two)
    with pytest.raises(SdpRefused, match="same a=mid"):
        read_foreign_offer(offer(video(), audio(mid="v"), session="a=group:BUNDLE v\n"), True, two)


@pytest.mark.parametrize(
    ("profile", "codec"),
    [
        ("42e01f", Codec.H264_CB),
        ("42c00d", Codec.H264_CB),
        ("4de01f", Codec.H264_CB),
        ("42001f", Codec.H264_CB),  # as FFmpeg's muxer spells what x264 makes
        ("42800d", Codec.H264_CB),
    ],
)
def test_a_profile_is_the_same_however_it_is_spelled(profile: str, codec: Codec) -> None:
    read = read_foreign_offer(offer(video(profile=profile)), True, [MediaKind.ULTRASOUND])
    assert codec in read.remote.lines[0].payload_types


def test_the_answer_spells_a_profile_as_the_encoder_did() -> None:
    read = read_foreign_offer(offer(video(profile="42000d")), True, [MediaKind.FACE])
    answer = write_foreign_answer(read, TRANSPORT, {}, "c")
    assert "106 packetization-mode=1;profile-level-id=42000d" in read_sections(answer)[1].values("fmtp")


def test_a_viewer_is_taken_at_its_word_about_profiles() -> None:
    read = read_foreign_offer(offer(video("recvonly", profile="42001f")), False, [MediaKind.ULTRASOUND])
    assert read.remote.lines[0].payload_types == {Codec.H264_B: 106}


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[WorkerProcess]:
    process = await WorkerProcess.start(tmp_path)
    yield process
    await process.stop()


async def test_ffmpeg_publishes_ultrasound(process: WorkerProcess) -> None:
    door = Door(process.worker, True, MediaKind.ULTRASOUND)
    viewer, _ = await view(process.worker, GRANTS[Role.SPECIALIST])
    async with TestServer(door.app, host="127.0.0.1") as server:
        client = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.fakes.whip_client", str(server.make_url("/door"))),
            stdin=asyncio.subprocess.PIPE,
        )
        assert client.stdin is not None
        arrived = await viewer.until(ULTRASOUND, 20)
        client.stdin.close()
        assert await client.wait() == 0
    assert [packet.sequence for packet in arrived] == list(range(1, len(arrived) + 1))
    assert {packet.payload_type for packet in arrived} == {102}  # constrained baseline
    assert door.closed == 1 and not door.refused
    await viewer.path.close()
