/**
 * Our own schematics of views, in a field 100 wide and 80 high: what lies where, nothing more. No picture of a patient
 * was traced. `look` is where the question of the view is answered.
 */

import type { Scheme } from "../viewProtocols";

export type Frame = "sector" | "curved" | "linear" | "time";
export type Tissue = "organ" | "wall" | "fluid" | "vessel" | "bright" | "bone" | "look";

export interface Schematic {
  frame: Frame;
  shapes: [tissue: Tissue, path: string][];
  /** Drawn the other way round: of the other side of the body. */
  mirrored?: true;
}

/** An ellipse as a path, turned by some degrees. */
function oval(x: number, y: number, rx: number, ry: number, turned = 0): string {
  const a = (turned * Math.PI) / 180;
  const [dx, dy] = [rx * Math.cos(a), rx * Math.sin(a)].map((one) => Math.round(one * 10) / 10) as [number, number];
  return `M${x - dx} ${y - dy} A${rx} ${ry} ${turned} 1 0 ${x + dx} ${y + dy} A${rx} ${ry} ${turned} 1 0 ${x - dx} ${y - dy} Z`;
}

const LIVER: [Tissue, string] = ["organ", "M16 20 Q48 8 80 24 Q70 46 40 50 Q22 44 16 20 Z"];
const PLEURA: [Tissue, string][] = [["bone", "M8 22 Q20 14 32 22"], ["bone", "M68 22 Q80 14 92 22"], ["look", "M32 28 L68 28"]];
const RING = (x: number, y: number, r: number): [Tissue, string][] => [["wall", oval(x, y, r, r)], ["fluid", oval(x, y, r * 0.66, r * 0.66)]];
const KIDNEY = (x: number, y: number, rx: number, ry: number, turned = 0): [Tissue, string][] => [["organ", oval(x, y, rx, ry, turned)], ["bright", oval(x, y, rx * 0.55, ry * 0.38, turned)]];
const FOUR: [Tissue, string][] = [
  ["wall", "M50 12 Q22 22 26 50 Q34 70 50 68 Q66 70 74 50 Q78 22 50 12 Z"],
  ["fluid", "M53 18 Q70 26 70 43 L53 44 Z"],
  ["fluid", "M47 18 Q31 26 30 43 L47 44 Z"],
  ["fluid", "M53 49 L69 48 Q66 64 53 64 Z"],
  ["fluid", "M47 49 L31 48 Q34 64 47 64 Z"],
  ["bright", "M53 46 L69 45 M47 47 L31 46"],
];
const HEAD: [Tissue, string][] = [["bone", oval(50, 42, 32, 24)], ["bright", "M20 42 L42 42 M58 42 L80 42"], ["organ", oval(46, 47, 6, 5)], ["organ", oval(46, 37, 6, 5)]];
const SAC: [Tissue, string][] = [["organ", oval(50, 44, 34, 22, -8)], ["bright", oval(52, 43, 17, 12)], ["fluid", oval(52, 43, 14, 9.5)]];

const FEMORAL: [Tissue, string][] = [["vessel", oval(38, 40, 8, 8)], ["fluid", oval(58, 46, 11, 9)], ["look", "M58 30 L58 58"]];
const THYROID: [Tissue, string][] = [["organ", "M24 30 Q44 20 56 30 Q58 48 40 54 Q24 48 24 30 Z"], ["vessel", oval(18, 44, 8, 8)], ["bright", "M60 28 Q74 20 88 28"], ["look", "M26 38 L56 38 M41 24 L41 54"]];
const NECK: [Tissue, string][] = [["vessel", oval(30, 52, 10, 10)], ["fluid", oval(52, 50, 9, 7)], ["organ", oval(64, 30, 13, 6)], ["bright", oval(64, 30, 6, 1.8)]];

