import { createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { hashedBytes, shortHash, verdictOf } from "../../src/ultrasound/exact";

const WIDTH = 5;
const HEIGHT = 3;

function greyPicture(): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: WIDTH * HEIGHT * 4 }, (_, i) => (i % 4 === 3 ? 255 : (Math.floor(i / 4) * 17) % 256));
}

function colourPicture(): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: WIDTH * HEIGHT * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7) % 256));
}

const sha256 = (bytes: Iterable<number>) => createHash("sha256").update(Uint8Array.from(bytes)).digest("hex");
const claimed = (grey: boolean, pixels_sha256: string) => ({ width: WIDTH, height: HEIGHT, grey, pixels_sha256 });

afterEach(() => vi.unstubAllGlobals());

describe("a still is exact", () => {
  it("when its grey pixels, one byte each, have the hash", async () => {
    const data = greyPicture();
    const hash = sha256([...data].filter((_, i) => i % 4 === 0));
    expect(await verdictOf({ width: WIDTH, height: HEIGHT, data }, claimed(true, hash))).toBe("exact");
    expect(await verdictOf({ width: WIDTH, height: HEIGHT, data }, claimed(true, hash.toUpperCase()))).toBe("exact");
  });

  it("when its colours, three bytes each, have the hash", async () => {
    const data = colourPicture();
    const hash = sha256([...data].filter((_, i) => i % 4 !== 3));
    expect(await verdictOf({ width: WIDTH, height: HEIGHT, data }, claimed(false, hash))).toBe("exact");
  });
});

describe("a still is not exact", () => {
  const data = greyPicture();
  const hash = sha256([...data].filter((_, i) => i % 4 === 0));
  const shown = { width: WIDTH, height: HEIGHT, data };

  it("with any one pixel one level off", async () => {
    for (let at = 0; at < WIDTH * HEIGHT; at++) {
      const off = Uint8ClampedArray.from(data);
      for (const channel of [0, 1, 2]) off[at * 4 + channel] = data[at * 4 + channel]! ^ 1;
      expect(await verdictOf({ ...shown, data: off }, claimed(true, hash))).toBe("differs");
    }
  });

  it("of another size, though its bytes are the same", async () => {
    expect(await verdictOf({ ...shown, width: HEIGHT, height: WIDTH }, claimed(true, hash))).toBe("differs");
  });

  it("with a tinge of colour where grey is claimed, or shone through", async () => {
    const tinged = Uint8ClampedArray.from(data);
    tinged[1] = data[1]! + 1;
    expect(hashedBytes(tinged, true)).toBeNull();
    const through = Uint8ClampedArray.from(data);
    through[3] = 254;
    expect(hashedBytes(through, false)).toBeNull();
    expect(await verdictOf({ ...shown, data: tinged }, claimed(true, hash))).toBe("differs");
  });

  it("where the browser cannot hash", async () => {
    vi.stubGlobal("crypto", {});
    expect(await verdictOf(shown, claimed(true, hash))).toBe("cannot_check");
  });
});

it("a hash is told by its ends", () => {
  expect(shortHash(`9f3c${"0".repeat(56)}71e2`)).toBe("9f3c…71e2");
});
