import { describe, expect, it, vi } from "vitest";
import type { ExamPicture, PictureRegion, UltrasoundExam, UltrasoundExamList, UltrasoundExamPage } from "../../../src/api/types";

const wire = vi.hoisted(() => ({ notices: 0 }));
vi.mock("../../../src/api/events", () => ({ socket: { on: () => () => {}, notice: () => (wire.notices += 1) } }));
const { AnotherResidents, EarlierExam, OtherSize } = await import("../../../src/pages/Room/earlierExam.svelte");
const { readingOf } = await import("../../../src/ultrasound/readings");

const exam = (id: string, more: Partial<UltrasoundExam> = {}) => ({ id, source: "consult", taken_on: "2026-10-03", consult_id: id, consult_number: `HZ-${id}`, state: "here", trouble: null, ...more }) as UltrasoundExam;
const picture = (id: string, more: Partial<ExamPicture> = {}) =>
  ({ id, kind: "cine", number: "CD-1", width: 640, height: 480, frames: 4, frame_times_ms: [0, 40, 80, 90], regions: [], calibration: null, scale_uncertainty: 0, simulated: false, ...more }) as ExamPicture;
const list = (...exams: UltrasoundExam[]): UltrasoundExamList => ({ resident_id: "wang", exams, archives: [] });
const page = (of: UltrasoundExam, ...pictures: ExamPicture[]): UltrasoundExamPage => ({ resident_id: "wang", exam: of, series: [{ id: "s", description: "", pictures }], ecgs: [], unreadable: 0 });

