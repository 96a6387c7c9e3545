import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Flag, readAnyPacket, readPacket, undoDeltas } from "../../src/ecg/wire";
import { metaBytes, waveBytes } from "./packets";

describe("an E1 packet", () => {
  it("gives its samples lead after lead, with index, time and bits", () => {
    const packet = readPacket(
      waveBytes({ first: 5_000_000_000, taken_us: 1_800_000_000_000_000, leads: [[1, -2], [300, -32768]], unusable: 2, electrodes_off: 32 }),
    );
    expect(packet).toMatchObject({
      kind: "wave",
      stream_id: 7,
      first: 5_000_000_000,
      taken_us: 1_800_000_000_000_000,
      lead_count: 2,
      count: 2,
      leads_unusable: 2,
      electrodes_off: 32,
    });
    expect(packet?.kind === "wave" && [...packet.samples]).toEqual([1, -2, 300, -32768]);
  });

  it("names the samples that do not continue the one before", () => {
    const packet = readPacket(waveBytes({ flags: Flag.GapBefore, marks: [[2, 3], [1, 1]] }));
    expect(packet?.kind === "wave" && packet.breaks).toEqual([0, 2]);
  });

  it("is refused when the magic, the length or the index is wrong", () => {
    const other = waveBytes();
    new DataView(other).setUint8(1, 0x32);
    expect(readPacket(other)).toBeNull();
    expect(readPacket(waveBytes().slice(0, 44))).toBeNull();
    expect(readPacket(new ArrayBuffer(10))).toBeNull();
    const far = waveBytes();
    new DataView(far).setBigUint64(16, 2n ** 60n, true);
    expect(readPacket(far)).toBeNull();
  });

  it("is refused with bytes too many: it might be somebody else's frame", () => {
    const longer = new Uint8Array(waveBytes().byteLength + 2);
    longer.set(new Uint8Array(waveBytes()));
    expect(readPacket(longer.buffer)).toBeNull();
  });

  it("tells rate, scale, leads and filters in META", () => {
    const packet = readPacket(
      metaBytes({ rate_hz: 500, nv_per_lsb: 2500, leads: ["I", "II"], filters: { low_hz: 0.05, high_hz: 150, notch_hz: null } }),
    );
    expect(packet).toMatchObject({
      kind: "meta",
      meta: { rate_hz: 500, nv_per_lsb: 2500, leads: ["I", "II"], filters: { low_hz: 0.05, high_hz: 150, notch_hz: null } },
    });
  });

  it("names the rows after the twelve leads as they are called, and takes no META without a row", () => {
    const about = { rate_hz: 130, nv_per_lsb: 1000 };
    expect(readPacket(metaBytes({ ...about, leads: [], other: ["strap"] }))).toMatchObject({ meta: { leads: ["strap"] } });
    expect(readPacket(metaBytes({ ...about, leads: ["II"], other: ["strap"] }))).toMatchObject({ meta: { leads: ["II", "strap"] } });
    expect(readPacket(metaBytes({ ...about, leads: [], other: [] }))).toBeNull();
    expect(readPacket(metaBytes({ ...about, leads: ["II"], other: [7] }))).toBeNull();
  });

  it("gives no META without a scale: a wrong scale is worse than no trace", () => {
    expect(readPacket(metaBytes({ rate_hz: 500, leads: ["I"] }))).toBeNull();
    expect(readPacket(metaBytes({ rate_hz: 500, nv_per_lsb: 0, leads: ["I"] }))).toBeNull();
    expect(readPacket(metaBytes("nonsense"))).toBeNull();
  });
});

describe("a deflated payload", () => {
  const planes = (values: number[][]) => {
    const zigzag = values.flatMap((lead) => {
      let before = 0;
      return lead.map((value) => {
        const delta = value - before;
        before = value;
        return delta >= 0 ? delta * 2 : -delta * 2 - 1;
      });
    });
    const top = new Uint8Array(Math.ceil(zigzag.length / 8));
    zigzag.forEach((value, i) => (top[i >> 3]! |= ((value >> 16) & 1) << (i & 7)));
    return Uint8Array.from([...zigzag.map((v) => v & 255), ...zigzag.map((v) => (v >> 8) & 255), ...top]);
  };
  const extreme = [
    [0, 32767, -32768, 5],
    [-1, -1, 0, 12345],
  ];

  it("unfolds to the same samples, also at the largest steps", () => {
    expect([...undoDeltas(planes(extreme), 2, 4)!]).toEqual(extreme.flat());
  });

  it("is read whether or not it is padded to an even length", async () => {
    for (const padding of [0, 1]) {
      const packed = deflateRawSync(planes(extreme));
      const head = new Uint8Array(waveBytes({ leads: extreme }).slice(0, 40));
      head[15] = 2;
      const bytes = new Uint8Array([...head, ...packed, ...new Uint8Array(padding)]);
      const packet = await readAnyPacket(bytes.buffer);
      expect(packet?.kind === "wave" && [...packet.samples]).toEqual(extreme.flat());
    }
  });

  it("gives nothing when it is broken", async () => {
    const head = new Uint8Array(waveBytes({ leads: extreme }).slice(0, 40));
    head[15] = 2;
    expect(await readAnyPacket(new Uint8Array([...head, 1, 2, 3]).buffer)).toBeNull();
  });
});
