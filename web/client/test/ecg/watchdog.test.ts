import { expect, test } from "vitest";
import type { FromWorker } from "../../src/ecg/protocol";
import { type Around, EcgView } from "../../src/ecg/view";
import { type Verdict, Watchdog } from "../../src/ecg/watchdog";

function ticks(dog: Watchdog, n: number, visible = true): Verdict[] {
  return Array.from({ length: n }, () => dog.tick(visible));
}

test("a worker that told of a frame within a second draws", () => {
  const dog = new Watchdog();
  dog.heard();
  expect(ticks(dog, 3)).toEqual(["drawing", "drawing", "drawing"]);
  dog.heard();
  expect(dog.tick(true)).toBe("drawing");
});

test("silence of a second is a stopped screen; a second more asks for a new worker, once", () => {
  const dog = new Watchdog();
  dog.heard();
  expect(ticks(dog, 8).slice(2)).toEqual(["drawing", "stopped", "stopped", "stopped", "stopped", "restart"]);
  dog.heard();
  expect(ticks(dog, 40)).not.toContain("restart");
  expect(dog.tick(true)).toBe("stopped");
});

test("an error followed by silence needs no long wait; one that is survived does nothing", () => {
  const dog = new Watchdog();
  dog.heard();
  dog.fail();
  expect(ticks(dog, 2)).toEqual(["drawing", "restart"]);
  const other = new Watchdog();
  other.heard();
  other.fail();
  other.tick(true);
  other.heard();
  expect(ticks(other, 3)).toEqual(["drawing", "drawing", "drawing"]);
});

test("a hidden page draws nothing and that is no fault", () => {
  const dog = new Watchdog();
  dog.heard();
  expect(new Set(ticks(dog, 100, false))).toEqual(new Set(["drawing"]));
  expect(dog.tick(true)).toBe("drawing");
});

class FakeWorker {
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: (() => void) | null = null;
  onmessageerror: (() => void) | null = null;
  ended = false;
  postMessage(): void {}
  terminate(): void {
    this.ended = true;
  }
  status(): void {
    this.onmessage?.({ data: { type: "status" } as FromWorker });
  }
}

test("a view whose worker died says so, opens one more, and says when that one draws", () => {
  const workers: FakeWorker[] = [];
  const said: string[] = [];
  let tick = () => {};
  const around: Around = {
    makeWorker: () => {
      workers.push(new FakeWorker());
      return workers.at(-1) as unknown as Worker;
    },
    isVisible: () => true,
    every: (_, then) => ((tick = then), () => {}),
  };
  new EcgView(
    {
      onStatus: () => {},
      onNeed: () => {},
      onCursor: () => {},
      onDrawing: (drawing) => said.push(drawing ? "drawing" : "stopped"),
      onRestart: () => said.push("new worker"),
    },
    around,
  );
  workers[0]!.status();
  workers[0]!.onerror?.();
  tick();
  tick();
  expect([said, workers[0]!.ended, workers.length]).toEqual([["stopped", "new worker"], true, 2]);
  workers[1]!.status();
  expect(said.at(-1)).toBe("drawing");
});
