import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ChecklistCard, GuidingView } from "../../../src/api/types";
import { ACTS } from "../../../src/pedals";

const wire = vi.hoisted(() => ({ commands: [] as Record<string, unknown>[] }));
vi.mock("../../../src/api/events", () => ({ socket: { on: () => () => {}, command: (sent: Record<string, unknown>) => (wire.commands.push(sent), Promise.resolve()) } }));
vi.mock("../../../src/session.svelte", () => ({ session: { may: () => true } }));
const { nextView, OperatorModel } = await import("../../../src/pages/Room/operator.svelte");
type Room = ConstructorParameters<typeof OperatorModel>[0];

const card = (...ticked: [string, string][]) => ({ protocol: "fast", ticks: ticked.map(([view, state]) => ({ view, state, by_name: "", at: "", still_id: null })) }) as unknown as ChecklistCard;
const asked = (id: string, more: Partial<GuidingView> = {}) => ({ id, state: "asked", word: null, control: "depth_more", ...more }) as GuidingView;

/** A room as far as an operator's acts look at it, and what they did in it. */
function room() {
  const did: unknown[] = [];
  return {
    did,
    consult_id: "c", over: false, joined: true, no_clip: null,
    consult: { checklists: [] as ChecklistCard[] },
    guiding: { open: [] as GuidingView[], scanner: null as { allowed: object | null } | null, allowTurning: (on: boolean) => did.push(["allowed", on]), answer: (view: GuidingView, answer: string, reason?: string) => did.push([view.id, answer, ...(reason === undefined ? [] : [reason])]) },
    scan: { frozen: null as object | null, last: {} as object | null, exact_card: null as { still_id: string } | null },
    keep: { keeping: false },
    kept: null as { id: string; number: string } | null,
    kept_lacks: false,
    clips: { asking: false },
    takeClip: () => did.push("clip"),
    toggleFreeze: () => did.push("freeze"),
    keepPicture: () => did.push("keep"),
  };
}
const operatorOf = (of: ReturnType<typeof room>) => new OperatorModel(of as unknown as Room, () => of.did.push("help"));
const offered = (of: ReturnType<typeof room>) => operatorOf(of).offers.map(({ act }) => act);

beforeEach(() => (wire.commands = []));

describe("what an operator is offered", () => {
  it("is what can be done now, what is asked of her first, and help always", () => {
    const here = room();
    expect(offered(here)).toEqual(["freeze", "keep_clip", "call_help"]);
    here.guiding.open = [asked("g1")];
    here.scan.exact_card = { still_id: "s1" };
    here.consult.checklists = [card()];
    expect(offered(here)).toEqual([...ACTS]);
    here.guiding.open = [asked("g1", { state: "seen" })];
    expect(offered(here)).not.toContain("seen");
    expect(offered({ ...here, over: true })).toEqual(["call_help"]);
    expect(offered({ ...here, joined: false })).toEqual(["call_help"]);
  });

  it("keeps one exact picture once", () => {
    const here = room();
    here.scan.exact_card = { still_id: "s1" };
    here.kept = { id: "k", number: "CS-1" };
    expect(offered(here)).not.toContain("keep_still");
    here.kept_lacks = true; // drawn on since
    expect(offered(here)).toContain("keep_still");
  });

  it("is another thing by its subject: a freeze that has become a going live, a word that has become another", () => {
    const here = room();
    const subjectOf = (act: string) => operatorOf(here).offers.find((one) => one.act === act)?.subject;
    expect(subjectOf("freeze")).toBe("freeze");
    here.scan.frozen = {};
    expect(subjectOf("freeze")).toBe("live");
    here.guiding.open = [asked("g2")];
    expect(subjectOf("done")).toBe("g2");
  });
});

describe("a pedal", () => {
  it("does each act, and what is asked of the scanner is turned down as a whole", () => {
    const here = room();
    here.guiding.open = [asked("g2"), asked("g1"), asked("g0", { control: null })];
    here.scan.exact_card = { still_id: "s1" };
    here.consult.checklists = [card(["ruq", "adequate"])];
    const operator = operatorOf(here);
    ACTS.forEach((act, i) => operator.press(act, i * 1000));
    expect(here.did).toEqual([
      ["g2", "done"], ["g2", "seen"], ["g2", "cannot", "other"],
      ["g2", "cannot", "other"], ["g1", "cannot", "other"],
      "freeze", "keep", "clip", "help",
    ]);
    expect(wire.commands).toEqual([{ type: "tick_view", consult_id: "c", protocol: "fast", view: "luq", state: "adequate", still_id: null }]);
  });

  it("takes the scanner back from the specialist, and turns down what is asked of it", () => {
    const here = room();
    here.guiding.scanner = { allowed: null };
    expect(offered(here)).not.toContain("take_back_control");
    here.guiding.scanner = { allowed: {} };
    here.guiding.open = [asked("g1")];
    operatorOf(here).press("take_back_control", 0);
    expect(here.did).toEqual([["allowed", false], ["g1", "cannot", "other"]]);
  });

  it("that bounces is one press; a second one on purpose is a second one", () => {
    const here = room();
    const operator = operatorOf(here);
    for (const at_ms of [0, 40, 90, 1000]) operator.press("freeze", at_ms);
    expect(here.did).toEqual(["freeze", "freeze"]);
  });

  it("says why it did nothing", () => {
    const here = room();
    const operator = operatorOf(here);
    operator.press("done", 0);
    expect(here.did).toEqual([]);
    expect(operator.said).toBe("未执行“回应：完成”：现在没有请求");
  });
});

describe("the next view of the checklists", () => {
  it("is the first of which nothing was said, protocol after protocol", () => {
    expect(nextView([])).toBeNull();
    expect(nextView([card()])?.view).toBe("ruq");
    expect(nextView([card(["ruq", "not_obtained"], ["luq", "open"])])?.view).toBe("luq");
    const all = ["ruq", "luq", "pelvis_long", "pelvis_trans", "subxiphoid"].map((view): [string, string] => [view, "limited"]);
    expect(nextView([card(...all)])).toBeNull();
    expect(nextView([card(...all), { ...card(), protocol: "aaa" } as ChecklistCard])?.card.protocol).toBe("aaa");
  });
});
