"""Offers as written, answers as browsers give them, and everything else refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.answer import read_answer
from media.errors import SdpRefused
from media.layout import BROWSER, STATION, Codec, Extension
from media.offer import LocalTransport, SendingSsrcs, read_offer, write_offer

GOLDEN = Path(__file__).parent.parent / "golden" / "sdp"
PUBLISHES = (GOLDEN / "chromium_publishes.sdp").read_bytes().decode()
WATCHES = (GOLDEN / "chromium_watches.sdp").read_bytes().decode()
FINGERPRINT = ":".join(["AB"] * 32)
TRANSPORT = LocalTransport("abcd", "p" * 24, FINGERPRINT, (("127.0.0.1", 4000), ("192.0.2.1", 4000)))


def test_chromiums_answer_fills_the_table() -> None:
    answer = read_answer(PUBLISHES, BROWSER)
    microphone, camera, *_, ultrasound, ecg, card = answer.lines
    assert answer.dtls_client
    assert microphone.active and camera.active and ultrasound.active and ecg.active
    assert microphone.payload_types == {Codec.OPUS: 111} and ecg.payload_types == {Codec.ECG: 112}
    assert camera.payload_types[Codec.VP8] == 96 and camera.rtx_types[96] == 97
    assert ultrasound.extension_ids[Extension.ABS_CAPTURE_TIME] == 4
    assert card.active and card.payload_types[Codec.VP8] == 98
    assert not set(card.payload_types.values()) & set(camera.payload_types.values())  # never taken for it
    (ssrc,) = camera.ssrcs
    assert camera.rtx_ssrcs.keys() == {ssrc}


def test_who_only_watches_publishes_nothing() -> None:
    microphone, camera, *receiving, card = read_answer(WATCHES, BROWSER).lines
    assert not microphone.active and not camera.active and not card.active
    assert all(agreed.active for agreed in receiving)


def without(prefix: str) -> str:
    return "".join(line for line in PUBLISHES.splitlines(True) if not line.startswith(prefix))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "does not begin"),
        ("v=0\r\n", "0 m-lines"),
        (PUBLISHES + "a=x:" + "y" * 65_536 + "\r\n", "longer than"),
        (PUBLISHES + "nonsense\r\n", "not <letter>"),
        (PUBLISHES + "a=fingerprint:sha-256 " + FINGERPRINT + "\r\n", "2 different sha-256"),
        (without("a=fingerprint"), "0 different sha-256"),
        (without("a=ice-pwd"), "exactly one ice-ufrag"),
        (without("a=rtcp-mux\r"), "rtcp-mux"),
        (without("a=group"), "BUNDLE"),
        (PUBLISHES.replace("a=mid:3", "a=mid:4"), "not in its place"),
        (PUBLISHES.replace("a=setup:active", "a=setup:actpass"), "a=setup"),
        (PUBLISHES.replace("a=recvonly", "a=sendrecv"), "sendrecv"),
        (PUBLISHES.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"), "m-line is not"),
        (PUBLISHES.replace("a=ice-ufrag:", "a=ice-ufrag:!"), "not well-formed"),
        (PUBLISHES.replace("m=audio 9", "m=application 9", 1), "medium"),
        (PUBLISHES.replace("a=extmap:2 ", "a=extmap:1 "), "share one id"),
    ],
)
def test_a_wrong_answer_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(SdpRefused, match=why):
        read_answer(text, BROWSER)


def test_other_fingerprint_algorithms_are_ignored() -> None:
    read_answer(PUBLISHES + "a=fingerprint:sha-512 whatever\r\n", BROWSER)


@given(st.text(max_size=400))
def test_no_text_does_anything_but_be_refused(text: str) -> None:
    for candidate in (text, "v=0\r\n" + text):
        with pytest.raises(SdpRefused):
            read_answer(candidate, BROWSER)


@given(st.data())
def test_a_damaged_answer_is_read_or_refused(data: st.DataObject) -> None:
    lines = PUBLISHES.splitlines(True)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        kind = data.draw(st.sampled_from(["drop", "double", "cut", "swap", "poke"]))
        if kind == "drop":
            lines[at] = ""
        elif kind == "double":
            lines[at] *= 2
        elif kind == "cut":
            lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
        elif kind == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            position = data.draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:position] + data.draw(st.text(max_size=5)) + lines[at][position:]
    try:
        read_answer("".join(lines), BROWSER)
    except SdpRefused:
        pass


def test_an_offer_says_the_same_to_its_reader() -> None:
    ssrcs = {line.mid: SendingSsrcs(10 + int(line.mid), 100 + int(line.mid)) for line in BROWSER}
    text = write_offer(BROWSER, TRANSPORT, ssrcs, "cname")
    offer = read_offer(text, BROWSER)
    assert (offer.ufrag, offer.password, offer.fingerprint) == ("abcd", "p" * 24, FINGERPRINT)
    assert offer.addresses == TRANSPORT.addresses
    assert offer.lines[3].ssrcs == (13,) and offer.lines[3].rtx_ssrcs == {13: 103}


def test_voice_and_face_share_a_stream_but_ultrasound_does_not() -> None:
    ssrcs = {line.mid: SendingSsrcs(1, None) for line in BROWSER if not line.publishes}
    text = write_offer(BROWSER, TRANSPORT, ssrcs, "cname")
    streams = [line.split(" ")[0][7:] for line in text.splitlines() if line.startswith("a=msid:")]
    assert streams == [
        *("seat-1", "seat-1", "seat-2", "seat-2", "seat-3", "seat-3"),
        *("ultrasound", "ecg"),
    ]


def test_no_offer_has_data_channels_and_only_who_receives_is_asked_when_packets_came() -> None:
    for lines in (BROWSER, STATION):
        text = write_offer(lines, TRANSPORT, {}, "cname")
        assert "m=application" not in text
        for line, section in zip(lines, text.split("m=")[1:], strict=True):
            asked = [f"a=rtcp-fb:{codec.payload_type} transport-cc" in section for codec in line.codecs]
            numbered = Extension.TRANSPORT_SEQUENCE.value in section
            assert {*asked, numbered} == {not line.publishes}
