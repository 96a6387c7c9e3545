/** What a structured form and its score come to, as a paragraph for the opinion. Pure; every score is computed by the server. */

import type { Breast, Echo, Fast, Nodule, Scored, Window } from "./api/types";
import { figure } from "./words/format";
import { w } from "./words/index.svelte";

export const SOURCES = {
  nodule: "ACR TI-RADS, J Am Coll Radiol 2017;14:587",
  breast: "ACR BI-RADS Atlas, 5th ed., 2013",
  fast: "Radiology 2017;283:30",
  echo: "ASE/EACVI, J Am Soc Echocardiogr 2015;28:1",
} as const;
export type Form = keyof typeof SOURCES;
export interface Forms {
  nodule?: Nodule;
  breast?: Breast;
  fast?: Fast;
  echo?: Echo;
}

const listed = (parts: string[]) => parts.join(w.common.listComma);
/** A figure as it was typed, without a tail of decimals. */
const plain = (value: number) => figure(value, Number.isInteger(value) ? 0 : 1);

export const WINDOWS: Window[] = ["right_upper", "left_upper", "pelvis", "pericardium"];
export const LUNGS: Window[] = ["right_lung", "left_lung"];

/** The paragraph, with what it was computed from and that a clinician checks it; `null`: there is nothing to write. */
export function paragraphOf(form: Form, sent: Forms, scored: Scored): string | null {
  const said = { nodule: noduleText, breast: breastText, fast: fastText, echo: echoText }[form](sent, scored);
  return said === null ? null : `${said}[${w.scores.check}]`;
}

function noduleText({ nodule }: Forms, { nodule: score }: Scored): string | null {
  if (nodule === undefined || score === null || score.level === null) return null;
  const foci = nodule.foci ?? [];
  const described = [w.scores.composition[nodule.composition], w.scores.echogenicity[nodule.echogenicity], w.scores.shape[nodule.shape], `${w.scores.fields.margin} ${w.scores.margin[nodule.margin]}`];
  described.push(foci.length === 0 ? w.scores.fociNone : listed(foci.map((one) => w.scores.foci[one])));
  if (nodule.largest_mm != null) described.push(w.scores.size(plain(nodule.largest_mm)));
  const outcome = [w.scores.points(score.points), w.scores.level[score.level], score.advice === null ? w.scores.adviceUnmeasured : w.scores.advice[score.advice]];
  return w.scores.nodule(listed(described), listed(outcome));
}

function breastText({ breast }: Forms, { breast: score }: Scored): string | null {
  if (breast === undefined || score === null || score.contradictions.some((one) => one !== "no_mass")) return null;
  const mass = breast.mass ?? null;
  const described = mass === null ? w.scores.noMass : listed([w.scores.massShape[mass.shape], w.scores.orientation[mass.orientation], `${w.scores.fields.mass_margin} ${w.scores.massMargin[mass.margin]}`, w.scores.echoPattern[mass.echo], `${w.scores.fields.posterior} ${w.scores.posterior[mass.posterior]}`]);
  const outcome = [w.scores.category[score.category], ...(score.likelihood === "" ? [] : [w.scores.likelihood(score.likelihood)]), w.scores.management[score.management]];
  return w.scores.breast(described, listed(outcome));
}

function fastText({ fast }: Forms, { fast: score }: Scored): string | null {
  if (fast === undefined || score === null) return null;
  const windows = [...WINDOWS, ...(fast.extended ? LUNGS : [])];
  const told = windows.map((one) => `${w.scores.windows[one]} ${w.scores.windowResult[fast.windows[one] ?? "indeterminate"]}`);
  return w.scores.fast(fast.extended ? "eFAST" : "FAST", listed(told), w.scores.windowResult[score.result]);
}

function echoText({ echo }: Forms, { echo: score }: Scored): string | null {
  if (echo === undefined || score === null) return null;
  const told: string[] = [];
  if (score.ejection_percent !== null && echo.end_diastolic_ml != null && echo.end_systolic_ml != null) {
    told.push(w.scores.volumes(plain(echo.end_diastolic_ml), plain(echo.end_systolic_ml)), w.scores.ejection(figure(score.ejection_percent, 1)));
    if (score.ejection_grade !== null) told.push(w.scores.grade[score.ejection_grade]);
  }
  if (score.ra_pressure_mmhg !== null && echo.ivc_mm != null && echo.ivc_collapse_percent != null) {
    told.push(w.scores.cava(plain(echo.ivc_mm), plain(echo.ivc_collapse_percent)), w.scores.raPressure(score.ra_pressure_mmhg));
  }
  return told.length === 0 ? null : w.scores.echo(listed(told));
}
