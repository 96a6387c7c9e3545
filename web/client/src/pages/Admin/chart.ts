/** Drawing curves with uPlot, which is loaded only when a session is opened. */

import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { clock } from "../../words/format";
import type { FigureName, Point } from "./figures";

export interface ChartWish {
  names: readonly FigureName[];
  height_px: number;
  limit: number | null;
  /** The least value at the upper edge, so that a quiet line is not blown up. */
  top: number;
  /** The time axis below, on the last of several charts. */
  time: boolean;
}

const INK = "#14232d";
const BRAND = "#0a6570";
const INK2 = "#4a5c67";
const LIMIT = "#8a6a00";
const GRID = "#e6ecf0";
const FONT = '12px "Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif';
const SYNC = "session";

/** One chart in an element; it grows and shrinks with its data and its place. */
export class Chart {
  private readonly plot: uPlot;

  constructor(
    private readonly place: HTMLElement,
    private readonly wish: ChartWish,
    points: readonly Point[],
  ) {
    this.plot = new uPlot(this.options(), columns(points, wish), place);
  }

  show(points: readonly Point[]): void {
    this.plot.setData(columns(points, this.wish));
  }

  fit(): void {
    this.plot.setSize({ width: this.place.clientWidth, height: this.wish.height_px });
  }

  close(): void {
    this.plot.destroy();
  }

  private options(): uPlot.Options {
    const { names, limit, top, time, height_px: height } = this.wish;
    const line = { width: 1.6, spanGaps: false, points: { show: false } };
    return {
      width: this.place.clientWidth,
      height,
      padding: [6, 4, time ? 0 : 7, 0],
      legend: { show: false },
      cursor: { sync: { key: SYNC }, drag: { x: false, y: false }, y: false, points: { size: 6 } },
      scales: { y: { range: (_plot, _low, high) => [0, Math.max(top, (high ?? 0) * 1.08)] } },
      axes: [
        { show: time, stroke: INK2, font: FONT, size: 22, gap: 2, space: 70, grid: { stroke: GRID }, ticks: { show: false }, values: (_plot, at) => at.map((second) => clock(second * 1000)) },
        { stroke: INK2, font: FONT, size: 38, gap: 4, space: 24, grid: { stroke: GRID }, ticks: { show: false } },
      ],
      series: [
        {},
        ...names.map((_name, i) => ({ ...line, stroke: i === 0 ? BRAND : INK, dash: i === 0 ? [] : [2, 2] })),
        ...(limit === null ? [] : [{ ...line, stroke: LIMIT, width: 1, dash: [4, 3] }]),
      ],
    };
  }
}

function columns(points: readonly Point[], { names, limit }: ChartWish): uPlot.AlignedData {
  return [
    points.map((point) => point.at_ms / 1000),
    ...names.map((name) => points.map((point) => point[name])),
    ...(limit === null ? [] : [points.map(() => limit)]),
  ];
}
