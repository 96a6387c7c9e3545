"""A hospital whose browsers reach the media workers by the relay only, over each transport.

The journey's clinic hands out all three ways; a page is narrowed to one of them as a line that blocks the
others would narrow it.
"""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, WebSocket

from tests.journeys import story
from tests.journeys.clinic import Clinic, chromium, sign_in
from tests.relay import Relay, relay_settings

pytestmark = [
    pytest.mark.journey,
    pytest.mark.relay,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(600),
]

NARROW = """
const Whole = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Whole {
  constructor(configuration) {
    const way = new RegExp(sessionStorage.getItem("way") ?? "");
    const narrowed = (server) => ({ ...server, urls: server.urls.filter((url) => way.test(url)) });
    window.askedFor = { ...configuration, iceServers: configuration.iceServers.map(narrowed) };
    super(window.askedFor);
  }
};
"""
WAYS = {"udp": "^turn:.*udp$", "tcp": "^turn:.*tcp$", "tls": "^turns:"}


class Call(NamedTuple):
    """A consult that runs, and its relay."""

    clinic: Clinic
    relay: Relay
    pages: tuple[Page, Page]
    offers: list[dict[str, Any]]  # every media offer the pages were sent


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Call]:
    directory = tmp_path_factory.mktemp("relayed")
    settings = relay_settings(directory)
    config = directory / "cloudclinic.toml"
    urls = json.dumps(settings.turn_urls)
    config.write_text(
        f'turn_urls = {urls}\nturn_only = true\nturn_secret_file = "{settings.turn_secret_file}"\n'
        f'turn_addresses = ["127.0.0.1"]\nturn_certificate = "{settings.turn_certificate}"\n'
        f'turn_certificate_key = "{settings.turn_certificate_key}"\n'
    )
    offers: list[dict[str, Any]] = []
    async with (
        Relay.open(directory, settings) as relay,
        Clinic.open(settings.data, "--config", str(config)) as clinic,
        chromium("--ignore-certificate-errors") as browser,
    ):
        doctor, specialist = await signed_in(browser, clinic, offers)
        await story.meet(doctor, specialist, "王秀英")
        yield Call(clinic, relay, (doctor, specialist), offers)


async def signed_in(browser: Browser, clinic: Clinic, offers: list[dict[str, Any]]) -> tuple[Page, Page]:
    pages = []
    for role in ("doctor", "specialist"):
        page = await sign_in(browser, clinic, role)
        await page.add_init_script(NARROW)
        page.on("websocket", lambda socket: keep_offers(socket, offers))
        await page.reload()
        await story.press_demo_sign_in(page)
        pages.append(page)
    return pages[0], pages[1]


def keep_offers(socket: WebSocket, offers: list[dict[str, Any]]) -> None:
    def received(data: bytes | str) -> None:
        if isinstance(data, str) and '"media_offer"' in data:
            offers.append(json.loads(data))

    socket.on("framereceived", received)


async def chosen_pair(page: Page) -> tuple[dict[str, Any], dict[str, Any]]:
    """The browser's own and the server's candidate of the pair the media takes."""
    stats = await story.room(page, "window.__room.stats()")
    by_id = {one["id"]: one for one in stats}
    (transport,) = [one for one in stats if one["type"] == "transport"]
    pair = by_id[transport["selectedCandidatePairId"]]
    return by_id[pair["localCandidateId"]], by_id[pair["remoteCandidateId"]]


@pytest.mark.parametrize("way", WAYS)
async def test_a_consults_media_flow_by_the_relay_only(call: Call, way: str) -> None:
    for page in call.pages:
        await page.evaluate("(way) => sessionStorage.setItem('way', way)", WAYS[way])
        await page.reload()
        await story.connected(page)
    for page in call.pages:
        await story.sees(page, "ultrasound")
        await story.sees(page, "face")
        asked = await page.evaluate("window.askedFor")
        assert asked["iceTransportPolicy"] == "relay"
        assert [len(server["urls"]) for server in asked["iceServers"]] == [1]
        own, server = await chosen_pair(page)
        assert (own["candidateType"], own["relayProtocol"]) == ("relay", way)
        assert server["candidateType"] == "host"


async def test_only_browsers_allocated_each_with_credentials_made_for_its_connection(call: Call) -> None:
    handed_out = {server["username"] for offer in call.offers for server in offer["ice_servers"]}
    assert len(handed_out) == len(call.offers)
    log = call.relay.log
    allocated = set(re.findall(r"username=<([^>]+)>", log))
    assert len(allocated) >= 6  # two pages, three ways
    assert allocated <= handed_out
    for offer in call.offers:
        candidates = re.findall(r"a=candidate:.* typ (\w+)", offer["sdp"])
        assert candidates and set(candidates) == {"host"}
        passwords = [server["credential"] for server in offer["ice_servers"]]
        assert not any(password in log or password in "".join(call.clinic.output) for password in passwords)


async def test_turn_check_proves_the_running_relay_and_the_running_worker(call: Call) -> None:
    config = Path(call.relay.settings.data).parent / "cloudclinic.toml"
    certificate = str(call.relay.settings.turn_certificate)
    printed = await call.clinic.command("turn", "check", "--config", str(config), "--ca", certificate)
    assert "✗" not in printed
    assert printed.count("answered through the relay") == 3
