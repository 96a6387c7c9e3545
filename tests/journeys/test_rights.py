"""Who has no right to a resident sees, hears and receives nothing, and loses everything with the right."""

import json
import re
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, Page

from records.ids import AccountId, ConsultId, new_id
from signaling.rooms import participant_of
from tests.journeys import story
from tests.journeys.clinic import Clinic, keep_screenshot, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

# A browser that does not let go: its connections stay open until the server closes them.
KEEP_PEERS = """
window.__peers = [];
const Plain = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Plain {
  constructor(...given) { super(...given); window.__peers.push(this); }
  close() {}
};
"""

RECEIVED = """async () => {
  let packets = 0;
  for (const peer of window.__peers)
    for (const one of (await peer.getStats()).values())
      if (one.type === "inbound-rtp") packets += one.packetsReceived;
  return packets;
}"""


class Call(NamedTuple):
    """A consult that runs, and what a stranger would ask for."""

    consult_id: str
    resident_id: str
    doctor: Page
    specialist: Page
    participants: tuple[str, str]  # the doctor's and the specialist's


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(clinic: Clinic, browser: Browser) -> AsyncIterator[Call]:
    doctor, specialist = [await sign_in(browser, clinic, role) for role in ("doctor", "specialist")]
    await specialist.add_init_script(KEEP_PEERS)
    await specialist.reload()
    for page in (doctor, specialist):
        await story.press_demo_sign_in(page)
    consult_id = await story.meet(doctor, specialist, "王秀英")
    card = await story.api(doctor, f"/api/consults/{consult_id}")
    await story.sees(specialist, "ultrasound")
    participants = [await participant(page, consult_id) for page in (doctor, specialist)]
    resident_id = card["consult"]["resident"]["id"]
    yield Call(consult_id, resident_id, doctor, specialist, (participants[0], participants[1]))


@pytest.mark.parametrize("role", ["community_doctor", "nurse", "specialist"])
async def test_a_stranger_finds_neither_resident_nor_room_and_receives_nothing(
    clinic: Clinic, browser: Browser, call: Call, role: str
) -> None:
    stranger = await story.sign_in_from_elsewhere(browser, clinic, role)
    await finds_nothing(stranger, call)
    await stranger.add_init_script(KEEP_PEERS)
    await stranger.goto(f"{clinic.addresses['doctor']}/consults/{call.consult_id}/room")
    await stranger.get_by_text("没有这次会诊，或您无权查看").wait_for()
    await story.sees(call.doctor, "ultrasound")
    assert await stranger.evaluate(RECEIVED) == 0
    sent = await sent_by_the_worker(clinic)
    assert await participant(stranger, call.consult_id) not in sent
    assert set(sent) <= set(call.participants)
    await keep_screenshot(stranger, f"zh-stranger-{role.replace('_', '-')}")
    await stranger.context.close()


async def test_an_administrator_sees_neither_resident_nor_room(
    clinic: Clinic, browser: Browser, call: Call
) -> None:
    administrator = await sign_in(browser, clinic, "admin")
    await administrator.add_init_script(KEEP_PEERS)
    await story.press_demo_sign_in(administrator)
    await finds_nothing(administrator, call)
    await administrator.goto(f"{clinic.addresses['admin']}/consults/{call.consult_id}/room")
    await story.sees(call.doctor, "ultrasound")
    assert await administrator.evaluate(RECEIVED) == 0
    assert set(await sent_by_the_worker(clinic)) <= set(call.participants)
    assert "王秀英" not in await administrator.inner_text("body")
    await administrator.context.close()


async def test_a_disabled_account_receives_nothing_more_even_if_its_browser_does_not_let_go(
    clinic: Clinic, call: Call
) -> None:
    assert await call.specialist.evaluate(RECEIVED) > 0

    async def is_sent() -> bool:
        return (await sent_by_the_worker(clinic)).get(call.participants[1], 0) > 0

    await story.until(is_sent, "packets of the worker to the specialist")
    await clinic.command("account", "disable", "chenli")
    await call.specialist.get_by_role("button", name="登录").first.wait_for()
    gone = call.doctor.get_by_text("不在线").or_(call.doctor.get_by_text("对方尚未进入"))
    await gone.first.wait_for()
    seen = [-1]

    async def nothing_more() -> bool:
        """What was under way when the door was shut has arrived."""
        seen.append(await call.specialist.evaluate(RECEIVED))
        return len(seen) > 5 and len(set(seen[-5:])) == 1

    await story.until(nothing_more, "no packet more at the disabled account")
    before = seen[-1]
    await story.sees(call.doctor, "ultrasound")
    assert await call.specialist.evaluate(RECEIVED) == before
    assert set(await sent_by_the_worker(clinic)) <= {call.participants[0]}
    status, _ = await story.fetched(call.specialist, f"/api/consults/{call.consult_id}")
    assert status == 401


async def participant(page: Page, consult_id: str) -> str:
    """Who a page's account is in a consult's room, or would be."""
    account_id = (await story.api(page, "/api/session"))["account"]["id"]
    return participant_of(ConsultId(consult_id), AccountId(account_id))


async def sent_by_the_worker(clinic: Clinic) -> dict[str, int]:
    """Packets of every kind the media worker has sent to each participant it is connected to."""
    async with ClientSession() as http, http.get(f"http://127.0.0.1:{clinic.port}/metrics") as answer:
        text = await answer.text()
    pattern = r'^cloudclinic_media_sent_packets_total\{kind="\w+",participant="(\w+)"\} ([\d.e+]+)$'
    sent: dict[str, int] = {}
    for who, packets in re.findall(pattern, text, re.MULTILINE):
        sent[who] = sent.get(who, 0) + int(float(packets))
    return sent


async def finds_nothing(stranger: Page, call: Call) -> None:
    """What is there answers exactly like what is not there."""
    for path in ("/api/residents/{}", "/api/consults/{}", "/api/consults/{}/opinion"):
        there = call.resident_id if "residents" in path else call.consult_id
        answers = [await story.fetched(stranger, path.format(one)) for one in (there, new_id())]
        statuses = [status for status, _ in answers]
        assert statuses in ([404, 404], [403, 403]), path  # 403: the role sees no resident at all
        found, missing = [{**json.loads(body), "id": ""} for _, body in answers]
        assert found == missing
