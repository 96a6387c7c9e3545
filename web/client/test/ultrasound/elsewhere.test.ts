import { describe, expect, it } from "vitest";
import type { Stroke } from "../../src/api/types";
import { elsewhereOf, keysOf, type Looked } from "../../src/ultrasound/elsewhere";

const stroke = (id: string, participant_id: string, capture_us: number) => ({ id, participant_id, capture_us, shape: "arrow", points: [] }) as unknown as Stroke;
const nothing: Looked = { strokes: [], held: [], still_us: null, me: "me", dismissed: new Set() };

describe("what others look at", () => {
  it("is not what one drew or holds oneself", () => {
    expect(elsewhereOf({ ...nothing, strokes: [stroke("a", "me", 1_000_000)], held: [["me", 1_000_000]] })).toBeNull();
    expect(elsewhereOf({ ...nothing, strokes: [stroke("a", "other", 1_000_000), stroke("b", "me", 2_000_000)] })).toEqual({ participant_id: "other", capture_us: 1_000_000, drawn: true });
  });

  it("is not told while one looks at the same frame", () => {
    const seen = { ...nothing, strokes: [stroke("a", "other", 1_000_000)], held: [["other", 1_000_000]] as const };
    expect(elsewhereOf({ ...seen, still_us: 1_004_000 })).toBeNull();
    expect(elsewhereOf({ ...seen, still_us: 1_040_000 })?.drawn).toBe(true);
  });

  it("is put away with all that was there, and what is new is told again", () => {
    const strokes = [stroke("a", "other", 1_000_000), stroke("b", "other", 2_000_000)];
    const held = [["other", 2_000_000]] as const;
    const dismissed = new Set(keysOf(strokes, held));
    expect(elsewhereOf({ ...nothing, strokes, held, dismissed })).toBeNull();
    expect(elsewhereOf({ ...nothing, strokes, held: [["other", 3_000_000]], dismissed })).toEqual({ participant_id: "other", capture_us: 3_000_000, drawn: false });
    expect(elsewhereOf({ ...nothing, strokes: [...strokes, stroke("c", "third", 500_000)], held, dismissed })?.participant_id).toBe("third");
  });
});
