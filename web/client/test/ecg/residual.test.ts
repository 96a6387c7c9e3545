import { expect, it } from "vitest";
import { ResidualMeter } from "../../src/ecg/residual";

it("tells the median and the 95th percentile of the last 300 frames, whichever way they are off", () => {
  const meter = new ResidualMeter();
  expect(meter.read()).toBeNull();
  for (let i = 0; i < 500; i++) meter.add(1_000_000, 9_000_000);
  for (let i = 1; i <= 300; i++) meter.add(1_000_000, 1_000_000 + (i % 2 === 0 ? i : -i) * 10);
  expect(meter.read()).toEqual({ median_ms: 1.5, p95_ms: 2.85, frames: 300 });
  meter.clear();
  expect(meter.read()).toBeNull();
});
