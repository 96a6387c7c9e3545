/** Which drawn leads are marked, and how. Pure. */

import type { EcgStatus } from "./protocol";

export type LeadMark = "off" | "unusable" | null;

/** `off` only where the lead's own electrode came off; a derived lead is no better than I and II. */
export function markOf(lead: string, status: Pick<EcgStatus, "electrodes_off" | "leads_unusable" | "meta">): LeadMark {
  const { electrodes_off, leads_unusable, meta } = status;
  if ((electrodes_off as string[]).includes(lead)) return "off";
  if (leads_unusable.includes(lead)) return "unusable";
  const derived = meta !== null && !meta.leads.includes(lead);
  return derived && (leads_unusable.includes("I") || leads_unusable.includes("II")) ? "unusable" : null;
}
