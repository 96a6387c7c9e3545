/** The colours of ECG paper and trace: the usual ones, and stronger ones for who asks the system for more contrast. */

export const CONTRASTS = ["usual", "more"] as const;
export type Contrast = (typeof CONTRASTS)[number];

export interface Inks {
  paper: string;
  /** Lines of each millimetre and of each fifth; faint on purpose. */
  fine: string;
  bold: string;
  trace: string;
  /** Width of the trace in CSS pixels. */
  trace_css_px: number;
}

export const INKS: Record<Contrast, Inks> = {
  usual: { paper: "#fff5f3", fine: "#f9dcd8", bold: "#efb0a8", trace: "#14232d", trace_css_px: 1.3 },
  more: { paper: "#ffffff", fine: "#f2cfc9", bold: "#c9736a", trace: "#000000", trace_css_px: 2 },
};
