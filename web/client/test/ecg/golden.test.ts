/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readAnyPacket } from "../../src/ecg/wire";

/** Real packets with what they hold, read by the Python tests alike. */
const FOLDER = new URL("../../../../tests/golden/ecg/", import.meta.url);
const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".bin"))
  .map((name) => name.slice(0, -4));

type Truth = Record<string, unknown> & { type?: string; samples?: number[][]; marks?: number[][]; description?: object };

const truth = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as Truth;
const bytes = (name: string) => {
  const file = readFileSync(new URL(`${name}.bin`, FOLDER));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
};
const named = (type: string) => NAMES.filter((name) => truth(name).type === type);

describe("the golden packets", () => {
  it("are there", () => {
    expect(named("WAVE").length).toBeGreaterThanOrEqual(5);
    expect(NAMES.filter((name) => name.startsWith("refused")).length).toBeGreaterThanOrEqual(5);
  });

  it.each(named("WAVE"))("%s has the same samples, index, time and bits", async (name) => {
    const want = truth(name);
    const packet = await readAnyPacket(bytes(name));
    expect(packet).toMatchObject({
      kind: "wave",
      stream_id: want["stream_id"],
      sequence: want["sequence"],
      flags: want["flags"],
      first: want["first_index"],
      taken_us: want["captured_us"],
      lead_count: want["lead_count"],
      count: want["sample_count"],
      electrodes_off: want["electrodes_off"],
      leads_unusable: want["unusable"],
      leads_clipped: want["clipped"],
    });
    if (packet?.kind !== "wave") return;
    expect([...packet.samples]).toEqual(want.samples!.flat());
    for (const [offset, kind] of want.marks!) if (kind === 3) expect(packet.breaks).toContain(offset);
  });

  it.each(named("META"))("%s tells the same rate, scale, leads and filters", async (name) => {
    const want = truth(name);
    const { rate_hz, nv_per_lsb, filters, ...names } = want.description as Record<string, unknown>;
    const leads = [...(names["leads"] as string[]), ...(names["other"] as string[])];
    const packet = await readAnyPacket(bytes(name));
    expect(packet).toMatchObject({ kind: "meta", stream_id: want["stream_id"], meta: { rate_hz, nv_per_lsb, leads, filters } });
  });

  it("END tells how many samples there were", async () => {
    expect(await readAnyPacket(bytes("end"))).toMatchObject({ kind: "end", total: truth("end")["total"] });
  });

  it.each(NAMES.filter((name) => name.startsWith("refused")))("%s is no packet", async (name) => {
    expect(await readAnyPacket(bytes(name))).toBeNull();
  });
});
