import { describe, expect, it } from "vitest";
import { LargeKey, type Offer } from "../../../src/pages/Room/largeKey.svelte";

const done: Offer = { act: "done", subject: "word 1", words: "done" };
const freeze: Offer = { act: "freeze", subject: "freeze", words: "freeze" };
const help: Offer = { act: "call_help", subject: "", words: "help" };
const HOLD_MS = 900;

/** A key under a hand that is told when time passes. */
function hand(offers: Offer[]) {
  const did: string[] = [];
  const timers: { at_ms: number; then: () => void }[] = [];
  let now_ms = 1000;
  const key = new LargeKey({
    offers: () => offers,
    perform: (offer) => did.push(`${offer.act} ${offer.subject}`),
    gone: (offer) => did.push(`gone ${offer.act}`),
    hold_ms: () => HOLD_MS,
    now_ms: () => now_ms,
    after(delay_ms, then) {
      const timer = { at_ms: now_ms + delay_ms, then };
      timers.push(timer);
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
    },
  });
  const pass = (ms: number) => {
    now_ms += ms;
    for (const timer of timers.filter((one) => one.at_ms <= now_ms)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.then();
    }
  };
  const press = (ms: number) => {
    key.press();
    pass(ms);
    key.release();
    pass(200);
  };
  return { key, did, pass, press, offers };
}

describe("the one large key", () => {
  it("walks through what is offered by short presses, round and round, and does nothing by them", () => {
    const { key, press, did } = hand([done, freeze, help]);
    const seen = [0, 1, 2, 3].map(() => {
      const shown = key.shown?.act;
      press(200);
      return shown;
    });
    expect(seen).toEqual(["done", "freeze", "call_help", "done"]);
    expect(did).toEqual([]);
  });

  it("says what the next short press goes to", () => {
    const { key, press } = hand([done, freeze, help]);
    expect(key.next?.act).toBe("freeze");
    press(100);
    press(100);
    expect([key.shown?.act, key.next?.act]).toEqual(["call_help", "done"]);
    expect(hand([help]).key.next).toBeNull();
  });

  it("does what is shown when it is held, once, and stays at it", () => {
    const { key, press, did } = hand([freeze, help]);
    press(5000);
    expect(did).toEqual(["freeze freeze"]);
    expect(key.shown?.act).toBe("freeze");
  });

  it("does nothing when it is let go too early", () => {
    const { press, did } = hand([freeze]);
    press(HOLD_MS - 1);
    expect(did).toEqual([]);
  });

  it("does not change under the hand when something more urgent comes", () => {
    const { key, offers, pass, did } = hand([freeze, help]);
    expect(key.shown?.act).toBe("freeze");
    key.press();
    pass(300);
    offers.unshift(done);
    pass(HOLD_MS);
    expect(did).toEqual(["freeze freeze"]);
  });

  it("does nothing when what was shown is asked for no more, or is of another word by then", () => {
    for (const after of [[help], [{ ...done, subject: "word 2" }, help]]) {
      const { key, offers, pass, did } = hand([done, help]);
      key.press();
      offers.splice(0, offers.length, ...after);
      pass(HOLD_MS);
      expect(did).toEqual(["gone done"]);
    }
  });

  it("takes a switch that bounces for one press", () => {
    const { key, pass } = hand([done, freeze, help]);
    for (const ms of [10, 5, 20]) {
      key.press();
      pass(ms);
      key.release();
      pass(ms);
    }
    expect(key.shown?.act).toBe("freeze");
  });

  it("does what it is held on also when it was pressed right behind another press", () => {
    const { key, pass, did } = hand([done, freeze, help]);
    key.press();
    pass(10);
    key.release();
    pass(10);
    key.press();
    pass(100);
    pass(HOLD_MS);
    expect(did).toEqual(["freeze freeze"]);
  });

  it("does nothing any more when the window lost the key", () => {
    const { key, pass, did } = hand([freeze, help]);
    key.press();
    key.cancel();
    pass(HOLD_MS);
    key.release();
    expect(did).toEqual([]);
    expect(key.shown?.act).toBe("freeze");
  });

  it("is still with nothing to do", () => {
    const { key, press, did } = hand([]);
    press(5000);
    expect([key.shown, key.next, did]).toEqual([null, null, []]);
  });
});
