import { describe, expect, it } from "vitest";
import { FrameStore } from "../../src/ultrasound/frameStore";

const settled = () => new Promise((resolve) => setTimeout(resolve));

function store(frames: number, frame_bytes: number) {
  const asked: number[] = [];
  const closed: number[] = [];
  let most_at_once = 0;
  let under_way = 0;
  const made = new FrameStore(
    frames,
    frame_bytes,
    async (frame) => {
      asked.push(frame);
      most_at_once = Math.max(most_at_once, ++under_way);
      await settled();
      under_way -= 1;
      return { width: 1, height: 1, close: () => closed.push(frame) };
    },
    () => {},
    () => {},
  );
  return { made, asked, closed, most_at_once: () => most_at_once };
}
const settle = async () => {
  for (let i = 0; i < 200; i++) await settled();
};

describe("the frames of an earlier cine", () => {
  it("come from the shown one on, a few at once, each once", async () => {
    const { made, asked, most_at_once } = store(100, 1);
    made.want(98);
    made.want(98);
    await settle();
    expect(asked).toEqual([98, 99, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(most_at_once()).toBe(3);
  });

  it("are let go again where they do not fit, those behind the shown one first", async () => {
    const { made, closed } = store(1000, 12 * 1024 * 1024); // sixteen of them fit
    for (const frame of [0, 10, 20]) {
      made.want(frame);
      await settle();
    }
    expect(closed.length).toBeGreaterThan(0);
    expect(closed.every((frame) => frame < 20)).toBe(true);
    expect(made.get(20)).not.toBeNull();
    made.close();
    expect(made.get(20)).toBeNull();
  });
});
