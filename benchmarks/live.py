"""The live figures of one specialist's room on the synthetic station: delay, alignment, joining."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page

from benchmarks.report import Row
from benchmarks.spread import Spread
from ultrasound.timecode import unwrap

JOINS = 5
SETTLE_S = 4.0
LOOK_EVERY_S = 2.0
PULSE_UV = 5000  # ecg.synthetic.PULSE_UV; 1 uV a step
LEAD = "II"


@dataclass(frozen=True)
class Drawn:
    """An ECG sample as it was drawn."""

    index: int
    taken_us: int
    drawn_us: int


class Room:
    """What was seen in the room while it was watched."""

    def __init__(
        self, frames: dict[str, Any], drawn: list[Drawn], pulses: dict[int, int], rate_hz: int
    ) -> None:
        self.unreadable: int = frames["unreadable"]
        now_ms = int(time.time() * 1000)
        self.frames = [
            one | {"burnt_ms": unwrap(one["code"], now_ms)}
            for one in frames["frames"]
            if one["rtp"] is not None
        ]
        self._captures = {one["rtp"]: one["capture_us"] for one in frames["captures"]}
        self._under = {one["taken_us"]: one["index"] for one in frames["unders"]}
        self.drawn = drawn
        self._pulses = pulses
        self._rate_hz = rate_hz

    def displayed_ms(self) -> list[float]:
        """Capture (burnt into the picture) to the frame on the screen."""
        return [one["displayed_ms"] - one["burnt_ms"] for one in self.frames]

    def told_ms(self) -> list[float]:
        """Capture to the callback that tells of the frame."""
        return [one["told_ms"] - one["burnt_ms"] for one in self.frames]

    def ecg_ms(self) -> list[float]:
        """Capture of a sample to its drawing."""
        return [(one.drawn_us - one.taken_us) / 1000 for one in self.drawn]

    def alignment_ms(self) -> list[float]:
        """Between the time burnt into a frame and that of the ECG sample the room lays under it.

        Only where the picture that was read is surely the frame the page was told of.
        """
        apart = []
        for one in self.frames:
            if not one["same"]:
                continue
            index = self._under.get(self._captures.get(one["rtp"]))
            if index is not None and (true_us := self._true_us(index)) is not None:
                apart.append(abs(true_us / 1000 - one["burnt_ms"]))
        return apart

    def _true_us(self, index: int) -> float | None:
        """A sample's capture time counted from the nearest pulse: from the signal itself."""
        if not self._pulses:
            return None
        nearest = min(self._pulses, key=lambda at: abs(at - index))
        return self._pulses[nearest] * 1e6 + (index - nearest) * 1e6 / self._rate_hz


async def join(page: Page, consult_id: str) -> list[float]:
    """Milliseconds from the room's address to the first frame on the screen, joined again and again."""
    took = []
    for _ in range(JOINS):
        took.append(
            await asyncio.wait_for(
                page.evaluate("(at) => __bench.join(at)", f"/consults/{consult_id}/room"), 20
            )
        )
        await page.evaluate("() => __bench.go('/')")
        await asyncio.sleep(1.0)
    return took


async def watch(page: Page, consult_id: str, seconds: int) -> Room:
    """Stay in the room and read what it shows."""
    await page.evaluate("(at) => __bench.join(at)", f"/consults/{consult_id}/room")
    await asyncio.sleep(SETTLE_S)
    await page.evaluate("() => __bench.watchFrames()")
    drawn: dict[int, Drawn] = {}
    pulses: dict[int, int] = {}
    end = time.monotonic() + seconds
    rate_hz = 0
    while time.monotonic() < end:
        await asyncio.sleep(LOOK_EVERY_S)
        status = await page.evaluate("() => __room.ecgStatus()")
        rate_hz = status["meta"]["rate_hz"]
        first = status["end"] - int((LOOK_EVERY_S + 1) * rate_hz)
        dump = await page.evaluate(
            "([first, count]) => __room.dumpEcg(first, count)", [first, status["end"] - first]
        )
        for one in dump["drawn"]:
            if one["taken_us"] is not None:
                drawn[one["drawn_us"]] = Drawn(**one)
        pulses |= find_pulses(dump)
    frames = await page.evaluate("() => __bench.stopFrames()")
    return Room(frames, list(drawn.values()), pulses, rate_hz)


def find_pulses(dump: dict[str, Any]) -> dict[int, int]:
    """Index of each measuring pulse, and the second since 1970 it marks, from the samples alone."""
    row = dump["leads"].index(LEAD) * dump["count"]
    values = dump["samples"][row : row + dump["count"]]
    now_s = int(time.time())
    found = {}
    for at, value in enumerate(values[:-1]):
        if value == PULSE_UV:
            second = values[at + 1] // 2
            found[dump["first"] + at] = now_s + (second - now_s + 500) % 1000 - 500
    return found


def room_rows(room: Room | None, why: str) -> list[Row]:
    """The figures of the watched room, each with its bound."""
    picture = Spread(room.displayed_ms() if room else ())
    told = Spread(room.told_ms() if room else ())
    ecg = Spread(room.ecg_ms() if room else ())
    apart = Spread(room.alignment_ms() if room else ())
    what = "capture to displayed frame, 640x480 H.264, through the server"
    callback = "the same, to the browser's frame callback"
    few = why or "too few frames could be read"
    return [
        bounded(f"{what}, median", picture.median, 40, 10, picture.why(few)),
        bounded(f"{what}, p95", picture.p95, 80, 25, picture.why(few)),
        bounded(f"{callback}, median", told.median, None, None, told.why(few)),
        bounded(f"{callback}, p95", told.p95, None, None, told.why(few)),
        bounded("ECG capture to drawn sample, p95", ecg.p95, 100, 40, ecg.why(why or "nothing was drawn")),
        bounded(
            "displayed frame to ECG sample alignment, p95",
            *(apart.p95, 5, 1, apart.why(why or "no frame met a sample")),
        ),
    ]


def join_row(joined_ms: list[float] | None, why: str) -> Row:
    """The figure with its bound, in seconds."""
    joins = Spread([ms / 1000 for ms in joined_ms or ()], least=JOINS)
    return Row(
        what="join to first frame, worst",
        value=joins.most,
        unit="s",
        must=1.5,
        aim=0.6,
        why=joins.why(why or "no frame came"),
    )


def bounded(what: str, value: float | None, must: float | None, aim: float | None, why: str) -> Row:
    """A figure in milliseconds."""
    return Row(what=what, value=value, unit="ms", must=must, aim=aim, why=why)
