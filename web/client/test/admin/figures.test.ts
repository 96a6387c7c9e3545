import { describe, expect, it } from "vitest";
import type { Curves, LiveFigures, QueueFigures } from "../../src/api/types";
import { beyond, conditionOf, faultsOf, isBeyond, joined, pointOf, POINTS_KEPT, written } from "../../src/pages/Admin/figures";
import { isOverdue, target_s } from "../../src/pages/Admin/waits";

const UNMEASURED: LiveFigures = {
  consult_id: "c1",
  number: "HZ-20261123-0147",
  station_name: "滨江",
  asker_name: "周敏",
  specialist_name: "陈立",
  specialty: "cardiology",
  since: "2026-11-23T02:33:55Z",
  state: "in_call",
  round_trip_ms: null,
  loss_percent: null,
  up_mbps: null,
  down_mbps: null,
  ultrasound_fps: null,
  ultrasound_delay_ms: null,
  ultrasound_delay_uncertainty_ms: null,
  freezes: null,
  ecg_missing_samples: null,
  alignment_residual_ms: null,
  given_up: [],
  concerns: ["unmeasured"],
};
const GOOD: LiveFigures = { ...UNMEASURED, round_trip_ms: 48, loss_percent: 0.3, ultrasound_fps: 30, ultrasound_delay_ms: 142, freezes: 0, ecg_missing_samples: 0, concerns: [] };

describe("a session's figures", () => {
  it("are beyond their limits only past them", () => {
    expect(isBeyond("round_trip_ms", 250)).toBe(false);
    expect(isBeyond("round_trip_ms", 251)).toBe(true);
    expect(isBeyond("loss_percent", 3.1)).toBe(true);
    expect(isBeyond("ultrasound_fps", 20)).toBe(false);
    expect(isBeyond("ultrasound_fps", 19.9)).toBe(true);
    expect(isBeyond("ultrasound_delay_ms", 501)).toBe(true);
    expect(isBeyond("ecg_missing_samples", 1)).toBe(true);
    expect(isBeyond("freezes", 99)).toBe(false);
  });

  it("are an en dash when absent, and 0 only when measured so", () => {
    expect(written("loss_percent", null)).toBe("–");
    expect(written("loss_percent", 0)).toBe("0.0");
    expect(written("freezes", 0)).toBe("0");
  });

  it("name everything that is wrong", () => {
    expect(beyond({ ...GOOD, round_trip_ms: 312, ultrasound_fps: 14 })).toEqual(["round_trip_ms", "ultrasound_fps"]);
  });

  it("make a session good only when they were measured", () => {
    expect(conditionOf(GOOD)).toBe("fine");
    expect(conditionOf(UNMEASURED)).toBe("unmeasured");
    expect(conditionOf({ ...UNMEASURED, state: "accepted" })).toBe("connecting");
    expect(conditionOf({ ...UNMEASURED, ecg_missing_samples: 212 })).toBe("degraded");
    expect(conditionOf({ ...GOOD, concerns: ["unmeasured"] })).toBe("unmeasured");
  });

  it("cannot make a session good whose station is away or who lacks somebody", () => {
    for (const concern of ["station_away", "device_failed", "participant_away"] as const) {
      expect(conditionOf({ ...GOOD, concerns: [concern] })).toBe("degraded");
      expect(faultsOf({ ...GOOD, concerns: ["unmeasured", concern] })).toEqual([concern]);
    }
  });
});

describe("a session's history", () => {
  const curves: Curves = {
    at: ["2026-11-23T02:40:00Z", "2026-11-23T02:40:02Z"],
    curves: [{ name: "round_trip_ms", values: [50, null] }],
  };
  const last_ms = Date.parse("2026-11-23T02:40:02Z");

  it("is the server's, followed by what came here after it", () => {
    const here = [pointOf(GOOD, last_ms - 500), pointOf(GOOD, last_ms + 1500)];
    expect(joined(curves, here).map((point) => point.round_trip_ms)).toEqual([50, null, 48]);
  });

  it("has no figure where the server has no curve", () => {
    expect(joined(curves, [])[0]).toMatchObject({ round_trip_ms: 50, freezes: null });
  });

  it("is kept for ten minutes", () => {
    const many = Array.from({ length: POINTS_KEPT + 20 }, (_, i) => pointOf(GOOD, last_ms + 2000 * (i + 1)));
    expect(joined(curves, many)).toHaveLength(POINTS_KEPT);
    expect(joined(curves, many).at(-1)).toEqual(many.at(-1));
  });
});

describe("a queue", () => {
  const queue: QueueFigures = { specialty: "cardiology", emergency: 0, expedited: 1, routine: 1, longest_wait_s: 901, available: 0, connected: 1, target_wait_s: 900 };

  it("is measured by the site's own target", () => {
    expect(target_s(queue)).toBe(900);
    expect(isOverdue({ ...queue, target_wait_s: 1200 })).toBe(false);
  });

  it("is overdue past its target, and never when nobody waits", () => {
    expect(isOverdue(queue)).toBe(true);
    expect(isOverdue({ ...queue, longest_wait_s: 900 })).toBe(false);
    expect(isOverdue({ ...queue, expedited: 0, routine: 0, longest_wait_s: null, target_wait_s: null })).toBe(false);
  });
});
