import { describe, expect, it } from "vitest";
import { Trail } from "../../src/ultrasound/trail";

const PLACE = { x: 0.5, y: 0.5 };
const OTHER = { x: 0.1, y: 0.1 };

describe("somebody else's pointer", () => {
  it("waits for the frame it was made on", () => {
    const trail = new Trail();
    trail.push({ place: PLACE, capture_us: 1_000_000 });
    expect(trail.at(900_000, false)).toBeNull();
    expect(trail.at(1_000_000, false)).toEqual(PLACE);
  });

  it("is shown where it was on the shown frame, though newer moves have come", () => {
    const trail = new Trail();
    trail.push({ place: PLACE, capture_us: 1_000_000 });
    trail.push({ place: OTHER, capture_us: 1_200_000 });
    expect(trail.at(1_100_000, false)).toEqual(PLACE);
    expect(trail.at(1_200_000, false)).toEqual(OTHER);
  });

  it("goes from a moving picture after a second without a move", () => {
    const trail = new Trail();
    trail.push({ place: PLACE, capture_us: 1_000_000 });
    expect(trail.at(2_000_000, false)).toEqual(PLACE);
    expect(trail.at(2_000_001, false)).toBeNull();
  });

  it("is not shown on a still picture that it was not made on", () => {
    const trail = new Trail();
    trail.push({ place: PLACE, capture_us: 1_000_000 });
    expect(trail.at(1_033_000, true)).toBeNull();
    expect(trail.at(1_000_500, true)).toEqual(PLACE);
  });

  it("made on a still picture long past is not laid on the live one", () => {
    const trail = new Trail();
    trail.push({ place: PLACE, capture_us: 1_000_000 });
    expect(trail.at(60_000_000, false)).toBeNull();
  });

  it("is taken away with the frame that its owner left it on", () => {
    const trail = new Trail();
    trail.push({ place: PLACE, capture_us: 1_000_000 });
    trail.push({ place: null, capture_us: 1_100_000 });
    expect(trail.at(1_050_000, false)).toEqual(PLACE);
    expect(trail.at(1_100_000, false)).toBeNull();
  });

  it("is shown as it comes where no picture carries a time, and not where only one does", () => {
    const trail = new Trail();
    trail.push({ place: PLACE, capture_us: null });
    expect(trail.at(null, false)).toEqual(PLACE);
    expect(trail.at(1_000_000, false)).toBeNull();
    trail.push({ place: null, capture_us: null });
    expect(trail.at(null, false)).toBeNull();
  });
});