/** A server whose answers are given one by one, and time that is told to pass. */
function desk(answers: { list?: UltrasoundExamList; pages?: Record<string, UltrasoundExamPage[]> }) {
  const asked: string[] = [];
  const frames = new Map<string, (size: { width: number; height: number }) => void>();
  const closed: string[] = [];
  const waiting: (() => void)[] = [];
  let now_ms = 0;
  const earlier = new EarlierExam<{ width: number; height: number; close(): void }>("this", {
    list: (resident_id) => (asked.push(`list ${resident_id}`), Promise.resolve(answers.list ?? list(exam("e1")))),
    page: (resident_id, exam_id) => {
      asked.push(`page ${resident_id} ${exam_id}`);
      const left = answers.pages?.[exam_id] ?? [page(exam(exam_id), picture("p1"))];
      return Promise.resolve(left.length > 1 ? left.shift()! : left[0]!);
    },
    frame: (_, exam_id, picture_id, frame) => {
      const key = `${exam_id} ${picture_id} ${frame}`;
      asked.push(`frame ${key}`);
      return new Promise((resolve) => frames.set(key, (size) => resolve({ ...size, close: () => closed.push(key) })));
    },
    after: (_, then) => (waiting.push(then), () => void waiting.splice(waiting.indexOf(then), 1)),
    now_ms: () => now_ms,
  });
  const come = async (key: string, size = { width: 640, height: 480 }) => {
    frames.get(key)!(size);
    await settled();
  };
  const pass = (ms: number) => {
    now_ms += ms;
    earlier.tick();
  };
  return { earlier, asked, frames, closed, waiting, come, pass };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

async function opened(answers: Parameters<typeof desk>[0] = {}) {
  const at = desk(answers);
  await at.earlier.open("wang");
  return at;
}

describe("an earlier exam", () => {
  it("is the last one from before this consult, its cine first, running at once", async () => {
    const { earlier, asked, come } = await opened({
      list: list(exam("this"), exam("e1"), exam("e0")),
      pages: { e1: [page(exam("e1"), picture("still", { kind: "still", frames: 1, frame_times_ms: [0] }), picture("p1"))] },
    });
    expect([earlier.exams?.map(({ id }) => id), earlier.exam?.id, earlier.picture?.id]).toEqual([["e1", "e0"], "e1", "p1"]);
    expect(asked.slice(0, 3)).toEqual(["list wang", "page wang e1", "frame e1 p1 1"]);
    expect(earlier.shown).toBeNull();
    await come("e1 p1 1");
    expect([earlier.shown?.frame, earlier.playing]).toEqual([0, true]);
  });

  it("is never another resident's, in the list or in the exam, whatever the server answers", async () => {
    const others = { ...list(exam("e1")), resident_id: "li" };
    const first = await opened({ list: others });
    expect([first.earlier.fault, first.earlier.exams, first.earlier.picture]).toEqual([expect.any(AnotherResidents), null, null]);
    const second = await opened({ pages: { e1: [{ ...page(exam("e1"), picture("p1")), resident_id: "li" }] } });
    expect([second.earlier.fault, second.earlier.pictures, second.earlier.picture]).toEqual([expect.any(AnotherResidents), [], null]);
    expect(second.asked.some((one) => one.startsWith("frame"))).toBe(false);
    const third = await opened({ pages: { e1: [page(exam("e9"), picture("p1"))] } });
    expect(third.earlier.fault).toBeInstanceOf(AnotherResidents);
  });

  it("is dropped when it comes after it was put away, or after another was chosen", async () => {
    const { earlier, come, closed } = await opened();
    earlier.close();
    await come("e1 p1 1");
    expect([earlier.shown, earlier.resident_id, closed]).toEqual([null, null, ["e1 p1 1"]]);
    const other = await opened({ list: list(exam("e1"), exam("e2")) });
    await other.come("e1 p1 1");
    const choosing = other.earlier.choose("e2");
    expect([other.earlier.shown, other.earlier.picture]).toEqual([null, null]); // nothing of the one before meanwhile
    await choosing;
    await other.come("e1 p1 2");
    expect([other.earlier.exam?.id, other.earlier.shown]).toEqual(["e2", null]);
  });

  it("of an archive is asked for again until it is here", async () => {
    const coming = page(exam("e1", { state: "coming" }));
    const { earlier, waiting, asked } = await opened({ pages: { e1: [coming, page(exam("e1"), picture("p1"))] } });
    expect([earlier.picture, waiting.length]).toEqual([null, 1]);
    waiting[0]!();
    await settled();
    expect(asked.filter((one) => one === "page wang e1").length).toBe(2);
    expect(earlier.picture?.id).toBe("p1");
  });

  it("says what an archive could not be asked for: no exam in the list is not no exam", async () => {
    const archives = [{ archive: "pacs", trouble: "unreachable" as const, other_patients: 0, more: false }];
    const { earlier } = await opened({ list: { ...list(), archives } });
    expect([earlier.exams, earlier.archives]).toEqual([[], archives]);
    earlier.close();
    expect(earlier.archives).toEqual([]);
  });

  it("shows no frame of another size than was told: no scale would hold for it", async () => {
    const { earlier, come } = await opened();
    await come("e1 p1 1", { width: 320, height: 240 });
    expect([earlier.shown, earlier.fault]).toEqual([null, expect.any(OtherSize)]);
  });
});

describe("an earlier cine", () => {
  it("runs at its own frame times", async () => {
    const { earlier, come, pass } = await opened();
    for (const frame of [1, 2, 3, 4]) await come(`e1 p1 ${frame}`);
    const shown = [39, 1, 39, 1, 9, 1, 9, 1].map((ms) => (pass(ms), earlier.shown?.frame));
    expect(shown).toEqual([0, 1, 1, 2, 2, 3, 3, 0]);
  });

  it("waits for a frame that is not here, and passes none over", async () => {
    const { earlier, come, pass } = await opened();
    for (const frame of [1, 2]) await come(`e1 p1 ${frame}`);
    pass(40);
    pass(45);
    expect([earlier.frame, earlier.shown?.frame]).toEqual([2, 1]);
    pass(5000);
    expect([earlier.frame, earlier.shown?.frame]).toEqual([2, 1]);
    await come("e1 p1 3");
    expect(earlier.shown?.frame).toBe(2);
    pass(9);
    expect(earlier.frame).toBe(2);
    pass(1);
    expect(earlier.frame).toBe(3);
  });

  it("goes by frame, round at the ends, and stands still then", async () => {
    const { earlier, come, pass } = await opened();
    for (const frame of [1, 2, 3, 4]) await come(`e1 p1 ${frame}`);
    earlier.step(-1);
    expect([earlier.shown?.frame, earlier.playing]).toEqual([3, false]);
    earlier.step(1);
    pass(1000);
    expect(earlier.shown?.frame).toBe(0);
    earlier.play();
    pass(45);
    expect(earlier.shown?.frame).toBe(1);
  });

  it("is not played by a guess where the file has no times, or not one for each frame", async () => {
    for (const frame_times_ms of [null, [0, 40]]) {
      const { earlier, come, pass } = await opened({ pages: { e1: [page(exam("e1"), picture("p1", { frame_times_ms }))] } });
      for (const frame of [1, 2]) await come(`e1 p1 ${frame}`);
      earlier.play();
      pass(1000);
      expect([earlier.playing, earlier.times_ms, earlier.shown?.frame]).toEqual([false, null, 0]);
      earlier.step(1);
      expect(earlier.shown?.frame).toBe(1);
    }
  });
});

describe("calipers on an earlier picture", () => {
  const region = { left_px: 0, top_px: 0, right_px: 639, bottom_px: 479, spatial_format: 1, data_type: 1, unit_x: 3, unit_y: 3, delta_x: 0.01, delta_y: 0.01, reference_x_px: 0, reference_y_px: 0, reference_x: 0, reference_y: 0, flags: 0, transducer_khz: null, doppler_angle_deg: null, corner_x_px: null, corner_y_px: null, fault: null } as PictureRegion;

  async function measured(more: Partial<ExamPicture>) {
    const { earlier, come } = await opened({ pages: { e1: [page(exam("e1"), picture("p1", more))] } });
    for (const frame of [1, 2]) await come(`e1 p1 ${frame}`);
    earlier.toggleMeasuring();
    earlier.measuring.press({ x: 100, y: 100 }, 10);
    earlier.measuring.drag({ x: 200, y: 100 });
    earlier.measuring.lift();
    const read = readingOf(earlier.measuring.laid[0]!, earlier.measurable!);
    return { earlier, value: read !== null && "values" in read ? read.values[0]! : null };
  }

  it("read by its own scale, with its own doubt, and tell nobody in the room", async () => {
    wire.notices = 0;
    const { value } = await measured({ regions: [region], calibration: "ruler", scale_uncertainty: 0.01 });
    expect(value).toMatchObject({ value: 10, unit: "mm", calibration: "ruler" });
    const { value: file } = await measured({ regions: [region], calibration: "file" });
    expect(value!.uncertainty - file!.uncertainty).toBeCloseTo(0.1);
    expect(wire.notices).toBe(0);
  });

  it("read pixels where it has none", async () => {
    for (const more of [{}, { regions: [region], calibration: null }]) {
      const { value } = await measured(more);
      expect(value).toMatchObject({ value: 100, unit: "px", calibration: "none" });
    }
  });

  it("belong to their frame", async () => {
    const { earlier } = await measured({});
    earlier.step(1);
    expect(earlier.measuring.laid).toEqual([]);
    earlier.step(-1);
    expect(earlier.measuring.laid.length).toBe(1);
    earlier.close();
    expect(earlier.measuring.laid).toEqual([]);
  });
});
