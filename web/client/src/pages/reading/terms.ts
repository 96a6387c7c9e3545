/** Finding coded terms: by Chinese, English, code, or the abbreviation everybody writes. Pure. */

import type { Term } from "../../api/types";

/** Abbreviations of the field that no name holds. */
const SHORT: Record<string, string> = {
  "AHA-20": "sr nsr",
  "AHA-21": "st",
  "AHA-22": "sb",
  "AHA-30": "pac apc 房早",
  "AHA-36": "pjc 交界早",
  "AHA-50": "af afib 房颤",
  "AHA-51": "afl 房扑",
  "AHA-52": "at 房速",
  "AHA-53": "mat",
  "AHA-55": "svt psvt 室上速",
  "AHA-60": "pvc vpc 室早",
  "AHA-63": "ivr",
  "AHA-64": "aivr",
  "AHA-70": "vt 室速",
  "AHA-71": "nsvt",
  "AHA-73": "tdp",
  "AHA-74": "vf 室颤",
  "AHA-82": "1avb 一度房室阻滞",
  "AHA-83": "2avb 文氏",
  "AHA-84": "2avb",
  "AHA-88": "3avb chb 完全性房室阻滞",
  "AHA-101": "lafb lah",
  "AHA-102": "lpfb lph",
  "AHA-104": "lbbb 左束支",
  "AHA-105": "irbbb",
  "AHA-106": "rbbb 右束支",
  "AHA-107": "ivcd",
  "AHA-108": "wpw 预激",
  "AHA-120": "rad",
  "AHA-121": "lad",
  "AHA-140": "lae",
  "AHA-141": "rae",
  "AHA-142": "lvh",
  "AHA-143": "rvh",
  "AHA-148": "lqt 长qt",
  "AHA-155": "erp",
  "AHA-160": "心梗 ami",
  "AHA-161": "心梗 imi",
};

/** The terms that fit what was typed, the best first; all of them, in their order, for nothing. */
export function findTerms(terms: readonly Term[], text: string): Term[] {
  const wanted = plain(text);
  if (wanted === "") return [...terms];
  const ranked = terms.flatMap((term) => {
    const rank = rankOf(term, wanted);
    return rank === null ? [] : [{ term, rank }];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ term }) => term);
}

/** 0: what was meant, without a doubt; `null`: it does not fit. */
function rankOf(term: Term, wanted: string): number | null {
  const short = (SHORT[term.code] ?? "").split(" ");
  const number = term.code.replace("AHA-", "");
  if (short.includes(wanted) || number === wanted || plain(term.code) === wanted) return 0;
  const names = [term.zh, term.en].map(plain);
  if (names.some((name) => name.startsWith(wanted))) return 1;
  if (names.some((name) => name.includes(wanted)) || short.some((one) => one.startsWith(wanted))) return 2;
  const letters = [...wanted];
  return /\p{Script=Han}/u.test(wanted) && letters.every((one) => term.zh.includes(one)) ? 3 : null;
}

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/[\s-]/g, "");
}
