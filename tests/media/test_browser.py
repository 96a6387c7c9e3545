"""A real Chromium publishes to a worker and receives from it."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright

from media.api import MediaWorker, WorkerProcess
from media.publisher import Publisher
from records.accounts import Role
from records.rooms import GRANTS
from tests.conftest import browser_path

PAGE = """<!doctype html><title>call</title><script>
window.frames_ = {}; window.ecg = [];
const code = `onrtctransform = async (event) => {
  const reader = event.transformer.readable.getReader();
  for (;;) {
    const {value, done} = await reader.read();
    if (done) return;
    postMessage(Array.from(new Uint8Array(value.data)));
  }
}`;
window.answer = async (sdp, publish) => {
  const pc = window.pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  pc.ontrack = (event) => {
    if (event.transceiver.mid === '9') {
      const worker = new Worker(URL.createObjectURL(new Blob([code])));
      worker.onmessage = (message) => window.ecg.push(message.data);
      event.receiver.transform = new RTCRtpScriptTransform(worker, {});
    } else if (event.track.kind === 'video') {
      const video = document.createElement('video');
      video.muted = true; video.srcObject = new MediaStream([event.track]);
      document.body.append(video); video.play();
    }
  };
  await pc.setRemoteDescription({type: 'offer', sdp});
  if (publish) {
    const stream = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 320, height: 240}});
    for (const transceiver of pc.getTransceivers()) {
      if (transceiver.mid === '0') await transceiver.sender.replaceTrack(stream.getAudioTracks()[0]);
      if (transceiver.mid === '1') await transceiver.sender.replaceTrack(stream.getVideoTracks()[0]);
      if (transceiver.mid === '0' || transceiver.mid === '1') transceiver.direction = 'sendonly';
    }
  }
  await pc.setLocalDescription();
  return pc.localDescription.sdp;
};
window.decoded = async (mid) => {
  const transceiver = pc.getTransceivers().find((each) => each.mid === mid);
  for (const report of (await transceiver.receiver.getStats()).values())
    if (report.type === 'inbound-rtp') return report.framesDecoded || report.packetsReceived || 0;
  return 0;
};
</script>"""


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def join(worker: MediaWorker, page: Page, who: str, publish: bool) -> str:
    offered = await worker.open_peer("room", who, GRANTS[Role.SPECIALIST], False)
    answer: str = await page.evaluate("([sdp, publish]) => answer(sdp, publish)", [offered.sdp, publish])
    await worker.take_answer(offered.peer_id, answer)
    return answer


@pytest.mark.journey
async def test_a_browser_sees_another_one_and_reads_the_ecg(tmp_path: Path, address: str) -> None:
    process = await WorkerProcess.start(tmp_path)
    worker = process.worker
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=browser_path(),
            args=[
                "--no-sandbox",
                "--use-fake-device-for-media-stream=fps=20",
                "--use-fake-ui-for-media-stream",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        doctor, specialist = await browser.new_page(), await browser.new_page()
        await doctor.goto(address)
        await specialist.goto(address)
        await join(worker, doctor, "doctor", True)
        await join(worker, specialist, "specialist", False)
        await specialist.wait_for_function("async () => (await decoded('3')) >= 30")
        await specialist.wait_for_function("async () => (await decoded('2')) >= 30")

        offered = await worker.open_peer("room", "station", GRANTS[Role.STATION], True)
        publisher = await Publisher.answer(
            offered.sdp, offered.publish, clock_us=lambda: time.time_ns() // 1000
        )
        await worker.take_answer(offered.peer_id, publisher.answer_sdp)
        await publisher.connected()
        sent = [[number, *range(200)] for number in range(100)]
        for number, packet in enumerate(sent):
            publisher.send_ecg(bytes(packet), 1_000_000 + 20_000 * number)
        await specialist.wait_for_function("ecg.length >= 100")
        assert json.loads(await specialist.evaluate("JSON.stringify(ecg)")) == sent
        assert await doctor.evaluate("pc.connectionState") == "connected"
        await publisher.close()
        await browser.close()
    await process.stop()
