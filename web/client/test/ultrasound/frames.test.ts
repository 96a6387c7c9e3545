import { describe, expect, it } from "vitest";
import { copiedCapture_us, type ShownFrame } from "../../src/ultrasound/frames";

const SHOWN: ShownFrame = {
  now_ms: 5, shown_us: 5_000, displayed_us: 9_000, rtp_timestamp: 2 ** 32 - 3_000, media_us: 700_000, capture_us: 1_000_000, width: 640, height: 480,
};

describe("when a copied frame was captured", () => {
  it("is what is known of the shown frame, when it is that very frame", () => {
    expect(copiedCapture_us({ rtp_timestamp: 2 ** 32 - 3_000, media_us: 700_000 }, SHOWN)).toBe(1_000_000);
  });

  it("is its own instant, when the video had gone on before the page was told, also over the wrap", () => {
    expect(copiedCapture_us({ rtp_timestamp: 9_000, media_us: 833_000 }, SHOWN)).toBe(1_133_333);
  });

  it("is not known of another frame that does not say which it is", () => {
    expect(copiedCapture_us({ rtp_timestamp: null, media_us: 733_000 }, SHOWN)).toBeNull();
    expect(copiedCapture_us({ rtp_timestamp: null, media_us: 700_001 }, SHOWN)).toBe(1_000_000);
  });

  it("is not known when the shown frame carries no time", () => {
    expect(copiedCapture_us({ rtp_timestamp: 9_000, media_us: 700_000 }, { ...SHOWN, capture_us: null })).toBeNull();
  });
});