export const SCHEMATICS: Record<Scheme, Schematic> = {
  liver_kidney: { frame: "curved", shapes: [LIVER, ...KIDNEY(58, 58, 22, 11, -14), ["look", "M34 52 Q52 50 76 40"]] },
  spleen_kidney: { frame: "curved", shapes: [["organ", "M18 22 Q46 10 66 26 Q62 44 36 46 Q22 40 18 22 Z"], ...KIDNEY(62, 58, 21, 11, -16), ["bright", "M10 34 Q22 14 46 12"], ["look", "M12 38 Q22 20 40 14"], ["look", "M38 50 Q56 48 74 38"]] },
  bladder_long: { frame: "curved", shapes: [["fluid", "M26 22 Q54 14 70 34 Q60 46 32 42 Q22 36 26 22 Z"], ["organ", oval(58, 58, 22, 9, -12)], ["look", "M30 48 Q46 50 58 46"]] },
  bladder_trans: { frame: "curved", shapes: [["fluid", "M24 22 Q50 14 76 22 Q78 40 64 44 L36 44 Q22 40 24 22 Z"], ["organ", oval(50, 60, 18, 9)], ["look", "M20 46 Q28 54 34 58"], ["look", "M80 46 Q72 54 66 58"]] },
  subcostal_heart: { frame: "curved", shapes: [["organ", "M14 14 Q50 4 86 14 Q70 30 40 30 Q22 26 14 14 Z"], ["wall", oval(54, 52, 30, 17, -14)], ["fluid", oval(48, 46, 17, 5.5, -14)], ["fluid", oval(60, 57, 18, 6.5, -14)], ["look", "M26 50 Q36 32 66 32"]] },
  lung: { frame: "linear", shapes: [...PLEURA, ["bright", "M34 46 L66 46 M34 62 L66 62"]] },
  lung_base: { frame: "curved", shapes: [["organ", "M50 34 Q80 30 88 58 L60 72 Q46 54 50 34 Z"], ["bright", "M44 24 Q48 50 66 74"], ["fluid", "M18 60 Q34 46 44 48 Q50 62 58 72 L36 74 Z"], ["look", "M24 62 Q36 54 44 56"]] },
  plax: { frame: "sector", shapes: [["wall", "M18 40 Q34 22 64 26 L86 30 L86 56 Q60 68 34 62 Q20 56 18 40 Z"], ["fluid", "M24 42 Q38 30 58 34 L60 50 Q40 58 28 52 Z"], ["fluid", "M62 32 L86 34 L86 42 L62 42 Z"], ["fluid", "M62 46 Q80 44 84 54 Q74 62 60 58 Z"], ["fluid", "M36 20 Q52 14 66 20 L60 24 Q48 22 38 26 Z"], ["bright", "M60 44 L50 50 M62 34 L68 42"]] },
  psax_mitral: { frame: "sector", shapes: [...RING(56, 48, 20), ["bright", "M44 50 Q56 42 68 50 Q56 58 44 50 Z"], ["fluid", "M28 28 Q44 18 62 24 Q46 28 36 42 Z"]] },
  psax_papillary: { frame: "sector", shapes: [...RING(56, 48, 20), ["wall", oval(48, 55, 4, 4)], ["wall", oval(64, 55, 4, 4)], ["fluid", "M28 28 Q44 18 62 24 Q46 28 36 42 Z"]] },
  psax_apex: { frame: "sector", shapes: RING(54, 48, 14) },
  a4c: { frame: "sector", shapes: FOUR },
  a5c: { frame: "sector", shapes: [...FOUR, ["vessel", "M47 46 L55 46 L56 60 L47 60 Z"], ["look", "M50 40 L51 58"]] },
  a2c: { frame: "sector", shapes: [["wall", "M50 12 Q30 22 32 50 Q38 70 50 70 Q62 70 68 50 Q70 22 50 12 Z"], ["fluid", "M50 18 Q37 26 38 44 L62 44 Q63 26 50 18 Z"], ["fluid", "M38 49 L62 49 Q60 64 50 65 Q40 64 38 49 Z"], ["bright", "M38 46 L62 46"]] },
  ivc: { frame: "curved", shapes: [["organ", "M12 18 Q50 6 88 18 L84 44 Q50 34 18 46 Z"], ["vessel", "M18 50 Q50 38 84 48 L84 58 Q52 50 20 62 Z"], ["fluid", oval(84, 56, 9, 12)], ["look", "M34 46 L36 57"]] },
  aorta_trans: { frame: "curved", shapes: [["bone", "M26 70 Q50 48 74 70"], ["vessel", oval(56, 46, 10, 10)], ["fluid", oval(36, 48, 10, 6)], ["look", "M56 36 L56 56"]] },
  aorta_long: { frame: "curved", shapes: [["organ", "M12 18 Q40 8 60 16 Q50 32 18 36 Z"], ["vessel", "M14 48 Q50 40 88 44 L88 56 Q50 54 14 62 Z"], ["look", "M52 44 L52 55"]] },
  iliacs: { frame: "curved", shapes: [["vessel", oval(40, 48, 7, 7)], ["vessel", oval(62, 48, 7, 7)], ["bone", "M26 70 Q50 56 74 70"]] },
  // The vein lies medial of the artery in the groin; behind the knee it is nearer to the probe.
  femoral_right: { frame: "linear", shapes: FEMORAL },
  femoral_left: { frame: "linear", shapes: FEMORAL, mirrored: true },
  popliteal: { frame: "linear", shapes: [["fluid", oval(48, 32, 11, 9)], ["vessel", oval(54, 54, 8, 8)], ["look", "M48 18 L48 44"]] },
  uterus: { frame: "curved", shapes: [["fluid", "M20 18 Q36 12 50 20 Q46 30 26 30 Z"], ...SAC] },
  yolk_sac: { frame: "curved", shapes: [...SAC, ["bright", oval(46, 43, 3.5, 3.5)], ["look", oval(46, 43, 6, 6)]] },
  crl: { frame: "curved", shapes: [["fluid", oval(50, 44, 36, 22)], ["organ", "M24 46 Q24 34 34 35 Q42 34 44 40 Q62 34 74 46 Q62 58 44 52 Q30 56 24 46 Z"], ["look", "M25 45 L74 46"]] },
  m_mode: { frame: "time", shapes: [["bright", "M6 30 q6 -8 12 0 t12 0 t12 0 t12 0 t12 0 t12 0 t12 0"], ["bright", "M6 50 q6 8 12 0 t12 0 t12 0 t12 0 t12 0 t12 0 t12 0"], ["look", "M18 62 L42 62"]] },
  ovary: { frame: "curved", shapes: [["organ", oval(50, 42, 22, 14, -10)], ["fluid", oval(42, 40, 4, 4)], ["fluid", oval(54, 46, 5, 5)], ["fluid", oval(60, 37, 3, 3)]] },
  fetal_head: { frame: "curved", shapes: [...HEAD, ["look", "M50 18 L50 66"]] },
  fetal_abdomen: { frame: "curved", shapes: [["organ", oval(50, 42, 27, 25)], ["fluid", oval(62, 36, 7, 5)], ["vessel", "M34 40 Q44 34 50 44"], ["bone", oval(50, 64, 4, 3)], ["look", oval(50, 42, 29, 27)]] },
  femur: { frame: "curved", shapes: [["organ", oval(50, 44, 38, 14)], ["bone", "M20 46 Q50 40 80 45"], ["look", "M20 54 L80 53"]] },
  fetal_heart: { frame: "curved", shapes: [["organ", oval(50, 42, 30, 26)], ["wall", oval(44, 44, 15, 12, 40)], ["fluid", oval(40, 38, 4.5, 5)], ["fluid", oval(49, 42, 4.5, 5)], ["fluid", oval(38, 48, 4, 4)], ["fluid", oval(47, 51, 4, 4)], ["bone", oval(66, 56, 4, 3)]] },
  spine: { frame: "curved", shapes: [["bone", "M14 44 Q50 30 86 42"], ["bone", "M14 52 Q50 38 86 50"], ["bright", "M20 47 L22 51 M32 42 L34 46 M44 39 L46 43 M56 39 L58 43 M68 40 L70 44 M80 43 L82 47"]] },
  placenta: { frame: "curved", shapes: [["organ", "M18 24 Q50 10 80 24 Q84 32 76 34 Q50 22 22 34 Z"], ["fluid", "M22 36 Q50 24 76 36 L72 62 Q50 70 28 62 Z"], ["wall", "M60 58 L90 50 L90 62 L64 66 Z"], ["look", "M74 36 L72 58"]] },
  amniotic: { frame: "curved", shapes: [["organ", oval(36, 52, 15, 11, 20)], ["fluid", "M50 20 Q80 20 82 44 Q70 62 56 56 Q46 40 50 20 Z"], ["look", "M66 26 L66 56"]] },
  thyroid_trans_right: { frame: "linear", shapes: THYROID },
  thyroid_trans_left: { frame: "linear", shapes: THYROID, mirrored: true },
  thyroid_long: { frame: "linear", shapes: [["organ", oval(50, 42, 38, 14)], ["look", "M12 42 L88 42"]] },
  thyroid_isthmus: { frame: "linear", shapes: [["organ", "M8 34 Q24 24 38 34 Q50 28 62 34 Q76 24 92 34 Q88 54 70 52 Q62 42 50 42 Q38 42 30 52 Q12 54 8 34 Z"], ["bright", "M36 48 Q50 40 64 48"], ["look", "M50 31 L50 41"]] },
  // The jugular vein lies lateral of the carotid.
  neck_nodes_left: { frame: "linear", shapes: NECK },
  neck_nodes_right: { frame: "linear", shapes: NECK, mirrored: true },
  gallbladder_long: { frame: "curved", shapes: [["organ", "M12 16 Q50 6 88 16 L82 60 Q50 70 18 60 Z"], ["fluid", "M30 32 Q62 28 74 48 Q70 58 58 54 Q38 46 30 32 Z"], ["look", "M46 31 L46 36"]] },
  gallbladder_trans: { frame: "curved", shapes: [["organ", "M12 16 Q50 6 88 16 L82 60 Q50 70 18 60 Z"], ["fluid", oval(50, 42, 13, 12)], ["bright", oval(50, 42, 14, 13)]] },
  bile_duct: { frame: "curved", shapes: [["organ", "M12 16 Q50 6 88 16 L82 40 Q50 34 18 44 Z"], ["fluid", "M24 50 Q54 38 80 50 L80 55 Q54 44 25 56 Z"], ["vessel", "M22 60 Q54 50 82 60 L82 70 Q54 62 22 72 Z"], ["look", "M50 42 L51 47"]] },
  liver_left: { frame: "curved", shapes: [["organ", "M16 18 Q50 8 80 20 L66 52 Q40 62 22 54 Z"], ["vessel", "M30 62 Q54 58 82 62 L82 70 Q54 66 30 72 Z"], ["vessel", "M40 28 L52 40"]] },
  kidney_long: { frame: "curved", shapes: [...KIDNEY(50, 44, 36, 18), ["look", "M14 44 L86 44"]] },
  kidney_trans: { frame: "curved", shapes: [...KIDNEY(50, 44, 19, 18), ["vessel", "M64 44 L86 50"]] },
};
