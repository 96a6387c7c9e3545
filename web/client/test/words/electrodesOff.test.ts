import { afterAll, expect, test } from "vitest";
import { NOTHING_OFF, type OffSight } from "../../src/ecg/electrodesOff";
import { ELECTRODES } from "../../src/ecg/wire";
import { noteShort } from "../../src/words/ecgQualityNotes";
import { electrodesSaid } from "../../src/words/electrodesOff";
import { language } from "../../src/words/index.svelte";

afterAll(() => language.set("zh"));

const off = (...said: OffSight["said"]): OffSight => ({ ...NOTHING_OFF, off: said, said });

test("an electrode that is off is said with its place and what is lost with it", () => {
  expect(electrodesSaid(off("V2"))).toBe("V2 电极脱落：第 4 肋间，胸骨左缘；只影响脱落电极本身的胸导联，其他导联可继续判读。");
  expect(electrodesSaid(off("RA"))).toContain("右手腕内侧上方；胸导联也以肢体电极为参照，十二个导联均不可用");
  expect(electrodesSaid(off("RL"))).toContain("缺少右下肢参考电极，十二个导联均不可用");
});

test("of all ten the patient and the cable are said, and no place", () => {
  expect(electrodesSaid(off(...ELECTRODES))).toBe("十个电极全部脱落；先看患者，再查导联线插头是否松脱、设备是否已接好。");
});

test("that all are on again is said only after something was off", () => {
  expect(electrodesSaid(NOTHING_OFF)).toBe("");
  expect(electrodesSaid({ ...NOTHING_OFF, all_on: true })).toBe("电极已全部接好");
});

test("the same is said in English", async () => {
  await language.set("en");
  expect(electrodesSaid(off("V2"))).toMatch(/^V2 electrode off.*4th intercostal space, left edge of the sternum/);
  expect(electrodesSaid(off(...ELECTRODES))).toMatch(/^All ten electrodes off.*Look at the patient first\./);
  await language.set("zh");
});

test("what is wrong with the signal names few leads and counts many; flat lines everywhere name none", () => {
  expect(noteShort({ code: "mains_50", leads: ["V3", "V4"] })).toBe("工频干扰 50 Hz：V3 V4");
  expect(noteShort({ code: "wander", leads: ["I", "II", "V1", "V2", "V3"] })).toBe("基线漂移：5 个导联");
  expect(noteShort({ code: "all_flat", leads: ["I", "II"] })).toBe("所有导联呈直线");
  expect(noteShort({ code: "ra_la", leads: [] })).toBe("疑似左、右上肢电极接反");
});
