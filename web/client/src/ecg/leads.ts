/**
 * Twelve leads from what the device gives.
 *
 * A device that gives eight (I, II, V1-V6) leaves four to the receiver, by Einthoven and Goldberger:
 * III = II - I, aVR = -(I + II) / 2, aVL = I - II / 2, aVF = II - I / 2. What a source stored itself is
 * taken as it is: its rounding differs.
 */

import { type Meta, MISSING, type WavePacket } from "./wire";

type Rule = (i: number, ii: number) => number;

const RULES: Record<string, Rule> = {
  III: (i, ii) => ii - i,
  aVR: (i, ii) => -(i + ii) / 2,
  aVL: (i, ii) => i - ii / 2,
  aVF: (i, ii) => ii - i / 2,
};

/** The leads to draw: those of the stream, then those that can be derived from it. */
export function drawnLeads(meta: Meta): string[] {
  if (!meta.leads.includes("I") || !meta.leads.includes("II")) return meta.leads;
  return [...meta.leads, ...Object.keys(RULES).filter((lead) => !meta.leads.includes(lead))];
}

/** The packet with the derived leads appended; the same packet when nothing is to be derived. */
export function withDerived(packet: WavePacket, meta: Meta): WavePacket {
  const leads = drawnLeads(meta);
  if (leads.length === packet.lead_count) return packet;
  const n = packet.count;
  const samples = new Int16Array(leads.length * n);
  samples.set(packet.samples);
  const [i_at, ii_at] = [meta.leads.indexOf("I"), meta.leads.indexOf("II")];
  for (let lead = meta.leads.length; lead < leads.length; lead++) {
    const rule = RULES[leads[lead]!]!;
    for (let k = 0; k < n; k++) samples[lead * n + k] = derive(rule, packet.samples[i_at * n + k]!, packet.samples[ii_at * n + k]!);
  }
  return { ...packet, lead_count: leads.length, samples, leads_unusable: spread(packet.leads_unusable, i_at, ii_at, meta.leads.length, leads.length) };
}

function derive(rule: Rule, i: number, ii: number): number {
  return i === MISSING || ii === MISSING ? MISSING : Math.max(-32767, Math.min(32767, Math.round(rule(i, ii))));
}

/** A derived lead is no better than the two it comes from. */
function spread(bits: number, i_at: number, ii_at: number, given: number, all: number): number {
  const bad = ((bits >> i_at) | (bits >> ii_at)) & 1;
  let spread_bits = bits;
  for (let lead = given; lead < all; lead++) spread_bits |= bad << lead;
  return spread_bits;
}
