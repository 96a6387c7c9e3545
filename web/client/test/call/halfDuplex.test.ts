import { expect, it } from "vitest";
import { HalfDuplex } from "../../src/call/halfDuplex";

it("gives way to who speaks, and not to a crack", () => {
  const way = new HalfDuplex();
  expect(way.look(0, 0)).toBe("sending");
  expect(way.look(50, 0.5)).toBe("sending");
  expect(way.look(100, 0)).toBe("sending"); // too short for a voice
  expect(way.look(1000, 0.5)).toBe("sending");
  expect(way.look(1100, 0.5)).toBe("listening");
});

it("sends again only after a pause as between two sentences", () => {
  const way = new HalfDuplex();
  for (const at of [0, 100, 200]) way.look(at, 0.5);
  expect(way.look(600, 0)).toBe("listening");
  expect(way.look(700, 0.5)).toBe("listening");
  expect(way.look(1399, 0)).toBe("listening");
  expect(way.look(1400, 0)).toBe("sending");
});
