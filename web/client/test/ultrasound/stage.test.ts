import { describe, expect, it } from "vitest";
import { captureTime_us, frameDelay, FrameMeter, ticksBetween } from "../../src/ultrasound/stage";

const MS_1900 = 2_208_988_800_000;

describe("the capture time of a frame", () => {
  it("is that of the stamped packet, moved by the RTP ticks between them", () => {
    const source = { rtpTimestamp: 90_000, captureTimestamp: MS_1900 + 1_700_000_000_000 };
    expect(captureTime_us(90_000, source)).toBe(1_700_000_000_000_000);
    expect(captureTime_us(90_000 - 2970, source)).toBe(1_699_999_999_967_000);
  });

  it("survives the wrap of the RTP timestamp", () => {
    expect(ticksBetween(2 ** 32 - 45, 45)).toBe(90);
    expect(ticksBetween(45, 2 ** 32 - 45)).toBe(-90);
  });

  it("is not guessed when the sender stamps none", () => {
    expect(captureTime_us(5, { rtpTimestamp: 5 })).toBeNull();
    expect(captureTime_us(5, undefined)).toBeNull();
  });
});

describe("the delay of a frame", () => {
  const server = { offset_us: 20_000, uncertainty_us: 1000 };
  const station = { offset_us: -5000, uncertainty_us: 2000 };

  it("is measured on the station's clock and carries both uncertainties", () => {
    expect(frameDelay(1_000_000, 1_100_000, server, station)).toEqual({ delay_ms: 115, uncertainty_ms: 3 });
  });

  it("is unknown while a clock is unknown", () => {
    expect(frameDelay(0, 5, null, station)).toBeNull();
    expect(frameDelay(0, 5, server, null)).toBeNull();
  });
});

describe("guiding by the picture", () => {
  const watched = (fps: number, delay_ms: number | null) => {
    const meter = new FrameMeter();
    let now = 0;
    for (; now < 3000; now += 1000 / fps) meter.frame(now, delay_ms === null ? null : { delay_ms, uncertainty_ms: 5 });
    return { meter, now: now - 1000 / fps };
  };

  it("is allowed at 30 frames and little delay", () => {
    const { meter, now } = watched(30, 60);
    expect(meter.fps(now)).toBeCloseTo(30, 0);
    expect(meter.delay(now)).toEqual({ delay_ms: 60, uncertainty_ms: 5 });
    expect(meter.noGuiding(now)).toBeNull();
  });

  it("is forbidden below 20 frames a second, above 500 ms, and on a picture that stands", () => {
    const slow = watched(15, 60);
    expect(slow.meter.noGuiding(slow.now)).toBe("slow");
    const late = watched(30, 498);
    expect(late.meter.noGuiding(late.now)).toBe("late");
    const still = watched(30, 60);
    expect(still.meter.noGuiding(still.now + 1000)).toBe("still");
    expect(still.meter.fps(still.now + 1000)).toBe(0);
    expect([still.meter.delay(still.now), still.meter.delay(still.now + 1000)]).toEqual([{ delay_ms: 60, uncertainty_ms: 5 }, null]);
  });

  it("says nothing before the first frame", () => {
    const meter = new FrameMeter();
    expect([meter.fps(0), meter.delay(0), meter.noGuiding(0)]).toEqual([null, null, null]);
  });
});
