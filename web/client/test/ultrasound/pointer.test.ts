import { describe, expect, it } from "vitest";
import { pictureBox, placeAt, PointerThrottle, type Place } from "../../src/ultrasound/pointer";

describe("the pointer", () => {
  it("is in coordinates of the picture, whatever bars stand beside it", () => {
    const picture = pictureBox({ left: 100, top: 50, width: 1000, height: 480 }, 640, 480);
    expect(picture).toEqual({ left: 280, top: 50, width: 640, height: 480 });
    expect(placeAt(280 + 320, 50 + 120, picture)).toEqual({ x: 0.5, y: 0.25 });
    expect(placeAt(150, 100, picture)).toBeNull();
    expect(pictureBox({ left: 100, top: 50, width: 1000, height: 480 }, 640, 480, 1).left).toBe(460);
  });

  it("is sent at most 25 times a second, the last place always", () => {
    const sent: (Place | null)[] = [];
    let then: (() => void) | null = null;
    const throttle = new PointerThrottle((place) => sent.push(place), (_ms, call) => ((then = call), () => undefined));
    throttle.move({ x: 0, y: 0 }, 0);
    throttle.move({ x: 0.1, y: 0 }, 10);
    throttle.move({ x: 0.2, y: 0 }, 20);
    expect(sent).toEqual([{ x: 0, y: 0 }]);
    then!();
    expect(sent).toEqual([{ x: 0, y: 0 }, { x: 0.2, y: 0 }]);
    throttle.move(null, 100);
    expect(sent.at(-1)).toBeNull();
  });
});
