"""The relay's credentials: made for one peer connection, short-lived, and shown to its browser only."""

import base64
import datetime as dt
import hashlib
import hmac
import logging
from pathlib import Path

import pytest

from signaling import messages as m
from signaling import station_messages as s
from signaling.relays import NO_RELAYS, Relays, credential
from tests.fakes.clinic import bind, in_call, open_clinic
from tests.fakes.records import CHEN, NOW, ZHOU

URLS = ("turn:turn.example:3478?transport=udp", "turns:turn.example:443?transport=tcp")
SECRET = "s" * 32


def test_a_password_is_the_hmac_over_expiry_and_id() -> None:
    (server,) = Relays(URLS, SECRET, 600).ice_servers("p1", NOW)
    ends = int((NOW + dt.timedelta(seconds=600)).timestamp())
    assert (server.urls, server.username) == (URLS, f"{ends}:p1")
    digest = hmac.new(SECRET.encode(), server.username.encode(), hashlib.sha1).digest()
    assert base64.b64decode(server.credential) == digest


def test_the_password_of_a_known_secret_is_the_one_others_make() -> None:
    # openssl dgst -sha1 -hmac north -binary <<< without newline "1433895918:mike" | base64
    assert credential(b"north", "1433895918:mike") == "bS4R7BAXXGqQNp6AfBgru5X6ngM="


def test_without_a_relay_nothing_is_offered() -> None:
    assert NO_RELAYS.ice_servers("p1", NOW) == ()


def test_texts_show_no_password_and_no_secret() -> None:
    relays = Relays(URLS, SECRET, 600)
    (server,) = relays.ice_servers("p1", NOW)
    offer = m.MediaOffer(consult_id="c", peer_id="p1", sdp="", publish={}, ice_servers=(server,))
    for text in (repr(server), str(server), repr(offer), f"{relays!r} {vars(relays).keys()}"):
        assert server.credential not in text and SECRET not in text


async def test_each_peer_connection_gets_credentials_of_its_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_clinic(tmp_path, Relays(URLS, SECRET, 600)) as clinic:
        doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
        consult_id = await in_call(clinic, doctor, chen)
        clinic.clock.pass_s(700)
        await chen.done(m.RestartMedia, consult_id=consult_id)
        _, station = await clinic.station()
        await bind(doctor, consult_id)
        stations = station.last(s.StationMediaOffer)
        offers = [*doctor.outbox.of(m.MediaOffer), *chen.outbox.of(m.MediaOffer)]
    assert len(offers) == 3
    for offer in offers:
        (server,) = offer.ice_servers
        ends, _, of = server.username.partition(":")
        made_at = NOW if offer is not offers[-1] else NOW + dt.timedelta(seconds=700)
        assert (int(ends), of) == (int(made_at.timestamp()) + 600, offer.peer_id)
        assert not offer.relay_only
        assert server.credential not in caplog.text
    assert SECRET not in caplog.text
    (its,) = stations.ice_servers
    assert its.urls == URLS and its.username.endswith(f":{stations.peer_id}")


async def test_a_site_may_want_every_browser_on_the_relay(tmp_path: Path) -> None:
    async with open_clinic(tmp_path, Relays(URLS, SECRET, 600, only=True)) as clinic:
        doctor, chen = await clinic.sign_in(ZHOU), await clinic.sign_in(CHEN)
        await in_call(clinic, doctor, chen)
        assert all(one.outbox.last(m.MediaOffer).relay_only for one in (doctor, chen))
